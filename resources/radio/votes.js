// SPDX-License-Identifier: GPL-3.0-or-later
// Votes: more or less like what plays, once for each piece.

import { kept, keep } from "./kept.js";
import { send } from "./sent.js";
import { toast } from "./toast.js";
import { inEachLanguage, say } from "./words.js";

const SIGNS = { less: "-", more: "+" };

const at = (id) => document.getElementById(id);

// What is told of the piece that plays, and whether votes are taken, goes to `show`.
export function keepVotes() {
  let piece = null, isTaken = false;
  // The piece that was voted for, and how; “” where another listener of this network did.
  let votedFor = kept("voted-for", ""), vote = kept("vote", "");

  const nameOf = (one) => (one?.number && one.mood ? `${one.number} ${one.since}` : "");

  function paint() {
    const name = nameOf(piece), isDone = name !== "" && votedFor === name;
    at("votes").hidden = !isTaken;
    at("votes").setAttribute("aria-label", say().votes);
    for (const [value, sign] of Object.entries(SIGNS)) {
      const button = at(value);
      button.querySelector(".short").textContent = say()[value];
      button.querySelector(".long").textContent = say()[`${value}Long`];
      button.setAttribute("aria-label", say()[`${value}Long`]);
      button.setAttribute("aria-pressed", isDone && vote === value);
      // Not “disabled”, which would take the focus away from who uses keys.
      button.setAttribute("aria-disabled", name === "" || isDone);
      button.title = piece?.title && name === "" ? say().unvoted.mood : say().key(sign);
    }
  }

  function mark(name, value) {
    votedFor = name;
    vote = value;
    keep("voted-for", name);
    keep("vote", value);
    paint();
  }

  async function cast(value) {
    const name = nameOf(piece), { number } = piece ?? {};
    if (!isTaken || name === "" || votedFor === name) return;
    mark(name, value);
    at("voted").textContent = "";
    const { said, kind } = await send("vote", { number, value });
    if (said) {
      at("voted").textContent = say().voted[value];
      return;
    }
    if (votedFor === name) mark(kind === "twice" ? name : "", "");
    toast(say().unvoted[kind] ?? say().unvoted.other);
  }

  for (const value of Object.keys(SIGNS)) at(value).addEventListener("click", () => cast(value));
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("[type=text]")) return;
    const value = Object.keys(SIGNS).find((one) => SIGNS[one] === event.key);
    if (value) cast(value);
  });
  inEachLanguage(paint);
  return {
    show(current, isOn) {
      piece = current;
      isTaken = isOn;
      paint();
    },
  };
}
