// SPDX-License-Identifier: GPL-3.0-or-later
// The page: what is heard, by whom, and the hands on it. Whatever comes from outside is set as text, never as markup.

import { keepHedgehog } from "./animal.js";
import { keepRequests } from "./asking.js";
import { follow } from "./link.js";
import { Player } from "./player.js";
import { isRouted, setVolume, volumeLevel } from "./sound.js";
import { keepVotes } from "./votes.js";
import { Wave } from "./wave.js";
import { inEachLanguage, locale, say, switchLanguage } from "./words.js";

const MOST_HISTORY = 8;
const MOODS = [[5, "night"], [8, "dawn"], [12, "morning"], [17, "afternoon"], [22, "evening"], [24, "night"]];

const at = (id) => document.getElementById(id);
const wave = new Wave(at("wave"));
const votes = keepVotes(), requests = keepRequests();
let current = null, listeners = null, station = "Infiniloop", history = [];
let takes = { votes: false, requests: false }, queue = null;
let announced = "";

function setText(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text;
}

const timeOf = (since) => new Date(since).toLocaleTimeString(locale(), { hour: "numeric", minute: "2-digit" });

// --- what is on the air ---------------------------------------------------------------------------------------------

function showCurrent() {
  const title = current?.title || say().nothing;
  if (at("title").textContent !== title) {
    at("title").textContent = title;
    at("piece").classList.remove("comes");
    // Read, so that it comes anew.
    void at("piece").getBoundingClientRect();
    at("piece").classList.add("comes");
  }
  setText("artist", current?.artist ? say().by(current.artist) : "");
  setText("prompt", current?.prompt ? say().prompt(current.prompt) : "");
  const facts = [];
  if (current?.number) facts.push(say().number(current.number));
  if (current?.since) facts.push(say().since(timeOf(current.since)));
  if (current?.recycled) facts.push(say().recycled);
  if (current?.requested) facts.push(say().requested);
  setText("facts", facts.join(" · "));
  setText("reserve", current?.on_reserve ? say().reserve : "");
  document.title = current?.title ? `${current.title} · ${station}` : station;
  const words = current?.title ? say().live(current.title, current.artist) : "";
  if (words !== announced) {
    announced = words;
    setText("live", words);
  }
  showOnLockScreen();
}

function showHistory() {
  const past = history.filter((one) => one.title && one.since !== current?.since).slice(0, MOST_HISTORY);
  at("history").replaceChildren(...past.map((one) => {
    const row = document.createElement("li");
    for (const [name, text] of [
      ["when", one.since ? timeOf(one.since) : ""],
      ["what", one.title],
      ["whose", one.artist ? say().by(one.artist) : ""],
    ]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      row.append(part, " ");
    }
    return row;
  }));
  at("history-empty").hidden = past.length > 0;
}

function told(news) {
  if (news.station) {
    station = news.station;
    setText("station", station);
  }
  if (news.history) history = news.history;
  if (news.current) {
    if (current?.since && news.current.since !== current.since && !history.some((one) => one.since === current.since)) {
      history.unshift(current);
    }
    current = news.current;
  }
  if (news.listeners !== undefined) listeners = news.listeners;
  if (news.takes) takes = news.takes;
  if (news.queue) queue = news.queue;
  votes.show(current, takes.votes);
  requests.show(current, takes.requests, queue);
  showCurrent();
  showHistory();
  setText("people", listeners === null ? "" : say().people(listeners));
}

// --- the hands ------------------------------------------------------------------------------------------------------

function showState(state) {
  const isOn = player.isOn;
  document.documentElement.dataset.state = state;
  at("play").setAttribute("aria-label", isOn ? say().pause : say().play);
  at("play").title = say().space;
  setText("state", say().states[state]);
  wave.set(isOn);
  if ("mediaSession" in navigator) navigator.mediaSession.playbackState = isOn ? "playing" : "paused";
}

function showVolume() {
  at("volume").setAttribute("aria-valuetext", say().percent(volumeLevel()));
  at("volume").style.setProperty("--at", `${volumeLevel()}%`);
}

const player = new Player((state) => showState(state));

at("play").addEventListener("click", () => player.toggle());
document.addEventListener("keydown", (event) => {
  if (event.code !== "Space" || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  // There the key has a meaning of its own.
  if (event.target.closest("button, a, summary, select, textarea, [type=text]")) return;
  event.preventDefault();
  player.toggle();
});
at("volume").value = volumeLevel();
at("volume").addEventListener("input", () => {
  setVolume(Number(at("volume").value));
  showVolume();
});
at("loudness").hidden = !isRouted;
at("language").addEventListener("click", switchLanguage);

function showOnLockScreen() {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.metadata = new MediaMetadata({
    title: current?.title || station,
    artist: current?.artist || station,
    album: station,
    artwork: [192, 512].map((size) => ({ src: `icon-${size}.png`, sizes: `${size}x${size}`, type: "image/png" })),
  });
}
if ("mediaSession" in navigator) {
  const acts = { play: () => player.play(), pause: () => player.pause(), stop: () => player.pause() };
  for (const [name, act] of Object.entries(acts)) navigator.mediaSession.setActionHandler(name, act);
}

// --- the hour, and the language -------------------------------------------------------------------------------------

function showMood() {
  const hour = new Date().getHours();
  const [, mood] = MOODS.find(([until]) => hour < until);
  document.documentElement.dataset.mood = mood;
  setText("mood", say().moods[mood]);
}
setInterval(showMood, 60_000);

inEachLanguage(() => {
  document.documentElement.lang = locale();
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = say()[one.dataset.say];
  at("language").lang = locale() === "it" ? "en" : "it";
  showMood();
  showState(player.state);
  showVolume();
  told({});
});
keepHedgehog();
follow(told, (isReachable) => player.reach(isReachable));
