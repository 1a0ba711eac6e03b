// A demo on screen: title, settings, parts, the question, the sentence of the frame, the timeline, keys.

import { h, fontSize } from "./dom.js";
import { Recording, bytes } from "./data.js";
import { Player } from "./player.js";
import { timeline } from "./timeline.js";
import { askCard } from "./ask.js";
import { controlPanel } from "./controls.js";
import { PARTS } from "./parts.js";
import { watchTheme } from "./theme.js";
import { liveText, keyHandler, helpPanel, isTyping } from "./access.js";

const SIGN_OF_LIFE = 1000; // ms between two words to a kernel that waits for an answer

// Call `act` at the next animation frame; a page that is not on screen has none.
function soon(act) {
  const clock = setTimeout(run, 100);
  const frame = requestAnimationFrame(run);
  function run() {
    clearTimeout(clock);
    cancelAnimationFrame(frame);
    act();
  }
}

// `open` makes the link: open(listener) -> link (see link.js). `keys` is the element whose keys drive the demo.
export function mount(root, config, header, data, open, { keys = root, level = 2 } = {}) {
  let recording = new Recording(header, bytes(data));
  let parts = [];
  let layout = null; // the parts on screen, as JSON: rebuilt only when it changes
  let asked = new Set();
  let asking = true;
  let held = null; // a run that waits for the answer to its question: {take, clock}
  const arrived = []; // frames of a run that are not shown yet

  const player = new Player({ gate, show });
  const card = askCard((ask) => {
    asked.add(ask);
    if (held) release();
    else player.go(ask.frame);
  });
  const link = open({
    recording: (header, data) => load(new Recording(header, data)),
    frame: pushed,
    error: (words) => alarm(words),
    waiting: (words) => alarm(words),
    ended: (words) => {
      if (held) closeCard();
      runner.ended(words);
    },
  });
  const clicks = link.live ? [] : header.parts.flat(Infinity).map((spec) => spec.click_class); // no kernel, no clicks
  const panel = controlPanel(config, link, (values) => link.request(values), clicks);
  const bar = timeline(player, () => fullScreen());
  const live = liveText();
  const runner = runButtons();
  const title = h("div", { class: "pn-title", role: "heading", "aria-level": level });
  const alert = h("div", { class: "pn-alert", role: "alert", hidden: true });
  const area = h("div", { class: "pn-parts" });
  const caption = h("p", { class: "pn-caption" });
  const help = helpPanel(() => stage.describe());
  const body = h("div", { class: "pn-body" },
    h("div", { class: "pn-head" }, title, panel.presets, help.button), panel.element, alert, area, card.element, caption,
    h("div", { class: "pn-foot" }, bar.element, runner.element), help.element, live.element);
  root.classList.add("pn-stage");
  Object.entries({ role: root.matches("main") ? null : "group", tabindex: keys === root ? "0" : "-1", "data-lm-suppress-shortcuts": "true" }).forEach(([n, v]) => v === null || root.setAttribute(n, v));
  root.replaceChildren(body);

  // Hold at the frame before a question that nobody has answered yet.
  function gate(from, to) {
    if (!asking) return to;
    const ask = recording.header.asks.find((a) => !asked.has(a) && a.frame > from && a.frame <= to);
    if (!ask) {
      if (!held) card.close();
      return to;
    }
    card.open(ask);
    return ask.frame - 1;
  }

  function show() {
    const frame = recording.frame(player.at);
    for (const part of parts) part.draw(frame, player.at);
    caption.textContent = frame.text;
    const words = frame.error || recording.warning(player.at);
    if (words || !alert.dataset.fixed) alarm(words || "", false);
    bar.update(frame.text);
    live.say(frame.text, !player.playing);
    root.dataset.frame = player.at;
  }

  // `fixed` words (from the kernel) stay until the next recording arrives.
  function alarm(words, fixed = true) {
    if (alert.textContent === words) return;
    alert.textContent = words;
    alert.hidden = !words;
    if (fixed && words) alert.dataset.fixed = "true";
    else delete alert.dataset.fixed;
  }

  // A new recording keeps the frame on screen; questions that lie behind it count as asked.
  function load(next) {
    const atEnd = layout !== null && player.at === player.count - 1;
    const at = atEnd ? next.count - 1 : Math.min(player.at, next.count - 1);
    recording = next;
    asked = new Set(next.header.asks.filter((ask) => ask.frame <= at));
    card.close();
    const wanted = JSON.stringify(next.header.parts);
    if (wanted !== layout) build(next.header.parts);
    layout = wanted;
    delete alert.dataset.fixed;
    title.textContent = next.header.title;
    title.classList.toggle("pn-long", next.header.title.length > 40);
    root.setAttribute("aria-label", `Demo: ${next.header.title}`);
    player.load(next.count, next.header.rate, at);
  }

  function build(specs) {
    for (const part of parts) part.close();
    parts = [];
    const place = (spec, row) => {
      if (Array.isArray(spec)) return h("div", { class: row ? "pn-column" : "pn-row" }, spec.map((inner) => place(inner, !row)));
      const part = frameFor(spec);
      parts.push(part);
      return part.element;
    };
    area.replaceChildren(...specs.map((spec) => place(spec, false)));
  }

  // A figure with its caption, redrawn when its size changes.
  function frameFor(spec) {
    const space = h("div", { class: "pn-space" });
    const note = link.live ? "" : spec.edit ? "(edit in the notebook)" : spec.click ? "(add points in the notebook)" : "";
    let last = null;
    const element = h("figure", { class: `pn-part pn-part-${spec.part}`, style: `flex-grow: ${spec.width}` },
      spec.title || note ? h("figcaption", {}, spec.title, note ? h("small", { class: "pn-note" }, ` ${note}`) : null) : null, space);
    const context = {
      space, root,
      series: (name, whole) => recording.series(name, whole ? recording.count - 1 : player.at),
      redraw: () => last && draw(last, player.at),
      values: panel.values,
      edit: (name, value) => panel.set({ [name]: value }),
      editable: () => link.live,
    };
    const maker = PARTS[spec.part];
    if (!maker) throw new Error(`no part is called "${spec.part}"`);
    const part = maker(spec, context);
    space.append(part.element);
    let size = { width: 0, height: 0, em: 16 };
    const measure = () => (size = { width: space.clientWidth, height: space.clientHeight, em: fontSize(space) });
    const draw = (frame, k) => {
      last = frame;
      if (size.width === 0) measure(); // asked once: between two drawings it would cost a layout of the page each time
      if (part.words || (size.width > 0 && size.height > 0)) part.draw(frame, { ...size, k });
    };
    const observer = new ResizeObserver(() => {
      measure();
      if (last) draw(last, player.at);
    });
    observer.observe(space);
    const describe = (frame) => `${spec.title || spec.part}: ${part.describe ? part.describe(frame) : ""}`;
    return { element, draw, describe, close: () => observer.disconnect() };
  }

  // A frame of a run. Its question holds the run at the first frame until the room has answered. Frames that arrive
  // together are shown one after the other: each is seen.
  function pushed(next, data, message, line) {
    if (!message.first) {
      arrived.push([next, data, line]);
      if (arrived.length === 1) soon(showArrived);
      return;
    }
    arrived.length = 0; // of the run before
    closeCard();
    load(new Recording(next, data));
    runner.started();
    if (message.ask && asking) {
      held = { take: line.take, clock: setInterval(line.hold, SIGN_OF_LIFE) };
      card.open(message.ask);
      keys.focus({ preventScroll: true }); // Enter belongs to the question now, not to the button that began the run
    } else line.take();
  }

  function showArrived() {
    if (!arrived.length) return;
    const [next, data, line] = arrived.shift();
    const follow = player.at === player.count - 1;
    recording.push(next, data);
    player.count = recording.count;
    player.at = follow ? player.count - 1 : Math.min(player.at, player.count - 1);
    if (follow) show();
    else bar.update(caption.textContent);
    line.take();
    if (arrived.length) soon(showArrived);
  }

  function release() {
    clearInterval(held.clock);
    held.take();
    held = null;
  }

  function closeCard() {
    card.close();
    if (held) release();
  }

  function runButtons() {
    const words = config.run;
    const button = h("button", { type: "button", class: "pn-button pn-words", onclick: () => (running ? link.stop() : link.run(panel.values)) }, words);
    let running = false;
    const mark = (now) => {
      running = now;
      button.textContent = now ? "Stop" : words;
    };
    if (words && !link.live) {
      button.disabled = true;
      button.textContent = `${words}: only in the notebook`;
      button.title = "here, move through the recorded run";
    }
    return {
      element: words ? button : null,
      started: () => mark(true),
      ended: (why) => {
        mark(false);
        if (why) alarm(why);
      },
    };
  }

  function fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen?.();
  }

  const stage = {
    root, player,
    describe: () => [recording.header.description, recording.frame(player.at).text, ...parts.map((p) => p.describe(recording.frame(player.at)))],
    toggleAsks() {
      asking = !asking;
      closeCard();
      live.say(asking ? "Questions are on." : "Questions are off.", true);
    },
    fullScreen, help, card,
  };
  const onKey = keyHandler(stage);
  keys.addEventListener("keydown", onKey);
  const onPointer = (event) => !isTyping(event.target) && !event.target.closest("button, select, [tabindex]:not(.pn-stage)") && root.focus({ preventScroll: true });
  root.addEventListener("pointerup", onPointer);
  const unwatch = watchTheme(root, () => layout && show());
  load(recording);
  return {
    stage,
    close() {
      player.stop();
      if (held) clearInterval(held.clock);
      arrived.length = 0;
      link.close();
      unwatch();
      keys.removeEventListener("keydown", onKey);
      for (const part of parts) part.close();
    },
  };
}
