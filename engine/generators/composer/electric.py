# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays electric guitars: clean, with an amplifier's tremolo and spring, muted, and distorted."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.notes import held_shape
from engine.generators.composer.plucked import add_noise, string_bank
from engine.generators.composer.synth import breath, decay, midi_hz, ramp_ends, sweeps
from engine.generators.composer.tone import Tone
from engine.values import FloatArray

_TREMOLO_HZ = 6.2
_SPRING_S = ((0.033, -0.34), (0.041, 0.26), (0.068, 0.2), (0.083, -0.17), (0.112, -0.11), (0.127, 0.1))
_CABINET_HZ = 4700.0
_PALM_S = 0.15


def _clean(tone: Tone, rng: np.random.Generator, length_s: float, ring_s: float) -> FloatArray:
    string = string_bank(
        tone, rng, n_s=length_s, pluck=0.12, ring_s=ring_s, damp=0.07, top_hz=8000, pickup=0.23, steep=1.15
    )
    add_noise(string, rng, tone, (1800, 4500 + 3500 * tone.force), time_s=0.003, gain=0.1 * tone.force)
    # A valve stage: hardly bent when soft.
    return np.asarray(np.tanh((0.5 + 0.8 * tone.force) * string))


def clean_guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return an electric guitar as it is."""
    return ramp_ends(_clean(tone, rng, 2.4, 1.3), int(0.002 * tone.sample_rate), int(0.25 * tone.sample_rate))


def amplifier(wave: FloatArray, tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a sound through a spring, which answers in drips, and a deep tremolo."""
    sr = tone.sample_rate
    mono = np.asarray(wave if wave.ndim == 1 else wave.mean(axis=0), dtype=np.float32)
    out = np.zeros((2, mono.size + int(0.15 * sr)), np.float32)
    out[:, : mono.size] = mono
    # Highs run along the spring more slowly: what answers is the difference, not the body.
    drip = np.diff(mono, prepend=np.float32(0)) * np.float32(2.5) + np.float32(0.4) * mono
    for i, (delay_s, gain) in enumerate(_SPRING_S):
        start = int(delay_s * sr)
        out[i % 2, start : start + drip.size] += np.float32(gain) * drip
    turn = np.linspace(0, 2 * np.pi * _TREMOLO_HZ * out.shape[1] / sr, out.shape[1], dtype=np.float32)
    out *= 0.72 + 0.28 * np.sin(turn + np.float32(rng.uniform(0, 6.28)))
    release = int(0.1 * sr)
    out[:, -release:] *= np.linspace(1, 0, release, dtype=np.float32)
    return out


def surf_guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a clean guitar near the bridge, through a spring and a tremolo."""
    sr = tone.sample_rate
    return amplifier(ramp_ends(_clean(tone, rng, 2.0, 1.1), int(0.002 * sr), int(0.25 * sr)), tone, rng)


def muted_guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a clean electric guitar, damped: the funk and reggae chop."""
    sr = tone.sample_rate
    return ramp_ends(_clean(tone, rng, 0.7, 0.2), int(0.002 * sr), int(0.05 * sr))


def distorted_guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a fifth driven hard through a cabinet, played twice, once for each side; short notes are palm-muted."""
    from scipy.signal import butter, sosfilt

    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    palm = tone.gate_s < _PALM_S
    n, env = held_shape(tone, 0.003, 0.06, *((0.25, 0.07) if palm else (0.8, 0.6)))
    top = tone.bright * (1500 if palm else 2200) * (0.6 + 0.9 * tone.force)
    cutoff = np.geomspace(2.2 * top, top, 8)
    voices = tuple(
        (f0 * 2 ** (cents / 1200) * ratio, rng.uniform()) for cents in (-3.5, 3.5) for ratio in (1.0, 1.4983)
    )
    strings = sweeps(voices, cutoff, n, sr)
    pick = breath(rng, n, sr, 1500, 6000) * decay(n, sr, 0.004) * np.float32(1.2 * tone.force)
    takes = [(strings[2 * side] + strings[2 * side + 1]) * env + pick for side in range(2)]
    # The second take is late by what a hand is.
    late = int(rng.uniform(0.006, 0.013) * sr)
    takes[1] = np.concatenate([np.zeros(late, np.float32), takes[1][:-late]])
    driven = np.tanh((1.6 + 1.6 * tone.force) * np.stack(takes))
    speaker = butter(2, _CABINET_HZ * min(1.4, 0.6 + 0.5 * tone.force * tone.bright), fs=sr, output="sos")
    body = butter(1, 75.0, "high", fs=sr, output="sos")
    out = sosfilt(np.concatenate([speaker, body]).astype(np.float32), driven, axis=1)
    gate = np.minimum(1, 6 * env)
    gate[-256:] *= np.linspace(1, 0, 256, dtype=np.float32)
    return np.asarray(out * gate, dtype=np.float32)
