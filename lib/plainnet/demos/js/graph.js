// A computational graph: boxes with value and gradient, arrows that show what flows.

import { h, svg, label, textWidth } from "./dom.js";

const MARGIN = 0.8; // em: the badges stand out over the boxes

// Positions come from Python, in em (plainnet.layout); a small window scales the whole graph down.
export function graph(spec, context) {
  const picture = svg("svg", { class: "pn-graph-svg", role: "img", "aria-label": spec.title || "Computational graph" });
  const key = [["value", "value"], ["grad", spec.key || "gradient"], ["open", "gradient so far"], ["now", "now"]];
  const legend = h("p", { class: "pn-key", "aria-hidden": "true" }, key.map(([kind, words]) => h("span", { class: `pn-key-${kind}` }, words)));
  const element = h("div", { class: "pn-graph-box" }, legend, picture);

  function draw(frame, { width, height: whole, em: letter }) {
    const height = whole - legend.offsetHeight;
    const nodes = frame[spec.nodes];
    const right = Math.max(...nodes.map((n) => n.x + n.w / 2)) + 2 * MARGIN;
    const bottom = Math.max(...nodes.map((n) => n.y + n.h / 2)) + 2 * MARGIN;
    const em = Math.min(letter * 1.6, width / right, height / bottom);
    picture.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${right} ${bottom}`);
    picture.style.width = `${right * em}px`;
    picture.style.height = `${bottom * em}px`;
    const flows = spec.contributions ? frame[spec.contributions] : null;
    const arrows = frame[spec.edges].map((edge, k) => arrow(edge, flows?.[k] ?? ""));
    const chips = frame[spec.edges].map((edge, k) => chip(edge, flows?.[k] ?? ""));
    const boxes = nodes.map((node, i) => box(node, i, frame));
    picture.replaceChildren(...arrows, ...boxes, ...chips.filter(Boolean));
  }

  function box(node, i, frame) {
    const value = frame[spec.values]?.[i] ?? "";
    const grad = frame[spec.grads]?.[i] ?? "";
    const state = frame[spec.state]?.[i] ?? "";
    const { x, y, w, h } = node;
    const [left, top] = [x - w / 2, y - h / 2];
    const group = svg("g", { class: `pn-node pn-${state || "idle"}`, "data-node": node.name }, svg("rect", { x: left, y: top, width: w, height: h, rx: 0.35, class: "pn-box" }));
    if (node.constant) group.append(cell(left, top, w, h, node.name, "value"));
    else {
      group.append(
        label(x, top + h / 4, node.label, { class: "pn-node-name", ...fit(node.label, w) }),
        cell(left, y, w / 2, h / 2, value, "value"), cell(x, y, w / 2, h / 2, grad, "grad"));
    }
    group.append(svg("rect", { x: left, y: top, width: w, height: h, rx: 0.35, class: "pn-outline" }));
    const badge = frame[spec.badges]?.[i];
    if (badge) {
      group.append(svg("circle", { cx: left + w, cy: top, r: 0.72, class: "pn-badge" }), label(left + w, top, badge, { class: "pn-badge-words" }));
    }
    return group;
  }

  function cell(x, y, w, h, words, kind) {
    return svg("g", {},
      svg("rect", { x, y, width: w, height: h, class: words === "" ? "pn-empty" : `pn-${kind}-cell` }),
      label(x + w / 2, y + h / 2, words, { class: `pn-${kind}`, ...fit(words, w) }));
  }

  function describe(frame) {
    const words = frame[spec.nodes].map((node, i) => {
      const grad = frame[spec.grads]?.[i];
      const value = frame[spec.values]?.[i] || "not computed yet";
      const badge = frame[spec.badges]?.[i];
      return `${node.label}: ${value}${grad ? `, gradient ${grad}` : ""}${badge ? `, visits ${badge}` : ""}`;
    });
    return `${words.join("; ")}.`;
  }
  return { element, draw, describe };
}

// Shrink words that are wider than their cell; they are bold, a tenth wider than others.
function fit(words, width) {
  const size = Math.min(1, (width - 0.4) / Math.max(1.1 * textWidth(words), 0.1));
  return { "font-size": size.toFixed(3) };
}

function pathOf(points) {
  let [x, y] = points[0];
  let path = `M${x} ${y}`;
  for (const [endX, endY] of points.slice(1)) {
    const middle = (x + endX) / 2;
    path += `C${middle} ${y} ${middle} ${endY} ${endX} ${endY}`;
    [x, y] = [endX, endY];
  }
  return path;
}

// Values run along an arrow (flow "→"); gradients run against it, with their size in words.
function arrow(edge, flow) {
  const kind = flow === "" ? "pn-still" : flow === "→" ? "pn-forward" : "pn-backward";
  const points = edge.points;
  const [x, y] = points.at(-1);
  const [startX, startY] = points[0];
  const head = kind === "pn-backward" ? `M${startX} ${startY}l0.55 -0.32v0.64z` : `M${x} ${y}l-0.55 -0.32v0.64z`;
  return svg("g", { class: `pn-arrow ${kind}` }, svg("path", { d: pathOf(points), class: "pn-wire" }), svg("path", { d: head, class: "pn-head-mark" }));
}

function chip(edge, flow) {
  if (flow === "" || flow === "→") return null;
  const [x, y] = edge.chip;
  const width = textWidth(flow) + 0.5;
  return svg("g", { class: "pn-chip" },
    svg("rect", { x: x - width / 2, y: y - 0.62, width, height: 1.24, rx: 0.3 }), label(x, y, flow, {}));
}
