// The history of scalars up to the frame on screen.

import { svg, number } from "./dom.js";
import { axes, rangeOf, linePath, dot } from "./axes.js";
import { seriesColour, DASHES } from "./theme.js";

// Dots that meet lie on one another, the largest below: each can be seen.
const nested = (i, count) => (count > 2 ? 0.28 + 0.09 * (count - 1 - i) : 0.35);

export function loss_curve(spec, context) {
  const element = svg("svg", { role: "img", "aria-label": spec.title || spec.labels.join(", ") });
  const names = spec.names.filter((name) => name !== spec.steps);

  function draw(frame, { width, height, em, k }) {
    const whole = names.map((name) => context.series(name, true));
    const steps = spec.steps ? context.series(spec.steps, true) : whole[0].map((_, i) => i);
    const x = { range: [steps[0], Math.max(steps.at(-1), steps[0] + 1)], label: spec.x };
    const y = { range: rangeOf(whole, spec.log), log: spec.log, label: spec.y };
    const entries = names.length > 1 ? spec.labels.map((words, i) => ({ words, colour: seriesColour(i), dash: DASHES[i % DASHES.length] })) : [];
    const { sx, sy, group } = axes({ width, height, em, x, y, entries });
    const lines = whole.map((values, i) => [
      svg("path", { d: linePath(steps.slice(0, k + 1), values, sx, sy), stroke: seriesColour(i), "stroke-dasharray": DASHES[i % DASHES.length], class: "pn-series" }),
      Number.isFinite(sy(values[k])) ? svg("path", { d: dot(i, sx(steps[k]), sy(values[k]), nested(i, names.length) * em), fill: seriesColour(i), class: "pn-dot" }) : null,
    ]);
    element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    element.replaceChildren(group, ...lines.flat().filter(Boolean));
  }

  const describe = (frame) => names.map((name, i) => `${spec.labels[i]} ${number(frame[name])}`).join(", ");
  return { element, draw, describe };
}
