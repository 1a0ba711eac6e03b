// Layers of units joined by weights. Width is magnitude, colour is sign, dashes mark negative weights.

import { h, number } from "./dom.js";
import { surface, painter, largest } from "./pixels.js";

const LINES = 700; // more weights than that are a grey mist: the largest ones are drawn

export function network(spec, context) {
  const { canvas, fit } = surface({ role: "img", "aria-label": spec.title || "Network" });
  const tip = h("div", { class: "pn-tip", hidden: true });
  const element = h("div", { class: "pn-layers" }, canvas, tip);
  const paint = painter(context.root);
  let lines = [];

  function draw(frame, { width, height, em }) {
    const weights = spec.weights.map((name) => frame[name]);
    const sizes = [weights[0].shape[0], ...weights.map((w) => w.shape[1])];
    const head = spec.labels ? 1.4 * em : 0;
    const unit = Math.max(4, Math.min(2.8 * em, (height - head) / Math.max(...sizes) - 4));
    const x = (layer) => unit / 2 + 4 + (layer * (width - unit - 8)) / (sizes.length - 1);
    const y = (layer, i) => head + (height - head) * ((i + 0.5) / sizes[layer]);
    const pen = fit(width, height);
    const style = getComputedStyle(context.root);
    const token = (name) => style.getPropertyValue(`--pn-${name}`);
    lines = weights.flatMap((w, layer) => joined(w, layer, x, y));
    lines.sort((a, b) => a.size - b.size);
    for (const line of lines) drawLine(pen, line, em, token);
    sizes.forEach((count, layer) => {
      for (let i = 0; i < count; i++) drawUnit(pen, frame, layer, i, x(layer), y(layer, i), unit, token);
      if (!spec.labels) return;
      pen.fillStyle = token("soft");
      pen.font = `${0.8 * em}px ${style.fontFamily}`;
      pen.textAlign = layer === 0 ? "left" : layer === sizes.length - 1 ? "right" : "center";
      pen.fillText(spec.labels[layer] ?? "", x(layer) + (layer === 0 ? -unit / 2 : layer === sizes.length - 1 ? unit / 2 : 0), em);
    });
  }

  function joined({ shape, data }, layer, x, y) {
    const most = largest(data);
    const least = data.length > LINES ? [...data].map(Math.abs).sort((a, b) => b - a)[LINES] : 0;
    const out = [];
    data.forEach((value, k) => {
      const [i, j] = [Math.floor(k / shape[1]), k % shape[1]];
      if (Math.abs(value) >= least) out.push({ value, size: Math.abs(value) / most, from: [x(layer), y(layer, i)], to: [x(layer + 1), y(layer + 1, j)], words: `weight ${i + 1} → ${j + 1} of layer ${layer + 1}: ${number(value)}` });
    });
    return out;
  }

  function drawLine(pen, { value, size, from, to }, em, token) {
    const middle = (from[0] + to[0]) / 2;
    pen.strokeStyle = token(value < 0 ? "below" : "above");
    pen.globalAlpha = 0.25 + 0.75 * size;
    pen.lineWidth = 0.6 + 0.26 * em * size;
    pen.setLineDash(value < 0 ? [0.5 * em, 0.3 * em] : []);
    pen.beginPath();
    pen.moveTo(...from);
    pen.bezierCurveTo(middle, from[1], middle, to[1], ...to);
    pen.stroke();
    pen.globalAlpha = 1;
    pen.setLineDash([]);
  }

  function drawUnit(pen, frame, layer, i, x, y, size, token) {
    const map = spec.maps?.[layer] ? frame[spec.maps[layer]] : null;
    const activation = spec.activations?.[layer] ? frame[spec.activations[layer]] : null;
    const [left, top] = [x - size / 2, y - size / 2];
    pen.fillStyle = token("panel");
    pen.strokeStyle = token("line");
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.roundRect(left, top, size, size, map ? 3 : size / 2);
    pen.fill();
    if (map) {
      const [, rows, columns] = map.shape;
      paint(pen, map.data.subarray(i * rows * columns, (i + 1) * rows * columns), rows, columns, largest(map.data), [left, top, size, size]);
    }
    pen.beginPath(); // the map drew paths of its own
    pen.roundRect(left, top, size, size, map ? 3 : size / 2);
    pen.stroke();
    if (activation && size > 18) {
      pen.fillStyle = token("ink");
      const words = number(activation.data[i], 2);
      const font = (height) => `600 ${height}px ${getComputedStyle(context.root).fontFamily}`;
      pen.font = font(size * 0.32);
      const wide = pen.measureText(words).width;
      if (wide > 0.88 * size) pen.font = font((size * 0.32 * 0.88 * size) / wide); // −0.0045 stays inside its unit
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(words, x, y);
      pen.textBaseline = "alphabetic";
    }
  }

  // Hovering names the nearest weight.
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let best = null;
    for (const line of lines) {
      const t = (px - line.from[0]) / (line.to[0] - line.from[0]);
      if (t < 0 || t > 1) continue;
      const away = Math.abs(py - (line.from[1] + (3 * t * t - 2 * t * t * t) * (line.to[1] - line.from[1])));
      if (away < 8 && (!best || away < best.away)) best = { away, line };
    }
    tip.hidden = !best;
    if (!best) return;
    tip.textContent = best.line.words;
    Object.assign(tip.style, { left: `${Math.min(px + 12, box.width * 0.6)}px`, top: `${py + 12}px` });
  });
  canvas.addEventListener("pointerleave", () => (tip.hidden = true));

  function describe(frame) {
    return spec.weights.map((name, layer) => {
      const { shape, data } = frame[name];
      return `layer ${layer + 1}: ${shape[0]} by ${shape[1]} weights from ${number(Math.min(...data))} to ${number(Math.max(...data))}`;
    }).join("; ");
  }
  return { element, draw, describe };
}
