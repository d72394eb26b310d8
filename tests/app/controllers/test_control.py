# SPDX-License-Identifier: GPL-3.0-or-later
"""The window shows what its studio is told from outside, as one step that is undone, and leaves when it is told to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from app.control.client import connected, running
from app.controllers.control import ControlController
from app.controllers.studio import Controller
from app.controllers.undo import NOTICE, UndoController
from app.main_window import MainWindow
from app.settings import load_settings
from app.undo import Step
from engine.errors import NoStudioRuns
from engine.qt.studio import StudioEngine
from engine.values.volume import volume_to_gain
from tests.app.controllers.conftest import Unstarted

pytestmark = pytest.mark.gui


class Told:
    """This is the window with a program beside it that tells its studio what to do."""

    def __init__(self, window: MainWindow, controller: Controller, engine: StudioEngine, qtbot: QtBot) -> None:
        self.window, self.engine, self.qtbot, self.store = window, engine, qtbot, controller.store
        self.control = ControlController(window, engine, controller.store).control
        undo = window.findChild(UndoController)
        assert isinstance(undo, UndoController)
        self.undo = undo
        self._pool = ThreadPoolExecutor(1, "programs")

    def does(self, verb: str, *words: str) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            with connected() as client:
                return client.ask(verb, words, limit_s=30.0)

        asked = self._pool.submit(ask)
        self.until(asked.done)
        answer = asked.result()
        assert answer["ok"], answer
        # What is set within moments is one step: by hand it would be one change.
        if steps := self.undo.history.count():
            step = self.undo.history.command(steps - 1)
            assert isinstance(step, Step)
            step.rest()
        return answer

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=30_000)

    def close(self) -> None:
        self.window.notice_bar.clear_notice(NOTICE)
        self.control.close()
        self._pool.shutdown()


@pytest.fixture
def told(runtime: Path, unstarted: Unstarted, qtbot: QtBot) -> Iterator[Told]:
    """Yield the window, with an engine that is not started: its signals are told by hand."""
    window, controller, engine = unstarted(Controller, prompt="rain")
    one = Told(window, controller, engine, qtbot)
    one.control.listen()
    yield one
    one.close()


def test_what_is_set_is_shown_and_is_one_step_that_is_undone(told: Told) -> None:
    window, undo, engine = told.window, told.undo, told.engine
    options = QSignalSpy(engine.options_changed)
    first = told.store.settings
    told.does("set", "overlap", "777")
    assert window.overlap_panel.overlap_ms() == pytest.approx(777.0, rel=0.01)
    assert told.store.settings.overlap_ms == 777.0
    told.does("set", "volume", "-12")
    assert window.output_panel.volume_gain() == pytest.approx(volume_to_gain(-12.0), rel=0.01)
    told.does("set", "algorithm", "classic")
    assert window.generate_panel.classic_button.isChecked()
    told.does("set", "duration", "9")
    assert window.generate_panel.duration_s() == 9.0
    told.does("set", "beat-match", "off")
    assert window.overlap_panel.wish().beat_match is False
    assert options.count() == 5
    assert undo.history.count() == 5
    told.does("preset", "slow-tide")
    assert undo.history.count() == 6
    assert window.prompt_bar.prompt() == told.store.settings.prompt != "rain"
    for _ in range(6):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert told.store.settings == first
    assert window.prompt_bar.prompt() == "rain"
    assert window.generate_panel.advanced_button.isChecked()


def test_its_prompt_stands_in_the_field_and_what_is_being_typed_can_be_had_back(told: Told) -> None:
    field, start = told.window.prompt_bar.edit, QSignalSpy(told.engine.options_changed)
    told.does("start", "warm house, 122 bpm")
    assert told.window.prompt_bar.prompt() == told.store.settings.prompt == "warm house, 122 bpm"
    assert start.count() == 1
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "half a tho")
    told.does("set", "prompt", "jazz")
    assert told.window.prompt_bar.prompt() == told.store.settings.prompt == "jazz"
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert told.window.prompt_bar.prompt() == "half a tho"


def test_another_generator_shows_its_own_panel(told: Told) -> None:
    told.does("set", "generator", "musicgpt")
    assert told.window.generate_panel.generator() == told.store.settings.generator == "musicgpt"
    told.does("set", "model", "medium")
    assert told.window.generate_panel.model() == "medium"
    told.does("set", "generator", "composer")
    assert told.window.generate_panel.generator() == "composer"
    assert told.window.generate_panel.duration_s() == pytest.approx(told.store.settings.duration_s)


def test_it_comes_to_the_front(told: Told) -> None:
    told.window.showMinimized()
    told.until(told.window.isMinimized)
    told.does("show")
    assert not told.window.isMinimized()
    told.until(told.window.isActiveWindow)


def test_quit_closes_the_window_which_remembers_what_was_set(told: Told, tmp_path: Path) -> None:
    told.does("set", "overlap", "321")
    assert told.does("quit")["text"] == "leaving"
    told.until(lambda: not told.window.isVisible())
    assert load_settings(tmp_path / "infiniloop" / "settings.json").overlap_ms == 321.0
    # Told again, before the program is at its end.
    assert told.does("quit")["text"] == "leaving"
    assert running() == [os.getpid()]
    told.control.close()
    assert running() == []
    with pytest.raises(NoStudioRuns):
        connected()


def test_a_studio_that_cannot_listen_is_one_that_is_not_steered(
    runtime: Path, unstarted: Unstarted, qtbot: QtBot
) -> None:
    (runtime / "infiniloop").touch()
    window, controller, engine = unstarted(Controller)
    control = ControlController(window, engine, controller.store).control
    control.listen()
    control.facts.tell("led", title="Rain")
    control.close()
    control.close()
