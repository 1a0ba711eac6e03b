// Where new recordings come from: the kernel, or the variants that a standalone page carries.
// A link has `live`, `request(values)`, `offered(control, values)` and calls back
// recording(header, buffer) / frame(header, buffer) / error(words) / waiting(words).

import { bytes, fromBase64 } from "./data.js";

const PATIENCE = 5000; // ms without an answer before we say so

// One request is under way at a time; while it is, only the newest wish is kept.
export function kernelLink(model, listener) {
  let waitingFor = null;
  let wish = null;
  let serial = 0;
  let alarm = 0;

  function send(values) {
    waitingFor = ++serial;
    model.send({ kind: "change", serial, values });
    clearTimeout(alarm);
    alarm = setTimeout(() => listener.waiting("No answer from the kernel: it is busy or has stopped. The frames on screen still work; run the cell again to change them."), PATIENCE);
  }

  function heard(message, buffers) {
    if (message.kind === "frame") {
      const say = (serial) => model.send({ kind: "ack", run: message.run, serial });
      listener.frame(message.header, bytes(buffers[0]), message, { take: () => say(message.serial), hold: () => say(message.serial - 1) });
      return;
    }
    if (message.kind === "ended") return listener.ended(message.words);
    if (message.serial !== waitingFor) return;
    waitingFor = null;
    clearTimeout(alarm);
    listener.waiting("");
    if (message.kind === "error") listener.error(message.words);
    else if (message.kind === "recording") listener.recording(message.header, bytes(buffers[0]));
    if (wish) {
      const values = wish;
      wish = null;
      send(values);
    }
  }

  model.on("msg:custom", heard);
  return {
    live: true,
    request(values) {
      if (waitingFor === null) send(values);
      else wish = values;
    },
    run: (values) => model.send({ kind: "run", values }),
    stop: () => model.send({ kind: "stop" }),
    offered: () => null, // every value
    close() {
      clearTimeout(alarm);
      model.send({ kind: "stop" });
      model.off("msg:custom", heard);
    },
  };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// A control of a page without a kernel offers the values that were recorded with the other controls as they are.
export function recordedLink(variants, listener) {
  const others = (values, name) => ({ ...values, [name]: null });
  return {
    live: false,
    request(values) {
      const variant = variants.find((v) => same(v.values, values));
      if (variant) listener.recording(variant.header, fromBase64(variant.data));
      else listener.error("This setting was not recorded in this page.");
    },
    run: () => listener.error("A run is only in the notebook; this page carries a recorded one."),
    stop: () => {},
    offered: (name, values) =>
      variants.filter((v) => same(others(v.values, name), others(values, name))).map((v) => v.values[name]),
    close: () => {},
  };
}
