# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's judge calls the right loops right, and its measures of a join order good and bad ones."""

from __future__ import annotations

import numpy as np
import pytest

from engine.values import Clip, LoopRegion
from tests.benchmarks.loopcases.cases import Case, Kind, Truth, case_rng
from tests.benchmarks.loopcases.judge import Jumps, is_exact, is_right, join_onset, off_ms
from tests.engine.loops.material import groove

RATE = 48_000
PERIOD = 100_001
FIRST, LAST = 50_000, 50_000 + 3 * PERIOD
MS = RATE // 1000


def _case(kind: Kind, period: float = PERIOD) -> Case:
    clip = Clip(np.zeros((500_000, 1), dtype=np.float32), RATE)
    truth = Truth(period, FIRST, LAST) if kind == "planted" else Truth(period, 0, clip.n_samples)
    return Case("case", kind, clip, truth)


@pytest.mark.parametrize("n_periods", [1, 2, 3])
@pytest.mark.parametrize(("off", "right", "exact"), [(0, True, True), (-1, True, False), (95, True, False)])
def test_planted_whole_periods_inside_the_repeats_are_right(n_periods: int, off: int, right: bool, exact: bool) -> None:
    region = LoopRegion(FIRST, FIRST + n_periods * PERIOD + off)
    assert is_right(_case("planted"), region) is right
    assert is_exact(_case("planted"), region) is exact
    assert off_ms(_case("planted"), region) == pytest.approx(off / MS)


@pytest.mark.parametrize(
    "region",
    [
        LoopRegion(FIRST, FIRST + PERIOD + 2 * MS + 1),  # too long
        LoopRegion(FIRST, FIRST + PERIOD - 2 * MS - 1),  # too short
        LoopRegion(FIRST, FIRST + PERIOD // 2),  # half a period: nothing is no whole number of them
        LoopRegion(FIRST, FIRST + 20),
        LoopRegion(FIRST - 2 * MS - 1, FIRST - 2 * MS - 1 + PERIOD),  # begins before the repeats
        LoopRegion(LAST + 2 * MS + 1 - PERIOD, LAST + 2 * MS + 1),  # ends after them
    ],
)
def test_planted_anything_else_is_wrong(region: LoopRegion) -> None:
    assert not is_right(_case("planted"), region)
    assert not is_exact(_case("planted"), region)


@pytest.mark.parametrize(("start", "right"), [(FIRST - 2 * MS, True), (LAST + 2 * MS - PERIOD, True)])
def test_planted_ends_may_leave_the_repeats_by_two_ms(start: int, right: bool) -> None:
    assert is_right(_case("planted"), LoopRegion(start, start + PERIOD)) is right


@pytest.mark.parametrize(("off", "right"), [(0, True), (15 * MS - 1, True), (-15 * MS, True), (15 * MS + 1, False)])
def test_performed_phrases_are_right_anywhere_to_fifteen_ms(off: int, right: bool) -> None:
    case = _case("performed", 90_000.4)
    for start in (0, 777):
        assert is_right(case, LoopRegion(start, start + 180_001 + off)) is right


def test_a_case_without_an_answer_is_not_judged() -> None:
    case = Case("real", "real", _case("planted").clip, None)
    with pytest.raises(ValueError, match="real has no known answer"):
        is_right(case, LoopRegion(0, 10))


def test_a_cases_random_stream_is_its_own_and_repeatable() -> None:
    draws = {
        case_rng(kind, split, index).integers(1 << 60)
        for kind in ("planted", "none")
        for split in ("dev", "held_out")
        for index in (0, 1)
    }
    assert len(draws) == 8
    assert case_rng("planted", "dev", 3).integers(1 << 60) == case_rng("planted", "dev", 3).integers(1 << 60)


@pytest.mark.soak
def test_a_bar_of_a_groove_joins_better_than_a_third_of_a_beat_more() -> None:
    clip = groove(22_050, 120.0, n_bars=12, pattern_bars=2)
    bar, beat = 44_100, 11_025
    jumps = Jumps(clip, 2.0, n_random=200)
    good, bad = LoopRegion(bar, 5 * bar), LoopRegion(bar, 5 * bar + beat // 3)
    assert jumps.rank(good) < 0.05 < jumps.rank(bad)
    assert jumps.rank(LoopRegion(0, clip.n_samples)) == 1.0
    measured = join_onset(clip, good)
    assert measured.over_own == pytest.approx(1.0, abs=0.2)
    assert measured.over_beats == pytest.approx(measured.at_join / measured.beats)


# librosa's onset strength is compiled at its first use: half a minute on a fresh machine.
@pytest.mark.soak
def test_a_jump_between_two_loud_places_is_heard_as_an_onset() -> None:
    rate = 22_050
    t = np.arange(10 * rate) / rate
    # A steady tone that changes its pitch half way: no onset at either end, a great one where they are joined.
    wave = np.where(t < 5.0, np.sin(2 * np.pi * 220 * t), np.sin(2 * np.pi * 1318 * t)) * 0.3
    clip = Clip(wave.astype(np.float32)[:, None], rate)
    assert join_onset(clip, LoopRegion(2 * rate, 8 * rate)).over_own > 3.0
    assert join_onset(clip, LoopRegion(2 * rate, 4 * rate)).over_own < 1.5
