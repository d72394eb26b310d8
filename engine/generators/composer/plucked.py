# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays plucked strings: guitars, basses, harp, mandolin, banjo, sitar, strings played with the finger."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.synth import band_noise, decay, midi_hz, ramp_ends, ring
from engine.generators.composer.tone import Tone
from engine.values import FloatArray


def string_bank(
    tone: Tone,
    rng: np.random.Generator,
    *,
    n_s: float,
    pluck: float,
    ring_s: float,
    damp: float,
    top: int = 40,
    top_hz: float = 11000.0,
    pickup: float = 0.0,
    steep: float = 1.25,
    cents: float = 0.0,
    stiff: float = 0.00008,
) -> FloatArray:
    """Return a plucked string as the modes of Karplus & Strong's loop (1983): harmonic k dies faster as k rises.

    Parameters
    ----------
    n_s
        Length in seconds.
    pluck, pickup
        Where the string is plucked, and where it is heard (0: everywhere), as shares of its length.
    ring_s, damp
        Time constant of the first harmonic of E3, seconds, and how much sooner the others die.
    top, top_hz
        Number of harmonics, and where they end.
    steep
        How fast harmonics fall off for the softest force.
    cents
        How far the string is out of tune.
    """
    sr, f0 = tone.sample_rate, midi_hz(tone.midi + cents / 100)
    k = np.arange(1.0, int(min(top, top_hz / f0)) + 2)
    gains = np.abs(np.sin(np.pi * k * pluck)) / k ** (steep - 0.5 * tone.force * min(1.3, tone.bright))
    if pickup:
        gains *= 0.15 + np.abs(np.sin(np.pi * k * pickup))
    gains *= rng.uniform(0.75, 1.1, k.size)
    decays = ring_s * 2 ** ((52 - tone.midi) / 26) / (1 + damp * (k - 1) ** 1.3)
    freqs = f0 * k * np.sqrt((1 + stiff * k * k) / (1 + stiff))
    return ring(freqs, decays, gains, int(sr * n_s), sr, phases=rng.uniform(-0.4, 0.4, k.size) - np.pi / 2)


def add_noise(
    wave: FloatArray, rng: np.random.Generator, tone: Tone, band_hz: tuple[float, float], *, time_s: float, gain: float
) -> None:
    """Add what touches the string, in place: a burst of noise in that band that dies in ``time_s``."""
    sample_rate = tone.sample_rate
    n = min(wave.size, int((8 * time_s + 0.003) * sample_rate))
    wave[:n] += np.float32(gain) * band_noise(rng, n, sample_rate, *band_hz) * decay(n, sample_rate, time_s)


def _ends(wave: FloatArray, sample_rate: int, attack_s: float, release_s: float) -> FloatArray:
    return ramp_ends(wave, int(attack_s * sample_rate), int(release_s * sample_rate))


def guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a nylon string with the resonances of a wooden box."""
    sr = tone.sample_rate
    string = string_bank(tone, rng, n_s=2.2, pluck=0.21, ring_s=0.95, damp=0.13)
    box = ring(np.array([102.0, 204.0, 390.0]), np.array([0.05, 0.04, 0.025]), np.array([0.5, 0.35, 0.25]), 8000, sr)
    string[: box.size] += 0.35 * tone.force * box
    add_noise(string, rng, tone, (1500, 5000 + 3000 * tone.force), time_s=0.004, gain=0.07 * tone.force)
    return _ends(string, sr, 0.002, 0.2)


def steel(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a steel string, plucked near the bridge of a wooden box."""
    sr = tone.sample_rate
    string = string_bank(tone, rng, n_s=2.6, pluck=0.13, ring_s=1.5, damp=0.06, top_hz=14000)
    box = ring(np.array([98.0, 196.0, 360.0]), np.array([0.05, 0.04, 0.03]), np.array([0.4, 0.3, 0.25]), 8000, sr)
    string[: box.size] += 0.25 * tone.force * box
    add_noise(string, rng, tone, (2500, 9000 + 4000 * tone.force), time_s=0.003, gain=0.12 * tone.force)
    return _ends(string, sr, 0.002, 0.2)


def harp(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a harp's string, plucked near its middle."""
    sr = tone.sample_rate
    return _ends(string_bank(tone, rng, n_s=2.6, pluck=0.38, ring_s=1.3, damp=0.22), sr, 0.003, 0.3)


def mandolin(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a double course: two strings, each a little off, and a hard pick."""
    sr = tone.sample_rate
    one = string_bank(tone, rng, n_s=1.4, pluck=0.1, ring_s=0.55, damp=0.07, top_hz=13000, cents=-3.0)
    other = string_bank(tone, rng, n_s=1.4, pluck=0.11, ring_s=0.5, damp=0.07, top_hz=13000, cents=3.0)
    late = int(0.004 * sr)
    one[late:] += 0.8 * other[:-late]
    add_noise(one, rng, tone, (2500, 9000 + 3000 * tone.force), time_s=0.003, gain=0.15 * tone.force)
    return _ends(one, sr, 0.002, 0.15)


def banjo(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a bright string over a skin, which takes its sound away quickly."""
    sr = tone.sample_rate
    string = string_bank(tone, rng, n_s=1.0, pluck=0.06, ring_s=0.3, damp=0.03, top_hz=13000, steep=1.05)
    skin = ring(np.array([320.0, 610.0, 980.0]), np.array([0.03, 0.02, 0.015]), np.array([0.5, 0.4, 0.3]), 5000, sr)
    string[: skin.size] += 0.35 * tone.force * skin
    add_noise(string, rng, tone, (2000, 9000 + 3000 * tone.force), time_s=0.003, gain=0.15 * tone.force)
    return _ends(string, sr, 0.0015, 0.1)


def sitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a string that buzzes on a flat bridge, whose upper harmonics bloom late, and strings that answer it."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(2.8 * sr)
    string = string_bank(tone, rng, n_s=2.8, pluck=0.08, ring_s=1.2, damp=0.05, top_hz=9000, steep=1.2, pickup=0.03)
    k = np.arange(4.0, int(min(46, 12000 / f0)) + 5)
    wobble = rng.uniform(0.7, 1.1, k.size)
    gains = 0.16 * wobble / k**0.35 * (0.35 + 0.75 * tone.force) * min(1.3, tone.bright)
    buzz = ring(f0 * k * 1.0006, 0.75 / (1 + 0.02 * k), gains, n, sr, phases=rng.uniform(0, 6.28, k.size))
    buzz *= 1 - decay(n, sr, 0.05)
    answers = ring(f0 * np.array([1.0, 1.5, 2.0]), np.full(3, 1.6), np.array([0.05, 0.05, 0.06]), n, sr)
    add_noise(string, rng, tone, (1500, 7000), time_s=0.004, gain=0.1 * tone.force)
    return _ends(string + buzz + answers, sr, 0.002, 0.3)


def pizzicato(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return bowed strings that a section plucks with the finger, not quite together."""
    sr = tone.sample_rate
    n = int(0.8 * sr)
    out = np.zeros(n, np.float32)
    for cents in (-4.0, 0.0, 4.0):
        one = string_bank(tone, rng, n_s=0.8, pluck=0.24, ring_s=0.16, damp=0.16, top=24, cents=cents)
        start = int(rng.uniform(0, 0.008) * sr)
        out[start:] += one[: n - start]
    box = ring(np.array([280.0, 460.0]), np.array([0.03, 0.025]), np.array([0.6, 0.5]), 5000, sr)
    out[: box.size] += 0.5 * tone.force * box
    add_noise(out, rng, tone, (300, 2500 + 2500 * tone.force), time_s=0.006, gain=0.12 * tone.force)
    return _ends(out, sr, 0.002, 0.1)


def upright_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a double bass's gut string, pulled with the side of a finger."""
    sr = tone.sample_rate
    string = string_bank(tone, rng, n_s=1.7, pluck=0.29, ring_s=0.75, damp=0.2, top=26)
    box = ring(np.array([62.0, 110.0, 205.0]), np.array([0.06, 0.05, 0.03]), np.array([0.35, 0.35, 0.2]), 9000, sr)
    string[: box.size] += 0.3 * tone.force * box
    add_noise(string, rng, tone, (200, 1100 + 1400 * tone.force), time_s=0.009, gain=0.14 * tone.force)
    return _ends(string, sr, 0.004, 0.15)


def finger_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return an electric bass's string under a pick-up, played with the finger."""
    sr = tone.sample_rate
    string = string_bank(tone, rng, n_s=2.0, pluck=0.17, ring_s=1.1, damp=0.09, top=36, pickup=0.2)
    return _ends(np.tanh((0.9 + 0.4 * tone.force) * string), sr, 0.003, 0.1)


def slap_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return an electric bass's string, struck with the thumb on the fingerboard."""
    sr = tone.sample_rate
    string = string_bank(tone, rng, n_s=1.4, pluck=0.06, ring_s=0.7, damp=0.05, top=60)
    add_noise(string, rng, tone, (1800, 5500 + 4000 * tone.force), time_s=0.004, gain=0.3 * tone.force**2)
    return _ends(np.tanh((1.0 + 0.7 * tone.force) * string), sr, 0.002, 0.08)
