// A question before the deciding frame: keys or hands, then the answer.

import { h } from "./dom.js";

// `reveal(ask)` moves on to the deciding frame.
export function askCard(reveal) {
  const element = h("div", { class: "pn-ask", role: "group", "aria-label": "Question", hidden: true });
  const kept = new Map(); // ask -> hands so far: a step back before the answer loses none
  let current = null;
  let fields = [];

  function open(ask) {
    if (current === ask) return;
    delete element.dataset.answer;
    current = ask;
    const hint = h("p", { class: "pn-hint" }, `Keys 1 to ${ask.choices.length}: one hand each`);
    fields = ask.choices.map((words, k) => choice(words, k));
    const buttons = h("div", { class: "pn-ask-buttons" },
      h("button", { type: "button", class: "pn-button pn-words", title: "Enter", onclick: show }, "Reveal"),
      h("button", { type: "button", class: "pn-button pn-words", title: "Escape", onclick: skip }, "Skip"));
    element.replaceChildren(h("p", { class: "pn-question" }, ask.question), h("div", { class: "pn-choices" }, fields.map((f) => f.element), hint), buttons);
    element.hidden = false;
    measure();
  }

  function choice(words, k) {
    const hands = h("input", { type: "number", min: 0, value: kept.get(current)?.[k] ?? 0, class: "pn-hands", "aria-label": `Hands for ${k + 1}: ${words}`, oninput: measure });
    const bar = h("span", { class: "pn-hands-bar" });
    const button = h("button", { type: "button", class: "pn-choice", onclick: () => vote(k) },
      bar, h("kbd", {}, k + 1), h("span", { class: "pn-choice-words" }, words));
    return { element: h("div", { class: "pn-choice-row" }, button, hands), hands, bar, button };
  }

  function measure() {
    kept.set(current, fields.map((f) => Number(f.hands.value)));
    const most = Math.max(1, ...kept.get(current));
    for (const f of fields) f.bar.style.width = `${(100 * Number(f.hands.value)) / most}%`;
  }

  function vote(k) {
    if (!current || !fields[k]) return;
    fields[k].hands.value = Number(fields[k].hands.value) + 1;
    measure();
  }

  // The answer stays on screen, above the deciding frame's text, until the next step.
  function show() {
    if (!current) return;
    const ask = current;
    const counts = fields.map((f) => Number(f.hands.value));
    kept.delete(ask);
    const total = counts.reduce((a, b) => a + b, 0);
    current = null;
    reveal(ask);
    const verdict = total ? ` ${counts[ask.answer]} of ${total} ${total === 1 ? "hand" : "hands"} had it.` : "";
    const rows = ask.choices.map((words, k) => {
      const right = k === ask.answer;
      return h("span", { class: right ? "pn-answer pn-right" : "pn-answer" }, `${right ? "✓" : "✗"} ${words}${total ? ` (${counts[k]})` : ""}`);
    });
    element.replaceChildren(
      h("p", { class: "pn-question" }, `${ask.question} `, h("strong", {}, `${ask.choices[ask.answer]}.`), verdict),
      h("div", { class: "pn-choices" }, rows), h("p", { class: "pn-why" }, ask.why));
    element.hidden = false;
    element.dataset.answer = ask.choices[ask.answer];
  }

  function skip() {
    if (!current) return;
    const ask = current;
    close();
    kept.delete(ask);
    reveal(ask);
  }

  function close() {
    current = null;
    element.hidden = true;
    element.replaceChildren();
  }

  // Returns whether the key belonged to the question.
  function key(name) {
    if (!current) return false;
    if (/^[1-9]$/.test(name)) vote(Number(name) - 1);
    else if (name === "Enter") show();
    else if (name === "Escape") skip();
    else return false;
    return true;
  }

  return { element, open, close, key, isOpen: () => current !== null };
}
