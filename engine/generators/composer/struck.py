# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays what is struck and rings by itself: mallets, bells, timpani, and plucked synthesisers."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.synth import band_noise, decay, midi_hz, ramp_ends, ring, sweeps
from engine.generators.composer.tone import Tone
from engine.values import FloatArray


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
    # Each mode above the one that is the pitch is woken by force.
    above = np.maximum(0, np.arange(len(ratios)) - ratios.index(1))
    force = (tone.force * tone.bright**0.5) ** (0.7 * above)
    out = ring(f0 * np.array(ratios), scale * np.array(times_s), np.array(gains) * force, int(n_s * sr), sr)
    n_tap = int(0.025 * sr)
    tap = band_noise(rng, n_tap, sr, 700, 3500 + 4500 * tone.force) * decay(n_tap, sr, 0.003)
    out[:n_tap] += knock * tone.force * tap
    return ramp_ends(out, int(0.002 * sr), int(0.2 * sr))


def vibraphone(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a vibraphone's bar, whose discs turn and make the tone swell and fade."""
    out = _modal(tone, rng, ([1, 4.0, 9.9], [1, 0.22, 0.08], [1.3, 0.5, 0.12]), 2.6, 0.03)
    turn = np.linspace(0, 2 * np.pi * 5.1 * out.size / tone.sample_rate, out.size, dtype=np.float32)
    return out * (1 + np.float32(0.22) * np.sin(turn))


def marimba(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a marimba's bar: dark wood over a tube."""
    return _modal(tone, rng, ([1, 3.93, 9.2], [1, 0.3, 0.12], [0.28, 0.09, 0.03]), 1.0, 0.06)


def xylophone(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a xylophone's bar: short, bright wood."""
    return _modal(tone, rng, ([1, 3.0, 6.1, 9.8], [1, 0.4, 0.2, 0.1], [0.18, 0.08, 0.04, 0.02]), 0.8, 0.12)


def kalimba(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a kalimba's tongue, plucked with the thumb."""
    return _modal(tone, rng, ([1, 2.0, 5.4, 9.1], [1, 0.12, 0.2, 0.07], [0.55, 0.3, 0.06, 0.03]), 1.4, 0.08)


def bell(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a tuned bell: hum, prime, a minor third above, and a long nominal."""
    ratios = [0.5, 1, 1.19, 1.5, 2.0, 2.51, 3.01, 4.17, 5.43]
    gains = [0.25, 1, 0.3, 0.2, 0.45, 0.25, 0.2, 0.16, 0.1]
    times_s = [2.2, 1.6, 1, 0.8, 0.7, 0.4, 0.3, 0.2, 0.14]
    return _modal(tone, rng, (ratios, gains, times_s), 3.0, 0.02)


def glockenspiel(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a glockenspiel's bar: high steel that rings."""
    return _modal(tone, rng, ([1, 2.76, 5.4, 8.9], [1, 0.35, 0.2, 0.1], [0.9, 0.35, 0.12, 0.06]), 1.8, 0.04)


def music_box(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a steel tooth that a pin plucks: a clamped bar's modes, a click, and the comb ringing along."""
    out = _modal(tone, rng, ([1, 2.0, 6.27, 9.4], [1, 0.08, 0.3, 0.1], [0.8, 0.4, 0.1, 0.05]), 1.9, 0.09)
    sr = tone.sample_rate
    comb = ring(np.array([1130.0, 2870, 4410]), np.array([0.03, 0.02, 0.015]), np.array([0.05, 0.05, 0.04]), 4000, sr)
    out[: comb.size] += tone.force * ramp_ends(comb, int(0.002 * sr), 500)
    return out


def steel_drum(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a pan: its octave and twelfth are tuned and bloom after the stroke."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(1.6 * sr)
    body = _modal(tone, rng, ([1, 2.003, 3.01], [1, 0.35, 0.12], [0.45, 0.3, 0.2]), 1.6, 0.08)
    upper = np.array([2.0, 2.99, 4.02, 5.1, 6.4])
    gains = np.array([0.55, 0.3, 0.25, 0.14, 0.1]) * (tone.force * tone.bright**0.5) ** np.linspace(0.4, 1.6, 5)
    bloom = ring(f0 * upper, np.array([0.35, 0.28, 0.22, 0.14, 0.1]), gains, n, sr, phases=rng.uniform(0, 6.28, 5))
    return body + ramp_ends(bloom * (1 - decay(n, sr, 0.018)), 100, int(0.2 * sr))


def timpani(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a kettle drum: the modes that its air tunes to 1, 1.5, 2, 2.44 and 2.9 (Rossing 1982), and a felt."""
    sr = tone.sample_rate
    out = _modal(
        tone, rng, ([1, 1.5, 1.98, 2.44, 2.9], [1, 0.6, 0.35, 0.25, 0.18], [0.55, 0.45, 0.3, 0.2, 0.15]), 2.2, 0
    )
    n = int(0.25 * sr)
    skin = band_noise(rng, n, sr, 70, 300 + 1500 * tone.force**1.5) * decay(n, sr, 0.03)
    out[:n] += 0.3 * tone.force * ramp_ends(skin, int(0.002 * sr), n // 4)
    return out


def pluck_synth(tone: Tone, _rng: np.random.Generator) -> FloatArray:
    """Return a synthesiser's pluck: a saw whose filter closes as it fades."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(0.7 * sr)
    top = min(17000.0, f0 * (5 + 14 * tone.force) * tone.bright)
    cutoff = np.geomspace(max(top, 2 * f0), 1.3 * f0, 16)
    one, other = sweeps(((f0, 0.0), (f0 * 1.004, 0.3)), cutoff, n, sr, resonance=0.5)
    return ramp_ends((one + other) * decay(n, sr, 0.18), int(0.002 * sr), int(0.1 * sr))


def stab(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return the house organ-piano stab: bright, woody, short."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(0.9 * sr)
    k = np.array([1.0, 2, 3, 4, 6, 8])
    upper = tone.bright * (0.3 + 0.9 * tone.force)
    gains = np.array([1, 0.8, 0.5, 0.3 * upper, 0.22 * upper, 0.14 * upper])
    out = ring(f0 * k, np.array([0.5, 0.4, 0.25, 0.2, 0.12, 0.1]), gains, n, sr)
    n_click = int(0.02 * sr)
    click = band_noise(rng, n_click, sr, 1200, 5000 + 3000 * tone.force) * decay(n_click, sr, 0.003)
    out[:n_click] += 0.15 * tone.force * click
    return ramp_ends(out, int(0.002 * sr), int(0.2 * sr))
