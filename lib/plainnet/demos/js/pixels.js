// Arrays as colours on a canvas: what heat maps, images, fields and neurons share.

import { h } from "./dom.js";
import { colours, greyColour, signedColour } from "./theme.js";

// A canvas that stays sharp: `fit` sets its size in CSS pixels and returns its context.
export function surface(attributes = {}) {
  const canvas = h("canvas", attributes);
  function fit(width, height) {
    const ratio = window.devicePixelRatio || 1;
    const [w, t] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== w || canvas.height !== t) {
      Object.assign(canvas, { width: w, height: t });
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    return pen;
  }
  return { canvas, fit };
}

export function largest(data) {
  let most = 0;
  for (const x of data) if (Number.isFinite(x) && Math.abs(x) > most) most = Math.abs(x);
  return most || 1;
}

// A painter keeps one small canvas and the colours of the theme: paint(pen, data, rows, columns, x, y, w, h).
export function painter(root, { grey = false } = {}) {
  const small = document.createElement("canvas");
  const colour = grey ? greyColour : signedColour;
  let map = null;
  let theme = "";
  return function paint(pen, data, rows, columns, limit, [x, y, width, height]) {
    if (theme !== root.dataset.theme) {
      theme = root.dataset.theme;
      map = colours(root);
    }
    if (small.width !== columns || small.height !== rows) Object.assign(small, { width: columns, height: rows });
    const image = new ImageData(columns, rows);
    let holes = false;
    for (let k = 0; k < rows * columns; k++) {
      const t = data[k];
      holes ||= Number.isNaN(t);
      colour(Number.isFinite(t) ? t / limit : Number.isNaN(t) ? NaN : Math.sign(t), map, image.data, 4 * k);
    }
    small.getContext("2d").putImageData(image, 0, 0);
    if (holes) hatch(pen, x, y, width, height, map.ink);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, x, y, width, height);
  };
}

// What is not a number shows as a hatch, since the colour above it is transparent.
function hatch(pen, x, y, width, height, ink) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.strokeStyle = `rgb(${ink.join(" ")} / 0.35)`;
  pen.beginPath();
  for (let k = -height; k < width; k += 8) {
    pen.moveTo(x + k, y + height);
    pen.lineTo(x + k + height, y);
  }
  pen.stroke();
  pen.restore();
}
