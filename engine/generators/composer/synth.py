# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds the few ways of making sound that every instrument and drum is built from, each vectorised.

- ``ring``: a bank of damped sinusoids (modal synthesis: strings, bells, bars, drum shells), as one matrix product.
- ``sweep``: band-limited wavetables whose low-pass cutoff moves in time (subtractive synthesis).
- ``band_noise``: noise shaped in the frequency domain.

All return float32 arrays of shape ``(n_samples,)``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

TABLE_SAMPLES = 16384
"""Number of samples of a cycle in a table, which is read without interpolation: what is rounded off is near -60 dB."""
TABLES_PER_OCTAVE = 3
"""Number of cutoffs in an octave that have a table; those between are mixed."""
_BLOCK_SAMPLES = 256
_CONTROL_SAMPLES = 32
_NOISE_SAMPLES = 16384
_HEARD_DECAYS = 9.0  # time constants to -78 dB
_TOP_HZ = 17000.0


def midi_hz(midi: float) -> float:
    """Return the frequency in Hz of a MIDI note number (A4 = 69 = 440 Hz), equal temperament."""
    return float(440.0 * 2.0 ** ((midi - 69.0) / 12.0))


def ring(
    freqs_hz: Floats, decays_s: Floats, gains: Floats, n_samples: int, sample_rate: int, *, phases: Floats | None = None
) -> FloatArray:
    """Return a sum of sinusoids, each dying away exponentially.

    ``decays_s`` are time constants (to 1/e). ``z ** (a * B + b) == z ** (a * B) * z ** b``, so the whole bank is one
    real matrix product over blocks of B samples.
    """
    keep = (freqs_hz < min(_TOP_HZ, 0.48 * sample_rate)) & (np.abs(gains) > 1e-5)
    out = np.zeros(n_samples, np.float32)
    decays = np.maximum(decays_s, 1e-4)
    poles: Complexes = np.asarray((-1.0 / decays + 2j * np.pi * freqs_hz) / sample_rate, np.complex128)
    start: Complexes = np.asarray(gains * np.exp(1j * (-np.pi / 2 if phases is None else phases)), np.complex128)
    # What dies away soon is not followed to the end.
    soon = _HEARD_DECAYS * decays * sample_rate
    for share in (0.08, 0.3, 1.0):
        group = keep & (soon <= share * n_samples) if share < 1.0 else keep
        keep = keep & ~group
        if group.any():
            n = min(n_samples, int(share * n_samples) + 1)
            out[:n] += _bank(poles[group], start[group], n)
    return out


def turning(hz: float, n_samples: int, sample_rate: int) -> FloatArray:
    """Return the phase of a pitch in radians, (n_samples,), within a turn, so that it stays exact."""
    cycles = np.arange(n_samples) * (hz / sample_rate)
    # A remainder takes twenty times as long.
    cycles -= np.floor(cycles)
    return (2.0 * np.pi * cycles).astype(np.float32)


def _bank(poles: Complexes, start: Complexes, n_samples: int) -> FloatArray:
    rows = -(-n_samples // _BLOCK_SAMPLES)
    coarse = _powers(poles, rows, _BLOCK_SAMPLES) * start
    fine = _powers(poles, _BLOCK_SAMPLES, 1)
    left = np.concatenate([coarse.real, -coarse.imag], axis=1, dtype=np.float32)
    right = np.concatenate([fine.real, fine.imag], axis=1, dtype=np.float32)
    out: FloatArray = (left @ right.T).reshape(-1)[:n_samples]
    return out


def _powers(poles: Complexes, n: int, step: int) -> Complexes:
    """Return ``exp(poles * step * i)`` for i below n, (n, n_poles), by products of few exponentials."""
    side = int(np.ceil(np.sqrt(n)))
    few = np.exp(np.outer(np.arange(side) * step, poles))
    far = np.exp(np.outer(np.arange(-(-n // side)) * (side * step), poles))
    out: Complexes = (far[:, None, :] * few[None, :, :]).reshape(-1, poles.size)[:n]
    return out


def saw_gains(harmonic: Floats) -> Floats:
    """Return the harmonic amplitudes of a sawtooth."""
    return 1.0 / harmonic


def square_gains(harmonic: Floats) -> Floats:
    """Return the harmonic amplitudes of a square wave."""
    return np.where(harmonic % 2 == 1, 1.0 / harmonic, 0.0)


def triangle_gains(harmonic: Floats) -> Floats:
    """Return the harmonic amplitudes of a triangle wave."""
    return np.where(harmonic % 2 == 1, np.cos(np.pi * (harmonic - 1) / 2) / harmonic**2, 0.0)


def pulse_gains(duty: float) -> Callable[[Floats], Floats]:
    """Return the harmonic amplitudes of a pulse wave of that duty cycle, in (0, 1)."""
    return lambda harmonic: np.sin(np.pi * harmonic * duty) / harmonic


def reed_gains(harmonic: Floats) -> Floats:
    """Return harmonic amplitudes between a clarinet's and a saxophone's: odd harmonics lead."""
    return np.where(harmonic % 2 == 1, 1.0, 0.55) / harmonic**1.1


def _soft_gains(harmonic: Floats) -> Floats:
    return 1.0 / harmonic**1.25


def _free_reed_gains(harmonic: Floats) -> Floats:
    return np.asarray(np.abs(np.sin(np.pi * harmonic * 0.31)) / harmonic**0.85)


SHAPES: dict[str, Callable[[Floats], Floats]] = {
    "saw": saw_gains,
    "square": square_gains,
    "triangle": triangle_gains,
    "pulse25": pulse_gains(0.25),
    "pulse12": pulse_gains(0.125),
    "reed": reed_gains,
    "vowel": _soft_gains,
    "violin": saw_gains,
    "cello": saw_gains,
    "oboe": saw_gains,
    "saxophone": reed_gains,
    "horn": saw_gains,
    "free reed": _free_reed_gains,
}
"""Harmonic amplitudes of each wave by number."""

FORMANTS: dict[str, tuple[float, tuple[tuple[float, float, float], ...]]] = {
    # An open "ah" (Peterson & Barney 1952, averaged).
    "vowel": (0.08, ((730, 160, 1.0), (1150, 200, 0.6), (2600, 350, 0.25))),
    # A box: air, wood, and the bridge's hill (Fletcher & Rossing).
    "violin": (0.45, ((280, 60, 0.7), (460, 90, 0.8), (1000, 250, 0.3), (2600, 900, 1.1))),
    "cello": (0.5, ((105, 30, 0.6), (190, 50, 0.8), (500, 150, 0.4), (1900, 700, 0.8))),
    "oboe": (0.12, ((1100, 350, 1.0), (2900, 700, 0.8))),
    "saxophone": (0.3, ((650, 250, 0.8), (1500, 400, 0.7), (3200, 900, 0.5))),
    "horn": (0.35, ((600, 300, 0.8), (1250, 450, 0.8), (2400, 900, 0.4))),
    "free reed": (0.4, ((900, 400, 0.5), (2300, 700, 0.7), (4200, 1200, 0.5))),
}
"""Resonances that a body adds to its wave, the same for every pitch: a floor, then centres, widths and gains."""


def _harmonics(f0: float) -> int:
    """Return how many harmonics are heard of a pitch, of a few counts, so that pitches share their tables."""
    n = max(1.0, min(_TOP_HZ / f0, 640.0))
    return int(n) if n < 12 else int(2.0 ** (np.floor(6.0 * np.log2(n)) / 6.0))


@lru_cache(maxsize=768)  # 64 KB each
def _table(shape: str, n_harmonics: int, cutoff_place: int, resonance: float, key: int) -> FloatArray:
    """Return a cycle of ``shape`` through a low-pass at a number of thirds of an octave above its pitch."""
    harmonic = np.arange(1, n_harmonics + 1, dtype=np.float64)
    gains = SHAPES[shape](harmonic)
    if shape in FORMANTS:
        floor, formants = FORMANTS[shape]
        hz = harmonic * midi_hz(key)
        gains = gains * (floor + sum(g * np.exp(-(((hz - f) / w) ** 2)) for f, w, g in formants))
    ratio = harmonic / 2.0 ** (cutoff_place / TABLES_PER_OCTAVE)
    # The magnitude of a 4-pole low-pass with a resonant bump at the cutoff.
    response = 1.0 / (1.0 + ratio**4) + resonance * np.exp(-((np.log2(ratio) / 0.22) ** 2))
    spectrum = np.zeros(TABLE_SAMPLES // 2 + 1, np.complex64)
    spectrum[1 : n_harmonics + 1] = -0.5j * TABLE_SAMPLES * gains * response
    from scipy.fft import irfft

    table: FloatArray = np.asarray(irfft(spectrum), dtype=np.float32)
    return table


def sweep(
    f0_hz: float | Floats,
    cutoff_hz: Floats,
    n_samples: int,
    sample_rate: int,
    *,
    shape: str = "saw",
    resonance: float = 0.0,
    phase: float = 0.0,
) -> FloatArray:
    """Return a band-limited wave through a low-pass that moves.

    ``f0_hz`` is a number, or control points of a pitch that moves (glide, vibrato); ``cutoff_hz`` are control points.
    Both are spread evenly over the note. ``phase`` in cycles.
    """
    return sweeps(((f0_hz, phase),), cutoff_hz, n_samples, sample_rate, shape=shape, resonance=resonance)[0]


def sweeps(
    voices: tuple[tuple[float | Floats, float], ...],
    cutoff_hz: Floats,
    n_samples: int,
    sample_rate: int,
    *,
    shape: str = "saw",
    resonance: float = 0.0,
) -> list[FloatArray]:
    """Return waves of nearly the same pitch through one moving low-pass: ``voices`` are pitches and phases."""
    top = max(float(np.max(f0)) for f0, _ in voices)
    n_harmonics, key = _harmonics(top), _formant_key(shape, top)
    # In thirds of an octave above the pitch.
    control = TABLES_PER_OCTAVE * np.log2(np.clip(cutoff_hz, 40.0, 20000.0) / top)
    control = np.clip(control, -4.0, TABLES_PER_OCTAVE * np.log2(2.0 * n_harmonics) + 1.0)
    lowest = int(np.floor(control.min()))
    n_tables = int(np.floor(control.max())) - lowest + 2
    resonance = round(resonance, 2)
    tables = np.concatenate([_table(shape, n_harmonics, lowest + i, resonance, key) for i in range(n_tables)])
    n_blocks = -(-n_samples // _CONTROL_SAMPLES)
    place = np.interp(np.linspace(0, control.size - 1, n_blocks), np.arange(control.size), control) - lowest
    row = place.astype(np.int32)
    weights = (place - row).astype(np.float32)[:, None]
    row *= TABLE_SAMPLES
    out = []
    for f0, phase in voices:
        index = _phase_steps(f0, phase, n_blocks, sample_rate)
        index &= TABLE_SAMPLES - 1
        index += row[:, None]
        wave = tables[index]
        index += TABLE_SAMPLES
        wave += weights * (tables[index] - wave)
        out.append(wave.reshape(-1)[:n_samples])
    return out


def _formant_key(shape: str, hz: float) -> int:
    """Return the nearest of a few pitches, as what has a body of its own sounds different at each."""
    return 3 * round((69.0 + 12.0 * np.log2(hz / 440.0)) / 3.0) if shape in FORMANTS else 0


def _phase_steps(f0: float | Floats, phase: float, n_blocks: int, sample_rate: int) -> npt.NDArray[np.int32]:
    """Return places in a table, (n_blocks, _CONTROL_SAMPLES): the pitch is constant within a block."""
    if isinstance(f0, np.ndarray):
        pitch = np.interp(np.linspace(0, f0.size - 1, n_blocks), np.arange(f0.size), f0)
    else:
        pitch = np.full(n_blocks, f0)
    step = pitch * (TABLE_SAMPLES / sample_rate)
    start = np.cumsum(step) * _CONTROL_SAMPLES
    start = (phase * TABLE_SAMPLES + start - step * _CONTROL_SAMPLES) % TABLE_SAMPLES
    within = np.outer(step.astype(np.float32), np.arange(_CONTROL_SAMPLES, dtype=np.float32))
    within += start.astype(np.float32)[:, None]
    return within.astype(np.int32)


def band_noise(
    rng: np.random.Generator, n_samples: int, sample_rate: int, low_hz: float, high_hz: float, *, order: int = 2
) -> FloatArray:
    """Return Gaussian noise between two corner frequencies (Butterworth magnitudes), unit RMS."""
    from scipy.fft import irfft, next_fast_len

    n_fft = next_fast_len(max(64, n_samples), real=True)
    n_fft += n_fft % 2
    hz = np.arange(n_fft // 2 + 1, dtype=np.float32) * np.float32(sample_rate / n_fft)
    hz[0] = hz[1]
    # Far outside the band a power overflows to infinity, and the magnitude is the 0 that it should be.
    with np.errstate(over="ignore"):
        below, above = (low_hz / hz) ** 2, (hz / high_hz) ** 2  # squares: other powers take ten times as long
        for _ in range(1, order):
            below, above = below * (low_hz / hz) ** 2, above * (hz / high_hz) ** 2
        magnitude = 1.0 / np.sqrt((1.0 + below) * (1.0 + above))
    magnitude[0] = 0.0
    # White noise has a white spectrum: drawn there, one transform is saved.
    white = rng.standard_normal(2 * hz.size, dtype=np.float32).view(np.complex64)
    noise = np.asarray(irfft(white * magnitude, n_fft))[:n_samples]
    return np.asarray(noise / max(1e-9, float(np.sqrt(np.mean(np.square(noise))))), dtype=np.float32)


def breath(rng: np.random.Generator, n_samples: int, sample_rate: int, low_hz: float, high_hz: float) -> FloatArray:
    """Return noise as ``band_noise`` does that repeats every third of a second: cheap, for what is far below a tone."""
    noise = band_noise(rng, min(n_samples, _NOISE_SAMPLES), sample_rate, low_hz, high_hz)
    return noise if noise.size == n_samples else np.resize(noise, n_samples)


def decay(n_samples: int, sample_rate: int, time_s: float) -> FloatArray:
    """Return an exponential decay from 1 with time constant ``time_s``."""
    out: FloatArray = np.exp(np.arange(n_samples, dtype=np.float32) * np.float32(-1.0 / (time_s * sample_rate)))
    return out


def ramp_ends(wave: FloatArray | Floats, attack_samples: int, release_samples: int) -> FloatArray:
    """Return the same wave with raised-cosine ends: no click at either."""
    attack, release = min(attack_samples, wave.size // 2), min(release_samples, wave.size // 2)
    out: FloatArray = np.array(wave, dtype=np.float32)
    if attack:
        out[:attack] *= _half_cosine(attack)
    if release:
        out[-release:] *= _half_cosine(release)[::-1]
    return out


@lru_cache(maxsize=256)
def _half_cosine(n_samples: int) -> FloatArray:
    out = (0.5 - 0.5 * np.cos(np.pi * (np.arange(n_samples) + 0.5) / n_samples)).astype(np.float32)
    out.flags.writeable = False
    return out
