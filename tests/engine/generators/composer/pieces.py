# SPDX-License-Identifier: GPL-3.0-or-later
"""This module composes pieces for the tests, each once, and measures them."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from engine.generators.base import GeneratorSettings, finished
from engine.generators.composer import Composer
from engine.generators.composer.arrange import write_score
from engine.generators.composer.plan import make_plan
from engine.generators.composer.prompt import read_prompt
from engine.generators.composer.score import Score
from engine.generators.composer.streams import Streams
from engine.values import Clip, ClipRequest, ClipResult, Progress

Array = npt.NDArray[np.float64]

N_FFT, HOP_LENGTH = 2048, 441


def request(prompt: str, duration_s: float = 10.0, seed: int | None = 1) -> ClipRequest:
    return ClipRequest(7, prompt, "composer", "", duration_s, seed)


def run(wanted: ClipRequest) -> tuple[ClipResult, list[Progress]]:
    heard: list[Progress] = []
    return finished(Composer().generate(wanted, GeneratorSettings()), heard), heard


@cache
def composed(prompt: str, duration_s: float = 10.0, seed: int = 1) -> ClipResult:
    return run(request(prompt, duration_s, seed))[0]


def mono(clip: Clip) -> Array:
    return np.asarray(clip.samples.mean(axis=1), dtype=np.float64)


def spectrogram(signal: Array, n_fft: int = N_FFT, hop_length: int = HOP_LENGTH) -> Array:
    """Return magnitudes, (n_frames, n_bins), of a cyclic signal; frame i is centred on sample i * hop_length."""
    starts = np.arange(0, signal.size, hop_length) - n_fft // 2
    frames = signal[(starts[:, None] + np.arange(n_fft)) % signal.size]
    return np.asarray(np.abs(np.fft.rfft(frames * np.hanning(n_fft), axis=1)))


def onset_envelope(signal: Array) -> Array:
    """Return the half-wave rectified spectral flux of a cyclic signal, one value per HOP_LENGTH samples."""
    level = np.log1p(100.0 * spectrogram(signal))
    return np.asarray(np.maximum(level - np.roll(level, 1, axis=0), 0.0).sum(axis=1))


def chroma(signal: Array, sample_rate: int) -> Array:
    """Return the energy of the peaks of each pitch class between 60 and 2000 Hz, summing to 1."""
    n_fft = 16384
    magnitude = spectrogram(signal, n_fft, 4096)
    hz = np.fft.rfftfreq(n_fft, 1.0 / sample_rate)
    peak = (magnitude > np.roll(magnitude, 1, axis=1)) & (magnitude > np.roll(magnitude, -1, axis=1))
    power = np.where(peak, magnitude**2, 0.0)
    power /= power.sum(axis=1, keepdims=True) + 1e-12
    inside = (hz > 60.0) & (hz < 2000.0)
    classes = np.round(69 + 12 * np.log2(hz[inside] / 440.0)).astype(int) % 12
    out = np.bincount(classes, weights=power[:, inside].sum(axis=0), minlength=12)
    return np.asarray(out / out.sum())


def score_of(prompt: str, duration_s: float = 10.0, seed: int = 1) -> Score:
    """Return what is played to a prompt, note by note."""
    streams = Streams(seed)
    brief = read_prompt(prompt)
    return write_score(lambda take: make_plan(brief, duration_s, 44100, streams, take=take), streams)
