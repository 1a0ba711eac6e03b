// Axes with lines, points and fields; the audience may add points by click or by keys.

import { h, svg, number, clamp, freshId } from "./dom.js";
import { axes, rangeOf, linePath, dot } from "./axes.js";
import { surface, painter, largest } from "./pixels.js";
import { seriesColour, DASHES } from "./theme.js";

export function plot(spec, context) {
  const { canvas, fit } = surface({ "aria-hidden": "true" });
  const picture = svg("svg", { role: "img", "aria-label": spec.title || `${spec.y} against ${spec.x}` });
  const element = h("div", { class: "pn-layers" }, canvas, picture);
  const paint = painter(context.root);
  const styles = spec.marks.map((mark, k) => ({ colour: seriesColour(mark.colour ?? k), dash: DASHES[(mark.colour ?? k) % DASHES.length] }));
  const clip = freshId("clip");
  let scales = null;
  const cursor = spec.click && context.editable(spec.click) ? pointCursor() : null;

  function draw(frame, { width, height, em }) {
    const range = (given, names, column, log) => given ?? rangeOf(names.map((m) => coordinates(m, frame, column)), log);
    const fields = spec.marks.filter((m) => m.mark === "field");
    const x = { range: spec.x_range ?? fields[0]?.x_range ?? range(null, spec.marks, 0, spec.x_log), log: spec.x_log, label: spec.x };
    const y = { range: spec.y_range ?? fields[0]?.y_range ?? range(null, spec.marks, 1, spec.y_log), log: spec.y_log, label: spec.y };
    const entries = spec.marks.map((m, k) => ({ words: m.label, ...styles[k], dot: m.mark === "points" ? (m.colour ?? k) + 1 : 0 })).filter((e) => e.words);
    const { sx, sy, box, group } = axes({ width, height, em, x, y, entries });
    scales = { box, x: x.range, y: y.range, sx, sy, em };
    const pen = fit(width, height);
    for (const mark of fields) drawField(pen, mark, frame, sx, sy);
    const inside = svg("g", { "clip-path": `url(#${clip})` });
    spec.marks.forEach((mark, k) => inside.append(...drawMark(mark, frame, styles[k], sx, sy, em)));
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.replaceChildren(
      svg("clipPath", { id: clip }, svg("rect", { x: box.left, y: box.top, width: Math.max(0, box.right - box.left), height: Math.max(0, box.bottom - box.top) })),
      group, inside);
    cursor?.draw();
  }

  function drawField(pen, mark, frame, sx, sy) {
    const { shape, data } = frame[mark.z];
    const [left, right, top, bottom] = [sx(mark.x_range[0]), sx(mark.x_range[1]), sy(mark.y_range[1]), sy(mark.y_range[0])];
    pen.globalAlpha = 0.75;
    paint(pen, data, shape[0], shape[1], mark.limit ?? largest(data), [left, top, right - left, bottom - top]);
    pen.globalAlpha = 1;
  }

  function drawMark(mark, frame, style, sx, sy, em) {
    if (mark.mark === "line") {
      const d = linePath(frame[mark.x].data, frame[mark.y].data, sx, sy);
      return [svg("path", { d, stroke: style.colour, "stroke-dasharray": style.dash, class: "pn-series" })];
    }
    if (mark.mark !== "points") return [];
    const { data } = frame[mark.xy];
    const classes = mark.classes ? frame[mark.classes].data : null;
    const own = spec.marks.indexOf(mark);
    const groups = new Map(); // one path per class: thousands of points stay fast
    for (let k = 0; k < data.length / 2; k++) {
      const kind = classes ? classes[k] : mark.colour ?? own;
      const [x, y] = [sx(data[2 * k]), sy(data[2 * k + 1])];
      if (Number.isFinite(x) && Number.isFinite(y)) groups.set(kind, (groups.get(kind) ?? "") + dot(kind, x, y, 0.3 * em * (mark.size ?? 1)));
    }
    return [...groups].map(([kind, d]) => svg("path", { d, fill: seriesColour(kind), class: "pn-dot" }));
  }

  // Adding points: a click, or the cursor keys and Enter; Backspace takes the last one back.
  function pointCursor() {
    let at = null;
    const cross = svg("path", { class: "pn-cross" });
    picture.setAttribute("tabindex", "0");
    picture.setAttribute("role", "application");
    picture.dataset.keys = "own";
    picture.setAttribute("aria-label", `${spec.title || "Plot"}. Arrow keys move a cross, Enter adds a point there, Backspace removes the last one.`);
    const add = (x, y) => context.edit(spec.click, [...context.values[spec.click], [Number(x.toPrecision(4)), Number(y.toPrecision(4)), Number(context.values[spec.click_class] ?? 0)]]);
    picture.addEventListener("click", (event) => {
      const { left, top } = picture.getBoundingClientRect();
      const { box, x, y } = scales;
      const [u, v] = [(event.clientX - left - box.left) / (box.right - box.left), (event.clientY - top - box.top) / (box.bottom - box.top)];
      if (u >= 0 && u <= 1 && v >= 0 && v <= 1) add(x[0] + u * (x[1] - x[0]), y[1] + v * (y[0] - y[1]));
    });
    picture.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      const { x, y } = scales;
      at ??= [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
      if (moves[event.key]) {
        const [dx, dy] = moves[event.key];
        at = [clamp(at[0] + (dx * (x[1] - x[0])) / 40, ...x), clamp(at[1] + (dy * (y[1] - y[0])) / 40, ...y)];
      } else if (event.key === "Enter" || event.key === " ") add(...at);
      else if (event.key === "Backspace") context.edit(spec.click, context.values[spec.click].slice(0, -1));
      else return;
      event.preventDefault();
      event.stopPropagation();
      place();
    });
    function place() {
      if (!at) return;
      const { sx, sy, em } = scales;
      const [x, y] = [sx(at[0]), sy(at[1])];
      cross.setAttribute("d", `M${x - em} ${y}h${2 * em}M${x} ${y - em}v${2 * em}`);
      picture.append(cross);
    }
    return { draw: place };
  }

  function describe(frame) {
    return spec.marks.map((mark) => {
      if (mark.mark === "line") {
        const { data } = frame[mark.y];
        return `${mark.label || "line"} from ${number(data[0])} to ${number(data.at(-1))}`;
      }
      if (mark.mark === "points") return `${frame[mark.xy].data.length / 2} points${mark.label ? ` (${mark.label})` : ""}`;
      return "a coloured field";
    }).join("; ");
  }
  return { element, draw, describe };
}

// All x (column 0) or y (column 1) coordinates of a mark.
function coordinates(mark, frame, column) {
  if (mark.mark === "line") return frame[column ? mark.y : mark.x].data;
  if (mark.mark === "points") return frame[mark.xy].data.filter((_, k) => k % 2 === column);
  return column ? mark.y_range : mark.x_range;
}
