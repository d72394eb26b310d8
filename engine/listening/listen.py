# SPDX-License-Identifier: GPL-3.0-or-later
"""This module listens to a recording as a musician does who is about to join in."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.dsp.blas import one_blas_thread
from engine.dsp.character import character_of
from engine.dsp.features import Listener
from engine.dsp.loudness import integrated_lufs
from engine.listening.bars import bars_of, downbeat_odds, is_ternary
from engine.listening.beat_network import beat_network
from engine.listening.beats import beat_places, beat_times
from engine.listening.harmony import LEAST_SURE, chord_name, chroma_of_beats, harmony_network, smoothed
from engine.listening.style_ear import style_ear
from engine.values import Clip, GivenBeats
from engine.values.guide import SHORTEST_BEAT_S
from engine.values.heard_music import HeardMusic

DoubleArray = npt.NDArray[np.float64]

QUIET_BEAT_S = 1.0
"""Seconds of music without a pulse that have one chord."""
LEAST_BEATS = 4
"""Number of beats that a recording must have for it to be said that it has any."""
LEAST_SHARE = 0.3
"""Share of a recording in which they must be."""


@dataclass(frozen=True, eq=False, slots=True)
class _Pulse:
    """A pulse holds beats in seconds, how many make a bar, as the metre says, and which begin one."""

    times_s: DoubleArray
    metre: str
    downbeats: tuple[int, ...]


def listen(clip: Clip) -> HeardMusic:
    """Return what a clip plays. Raises NonFiniteClip, BadClip."""
    with one_blas_thread():
        return _listen(clip)


def _listen(clip: Clip) -> HeardMusic:
    listener = Listener(clip)
    with ThreadPoolExecutor(1) as beside:
        # The filters of one, and the path of the other, keep one thread each.
        waiting = beside.submit(_loudness, clip)
        pulse = _pulse(listener)
        lufs = waiting.result()
    quiet_s = np.arange(0.0, max(clip.duration_s, QUIET_BEAT_S), QUIET_BEAT_S)
    chords, key = _harmony(listener, quiet_s if pulse is None else pulse.times_s)
    beats = None
    if pulse is not None:
        pulse = _from_end_to_end(pulse, clip.duration_s)
        beats = GivenBeats(tuple(pulse.times_s.tolist()), clip.duration_s, pulse.metre, pulse.downbeats)
    return HeardMusic(
        clip.duration_s,
        beats,
        chords,
        key,
        style_ear().likest(listener.whole.mel_db)[0],
        character_of(clip.samples, clip.sample_rate),
        lufs if math.isfinite(lufs) else None,
    )


def _loudness(clip: Clip) -> float:
    return integrated_lufs(Clip(np.ascontiguousarray(clip.samples[:, :2]), clip.sample_rate))


def _pulse(listener: Listener) -> _Pulse | None:
    odds = beat_network()(listener.whole.mel_db)
    frames_per_s = listener.sample_rate / listener.hop_length
    places = beat_places(odds[:, 0], frames_per_s)
    if len(places) < LEAST_BEATS or places[-1] - places[0] < LEAST_SHARE * len(odds):
        return None
    frames = beat_times(places, odds[:, 0])
    metre, firsts = bars_of(downbeat_odds(odds[:, 1], places))
    if metre == 2 and is_ternary(listener.onset, frames):
        # Two beats of three parts are what is written as six eighths; three of them are more often a waltz that swings.
        knots = np.append(frames, 2.0 * frames[-1] - frames[-2])
        parts = np.interp(np.arange(3 * len(frames)) / 3.0, np.arange(len(knots)), knots)
        if float(np.diff(parts).min()) >= SHORTEST_BEAT_S * frames_per_s:
            return _Pulse(parts / frames_per_s, "6/8", tuple(3 * one for one in firsts))
    return _Pulse(frames / frames_per_s, f"{metre}/4", firsts)


def _harmony(listener: Listener, times_s: DoubleArray) -> tuple[tuple[tuple[float, str], ...], str | None]:
    """Return the chords, each with the second at which it begins, and the key."""
    frames_per_s = listener.sample_rate / listener.hop_length
    n_frames = len(listener.whole.chroma)
    after = times_s[-1] + (times_s[-1] - times_s[-2] if len(times_s) > 1 else QUIET_BEAT_S)
    edges = np.clip(np.round(np.append(times_s, after) * frames_per_s), 0, n_frames).astype(np.intp)
    chroma = chroma_of_beats(listener.whole.chroma, edges)
    network = harmony_network()
    sure = network.chords(chroma)
    has_pitches = chroma.sum(axis=1) > 0.0
    if not has_pitches.any() or float(np.exp(sure.max(axis=1))[has_pitches].mean()) < LEAST_SURE:
        return (), None
    chords = np.where(has_pitches, smoothed(sure), -1)
    begins = np.flatnonzero(np.diff(chords, prepend=-2))
    named = tuple((float(times_s[at]), chord_name(int(chords[at]))) for at in begins)
    return named, network.key_of(chroma, chords)


def _from_end_to_end(pulse: _Pulse, duration_s: float) -> _Pulse:
    """Return the pulse with beats before the first that was heard and after the last, as long as their neighbours."""
    times_s = pulse.times_s
    first, last = float(np.median(np.diff(times_s[:5]))), float(np.median(np.diff(times_s[-5:])))
    n_before = int(times_s[0] / first)
    n_after = max(0, math.ceil((duration_s - times_s[-1]) / last - 0.5) - 1)
    before = times_s[0] - first * np.arange(n_before, 0, -1)
    after = times_s[-1] + last * np.arange(1, n_after + 1)
    # A beat on the very first sample may be told a hair before it.
    whole = np.maximum(np.concatenate([before, times_s, after]), 0.0)
    # One of which less than half is there is the first of what comes next.
    whole = whole[whole < duration_s - 0.5 * last]
    per_bar = int(pulse.metre.partition("/")[0])
    firsts = [one + n_before for one in pulse.downbeats] or [0]
    firsts = [*range(firsts[0] % per_bar, firsts[0], per_bar), *firsts]
    firsts += range(firsts[-1] + per_bar, len(whole), per_bar)
    return _Pulse(whole, pulse.metre, tuple(one for one in firsts if one < len(whole)))
