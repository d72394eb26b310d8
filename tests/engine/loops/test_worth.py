# SPDX-License-Identifier: GPL-3.0-or-later
"""The finder names, among about equally sure loops, the one worth the most: phrases, not fragments of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.dsp.rhythm import Rhythm
from engine.loops.finder import find_loops
from engine.loops.rivals import Claim
from engine.loops.turns import Turns
from engine.loops.worth import Ranking, gain
from engine.values import Algorithm, Clip, LoopCandidate, LoopMetrics, LoopOrigin, LoopRegion, LoopSearch
from tests.engine.loops.material import amid, bars, groove, tune

RATE = 22_050
BAR = 2 * RATE


def _length_s(clip: Clip, **search: object) -> float:
    best = find_loops(clip, LoopSearch(**search)).best  # type: ignore[arg-type]
    assert not best.weak
    return best.region.n_samples / clip.sample_rate


def _is_of(length_s: float, period_s: float) -> bool:
    """Return whether a length is a whole number of periods, to two ms."""
    return round(length_s / period_s) > 0 and abs(length_s / period_s - round(length_s / period_s)) * period_s < 0.002


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("turns", [2.0, 2.5, 3.0])
@pytest.mark.parametrize("tuneful", [False, True])
def test_a_phrase_of_four_bars_is_named_and_not_its_bar(algorithm: Algorithm, turns: float, tuneful: bool) -> None:
    phrase = bars(RATE, 4, seed=1)
    if tuneful:
        phrase = phrase + tune(RATE, phrase.shape[0], seed=3)
    stretch = np.tile(phrase, (3, 1))[: round(turns * phrase.shape[0])]
    assert _is_of(_length_s(amid(stretch, RATE), algorithm=algorithm), 8.0)


@pytest.mark.parametrize(
    ("form", "search", "lengths_s"),
    [
        ("AABA", {}, {32.0}),
        ("AABA", {"max_loop_s": 20.0}, {16.0, 8.0}),
        ("AABA", {"max_loop_s": 10.0}, {8.0}),
        ("AABA", {"max_loop_s": 5.0}, {4.0}),
        ("AABA", {"min_loop_s": 20.0}, {32.0}),
        ("AABA", {"min_loop_s": 20.0, "max_loop_s": 30.0}, {24.0}),
        ("ABAB", {}, {32.0}),
        ("ABAB", {"max_loop_s": 30.0}, {16.0}),
        ("AAAA", {}, {32.0}),
        ("AAAA", {"max_loop_s": 30.0}, {24.0, 16.0}),
        ("ABAC", {}, {32.0}),
        ("ABAC", {"max_loop_s": 30.0}, {16.0}),
    ],
)
def test_the_form_is_kept_whole_as_far_as_it_may_be(form: str, search: dict[str, float], lengths_s: set[float]) -> None:
    part = {"A": bars(RATE, 4, 1), "B": 0.8 * bars(RATE, 4, 7), "C": 0.9 * bars(RATE, 4, 9)}
    parts = {name: one + tune(RATE, one.shape[0], seed=ord(name)) for name, one in part.items()}
    clip = Clip(np.concatenate([parts[name] for name in form]).astype(np.float32), RATE)
    assert any(abs(_length_s(clip, **search) - length_s) < 0.002 for length_s in lengths_s)


def test_what_repeats_often_is_looped_in_long_phrases() -> None:
    for pattern_bars in (1, 2, 4):
        assert _is_of(_length_s(groove(RATE, 120.0, pattern_bars=pattern_bars)), 8.0)


def _candidate(seconds: float, score: float, **facts: object) -> LoopCandidate:
    region = LoopRegion(0, round(seconds * RATE))
    return LoopCandidate(region, score, LoopMetrics(1.0, 1.0, 1.0, 1.0), None, False, **facts)  # type: ignore[arg-type]


RHYTHM = Rhythm(BAR / 4, 4, 0.0, known=True)


@pytest.mark.parametrize("rhythm", [None, RHYTHM])
def test_of_equals_the_longest_leads_and_of_very_unequal_ones_the_surer(rhythm: Rhythm | None) -> None:
    ranking = Ranking(60 * RATE, RATE, rhythm)
    for longer, shorter in ((8.0, 2.0), (16.0, 8.0), (8.0, 4.0), (32.0, 16.0)):
        assert ranking.place(_candidate(longer, 0.99)) > ranking.place(_candidate(shorter, 0.995))
        assert ranking.place(_candidate(longer, 0.5)) < ranking.place(_candidate(shorter, 0.95))
        assert ranking.worth(LoopRegion(0, round(longer * RATE))) > ranking.worth(LoopRegion(0, round(shorter * RATE)))


def test_parts_of_phrases_are_worth_less_than_phrases() -> None:
    ranking = Ranking(60 * RATE, RATE, RHYTHM)
    worth = {n_beats: ranking.worth(LoopRegion(0, n_beats * BAR // 4)) for n_beats in range(1, 80)}
    assert worth[16] > max(worth[beats] for beats in (18, 20, 22, 24, 28, 30))
    assert worth[32] > max(worth[beats] for beats in (20, 24, 28, 34, 36, 40, 44))
    assert worth[48] > worth[32]


def test_the_turns_of_the_music_are_a_phrase_though_its_metre_is_misheard() -> None:
    """Five bars are none elsewhere."""
    without, ranking = (Ranking(60 * RATE, RATE, RHYTHM, turns=turns) for turns in (None, Turns(5.0 * BAR, 0.8)))
    gained = {
        n_bars: ranking.worth(LoopRegion(0, round(n_bars * BAR))) - without.worth(LoopRegion(0, round(n_bars * BAR)))
        for n_bars in (4.0, 5.0, 10.0, 15.0, 16.0)
    }
    assert min(gained[5.0], gained[10.0]) > 0.1
    assert gained[4.0] == gained[15.0] == gained[16.0] == 0.0


def test_what_ends_half_way_between_two_turns_is_less_sure_unless_it_is_exact_or_marked() -> None:
    half_way, whole = _candidate(24.0, 0.9), _candidate(16.0, 0.8)
    turns = Turns(16.0 * RATE, 0.6)
    without, ranking = (Ranking(60 * RATE, RATE, RHYTHM, turns=one) for one in (None, turns))
    assert without.place(half_way) > without.place(whole)
    assert ranking.place(half_way) < ranking.place(whole)
    assert ranking.gives(whole) == without.gives(whole)
    assert ranking.gives(_candidate(23.9, 0.9)) == without.gives(_candidate(23.9, 0.9))
    marked = _candidate(24.0, 0.9, origin=LoopOrigin.TAG)
    assert ranking.gives(marked) == without.gives(marked)
    exact = replace(ranking, claims=(Claim(24.0, 0.9, exact=0.8),))
    assert exact.gives(half_way) == without.gives(half_way)


def test_the_less_a_loop_is_worth_the_surer_it_must_be() -> None:
    for algorithm in Algorithm:
        ranking = Ranking(60 * RATE, RATE, None, algorithm)
        through = ranking.gives(_candidate(45.0, 0.02, overlap_ms=2_000.0))
        least = [
            min(
                (score for score in np.arange(0.0, 1.01, 0.01) if ranking.gives(_candidate(seconds, score)) > through),
                default=2.0,
            )
            for seconds in (1.5, 4.0, 16.0, 60.0)
        ]
        assert least == sorted(least, reverse=True)
        assert least[0] > least[-1] + 0.1


def test_what_gives_more_than_the_clip_played_through_leads_then_what_is_tagged_then_that_then_the_rest() -> None:
    ranking = Ranking(60 * RATE, RATE, None)
    through = _candidate(50.0, 0.02, overlap_ms=2_000.0, played_through=True)
    ranking = replace(ranking, through=ranking.gives(through))
    order = [
        _candidate(16.0, 0.95),
        _candidate(8.0, 0.01, origin=LoopOrigin.TAG),
        through,
        _candidate(4.0, 0.1),
    ]
    places = [ranking.place(candidate) for candidate in order]
    assert places == sorted(places, reverse=True)
    assert len({standing for standing, _ in places}) == len(places)


def test_gain_grows_with_score_and_worth_and_a_wrong_loop_costs_the_more_the_shorter_it_is() -> None:
    for score in (0.0, 0.3, 0.9):
        assert gain(score + 0.1, 0.5, 4.0) > gain(score, 0.5, 4.0)
        assert gain(score + 0.1, 0.6, 4.0) > gain(score + 0.1, 0.5, 4.0)
        assert gain(score, 0.5, 8.0) > gain(score, 0.5, 2.0)
    assert gain(1.0, 0.5, 2.0) == gain(1.0, 0.5, 8.0) == 0.5


def test_the_clip_played_through_gives_the_more_the_less_its_music_jumps() -> None:
    ranking = Ranking(60 * RATE, RATE, None)
    region = LoopRegion(0, 45 * RATE)
    gives = [
        ranking.gives(LoopCandidate(region, 0.0, LoopMetrics(alike, 0.5, 0.4, 0.0), None, True, overlap_ms=1_000.0))
        for alike in (0.0, 0.2, 0.5, 0.8)
    ]
    assert gives == sorted(gives)
    assert gives[0] < 0.1 < gives[-1] < ranking.gives(_candidate(16.0, 1.0))


def test_a_loop_that_a_much_surer_one_contradicts_does_not_lead() -> None:
    """Seven seconds are no turns of three and a third; six and two thirds are."""
    for seconds, leads in ((7.0, False), (20 / 3, True)):
        longer, shorter = _candidate(seconds, 0.85), _candidate(10 / 3, 0.99)
        claims = tuple(Claim(one.region.n_samples / RATE, one.score, 0.3) for one in (longer, shorter))
        ranking = Ranking(20 * RATE, RATE, None, claims=claims)
        assert (ranking.gives(longer) > ranking.gives(shorter)) == leads
