# SPDX-License-Identifier: GPL-3.0-or-later
"""Instruments: each a function from a pitch to the sound of one note.

``struck`` instruments ring by themselves and are damped when the note ends; ``held`` ones sound for as long as the
note does. To add one: a function below and a line in ``INSTRUMENTS``; styles and prompts then know its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.generators.composer.synth import band_noise, decay, midi_hz, ramp_ends, ring, sweep
from engine.values import FloatArray


@dataclass(frozen=True, slots=True)
class Tone:
    """What is asked of an instrument.

    Attributes
    ----------
    midi
        Pitch, MIDI note number.
    gate_s
        How long the note is held, seconds (``struck`` instruments ignore it).
    force
        How hard it is played, in (0, 1]: brightness more than loudness.
    bright
        The style's and the mood's factor on every cutoff, about 0.5 to 2.
    """

    midi: int
    gate_s: float
    force: float
    bright: float
    sample_rate: int


Render = Callable[[Tone, np.random.Generator], FloatArray]


@dataclass(frozen=True, slots=True)
class Instrument:
    """How a note sounds and ends.

    Attributes
    ----------
    render
        Gives shape ``(n_samples,)``, or ``(2, n_samples)`` for an instrument that is wide by itself.
    struck
        Whether it rings by itself, so that one rendering serves every length.
    release_s
        How long a struck note takes to be damped, seconds.
    tag
        Its name for people.
    """

    render: Render
    struck: bool
    release_s: float
    tag: str


# --- struck -----------------------------------------------------------------------------------------------------------


def _partials(n: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.arange(1, n + 1, dtype=np.float64)


def _electric_piano(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Two-operator FM with a tine (Chowning 1973): the index falls, so the note starts bright and turns round."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(sr * 2.6)
    t = np.arange(n, dtype=np.float32) / np.float32(sr)
    w = np.float32(2 * np.pi * f0)
    index = (0.25 + 1.5 * tone.force**1.5 * tone.bright) * decay(n, sr, 0.35)
    body = np.sin(w * t + index * np.sin(w * t)) * decay(n, sr, 1.5 * (60 / tone.midi))
    tine = ring(np.array([f0 * 7.02, f0 * 14.1]), np.array([0.09, 0.05]), np.array([0.16, 0.10]) * tone.force, n, sr)
    second = 0.12 * np.sin(2 * w * t) * decay(n, sr, 0.7)
    return ramp_ends((body + second + tine * tone.bright).astype(np.float32), int(0.003 * sr), int(0.3 * sr))


def _piano(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Two detuned strings of stiff partials (Fletcher & Rossing), each with a fast and a slow decay, and a hammer."""
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
    """A plucked string as the modes of Karplus & Strong's loop (1983): harmonic k dies faster as k rises."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(sr * n_s)
    k = _partials(int(min(top, 11000 / f0)) + 1)
    gains = np.abs(np.sin(np.pi * k * pluck)) / k ** (1.25 - 0.5 * tone.force * min(1.3, tone.bright))
    gains *= rng.uniform(0.75, 1.1, k.size)
    decays = ring_s * 2 ** ((52 - tone.midi) / 26) / (1 + damp * (k - 1) ** 1.3)
    freqs = f0 * k * np.sqrt(1 + 0.00008 * k * k)
    return ring(freqs, decays, gains, n, sr, rng.uniform(-0.4, 0.4, k.size) - np.pi / 2)


def _guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Nylon string with the resonances of a wooden box."""
    sr = tone.sample_rate
    string = _string_bank(tone, rng, n_s=2.2, pluck=0.21, ring_s=0.95, damp=0.13)
    box = ring(np.array([102.0, 204.0, 390.0]), np.array([0.05, 0.04, 0.025]), np.array([0.5, 0.35, 0.25]), 8000, sr)
    string[: box.size] += 0.35 * tone.force * box
    nail = band_noise(rng, 1300, sr, 1500, 6500) * decay(1300, sr, 0.004)
    string[: nail.size] += 0.07 * tone.force * nail
    return ramp_ends(string, int(0.002 * sr), int(0.2 * sr))


def _steel(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    return ramp_ends(
        _string_bank(tone, rng, n_s=2.6, pluck=0.13, ring_s=1.5, damp=0.06), int(0.002 * sr), int(0.2 * sr)
    )


def _muted_guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """A clean electric guitar, damped: the funk and reggae chop."""
    sr = tone.sample_rate
    return ramp_ends(
        _string_bank(tone, rng, n_s=0.7, pluck=0.09, ring_s=0.22, damp=0.05), int(0.002 * sr), int(0.05 * sr)
    )


def _harp(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    return ramp_ends(
        _string_bank(tone, rng, n_s=2.6, pluck=0.38, ring_s=1.3, damp=0.22), int(0.003 * sr), int(0.3 * sr)
    )


def _upright_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    string = _string_bank(tone, rng, n_s=1.7, pluck=0.29, ring_s=0.75, damp=0.24, top=24)
    finger = band_noise(rng, 2200, sr, 200, 1600) * decay(2200, sr, 0.009)
    string[: finger.size] += 0.12 * tone.force * finger
    return ramp_ends(string, int(0.005 * sr), int(0.15 * sr))


def _finger_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    string = _string_bank(tone, rng, n_s=2.0, pluck=0.17, ring_s=1.1, damp=0.09, top=36)
    return ramp_ends(np.tanh(1.2 * string).astype(np.float32), int(0.003 * sr), int(0.1 * sr))


def _slap_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    string = _string_bank(tone, rng, n_s=1.4, pluck=0.06, ring_s=0.7, damp=0.05, top=60)
    snap = band_noise(rng, 900, sr, 1800, 7000) * decay(900, sr, 0.004)
    string[: snap.size] += 0.3 * tone.force**2 * snap
    return ramp_ends(np.tanh(1.5 * string).astype(np.float32), int(0.002 * sr), int(0.08 * sr))


def _modal(
    tone: Tone,
    ratios: list[float],
    gains: list[float],
    times_s: list[float],
    n_s: float,
    knock: float,
    rng: np.random.Generator,
) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    scale = 2 ** ((69 - tone.midi) / 30)
    force = tone.force ** (0.6 * np.arange(len(ratios)))
    out = ring(f0 * np.array(ratios), scale * np.array(times_s), np.array(gains) * force, int(n_s * sr), sr)
    tap = band_noise(rng, 900, sr, 700, 5000) * decay(900, sr, 0.003)
    out[: tap.size] += knock * tone.force * tap
    return ramp_ends(out, int(0.002 * sr), int(0.2 * sr))


def _vibraphone(tone: Tone, rng: np.random.Generator) -> FloatArray:
    out = _modal(tone, [1, 4.0, 9.9], [1, 0.22, 0.06], [1.3, 0.5, 0.12], 2.6, 0.03, rng)
    wobble = 1 + 0.22 * np.sin(2 * np.pi * 5.1 * np.arange(out.size) / tone.sample_rate)
    return (out * wobble).astype(np.float32)


def _marimba(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _modal(tone, [1, 3.93, 9.2], [1, 0.3, 0.12], [0.28, 0.09, 0.03], 1.0, 0.06, rng)


def _kalimba(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _modal(tone, [1, 2.0, 5.4, 9.1], [1, 0.12, 0.2, 0.07], [0.55, 0.3, 0.06, 0.03], 1.4, 0.08, rng)


def _bell(tone: Tone, rng: np.random.Generator) -> FloatArray:
    ratios = [0.5, 1, 1.19, 1.5, 2.0, 2.51, 3.01, 4.17]
    return _modal(
        tone, ratios, [0.25, 1, 0.3, 0.2, 0.45, 0.2, 0.15, 0.1], [2.2, 1.6, 1, 0.8, 0.7, 0.4, 0.3, 0.2], 3, 0.02, rng
    )


def _glockenspiel(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _modal(tone, [1, 2.76, 5.4], [1, 0.35, 0.15], [0.9, 0.35, 0.12], 1.8, 0.04, rng)


def _pluck_synth(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(0.7 * sr)
    top = min(9000.0, f0 * (5 + 14 * tone.force) * tone.bright)
    cutoff = np.geomspace(max(top, 2 * f0), 1.3 * f0, 16)
    out = sweep(f0, cutoff, n, sr, resonance=0.5) + sweep(f0 * 1.004, cutoff, n, sr, phase=0.3)
    return ramp_ends(out * decay(n, sr, 0.18), int(0.002 * sr), int(0.1 * sr))


def _stab(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """The house organ-piano stab: bright, woody, short."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n = int(0.9 * sr)
    k = np.array([1.0, 2, 3, 4, 6, 8])
    gains = np.array([1, 0.8, 0.5, 0.3, 0.22 * tone.bright, 0.12 * tone.bright])
    out = ring(f0 * k, np.array([0.5, 0.4, 0.25, 0.2, 0.12, 0.1]), gains, n, sr)
    click = band_noise(rng, 700, sr, 1200, 5000) * decay(700, sr, 0.003)
    out[: click.size] += 0.15 * tone.force * click
    return ramp_ends(out, int(0.002 * sr), int(0.2 * sr))


# --- held -------------------------------------------------------------------------------------------------------------


def _shape(
    tone: Tone, attack_s: float, release_s: float, sag: float = 1.0, sag_s: float = 0.3
) -> tuple[int, FloatArray]:
    """Length and envelope of a held note: attack, a sag to ``sag``, the gate, a release that dies away."""
    sr = tone.sample_rate
    gate, release = max(int(tone.gate_s * sr), int(0.02 * sr)), int(release_s * sr)
    n = gate + release
    envelope = sag + (1 - sag) * decay(n, sr, sag_s)
    attack = min(int(attack_s * sr), gate)
    envelope[:attack] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(attack, dtype=np.float32) / attack)
    fall = np.linspace(1, 0, release, dtype=np.float32)
    envelope[gate:] *= fall * fall
    return n, envelope.astype(np.float32)


def _vibrato(
    f0: float, n: int, sr: int, rng: np.random.Generator, depth_cents: float, rate_hz: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    t = np.arange(n) / sr
    onset = np.clip((t - 0.18) / 0.3, 0, 1)
    rate = rate_hz * rng.uniform(0.93, 1.07)
    return np.asarray(f0 * 2 ** (depth_cents / 1200 * onset * np.sin(2 * np.pi * rate * t)))


def _sub_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, 0.006, 0.06)
    f0 = midi_hz(tone.midi)
    t = np.arange(n) / tone.sample_rate
    wave = np.sin(2 * np.pi * f0 * t) + 0.18 * np.sin(4 * np.pi * f0 * t) + 0.05 * np.sin(6 * np.pi * f0 * t)
    return (np.tanh(1.3 * wave) * env).astype(np.float32)


def _808_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """A kick drum's body, tuned and driven."""
    sr = tone.sample_rate
    n, env = _shape(tone, 0.003, 0.08, 0.35, 0.7)
    t = np.arange(n) / sr
    glide = midi_hz(tone.midi) * (1 + 1.6 * np.exp(-t / 0.018))
    return (np.tanh(2.4 * np.sin(2 * np.pi * np.cumsum(glide) / sr)) * env).astype(np.float32)


def _synth_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.003, 0.05, 0.7, 0.2)
    t = np.linspace(0, n / sr, 24)
    cutoff = 140 + tone.bright * (300 + 1500 * tone.force) * np.exp(-t / 0.16)
    wave = sweep(f0, cutoff, n, sr, resonance=0.5) + 0.6 * sweep(f0 * 1.005, cutoff, n, sr, shape="square", phase=0.2)
    t_s = np.arange(n) / sr
    return ((wave + 0.7 * np.sin(2 * np.pi * f0 * t_s)) * env).astype(np.float32)


def _acid_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.003, 0.03, 0.6, 0.15)
    t = np.linspace(0, n / sr, 24)
    cutoff = 220 + tone.bright * (250 + 2600 * tone.force**2) * np.exp(-t / 0.12)
    wave = sweep(f0, cutoff, n, sr, resonance=2.4)
    return (np.tanh(0.9 * wave) * env).astype(np.float32)


def _reese_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
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


def _organ_bass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, 0.003, 0.05, 0.5, 0.12)
    cutoff = np.array([260.0 * tone.bright + 900 * tone.force, 260.0 * tone.bright, 240.0])
    return sweep(midi_hz(tone.midi), cutoff, n, tone.sample_rate, shape="square", resonance=0.3) * env


def _wide_saws(
    tone: Tone,
    rng: np.random.Generator,
    env: FloatArray,
    cutoff: np.ndarray[tuple[int], np.dtype[np.float64]],
    cents: float,
    shape: str = "saw",
) -> FloatArray:
    sr, f0, n = tone.sample_rate, midi_hz(tone.midi), env.size
    middle = sweep(f0, cutoff, n, sr, shape=shape, phase=rng.uniform())
    sides = []
    for sign in (-1, 1):
        a = sweep(f0 * 2 ** (sign * cents / 1200), cutoff, n, sr, shape=shape, phase=rng.uniform())
        sides.append((middle * 0.8 + a + 0.3 * (sides[0] if sides else 0)) * env)
    return np.stack(sides)


def _warm_pad(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, min(0.7, 0.4 * tone.gate_s + 0.05), 0.7)
    top = tone.bright * (500 + 900 * tone.force)
    rise = 0.55 + 0.45 * np.sin(np.linspace(0, np.pi, 16))
    return _wide_saws(tone, rng, env, top * rise, 8.0)


def _air_pad(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, min(1.2, 0.45 * tone.gate_s + 0.05), 1.2)
    out = _wide_saws(tone, rng, env, tone.bright * np.linspace(900, 2600, 16) * tone.force, 5.0, "triangle")
    f0 = midi_hz(tone.midi)
    for side in range(2):
        breath = band_noise(rng, n, tone.sample_rate, f0 * 1.9, f0 * 2.1, 3)
        out[side] += 0.16 * breath * env
    return out


def _strings(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, min(0.22, 0.3 * tone.gate_s), 0.35)
    swell = 0.8 + 0.2 * np.sin(np.linspace(0.2, np.pi, env.size)).astype(np.float32)
    top = tone.bright * (1500 + 3200 * tone.force)
    return _wide_saws(tone, rng, env * swell, np.array([top * 0.7, top, top * 0.8]), 11.0)


def _choir(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, min(0.35, 0.35 * tone.gate_s), 0.5)
    return _wide_saws(tone, rng, env, np.array([7000.0]), 9.0, "vowel")


def _supersaw(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, 0.006, 0.15, 0.75, 0.4)
    top = tone.bright * (2200 + 4500 * tone.force)
    return _wide_saws(tone, rng, env, np.geomspace(top, top * 0.45, 12), 16.0)


def _organ(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """Drawbars 8' 4' 2 2/3' 2', key click, a slow rotor: left and right half a turn apart."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.004, 0.05)
    t = np.arange(n, dtype=np.float32) / np.float32(sr)
    w = np.float32(2 * np.pi * f0)
    bars = sum(g * np.sin(k * w * t) for k, g in ((0.5, 0.5), (1, 1), (2, 0.6), (3, 0.45), (4, 0.3 * tone.bright)))
    rotor = 0.18 * np.sin(2 * np.pi * 5.8 * t + np.float32(rng.uniform(0, 6)))
    return np.stack([bars * (1 + rotor) * env, bars * (1 - rotor) * env]).astype(np.float32)


def _wind(
    tone: Tone, rng: np.random.Generator, shape: str, open_hz: float, breath: float, cents: float, attack_s: float
) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, min(attack_s, 0.4 * tone.gate_s), 0.09, 0.85, 0.3)
    pitch = _vibrato(f0, n, sr, rng, cents, 5.3)
    top = max(1.5 * f0, tone.bright * open_hz * (0.5 + 0.7 * tone.force))
    cutoff = top * (0.45 + 0.55 * env[:: max(1, n // 32)].astype(np.float64))
    wave = sweep(pitch, cutoff, n, sr, shape=shape)
    air = band_noise(rng, n, sr, 1.5 * f0, 6 * f0 + 1500)
    chiff = 1 + 4 * decay(n, sr, 0.03)
    return ((wave + breath * air * chiff) * env).astype(np.float32)


def _flute(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _wind(tone, rng, "triangle", 3200, 0.035, 14, 0.05)


def _sax(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return np.tanh(1.6 * _wind(tone, rng, "reed", 2600, 0.02, 16, 0.04)).astype(np.float32)


def _clarinet(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _wind(tone, rng, "square", 2200, 0.01, 6, 0.04)


def _trumpet(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _wind(tone, rng, "saw", 4200, 0.008, 12, 0.03)


def _violin(tone: Tone, rng: np.random.Generator) -> FloatArray:
    return _wind(tone, rng, "saw", 5200, 0.012, 20, 0.08)


def _brass(tone: Tone, rng: np.random.Generator) -> FloatArray:
    n, env = _shape(tone, 0.03, 0.12, 0.8, 0.3)
    top = tone.bright * (900 + 2600 * tone.force)
    return _wide_saws(tone, rng, env, np.array([top * 0.3, top, top * 0.8, top * 0.7, top * 0.65]), 7.0)


def _lead_synth(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.006, 0.12, 0.8, 0.4)
    pitch = _vibrato(f0, n, sr, rng, 14, 5.5)
    top = tone.bright * (1200 + 3200 * tone.force)
    cutoff = np.geomspace(top, top * 0.55, 12)
    wave = sweep(pitch, cutoff, n, sr, resonance=0.4) + 0.8 * sweep(
        pitch * 1.006, cutoff, n, sr, shape="square", phase=0.4
    )
    return (wave * env).astype(np.float32)


def _soft_lead(tone: Tone, rng: np.random.Generator) -> FloatArray:
    sr = tone.sample_rate
    n, env = _shape(tone, 0.02, 0.18, 0.8, 0.4)
    pitch = _vibrato(midi_hz(tone.midi), n, sr, rng, 10, 4.8)
    return sweep(pitch, np.array([1800.0 * tone.bright]), n, sr, shape="triangle") * env


def _distorted_guitar(tone: Tone, rng: np.random.Generator) -> FloatArray:
    """A saw-rich string driven hard; the speaker's roll-off is the part's filter."""
    sr, f0 = tone.sample_rate, midi_hz(tone.midi)
    n, env = _shape(tone, 0.004, 0.06, 0.75, 0.5)
    sides = []
    for detune in (-3.5, 3.5):
        f = f0 * 2 ** (detune / 1200)
        cutoff = np.geomspace(4200.0, 2400.0, 8) * tone.bright
        dry = sweep(f, cutoff, n, sr, phase=rng.uniform()) + sweep(f * 1.4983, cutoff, n, sr, phase=rng.uniform())
        sides.append(np.tanh(2.6 * dry * env) * np.minimum(1, 3 * env))
    return np.stack(sides).astype(np.float32)


def _chip(shape: str) -> Render:
    def render(tone: Tone, rng: np.random.Generator) -> FloatArray:
        n, env = _shape(tone, 0.002, 0.02, 0.55, 0.12)
        return sweep(midi_hz(tone.midi), np.array([15000.0]), n, tone.sample_rate, shape=shape) * env

    return render


INSTRUMENTS: dict[str, Instrument] = {
    "electric piano": Instrument(_electric_piano, True, 0.12, "electric piano"),
    "piano": Instrument(_piano, True, 0.16, "piano"),
    "guitar": Instrument(_guitar, True, 0.12, "guitar"),
    "steel guitar": Instrument(_steel, True, 0.12, "guitar"),
    "muted guitar": Instrument(_muted_guitar, True, 0.03, "guitar"),
    "distorted guitar": Instrument(_distorted_guitar, False, 0.0, "electric guitar"),
    "harp": Instrument(_harp, True, 0.5, "harp"),
    "upright bass": Instrument(_upright_bass, True, 0.06, "upright bass"),
    "finger bass": Instrument(_finger_bass, True, 0.05, "bass"),
    "slap bass": Instrument(_slap_bass, True, 0.04, "slap bass"),
    "vibraphone": Instrument(_vibraphone, True, 0.3, "vibraphone"),
    "marimba": Instrument(_marimba, True, 0.3, "marimba"),
    "kalimba": Instrument(_kalimba, True, 0.3, "kalimba"),
    "bell": Instrument(_bell, True, 0.8, "bells"),
    "glockenspiel": Instrument(_glockenspiel, True, 0.5, "glockenspiel"),
    "pluck": Instrument(_pluck_synth, True, 0.1, "synth pluck"),
    "stab": Instrument(_stab, True, 0.06, "organ stab"),
    "sub bass": Instrument(_sub_bass, False, 0.0, "sub bass"),
    "808 bass": Instrument(_808_bass, False, 0.0, "808 bass"),
    "synth bass": Instrument(_synth_bass, False, 0.0, "synth bass"),
    "acid bass": Instrument(_acid_bass, False, 0.0, "acid bass"),
    "reese bass": Instrument(_reese_bass, False, 0.0, "reese bass"),
    "organ bass": Instrument(_organ_bass, False, 0.0, "organ bass"),
    "warm pad": Instrument(_warm_pad, False, 0.0, "pad"),
    "air pad": Instrument(_air_pad, False, 0.0, "pad"),
    "strings": Instrument(_strings, False, 0.0, "strings"),
    "choir": Instrument(_choir, False, 0.0, "choir"),
    "supersaw": Instrument(_supersaw, False, 0.0, "synth"),
    "organ": Instrument(_organ, False, 0.0, "organ"),
    "flute": Instrument(_flute, False, 0.0, "flute"),
    "sax": Instrument(_sax, False, 0.0, "saxophone"),
    "clarinet": Instrument(_clarinet, False, 0.0, "clarinet"),
    "trumpet": Instrument(_trumpet, False, 0.0, "trumpet"),
    "violin": Instrument(_violin, False, 0.0, "violin"),
    "brass": Instrument(_brass, False, 0.0, "brass"),
    "synth lead": Instrument(_lead_synth, False, 0.0, "synth lead"),
    "soft lead": Instrument(_soft_lead, False, 0.0, "synth lead"),
    "chip lead": Instrument(_chip("pulse25"), False, 0.0, "chip"),
    "chip arp": Instrument(_chip("pulse12"), False, 0.0, "chip"),
    "chip bass": Instrument(_chip("triangle"), False, 0.0, "chip bass"),
}
