# SPDX-License-Identifier: GPL-3.0-or-later

"""This module plays keyboards that ring by themselves: pianos, harpsichord, clavinet, celesta."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.notes import sine
from engine.generators.composer.synth import band_noise, decay, midi_hz, ramp_ends, ring, turning
from engine.generators.composer.tone import Tone
from engine.values import FloatArray

_TREMOLO_HZ = 4.6


def suitcase(wave: FloatArray, tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return an electric piano's own tremolo, which goes from side to side, and a little chorus."""
    mono = wave if wave.ndim == 1 else wave.mean(axis=0)
    n, sr = mono.size, tone.sample_rate
    turn = np.linspace(0, 2 * np.pi * _TREMOLO_HZ * n / sr, n, dtype=np.float32) + np.float32(rng.uniform(0, 6.28))
    sway = np.float32(0.26) * np.sin(turn)
    late = np.zeros_like(mono)
    delay = int(0.0115 * sr)
    late[delay:] = np.float32(0.22) * mono[:-delay]
    return np.stack([mono * (1 + sway) + late, mono * (1 - sway) - late])


def electric_piano(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return two-operator FM with a tine (Chowning 1973): the index falls, so the note starts bright and mellows."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(sr * 2.6)
    phase = turning(f0, n, sr)
    modulator = np.sin(phase)
    index = np.float32(0.2 + 1.7 * tone.force**1.5 * tone.bright) * decay(n, sr, 0.35)
    body = np.sin(phase + index * modulator) * decay(n, sr, 1.5 * (60 / tone.midi))
    # The second harmonic of the pickup: sin 2x is 2 sin x cos x, and near enough sin x |sin x| here.
    body += np.float32(0.14) * modulator * np.abs(modulator) * decay(n, sr, 0.7)
    tine = ring(
        np.array([f0 * 7.02, f0 * 14.1]), np.array([0.09, 0.05]), np.array([0.2, 0.14]) * tone.force**1.3, n, sr
    )
    n_click = int(0.02 * sr)
    body[:n_click] += 0.05 * tone.force * band_noise(rng, n_click, sr, 700, 5500) * decay(n_click, sr, 0.003)
    mono = ramp_ends(body + np.float32(tone.bright) * tine, int(0.003 * sr), int(0.3 * sr))
    return suitcase(mono, tone, rng)


def piano(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return two detuned strings of stiff partials, each with a fast and a slow decay, and a hammer.

    After Fletcher & Rossing.
    """
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(sr * 3.2)
    k = np.arange(1.0, int(min(44, 15500 / f0)) + 2)
    stiff = 0.00022 * 2 ** ((tone.midi - 60) / 14)
    freqs = f0 * k * np.sqrt(1 + stiff * k * k) / np.sqrt(1 + stiff)
    # The felt is harder when it strikes hard: partials fall off more slowly, to the top of the spectrum.
    steep = (0.36 - 0.2 * tone.force) / max(0.4, tone.bright)
    roll = (np.exp(-steep * k) + 0.045 * tone.force**1.5 / k**0.5) * np.abs(np.sin(np.pi * k / 8.1)) ** 0.5
    slow = 2.4 * 2 ** ((60 - tone.midi) / 22) / (1 + 0.16 * k)
    jitter = 1 + rng.normal(0, 0.00018, k.size)
    # Beyond the first dozen the second string is not told from the first.
    twin = slice(0, 14)
    bank = ring(
        np.concatenate([freqs, freqs[twin] * (1.0005 * jitter[twin])]),
        np.concatenate([slow * 0.3, slow[twin]]),
        np.concatenate([roll, roll[twin] * 0.55]),
        n,
        sr,
    )
    # Hammer and key: wood below, felt and string above.
    n_thump = int(0.06 * sr)
    thump = band_noise(rng, n_thump, sr, 90, 500 + 900 * tone.force) * decay(n_thump, sr, 0.01)
    thump += (
        0.35 * tone.force * band_noise(rng, n_thump, sr, 1800, 5500 + 4500 * tone.force) * decay(n_thump, sr, 0.004)
    )
    bank[:n_thump] += 0.13 * thump
    return ramp_ends(bank, int(0.002 * sr), int(0.4 * sr))


def harpsichord(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a plucked 8' string with a 4' one above it, and the jack falling back."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(2.2 * sr)
    k = np.arange(1.0, int(min(50, 15000 / f0)) + 2)
    gains = np.abs(np.sin(np.pi * k * 0.14)) / k ** (0.75 - 0.2 * tone.force * min(1.3, tone.bright))
    times_s = 1.1 * 2 ** ((52 - tone.midi) / 26) / (1 + 0.05 * (k - 1))
    octave = k[: k.size // 2]
    out = ring(
        np.concatenate([f0 * k * np.sqrt(1 + 0.00006 * k * k), 2.001 * f0 * octave]),
        np.concatenate([times_s, 0.7 * times_s[: octave.size]]),
        np.concatenate([gains, 0.4 * gains[: octave.size]]),
        n,
        sr,
        phases=np.concatenate([np.full(k.size, -np.pi / 2), rng.uniform(-2, -1, octave.size)]),
    )
    n_click = int(0.015 * sr)
    out[:n_click] += 0.25 * band_noise(rng, n_click, sr, 2500, 10000) * decay(n_click, sr, 0.002)
    return ramp_ends(out, int(0.001 * sr), int(0.25 * sr))


def clavinet(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a string struck against an anvil and heard by two pickups, driven a little."""
    from scipy.signal import butter, sosfilt

    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(1.3 * sr)
    k = np.arange(1.0, int(min(44, 11000 / f0)) + 2)
    # The pickups lie near the end, out of phase: nasal.
    gains = np.abs(np.sin(np.pi * k * 0.07)) / k ** (1.0 - 0.55 * tone.force * min(1.3, tone.bright))
    times_s = 0.75 * 2 ** ((52 - tone.midi) / 30) / (1 + 0.05 * (k - 1))
    freqs = f0 * k * np.sqrt(1 + 0.0001 * k * k)
    out = ring(freqs, times_s, gains, n, sr, phases=rng.uniform(-2.4, -0.8, k.size))
    n_knock = int(0.02 * sr)
    knock = band_noise(rng, n_knock, sr, 600, 3000 + 4000 * tone.force) * decay(n_knock, sr, 0.0025)
    out[:n_knock] += 0.15 * tone.force * knock
    # What is bent is not as far up as down.
    no_dc = butter(1, 45.0, "high", fs=sr, output="sos").astype(np.float32)
    driven = sosfilt(no_dc, np.tanh((0.6 + 1.2 * tone.force) * out))
    return ramp_ends(driven, int(0.0015 * sr), int(0.15 * sr))


def celesta(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return steel plates over wooden boxes, struck with felt."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(1.6 * sr)
    ratios = np.array([1.0, 2.0, 2.92, 4.1, 5.9])
    gains = np.array([1.0, 0.1, 0.2, 0.12, 0.06]) * tone.force ** (0.7 * np.arange(5)) * tone.bright ** np.arange(5)
    out = ring(f0 * ratios, np.array([0.6, 0.3, 0.2, 0.11, 0.06]) * 2 ** ((72 - tone.midi) / 36), gains, n, sr)
    out += 0.08 * sine(f0, n, sr) * decay(n, sr, 0.05)
    n_felt = int(0.02 * sr)
    out[:n_felt] += 0.04 * tone.force * band_noise(rng, n_felt, sr, 500, 4000) * decay(n_felt, sr, 0.004)
    return ramp_ends(out, int(0.002 * sr), int(0.2 * sr))
