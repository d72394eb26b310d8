# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes music with a known period, a groove of drums, bass and chords, and sounds that do not loop."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.values import Clip

DoubleArray = npt.NDArray[np.float64]

_CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))  # Am F C G, one a bar


@lru_cache(maxsize=16)
def groove(
    sample_rate: int,
    tempo_bpm: float,
    *,
    n_bars: float = 14.0,
    pattern_bars: int = 4,
    beats_per_bar: int = 4,
    n_channels: int = 2,
    intro_s: float = 0.0,
    seed: int = 0,
) -> Clip:
    """Return ``n_bars`` of a pattern that repeats every ``pattern_bars``; the hi-hats' noise is new at every stroke."""
    rng = np.random.default_rng(seed)
    beat_s = 60.0 / tempo_bpm
    n = round((intro_s + n_bars * beats_per_bar * beat_s) * sample_rate)
    out = np.zeros((n + 2 * sample_rate, 2))
    for bar in range(int(np.ceil(n_bars))):
        chord: tuple[int, ...] = _CHORDS[bar % pattern_bars % len(_CHORDS)]
        if bar % pattern_bars >= len(_CHORDS):
            chord = tuple(note + 2 for note in chord)
        bar_s = intro_s + bar * beats_per_bar * beat_s
        for voice, note in enumerate(chord):
            _add(
                out, bar_s, _note(note, beats_per_bar * beat_s, sample_rate) * 0.12, sample_rate, pan=0.2 + 0.3 * voice
            )
        for beat in range(beats_per_bar):
            at_s = bar_s + beat * beat_s
            _add(out, at_s, _note(chord[0] - 24, 0.8 * beat_s, sample_rate) * 0.25, sample_rate)
            if beat == 0 or (beat == 2 and beats_per_bar == 4):
                _add(out, at_s, _kick(sample_rate) * 0.8, sample_rate)
            else:
                _add(out, at_s, _snare(sample_rate) * 0.3, sample_rate, pan=0.45)
            for eighth in (0.0, 0.5):
                _add(out, at_s + eighth * beat_s, _hat(rng, sample_rate) * 0.08, sample_rate, pan=0.7)
    if intro_s:
        _add(out, 0.0, _note(81, intro_s, sample_rate) * 0.1, sample_rate)
    samples = out[:n]
    return Clip((samples[:, :1] + samples[:, 1:] if n_channels == 1 else samples).astype(np.float32), sample_rate)


def house(sample_rate: int, tempo_bpm: float, *, n_bars: int, late_s: float = 0.0, seed: int = 0) -> Clip:
    """Return a kick on every beat, from ``late_s`` on, over a steady low note, with bright open hats between."""
    rng = np.random.default_rng(seed)
    beat_s = 60.0 / tempo_bpm
    n = round((late_s + n_bars * 4 * beat_s) * sample_rate)
    out = np.zeros((n + sample_rate, 2))
    hum = 0.1 * np.sin(2 * np.pi * 55.0 * np.arange(n) / sample_rate)
    _add(out, 0.0, hum, sample_rate)
    for beat in range(4 * n_bars):
        at_s = late_s + beat * beat_s
        _add(out, at_s, _kick(sample_rate) * 0.8, sample_rate)
        _add(out, at_s + beat_s / 2, _open_hat(rng, sample_rate) * 0.3, sample_rate, pan=0.6)
        if beat % 4 in (1, 3):
            _add(out, at_s, _snare(sample_rate) * 0.1, sample_rate, pan=0.45)
    return Clip(out[:n].astype(np.float32), sample_rate)


def period_samples(clip: Clip, tempo_bpm: float, n_bars: int, beats_per_bar: int = 4) -> float:
    return n_bars * beats_per_bar * 60.0 / tempo_bpm * clip.sample_rate


def noise(sample_rate: int, duration_s: float, seed: int = 0) -> Clip:
    rng = np.random.default_rng(seed)
    return Clip((rng.standard_normal((round(duration_s * sample_rate), 2)) * 0.1).astype(np.float32), sample_rate)


def sweep(sample_rate: int, duration_s: float) -> Clip:
    """Return a tone that rises steadily from 80 Hz to 8 kHz: no two moments are alike."""
    t = np.arange(round(duration_s * sample_rate)) / sample_rate
    rate = np.log(100.0) / duration_s
    return Clip((0.4 * np.sin(2 * np.pi * 80.0 * np.expm1(rate * t) / rate)).astype(np.float32)[:, None], sample_rate)


def babble(sample_rate: int, duration_s: float, seed: int = 0) -> Clip:
    """Return speech-like sound: syllables of random length, pitch, formant and level, with gaps."""
    rng = np.random.default_rng(seed)
    n = round(duration_s * sample_rate)
    out = np.zeros(n + sample_rate)
    at = 0
    while at < n:
        length = round(rng.uniform(0.08, 0.35) * sample_rate)
        t = np.arange(length) / sample_rate
        pitch_hz, formant_hz = rng.uniform(90, 240), rng.uniform(300, 2500)
        partials = np.arange(1, int(4000 / pitch_hz))
        levels = np.exp(-0.5 * (np.log2(partials * pitch_hz / formant_hz) / 0.5) ** 2) / partials**0.3
        voice = (levels[:, None] * np.sin(2 * np.pi * partials[:, None] * pitch_hz * t)).sum(axis=0)
        out[at : at + length] += voice * np.hanning(length) * rng.uniform(0.1, 0.5)
        at += length + round(rng.exponential(0.08) * sample_rate)
    return Clip((out[:n] / np.abs(out).max() * 0.5).astype(np.float32)[:, None], sample_rate)


def _note(midi: int, duration_s: float, sample_rate: int) -> DoubleArray:
    t = np.arange(round(duration_s * sample_rate)) / sample_rate
    hz = 440.0 * 2.0 ** ((midi - 69) / 12)
    wave = sum(np.sin(2 * np.pi * hz * k * t) / k**1.5 for k in range(1, 6))
    out: DoubleArray = wave * np.minimum(1.0, t / 0.005) * np.exp(-1.5 * t) * np.minimum(1.0, (duration_s - t) / 0.01)
    return out


def _kick(sample_rate: int) -> DoubleArray:
    t = np.arange(round(0.25 * sample_rate)) / sample_rate
    return np.sin(2 * np.pi * (50 * t + 60 * 0.03 * (1 - np.exp(-t / 0.03)))) * np.exp(-t / 0.08)


def _snare(sample_rate: int) -> DoubleArray:
    t = np.arange(round(0.2 * sample_rate)) / sample_rate
    rustle = np.random.default_rng(7).standard_normal(t.size)
    return (np.sin(2 * np.pi * 190 * t) + rustle) * np.exp(-t / 0.05)


def _hat(rng: np.random.Generator, sample_rate: int) -> DoubleArray:
    t = np.arange(round(0.06 * sample_rate)) / sample_rate
    return np.diff(rng.standard_normal(t.size + 1)) * np.exp(-t / 0.015)


def _open_hat(rng: np.random.Generator, sample_rate: int) -> DoubleArray:
    t = np.arange(round(0.2 * sample_rate)) / sample_rate
    return np.diff(rng.standard_normal(t.size + 1)) * np.exp(-t / 0.06)


def _add(out: DoubleArray, at_s: float, sound: DoubleArray, sample_rate: int, *, pan: float = 0.5) -> None:
    """Add ``sound`` at ``at_s``, to a fraction of a sample, so that periods that are no whole samples stay true."""
    exact = at_s * sample_rate
    first = int(exact)
    late = exact - first
    sound = np.append(sound, 0.0) * (1 - late) + np.insert(sound, 0, 0.0) * late
    sound = sound[: max(0, out.shape[0] - first)]
    out[first : first + sound.size] += sound[:, None] * np.array([1 - pan, pan])


def tune(sample_rate: int, n_samples: int, seed: int) -> DoubleArray:
    """Return a melody in even notes that never comes back, shape ``(n_samples, 2)``."""
    rng = np.random.default_rng(seed)
    out, step = np.zeros((n_samples, 2)), sample_rate // 4
    t = np.arange(step) / sample_rate
    for at in range(0, n_samples - step + 1, step):
        hz = 440.0 * 2.0 ** (int(rng.integers(-9, 10)) / 12)
        out[at : at + step] += (0.15 * np.sin(2 * np.pi * hz * t) * np.exp(-4 * t))[:, None]
    return out


def bars(sample_rate: int, n_bars: int, seed: int) -> DoubleArray:
    """Return one bar of two seconds, ``n_bars`` times, sample for sample."""
    return np.tile(
        groove(sample_rate, 120.0, n_bars=1, pattern_bars=1, seed=seed).samples.astype(np.float64), (n_bars, 1)
    )


def amid(stretch: DoubleArray, sample_rate: int, before_s: float = 5.3, after_s: float = 4.1) -> Clip:
    """Return ``stretch`` between sounds that do not loop."""
    sides = [babble(sample_rate, lasts_s, seed).samples for seed, lasts_s in enumerate((before_s, after_s))]
    stereo = [np.repeat(side, 2, axis=1) if side.shape[1] == 1 else side for side in sides]
    return Clip(np.concatenate([stereo[0], stretch, stereo[1]]).astype(np.float32), sample_rate)
