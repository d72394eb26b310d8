# SPDX-License-Identifier: GPL-3.0-or-later
"""The finder obeys bounds: lengths, places, whole bars, a told tempo, tags; and says what cannot be."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import NothingLoops, NoWholeBars, OutOfRange
from engine.library.audiofile import write_clip
from engine.library.looptags import write_loop_tags
from engine.loops import find_loops, score_region
from engine.values import Algorithm, Clip, LoopOrigin, LoopRegion, LoopSearch, MusicFacts
from tests.engine.loops import material
from tests.engine.loops.anything import check_findings

RATE = 22_050
BAR = 2 * RATE  # four beats at 120 bpm


@pytest.fixture(scope="module")
def groove() -> Clip:
    """Return twelve bars of two seconds that repeat every four, after 0.7 s of something else."""
    return material.groove(RATE, 120.0, n_bars=12, intro_s=0.7)


@given(
    algorithm=st.sampled_from(Algorithm),
    shortest_s=st.none() | st.floats(0.0, 20.0),
    more_s=st.none() | st.floats(0.0, 10.0),
    whole_bars=st.booleans(),
    near=st.none() | st.tuples(st.floats(0, 20), st.floats(0.1, 20)),
    near_s=st.floats(0.0, 4.0),
    tempo_bpm=st.sampled_from([None, None, 120.0, 97.0]),
    top=st.integers(1, 20),
)
@example(
    algorithm=Algorithm.ADVANCED, shortest_s=1e-9, more_s=0.0, whole_bars=False, near=None, near_s=0.0, tempo_bpm=None,
    top=1,
)  # fmt: skip
@example(
    algorithm=Algorithm.ADVANCED, shortest_s=0.03125, more_s=0.0, whole_bars=False, near=None, near_s=0.0,
    tempo_bpm=None, top=1,
)  # fmt: skip
@settings(max_examples=5, deadline=None)
def test_every_wish_is_obeyed_or_refused(
    groove: Clip,
    *,
    algorithm: Algorithm,
    shortest_s: float | None,
    more_s: float | None,
    whole_bars: bool,
    near: tuple[float, float] | None,
    near_s: float,
    tempo_bpm: float | None,
    top: int,
) -> None:
    region = None if near is None else LoopRegion(round(near[0] * RATE), round((near[0] + near[1]) * RATE))
    search = LoopSearch(
        algorithm=algorithm,
        min_loop_s=shortest_s,
        max_loop_s=None if more_s is None else (shortest_s or 1.5) + more_s,
        top=top,
        facts=MusicFacts(tempo_bpm=tempo_bpm),
        whole_bars=whole_bars,
        near=region,
        near_s=near_s,
    )
    try:
        findings = find_loops(groove, search)
    except (NothingLoops, NoWholeBars, OutOfRange):
        # Nor is there a loop shorter than a sample.
        assert whole_bars or near is not None or (search.max_loop_s or 1.0) * RATE < 1.0
        return
    check_findings(groove, search, findings)


def test_near_finds_the_repeat_that_is_there(groove: Clip) -> None:
    for first_bar in (1, 3):
        rough = LoopRegion(
            round(0.7 * RATE) + first_bar * BAR + 3_000, round(0.7 * RATE) + (first_bar + 4) * BAR - 2_000
        )
        best = find_loops(groove, LoopSearch(near=rough, near_s=0.4)).best
        assert abs(best.region.n_samples - 4 * BAR) <= 1
        assert abs(best.region.loop_start - rough.loop_start) <= 0.4 * RATE + 1
        assert abs(best.region.loop_end - rough.loop_end) <= 0.4 * RATE + 1


def test_near_beyond_the_end_is_refused(groove: Clip) -> None:
    n = groove.n_samples
    for region in (LoopRegion(0, n + RATE), LoopRegion(n + RATE, n + 5 * RATE)):
        with pytest.raises(OutOfRange, match="where the clip ends"):
            find_loops(groove, LoopSearch(near=region, near_s=0.5))
    just = LoopRegion(n - 4 * BAR, n + RATE // 4)
    assert find_loops(groove, LoopSearch(near=just, near_s=0.5)).best.region.loop_end <= n


def test_bounds_choose_among_multiples_of_the_period(groove: Clip) -> None:
    for low_s, high_s, n_bars in ((6.0, 10.0, 4), (12.0, 18.0, 8)):
        best = find_loops(groove, LoopSearch(min_loop_s=low_s, max_loop_s=high_s)).best
        assert abs(best.region.n_samples - n_bars * BAR) <= RATE // 500
        assert best.bars == n_bars


def test_only_whole_bars(groove: Clip) -> None:
    findings = find_loops(groove, LoopSearch(whole_bars=True, min_loop_s=1.0))
    for candidate in findings.candidates:
        assert candidate.bars is not None
        assert abs(candidate.region.n_samples - candidate.bars * BAR) <= 0.0201 * RATE


def test_whole_bars_of_what_has_none_is_refused() -> None:
    with pytest.raises(NoWholeBars, match="tell the tempo"):
        find_loops(material.noise(RATE, 8.0), LoopSearch(whole_bars=True))
    told = MusicFacts(tempo_bpm=120.0, beats_per_bar=4)
    findings = find_loops(material.noise(RATE, 8.0), LoopSearch(whole_bars=True, facts=told))
    assert all(candidate.bars for candidate in findings.candidates)


def test_whole_bars_too_long_for_the_clip_are_refused() -> None:
    clip = material.groove(RATE, 120.0, n_bars=4)
    facts = MusicFacts(tempo_bpm=20.0, beats_per_bar=4)  # a bar of twelve seconds
    for wraps in (False, True):
        with pytest.raises(NoWholeBars):
            find_loops(replace(clip, wraps=wraps), LoopSearch(whole_bars=True, facts=facts))


@pytest.mark.parametrize("tempo_bpm", [60.0, 120.0, 240.0])
@pytest.mark.parametrize("beats_per_bar", [3, 4])
def test_a_told_tempo_is_kept(groove: Clip, tempo_bpm: float, beats_per_bar: int) -> None:
    told = MusicFacts(tempo_bpm=tempo_bpm, beats_per_bar=beats_per_bar)
    findings = find_loops(groove, LoopSearch(facts=told))
    assert findings.facts.tempo_bpm == tempo_bpm
    assert findings.facts.beats_per_bar == beats_per_bar
    assert findings.grid is not None
    np.testing.assert_allclose(np.diff(findings.grid.beats), 60.0 * RATE / tempo_bpm, atol=1)
    np.testing.assert_allclose(np.diff(findings.grid.downbeats), beats_per_bar * 60.0 * RATE / tempo_bpm, atol=1)
    for candidate in findings.candidates:
        if candidate.bars is not None:
            bar = beats_per_bar * 60.0 * RATE / tempo_bpm
            assert abs(candidate.region.n_samples - candidate.bars * bar) <= 0.0201 * RATE


def test_a_known_bar_length_is_a_tempo(groove: Clip) -> None:
    bar_s, beats = 2.0, 4
    told = MusicFacts(tempo_bpm=60.0 * beats / bar_s, beats_per_bar=beats)
    best = find_loops(groove, LoopSearch(facts=told, whole_bars=True)).best
    assert best.bars == 8  # twelve would leave nothing after them to compare with
    assert abs(best.region.n_samples - best.bars * BAR) <= 1


@pytest.mark.parametrize("top", [1, 2, 3, 30])
@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_no_more_than_asked_and_none_twice(groove: Clip, top: int, algorithm: Algorithm) -> None:
    findings = find_loops(groove, LoopSearch(algorithm=algorithm, top=top))
    assert len(findings.candidates) <= top
    for index, one in enumerate(findings.candidates):
        for other in findings.candidates[:index]:
            starts = abs(one.region.loop_start - other.region.loop_start)
            ends = abs(one.region.loop_end - other.region.loop_end)
            assert max(starts, ends) >= 0.25 * RATE - 1


# --- tags -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_bad_tag_is_kept_beside_the_best(groove: Clip, algorithm: Algorithm) -> None:
    bad = LoopRegion(5_000, 5_000 + 3 * RATE)
    for top in (2, 3, 10):
        findings = find_loops(groove, LoopSearch(algorithm=algorithm, top=top, tagged=(bad,)))
        (tag,) = [one for one in findings.candidates if one.origin is LoopOrigin.TAG]
        assert tag.region == bad
        assert findings.best.origin is LoopOrigin.FOUND
        assert findings.best.score > tag.score
        assert len(findings.candidates) <= top
    assert find_loops(groove, LoopSearch(algorithm=algorithm, top=1, tagged=(bad,))).best.origin is LoopOrigin.FOUND


def test_a_tag_on_what_was_found_is_that_candidate(groove: Clip) -> None:
    best = find_loops(groove).best
    findings = find_loops(groove, LoopSearch(tagged=(best.region, best.region)))
    assert findings.best.region == best.region
    assert findings.best.origin is LoopOrigin.TAG
    assert [one.region for one in findings.candidates].count(best.region) == 1


def test_tags_beyond_the_end_are_no_candidates(groove: Clip) -> None:
    beyond = LoopRegion(10, groove.n_samples + 1)
    assert all(one.region != beyond for one in find_loops(groove, LoopSearch(tagged=(beyond,))).candidates)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg"])
def test_the_tags_of_a_file_are_candidates(groove: Clip, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"tagged.{ending}"
    write_clip(path, groove)
    region = LoopRegion(7_000, 90_000)
    write_loop_tags(path, path, region)
    findings = find_loops(path, LoopSearch(top=3))
    assert [one.region for one in findings.candidates if one.origin is LoopOrigin.TAG] == [region]
    assert findings.best.origin is LoopOrigin.FOUND


# --- nonsense ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wish",
    [
        {"min_loop_s": math.nan},
        {"min_loop_s": math.inf},
        {"min_loop_s": -1.0},
        {"max_loop_s": math.nan},
        {"max_loop_s": -0.5},
        {"near_s": math.nan},
        {"near_s": -1.0},
        {"overlap_ms": math.nan},
        {"overlap_ms": -1.0},
        {"overlap_ms": math.inf},
        {"facts": MusicFacts(tempo_bpm=0.0)},
        {"facts": MusicFacts(tempo_bpm=-120.0)},
        {"facts": MusicFacts(tempo_bpm=math.nan)},
        {"facts": MusicFacts(tempo_bpm=1e6)},
        {"facts": MusicFacts(beats_per_bar=0)},
        {"facts": MusicFacts(beats_per_bar=-4)},
    ],
    ids=str,
)
def test_nonsense_is_refused_by_its_name(groove: Clip, wish: dict[str, object]) -> None:
    search = replace(LoopSearch(), **wish)  # type: ignore[arg-type]
    with pytest.raises(OutOfRange, match="must be from"):
        find_loops(groove, search)
    if "overlap_ms" in wish or "facts" in wish:
        with pytest.raises(OutOfRange):
            score_region(groove, LoopRegion(0, BAR), search.facts, search.overlap_ms)
