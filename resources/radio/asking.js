// SPDX-License-Identifier: GPL-3.0-or-later
// Requests: a line of text, its place in the queue, and what waits.

import { send } from "./sent.js";
import { inEachLanguage, say } from "./words.js";

const MOST_SHOWN = 5;
const NO_QUEUE = { on: null, waiting: [] };

const at = (id) => document.getElementById(id);

function setText(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text;
}

// What is told of the piece that plays, the queue, and whether requests are taken, goes to `show`.
export function keepRequests() {
  let piece = null, queue = NO_QUEUE, isTaken = false, isSending = false;
  // What this page asked for, the last last; and why the last was not taken.
  const mine = [];
  let refused = null;
  // Taken, and not among what the radio told of its queue so far; "" is none.
  let taken = "";

  const waiting = () => (taken ? [...queue.waiting, taken] : queue.waiting);

  const isKnown = (prompt) => queue.on === prompt || queue.waiting.includes(prompt);

  function stateOfMine() {
    if (isSending) return say().sending;
    if (refused) return (say().unasked[refused.kind] ?? say().unasked.other)(refused);
    const last = mine.at(-1);
    if (last === undefined) return "";
    const place = waiting().indexOf(last) + 1;
    if (place > 0) return say().place(place);
    if (piece?.requested && piece.prompt === last) return say().heard;
    return queue.on === last ? say().coming : "";
  }

  function row(prompt) {
    const one = document.createElement("li");
    for (const [name, text] of [["what", prompt], ["note", mine.includes(prompt) ? say().yours : ""]]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      one.append(part, " ");
    }
    return one;
  }

  function paint() {
    at("asking").hidden = !isTaken;
    at("wanted").placeholder = say().wanted;
    at("send").setAttribute("aria-disabled", isSending);
    setText("asked", stateOfMine());
    at("asked").classList.toggle("refused", refused !== null && !isSending);
    at("wanted").setAttribute("aria-invalid", refused !== null && ["empty", "long", "words"].includes(refused.kind));
    const isHeard = piece?.requested && piece.prompt === queue.on;
    setText("coming", queue.on && !isHeard ? say().onItsWay(queue.on) : "");
    at("waiting").replaceChildren(...waiting().slice(0, MOST_SHOWN).map(row));
    const nOthers = waiting().length - MOST_SHOWN;
    setText("waiting-more", nOthers > 0 ? say().others(nOthers) : "");
  }

  async function ask(words) {
    isSending = true;
    refused = null;
    paint();
    const { said, kind, wait_s } = await send("requests", { prompt: words });
    isSending = false;
    if (said) {
      mine.push(said.prompt);
      taken = isKnown(said.prompt) ? "" : said.prompt;
      // What was written meanwhile stays.
      if (at("wanted").value === words) at("wanted").value = "";
    } else {
      refused = { kind, minutes: Math.max(1, Math.ceil(wait_s / 60)), characters: at("wanted").maxLength };
    }
    paint();
  }

  at("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isSending) ask(at("wanted").value);
  });
  at("wanted").addEventListener("input", () => {
    if (refused === null) return;
    refused = null;
    paint();
  });
  inEachLanguage(paint);
  return {
    show(current, isOn, told) {
      piece = current;
      isTaken = isOn;
      queue = told ?? NO_QUEUE;
      if (isKnown(taken)) taken = "";
      paint();
    },
  };
}
