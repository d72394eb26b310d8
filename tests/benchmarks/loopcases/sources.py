# SPDX-License-Identifier: GPL-3.0-or-later
"""The sources are stretches of music of every available kind, and of noise, at any sample rate."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import soxr

from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer.composer import Composer
from engine.values import Clip, ClipRequest, FloatArray
from tests.benchmarks.loopcases.cases import DoubleArray, Split, rms
from tests.benchmarks.loopcases.real import compositions, drum_loops, excerpt, recordings

_STYLES = (
    "techno", "jazz", "lofi", "house", "ambient", "folk", "funk", "classical", "rock", "reggae", "chiptune", "trap",
    "bossa nova", "cinematic", "drum and bass", "synthwave", "hip hop",
)  # fmt: skip
_COMPOSED_PER_SPLIT = 34
_LOOP_RATE = 44_100
_CROSSFADE_S = 0.01


def music(split: Split, duration_s: float, sample_rate: int, rng: np.random.Generator) -> tuple[FloatArray, str]:
    """Return ``duration_s`` of music from one split's pieces, shape ``(n_samples, 2)``, and where it is from."""
    kind = rng.choice(["recording", "composition", "composer", "loops"], p=[0.4, 0.2, 0.25, 0.15])
    if kind == "composer":
        n = int(rng.integers(_COMPOSED_PER_SPLIT))
        clip = _composed(split, n)
        first = int(rng.integers(0, max(1, clip.n_samples - round(duration_s * clip.sample_rate))))
        samples, rate, story = clip.samples[first:], clip.sample_rate, f"composer {_STYLES[n % len(_STYLES)]} {n}"
    elif kind == "loops":
        samples, rate, story = _chain(drum_loops(split), duration_s, rng), _LOOP_RATE, "LMMS loops"
    else:
        pieces = recordings(split) if kind == "recording" else compositions(split)
        path = pieces[int(rng.integers(len(pieces)))]
        clip, first_s = excerpt(path, duration_s + 0.1, rng)
        samples, rate, story = clip.samples, clip.sample_rate, f"{path.stem} at {first_s:.1f} s"
    return _fitted(samples, rate, duration_s, sample_rate), story


def noise(kind: str, duration_s: float, sample_rate: int, rng: np.random.Generator) -> FloatArray:
    """Return noise of ``kind`` "white", "pink" or "applause", shape ``(n_samples, 2)``."""
    n = round(duration_s * sample_rate)
    white = rng.standard_normal((n, 2))
    if kind == "white":
        return white.astype(np.float32)
    pink = _filtered(white, lambda hz: np.maximum(hz, 20.0) ** -0.5, sample_rate)
    if kind == "pink":
        return pink.astype(np.float32)
    return (_applause(n, sample_rate, rng) + 0.2 * pink * 0.1 / rms(pink)).astype(np.float32)


def _applause(n: int, sample_rate: int, rng: np.random.Generator) -> DoubleArray:
    """Return some hundred claps a second, each a few ms of noise, louder and softer as the crowd has it."""
    out = np.zeros((n, 2))
    length = round(0.012 * sample_rate)
    decay = np.exp(-np.arange(length) / (0.002 * sample_rate))
    for at in rng.integers(0, max(1, n - length), round(150 * n / sample_rate)):
        pan, loud = rng.uniform(0.1, 0.9), rng.exponential(0.3)
        out[at : at + length] += (loud * decay * rng.standard_normal(length))[:, None] * [1 - pan, pan]
    return _filtered(out, lambda hz: 1.0 / (1.0 + ((hz - 1500.0) / 1500.0) ** 2), sample_rate)


def _filtered(samples: DoubleArray, gain: Callable[[DoubleArray], DoubleArray], sample_rate: int) -> DoubleArray:
    spectrum = np.fft.rfft(samples, axis=0)
    hz = np.fft.rfftfreq(samples.shape[0], 1.0 / sample_rate).astype(np.float64)
    return np.fft.irfft(spectrum * gain(hz)[:, None], samples.shape[0], axis=0)


@lru_cache(maxsize=8)
def _composed(split: Split, n: int) -> Clip:
    """Return the ``n``-th composed piece of a split."""
    seed = 1000 * (1 + (split == "held_out")) + n
    request = ClipRequest(1, _STYLES[n % len(_STYLES)], "composer", "", 30.0, seed=seed)
    return finished(Composer().generate(request, GeneratorSettings())).clip


def _chain(loops: list[FloatArray], duration_s: float, rng: np.random.Generator) -> FloatArray:
    """Return drum and bass loops one after the other, each once, in two layers; then shortened ones."""
    n = round(duration_s * _LOOP_RATE)
    out = np.zeros((n, 2))
    order = rng.permutation(len(loops))
    for layer, gain in enumerate((1.0, rng.choice([0.0, 0.6]))):
        at = 0
        for index in order[layer::2]:
            piece = loops[int(index)]
            cut = min(piece.shape[0], n - at)
            out[at : at + cut] += gain * _edged(piece[:cut])
            at += cut
            if at >= n:
                break
        if at < n and layer == 0:
            return out[: max(1, at)].astype(np.float32)
    return out.astype(np.float32)


def _edged(samples: FloatArray) -> FloatArray:
    n = min(round(_CROSSFADE_S * _LOOP_RATE), samples.shape[0] // 2)
    out = samples.copy()
    ramp = np.linspace(0, 1, n, dtype=np.float32)[:, None]
    out[:n] *= ramp
    out[samples.shape[0] - n :] *= ramp[::-1]
    return out


def _fitted(samples: FloatArray, rate: int, duration_s: float, sample_rate: int) -> FloatArray:
    """Return ``duration_s`` of ``samples`` at ``sample_rate``, in stereo; fewer samples when there are fewer."""
    stereo = np.repeat(samples, 2, axis=1) if samples.shape[1] == 1 else samples[:, :2]
    stereo = stereo[: round(duration_s * rate) + 64]
    if rate != sample_rate:
        stereo = np.asarray(soxr.resample(stereo, rate, sample_rate), dtype=np.float32)
    return np.ascontiguousarray(stereo[: round(duration_s * sample_rate)])
