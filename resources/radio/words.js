// SPDX-License-Identifier: GPL-3.0-or-later
// All that the page says, in English and Italian; `data-say` in the page names what stands where.

import { kept, keep } from "./kept.js";

const quoted = (text) => `“${text}”`;
const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };
const rule = new Intl.PluralRules("en", { type: "ordinal" });
const ordinal = (n) => `${n}${ENDINGS[rule.select(n)]}`;

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
    more: "More", less: "Less", moreLong: "More like this", lessLong: "Less like this", votes: "Your vote for what plays",
    key: (sign) => `Key ${sign}`, voted: { more: "Noted: more like this.", less: "Noted: less like this." },
    unvoted: {
      twice: "A vote from your network was counted for this piece.", over: "That piece is over: vote for the one that plays now.",
      mood: "This piece belongs to no mood of the station, so there is nothing to vote for.",
      rate: "This piece has all the votes that are counted.", away: "The radio is out of reach: try again in a moment.",
      other: "The vote was not taken: try again in a moment.",
    },
    asking: "What would you like to hear?", wanted: "calm piano, 70 bpm", send: "Send", requested: "a listener’s request",
    place: (n) => (n === 1 ? "Thank you. Yours comes next." : `Thank you. You are ${ordinal(n)}.`),
    coming: "Yours is on its way.", heard: "This one is yours. Enjoy it.", sending: "Sending…",
    onItsWay: (prompt) => `On its way: ${quoted(prompt)}`, yours: "yours", others: (n) => (n === 1 ? "and one more" : `and ${n} more`),
    unasked: {
      empty: () => "Write what you would like to hear.", long: ({ characters }) => `That is long: ${characters} characters are the most.`,
      words: () => "A word of that is not played here: say it in others.", waits: () => "That is in the queue, or on, already.",
      full: () => "The queue is full: come back in a few minutes.",
      rate: ({ minutes }) => `You have asked a lot: there is room for your next one in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
      away: () => "The radio is out of reach: try again in a moment.", other: () => "That was not taken: try again in a moment.",
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
    more: "Più", less: "Meno", moreLong: "Più così", lessLong: "Meno così", votes: "Il tuo voto a ciò che suona",
    key: (sign) => `Tasto ${sign}`, voted: { more: "Segnato: più così.", less: "Segnato: meno così." },
    unvoted: {
      twice: "Un voto dalla tua rete è già contato per questo brano.", over: "Quel brano è finito: vota quello che suona ora.",
      mood: "Questo brano non è di alcuna atmosfera della stazione: non c’è nulla da votare.",
      rate: "Questo brano ha già tutti i voti che si contano.", away: "La radio non si raggiunge: riprova tra un momento.",
      other: "Il voto non è stato preso: riprova tra un momento.",
    },
    asking: "Che cosa vorresti ascoltare?", wanted: "piano calmo, 70 bpm", send: "Invia", requested: "chiesto da chi ascolta",
    place: (n) => (n === 1 ? "Grazie. La tua è la prossima." : `Grazie. Sei al ${n}º posto.`),
    coming: "La tua sta arrivando.", heard: "Questa è la tua. Buon ascolto.", sending: "Invio…",
    onItsWay: (prompt) => `In arrivo: ${quoted(prompt)}`, yours: "la tua", others: (n) => (n === 1 ? "e un’altra" : `e altre ${n}`),
    unasked: {
      empty: () => "Scrivi che cosa vorresti ascoltare.", long: ({ characters }) => `È lunga: al massimo ${characters} caratteri.`,
      words: () => "Una parola di queste qui non si suona: dillo con altre.", waits: () => "È già in coda, o già in onda.",
      full: () => "La coda è piena: torna tra qualche minuto.",
      rate: ({ minutes }) => `Hai chiesto molto: per la prossima c’è posto tra ${minutes === 1 ? "un minuto" : `${minutes} minuti`}.`,
      away: () => "La radio non si raggiunge: riprova tra un momento.", other: () => "Non è stata presa: riprova tra un momento.",
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
