// Elements, numbers and words: what every other module draws with.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// h("button", {class: "pn-button", onclick: play}, "Play")
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

// An id that no other demo of the page has: a slide that is not shown would take its clip or its gradient with it. Each
// widget may load this module anew, so that a count alone would not do.
const own = Math.random().toString(36).slice(2, 10);
let ids = 0;

export function freshId(kind) {
  return `pn-${kind}-${own}-${(ids += 1)}`;
}

// Text in an SVG, centred on (x, y) unless `anchor` says start or end.
export function label(x, y, words, attributes = {}) {
  const { anchor = "middle", ...rest } = attributes;
  return svg("text", { x, y, "text-anchor": anchor, "dominant-baseline": "central", ...rest }, String(words));
}

// The same four significant digits that Python's words.number writes.
export function number(x, digits = 4) {
  if (x === null || x === undefined) return "";
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const size = Math.abs(Number(x.toPrecision(digits)));
  const words = size >= 1e6 || size < 1e-4 ? exponential(x, digits) : String(Number(x.toPrecision(digits)));
  return words.replaceAll("-", "−");
}

function exponential(x, digits) {
  const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
  return `${Number(mantissa)}e${Number(exponent)}`;
}

// Call `act` when a field's text is entered: on Enter too, since JupyterLab keeps that key from making a change event.
export function onCommit(field, act) {
  let last = field.value;
  const commit = () => {
    if (field.value === last) return;
    last = field.value;
    act();
  };
  field.addEventListener("focus", () => (last = field.value));
  field.addEventListener("change", commit);
  field.addEventListener("keydown", (event) => event.key === "Enter" && commit());
}

export function clamp(x, low, high) {
  return Math.min(Math.max(x, low), high);
}

export function fontSize(element) {
  return parseFloat(getComputedStyle(element).fontSize) || 16;
}

// Width of a text in em, near enough for boxes: measuring in the browser would force a layout for each node.
export function textWidth(words) {
  let width = 0;
  for (const letter of String(words)) width += /[ilj.,:;'()| ]/.test(letter) ? 0.38 : /[mwMW@∂×]/.test(letter) ? 0.82 : 0.62;
  return width;
}

// An icon in a 24 x 24 box: drawn, since emoji glyphs come out as boxes on machines without the font.
export function icon(path) {
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "pn-icon" }, svg("path", { d: path }));
}

export const ICONS = {
  play: "M7 4v16l13-8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  next: "M5 4v16l10-8zM16 4h3v16h-3z",
  back: "M19 4v16L9 12zM5 4h3v16H5z",
  first: "M21 4v16l-8-8zM13 4v16l-8-8zM2 4h3v16H2z",
  last: "M3 4v16l8-8zM11 4v16l8-8zM19 4h3v16h-3z",
  full: "M3 3h7v3H6v4H3zM14 3h7v7h-3V6h-4zM3 14h3v4h4v3H3zM18 14h3v7h-7v-3h4z",
};
