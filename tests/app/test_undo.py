# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps of the history are named by what was done, and those that follow at once become one, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtGui import QUndoStack

from app import undo
from app.session_settings import Values, difference, with_values
from app.settings import Settings
from app.undo import EditStep, SettingsStep, name_of
from engine.session.edits import DeletionEdit, Edit, LoopRef, RatingEdit, RegionEdit, TransitionChange
from engine.values import FAVOURITE, NEVER, TransitionEdit
from tests.widgets.pictures import a_candidate

pytestmark = pytest.mark.gui


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the clock's time, in seconds, to be moved by hand."""
    now = [100.0]
    monkeypatch.setattr(undo, "now_s", lambda: now[0])
    return now


@pytest.fixture
def history(qapp: object) -> Iterator[QUndoStack]:
    stack = QUndoStack()
    yield stack
    stack.clear()


def region(start: int, end: int, to: tuple[int, int], *, loop_id: int = 1, by_hand: bool = True) -> RegionEdit:
    loop = LoopRef(loop_id, "", "/library", f"Loop {loop_id}")
    return RegionEdit(loop, a_candidate(start, end), a_candidate(*to), by_hand, was_marked=False)


def rating(before: str, after: str, loop_id: int = 1) -> RatingEdit:
    return RatingEdit(LoopRef(loop_id, "", "/library", "Rain"), before, after)


def transition(before: int | None, after: int | None, incoming_id: int = 2) -> TransitionChange:
    first, second = (TransitionEdit(1, incoming_id, entry_samples=one) for one in (before, after))
    return TransitionChange(first, second, "Rain")


class Hands:
    """These hands push steps, and take down what is put back."""

    def __init__(self, history: QUndoStack) -> None:
        self.history = history
        self.wishes: list[tuple[Edit, bool]] = []
        self.settings = Settings()

    def do(self, edit: Edit) -> None:
        self.history.push(EditStep(edit, lambda edit, undone: self.wishes.append((edit, undone))))

    def set(self, gesture: int = 0, **changes: Any) -> None:
        before, self.settings = self.settings, replace(self.settings, **changes)
        self.history.push(SettingsStep(*difference(before, self.settings), self._apply, gesture))

    def _apply(self, values: Values) -> None:
        self.settings = with_values(self.settings, values)


@pytest.fixture
def hands(history: QUndoStack) -> Hands:
    return Hands(history)


@pytest.mark.parametrize(
    ("edit", "name"),
    [
        (region(0, 9, (1, 9)), "move the loop's start"),
        (region(0, 9, (0, 8)), "move the loop's end"),
        (region(0, 9, (1, 8)), "move the loop"),
        (region(0, 9, (1, 8), by_hand=False), "choose another loop of “Loop 1”"),
        (rating("", FAVOURITE), "make “Rain” a favourite"),
        (rating(FAVOURITE, ""), "make “Rain” no favourite any more"),
        (rating(FAVOURITE, NEVER), "never play “Rain” again"),
        (transition(None, 100), "change the transition to “Rain”"),
        (DeletionEdit("/library", ("1",), "Rain"), "delete “Rain”"),
        (DeletionEdit("/library", ("1", "2"), "Rain"), "delete 2 takes"),
        (DeletionEdit("/library", ("1",), "x" * 99), f"delete “{'x' * 39}…”"),
    ],
)
def test_a_step_is_called_by_what_was_done(qapp: object, edit: Edit, name: str) -> None:
    assert name_of(edit) == name


def test_nudges_that_follow_at_once_are_one_step(hands: Hands, clock: list[float]) -> None:
    hands.do(region(0, 900, (10, 900)))
    clock[0] += 0.9
    hands.do(region(10, 900, (20, 900)))
    clock[0] += 0.9
    hands.do(region(20, 900, (20, 800)))
    assert hands.history.count() == 1
    assert hands.history.undoText() == "move the loop"
    clock[0] += 1.1
    hands.do(region(20, 800, (30, 800)))
    hands.do(region(0, 900, (5, 900), loop_id=2))
    hands.do(region(5, 900, (6, 900), loop_id=2, by_hand=False))
    assert hands.history.count() == 4, "another loop is another matter, and a choice no drag"
    for _ in range(4):
        hands.history.undo()
    last, undone = hands.wishes[-1]
    assert undone
    assert isinstance(last, RegionEdit)
    assert (last.before.region.loop_start, last.after.region.loop_end) == (0, 800)
    hands.history.redo()
    assert hands.wishes[-1] == (last, False)


def test_what_comes_back_by_itself_is_no_step(hands: Hands, clock: list[float]) -> None:
    hands.do(rating("", FAVOURITE))
    hands.do(rating(FAVOURITE, ""))
    hands.do(region(0, 9, (1, 9)))
    hands.do(region(1, 9, (0, 9)))
    hands.do(transition(None, 100))
    hands.do(transition(100, None))
    hands.set(overlap_ms=500.0)
    hands.set(overlap_ms=480.0)
    assert hands.history.count() == 0
    assert hands.wishes == []


def test_a_slider_that_moves_is_one_step_however_long_it_is_held(hands: Hands, clock: list[float]) -> None:
    for overlap_ms in (500.0, 700.0, 900.0):
        hands.set(gesture=1, overlap_ms=overlap_ms)
        clock[0] += 5.0
    hands.set(gesture=2, overlap_ms=1000.0)
    hands.set(gesture=2, volume_db=-6.0)
    assert hands.history.count() == 2, "what is set at once is one step"
    hands.history.undo()
    assert (hands.settings.overlap_ms, hands.settings.volume_db) == (900.0, 0.0)
    hands.history.undo()
    assert hands.settings == Settings()
    hands.history.redo()
    assert hands.settings.overlap_ms == 900.0


def test_parameters_of_a_generator_go_back_one_by_one(hands: Hands, clock: list[float]) -> None:
    hands.set(generator_parameters={"composer": {"energy": 0.5}})
    assert hands.history.undoText() == "change “Energy”"
    clock[0] += 2.0
    hands.set(generator_parameters={"composer": {"energy": 0.5, "seed": 7}})
    clock[0] += 2.0
    hands.set(generator="musicgpt", model="small")
    clock[0] += 0.01
    hands.set(duration_s=12.0)
    assert hands.history.undoText() == "change “Generator”"
    assert hands.history.count() == 3
    hands.history.undo()
    assert (hands.settings.generator, hands.settings.model, hands.settings.duration_s) == (
        Settings().generator,
        "",
        Settings().duration_s,
    )
    hands.settings = replace(hands.settings, device=("ALSA", "other"))
    hands.history.undo()
    assert hands.settings.generator_parameters == {"composer": {"energy": 0.5}}
    hands.history.undo()
    assert hands.settings == replace(Settings(), device=("ALSA", "other")), "what is not the session's stays"


def test_settings_of_the_machine_are_no_steps() -> None:
    before = Settings()
    after = replace(
        before,
        device=("ALSA", "x"),
        latency_ms=120,
        data_folder="/d",
        save_folder="/s",
        language="it",
        layout="mini",
        room_gb=3.0,
        generator_parameters={"musicgpt": {"path": "/usr/bin/musicgpt"}},
    )
    assert difference(before, after) == ({}, {})
    changed = replace(after, min_play_s=60.0)
    assert difference(before, changed) == ({"min_play_s": before.min_play_s}, {"min_play_s": 60.0})
