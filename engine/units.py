# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds every conversion between samples, frames, seconds and decibels. There is no default sample rate."""

from __future__ import annotations

import math

SILENCE_DB = -120.0
"""Level in dBFS that ``amplitude_to_db`` returns for silence."""
GB, MB = 1e9, 1e6
"""Bytes of a gigabyte and a megabyte, as disks are sold."""


def samples_to_seconds(n_samples: float, sample_rate: int) -> float:
    """Return the duration in seconds of ``n_samples`` at ``sample_rate`` Hz."""
    return n_samples / sample_rate


def seconds_to_samples(seconds: float, sample_rate: int) -> int:
    """Return the nearest whole number of samples in ``seconds`` at ``sample_rate`` Hz."""
    return round(seconds * sample_rate)


def ms_to_samples(milliseconds: float, sample_rate: int) -> int:
    """Return the nearest whole number of samples in ``milliseconds`` at ``sample_rate`` Hz."""
    return round(milliseconds * sample_rate / 1000.0)


def samples_to_ms(n_samples: float, sample_rate: int) -> float:
    """Return the duration in milliseconds of ``n_samples`` at ``sample_rate`` Hz."""
    return n_samples * 1000.0 / sample_rate


def frames_to_samples(frame: int, hop_length: int) -> int:
    """Return the first sample of analysis frame ``frame`` (centred framing: its middle)."""
    return frame * hop_length


def samples_to_frames(n_samples: int, hop_length: int) -> int:
    """Return the analysis frame that holds sample ``n_samples``."""
    return n_samples // hop_length


def db_to_amplitude(db: float) -> float:
    """Return the linear gain of ``db`` decibels (20 log10)."""
    return float(10.0 ** (db / 20.0))


def amplitude_to_db(amplitude: float) -> float:
    """Return the decibels (20 log10) of a linear amplitude; ``SILENCE_DB`` at and below it."""
    floor = 10.0 ** (SILENCE_DB / 20.0)
    return SILENCE_DB if amplitude <= floor else 20.0 * math.log10(amplitude)


def bar_seconds(tempo_bpm: float, beats_per_bar: int) -> float:
    """Return the duration in seconds of one bar at ``tempo_bpm``."""
    return beats_per_bar * 60.0 / tempo_bpm
