# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds what instruments share: the shape of a held note, vibrato, and waves spread to both sides."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.synth import Floats, decay, midi_hz, sweeps, turning
from engine.generators.composer.tone import Tone
from engine.values import FloatArray

_VIBRATO_STEP_SAMPLES = 200


def held_shape(
    tone: Tone, attack_s: float, release_s: float, sag: float = 1.0, sag_s: float = 0.3
) -> tuple[int, FloatArray]:
    """Return length and envelope of a held note: attack, a sag to ``sag``, the gate, a release that dies away."""
    sr = tone.sample_rate
    gate, release = max(int(tone.gate_s * sr), int(0.02 * sr)), int(release_s * sr)
    n = gate + release
    envelope = np.full(n, sag, np.float32) if sag == 1.0 else sag + (1 - sag) * decay(n, sr, sag_s)
    attack = min(int(attack_s * sr), gate)
    envelope[:attack] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(attack, dtype=np.float32) / attack)
    fall = np.linspace(1, 0, release, dtype=np.float32)
    envelope[gate:] *= fall * fall
    return n, envelope


def vibrato(
    f0: float, n_samples: int, sample_rate: int, rng: np.random.Generator, cents: float, *, points: int = 0
) -> Floats:
    """Return control points of a pitch whose vibrato sets in after a while, ``cents`` deep."""
    t = np.linspace(0, n_samples / sample_rate, points or max(8, n_samples // _VIBRATO_STEP_SAMPLES))
    onset = np.clip((t - 0.18) / 0.3, 0, 1)
    rate_hz = 5.3 * rng.uniform(0.93, 1.07)
    return np.asarray(f0 * 2 ** (cents / 1200 * onset * np.sin(2 * np.pi * rate_hz * t)))


def sine(hz: float, n_samples: int, sample_rate: int) -> FloatArray:
    """Return a sine wave, (n_samples,), whose phase stays exact."""
    return np.sin(turning(hz, n_samples, sample_rate))


def wide(
    tone: Tone,
    rng: np.random.Generator,
    envelope: FloatArray,
    cutoff_hz: Floats,
    *,
    cents: float,
    shape: str = "saw",
) -> FloatArray:
    """Return three waves: one in the middle, and at each side one that is ``cents`` off; shape (2, n_samples)."""
    f0 = midi_hz(tone.midi)
    voices = tuple((f0 * 2 ** (c / 1200), rng.uniform()) for c in (0.0, -cents, cents))
    middle, left, right = sweeps(voices, cutoff_hz, envelope.size, tone.sample_rate, shape=shape)
    middle *= 0.8
    return np.stack([(middle + left) * envelope, (middle + right) * envelope])
