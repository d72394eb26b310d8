// SPDX-License-Identifier: GPL-3.0-or-later
// The link tells what is on the air and who listens: by the radio's events, and by asking where those do not come.

import { wait_s } from "./patience.js";

const SILENT_S = 8;

// `told` is given {current}, {listeners}, {queue} or {station, history, takes}; `reached` whether the radio answers.
export function follow(told, reached) {
  let source = null, timer = 0, nFailed = 0, nEvents = 0;

  async function ask(path) {
    const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }

  // What the events do not tell; and all of it, where they fail.
  async function lookUp() {
    const nBefore = nEvents;
    try {
      const [current, history] = await Promise.all([ask("current"), ask("history")]);
      const takes = { votes: current.votes, requests: current.requests };
      const queue = takes.requests ? await ask("requests") : null;
      told({ station: current.station, history, takes });
      // What an event told meanwhile is newer.
      if (nEvents === nBefore) told({ current, listeners: current.listeners, queue });
      reached(true);
    } catch {
      reached(false);
    }
  }

  function failed() {
    source?.close();
    source = null;
    clearTimeout(timer);
    timer = setTimeout(connect, 1000 * wait_s(nFailed));
    nFailed += 1;
    lookUp();
  }

  function connect() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource("events");
    // Something between us and the radio may keep the events to itself.
    timer = setTimeout(failed, 1000 * SILENT_S);
    let isFirst = true;
    source.addEventListener("current", (event) => {
      nEvents += 1;
      clearTimeout(timer);
      if (isFirst) lookUp();
      isFirst = false;
      nFailed = 0;
      told({ current: JSON.parse(event.data) });
    });
    for (const [kind, name] of [["listeners", "listeners"], ["requests", "queue"]]) {
      source.addEventListener(kind, (event) => {
        nEvents += 1;
        told({ [name]: JSON.parse(event.data) });
      });
    }
    source.onerror = failed;
  }

  // A machine that was asleep need not wait until it is noticed.
  window.addEventListener("online", connect);
  connect();
}
