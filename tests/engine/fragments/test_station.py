# SPDX-License-Identifier: GPL-3.0-or-later
"""The station makes fragments by hand, every so often, or when one is taken, and tells what becomes of each."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engine.errors import (
    AllSlotsFrozen,
    CannotWrite,
    EmptyPrompt,
    OutOfRange,
    SlotFrozen,
    UnknownChoice,
    WrongKind,
)
from engine.fragments.prompts import Rotation
from engine.fragments.station import MOST_WAITING
from engine.fragments.verbs import perform
from engine.values.fragments import (
    FragmentFailed,
    FragmentMode,
    FragmentReady,
    FragmentSilent,
)
from tests.engine.fragments.making import until
from tests.engine.fragments.staging import Stage


def test_by_hand_each_takes_the_next_slot(stage: Stage) -> None:
    for prompt in ("wind", "rain", "sea", "bells"):
        stage.station.generate(prompt)
    fact = stage.wait_for(4)
    assert isinstance(fact, FragmentReady)
    assert stage.ready() == [1, 2, 3, 1]
    assert (fact.prompt, fact.archived) == ("bells", "output004.wav")
    state = stage.states[-1]
    assert ([one.prompt for one in state.slots], state.next_slot, state.newest) == (["bells", "rain", "sea"], 2, 1)
    assert (state.making, state.n_waiting) == (None, 0)
    assert [one.seed for one in stage.maker.asked] == [40, 41, 42, 43]
    assert any(one.making is not None and one.making.stage == "humming" for one in stage.states)


def test_the_usual_prompt_is_asked_for_where_no_other_is(stage: Stage) -> None:
    station = stage.station
    station.set_prompt(2, "bells")
    station.set_usual_prompt("soft {rain|rain}")
    station.set_mode(FragmentMode.WHEN_TAKEN)
    stage.wait_for(3)
    assert [one.prompt for one in stage.facts] == ["soft rain", "bells", "soft rain"], (
        "what a slot has is its own alone"
    )
    assert station.usual_prompt == "soft {rain|rain}", "its choices stay open"
    station.set_usual_prompt(" ")
    station.generate("wind", 2)
    stage.wait_for(4)
    station.take(1)
    stage.wait_for(5)
    assert stage.facts[-1].prompt == "wind", "the last that was asked for"


def test_silence_uses_up_no_slot_and_no_number(stage: Stage) -> None:
    for prompt in ("wind", "silent", "rain"):
        stage.station.generate(prompt)
    stage.wait_for(3)
    assert stage.ready() == [1, 2]
    assert isinstance(stage.facts[1], FragmentSilent)
    assert sorted(path.name for path in (stage.station.folder.folder / "archive").glob("*.wav")) == [
        "output001.wav",
        "output002.wav",
    ]


def test_a_failure_is_told_and_the_next_is_made(stage: Stage, expected_logs: list[str]) -> None:
    expected_logs.append("a fragment was not made")
    for prompt in ("fail", "break", "wind"):
        stage.station.generate(prompt)
    stage.wait_for(3)
    failed = [one for one in stage.facts if isinstance(one, FragmentFailed)]
    assert len(failed) == 2
    assert "RuntimeError: it was told to" in str(failed[1].error)
    assert stage.ready() == [1]


def test_what_cannot_be_is_refused_at_once(stage: Stage) -> None:
    station = stage.station
    with pytest.raises(EmptyPrompt):
        station.generate()
    for number in (0, 4):
        with pytest.raises(OutOfRange):
            station.generate("wind", number)
    station.freeze(2)
    with pytest.raises(SlotFrozen):
        station.generate("wind", 2)
    station.freeze(1)
    station.freeze(3)
    with pytest.raises(AllSlotsFrozen):
        station.generate("wind")
    with pytest.raises(OutOfRange):
        station.set_mode(FragmentMode.EVERY, 0.5)
    station.freeze(1, is_frozen=False)
    stage.maker.may.clear()
    station.generate("wind")
    until(lambda: len(stage.maker.asked) == 1)
    for _ in range(MOST_WAITING):
        station.generate("wind")
    with pytest.raises(OutOfRange):
        station.generate("wind")
    station.stop()
    until(lambda: station.is_idle)
    assert stage.facts == []
    assert station.state().n_waiting == 0


def test_a_slot_that_is_frozen_meanwhile_is_kept(stage: Stage) -> None:
    station = stage.station
    station.generate("wind")
    stage.wait_for(1)
    stage.maker.may.clear()
    station.generate("rain", 1)
    until(lambda: len(stage.maker.asked) == 2)
    station.freeze(1)
    stage.maker.may.set()
    fact = stage.wait_for(2)
    assert isinstance(fact, FragmentReady)
    assert (fact.slot, fact.archived) == (None, "output002.wav")
    assert station.folder.slot(1).archived == "output001.wav"


def test_prompts_take_turns_and_a_slot_may_have_its_own(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ("wind", "rain"))
    stage.station.set_prompt(2, "  sea  ")
    for _ in range(4):
        stage.station.generate()
    stage.wait_for(4)
    assert [one.prompt for one in stage.maker.asked] == ["wind", "sea", "rain", "wind"]
    stage.station.set_prompts(["bells"])
    stage.station.set_prompt(2, "")
    stage.station.generate()
    stage.wait_for(5)
    assert stage.maker.asked[-1].prompt == "bells"
    stage.station.close()


def test_words_are_left_to_chance() -> None:
    rotation = Rotation(["soft {rain|wind} {in {May|June}|}", " ", "x {y"], random.Random(1))
    assert rotation.prompts == ("soft {rain|wind} {in {May|June}|}", "x {y")
    found = {rotation.chosen(rotation.prompts[0]) for _ in range(200)}
    assert found == {f"soft {what}{when}" for what in ("rain", "wind") for when in ("", " in May", " in June")}
    assert rotation.chosen("x {y") == "x {y"
    assert Rotation().next() == ""


def test_every_so_often(tmp_path: Path) -> None:
    now = [0.0]
    stage = Stage(tmp_path, ("wind",))
    stage.station._clock = lambda: now[0]
    stage.station.set_mode(FragmentMode.EVERY, 30.0)
    stage.wait_for(1)
    for n_made in (2, 3):
        now[0] += 29.9
        stage.station.freeze(3, is_frozen=False)
        assert len(stage.facts) == n_made - 1, "a change alone begins none"
        now[0] += 0.2
        stage.station.freeze(3, is_frozen=False)
        stage.wait_for(n_made)
    stage.station.set_mode(FragmentMode.BY_HAND)
    now[0] += 100.0
    stage.station.generate()
    stage.wait_for(4)
    stage.station.close()


def test_when_one_is_taken(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ("wind",))
    stage.station.set_mode(FragmentMode.WHEN_TAKEN)
    stage.wait_for(3)  # until none is empty
    stage.station.take(2)
    stage.wait_for(4)
    assert stage.ready() == [1, 2, 3, 1]
    stage.station.take(2)
    stage.station.take(3)
    stage.wait_for(5)
    assert stage.ready()[-1] == 2
    stage.station.clear(3)
    stage.wait_for(6)
    assert stage.ready()[-1] == 3
    with pytest.raises(OutOfRange):
        stage.station.take(9)
    stage.station.close()


def test_what_was_taken_by_hand_is_not_made_up_for(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ("wind",))
    for _ in range(3):
        stage.station.generate()
    stage.wait_for(3)
    stage.station.take(1)
    stage.station.take(2)
    assert [one.is_taken for one in stage.station.state().slots] == [True, True, False]
    stage.station.set_mode(FragmentMode.WHEN_TAKEN)
    stage.station.take(1)
    # Said once more, the mode is no other: what was taken meanwhile still counts.
    stage.station.set_mode(FragmentMode.WHEN_TAKEN)
    stage.wait_for(4)
    stage.station.take(3)
    stage.wait_for(5)
    assert stage.ready()[3:] == [1, 2]
    stage.station.close()


def test_the_newest_is_known_after_a_start_and_when_it_is_cleared(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ("wind",))
    assert stage.station.state().newest is None
    stage.station.generate("rain", 1)
    stage.station.generate("rain", 3)
    stage.wait_for(2)
    stage.station.close()
    again = Stage(tmp_path)
    assert again.station.state().newest == 3
    again.station.clear(3)
    assert again.station.state().newest == 1
    again.station.close()


def test_each_that_is_taken_is_made_up_for(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ("wind",))
    stage.station.set_mode(FragmentMode.WHEN_TAKEN)
    stage.wait_for(3)
    stage.maker.may.clear()
    stage.station.take(1)
    until(lambda: len(stage.maker.asked) == 4)
    stage.station.take(2)
    stage.station.take(3)
    stage.maker.may.set()
    stage.wait_for(6)
    assert stage.ready()[3:] == [1, 2, 3]
    stage.station.close()


def test_by_itself_it_waits_after_a_failure(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ("fail",))
    stage.station.set_mode(FragmentMode.WHEN_TAKEN)
    stage.wait_for(1)
    assert isinstance(stage.facts[0], FragmentFailed)
    stage.station.set_prompts(["wind"])
    until(lambda: stage.ready() == [1, 2, 3])
    stage.station.close()


def test_what_was_asked_for_is_known_until_it_is_there(stage: Stage) -> None:
    stage.maker.may.clear()
    stage.station.generate("wind", 2)
    until(lambda: stage.maker.asked)
    stage.station.generate("rain")
    assert stage.station.asked() == (("wind", 2), ("rain", None))
    stage.station.stop()
    assert stage.station.asked() == ()


def test_what_has_no_place_is_not_made(stage: Stage) -> None:
    folder = stage.station.folder
    folder.path_of(2).mkdir()
    with pytest.raises(CannotWrite):
        stage.station.generate("wind", 2)
    for n in (1, 2):
        stage.station.generate("wind")
        stage.wait_for(n)
    assert stage.ready() == [1, 3]
    stage.maker.may.clear()
    stage.station.generate("wind")
    stage.station.generate("rain", 3)
    folder.path_of(3).unlink()
    folder.path_of(3).mkdir()
    stage.maker.may.set()
    assert isinstance(stage.wait_for(4), FragmentFailed)
    assert folder.archive.last == 3, "what waited for a slot that a folder has now"


def test_a_listener_that_fails_ends_nothing(stage: Stage, expected_logs: list[str]) -> None:
    expected_logs.append("a listener failed")

    def fail(_fact: object) -> None:
        raise RuntimeError("it was told to")

    stage.station.told.connect(fail)
    stage.station.generate("wind")
    stage.wait_for(1)
    stage.station.told.disconnect(fail)
    stage.station.generate("rain")
    stage.wait_for(2)


def test_verbs_are_the_commands_in_words(stage: Stage) -> None:
    station = stage.station
    perform(station, "generate", ["soft", "wind"])
    stage.wait_for(1)
    perform(station, "generate", [3, "rain"])
    stage.wait_for(2)
    assert stage.ready() == [1, 3]
    perform(station, "prompt", ["2", "sea"])
    perform(station, "prompt", ["bells, ", "far"])
    perform(station, "freeze", [1.0])
    perform(station, "freeze", ["3", 0])
    perform(station, "taken", [3])
    perform(station, "every", ["1000"])
    state = station.state()
    assert [one.is_frozen for one in state.slots] == [True, False, False]
    assert (state.slots[1].own_prompt, state.prompts, state.every_s) == ("sea", ("bells, far",), 1000.0)
    perform(station, "every", [0])
    perform(station, "release", [1])
    perform(station, "stop", [])
    until(lambda: station.is_idle)
    perform(station, "clear", [3])
    state = station.state()
    assert (state.mode, state.slots[2].is_filled, state.slots[0].is_frozen) == (FragmentMode.BY_HAND, False, False)
    with pytest.raises(UnknownChoice):
        perform(station, "explode", [])
    for words in ([], ["x"], [1.5], [float("nan")], [float("inf")]):
        with pytest.raises(WrongKind):
            perform(station, "freeze", words)
