// Keys, live text and the help panel: the stage for those who use no mouse or no screen.

import { h } from "./dom.js";

const KEYS = [
  ["Right, Page Down", "step forward"],
  ["Left, Page Up", "step back"],
  ["Space", "play or pause"],
  ["Home, End", "first or last frame"],
  ["+ and −", "faster or slower"],
  ["1 to 9", "answer a question: one hand more"],
  ["Enter, Escape", "reveal the answer, or skip the question"],
  ["Q", "questions on or off"],
  ["F", "full screen"],
  ["?", "this help and the frame in words"],
];

// Fields that need the keys for themselves.
export function isTyping(element) {
  return element.matches?.("input:not([type=range]):not([type=checkbox]), textarea, select, [data-keys=own]") ?? false;
}

export function keyHandler(stage) {
  const { player, card, help } = stage;
  const acts = {
    ArrowRight: () => player.step(1), PageDown: () => player.step(1),
    ArrowLeft: () => player.step(-1), PageUp: () => player.step(-1),
    " ": () => player.toggle(), Home: () => player.step(-Infinity), End: () => player.step(Infinity),
    "+": () => player.faster(1), "=": () => player.faster(1), "-": () => player.faster(-1),
    q: () => stage.toggleAsks(), f: () => stage.fullScreen(), "?": () => help.toggle(),
  };
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const target = event.target;
    const onButton = target.matches("button, summary, a, input[type=checkbox]");
    const onSlider = target.matches("input[type=range]:not(.pn-scrubber)");
    if (onButton && (event.key === " " || event.key === "Enter")) return;
    if (onSlider && /^(Arrow|Home|End|Page)/.test(event.key)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (card.key(event.key)) event.preventDefault();
    else if (acts[key]) {
      acts[key]();
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

// A polite live region: at once on a step or pause, otherwise at most once a second.
export function liveText() {
  const element = h("div", { class: "pn-unseen", "aria-live": "polite" });
  let last = -Infinity;
  let timer = 0;
  function say(words, now) {
    clearTimeout(timer);
    const wait = 1000 - (performance.now() - last);
    if (wait > 0) timer = setTimeout(() => say(words, now), wait);
    else if (element.textContent !== words) {
      last = performance.now();
      element.textContent = words;
    }
  }
  return { element, say };
}

// What the demo shows, in words, and the keys.
export function helpPanel(describe) {
  const list = h("div", { class: "pn-description" });
  const table = h("table", {}, h("caption", {}, "Keys"),
    KEYS.map(([keys, words]) => h("tr", {}, h("th", { scope: "row" }, keys), h("td", {}, words))));
  const close = h("button", { type: "button", class: "pn-button pn-words", onclick: () => toggle(false) }, "Close");
  const element = h("dialog", { class: "pn-help", "aria-label": "Help" }, list, table, close);
  const button = h("button", { type: "button", class: "pn-button pn-words", "aria-haspopup": "dialog", title: "Keys, and the frame in words (?)", onclick: () => toggle(true) }, "Keys and words");

  function toggle(open = !element.open) {
    if (!open) return element.close();
    list.replaceChildren(...describe().map((words) => h("p", {}, words)));
    element.showModal();
  }
  return { element, button, toggle };
}
