// Runs in the page: makes events and waits for the pixels that answer them. benchmarks/demos.py calls it.

const stages = () => [...document.querySelectorAll(".pn-stage")];
const stageOf = (title) => stages().find((stage) => stage.getAttribute("aria-label").startsWith(`Demo: ${title}`));

function set(input, value) {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// Back and forth over the stops of a slider, one further with each k: every event changes the value.
function sweep(input, k) {
  const [low, high, step] = [Number(input.min), Number(input.max), Number(input.step)];
  const stops = Math.floor((high - low) / step);
  const there = (k + 1) % (2 * stops);
  set(input, low + step * Math.min(there, 2 * stops - there));
}

const words = (stage) => () => stage.querySelector(".pn-caption").textContent + stage.dataset.frame;

function scrubbing(title) {
  const stage = stageOf(title);
  const scrubber = stage.querySelector(".pn-scrubber");
  return [(k) => set(scrubber, (k + 1) % (Number(scrubber.max) + 1)), words(stage)];
}

// Each technique: a function that makes event k, and one that reads what is on screen.
window.techniques = {
  "recorded: plot": () => scrubbing("Recorded"),
  "recorded: graph": () => scrubbing("Computational graph: ("),
  "recorded: playground": () => scrubbing("Playground"),
  "kernel: echo": () => {
    const echo = document.querySelector(".echo");
    return [(k) => echo.ask(k + 1 + Math.random()), () => echo.textContent];
  },
  "kernel: plot": () => {
    const stage = stageOf("Live");
    return [(k) => sweep(stage.querySelector(".pn-slider"), k), words(stage)];
  },
  "kernel: graph": () => {
    const stage = stageOf("Computational graph: sin");
    return [(k) => sweep(stage.querySelector(".pn-slider"), k), words(stage)];
  },
  "interact + matplotlib": () => {
    const handle = document.querySelector(".plain-slider .noUi-handle");
    const picture = document.querySelector(".plain-picture");
    const key = (k) => (k % 200 < 100 ? { key: "ArrowRight", keyCode: 39 } : { key: "ArrowLeft", keyCode: 37 });
    const read = () => {
      const image = picture.querySelector("img");
      return image && image.complete ? image.src : "";
    };
    return [(k) => handle.dispatchEvent(new KeyboardEvent("keydown", { ...key(k), bubbles: true })), read];
  },
};

// The time of the first message after the next frame: its pixels are on their way.
const painted = () => new Promise((done) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(performance.now());
  port2.postMessage(0);
}));
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function changed(read, before, limit = 5000) {
  const start = performance.now();
  while (read() === before || read() === "") {
    if (performance.now() - start > limit) return false;
    await pause(0.5);
  }
  return true;
}

// The techniques take turns event by event, so that a burst of load meets them all. A null is an event without answer.
window.latencies = async (names, events, offset) => {
  const out = Object.fromEntries(names.map((name) => [name, []]));
  const made = names.map((name) => window.techniques[name]());
  for (let k = 0; k < events; k++) {
    for (const [i, name] of names.entries()) {
      await pause(60 + 30 * Math.random());
      const [act, read] = made[i];
      const [before, start] = [read(), performance.now()];
      act(offset + k);
      out[name].push((await changed(read, before)) ? (await painted()) - start : null);
    }
  }
  return out;
};

async function distinctPictures(seconds, read, act) {
  const start = performance.now();
  let [k, seen, last] = [0, 0, read()];
  while (performance.now() - start < 1000 * seconds) {
    act(k++);
    await painted();
    const now = read();
    if (now !== last && now !== "") {
      seen++;
      last = now;
    }
  }
  return seen / ((performance.now() - start) / 1000);
}

window.rate = (name, seconds) => {
  const [act, read] = window.techniques[name]();
  return distinctPictures(seconds, read, act);
};

window.pushed = async (seconds) => {
  const stage = stageOf("Playground");
  const button = stage.querySelector(".pn-foot > .pn-button");
  button.click();
  await pause(1500);
  const rate = await distinctPictures(seconds, words(stage), () => {});
  button.click();
  return rate;
};
