# SPDX-License-Identifier: GPL-3.0-or-later
"""The meters agree with EBU Tech 3341's test signals, and with the ears that judge recordings."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recording.meters import KWeighting, LoudnessMeter, OutputMeters
from engine.units import SILENCE_DB, db_to_amplitude
from engine.values import FloatArray
from tests.listening import short_term_loudness
from tests.weighting import k_weighted

RATES = [44_100, 48_000]


def sine(
    level_dbfs: float, duration_s: float, sample_rate: int, *, hz: float = 1000.0, phase: float = 0.0
) -> FloatArray:
    """Return a stereo tone whose peaks are at ``level_dbfs``."""
    t = np.arange(round(duration_s * sample_rate)) / sample_rate
    wave = db_to_amplitude(level_dbfs) * np.sin(2.0 * math.pi * hz * t + phase)
    tone: FloatArray = np.repeat(wave[:, None], 2, axis=1).astype(np.float32)
    return tone


def readings(sound: FloatArray, sample_rate: int) -> list[float]:
    """Return the short-term loudness at every tenth of a second."""
    meter, step, told = LoudnessMeter(sample_rate, 2), sample_rate // 10, []
    for start in range(0, len(sound) - step + 1, step):
        meter.add(sound[start : start + step])
        told.append(meter.lufs)
    return told


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_tones_read_their_level(sample_rate: int, level: float) -> None:
    # EBU Tech 3341, table 1, cases 1 and 2.
    told = readings(sine(level, 20.0, sample_rate), sample_rate)
    assert told[29:] == pytest.approx([level] * len(told[29:]), abs=0.1)


@pytest.mark.parametrize("sample_rate", RATES)
def test_a_tone_that_changes_within_the_window_reads_steadily(sample_rate: int) -> None:
    # EBU Tech 3341, table 1, case 9: five times -20 dBFS for 1.34 s and -30 dBFS for 1.66 s.
    part = np.concatenate([sine(-20.0, 1.34, sample_rate), sine(-30.0, 1.66, sample_rate)])
    told = readings(np.concatenate([part] * 5), sample_rate)
    assert told[29:] == pytest.approx([-23.0] * len(told[29:]), abs=0.1)


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize(
    ("share_of_rate", "phase_deg", "level", "expected"),
    # EBU Tech 3341, table 1, cases 15 to 19; the allowance is the table's.
    [(1 / 4, 0, 0.5, -6), (1 / 4, 45, 0.5, -6), (1 / 6, 60, 0.5, -6), (1 / 8, 67.5, 0.5, -6), (1 / 4, 45, 1.41, 3)],
)
def test_true_peaks(sample_rate: int, share_of_rate: float, phase_deg: float, level: float, expected: float) -> None:
    level_db = 20.0 * math.log10(level)
    tone = sine(level_db, 1.0, sample_rate, hz=share_of_rate * sample_rate, phase=math.radians(phase_deg))
    tone *= np.hanning(len(tone))[:, None].astype(np.float32) ** 0.1  # in and out softly, as the table asks
    meters = OutputMeters(sample_rate, 2)
    peaks = []
    for start in range(0, len(tone), 4410):
        meters.add(tone[start : start + 4410])
        peaks.append(meters.read().true_peak_db)
    assert -0.4 <= max(peaks) - expected <= 0.2
    for _ in range(2):  # the first still holds what lies between the last samples
        meters.read()
        meters.add(np.zeros((4410, 2), dtype=np.float32))
    assert meters.read().true_peak_db == SILENCE_DB, "since the last reading"


@settings(max_examples=7, deadline=None)
@given(sample_rate=st.sampled_from([*RATES, 32_000, 96_000]), pieces=st.lists(st.integers(0, 60_000), max_size=12))
def test_weighting_is_pyloudnorms_whatever_the_pieces(sample_rate: int, pieces: list[int]) -> None:
    noise = np.random.default_rng(1).standard_normal((sum(pieces), 2)).astype(np.float32)
    weighting = KWeighting(sample_rate, 2)
    ends = np.cumsum([0, *pieces])
    weighed = [weighting.weigh(noise[a:b]) for a, b in pairwise(ends.tolist())]
    assert [len(part) for part in weighed] == pieces
    for channel in range(2):
        expected = k_weighted(noise[:, channel].astype(np.float64), sample_rate)
        found = np.concatenate([part[:, channel] for part in weighed]) if weighed else np.zeros(0)
        np.testing.assert_allclose(found, expected, atol=1e-7)


def test_it_reads_what_the_ears_hear() -> None:
    rng = np.random.default_rng(2)
    sound = (rng.standard_normal((12 * 44_100, 2)) * np.repeat(rng.uniform(0, 0.3, 120), 4410)[:, None]).astype(
        np.float32
    )
    assert readings(sound, 44_100)[29:] == pytest.approx(short_term_loudness(sound, 44_100).tolist(), abs=1e-3)


def test_silence() -> None:
    meters = OutputMeters(44_100, 2)
    assert meters.read().short_term_lufs == SILENCE_DB
    meters.add(sine(-10.0, 4.0, 44_100))
    assert meters.read().short_term_lufs > -11.0
    meters.add(np.zeros((4 * 44_100, 2), dtype=np.float32))
    meters.read()
    assert meters.read() == type(meters.read())(SILENCE_DB, SILENCE_DB)
