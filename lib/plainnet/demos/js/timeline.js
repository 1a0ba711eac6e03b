// The bar beneath a demo: first, back, play, next, last, a scrubber, the speed.

import { h, icon, ICONS } from "./dom.js";
import { SPEEDS } from "./player.js";

export function timeline(player, onFullScreen) {
  const button = (name, words, key, act) =>
    h("button", { type: "button", class: "pn-button", "aria-label": words, title: `${words} (${key})`, onclick: act }, icon(ICONS[name]));
  const back = button("back", "Step back", "Left", () => player.step(-1));
  const next = button("next", "Step forward", "Right", () => player.step(1));
  const play = button("play", "Play", "Space", () => player.toggle());
  const scrubber = h("input", {
    type: "range", min: 0, step: 1, class: "pn-scrubber", "aria-label": "Frame",
    oninput: () => {
      player.pause();
      player.go(Number(scrubber.value));
      scrubber.value = player.at;
    },
  });
  const counter = h("span", { class: "pn-counter" });
  const speed = h("select", { class: "pn-select", "aria-label": "Speed", onchange: () => (player.speed = Number(speed.value)) },
    SPEEDS.map((s) => h("option", { value: s }, `${s}×`)));
  const element = h("div", { class: "pn-timeline", role: "group", "aria-label": "Timeline" },
    button("first", "First frame", "Home", () => player.step(-Infinity)), back, play, next,
    button("last", "Last frame", "End", () => player.step(Infinity)),
    scrubber, counter, speed, button("full", "Full screen", "F", onFullScreen));

  let shown = null; // whether the button shows that it plays

  function update(text) {
    if (shown !== player.playing) { // new elements cost JupyterLab a look at the whole page
      shown = player.playing;
      play.replaceChildren(icon(shown ? ICONS.pause : ICONS.play));
      play.setAttribute("aria-label", shown ? "Pause" : "Play");
    }
    scrubber.max = player.count - 1;
    scrubber.value = player.at;
    scrubber.setAttribute("aria-valuetext", `Frame ${player.at} of ${player.count - 1}. ${text}`);
    counter.textContent = `${player.at} / ${player.count - 1}`;
    counter.style.minWidth = `${String(player.count - 1).length * 2 + 3}ch`;
    speed.value = player.speed;
    back.setAttribute("aria-disabled", player.at === 0);
    next.setAttribute("aria-disabled", player.at === player.count - 1);
  }
  return { element, update };
}
