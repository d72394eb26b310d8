# SPDX-License-Identifier: GPL-3.0-or-later
"""Planted loops are a period of real music that repeats exactly, between other music or noise."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from scipy.fft import irfft, next_fast_len, rfft

from engine.values import Clip, FloatArray
from tests.benchmarks.loopcases.cases import Case, DoubleArray, Split, Truth, at_peak, case_rng, rms
from tests.benchmarks.loopcases.sources import music, noise

SHORTEST_PERIOD_S, LONGEST_PERIOD_S = 1.5, 8.0
SHORTEST_S, LONGEST_S = 10.0, 40.0

_NEEDS_THREE_S = 2.1  # below the finder's own minimum a loop is two periods, which only a third can confirm
_QUIET_DB = -40.0  # half a second of the period that is so much softer than the rest: silence
_FADE_S = 0.005
_SHARE_OF_OWN = 0.15
_RIVAL = 0.93
_RIVAL_WINDOW_S, _RIVAL_HOP_S, _RIVAL_LAG_S, _RIVAL_RATE = 1.5, 0.5, 1.0, 8_000
_TRIES = 60


@dataclass(frozen=True, eq=False, slots=True)
class _Draft:
    samples: DoubleArray
    truth: Truth
    story: str


def planted_case(split: Split, index: int) -> Case:
    """Return case ``index`` of a split, always the same one."""
    for attempt in range(_TRIES):
        rng = case_rng("planted", split, index, attempt)
        rate = int(rng.choice([44_100, 44_100, 44_100, 44_100, 22_050, 32_000, 48_000]))
        draft = _draft(split, rate, rng, case_rng("planted", split, index, 1000 + attempt))
        if draft is None or _has_rival(draft, rate):
            continue
        samples, story = _dressed(draft, rate, rng)
        clip = Clip(samples, rate)
        return Case(f"planted-{split}-{index:03d}", "planted", clip, draft.truth, f"{draft.story}; {story}")
    raise RuntimeError(f"no unambiguous case in {_TRIES} tries for planted-{split}-{index:03d}")


def _draft(split: Split, rate: int, rng: np.random.Generator, rng_of_sides: np.random.Generator) -> _Draft | None:
    """Return the bare case: what precedes, and the repeats; None where the period falls silent or is too short."""
    period_s = float(np.exp(rng.uniform(np.log(SHORTEST_PERIOD_S), np.log(LONGEST_PERIOD_S))))
    repeats = float(rng.choice([2, 3, 4], p=[0.45, 0.3, 0.25]))
    repeats = max(repeats, 3.0) if period_s < _NEEDS_THREE_S else repeats
    if rng.random() < 0.25 and repeats < 4:
        repeats += rng.uniform(0.1, 0.9)
    own = rng_of_sides.random() < _SHARE_OF_OWN
    if own:
        return _within_its_piece(split, rate, period_s, repeats, rng)
    period, where = music(split, period_s, rate, rng)
    if period.shape[0] < SHORTEST_PERIOD_S * rate or _falls_silent(period, rate):
        return None
    fade = str(rng.choice(["none", "outer", "every"], p=[0.4, 0.4, 0.2]))
    n_period = period.shape[0]
    once = _faded(period, rate) if fade == "every" else period.astype(np.float64)
    stretch = np.tile(once, (int(np.ceil(repeats)), 1))[: round(repeats * n_period)]
    stretch = _faded(stretch, rate) if fade == "outer" else stretch
    beside_s = max(rng.uniform(2.0, 14.0), SHORTEST_S - stretch.shape[0] / rate)
    beside_s = min(beside_s, LONGEST_S - stretch.shape[0] / rate)
    share = rng.uniform(0.2, 0.8)
    sides: list[DoubleArray] = []
    kinds: list[str] = []
    for side_s in (share * beside_s, (1 - share) * beside_s):
        kind = str(rng.choice(["music", "white", "pink", "applause"], p=[0.6, 0.1, 0.15, 0.15]))
        side, story = music(split, side_s, rate, rng) if kind == "music" else (noise(kind, side_s, rate, rng), kind)
        level = 10 ** (rng.uniform(-4.0, 2.0) / 20) * rms(stretch) / rms(side)
        beside = side.astype(np.float64) * level
        sides.append(_faded(beside, rate) if fade == "outer" else beside)
        kinds.append(story)
    first = sides[0].shape[0]
    samples = np.concatenate([sides[0], stretch, sides[1]])
    truth = Truth(float(n_period), first, first + stretch.shape[0])
    if samples.shape[0] < 0.9 * SHORTEST_S * rate:
        return None
    story = f"{repeats:.2f} x {n_period} of {where} between {kinds[0]} and {kinds[1]}; fade {fade}"
    return _Draft(samples, truth, story)


def _within_its_piece(
    split: Split, rate: int, period_s: float, repeats: float, rng: np.random.Generator
) -> _Draft | None:
    """Return a stretch of a piece that hangs for some rounds, then goes on: its own music is beside the repeats."""
    beside_s = max(rng.uniform(2.0, 14.0), SHORTEST_S - repeats * period_s)
    beside_s = min(beside_s, LONGEST_S - repeats * period_s)
    piece, where = music(split, beside_s + period_s, rate, rng)
    n_period = round(period_s * rate)
    first = round(rng.uniform(0.2, 0.8) * (piece.shape[0] - n_period))
    if first < rate or piece.shape[0] - first - n_period < rate or _falls_silent(piece[first:][:n_period], rate):
        return None
    stretch = np.tile(piece[first : first + n_period], (int(np.ceil(repeats)), 1))[: round(repeats * n_period)]
    samples = np.concatenate([piece[:first], stretch, piece[first + n_period :]]).astype(np.float64)
    truth = Truth(float(n_period), first, first + stretch.shape[0])
    if samples.shape[0] < 0.9 * SHORTEST_S * rate:
        return None
    return _Draft(samples, truth, f"{repeats:.2f} x {n_period} of {where}, within the piece")


def _dressed(draft: _Draft, rate: int, rng: np.random.Generator) -> tuple[FloatArray, str]:
    """Return the case as a listener gets it: with a melody, a noise floor, one channel or lossy coding, at times."""
    out, story, truth = draft.samples.copy(), [f"{rate} Hz"], draft.truth
    level = rms(out[truth.first : truth.last])
    if rng.random() < 0.35:
        db = rng.uniform(-12.0, -3.0)
        first, last = (0, out.shape[0]) if rng.random() < 0.4 else (truth.first, truth.last)
        tune = _melody(last - first, rate, rng)
        out[first:last] += tune * (level * 10 ** (db / 20) / rms(tune))
        story.append(f"melody {db:.1f} dB")
    if rng.random() < 0.25:
        db = rng.uniform(-65.0, -40.0)
        out += rng.standard_normal(out.shape) * level * 10 ** (db / 20)
        story.append(f"noise {db:.0f} dB")
    if rng.random() < 0.2:
        out = out.mean(axis=1, keepdims=True)
        story.append("mono")
    samples = at_peak(out, rng.uniform(0.2, 0.95))
    if rng.random() < 0.08:
        samples = _coded(samples, rate)
        story.append("Vorbis")
    return samples, ", ".join(story)


def _coded(samples: FloatArray, rate: int) -> FloatArray:
    """Return a sound through Vorbis and back: as long, but no two repeats are the same samples any more."""
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", rate, samples.shape[1], format="OGG", subtype="VORBIS", compression_level=0.4
    ) as out:
        for at in range(0, samples.shape[0], 16_384):  # more at once overflows the encoder's stack
            out.write(samples[at : at + 16_384])
    file.seek(0)
    back: FloatArray = soundfile.read(file, dtype="float32", always_2d=True)[0]
    return back[: samples.shape[0]]


def _melody(n: int, rate: int, rng: np.random.Generator) -> DoubleArray:
    """Return a tune that never comes back: random steps through a scale, in random lengths, with three partials."""
    scale = np.array([0, 2, 3, 5, 7, 8, 10]) + int(rng.integers(12))
    out = np.zeros((n, 2))
    at, step = 0, int(rng.integers(7, 14))
    pan = rng.uniform(0.3, 0.7)
    while at < n:
        length = min(n - at, round(rng.choice([0.12, 0.2, 0.3, 0.45, 0.8]) * rng.uniform(0.8, 1.25) * rate))
        step = int(np.clip(step + rng.integers(-3, 4), 0, 20))
        hz = 440.0 * 2 ** ((48 + 12 * (step // 7) + scale[step % 7] - 69) / 12)
        t = np.arange(length) / rate
        wave = sum(np.sin(2 * np.pi * (k * hz * t + rng.random())) / k**1.3 for k in (1, 2, 3) if k * hz < rate / 2)
        shape = np.minimum(1.0, t / 0.01) * np.minimum(1.0, (length / rate - t) / 0.02) * np.exp(-1.5 * t)
        out[at : at + length] += (wave * shape * rng.uniform(0.5, 1.0))[:, None] * [1 - pan, pan]
        at += length
    return out


def _faded(samples: npt.NDArray[np.floating], rate: int) -> DoubleArray:
    """Return a sound with 5 ms ramps at both ends."""
    n = min(round(_FADE_S * rate), samples.shape[0] // 2)
    out = samples.astype(np.float64)
    ramp = np.linspace(0.0, 1.0, n)[:, None]
    out[:n] *= ramp
    out[out.shape[0] - n :] *= ramp[::-1]
    return out


def _falls_silent(samples: FloatArray, rate: int) -> bool:
    half = rate // 2
    levels = [rms(samples[at : at + half]) for at in range(0, samples.shape[0] - half + 1, half)]
    return min(levels) < 1e-4 or 20 * np.log10(min(levels) / max(levels)) < _QUIET_DB


def _has_rival(draft: _Draft, rate: int) -> bool:
    """Return whether another loop is there too: a place that comes back, as good as exactly, after another time.

    Windows of the bare case are looked for in all of it (normalised cross-correlation at 8 kHz, highs lifted).
    """
    mono = np.asarray(soxr.resample(draft.samples.mean(axis=1), rate, _RIVAL_RATE), dtype=np.float32)
    mono = np.diff(mono, prepend=0.0)
    n, window = mono.size, round(_RIVAL_WINDOW_S * _RIVAL_RATE)
    size = next_fast_len(n + window, real=True)
    spectrum = rfft(mono, size)
    energy = np.concatenate([[0.0], np.cumsum(np.square(mono, dtype=np.float64))])
    norms = np.sqrt(np.maximum(energy[window:] - energy[:-window], 1e-12))
    norms = np.maximum(norms, 1e-3 * norms.max())
    period = draft.truth.period_samples * _RIVAL_RATE / rate
    near = 0.005 * _RIVAL_RATE
    for at in range(0, n - window, round(_RIVAL_HOP_S * _RIVAL_RATE)):
        match = irfft(np.conj(rfft(mono[at : at + window], size)) * spectrum, size)[: norms.size]
        lags = np.flatnonzero(match > _RIVAL * norms * norms[at]) - at
        lags = lags[lags > _RIVAL_LAG_S * _RIVAL_RATE]
        if np.any(np.abs(lags - np.maximum(1, np.round(lags / period)) * period) > near):
            return True
    return False
