// The entry of a notebook: anywidget calls `render` with the model that the kernel keeps.

import { h } from "./dom.js";
import { mount } from "./stage.js";
import { kernelLink } from "./link.js";

export function render({ model, el }) {
  const root = h("div", { class: "pn-notebook" });
  el.append(root);
  const demo = mount(root, model.get("config"), model.get("header"), model.get("data"), (listener) => kernelLink(model, listener));
  return () => demo.close();
}
