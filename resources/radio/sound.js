// SPDX-License-Identifier: GPL-3.0-or-later
// The way of the sound: decks → fade → volume → loudspeaker; the picture is taken before the volume.

import { kept, keep } from "./kept.js";

export const FADE_S = 2;

let context = null;
let fade, volume;
let level = Math.min(100, Math.max(0, Number.parseInt(kept("volume", "70"), 10) || 0));

// iOS lets no page set a volume, and stops what goes through Web Audio when the screen is locked: there the music plays by itself.
const probe = new Audio();
probe.volume = 0.5;
export const isRouted = probe.volume === 0.5;

export const volumeLevel = () => level;
// The ear's steps are not those of the numbers.
const gainOf = (percent) => (percent / 100) ** 2;

// Only after a press: browsers let no page sound before.
export function soundContext() {
  if (context === null) {
    context = new AudioContext({ latencyHint: "playback" });
    fade = new GainNode(context, { gain: 0 });
    volume = new GainNode(context, { gain: gainOf(level) });
    fade.connect(volume).connect(context.destination);
  }
  if (context.state !== "running") context.resume().catch(() => {});
  return context;
}

export function setVolume(percent) {
  level = percent;
  keep("volume", percent);
  if (context) volume.gain.setTargetAtTime(gainOf(percent), context.currentTime, 0.03);
}

// From wherever it is: a fade that is overtaken by another turns round.
export function fadeTo(gain, seconds) {
  const now = soundContext().currentTime;
  const from = fade.gain.value;
  fade.gain.cancelScheduledValues(now);
  fade.gain.setValueAtTime(from, now);
  fade.gain.linearRampToValueAtTime(gain, now + seconds);
}

export function gainFor(source) {
  const gain = new GainNode(soundContext(), { gain: 0 });
  source.connect(gain).connect(fade);
  return gain;
}

export function analyser() {
  const one = new AnalyserNode(soundContext(), { fftSize: 2048, smoothingTimeConstant: 0.8 });
  fade.connect(one);
  return one;
}

// For sounds that are none of the music's.
export function besides() {
  soundContext();
  return volume;
}
