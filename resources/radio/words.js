// SPDX-License-Identifier: GPL-3.0-or-later
// All that the page says, in English and Italian; `data-say` in the page names what stands where.

import { kept, keep } from "./kept.js";

const quoted = (text) => `“${text}”`;

const WORDS = {
  en: {
    skip: "To the music", other: "Italiano", play: "Play", pause: "Pause", space: "The space bar plays and pauses, too.",
    volume: "Volume", percent: (n) => `${n} percent`, by: (name) => `by ${name}`, prompt: quoted, nothing: "Quiet, for now",
    number: (n) => `No. ${n}`, since: (time) => `since ${time}`, recycled: "played before, and glad to be back",
    reserve: "On reserve: old friends play until new music comes.",
    live: (title, name) => (name ? `Now: ${title}, by ${name}` : `Now: ${title}`),
    people: (n) => (n === 0 ? "No one is tuned in yet" : n === 1 ? "1 person is tuned in" : `${n} people are tuned in`),
    states: {
      paused: "Press play, and let it run.", joining: "Tuning in…", playing: "On the air",
      lost: "The radio is out of reach. It is tried again…", buffer: "The radio is out of reach. What has arrived plays on…",
      refused: "The browser did not let the music begin. Press play once more.",
    },
    history: "What was played", historyEmpty: "What is played will be listed here.",
    moods: {
      night: "A quiet night. The world can wait.", dawn: "First light. No hurry.", morning: "Good morning. One thing at a time.",
      afternoon: "A long, soft afternoon.", evening: "The evening settles in.",
    },
    hello: "Say hello to the hedgehog", hellos: (n) => (n === 1 ? "1 hello" : `${n} hellos`),
    answers: ["It hums.", "It wiggles its nose.", "It knows this one.", "It taps a paw.", "It is glad that you are here."],
    reward: "A hundred hellos! The hedgehog has lit the fireflies for you.",
  },
  it: {
    skip: "Alla musica", other: "English", play: "Ascolta", pause: "Pausa", space: "Anche la barra spaziatrice avvia e mette in pausa.",
    volume: "Volume", percent: (n) => `${n} per cento`, by: (name) => `di ${name}`, prompt: quoted, nothing: "Silenzio, per ora",
    number: (n) => `N. ${n}`, since: (time) => `dalle ${time}`, recycled: "già suonato, e felice di tornare",
    reserve: "Di riserva: vecchi amici suonano finché non arriva musica nuova.",
    live: (title, name) => (name ? `Ora: ${title}, di ${name}` : `Ora: ${title}`),
    people: (n) => (n === 0 ? "Ancora nessuno in ascolto" : n === 1 ? "1 persona è in ascolto" : `${n} persone sono in ascolto`),
    states: {
      paused: "Premi ascolta, e lascia scorrere.", joining: "Ci si sintonizza…", playing: "In onda",
      lost: "La radio non si raggiunge. Si riprova…", buffer: "La radio non si raggiunge. Ciò che è arrivato continua…",
      refused: "Il browser non ha lasciato partire la musica. Premi ascolta ancora una volta.",
    },
    history: "Che cosa è andato in onda", historyEmpty: "Ciò che va in onda sarà elencato qui.",
    moods: {
      night: "Una notte quieta. Il mondo può aspettare.", dawn: "La prima luce. Senza fretta.", morning: "Buongiorno. Una cosa alla volta.",
      afternoon: "Un pomeriggio lungo e morbido.", evening: "La sera si posa.",
    },
    hello: "Saluta il riccio", hellos: (n) => (n === 1 ? "1 saluto" : `${n} saluti`),
    answers: ["Canticchia.", "Arriccia il naso.", "Questa la conosce.", "Tiene il tempo con la zampa.", "È contento che tu sia qui."],
    reward: "Cento saluti! Il riccio ha acceso le lucciole per te.",
  },
};

const followers = [];
let language = kept("language", navigator.language.toLowerCase().startsWith("it") ? "it" : "en");
if (!(language in WORDS)) language = "en";

export const say = () => WORDS[language];
export const locale = () => language;

// Has `act` run now, and whenever the language changes.
export function inEachLanguage(act) {
  followers.push(act);
  act();
}

export function switchLanguage() {
  language = language === "it" ? "en" : "it";
  keep("language", language);
  for (const act of followers) act();
}
