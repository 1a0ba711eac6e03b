// A matrix with its numbers; a window may frame some of them, and the audience may edit it.

import { h, number, onCommit, textWidth } from "./dom.js";

export function matrix(spec, context) {
  const element = h("table", { class: "pn-matrix", "aria-label": spec.title || spec.of });
  const editable = spec.edit && context.editable(spec.edit);
  let cells = [];
  let built = "";

  function build(rows, columns) {
    const heads = spec.column_labels ? [h("tr", {}, spec.row_labels ? h("td", {}) : "", spec.column_labels.map((w) => h("th", { scope: "col" }, w)))] : [];
    cells = [];
    const body = Array.from({ length: rows }, (_, r) => {
      const row = Array.from({ length: columns }, (_, c) => {
        const inside = editable ? field(r, c) : h("span", {});
        const cell = h("td", {}, inside);
        cells.push({ cell, inside });
        return cell;
      });
      return h("tr", {}, spec.row_labels ? h("th", { scope: "row" }, spec.row_labels[r]) : "", row);
    });
    element.replaceChildren(...heads, ...body);
  }

  function field(r, c) {
    const input = h("input", { type: "text", inputmode: "decimal", class: "pn-number", "aria-label": `Row ${r + 1}, column ${c + 1}`});
    onCommit(input, () => {
      const value = Number(input.value.replace("−", "-").replace(",", "."));
      input.setAttribute("aria-invalid", !Number.isFinite(value));
      if (!Number.isFinite(value)) return;
      const rows = context.values[spec.edit].map((row) => [...row]);
      rows[r][c] = value;
      context.edit(spec.edit, rows);
    });
    return input;
  }

  function draw(frame, { width, height, em }) {
    const { shape, data } = frame[spec.of];
    const [rows, columns] = shape.length > 1 ? shape.slice(-2) : [1, shape[0] ?? 1];
    if (built !== `${rows},${columns}`) build(rows, columns);
    built = `${rows},${columns}`;
    const across = columns + (spec.row_labels ? 1.2 : 0);
    const down = rows + (spec.column_labels ? 1 : 0); // a head is as high as a cell
    const size = Math.min((width - 6) / across, (height - 6) / down, 3.4 * em);
    const known = spec.known === undefined ? data.length : frame[spec.known];
    const written = Array.from(data.subarray(0, known), (x) => number(x, 4));
    const widest = Math.max(2, ...[...written, ...(spec.row_labels ?? []), ...(spec.column_labels ?? [])].map(textWidth)) + 0.5;
    const letters = Math.min(size * 0.4, (width - 6) / across / widest, 1.25 * em);
    element.style.fontSize = `${letters}px`;
    element.style.setProperty("--pn-cell-width", `${Math.max(size, letters * widest)}px`); // long numbers want wide cells
    element.style.setProperty("--pn-cell", `${size}px`);
    const window = spec.highlight === undefined ? null : frame[spec.highlight];
    let most = 0;
    if (spec.colour) for (const x of data.subarray(0, known)) if (Number.isFinite(x)) most = Math.max(most, Math.abs(x));
    cells.forEach(({ cell, inside }, k) => {
      const words = written[k] ?? "";
      if (editable) {
        if (document.activeElement !== inside) inside.value = words;
      } else if (inside.textContent !== words) inside.textContent = words;
      cell.className = edges(window, Math.floor(k / columns), k % columns);
      if (spec.colour) cell.style.background = k < known ? tint(data[k], most) : "";
    });
  }

  function describe(frame) {
    const { shape, data } = frame[spec.of];
    const columns = shape.at(-1) ?? 1;
    if (data.length > 64) return `${shape.join(" by ")} numbers`;
    const known = spec.known === undefined ? data.length : frame[spec.known];
    if (!known) return "nothing is known yet";
    const rows = [];
    for (let k = 0; k < known; k += columns) rows.push(Array.from(data.subarray(k, Math.min(k + columns, known)), (x) => number(x, 4)).join(", "));
    return `rows ${rows.join("; ")}`;
  }
  return { element, draw, describe };
}

// The classes that draw the frame of the window around a cell.
function edges(window, r, c) {
  if (!window) return "";
  const [row, column, height, width] = window.data;
  if (r < row || c < column || r >= row + height || c >= column + width) return "";
  const sides = [r === row && "pn-top", r === row + height - 1 && "pn-bottom", c === column && "pn-left", c === column + width - 1 && "pn-right"];
  return ["pn-inside", ...sides.filter(Boolean)].join(" ");
}

// At most half strength, so that the number stays readable on its colour.
function tint(value, most) {
  if (!Number.isFinite(value) || most === 0) return "";
  const strength = Math.round((45 * Math.abs(value)) / most);
  return `color-mix(in srgb, var(--pn-${value < 0 ? "below" : "above"}) ${strength}%, var(--pn-paper))`;
}
