# SPDX-License-Identifier: GPL-3.0-or-later
"""The check tone is two notes, left and right, as loud as it says, that begin and end without a click."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import periodogram

from engine.dsp.check_tone import NOTE_S, NOTES_HZ, PEAK_DBFS, STEP_S, check_tone
from engine.units import db_to_amplitude, seconds_to_samples
from tests.listening import find_faults


@pytest.mark.parametrize("sample_rate", [8_000, 44_100, 48_000])
def test_a_note_at_the_left_and_then_one_at_the_right(sample_rate: int) -> None:
    tone = check_tone(sample_rate)
    note, step = seconds_to_samples(NOTE_S, sample_rate), seconds_to_samples(STEP_S, sample_rate)
    assert tone.dtype == np.float32
    assert tone.shape == (step + note, 2)
    assert not tone[note:, 0].any()
    assert not tone[:step, 1].any()
    for channel, frequency_hz in enumerate(NOTES_HZ):
        assert np.abs(tone[:, channel]).max() == pytest.approx(db_to_amplitude(PEAK_DBFS), rel=1e-6)
        places_hz, powers = periodogram(tone[:, channel], sample_rate)
        assert places_hz[np.argmax(powers)] == pytest.approx(frequency_hz, abs=1.0)


def test_no_step_is_in_it() -> None:
    tone = check_tone(44_100)
    assert not tone[0].any()
    # At full scale a sine of the highest partial moves by less than this from one sample to the next.
    steepest = db_to_amplitude(PEAK_DBFS) * 2.0 * np.pi * 3.0 * max(NOTES_HZ) / 44_100
    silence = np.zeros((4410, 2), dtype=np.float32)
    around = np.concatenate((silence, tone, silence))
    assert np.abs(np.diff(around, axis=0)).max() < steepest
    assert np.abs(around[-4410 - 44 :]).max() < 1e-5, "the last millisecond has faded"
    assert find_faults(around, 44_100) == []
