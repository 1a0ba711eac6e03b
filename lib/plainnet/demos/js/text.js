// Lines of code with the one that runs, and tables of words.

import { h } from "./dom.js";

export function listing(spec) {
  const element = h("ol", { class: "pn-listing", "aria-label": spec.title || "Code" });
  function draw(frame) {
    const active = spec.active === undefined ? -1 : frame[spec.active];
    element.replaceChildren(...frame[spec.lines].map((line, k) =>
      h("li", { class: k === active ? "pn-now" : "", "aria-current": k === active ? "step" : null }, h("code", {}, line))));
  }
  const describe = (frame) => {
    const active = spec.active === undefined ? undefined : frame[spec.active];
    return active === undefined || active < 0 ? "" : `now at line ${active + 1}: ${frame[spec.lines][active].trim()}`;
  };
  return { element, draw, describe, words: true }; // as high as its words
}

export function table(spec) {
  const body = h("tbody", {});
  const element = h("table", { class: "pn-table" }, h("thead", {}, h("tr", {}, spec.columns.map((c) => h("th", { scope: "col" }, c)))), body);
  function draw(frame) {
    const marked = spec.highlight === undefined ? -1 : frame[spec.highlight];
    body.replaceChildren(...frame[spec.rows].map((row, k) =>
      h("tr", { class: k === marked ? "pn-now" : "" }, row.map((cell, c) => (c ? h("td", {}, cell ?? "") : h("th", { scope: "row" }, cell))))));
  }
  const describe = (frame) => frame[spec.rows].map((row) => row.map((cell, c) => `${spec.columns[c]} ${cell || "not yet"}`).join(", ")).join("; ");
  return { element, draw, describe, words: true }; // as high as its words
}
