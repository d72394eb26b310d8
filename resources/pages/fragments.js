// SPDX-License-Identifier: GPL-3.0-or-later
"use strict";

const WORDS = {
  en: {
    title: "Fragments", prompt: "Prompt", generate: "Make one", stop: "Stop", when: "When one is made",
    byHand: "by hand", every: "every", seconds: "seconds", whenTaken: "when one is taken", slots: "Slots", log: "Log",
    slot: (n) => `Slot ${n}`, empty: "empty", blocked: "a folder has its name", frozen: "frozen", next: "next", isTaken: "taken",
    play: "Play", pause: "Pause", freeze: "Freeze", clear: "Clear", make: "Make here",
    age: (text) => `${text} ago`, now: "just now", lasts: (s) => `${s.toFixed(2)} s`,
    making: (what, how) => `Making “${what}”${how}`, waiting: (n) => `, ${n} waiting`, idle: "Ready",
    lost: "The station does not answer; trying again…",
    ready: (f) => `${f.making_s.toFixed(1)} s → slot ${f.slot} (${f.archived}): “${f.prompt}”`,
    archived: (f) => `${f.making_s.toFixed(1)} s → ${f.archived}, all slots are frozen: “${f.prompt}”`,
    silent: (f) => `Nothing is heard in “${f.prompt}”: no slot is used up`,
    errors: {},
  },
  it: {
    title: "Frammenti", prompt: "Prompt", generate: "Creane uno", stop: "Ferma", when: "Quando se ne crea uno",
    byHand: "a mano", every: "ogni", seconds: "secondi", whenTaken: "quando ne viene preso uno", slots: "Slot", log: "Registro",
    slot: (n) => `Slot ${n}`, empty: "vuoto", blocked: "una cartella ha il suo nome", frozen: "congelato", next: "prossimo", isTaken: "preso",
    play: "Ascolta", pause: "Pausa", freeze: "Congela", clear: "Svuota", make: "Crea qui",
    age: (text) => `${text} fa`, now: "adesso", lasts: (s) => `${s.toFixed(2).replace(".", ",")} s`,
    making: (what, how) => `Si crea “${what}”${how}`, waiting: (n) => `, ${n} in attesa`, idle: "Pronta",
    lost: "La stazione non risponde; si riprova…",
    ready: (f) => `${f.making_s.toFixed(1).replace(".", ",")} s → slot ${f.slot} (${f.archived}): “${f.prompt}”`,
    archived: (f) => `${f.making_s.toFixed(1).replace(".", ",")} s → ${f.archived}, tutti gli slot sono congelati: “${f.prompt}”`,
    silent: (f) => `In “${f.prompt}” non si sente niente: nessuno slot è usato`,
    errors: {
      AllSlotsFrozen: () => "Tutti gli slot sono congelati: liberane uno, e il prossimo frammento avrà un posto.",
      SlotFrozen: (f) => `Lo slot ${f.number} è congelato: prima liberalo.`,
      EmptyPrompt: () => "Manca un prompt: scrivi che cosa vuoi sentire.",
    },
  },
};
const MOST_LINES = 200;

const at = (id) => document.getElementById(id);
const tiles = new Map();
let language = navigator.language.toLowerCase().startsWith("it") ? "it" : "en";
let state = null;
let playing = null;

const say = () => WORDS[language];

function inLanguage() {
  document.documentElement.lang = language;
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = say()[one.dataset.say];
  const other = language === "it" ? "en" : "it";
  at("language").textContent = other === "it" ? "Italiano" : "English";
  at("language").lang = other;
  document.title = `Infiniloop: ${say().title.toLowerCase()}`;
  if (state) show(state);
}

async function ask(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body ?? {}),
    });
    if (!answer.ok) tell(inWords((await answer.json()).error));
    return answer.ok;
  } catch {
    tell(say().lost);
    return false;
  }
}

function inWords(error) {
  const known = say().errors[error.kind];
  return known ? known(error.fields) : error.message;
}

function tell(text) {
  const line = document.createElement("li");
  const time = new Date().toLocaleTimeString(language);
  line.textContent = `${time}  ${text}`;
  at("log").prepend(line);
  while (at("log").childElementCount > MOST_LINES) at("log").lastElementChild.remove();
}

function element(name, attributes, ...inner) {
  const one = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  one.append(...inner);
  return one;
}

function tileOf(number) {
  if (tiles.has(number)) return tiles.get(number);
  const button = (deed) => {
    const one = element("button", { type: "button" });
    one.addEventListener("click", deed);
    return one;
  };
  const tile = {
    box: element("li", { class: "slot" }),
    name: element("span", { id: `name-${number}` }),
    marks: element("span", {}),
    says: element("p", { class: "says" }),
    told: element("p", {}),
    wave: document.createElementNS("http://www.w3.org/2000/svg", "svg"),
    drawn: "",
    play: button(() => toggle(number)),
    freeze: button(() => ask(`slots/${number}/freeze`, { frozen: !state.slots[number - 1].is_frozen })),
    clear: button(() => ask(`slots/${number}/clear`)),
    make: button(() => ask("generate", { prompt: at("prompt").value, slot: number })),
  };
  tile.wave.setAttribute("viewBox", "0 0 96 2");
  tile.wave.setAttribute("preserveAspectRatio", "none");
  tile.wave.setAttribute("aria-hidden", "true");
  const deeds = element("div", { class: "deeds", role: "group", "aria-labelledby": `name-${number}` });
  deeds.append(tile.play, tile.freeze, tile.clear, tile.make);
  tile.box.append(element("h3", {}, tile.name, tile.marks), tile.wave, tile.says, tile.told, deeds);
  tile.box.addEventListener("animationend", () => tile.box.classList.remove("flash"));
  at("slots").append(tile.box);
  tiles.set(number, tile);
  return tile;
}

function ageOf(slot) {
  const seconds = Math.max(0, Date.now() / 1000 - slot.written_s);
  if (seconds < 5) return say().now;
  if (seconds < 90) return say().age(`${Math.round(seconds)} s`);
  if (seconds < 5400) return say().age(`${Math.round(seconds / 60)} min`);
  return say().age(`${Math.round(seconds / 3600)} h`);
}

function draw(tile, peaks) {
  const path = peaks.map((one, x) => `M${x} ${1 - one}h0.8V${1 + one}h-0.8z`).join("");
  if (path === tile.drawn) return;
  tile.drawn = path;
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  tile.wave.replaceChildren(line);
}

function showSlot(slot) {
  const tile = tileOf(slot.number);
  const words = say();
  const marks = [];
  if (!slot.is_filled) marks.push(slot.is_blocked ? words.blocked : words.empty);
  if (slot.is_frozen) marks.push(words.frozen);
  if (slot.is_taken) marks.push(words.isTaken);
  if (state.next_slot === slot.number) marks.push(words.next);
  tile.box.classList.toggle("next", state.next_slot === slot.number);
  tile.box.classList.toggle("frozen", slot.is_frozen);
  tile.name.textContent = words.slot(slot.number);
  tile.marks.textContent = marks.join(" · ");
  tile.says.textContent = slot.prompt;
  tile.told.textContent = slot.is_filled ? `${words.lasts(slot.duration_s)} · ${ageOf(slot)} ${slot.archived && "· " + slot.archived}` : "";
  draw(tile, slot.peaks);
  const isPlaying = playing === slot.number;
  tile.play.textContent = isPlaying ? words.pause : words.play;
  tile.play.setAttribute("aria-pressed", String(isPlaying));
  tile.play.disabled = !slot.is_filled;
  tile.freeze.textContent = words.freeze;
  tile.freeze.setAttribute("aria-pressed", String(slot.is_frozen));
  tile.clear.textContent = words.clear;
  tile.clear.disabled = !slot.is_filled || slot.is_frozen;
  tile.make.textContent = words.make;
  tile.make.disabled = slot.is_frozen;
}

function show(told) {
  state = told;
  for (const slot of state.slots) showSlot(slot);
  for (const radio of document.querySelectorAll("[name=mode]")) radio.checked = radio.value === state.mode;
  if (state.mode === "every" && document.activeElement !== at("every")) at("every").value = state.every_s;
  const { making } = state;
  let words = say().idle;
  if (making) {
    const share = making.fraction === null ? "" : `, ${Math.round(100 * making.fraction)} %`;
    words = say().making(making.prompt, `${making.stage && ": " + making.stage}${share}`);
  }
  if (state.n_waiting) words += say().waiting(state.n_waiting);
  if (at("status").textContent !== words) at("status").textContent = words;
  at("stop").disabled = !making && !state.n_waiting;
}

function onFact(fact) {
  if (fact.kind === "failed") tell(inWords(fact.error));
  else if (fact.kind === "silent") tell(say().silent(fact));
  else if (fact.slot === null) tell(say().archived(fact));
  else {
    tell(say().ready(fact));
    const { box } = tileOf(fact.slot);
    box.classList.remove("flash");
    void box.offsetWidth; // begins the animation anew
    box.classList.add("flash");
  }
}

function toggle(number) {
  const player = at("player");
  if (playing === number) {
    player.pause();
    playing = null;
  } else {
    playing = number;
    player.loop = state.is_loops;
    player.src = `slots/${number}/sound?${state.slots[number - 1].written_s}`;
    player.play().catch(() => { playing = null; show(state); });
  }
  show(state);
}

at("player").addEventListener("ended", () => { playing = null; show(state); });
at("language").addEventListener("click", () => { language = language === "it" ? "en" : "it"; inLanguage(); });
at("stop").addEventListener("click", () => ask("stop"));
at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  ask("generate", { prompt: at("prompt").value });
});
function setMode() {
  const mode = new FormData(at("modes")).get("mode") ?? "by-hand";
  ask("mode", { mode, every_s: Number(at("every").value) || 30 });
}
at("modes").addEventListener("submit", (event) => { event.preventDefault(); setMode(); });
for (const radio of document.querySelectorAll("[name=mode]")) radio.addEventListener("change", setMode);
at("every").addEventListener("change", () => { if (state && state.mode === "every") setMode(); });

inLanguage();
const events = new EventSource("events");
events.addEventListener("state", (event) => show(JSON.parse(event.data)));
events.addEventListener("fact", (event) => onFact(JSON.parse(event.data)));
events.addEventListener("error", () => { at("status").textContent = say().lost; });
setInterval(() => { if (state) show(state); }, 5000);
