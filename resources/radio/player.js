// SPDX-License-Identifier: GPL-3.0-or-later
// The player joins the stream, keeps in step with all who listen, and joins anew where it breaks.

import { wait_s } from "./patience.js";
import { FADE_S, fadeTo, gainFor, isRouted, soundContext } from "./sound.js";

// All hear the stream this late: whoever joins is sent its last four seconds, and more than a beginner has yet.
const BEHIND_S = 4.5;
const IN_STEP_S = 0.03, OFF_STEP_S = 0.15, OUT_OF_STEP_S = 3;
const MOST_NUDGE = 0.03;
const CROSSFADE_S = 0.8;
const STUCK_S = 8;
const ASK_S = 30;
const LOOK_MS = 500;

const now = () => performance.now() / 1000;

function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

// A deck plays one connection to the stream.
class Deck {
  constructor() {
    this.audio = new Audio();
    this.audio.preload = "none";
    this.gain = null;
    this.name = "";
    this.clear();
  }

  clear() {
    this.began_s = this.offset_s = null;
    this.asked_s = 0;
    this.moved_s = now();
    this.at_s = -1;
    this.isNudged = this.isPlaced = this.isWaiting = this.isHeard = false;
  }

  // Within a press, so that the browser lets it play later, by itself.
  wake() {
    if (isRouted && this.gain === null) {
      this.gain = gainFor(new MediaElementAudioSourceNode(soundContext(), { mediaElement: this.audio }));
    }
    if (!this.name) this.audio.load();
  }

  open() {
    this.clear();
    this.name = randomName();
    this.audio.playbackRate = 1;
    this.audio.src = `stream.mp3?id=${this.name}`;
    return this.audio.play();
  }

  close() {
    if (!this.name) return;
    this.name = "";
    this.clear();
    this.audio.pause();
    this.audio.removeAttribute("src");
    // Else the connection stays.
    this.audio.load();
  }

  ramp(gain, seconds) {
    if (this.gain === null) return;
    const t = soundContext().currentTime;
    this.gain.gain.cancelScheduledValues(t);
    this.gain.gain.setValueAtTime(this.gain.gain.value, t);
    this.gain.gain.linearRampToValueAtTime(gain, t + seconds);
  }

  // Returns whether the radio knows this connection; null where it did not answer.
  async locate() {
    const name = this.name, before_s = now();
    this.asked_s = before_s;
    try {
      const answer = await fetch(`position?id=${name}`, { cache: "no-store", signal: AbortSignal.timeout(4000) });
      if (answer.status === 404) return false;
      const said = await answer.json();
      if (name === this.name) {
        this.began_s = said.began_s;
        this.offset_s = said.stream_s - (before_s + now()) / 2;
      }
      return true;
    } catch {
      return null;
    }
  }

  // Seconds by which it is ahead of all others.
  ahead_s() {
    return this.began_s === null ? 0 : this.began_s + this.audio.currentTime - (now() + this.offset_s - BEHIND_S);
  }

  stepIn() {
    const ahead_s = this.ahead_s(), off_s = Math.abs(ahead_s);
    if (off_s > OFF_STEP_S) this.isNudged = true;
    if (off_s < IN_STEP_S) this.isNudged = false;
    const rate = this.isNudged ? 1 + Math.max(-MOST_NUDGE, Math.min(MOST_NUDGE, -ahead_s / 5)) : 1;
    if (this.audio.playbackRate !== rate) this.audio.playbackRate = rate;
    return off_s;
  }
}

export class Player {
  // `changed` is given the state: paused, joining, playing, buffer, lost, refused.
  constructor(changed) {
    this.changed = changed;
    this.state = "paused";
    this.isOn = false;
    this.lead = new Deck();
    this.next = new Deck();
    this.nFailed = 0;
    this.joined_s = 0;
    this.timers = new Set();
    this.isReachable = true;
    this.stepped_s = -1e9;
    for (const deck of [this.lead, this.next]) {
      deck.audio.addEventListener("playing", () => this.onPlaying(deck));
      deck.audio.addEventListener("pause", () => this.onPaused(deck));
      for (const name of ["ended", "error"]) deck.audio.addEventListener(name, () => this.onBroken(deck));
    }
    setInterval(() => this.look(), LOOK_MS);
  }

  toggle() {
    if (this.isOn) this.pause();
    else this.play();
  }

  play() {
    if (this.isOn) return;
    this.isOn = true;
    this.callOff();
    soundContext();
    for (const deck of [this.lead, this.next]) deck.wake();
    if (this.lead.name && this.lead.isHeard) {
      // It is fading out: it turns round.
      fadeTo(1, FADE_S);
      this.tell();
      return;
    }
    this.nFailed = 0;
    fadeTo(0, 0);
    this.lead.close();
    this.join();
  }

  pause() {
    if (!this.isOn) return;
    this.isOn = false;
    this.callOff();
    this.next.close();
    fadeTo(0, FADE_S);
    this.later(isRouted ? FADE_S : 0, () => this.lead.close());
    this.tell();
  }

  // Told from outside: whether the radio answers.
  reach(isReachable) {
    const isBack = isReachable && !this.isReachable;
    this.isReachable = isReachable;
    if (isBack && this.isOn) {
      if (this.lead.isHeard && !this.next.name) this.check(this.lead);
      else if (!this.next.name && !this.lead.name) this.join();
    }
    this.tell();
  }

  tell() {
    let state = "paused";
    if (this.isOn) {
      if (this.lead.isHeard) state = this.isReachable ? "playing" : "buffer";
      else state = this.isReachable && this.nFailed < 2 ? "joining" : "lost";
    }
    this.state = state;
    this.changed(state);
  }

  later(seconds, act) {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, 1000 * seconds);
    this.timers.add(timer);
  }

  callOff() {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  // The new connection takes over once it sounds; until then the old one plays what it has.
  join() {
    const deck = this.lead.isHeard ? this.next : this.lead;
    deck.close();
    deck.ramp(0, 0);
    this.joined_s = now();
    deck.open().catch((error) => {
      if (error.name !== "NotAllowedError" || !this.isOn) return;
      this.isOn = false;
      deck.close();
      this.changed("refused");
    });
    this.tell();
  }

  async onPlaying(deck) {
    if (!this.isOn || !deck.name || deck.isHeard || deck.isWaiting) return;
    if (!deck.isPlaced) {
      // Ahead of all others it waits for them, before it is heard, and begins once more.
      const { name } = deck;
      deck.isPlaced = deck.isWaiting = true;
      await deck.locate();
      if (name !== deck.name) return;
      const ahead_s = Math.min(deck.ahead_s(), 2 * BEHIND_S);
      if (ahead_s > IN_STEP_S) {
        deck.audio.pause();
        await new Promise((done) => setTimeout(done, 1000 * ahead_s));
        if (name !== deck.name) return;
        deck.isWaiting = false;
        deck.audio.play().catch(() => {});
        return;
      }
      deck.isWaiting = false;
    }
    if (!this.isOn) return;
    deck.isHeard = true;
    this.nFailed = 0;
    if (deck === this.next) {
      const old = this.lead;
      [this.lead, this.next] = [deck, old];
      old.isHeard = false;
      deck.ramp(1, CROSSFADE_S);
      old.ramp(0, CROSSFADE_S);
      this.later(CROSSFADE_S, () => old.close());
    } else {
      deck.ramp(1, 0);
    }
    fadeTo(1, FADE_S);
    this.tell();
  }

  // By none of ours: a call comes in, headphones are unplugged.
  onPaused(deck) {
    if (deck === this.lead && deck.isHeard && !deck.audio.ended && !deck.audio.error) this.pause();
  }

  onBroken(deck) {
    if (!deck.name) return;
    const isLead = deck === this.lead;
    deck.close();
    if (!this.isOn) return;
    if (isLead) {
      fadeTo(0, 0);
      // The other may be on its way already.
      if (this.next.name) [this.lead, this.next] = [this.next, this.lead];
      else this.tryAgain();
    } else {
      this.tryAgain();
    }
    this.tell();
  }

  tryAgain() {
    this.later(wait_s(this.nFailed), () => {
      if (this.isOn && !this.next.name && !(this.lead.name && !this.lead.isHeard)) this.join();
    });
    this.nFailed += 1;
  }

  async check(deck) {
    const name = deck.name;
    const isKnown = await deck.locate();
    // The radio has begun anew: its stream, too.
    if (isKnown === false && name === deck.name && this.isOn && !this.next.name) this.join();
  }

  look() {
    if (!this.isOn) return;
    const moving = this.next.name ? this.next : this.lead;
    if (!moving.name) return;
    const { audio } = moving;
    if (audio.currentTime !== moving.at_s || moving.isWaiting) {
      moving.at_s = audio.currentTime;
      moving.moved_s = now();
    }
    if (now() - moving.moved_s > STUCK_S) {
      this.onBroken(moving);
      return;
    }
    const { lead } = this;
    if (!lead.isHeard || this.next.name) return;
    if (lead.began_s === null ? now() - lead.asked_s > 2 : now() - lead.asked_s > ASK_S) this.check(lead);
    if (lead.began_s !== null && lead.stepIn() > OUT_OF_STEP_S && this.isReachable && now() - this.stepped_s > 10) {
      this.stepped_s = now();
      this.join();
    }
  }
}
