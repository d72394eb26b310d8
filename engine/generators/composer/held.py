# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays synthesisers that sound for as long as a note is held: basses, pads, organs, leads."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.notes import held_shape, sine, vibrato, wide
from engine.generators.composer.synth import decay, midi_hz, sweep, sweeps
from engine.generators.composer.tone import Render, Tone
from engine.values import FloatArray


def sub_bass(tone: Tone, _rng: np.random.Generator) -> FloatArray:
    """Return a sine bass, bent so that small speakers tell its note."""
    n, env = held_shape(tone, 0.006, 0.06)
    f0 = midi_hz(tone.midi)
    wave = sine(f0, n, tone.sample_rate)
    # Upper partials let a small speaker tell the note.
    wave = np.tanh((1.0 + 0.9 * tone.force) * (wave + 0.2 * sine(2 * f0, n, tone.sample_rate)))
    return np.asarray(wave * env)


def tuned_kick_bass(tone: Tone, _rng: np.random.Generator) -> FloatArray:
    """Return a kick drum's body, tuned and driven."""
    sr = tone.sample_rate
    n, env = held_shape(tone, 0.003, 0.08, 0.35, 0.7)
    t = np.arange(n) / sr
    cycles = midi_hz(tone.midi) * (t + 1.6 * 0.018 * (1 - np.exp(-t / 0.018)))
    cycles -= np.floor(cycles)
    wave = np.sin((2 * np.pi * cycles).astype(np.float32))
    return np.asarray(np.tanh((1.2 + 1.8 * tone.force) * wave) * env)


def synth_bass(tone: Tone, _rng: np.random.Generator) -> FloatArray:
    """Return a saw and a square whose filter falls at the start of a note, over a sine."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = held_shape(tone, 0.003, 0.05, 0.7, 0.2)
    t = np.linspace(0, n / sr, 24)
    cutoff = 140 + tone.bright * (300 + 1500 * tone.force) * np.exp(-t / 0.16)
    wave = sweep(f0, cutoff, n, sr, resonance=0.5) + 0.6 * sweep(f0 * 1.005, cutoff, n, sr, shape="square", phase=0.2)
    wave += 0.7 * sine(f0, n, sr)
    return wave * env


def acid_bass(tone: Tone, _rng: np.random.Generator) -> FloatArray:
    """Return a squelching bass: a hard note is accented (its filter opens further and falls faster), a long one slides.

    The slide comes from a step below, as the sequencer's does from the note before.
    """
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = held_shape(tone, 0.003, 0.03, 0.6, 0.15)
    t = np.linspace(0, n / sr, 40)
    accent = max(0.0, tone.force - 0.6) / 0.4
    fall_s = 0.16 - 0.09 * accent
    cutoff = 200 + tone.bright * (250 + 1900 * tone.force**2 + 1600 * accent) * np.exp(-t / fall_s)
    slides = tone.gate_s > 0.3
    pitch = f0 * 2 ** (-2 / 12 * np.clip(1 - t / 0.06, 0, 1)) if slides else f0
    wave = sweep(pitch, cutoff, n, sr, resonance=2.0 + 1.2 * accent)
    return np.asarray(np.tanh((0.8 + 0.5 * accent) * wave) * env)


def reese_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return four saws that beat against each other under a slowly moving filter."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = held_shape(tone, 0.01, 0.08)
    t = np.linspace(0, n / sr, 40)
    cutoff = tone.bright * ((300 + 200 * tone.force) + 260 * np.sin(2 * np.pi * 0.9 * t + rng.uniform(0, 6)))
    low = sweep(f0, np.array([160.0]), n, sr, shape="triangle")
    voices = tuple((f0 * (1 + sign * d), p) for d in (0.0065, 0.0085) for sign, p in ((1, 0.1), (-1, 0.6)))
    a, b, c, d = sweeps(voices, cutoff, n, sr)
    out: FloatArray = np.tanh(np.stack([0.5 * (a + b) + low, 0.5 * (c + d) + low]))
    # What is bent is not as far up as down.
    out -= out.mean(axis=1, keepdims=True)
    return out * env


def organ_bass(tone: Tone, _rng: np.random.Generator) -> FloatArray:
    """Return a short, hollow bass of a square wave."""
    n, env = held_shape(tone, 0.003, 0.05, 0.5, 0.12)
    cutoff = np.array([260.0 * tone.bright + 900 * tone.force, 260.0 * tone.bright, 240.0])
    return sweep(midi_hz(tone.midi), cutoff, n, tone.sample_rate, shape="square", resonance=0.3) * env


def warm_pad(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a soft pad whose filter opens and closes once in a note."""
    _n, env = held_shape(tone, min(0.7, 0.4 * tone.gate_s + 0.05), 0.7)
    top = tone.bright * (500 + 900 * tone.force)
    rise = 0.55 + 0.45 * np.sin(np.linspace(0, np.pi, 16))
    return wide(tone, rng, env, top * rise, cents=8.0)


def air_pad(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a glassy pad: a hollow wave with an octave above that fades in and out by itself, and breath."""
    n, env = held_shape(tone, min(1.2, 0.45 * tone.gate_s + 0.05), 1.2)
    cutoff = np.array([1500.0, 2600.0, 1500.0]) * tone.bright * (0.6 + 0.6 * tone.force)
    out = wide(tone, rng, env, cutoff, cents=10.0, shape="triangle")
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    drift = np.linspace(0, 2 * np.pi * 0.23 * n / sr, n, dtype=np.float32) + np.float32(rng.uniform(0, 6))
    swell = 0.5 + 0.5 * np.sin(drift)
    glass = 0.22 * sine(2 * f0, n, sr) + 0.1 * tone.bright * sine(3.003 * f0, n, sr)
    out[0] += glass * swell * env
    out[1] += glass * (1 - swell) * env
    return out


def drone(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a bowed pad that never stands still: its filter wanders, and its sides beat slowly against each other."""
    n, env = held_shape(tone, min(1.6, 0.45 * tone.gate_s + 0.05), 1.5)
    wander = np.cumsum(rng.normal(0, 0.22, 24))
    wander = np.clip(wander - np.linspace(wander[0], wander[-1], 24), -1, 1)
    cutoff = tone.bright * (500 + 700 * tone.force) * 2.0**wander
    out = wide(tone, rng, env, cutoff, cents=5.0, shape="cello")
    return out + 0.35 * sine(0.5 * midi_hz(tone.midi), n, tone.sample_rate) * env


def supersaw(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return five saws tuned apart, three to each side."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = held_shape(tone, 0.006, 0.15, 0.75, 0.4)
    top = tone.bright * (2200 + 4500 * tone.force)
    cents = (-19.0, -11.0, 0.0, 11.0, 18.0)
    voices = tuple((f0 * 2 ** (c / 1200), rng.uniform()) for c in cents)
    far_left, left, middle, right, far_right = sweeps(voices, np.geomspace(top, top * 0.45, 12), n, sr)
    middle *= 0.8
    return np.stack([(middle + far_left + 0.6 * right) * env, (middle + far_right + 0.6 * left) * env])


def organ(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return an organ: drawbars from 16' to 1 1/3', key click, and a rotor with left and right half a turn apart."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = held_shape(tone, 0.004, 0.05)
    upper = tone.bright * (0.5 + 0.6 * tone.force)
    bars = sum(
        g * sine(k * f0, n, sr)
        for k, g in ((0.5, 0.5), (1, 1), (2, 0.6), (3, 0.45 * upper), (4, 0.3 * upper), (6, 0.12 * upper))
    )
    bars = np.tanh((0.3 + 0.4 * tone.force) * np.asarray(bars, dtype=np.float32))
    click = decay(n, sr, 0.004) * rng.uniform(-1, 1, n).astype(np.float32)
    rotor = 0.18 * np.sin(np.linspace(0, 2 * np.pi * 5.8 * n / sr, n, dtype=np.float32) + np.float32(rng.uniform(0, 6)))
    bars = (bars + 0.06 * tone.force * click) * env
    return np.stack([bars * (1 + rotor), bars * (1 - rotor)])


def lead_synth(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a bright lead of a saw and a square, with vibrato."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = held_shape(tone, 0.006, 0.12, 0.8, 0.4)
    pitch = vibrato(f0, n, sr, rng, 14)
    top = tone.bright * (1200 + 3200 * tone.force)
    cutoff = np.geomspace(top, top * 0.55, 12)
    wave = sweep(pitch, cutoff, n, sr, resonance=0.4)
    return (wave + 0.8 * sweep(pitch * 1.006, cutoff, n, sr, shape="square", phase=0.4)) * env


def soft_lead(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a round lead of a triangle wave, with vibrato."""
    sr = tone.sample_rate
    n, env = held_shape(tone, 0.02, 0.18, 0.8, 0.4)
    pitch = vibrato(midi_hz(tone.midi), n, sr, rng, 10)
    cutoff = np.array([tone.bright * (900.0 + 1300.0 * tone.force)])
    return sweep(pitch, cutoff, n, sr, shape="triangle") * env


def theremin(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a nearly pure tone that a hand in the air finds from below and never holds still."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = held_shape(tone, min(0.12, 0.35 * tone.gate_s), 0.16)
    t = np.linspace(0, n / sr, max(8, n // 200))
    deep = vibrato(f0, n, sr, rng, 28, points=t.size)
    pitch = deep * 2 ** (-1.4 / 12 * np.exp(-t / 0.05))
    cutoff = np.array([f0 * (1.4 + 2.2 * tone.force * tone.bright)])
    return sweep(pitch, cutoff, n, sr, shape="saw") * env


def chip(shape: str) -> Render:
    """Return a games console's voice of that shape (one of ``synth.SHAPES``), unfiltered but for its brightness."""

    def render(tone: Tone, _rng: np.random.Generator) -> FloatArray:
        n, env = held_shape(tone, 0.002, 0.02, 0.55, 0.12)
        cutoff = np.array([tone.bright * 15000.0 * tone.force])
        return sweep(midi_hz(tone.midi), cutoff, n, tone.sample_rate, shape=shape) * env

    return render
