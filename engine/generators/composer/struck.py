# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: ARG001, D103 (every instrument takes the same two things; its name says what it is)
"""This module plays instruments that ring by themselves, undamped: strings, bells, plucked synthesisers."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.synth import Floats, band_noise, decay, midi_hz, ramp_ends, ring, sweep
from engine.generators.composer.tone import Tone
from engine.values import FloatArray


def _partials(n: int) -> Floats:
    return np.arange(1, n + 1, dtype=np.float64)


def electric_piano(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return two-operator FM with a tine (Chowning 1973): the index falls, so the note starts bright and mellows."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(sr * 2.6)
    t = np.arange(n, dtype=np.float32) / np.float32(sr)
    w = np.float32(2 * np.pi * f0)
    index = (0.25 + 1.5 * tone.force**1.5 * tone.bright) * decay(n, sr, 0.35)
    body = np.sin(w * t + index * np.sin(w * t)) * decay(n, sr, 1.5 * (60 / tone.midi))
    tine = ring(np.array([f0 * 7.02, f0 * 14.1]), np.array([0.09, 0.05]), np.array([0.16, 0.10]) * tone.force, n, sr)
    second = 0.12 * np.sin(2 * w * t) * decay(n, sr, 0.7)
    return ramp_ends((body + second + tine * tone.bright).astype(np.float32), int(0.003 * sr), int(0.3 * sr))


def piano(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return two detuned strings of stiff partials, each with a fast and a slow decay, and a hammer.

    After Fletcher & Rossing.
    """
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(sr * 3.2)
    k = _partials(int(min(26, 9000 / f0)) + 1)
    stiff = 0.00022 * 2 ** ((tone.midi - 60) / 14)
    freqs = f0 * k * np.sqrt(1 + stiff * k * k)
    roll = np.exp(-k * (0.42 - 0.22 * tone.force) / max(0.4, tone.bright)) * np.abs(np.sin(np.pi * k / 8.1)) ** 0.5
    slow = 2.4 * 2 ** ((60 - tone.midi) / 22) / (1 + 0.16 * k)
    jitter = 1 + rng.normal(0, 0.00022, k.size)
    bank = ring(
        np.concatenate([freqs, freqs * (1.0006 * jitter)]),
        np.concatenate([slow * 0.28, slow]),
        np.concatenate([roll, roll * 0.55]),
        n,
        sr,
    )
    thump = band_noise(rng, int(0.05 * sr), sr, 90, 900 + 2200 * tone.force) * decay(int(0.05 * sr), sr, 0.008)
    bank[: thump.size] += 0.14 * thump
    return ramp_ends(bank, int(0.0025 * sr), int(0.4 * sr))


def _string_bank(
    tone: Tone, rng: np.random.Generator, *, n_s: float, pluck: float, ring_s: float, damp: float, top: int = 40
) -> FloatArray:
    """Return a plucked string as the modes of Karplus & Strong's loop (1983): harmonic k dies faster as k rises."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(sr * n_s)
    k = _partials(int(min(top, 11000 / f0)) + 1)
    gains = np.abs(np.sin(np.pi * k * pluck)) / k ** (1.25 - 0.5 * tone.force * min(1.3, tone.bright))
    gains *= rng.uniform(0.75, 1.1, k.size)
    decays = ring_s * 2 ** ((52 - tone.midi) / 26) / (1 + damp * (k - 1) ** 1.3)
    freqs = f0 * k * np.sqrt(1 + 0.00008 * k * k)
    return ring(freqs, decays, gains, n, sr, phases=rng.uniform(-0.4, 0.4, k.size) - np.pi / 2)


def guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a nylon string with the resonances of a wooden box."""
    sr = tone.sample_rate
    string = _string_bank(tone, rng, n_s=2.2, pluck=0.21, ring_s=0.95, damp=0.13)
    box = ring(np.array([102.0, 204.0, 390.0]), np.array([0.05, 0.04, 0.025]), np.array([0.5, 0.35, 0.25]), 8000, sr)
    string[: box.size] += 0.35 * tone.force * box
    nail = band_noise(rng, 1300, sr, 1500, 6500) * decay(1300, sr, 0.004)
    string[: nail.size] += 0.07 * tone.force * nail
    return ramp_ends(string, int(0.002 * sr), int(0.2 * sr))


def steel(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    return ramp_ends(
        _string_bank(tone, rng, n_s=2.6, pluck=0.13, ring_s=1.5, damp=0.06), int(0.002 * sr), int(0.2 * sr)
    )


def muted_guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a clean electric guitar, damped: the funk and reggae chop."""
    sr = tone.sample_rate
    return ramp_ends(
        _string_bank(tone, rng, n_s=0.7, pluck=0.09, ring_s=0.22, damp=0.05), int(0.002 * sr), int(0.05 * sr)
    )


def harp(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    return ramp_ends(
        _string_bank(tone, rng, n_s=2.6, pluck=0.38, ring_s=1.3, damp=0.22), int(0.003 * sr), int(0.3 * sr)
    )


def upright_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    string = _string_bank(tone, rng, n_s=1.7, pluck=0.29, ring_s=0.75, damp=0.24, top=24)
    finger = band_noise(rng, 2200, sr, 200, 1600) * decay(2200, sr, 0.009)
    string[: finger.size] += 0.12 * tone.force * finger
    return ramp_ends(string, int(0.005 * sr), int(0.15 * sr))


def finger_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    string = _string_bank(tone, rng, n_s=2.0, pluck=0.17, ring_s=1.1, damp=0.09, top=36)
    return ramp_ends(np.tanh(1.2 * string).astype(np.float32), int(0.003 * sr), int(0.1 * sr))


def slap_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    string = _string_bank(tone, rng, n_s=1.4, pluck=0.06, ring_s=0.7, damp=0.05, top=60)
    snap = band_noise(rng, 900, sr, 1800, 7000) * decay(900, sr, 0.004)
    string[: snap.size] += 0.3 * tone.force**2 * snap
    return ramp_ends(np.tanh(1.5 * string).astype(np.float32), int(0.002 * sr), int(0.08 * sr))


def _modal(
    tone: Tone,
    rng: np.random.Generator,
    modes: tuple[list[float], list[float], list[float]],
    n_s: float,
    knock: float,
) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    ratios, gains, times_s = modes
    scale = 2 ** ((69 - tone.midi) / 30)
    force = tone.force ** (0.6 * np.arange(len(ratios)))
    out = ring(f0 * np.array(ratios), scale * np.array(times_s), np.array(gains) * force, int(n_s * sr), sr)
    tap = band_noise(rng, 900, sr, 700, 5000) * decay(900, sr, 0.003)
    out[: tap.size] += knock * tone.force * tap
    return ramp_ends(out, int(0.002 * sr), int(0.2 * sr))


def vibraphone(tone: Tone, rng: np.random.Generator) -> FloatArray:
    out = _modal(tone, rng, ([1, 4.0, 9.9], [1, 0.22, 0.06], [1.3, 0.5, 0.12]), 2.6, 0.03)
    wobble = 1 + 0.22 * np.sin(2 * np.pi * 5.1 * np.arange(out.size) / tone.sample_rate)
    return (out * wobble).astype(np.float32)


def marimba(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _modal(tone, rng, ([1, 3.93, 9.2], [1, 0.3, 0.12], [0.28, 0.09, 0.03]), 1.0, 0.06)


def kalimba(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _modal(tone, rng, ([1, 2.0, 5.4, 9.1], [1, 0.12, 0.2, 0.07], [0.55, 0.3, 0.06, 0.03]), 1.4, 0.08)


def bell(tone: Tone, rng: np.random.Generator) -> FloatArray:
    ratios = [0.5, 1, 1.19, 1.5, 2.0, 2.51, 3.01, 4.17]
    gains = [0.25, 1, 0.3, 0.2, 0.45, 0.2, 0.15, 0.1]
    times_s = [2.2, 1.6, 1, 0.8, 0.7, 0.4, 0.3, 0.2]
    return _modal(tone, rng, (ratios, gains, times_s), 3.0, 0.02)


def glockenspiel(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _modal(tone, rng, ([1, 2.76, 5.4], [1, 0.35, 0.15], [0.9, 0.35, 0.12]), 1.8, 0.04)


def pluck_synth(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(0.7 * sr)
    top = min(9000.0, f0 * (5 + 14 * tone.force) * tone.bright)
    cutoff = np.geomspace(max(top, 2 * f0), 1.3 * f0, 16)
    out = sweep(f0, cutoff, n, sr, resonance=0.5) + sweep(f0 * 1.004, cutoff, n, sr, phase=0.3)
    return ramp_ends(out * decay(n, sr, 0.18), int(0.002 * sr), int(0.1 * sr))


def stab(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return the house organ-piano stab: bright, woody, short."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(0.9 * sr)
    k = np.array([1.0, 2, 3, 4, 6, 8])
    gains = np.array([1, 0.8, 0.5, 0.3, 0.22 * tone.bright, 0.12 * tone.bright])
    out = ring(f0 * k, np.array([0.5, 0.4, 0.25, 0.2, 0.12, 0.1]), gains, n, sr)
    click = band_noise(rng, 700, sr, 1200, 5000) * decay(700, sr, 0.003)
    out[: click.size] += 0.15 * tone.force * click
    return ramp_ends(out, int(0.002 * sr), int(0.2 * sr))
