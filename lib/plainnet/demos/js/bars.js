// Bars of a vector, and histograms.

import { svg, label, number, textWidth } from "./dom.js";
import { axes, rangeOf } from "./axes.js";
import { seriesColour } from "./theme.js";

export function bars(spec, context) {
  const element = svg("svg", { role: "img", "aria-label": spec.title || spec.y });
  const names = (data) => spec.labels ?? Array.from(data, (_, k) => String(k));

  function draw(frame, { width, height, em }) {
    const { data } = frame[spec.of];
    const marked = spec.highlight === undefined ? -1 : frame[spec.highlight];
    const base = spec.log ? rangeOf([data], true)[0] : 0;
    const tall = data.length <= 12; // room for the numbers
    const top = tall && spec.y_range ? 1.2 * em : 0; // a fixed range leaves no air of its own for the highest number
    const range = spec.y_range ?? (spec.log ? rangeOf([data], true) : withZero(rangeOf([data]), tall ? 0.12 : 0));
    const { sy, box, group } = axes({ width, height, em, x: { range: [0, 1], names: names(data) }, y: { range, log: spec.log, label: spec.y }, top });
    const room = (box.right - box.left) / data.length;
    data.forEach((value, k) => {
      const [from, to] = [sy(base), sy(Number.isFinite(value) ? value : base)];
      const x = box.left + (k + 0.12) * room;
      group.append(
        svg("rect", { x, y: Math.min(from, to), width: 0.76 * room, height: Math.abs(from - to) || 0, class: k === marked ? "pn-bar pn-marked" : "pn-bar", fill: seriesColour(k === marked ? 1 : 0) }));
      if (tall || !Number.isFinite(value)) {
        const words = fitting(value, ((k === marked ? 1.5 : 1) * room) / (0.8 * em));
        if (words) group.append(label(x + 0.38 * room, value < 0 ? to + 0.6 * em : to - 0.55 * em, words, { "font-weight": k === marked ? 700 : 400 }));
      }
    });
    element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    element.replaceChildren(group);
  }

  function describe(frame) {
    const { data } = frame[spec.of];
    return names(data).slice(0, 20).map((name, k) => `${name} ${number(data[k], 3)}`).join(", ");
  }
  return { element, draw, describe };
}

export function histogram(spec, context) {
  const element = svg("svg", { role: "img", "aria-label": spec.title || `${spec.y} of ${spec.x}` });

  function draw(frame, { width, height, em }) {
    const [counts, edges] = [frame[spec.counts].data, frame[spec.edges].data];
    const x = { range: [edges[0], edges.at(-1)], label: spec.x };
    const { sx, sy, box, group } = axes({ width, height, em, x, y: { range: [0, Math.max(1, ...counts) * 1.05], label: spec.y } });
    counts.forEach((count, k) => group.append(
      svg("rect", { x: sx(edges[k]), y: sy(count), width: Math.max(0.5, sx(edges[k + 1]) - sx(edges[k]) - 1), height: box.bottom - sy(count), fill: seriesColour(0), class: "pn-bar" })));
    element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    element.replaceChildren(group);
  }

  function describe(frame) {
    const [counts, edges] = [frame[spec.counts].data, frame[spec.edges].data];
    const top = counts.indexOf(Math.max(...counts));
    return `${number(counts.reduce((a, b) => a + b, 0))} in all from ${number(edges[0])} to ${number(edges.at(-1))}; most, ${number(counts[top])}, between ${number(edges[top])} and ${number(edges[top + 1])}`;
  }
  return { element, draw, describe };
}

// As many digits as fit into `width` em; a value too small to show is left out, its bar says so.
function fitting(value, width) {
  if (!Number.isFinite(value)) return number(value);
  for (const digits of [3, 2, 1]) {
    const words = number(value, digits);
    if (textWidth(words) <= width && !words.includes("e")) return words;
  }
  return "";
}

// Zero stays in sight; `air` is the share above and below for numbers at the ends of the bars.
function withZero([low, high], air) {
  const size = Math.max(high, 0) - Math.min(low, 0);
  return [low < 0 ? low - air * size : 0, high > 0 ? high + air * size : 0];
}
