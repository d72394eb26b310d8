# SPDX-License-Identifier: GPL-3.0-or-later
"""Performed loops are a written phrase that players repeat, never twice the same, through a synth."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.values import Clip
from tests.benchmarks.loopcases.cases import Case, Split, Truth, at_peak, case_rng
from tests.benchmarks.loopcases.plainsynth import play_plainly
from tests.benchmarks.loopcases.score import (
    CLOSED_HAT,
    CRASH,
    ENSEMBLES,
    LOW_TOM,
    OPEN_HAT,
    SNARE,
    Ensemble,
    Phrase,
    Stroke,
    channels,
    write_phrase,
)
from tests.benchmarks.loopcases.synth import DRUMS, Note, play

ONSET_JITTER_S = 0.006
"""Standard deviation of every note's onset, seconds."""

SHORTEST_S, LONGEST_S = 10.0, 45.0
MIN_TEMPO_BPM, MAX_TEMPO_BPM = 60.0, 180.0

_VELOCITY_JITTER = 9.0
_FEWEST_PHRASES = 2.25
_METRES = ((4, 0.5, 0.5), (3, 0.5, 0.25), (6, 0.5, 0.15), (5, 0.5, 0.1))  # beats in a bar, step, share
_GRACE_S = 0.07
_SHARE_OF_HARD = 0.3  # phrases whose halves differ in one bar only, played with twice the freedom
_SHARE_OF_PLAIN = 0.25


class Feel(NamedTuple):
    """A feel: a beat's length, where the off-beat eighth falls (0.5 is straight), how freely is played (1 is usual)."""

    beat_s: float
    swing: float
    freedom: float


def performed_case(split: Split, index: int) -> Case:
    """Return case ``index`` of a split, always the same one. Raises MaterialMissing without the synth."""
    rng = case_rng("performed", split, index)
    extra = case_rng("performed", split, index, 1)
    hard, plain = extra.random() < _SHARE_OF_HARD, extra.random() < _SHARE_OF_PLAIN
    ensemble = ENSEMBLES[int(rng.integers(len(ENSEMBLES)))]
    metre = int(rng.choice(len(_METRES), p=[share for _, _, share in _METRES]))
    beats_per_bar, step = _METRES[metre][:2]
    while True:
        tempo = float(np.exp(rng.uniform(np.log(MIN_TEMPO_BPM), np.log(MAX_TEMPO_BPM))))
        bars = int(rng.choice([1, 2, 4, 8], p=[0.1, 0.25, 0.4, 0.25]))
        # The felt beat of six is a dotted quarter, three of what is counted here.
        beat_s = 60.0 / tempo / (3 if beats_per_bar == 6 else 1)
        phrase_s = bars * beats_per_bar * beat_s
        if 1.2 <= phrase_s <= LONGEST_S / _FEWEST_PHRASES and beat_s * step > 0.08:
            break
    if beats_per_bar == 6:
        step = 1.0
    phrase = write_phrase(ensemble, bars, (beats_per_bar, step), rng, alike=hard)
    swing = float(rng.uniform(0.56, 0.67)) if step == 0.5 and rng.random() < 0.3 else 0.5
    feel = Feel(beat_s, swing, 2.0 if hard else 1.0)
    least = max(SHORTEST_S, _FEWEST_PHRASES * phrase_s)
    n_phrases = rng.uniform(least, min(LONGEST_S, max(least, 6.0 * phrase_s))) / phrase_s
    if rng.random() < 0.5 and np.floor(n_phrases) > _FEWEST_PHRASES:
        n_phrases = np.floor(n_phrases)
    begins, notes, lead_s = "at once", [], 0.0
    if rng.random() < 0.5:
        begins = str(rng.choice(["after silence", "after another bar", "in the middle"]))
        if begins == "after silence":
            lead_s = float(rng.uniform(0.1, 1.5))
        elif begins == "after another bar":
            other = write_phrase(ensemble, 1, (beats_per_bar, step), rng)
            notes = _performed(other, ensemble, 0.0, feel, rng)
            lead_s = beats_per_bar * beat_s
    for repeat in range(int(np.ceil(n_phrases)) + 1):
        notes += _performed(phrase, ensemble, lead_s + repeat * phrase_s, feel, rng)
    rate = int(rng.choice([44_100, 44_100, 44_100, 48_000, 22_050]))
    parts = channels(ensemble)
    programs = {parts[part]: program for part, (program, _, _) in ensemble.players.items()}
    pans = {channel: int(rng.integers(30, 98)) for channel in programs}
    room = float(rng.choice([0.0, 0.2, 0.5], p=[0.2, 0.5, 0.3]))
    samples = play_plainly(notes, rate, extra) if plain else play(notes, programs, rate, pans=pans, room=room)
    first_s = float(rng.uniform(0.0, phrase_s)) if begins == "in the middle" else 0.0
    samples = samples[round(first_s * rate) :][: round((lead_s + n_phrases * phrase_s) * rate)]
    if rng.random() < 0.2:
        samples = samples.mean(axis=1, keepdims=True)
    clip = Clip(at_peak(samples, rng.uniform(0.3, 0.95)), rate)
    story = (
        f"{ensemble.name}, {bars} bars of {beats_per_bar}/{8 if beats_per_bar == 6 else 4} at {tempo:.1f} bpm, "
        f"{n_phrases:.2f} phrases, swing {swing:.2f}, begins {begins}, "
        f"{'plain synth' if plain else f'room {room}'}, {rate} Hz{', bars nearly alike, played freely' if hard else ''}"
    )
    truth = Truth(phrase_s * rate, 0, clip.n_samples)
    return Case(f"performed-{split}-{index:03d}", "performed", clip, truth, story)


def _performed(phrase: Phrase, ensemble: Ensemble, first_s: float, feel: Feel, rng: np.random.Generator) -> list[Note]:
    """Return one playing of the phrase, with its own onsets, velocities, missing hats, grace notes and fills."""
    parts, (beat_s, swing, freedom) = channels(ensemble), feel
    loudness = rng.normal(0.0, 4.0)
    fill_from = phrase.beats - phrase.beats_per_bar / 2 if ensemble.drums and rng.random() < 0.3 else np.inf
    strokes = [stroke for stroke in phrase.strokes if not _left_out(stroke, fill_from, freedom, rng)]
    if np.isfinite(fill_from):
        times = np.arange(fill_from, phrase.beats, phrase.step / 2 if phrase.step * beat_s > 0.2 else phrase.step)
        strokes += [
            Stroke(float(at), 0.1, int(rng.choice([SNARE, LOW_TOM, LOW_TOM + 2, LOW_TOM + 5])), 85, "drums")
            for at in times
        ]
    if ensemble.drums and rng.random() < 0.15:
        strokes.append(Stroke(0.0, 0.5, CRASH, 80, "drums"))
    out = []
    for stroke in strokes:
        at = stroke.at
        if swing != 0.5 and abs(at % 1 - 0.5) < 0.05:
            at += swing - 0.5
        at_s = first_s + at * beat_s + rng.normal(0.0, ONSET_JITTER_S)
        velocity = round(stroke.velocity + loudness + rng.normal(0.0, _VELOCITY_JITTER * freedom))
        pitch = stroke.pitch
        if pitch == CLOSED_HAT and stroke.part == "drums" and rng.random() < 0.06:
            pitch = OPEN_HAT
        length_s = stroke.length * beat_s * rng.uniform(0.85, 1.1)
        out.append(Note(at_s, length_s, pitch, velocity, parts[stroke.part]))
        if parts[stroke.part] != DRUMS and rng.random() < 0.03 * freedom and at_s > _GRACE_S:
            grace = pitch + int(rng.choice([-2, -1, 1, 2]))
            out.append(Note(at_s - _GRACE_S, _GRACE_S, grace, velocity - 15, parts[stroke.part]))
    return out


def _left_out(stroke: Stroke, fill_from: float, freedom: float, rng: np.random.Generator) -> bool:
    if stroke.part != "drums":
        return bool(rng.random() < 0.01 * freedom)
    return stroke.at >= fill_from or (stroke.pitch == CLOSED_HAT and bool(rng.random() < 0.08 * freedom))
