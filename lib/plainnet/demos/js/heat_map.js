// Arrays as colours: one map, which the audience may draw on, or a grid of images.

import { h, svg, label, number, clamp, freshId, textWidth } from "./dom.js";
import { surface, painter, largest } from "./pixels.js";

export function heat_map(spec, context) {
  const { canvas, fit } = surface({ role: "img", "aria-label": spec.title || spec.of });
  const overlay = svg("svg", { "aria-hidden": "true", class: "pn-overlay" });
  const element = h("div", { class: "pn-layers" }, canvas, overlay);
  const paint = painter(context.root, { grey: spec.grey });
  const gradient = freshId("bar");
  let place = null; // where the array stands: [left, top, size of a cell]
  let drawing = null; // what the audience draws, ahead of the kernel's answer
  let sent = null;
  const cursor = spec.edit && context.editable(spec.edit) ? drawingCursor() : null;

  function draw(frame, { width, height, em }) {
    const { shape, data: seen } = frame[spec.of];
    if (context.values[spec.edit] !== sent) drawing = null; // a preset took its place
    const data = drawing ?? seen;
    const [rows, columns] = shape.slice(-2);
    const foot = (spec.x ? 1.3 : 0) * em + (spec.grey ? 0 : 1.5 * em);
    const side = spec.y ? 1.5 * em : 0;
    const cell = Math.min((width - 2 - side) / columns, (height - 2 - foot) / rows);
    const [left, top] = [side + (width - side - cell * columns) / 2, (height - foot - cell * rows) / 2];
    place = [left, top, cell, rows, columns];
    const limit = spec.limit ?? largest(data);
    paint(fit(width, height), data, rows, columns, limit, [left, top, cell * columns, cell * rows]);
    overlay.setAttribute("viewBox", `0 0 ${width} ${height}`);
    overlay.replaceChildren(
      svg("rect", { x: left, y: top, width: cell * columns, height: cell * rows, class: "pn-map-edge" }),
      spec.highlight === undefined ? "" : windowFrame(frame[spec.highlight]),
      spec.x ? label(left + (cell * columns) / 2, top + cell * rows + 0.75 * em, spec.x, { "font-size": 0.8 * em }) : "",
      spec.y ? upright(spec.y, left - 0.8 * em, top + (cell * rows) / 2, cell * rows, 0.8 * em) : "",
      spec.grey ? "" : colourBar(left, top + cell * rows + (spec.x ? 1.5 : 0.4) * em, cell * columns, limit, em, gradient));
    cursor?.draw();
  }

  function windowFrame(window) {
    if (!window) return "";
    const [left, top, cell] = place;
    const [row, column, height, width] = window.data;
    return svg("rect", { x: left + column * cell, y: top + row * cell, width: width * cell, height: height * cell, class: "pn-window" });
  }

  // The pointer paints; with the keys, arrows move a cell and Space or Enter paints it.
  function drawingCursor() {
    let at = null;
    let painting = null; // the value that this stroke paints
    Object.entries({ tabindex: 0, role: "application", "aria-label": `${spec.title || "Drawing"}. Arrow keys move, Space paints or clears a cell, Delete clears all.` })
      .forEach(([name, value]) => canvas.setAttribute(name, value));
    canvas.dataset.keys = "own";
    canvas.classList.add("pn-drawing");
    const start = () => (drawing ??= Float32Array.from(context.values[spec.edit].flat()));
    const send = () => {
      const [, , , rows, columns] = place;
      sent = Array.from({ length: rows }, (_, r) => Array.from(drawing.subarray(r * columns, (r + 1) * columns)));
      context.edit(spec.edit, sent);
    };
    const put = ([row, column], value) => {
      start()[row * place[4] + column] = value;
      send();
      context.redraw();
    };
    const cellAt = (event) => {
      const { left, top } = canvas.getBoundingClientRect();
      return [Math.floor((event.clientY - top - place[1]) / place[2]), Math.floor((event.clientX - left - place[0]) / place[2])];
    };
    const inside = ([row, column]) => row >= 0 && column >= 0 && row < place[3] && column < place[4];
    canvas.addEventListener("pointerdown", (event) => {
      const cell = cellAt(event);
      if (!inside(cell)) return;
      canvas.setPointerCapture(event.pointerId);
      painting = start()[cell[0] * place[4] + cell[1]] > 0 ? 0 : 1;
      put(cell, painting);
    });
    canvas.addEventListener("pointermove", (event) => painting !== null && inside(cellAt(event)) && put(cellAt(event), painting));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (painting = null));
    canvas.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
      at ??= [Math.floor(place[3] / 2), Math.floor(place[4] / 2)];
      if (moves[event.key]) at = [clamp(at[0] + moves[event.key][0], 0, place[3] - 1), clamp(at[1] + moves[event.key][1], 0, place[4] - 1)];
      else if (event.key === " " || event.key === "Enter") put(at, start()[at[0] * place[4] + at[1]] > 0 ? 0 : 1);
      else if (event.key === "Delete") {
        start().fill(0);
        send();
      } else return;
      event.preventDefault();
      event.stopPropagation();
      context.redraw();
    });
    return {
      draw() {
        if (!at) return;
        const [left, top, cell] = place;
        overlay.append(svg("rect", { x: left + at[1] * cell, y: top + at[0] * cell, width: cell, height: cell, class: "pn-cursor" }));
      },
    };
  }

  function describe(frame) {
    const { shape, data } = frame[spec.of];
    return `${shape.join(" by ")} numbers from ${number(Math.min(...data))} to ${number(Math.max(...data))}`;
  }
  return { element, draw, describe };
}

// A label that reads upwards beside the map, in letters small enough for its height.
function upright(words, x, y, room, size) {
  return label(x, y, words, { "font-size": size * Math.min(1, room / (textWidth(words) * size)), transform: `rotate(-90 ${x} ${y})` });
}

// −limit .. 0 .. limit, in the colours of the map.
function colourBar(left, top, width, limit, em, id) {
  const stops = ["var(--pn-below)", "var(--pn-paper)", "var(--pn-above)"];
  const size = 0.75 * em;
  const [from, to] = [left + 3.5 * size, left + width - 3.5 * size];
  return svg("g", { "font-size": size },
    svg("linearGradient", { id }, stops.map((colour, k) => svg("stop", { offset: k / 2, style: `stop-color: ${colour}` }))),
    svg("rect", { x: from, y: top, width: Math.max(0, to - from), height: 0.8 * em, fill: `url(#${id})`, class: "pn-colour-bar" }),
    label(from - 0.4 * size, top + 0.4 * em, number(-limit, 2), { anchor: "end" }), label(to + 0.4 * size, top + 0.4 * em, number(limit, 2), { anchor: "start" }));
}

export function image_grid(spec, context) {
  const { canvas, fit } = surface({ role: "img", "aria-label": spec.title || spec.of });
  const overlay = svg("svg", { "aria-hidden": "true", class: "pn-overlay" });
  const element = h("div", { class: "pn-layers" }, canvas, overlay);
  const paint = painter(context.root, { grey: spec.grey });
  const words = (frame) => (typeof spec.labels === "string" ? frame[spec.labels] : spec.labels) ?? [];

  function draw(frame, { width, height, em }) {
    const { shape: [count, rows, columns], data } = frame[spec.of];
    const labels = words(frame);
    const head = labels.length ? 1.2 * em : 0;
    const across = spec.columns ?? bestColumns(count, rows, columns, width, height, head);
    const down = Math.ceil(count / across);
    const cell = Math.min((width / across - 0.4 * em) / columns, (height / down - 0.4 * em - head) / rows);
    const limit = spec.limit ?? largest(data);
    const pen = fit(width, height);
    const [roomX, roomY] = [columns * cell + 0.4 * em, rows * cell + 0.4 * em + head];
    const [left, top] = [(width - across * roomX) / 2, (height - down * roomY) / 2];
    overlay.setAttribute("viewBox", `0 0 ${width} ${height}`);
    overlay.replaceChildren();
    for (let k = 0; k < count; k++) {
      const [x, y] = [left + (k % across) * roomX + 0.2 * em, top + Math.floor(k / across) * roomY + head];
      paint(pen, data.subarray(k * rows * columns, (k + 1) * rows * columns), rows, columns, limit, [x, y, columns * cell, rows * cell]);
      overlay.append(svg("rect", { x, y, width: columns * cell, height: rows * cell, class: "pn-map-edge" }));
      if (labels[k]) overlay.append(label(x + (columns * cell) / 2, y - 0.6 * em, labels[k], { "font-size": 0.8 * em }));
    }
  }

  function describe(frame) {
    const { shape } = frame[spec.of];
    return `${shape[0]} images of ${shape[1]} by ${shape[2]}${words(frame).length ? `: ${words(frame).join(", ")}` : ""}`;
  }
  return { element, draw, describe };
}

// The number of columns that makes the images largest.
function bestColumns(count, rows, columns, width, height, head) {
  let [best, size] = [1, 0];
  for (let across = 1; across <= count; across++) {
    const cell = Math.min(width / across / columns, (height / Math.ceil(count / across) - head) / rows);
    if (cell > size) [best, size] = [across, cell];
  }
  return best;
}
