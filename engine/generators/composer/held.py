# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: ARG001, D103 (every instrument takes the same two things; its name says what it is)
"""This module plays instruments that sound for as long as a note is held: basses, pads, strings, winds, leads."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.synth import Floats, band_noise, decay, midi_hz, sweep
from engine.generators.composer.tone import Render, Tone
from engine.values import FloatArray


def _shape(
    tone: Tone, attack_s: float, release_s: float, sag: float = 1.0, sag_s: float = 0.3
) -> tuple[int, FloatArray]:
    """Return length and envelope of a held note: attack, a sag to ``sag``, the gate, a release that dies away."""
    sr = tone.sample_rate
    gate, release = max(int(tone.gate_s * sr), int(0.02 * sr)), int(release_s * sr)
    n = gate + release
    envelope = sag + (1 - sag) * decay(n, sr, sag_s)
    attack = min(int(attack_s * sr), gate)
    envelope[:attack] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(attack, dtype=np.float32) / attack)
    fall = np.linspace(1, 0, release, dtype=np.float32)
    envelope[gate:] *= fall * fall
    return n, envelope.astype(np.float32)


def _vibrato(f0: float, n: int, sr: int, rng: np.random.Generator, depth_cents: float) -> Floats:
    t = np.arange(n) / sr
    onset = np.clip((t - 0.18) / 0.3, 0, 1)
    rate = 5.3 * rng.uniform(0.93, 1.07)
    return np.asarray(f0 * 2 ** (depth_cents / 1200 * onset * np.sin(2 * np.pi * rate * t)))


def sub_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, 0.006, 0.06)
    f0 = midi_hz(tone.midi)
    t = np.arange(n) / tone.sample_rate
    wave = np.sin(2 * np.pi * f0 * t) + 0.18 * np.sin(4 * np.pi * f0 * t) + 0.05 * np.sin(6 * np.pi * f0 * t)
    return (np.tanh(1.3 * wave) * env).astype(np.float32)


def tuned_kick_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a kick drum's body, tuned and driven."""
    sr = tone.sample_rate
    n, env = _shape(tone, 0.003, 0.08, 0.35, 0.7)
    t = np.arange(n) / sr
    glide = midi_hz(tone.midi) * (1 + 1.6 * np.exp(-t / 0.018))
    return (np.tanh(2.4 * np.sin(2 * np.pi * np.cumsum(glide) / sr)) * env).astype(np.float32)


def synth_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.003, 0.05, 0.7, 0.2)
    t = np.linspace(0, n / sr, 24)
    cutoff = 140 + tone.bright * (300 + 1500 * tone.force) * np.exp(-t / 0.16)
    wave = sweep(f0, cutoff, n, sr, resonance=0.5) + 0.6 * sweep(f0 * 1.005, cutoff, n, sr, shape="square", phase=0.2)
    t_s = np.arange(n) / sr
    return ((wave + 0.7 * np.sin(2 * np.pi * f0 * t_s)) * env).astype(np.float32)


def acid_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.003, 0.03, 0.6, 0.15)
    t = np.linspace(0, n / sr, 24)
    cutoff = 220 + tone.bright * (250 + 2600 * tone.force**2) * np.exp(-t / 0.12)
    wave = sweep(f0, cutoff, n, sr, resonance=2.4)
    return np.asarray(np.tanh(0.9 * wave) * env, dtype=np.float32)


def reese_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.01, 0.08)
    t = np.linspace(0, n / sr, 40)
    cutoff = tone.bright * (420 + 260 * np.sin(2 * np.pi * 0.9 * t + rng.uniform(0, 6)))
    low = sweep(f0, np.array([160.0]), n, sr, shape="triangle")
    left, right = (
        (sweep(f0 * (1 + d), cutoff, n, sr, phase=0.1) + sweep(f0 * (1 - d), cutoff, n, sr, phase=0.6)) * 0.5
        for d in (0.0065, 0.0085)
    )
    return np.stack([np.tanh(left + low) * env, np.tanh(right + low) * env]).astype(np.float32)


def organ_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, 0.003, 0.05, 0.5, 0.12)
    cutoff = np.array([260.0 * tone.bright + 900 * tone.force, 260.0 * tone.bright, 240.0])
    return sweep(midi_hz(tone.midi), cutoff, n, tone.sample_rate, shape="square", resonance=0.3) * env


def _wide_saws(
    tone: Tone,
    rng: np.random.Generator,
    env: FloatArray,
    cutoff: Floats,
    cents: float,
    *,
    shape: str = "saw",
) -> FloatArray:
    sr, f0, n = tone.sample_rate, midi_hz(tone.midi), env.size
    middle = sweep(f0, cutoff, n, sr, shape=shape, phase=rng.uniform())
    sides: list[FloatArray] = []
    for sign in (-1, 1):
        a = sweep(f0 * 2 ** (sign * cents / 1200), cutoff, n, sr, shape=shape, phase=rng.uniform())
        sides.append((middle * 0.8 + a + 0.3 * (sides[0] if sides else 0)) * env)
    return np.stack(sides)


def warm_pad(tone: Tone, rng: np.random.Generator) -> FloatArray:
    _n, env = _shape(tone, min(0.7, 0.4 * tone.gate_s + 0.05), 0.7)
    top = tone.bright * (500 + 900 * tone.force)
    rise = 0.55 + 0.45 * np.sin(np.linspace(0, np.pi, 16))
    return _wide_saws(tone, rng, env, top * rise, 8.0)


def air_pad(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, min(1.2, 0.45 * tone.gate_s + 0.05), 1.2)
    out = _wide_saws(tone, rng, env, tone.bright * np.linspace(900, 2600, 16) * tone.force, 5.0, shape="triangle")
    f0 = midi_hz(tone.midi)
    breath = 0.16 * band_noise(rng, n, tone.sample_rate, f0 * 1.9, f0 * 2.1, order=3)
    out[0] += breath * env
    out[1] += np.roll(breath, n // 2) * env
    return out


def strings(tone: Tone, rng: np.random.Generator) -> FloatArray:
    _n, env = _shape(tone, min(0.22, 0.3 * tone.gate_s), 0.35)
    swell = 0.8 + 0.2 * np.sin(np.linspace(0.2, np.pi, env.size)).astype(np.float32)
    top = tone.bright * (1500 + 3200 * tone.force)
    return _wide_saws(tone, rng, env * swell, np.array([top * 0.7, top, top * 0.8]), 11.0)


def choir(tone: Tone, rng: np.random.Generator) -> FloatArray:
    _n, env = _shape(tone, min(0.35, 0.35 * tone.gate_s), 0.5)
    return _wide_saws(tone, rng, env, np.array([7000.0]), 9.0, shape="vowel")


def supersaw(tone: Tone, rng: np.random.Generator) -> FloatArray:
    _n, env = _shape(tone, 0.006, 0.15, 0.75, 0.4)
    top = tone.bright * (2200 + 4500 * tone.force)
    return _wide_saws(tone, rng, env, np.geomspace(top, top * 0.45, 12), 16.0)


def organ(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return an organ: drawbars 8' 4' 2 2/3' 2', key click, and a slow rotor with left and right half a turn apart."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.004, 0.05)
    t = np.arange(n, dtype=np.float32) / np.float32(sr)
    w = np.float32(2 * np.pi * f0)
    bars = sum(g * np.sin(k * w * t) for k, g in ((0.5, 0.5), (1, 1), (2, 0.6), (3, 0.45), (4, 0.3 * tone.bright)))
    rotor = 0.18 * np.sin(2 * np.pi * 5.8 * t + np.float32(rng.uniform(0, 6)))
    return np.stack([bars * (1 + rotor) * env, bars * (1 - rotor) * env]).astype(np.float32)


def _wind(
    tone: Tone, rng: np.random.Generator, shape: str, *, open_hz: float, breath: float, cents: float, attack_s: float
) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, min(attack_s, 0.4 * tone.gate_s), 0.09, 0.85, 0.3)
    pitch = _vibrato(f0, n, sr, rng, cents)
    top = max(1.5 * f0, tone.bright * open_hz * (0.5 + 0.7 * tone.force))
    cutoff = top * (0.45 + 0.55 * env[:: max(1, n // 32)].astype(np.float64))
    wave = sweep(pitch, cutoff, n, sr, shape=shape)
    air = band_noise(rng, n, sr, 1.5 * f0, 6 * f0 + 1500)
    chiff = 1 + 4 * decay(n, sr, 0.03)
    return ((wave + breath * air * chiff) * env).astype(np.float32)


def flute(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _wind(tone, rng, "triangle", open_hz=3200, breath=0.035, cents=14, attack_s=0.05)


def sax(tone: Tone, rng: np.random.Generator) -> FloatArray:
    reed = _wind(tone, rng, "reed", open_hz=2600, breath=0.02, cents=16, attack_s=0.04)
    return np.asarray(np.tanh(1.6 * reed), dtype=np.float32)


def clarinet(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _wind(tone, rng, "square", open_hz=2200, breath=0.01, cents=6, attack_s=0.04)


def trumpet(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _wind(tone, rng, "saw", open_hz=4200, breath=0.008, cents=12, attack_s=0.03)


def violin(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _wind(tone, rng, "saw", open_hz=5200, breath=0.012, cents=20, attack_s=0.08)


def brass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    _n, env = _shape(tone, 0.03, 0.12, 0.8, 0.3)
    top = tone.bright * (900 + 2600 * tone.force)
    return _wide_saws(tone, rng, env, np.array([top * 0.3, top, top * 0.8, top * 0.7, top * 0.65]), 7.0)


def lead_synth(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.006, 0.12, 0.8, 0.4)
    pitch = _vibrato(f0, n, sr, rng, 14)
    top = tone.bright * (1200 + 3200 * tone.force)
    cutoff = np.geomspace(top, top * 0.55, 12)
    wave = sweep(pitch, cutoff, n, sr, resonance=0.4) + 0.8 * sweep(
        pitch * 1.006, cutoff, n, sr, shape="square", phase=0.4
    )
    return (wave * env).astype(np.float32)


def soft_lead(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    n, env = _shape(tone, 0.02, 0.18, 0.8, 0.4)
    pitch = _vibrato(midi_hz(tone.midi), n, sr, rng, 10)
    return sweep(pitch, np.array([1800.0 * tone.bright]), n, sr, shape="triangle") * env


def distorted_guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a saw-rich string driven hard; the speaker's roll-off is the part's filter."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.004, 0.06, 0.75, 0.5)
    sides = []
    for detune in (-3.5, 3.5):
        f = f0 * 2 ** (detune / 1200)
        cutoff = np.geomspace(4200.0, 2400.0, 8) * tone.bright
        dry = sweep(f, cutoff, n, sr, phase=rng.uniform()) + sweep(f * 1.4983, cutoff, n, sr, phase=rng.uniform())
        sides.append(np.tanh(2.6 * dry * env) * np.minimum(1, 3 * env))
    return np.stack(sides).astype(np.float32)


def chip(shape: str) -> Render:
    def render(tone: Tone, rng: np.random.Generator) -> FloatArray:
        n, env = _shape(tone, 0.002, 0.02, 0.55, 0.12)
        return sweep(midi_hz(tone.midi), np.array([15000.0]), n, tone.sample_rate, shape=shape) * env

    return render
