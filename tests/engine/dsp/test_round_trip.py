# SPDX-License-Identifier: GPL-3.0-or-later
"""A sequence is found in a recording to a fraction of a sample, and only where it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.round_trip import LEVEL, find, sequence
from engine.values import FloatArray

RATE = 44_100
PATTERN = sequence(RATE)


def test_a_sequence_begins_and_ends_in_silence_and_is_no_louder_than_it_says() -> None:
    assert PATTERN[0] == PATTERN[-1] == 0.0
    assert np.abs(PATTERN).max() == np.float32(LEVEL)
    assert 0.1 < len(PATTERN) / RATE < 0.3
    assert len(sequence(96_000)) / 96_000 == pytest.approx(len(PATTERN) / RATE, rel=0.1)


def recorded(at: int, *, level: float = 1.0, noise: float = 0.0, seed: int = 0) -> FloatArray:
    out = np.random.default_rng(seed).normal(0.0, max(noise, 1e-9), 2 * RATE).astype(np.float32)
    out[at : at + len(PATTERN)] += np.float32(level) * PATTERN
    return out


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2 * RATE - len(PATTERN)), st.sampled_from([1.0, -1.0, 0.01, -0.2]), st.integers(0, 99))
def test_it_is_found_at_its_place_in_either_polarity(at: int, level: float, seed: int) -> None:
    found = find(recorded(at, level=level, noise=0.1 * abs(level), seed=seed), PATTERN, RATE)
    assert found.is_sure
    assert found.at == pytest.approx(at, abs=0.1)
    assert found.level == pytest.approx(LEVEL * abs(level), rel=0.05)


def test_a_place_between_samples_is_told() -> None:
    late = 0.5 * (recorded(1000) + recorded(1001))
    assert find(late, PATTERN, RATE).at == pytest.approx(1000.5, abs=0.1)


def test_where_it_is_not_nothing_is_sure() -> None:
    assert not find(np.zeros(RATE, dtype=np.float32), PATTERN, RATE).is_sure
    noise = np.random.default_rng(1).normal(0.0, 0.1, 2 * RATE).astype(np.float32)
    assert not find(noise, PATTERN, RATE).is_sure
    assert not find(recorded(9000, level=0.01, noise=0.3), PATTERN, RATE).is_sure
    # Twice as loud, it is heard twice: which one came first is not known.
    assert not find(recorded(9000) + recorded(30_000), PATTERN, RATE).is_sure
