// The entry of a standalone page: the recorded variants stand in the page itself. An address that ends in "#" and the
// title of one of them opens it there.

import { h } from "./dom.js";
import { fromBase64 } from "./data.js";
import { mount } from "./stage.js";
import { recordedLink } from "./link.js";

export function start() {
  const { config, variants } = JSON.parse(document.getElementById("plainnet-demo").textContent);
  const root = h("main", { class: "pn-page" });
  document.body.append(root);
  const wanted = decodeURIComponent(location.hash.slice(1));
  const first = variants.find((v) => v.header.title === wanted) ?? variants[0];
  for (const control of config.controls) control.value = first.values[control.name];
  window.plainnetDemo = mount(root, config, first.header, fromBase64(first.data), (listener) => recordedLink(variants, listener), { keys: document, level: 1 });
}
