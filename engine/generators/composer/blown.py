# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays what is blown, bowed or sung: winds, brass, free reeds, strings, voices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.generators.composer.notes import held_shape, vibrato, wide
from engine.generators.composer.synth import breath, decay, midi_hz, sweep, sweeps
from engine.generators.composer.tone import Render, Tone
from engine.values import FloatArray


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice holds the dials of one player who blows or bows.

    Attributes
    ----------
    shape
        The wave, one of ``synth.SHAPES``.
    open_hz
        How far its low-pass opens for a note of middling force.
    air, air_hz
        How loud breath or bow is beside the tone, and the band in which it lies.
    onset
        How many times louder breath or bow is at the beginning.
    cents
        Depth of the vibrato.
    attack_s, release_s
        How long it takes to speak and to end, seconds.
    scoop_cents
        How far below its pitch a note begins.
    drive
        How hard the tone is bent, 0 is not at all.
    """

    shape: str
    open_hz: float
    air: float
    air_hz: tuple[float, float]
    onset: float
    cents: float
    attack_s: float
    release_s: float = 0.09
    scoop_cents: float = 0.0
    drive: float = 0.0


def _voice(voice: Voice) -> Render:
    def render(tone: Tone, rng: np.random.Generator) -> FloatArray:
        sr, f0 = tone.sample_rate, midi_hz(tone.midi)
        attack_s = min(voice.attack_s * (1.35 - 0.5 * tone.force), 0.4 * tone.gate_s)
        n, env = held_shape(tone, attack_s, voice.release_s, 0.85, 0.3)
        pitch = vibrato(f0, n, sr, rng, voice.cents)
        if voice.scoop_cents:
            t = np.linspace(0, n / sr, pitch.size)
            pitch *= 2 ** (-voice.scoop_cents / 1200 * np.exp(-t / 0.035))
        top = max((1.0 + tone.force) * f0, tone.bright * voice.open_hz * (0.4 + 0.85 * tone.force))
        cutoff = top * (0.4 + 0.6 * env[:: max(1, n // 32)].astype(np.float64))
        wave = sweep(pitch, cutoff, n, sr, shape=voice.shape)
        if voice.drive:
            wave = np.tanh(voice.drive * wave)
        loud = np.full(n, voice.air * (0.45 + 0.8 * tone.force), np.float32)
        loud += voice.air * voice.onset * tone.force * decay(n, sr, 0.03)
        wave += breath(rng, n, sr, *voice.air_hz) * loud
        wave *= env
        return wave

    return render


flute = _voice(Voice("triangle", 3600, 0.035, (900, 7000), 4, 14, 0.05))
pan_flute = _voice(Voice("triangle", 2400, 0.09, (700, 6500), 6, 8, 0.045, scoop_cents=25))
sax = _voice(Voice("saxophone", 3400, 0.012, (1500, 7000), 5, 16, 0.035, scoop_cents=30, drive=1.4))
clarinet = _voice(Voice("square", 2400, 0.008, (1200, 6000), 3, 5, 0.04))
oboe = _voice(Voice("oboe", 5200, 0.008, (1500, 7000), 3, 10, 0.035))
trumpet = _voice(Voice("horn", 5000, 0.006, (1500, 8000), 5, 12, 0.028, scoop_cents=15))
trombone = _voice(Voice("horn", 2600, 0.006, (700, 5000), 5, 9, 0.045, scoop_cents=25))
tuba = _voice(Voice("horn", 1000, 0.008, (300, 2500), 5, 4, 0.05))
violin = _voice(Voice("violin", 6000, 0.016, (1800, 9500), 7, 20, 0.075, 0.14))
cello = _voice(Voice("cello", 3200, 0.014, (1000, 6500), 7, 16, 0.08, 0.16))
harmonica = _voice(Voice("free reed", 5200, 0.014, (1500, 8000), 5, 12, 0.045, scoop_cents=35))


def strings(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a section of bowed strings, whose bows are not the same to the left and to the right."""
    n, env = held_shape(tone, min(0.22 * (1.4 - 0.6 * tone.force), 0.3 * tone.gate_s), 0.35)
    env *= 0.8 + 0.2 * np.sin(np.linspace(0.2, np.pi, n, dtype=np.float32))
    top = tone.bright * (1800 + 4200 * tone.force)
    out = wide(tone, rng, env, np.array([top * 0.7, top, top * 0.8]), cents=11.0, shape="violin")
    bows = breath(rng, n, tone.sample_rate, 2500, 10000) * np.float32(0.01 + 0.014 * tone.force)
    # The players on the other side are not the same ones.
    out[0] += bows * env
    out[1] += np.roll(bows, n // 3) * env
    return out


def tremolo_strings(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return strings whose bows turn about eleven times a second, no two sides together."""
    out = strings(tone, rng)
    n, sr = out.shape[1], tone.sample_rate
    for side in range(2):
        turn = np.linspace(0, rng.uniform(10.2, 11.8) * n / sr, n, dtype=np.float32) + np.float32(rng.uniform())
        out[side] *= 0.45 + 0.55 * np.abs(np.sin(np.pi * turn))
    return out


def choir(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return three singers on an open vowel."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = held_shape(tone, min(0.35, 0.35 * tone.gate_s), 0.5)
    # Each singer has a vibrato of his own.
    voices = tuple((vibrato(f0 * 2 ** (c / 1200), n, sr, rng, 13), rng.uniform()) for c in (0.0, -9.0, 9.0))
    cutoff = np.array([tone.bright * (1800 + 5500 * tone.force)])
    middle, left, right = sweeps(voices, cutoff, n, sr, shape="vowel")
    air = breath(rng, n, sr, 2500, 9000) * np.float32(0.004 + 0.012 * tone.force)
    return np.stack([(0.8 * middle + left + air) * env, (0.8 * middle + right + air) * env])


def brass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return a section of brass that opens as it speaks."""
    _n, env = held_shape(tone, 0.03, 0.12, 0.8, 0.3)
    top = tone.bright * (1100 + 3400 * tone.force)
    cutoff = np.array([top * 0.3, top, top * 0.8, top * 0.7, top * 0.65])
    return wide(tone, rng, env, cutoff, cents=7.0, shape="horn")


def _reeds(tone: Tone, rng: np.random.Generator, ranks: tuple[tuple[float, float], ...], open_hz: float) -> FloatArray:
    """Return ranks of free reeds, each a factor on the pitch and a share, in turn to the left and to the right."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = held_shape(tone, min(0.03, 0.3 * tone.gate_s), 0.06)
    cutoff = np.array([tone.bright * open_hz * (0.45 + 0.75 * tone.force)])
    out = np.zeros((2, n), np.float32)
    for i, (factor, share) in enumerate(ranks):
        reed = sweep(f0 * factor, cutoff, n, sr, shape="free reed", phase=rng.uniform()) * env
        out[i % 2] += np.float32(share) * reed
        out[1 - i % 2] += np.float32(0.45 * share) * reed
    return out


def accordion(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return three reeds to a note, of which two are tuned apart and beat (musette)."""
    return _reeds(tone, rng, ((1.0, 1.0), (1.0052, 0.75), (0.9956, 0.6)), 5200)


def bandoneon(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Return two reeds an octave apart, without beats."""
    return _reeds(tone, rng, ((1.0, 1.0), (2.0, 0.5)), 4200)
