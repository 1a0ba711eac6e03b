// Axes with ticks, labels and units, for every part that has a scale.

import { svg, label, number, textWidth, clamp } from "./dom.js";

// Round numbers that divide low .. high into about `count` steps.
export function ticks(low, high, count) {
  const raw = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= raw * 0.999);
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) out.push(Number((k * step).toPrecision(12)));
  return out;
}

function logTicks(low, high, count) {
  const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (to - from < 1) return ticks(low, high, count).filter((t) => t > 0);
  const every = Math.max(1, Math.ceil((to - from + 1) / count));
  const out = [];
  for (let k = from; k <= to; k += every) out.push(10 ** k);
  return out;
}

// The range of all finite numbers in the arrays, with some air; logarithmic scales drop what is not above zero.
export function rangeOf(arrays, log = false) {
  let [low, high] = [Infinity, -Infinity];
  for (const array of arrays) {
    for (const x of array) {
      if (!Number.isFinite(x) || (log && x <= 0)) continue;
      if (x < low) low = x;
      if (x > high) high = x;
    }
  }
  if (low > high) return log ? [0.1, 1] : [0, 1];
  if (log) return low === high ? [low / 2, high * 2] : [low / 1.1, high * 1.1];
  const air = low === high ? Math.max(Math.abs(low), 1) * 0.5 : (high - low) * 0.05;
  return [low - air, high + air];
}

function scale([low, high], [start, end], log) {
  if (!log) return (v) => start + ((v - low) / (high - low)) * (end - start);
  return (v) => (v > 0 ? start + (Math.log(v / low) / Math.log(high / low)) * (end - start) : NaN);
}

// x and y: {range, log, label, names}. Returns the scales, the inner box and an SVG group with the axes.
// `names` puts words under equal shares of the x axis in place of numbers.
export function axes({ width, height, em, x, y, entries = [], top = 0 }) {
  const small = 0.8 * em;
  const yTicks = y.log ? logTicks(...y.range, 6) : ticks(...y.range, Math.max(2, height / (2.6 * em)));
  const yWords = yTicks.map((t) => number(t, 3));
  const left = Math.max(...yWords.map((w) => textWidth(w)), 1) * small + 0.5 * em + (y.label ? 1.3 * em : 0);
  const rows = legendRows(entries, (width - 0.8 * em - left) / small);
  const box = {
    left,
    right: width - 0.8 * em,
    top: 0.6 * em + 1.15 * em * rows.length + top,
    bottom: height - (x.label ? 2.7 : 1.5) * em,
  };
  const sx = scale(x.range, [box.left, box.right], x.log);
  const sy = scale(y.range, [box.bottom, box.top], y.log);
  const group = svg("g", { class: "pn-axes", "font-size": small });
  yTicks.forEach((t, k) => group.append(
    svg("line", { x1: box.left, x2: box.right, y1: sy(t), y2: sy(t), class: t === 0 ? "pn-zero" : "pn-grid" }),
    label(box.left - 0.35 * em, sy(t), yWords[k], { anchor: "end" })));
  if (x.names) {
    const room = (box.right - box.left) / x.names.length;
    const every = Math.max(1, Math.ceil((Math.max(...x.names.map((n) => textWidth(n))) * small + 0.3 * em) / room));
    x.names.forEach((name, k) => k % every === 0 && group.append(label(box.left + (k + 0.5) * room, box.bottom + 0.85 * em, name)));
  } else {
    const xTicks = x.log ? logTicks(...x.range, 6) : ticks(...x.range, Math.max(2, (box.right - box.left) / (3.2 * em)));
    for (const t of xTicks) {
      group.append(svg("line", { x1: sx(t), x2: sx(t), y1: box.bottom, y2: box.bottom + 0.3 * em, class: "pn-tick" }),
        label(sx(t), box.bottom + 0.9 * em, number(t, 3)));
    }
  }
  group.append(svg("path", { d: `M${box.left} ${box.top}V${box.bottom}H${box.right}`, class: "pn-axis" }));
  if (x.label) group.append(label((box.left + box.right) / 2, height - 0.6 * em, x.label, { class: "pn-axis-label" }));
  if (y.label) {
    const length = textWidth(y.label) * small * 1.05; // bold
    const middle = clamp((box.top + box.bottom) / 2, Math.min(length, height) / 2, height - Math.min(length, height) / 2);
    const size = small * Math.min(1, height / length);
    group.append(label(0.65 * em, middle, y.label, { class: "pn-axis-label", "font-size": size, transform: `rotate(-90 ${0.65 * em} ${middle})` }));
  }
  group.append(legend(rows, box, em));
  return { sx, sy, box, group };
}

// A line through points; gaps where a coordinate is not finite.
export function linePath(xs, ys, sx, sy) {
  let path = "";
  let pen = "M";
  for (let k = 0; k < xs.length; k++) {
    const [px, py] = [sx(xs[k]), sy(ys[k])];
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      pen = "M";
      continue;
    }
    path += `${pen}${px.toFixed(1)} ${py.toFixed(1)}`;
    pen = "L";
  }
  return path;
}

// Names of the series above the plot, each with its dash or dot, in as many rows as they need; widths in their own em.
function legendRows(entries, room) {
  const rows = [];
  let used = Infinity;
  for (const entry of entries) {
    const width = textWidth(entry.words) + 3.2;
    if (used + width > room) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1).push({ ...entry, at: used });
    used += width;
  }
  return rows;
}

function legend(rows, box, em) {
  const size = 0.8 * em;
  const group = svg("g", { class: "pn-legend", "font-size": size });
  rows.forEach((row, r) => row.forEach((entry) => {
    const [x, y] = [box.left + entry.at * size, (0.7 + 1.15 * r) * em];
    const sample = entry.dot
      ? svg("path", { d: dot(entry.dot - 1, x + size, y, 0.4 * size), fill: entry.colour, class: "pn-dot" })
      : svg("line", { x1: x, x2: x + 1.9 * size, y1: y, y2: y, stroke: entry.colour, "stroke-dasharray": entry.dash, class: "pn-series" });
    group.append(sample, label(x + 2.3 * size, y, entry.words, { anchor: "start" }));
  }));
  return group;
}

// Dots of class k: circle, square, triangle, diamond, plus, triangle on its tip, bar: colour is never the only difference.
export function dot(k, x, y, r) {
  const [a, b] = [x.toFixed(1), y.toFixed(1)];
  if (k % 7 === 0) return `M${a} ${b}m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  if (k % 7 === 1) return `M${a} ${b}m${-0.9 * r} ${-0.9 * r}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`;
  if (k % 7 === 2) return `M${a} ${b}m0 ${-1.1 * r}l${1.1 * r} ${2 * r}h${-2.2 * r}z`;
  if (k % 7 === 3) return `M${a} ${b}m0 ${-1.2 * r}l${1.2 * r} ${1.2 * r}l${-1.2 * r} ${1.2 * r}l${-1.2 * r} ${-1.2 * r}z`;
  if (k % 7 === 5) return `M${a} ${b}m0 ${1.1 * r}l${1.1 * r} ${-2 * r}h${-2.2 * r}z`;
  if (k % 7 === 6) return `M${a} ${b}m${-1.2 * r} ${-0.45 * r}h${2.4 * r}v${0.9 * r}h${-2.4 * r}z`;
  const [s, l] = [0.8 * r, 1.2 * r]; // a plus: width and length of its arms
  return `M${a} ${b}m${-s / 2} ${-l}h${s}v${l - s / 2}h${l - s / 2}v${s}h${s / 2 - l}v${l - s / 2}h${-s}v${s / 2 - l}h${s / 2 - l}v${-s}h${l - s / 2}z`;
}
