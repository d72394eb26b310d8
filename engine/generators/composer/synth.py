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

TABLE_SAMPLES = 16384  # read without interpolation: the rounding noise stays near -80 dB
SWEEP_TABLES = 12
_BLOCK_SAMPLES = 256
_CONTROL_SAMPLES = 16
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
    if not keep.any():
        return np.zeros(n_samples, np.float32)
    poles = (-1.0 / np.maximum(decays_s[keep], 1e-4) + 2j * np.pi * freqs_hz[keep]) / sample_rate
    start = gains[keep] * np.exp(1j * (-np.pi / 2 if phases is None else phases[keep]))
    rows = -(-n_samples // _BLOCK_SAMPLES)
    coarse = np.exp(np.outer(np.arange(rows) * _BLOCK_SAMPLES, poles)) * start
    fine = np.exp(np.outer(poles, np.arange(_BLOCK_SAMPLES)))
    left = np.concatenate([coarse.real, -coarse.imag], axis=1).astype(np.float32)
    right = np.concatenate([fine.real, fine.imag], axis=0).astype(np.float32)
    out: FloatArray = (left @ right).reshape(-1)[:n_samples]
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


def _vowel_gains(harmonic: Floats) -> Floats:
    return 1.0 / harmonic**1.25


SHAPES: dict[str, Callable[[Floats], Floats]] = {
    "saw": saw_gains,
    "square": square_gains,
    "triangle": triangle_gains,
    "pulse25": pulse_gains(0.25),
    "pulse12": pulse_gains(0.125),
    "reed": reed_gains,
    "vowel": _vowel_gains,
}


@lru_cache(maxsize=48)  # 0.8 MB each
def _tables(shape: str, f0_key: int, low_hz: float, high_hz: float, resonance: float) -> FloatArray:
    """Return single cycles of ``shape`` at ``SWEEP_TABLES`` log-spaced cutoffs, shape (SWEEP_TABLES, TABLE_SAMPLES)."""
    f0 = midi_hz(f0_key / 2.0)
    n_harmonics = int(max(1, min(_TOP_HZ / f0, 600)))
    harmonic = np.arange(1, n_harmonics + 1, dtype=np.float64)
    hz = harmonic * f0
    gains = SHAPES[shape](harmonic)
    if shape == "vowel":  # an open "ah": three formants (Peterson & Barney 1952, averaged)
        formants = np.asarray(
            sum(
                g * np.exp(-(((hz - f) / w) ** 2)) for f, w, g in ((730, 160, 1.0), (1150, 200, 0.6), (2600, 350, 0.25))
            )
        )
        gains = gains * (0.08 + formants)
    cutoffs = np.geomspace(low_hz, high_hz, SWEEP_TABLES)
    ratio = hz[None, :] / cutoffs[:, None]
    # The magnitude of a 4-pole low-pass with a resonant bump at the cutoff.
    response = 1.0 / (1.0 + ratio**4) + resonance * np.exp(-((np.log2(ratio) / 0.22) ** 2))
    spectrum = np.zeros((SWEEP_TABLES, TABLE_SAMPLES // 2 + 1), np.complex128)
    spectrum[:, 1 : n_harmonics + 1] = -0.5j * TABLE_SAMPLES * gains * response
    tables: FloatArray = np.fft.irfft(spectrum, axis=1).astype(np.float32)
    return tables


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

    ``f0_hz`` is a number, or one value per sample (glide, vibrato). ``cutoff_hz`` are control points spread evenly
    over the note. ``phase`` in cycles.
    """
    top = float(np.max(f0_hz))
    f0_key = round(2.0 * (69.0 + 12.0 * np.log2(top / 440.0)))
    # Bounds on a coarse grid, so that notes of one instrument share their tables.
    low = float(2.0 ** np.floor(np.log2(np.clip(cutoff_hz.min(), 40.0, 16000.0))))
    high = float(2.0 ** np.ceil(np.log2(np.clip(cutoff_hz.max(), 80.0, 20000.0))))
    high = max(high, 2.0 * low)
    tables = _tables(shape, f0_key, low, high, round(resonance, 2)).reshape(-1)
    cycles: Floats
    if isinstance(f0_hz, np.ndarray):
        cycles = phase + np.cumsum(f0_hz) / sample_rate
    else:
        cycles = phase + np.arange(n_samples, dtype=np.float64) * (f0_hz / sample_rate)
    index = (cycles * TABLE_SAMPLES).astype(np.int64) & (TABLE_SAMPLES - 1)
    if cutoff_hz.size == 1 or np.ptp(cutoff_hz) < 1.0:
        place = _table_place(cutoff_hz[:1], low, high)
        base = int(place[0])
        weight = np.float32(place[0] - base)
        index += base * TABLE_SAMPLES
        still: FloatArray = tables[index] * (1 - weight) + tables[index + TABLE_SAMPLES] * weight
        return still
    control = _table_place(cutoff_hz, low, high)
    n_coarse = n_samples // _CONTROL_SAMPLES + 1
    coarse = np.interp(np.linspace(0, control.size - 1, n_coarse), np.arange(control.size), control)
    position = np.repeat(coarse.astype(np.float32), _CONTROL_SAMPLES)[:n_samples]
    base_row = position.astype(np.int64)
    weights = position - base_row.astype(np.float32)
    index += base_row * TABLE_SAMPLES
    out: FloatArray = tables[index]
    out += (tables[index + TABLE_SAMPLES] - out) * weights
    return out


def _table_place(cutoff_hz: Floats, low: float, high: float) -> Floats:
    place: Floats = np.log(np.clip(cutoff_hz, low, high) / low) / np.log(high / low) * (SWEEP_TABLES - 1)
    return np.clip(place, 0.0, SWEEP_TABLES - 1.001)


def band_noise(
    rng: np.random.Generator, n_samples: int, sample_rate: int, low_hz: float, high_hz: float, *, order: int = 2
) -> FloatArray:
    """Return Gaussian noise between two corner frequencies (Butterworth magnitudes), unit RMS."""
    from scipy.fft import irfft

    n_fft = 1 << max(6, int(n_samples - 1).bit_length())
    hz = np.arange(n_fft // 2 + 1, dtype=np.float32) * np.float32(sample_rate / n_fft)
    hz[0] = hz[1]
    # Far outside the band a power overflows to infinity, and the magnitude is the 0 that it should be.
    with np.errstate(over="ignore"):
        magnitude = 1.0 / np.sqrt((1.0 + (low_hz / hz) ** (2 * order)) * (1.0 + (hz / high_hz) ** (2 * order)))
    magnitude[0] = 0.0
    # White noise has a white spectrum: drawn there, one transform is saved.
    white = rng.standard_normal(2 * hz.size, dtype=np.float32).view(np.complex64)
    noise = np.asarray(irfft(white * magnitude, n_fft))[:n_samples]
    return np.asarray(noise / max(1e-9, float(np.sqrt(np.mean(np.square(noise))))), dtype=np.float32)


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
