# SPDX-License-Identifier: GPL-3.0-or-later
"""The time that a clip is expected to take agrees with those that were made, of which a bounded number is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values import Expected, MachinePace, PaceRun
from engine.values.checked import Fields
from engine.values.pace import LENGTHS_S, MOST_KINDS, MOST_RUNS, length_class, prepares

SECONDS = st.floats(0.5, 700.0)
RUNS = st.builds(
    PaceRun,
    generator=st.sampled_from(["composer", "musicgpt"]),
    model=st.sampled_from(["", "small", "large"]),
    clip_s=SECONDS,
    making_s=st.floats(0.0, 5000.0),
    load_s=st.floats(0.0, 100.0),
    device=st.sampled_from(["", "cpu", "cuda"]),
    n_clips=st.sampled_from([1, 1, 4]),
)


def runs(*made: tuple[float, float], model: str = "small", device: str = "") -> list[PaceRun]:
    return [PaceRun("musicgpt", model, clip_s, making_s, device=device) for clip_s, making_s in made]


def expected_s(pace: MachinePace, clip_s: float, model: str = "small") -> float:
    expected = pace.expected("musicgpt", model, clip_s)
    assert expected is not None
    return expected.making_s


def test_of_what_was_never_made_nothing_is_expected() -> None:
    pace = MachinePace().with_runs(runs((10.0, 30.0)))
    assert pace.expected("musicgpt", "large", 10.0) is None
    assert pace.expected("composer", "small", 10.0) is None
    assert MachinePace().expected("musicgpt", "small", 10.0) is None


def test_one_length_tells_of_others_in_proportion() -> None:
    pace = MachinePace().with_runs(runs((10.0, 30.0)))
    assert [expected_s(pace, seconds) for seconds in (5.0, 10.0, 30.0)] == [15.0, 30.0, 90.0]


def test_two_lengths_tell_of_others_along_the_line_that_joins_them() -> None:
    # Ten seconds of work whatever the clip, and two for each second of it.
    pace = MachinePace().with_runs(runs((10.0, 30.0), (20.0, 50.0)))
    assert [expected_s(pace, seconds) for seconds in (5.0, 10.0, 15.0, 20.0, 30.0)] == [20.0, 30.0, 40.0, 50.0, 70.0]


def test_the_usual_time_is_the_median_so_that_one_slow_run_changes_nothing() -> None:
    pace = MachinePace().with_runs(runs((10.0, 30.0), (10.0, 31.0), (10.0, 400.0), (10.0, 29.0), (10.0, 30.0)))
    assert expected_s(pace, 10.0) == 30.0
    (one,) = pace.paces
    assert (one.n, one.length_s, one.usual, one.last, one.load_s) == (5, 10, 3.0, 3.0, None)


def test_the_device_that_was_used_last_counts() -> None:
    pace = MachinePace().with_runs(runs((10.0, 30.0), device="cpu")).with_runs(runs((10.0, 2.0), device="cuda"))
    assert expected_s(pace, 10.0) == 2.0
    assert [one.device for one in pace.paces] == ["cpu", "cuda"], "both are told"
    assert expected_s(pace.with_runs(runs((20.0, 60.0), device="cpu")), 10.0) == 30.0


def test_loading_is_told_apart() -> None:
    some = [PaceRun("musicgpt", "small", 10.0, 30.0, load_s) for load_s in (12.0, 0.0, 14.0, 0.0)]
    assert MachinePace().with_runs(some).expected("musicgpt", "small", 10.0) == Expected(30.0, 13.0)


@pytest.mark.parametrize(
    ("asked_s", "limit_s", "longest_s"),
    [(20.0, 60.0, 20.0), (20.0, 50.0, 20.0), (20.0, 45.0, 17.0), (20.5, 45.0, 17.0), (20.0, 20.0, 5.0)],
)
def test_the_longest_clip_that_keeps_up_is_as_asked_or_of_whole_seconds(
    asked_s: float, limit_s: float, longest_s: float
) -> None:
    pace = MachinePace().with_runs(runs((10.0, 30.0), (20.0, 50.0)))
    assert pace.longest_within("musicgpt", "small", asked_s, least_s=5.0, limit_s=limit_s) == longest_s


def test_where_even_the_shortest_is_too_late_none_keeps_up_and_of_the_unknown_any_does() -> None:
    pace = MachinePace().with_runs(runs((10.0, 30.0), (20.0, 50.0)))
    assert pace.longest_within("musicgpt", "small", 20.0, least_s=5.0, limit_s=19.0) is None
    assert pace.longest_within("musicgpt", "large", 20.0, least_s=5.0, limit_s=1.0) == 20.0


@given(st.lists(RUNS, min_size=1, max_size=40), SECONDS, SECONDS)
def test_a_longer_clip_is_never_expected_sooner(some: list[PaceRun], one_s: float, other_s: float) -> None:
    pace, last = MachinePace().with_runs(some), some[-1]
    shorter, longer = (pace.expected(last.generator, last.model, each) for each in sorted((one_s, other_s)))
    assert shorter is not None
    assert longer is not None
    assert 0.0 <= shorter.making_s <= longer.making_s * (1.0 + 1e-9) + 1e-9


def test_several_clips_in_one_pass_are_a_kind_of_their_own() -> None:
    one, four = runs((10.0, 30.0)), [replace(run, n_clips=4) for run in runs((10.0, 44.0))]
    pace = MachinePace().with_runs([*one, *four])
    assert [(each.n_clips, each.usual) for each in pace.paces] == [(1, 3.0), (4, 1.1)]
    asked = {n: pace.expected("musicgpt", "small", 10.0, n) for n in (1, 2, 3, 4, 8)}
    assert {n: each and each.making_s for n, each in asked.items()} == {1: 30.0, 2: 60.0, 3: 44.0, 4: 44.0, 8: 88.0}
    assert PaceRun.from_fields(Fields(four[0].as_dict())) == four[0]
    assert "n_clips" not in one[0].as_dict(), "files of before are read, and written, as they were"


@given(st.lists(RUNS, max_size=120), st.lists(RUNS, max_size=40))
def test_what_is_kept_is_the_newest_of_each_kind_in_its_order(before: list[PaceRun], after: list[PaceRun]) -> None:
    kept = MachinePace().with_runs(before).with_runs(after).runs
    every = [*before, *after]
    for kind in {one.kind for one in every}:
        assert [one for one in kept if one.kind == kind] == [one for one in every if one.kind == kind][-MOST_RUNS:]
    places = iter(every)
    assert all(one in places for one in kept), "in the order in which they were made"


def test_of_too_many_kinds_those_go_that_were_used_longest_ago() -> None:
    some = [PaceRun("musicgpt", f"model {n}", 10.0, float(n)) for n in range(MOST_KINDS + 5)]
    again = PaceRun("musicgpt", "model 0", 10.0, 1.0)
    kept = MachinePace().with_runs(some[:MOST_KINDS]).with_runs([again, *some[MOST_KINDS:]]).runs
    models = {one.model for one in kept}
    assert len(models) == MOST_KINDS
    assert "model 0" in models
    assert {f"model {n}" for n in range(1, 6)}.isdisjoint(models)


@given(RUNS)
def test_a_run_comes_back_from_its_text_to_the_millisecond(run: PaceRun) -> None:
    back = PaceRun.from_fields(Fields(run.as_dict()))
    assert back.kind[:3] == run.kind[:3]
    for name in ("clip_s", "making_s", "load_s"):
        assert getattr(back, name) == pytest.approx(getattr(run, name), abs=5.1e-4)


def test_each_length_is_its_own_class_and_others_are_the_nearest() -> None:
    assert [length_class(float(one)) for one in LENGTHS_S] == list(LENGTHS_S)
    assert [length_class(seconds) for seconds in (0.1, 7.0, 8.0, 12.0, 15.7, 1e6)] == [5, 5, 10, 10, 15, 600]


def test_a_stage_before_the_making_is_told_from_it() -> None:
    assert all(prepares(one) for one in ("starting", "downloading", "loading", "loading the model"))
    assert not any(prepares(one) for one in ("composing", "generating", "finishing"))
