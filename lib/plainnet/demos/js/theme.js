// Light or dark, and the colours that canvas needs as numbers. The tokens themselves stand in stage.css.

// JupyterLab, VS Code and Colab say which theme they use; a page alone follows the system. Paper is light.
export function isDark() {
  if (matchMedia("print").matches) return false;
  const body = document.body;
  if (body.dataset.jpThemeLight !== undefined) return body.dataset.jpThemeLight === "false";
  if (body.classList.contains("vscode-dark") || body.classList.contains("vscode-high-contrast")) return true;
  const host = document.documentElement.getAttribute("theme");
  if (host) return host === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

// Keep data-theme of `root` right and call `changed` when it changes; returns a function that stops watching.
export function watchTheme(root, changed) {
  const update = () => {
    const theme = isDark() ? "dark" : "light";
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    changed();
  };
  const queries = ["(prefers-color-scheme: dark)", "print"].map((words) => matchMedia(words));
  const observer = new MutationObserver(update);
  for (const element of [document.body, document.documentElement]) observer.observe(element, { attributes: true });
  for (const query of queries) query.addEventListener("change", update);
  update();
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener("change", update);
  };
}

export function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

// Series differ by colour, by dash and by the shape of their dots: never by colour alone.
export const DASHES = ["", "9 5", "2 4", "12 4 2 4", "5 3", "16 6", "2 2 8 2"];

export function seriesColour(k) {
  return `var(--pn-series-${(k % DASHES.length) + 1})`;
}

function rgb(hex) {
  const n = parseInt(hex.trim().slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

// Colours as [r, g, b] of the theme on screen: `below`, `zero`, `above` for signed values, `paper`, `ink` for images.
export function colours(element) {
  const style = getComputedStyle(element);
  const token = (name) => rgb(style.getPropertyValue(`--pn-${name}`));
  return { below: token("below"), zero: token("paper"), above: token("above"), paper: token("paper"), ink: token("ink") };
}

// The colour of t in -1 .. 1, written into `out` at `i`; NaN is left transparent, so that the hatch behind it shows.
export function signedColour(t, map, out, i) {
  if (Number.isNaN(t)) return;
  const end = t < 0 ? map.below : map.above;
  const size = Math.min(Math.abs(t), 1);
  for (let c = 0; c < 3; c++) out[i + c] = map.zero[c] + (end[c] - map.zero[c]) * size;
  out[i + 3] = 255;
}

export function greyColour(t, map, out, i) {
  if (Number.isNaN(t)) return;
  const size = Math.min(Math.max(t, 0), 1);
  for (let c = 0; c < 3; c++) out[i + c] = map.paper[c] + (map.ink[c] - map.paper[c]) * size;
  out[i + 3] = 255;
}
