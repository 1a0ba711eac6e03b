// Sliders, choices and presets. With a kernel they take any value; without one, the values that were recorded.

import { h, number, onCommit } from "./dom.js";

const NO_KERNEL = "only in the notebook: pick a preset";

// `change(values)` asks for the recording with these values. `unused` names controls that mean nothing without a kernel.
export function controlPanel(config, link, change, unused = []) {
  const values = Object.fromEntries(config.controls.map((c) => [c.name, c.value]));
  const shown = config.controls.filter((c) => c.control !== "hidden");
  const makers = { slider, choice, toggle, entry };
  const built = shown.map((c) => makers[c.control](c, (value) => set({ [c.name]: value })));
  const presets = presetMenu();
  const sentence = h("p", { class: "pn-note pn-fixed", hidden: true });
  const element = h("div", { class: "pn-controls", role: "group", "aria-label": "Settings", hidden: !built.length },
    built.map((b) => b.element), sentence);

  function set(some) {
    Object.assign(values, some);
    refresh();
    change({ ...values });
  }

  function refresh() {
    const fixed = shown.filter((c, k) => {
      const offered = link.offered(c.name, values);
      built[k].update(values[c.name], offered);
      const one = c.control !== "entry" && offered !== null && offered.length < 2;
      built[k].element.hidden = one; // a slider with one value looks broken: a sentence stands for it
      return one;
    });
    const named = fixed.filter((c) => !unused.includes(c.name)).map((c) => `${c.label} ${worded(c, values[c.name])}`);
    sentence.hidden = !named.length;
    sentence.textContent = `Fixed on this page; a preset or the notebook changes ${named.length > 1 ? "them" : "it"}: ${named.join(", ")}.`;
    presets?.update();
  }

  function presetMenu() {
    if (!config.presets.length) return null;
    const menu = h("select", { class: "pn-select", "aria-label": "Preset", onchange: () => menu.value !== "" && set(config.presets[menu.value].values) },
      h("option", { value: "" }, "(own values)"), config.presets.map((p, k) => h("option", { value: k }, p.name)));
    const update = () => {
      const k = config.presets.findIndex((p) => Object.entries(p.values).every(([n, v]) => JSON.stringify(values[n]) === JSON.stringify(v)));
      menu.value = k < 0 ? "" : k;
      menu.options[0].hidden = k >= 0;
    };
    return { element: h("label", { class: "pn-control" }, h("span", {}, "Preset"), menu), update };
  }

  refresh();
  return { element, presets: presets?.element ?? null, values, set };
}

// The value of a control as one reads it.
function worded(c, value) {
  if (c.control === "slider") return `${number(value)}${c.unit ? ` ${c.unit}` : ""}`;
  if (c.control === "choice") return c.options.find(([option]) => option === value)?.[1] ?? value;
  return c.control === "toggle" ? (value ? "on" : "off") : value;
}

function slider(c, changed) {
  let stops = null; // the recorded values, or null: any value
  const input = h("input", { type: "range", class: "pn-slider", "aria-label": c.label, oninput: () => changed(read()) });
  const output = h("output", {});
  const label = h("label", { class: "pn-control" }, h("span", {}, c.label), input, output);
  const position = (value) => (c.log ? Math.log(value) : value);

  function read() {
    if (stops) return stops[Number(input.value)];
    const raw = Number(input.value);
    return c.log ? Number(Math.exp(raw).toPrecision(3)) : Number(raw.toPrecision(6));
  }

  function update(value, offered) {
    stops = offered === null ? null : [...offered].sort((a, b) => a - b);
    const [low, high, step] = stops ? [0, stops.length - 1, 1] : [position(c.low), position(c.high), c.log ? (position(c.high) - position(c.low)) / 100 : c.step];
    Object.assign(input, { min: low, max: high, step });
    input.value = stops ? stops.indexOf(value) : position(value);
    output.textContent = worded(c, value);
    input.setAttribute("aria-valuetext", output.textContent);
  }
  return { element: label, update };
}

function choice(c, changed) {
  const menu = h("select", { class: "pn-select", "aria-label": c.label, onchange: () => changed(menu.value) }, c.options.map(([value, words]) => h("option", { value }, words)));
  const label = h("label", { class: "pn-control" }, h("span", {}, c.label), menu);
  function update(value, offered) {
    menu.value = value;
    for (const option of menu.options) option.disabled = offered !== null && !offered.includes(option.value);
  }
  return { element: label, update };
}

function toggle(c, changed) {
  const box = h("input", { type: "checkbox", "aria-label": c.label, onchange: () => changed(box.checked) });
  const label = h("label", { class: "pn-control" }, box, h("span", {}, c.label));
  function update(value) {
    box.checked = value;
  }
  return { element: label, update };
}

function entry(c, changed) {
  const field = h("input", { type: "text", class: "pn-entry", "aria-label": c.label, spellcheck: "false" });
  const note = h("small", { class: "pn-note" }, NO_KERNEL);
  onCommit(field, () => changed(field.value));
  const label = h("label", { class: "pn-control pn-grow" }, h("span", {}, c.label), field, note);
  function update(value, offered) {
    field.value = value;
    field.disabled = offered !== null; // an open text can't be recorded: it shows what the preset holds
    label.title = field.disabled ? NO_KERNEL : "";
    note.hidden = !field.disabled;
  }
  return { element: label, update };
}
