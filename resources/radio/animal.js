// SPDX-License-Identifier: GPL-3.0-or-later
// The hedgehog answers when it is pressed: note by note it hums a small tune, and it counts.

import { besides, soundContext } from "./sound.js";
import { inEachLanguage, say } from "./words.js";
import { kept, keep } from "./kept.js";
import { toast } from "./toast.js";

const REWARD_AT = 100;
// Semitones from A: a tune in a scale in which nothing clashes.
const TUNE = [0, 3, 5, 7, 10, 7, 5, 3, 5, 7, 12, 10, 7, 10, 7, 5, 3, 5, 0, -2, 0];
const A_HZ = 440;
const HEART_MS = 1600;

const at = (id) => document.getElementById(id);

function hum(number) {
  const context = soundContext(), now = context.currentTime + 0.02;
  const hz = A_HZ * 2 ** (TUNE[number % TUNE.length] / 12);
  const level = new GainNode(context, { gain: 0 });
  const warm = new BiquadFilterNode(context, { type: "lowpass", frequency: 1400 });
  level.connect(warm).connect(besides());
  level.gain.setValueAtTime(0, now);
  level.gain.linearRampToValueAtTime(0.16, now + 0.05);
  level.gain.exponentialRampToValueAtTime(0.0005, now + 0.9);
  for (const [type, factor, cents] of [["triangle", 1, 0], ["sine", 2, 4]]) {
    const voice = new OscillatorNode(context, { type, frequency: hz * factor, detune: cents });
    voice.frequency.setValueAtTime(0.97 * hz * factor, now);
    voice.frequency.exponentialRampToValueAtTime(hz * factor, now + 0.08);
    voice.connect(level);
    voice.start(now);
    voice.stop(now + 1);
    voice.onended = () => warm.disconnect();
  }
}

export function keepHedgehog() {
  let count = Number.parseInt(kept("hellos", "0"), 10) || 0;

  function show() {
    at("hellos").textContent = count ? say().hellos(count) : "";
    document.documentElement.classList.toggle("befriended", count >= REWARD_AT);
  }

  function heart() {
    const one = at("heart-mark").content.firstElementChild.cloneNode(true);
    one.style.setProperty("--lean", `${Math.round(Math.random() * 40 - 20)}px`);
    at("hearts").append(one);
    setTimeout(() => one.remove(), HEART_MS);
  }

  at("hedgehog").addEventListener("click", () => {
    hum(count);
    count += 1;
    keep("hellos", count);
    show();
    heart();
    const box = at("hedgehog");
    box.classList.remove("glad");
    // Read, so that the movement begins anew.
    void box.getBoundingClientRect();
    box.classList.add("glad");
    at("answer").textContent = say().answers[count % say().answers.length];
    if (count === REWARD_AT) toast(say().reward);
  });
  inEachLanguage(() => {
    at("hedgehog").setAttribute("aria-label", say().hello);
    show();
  });
}
