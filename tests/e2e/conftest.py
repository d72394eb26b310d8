# SPDX-License-Identifier: GPL-3.0-or-later
"""These fixtures give a real studio: the window on a real screen, its engine and processes, a sound server."""

from __future__ import annotations

import gc
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QDialogButtonBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import Settings
from app.studio import build, dress
from engine.qt.studio import StudioEngine
from engine.session.options import LoopView, NextState, Places
from engine.values import Take, TransportState
from engine.values.options import LATENCY
from engine.values.save_options import SAVE_FORMAT
from widgets.dialogs.save_sheet import SaveSheet
from widgets.dialogs.settings_dialog import SettingsDialog

LATENCY_MS = 200
"""Milliseconds of latency that the tests ask for, as test machines are noisy."""
FIRST_PRESS_S = 1.0
"""Seconds that the first press has for a takeover before the second one asks for it at once."""


class Studio(QObject):
    """A studio with hands: clicks go through the X server, as a person's do.

    What the engine tells is taken down here after the window has shown it, on the same thread: whoever waits for it
    may look at the window next.
    """

    def __init__(self, window: MainWindow, engine: StudioEngine, qtbot: QtBot) -> None:
        super().__init__()
        self.window = window
        self.engine = engine
        self.qtbot = qtbot
        self.views: list[LoopView] = []
        self.took_over_s: list[float] = []
        self.failures: list[Exception] = []
        self.saved: list[str] = []
        self.takes: tuple[Take, ...] = ()
        self.coming = NextState("idle")
        self.transport = TransportState()
        engine.loop.changed.connect(self._on_loop_changed)
        engine.notices.failed.connect(self._on_failed)
        engine.notices.saved.connect(self._on_saved)
        engine.library.takes_changed.connect(self._on_takes_changed)
        engine.generation.next_changed.connect(self._on_next_changed)
        engine.transport.changed.connect(self._on_transport_changed)

    @Slot(object)
    def _on_loop_changed(self, view: LoopView) -> None:
        if view.loop_id not in {one.loop_id for one in self.views[-1:]} and self.window.prompt_bar.is_running():
            self.took_over_s.append(time.monotonic())
        self.views.append(view)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.failures.append(error)

    @Slot(str)
    def _on_saved(self, path: str) -> None:
        self.saved.append(path)

    @Slot(object)
    def _on_transport_changed(self, state: TransportState) -> None:
        self.transport = state

    @Slot(object)
    def _on_takes_changed(self, takes: tuple[Take, ...]) -> None:
        self.takes = takes

    @Slot(object)
    def _on_next_changed(self, state: NextState) -> None:
        self.coming = state

    @property
    def view(self) -> LoopView:
        return self.views[-1]

    def click(self, widget: QWidget) -> None:
        """Move the pointer to the middle of the widget and press the button."""
        self._click_at(widget, widget.rect().center())

    def click_row(self, view: QAbstractItemView, row: int, *, times: int = 1) -> None:
        """Click, or double click, a row of a list or table."""
        self.until(lambda: view.model().rowCount() > row, "the row is listed")
        self._click_at(view.viewport(), view.visualRect(view.model().index(row, 0)).center(), times=times)

    def _click_at(self, widget: QWidget, where: QPoint, *, times: int = 1) -> None:
        place = widget.mapToGlobal(where)
        clicks = ["click", "--repeat", str(times), "--delay", "60", "1"]
        subprocess.run(["xdotool", "mousemove", str(place.x()), str(place.y()), *clicks], check=True, timeout=20)

    def until(self, condition: Callable[[], bool], what: str, timeout_s: float = 20.0) -> None:
        """Let the window live until the condition holds."""
        try:
            self.qtbot.waitUntil(condition, timeout=round(timeout_s * 1000))
        except Exception as error:
            raise AssertionError(f"{what}: not within {timeout_s:g} s; failures told: {self.failures}") from error

    def live(self, seconds: float) -> None:
        """Let the window live for a while."""
        self.qtbot.wait(round(seconds * 1000))

    def start(self) -> None:
        """Click AVVIA."""
        assert self.window.prompt_bar.start_button.text() == "AVVIA"
        self.click(self.window.prompt_bar.start_button)
        self.until(self.window.prompt_bar.is_running, "AVVIA becomes FERMA")
        assert self.window.prompt_bar.start_button.text() == "FERMA"

    def stop(self) -> None:
        """Click FERMA."""
        self.click(self.window.prompt_bar.start_button)
        self.until(lambda: not self.window.prompt_bar.is_running(), "FERMA becomes AVVIA")

    def type_prompt(self, text: str) -> None:
        """Click into the prompt, clear it and type."""
        edit = self.window.prompt_bar.edit
        self.click(edit)
        self.until(edit.hasFocus, "the prompt has the focus")
        edit.selectAll()
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        QTest.keyClicks(edit, text)

    def save_as(self, path: Path) -> None:
        """Click SALVA, type the name in the dialog and press Enter."""
        told = len(self.saved) + len(self.failures)
        self.click(self.window.prompt_bar.save_button)
        self.until(lambda: self._save_sheet() is not None, "the sheet opens")
        sheet = self._save_sheet()
        assert sheet is not None
        sheet.set_folder(str(path.parent))
        sheet.control_of(SAVE_FORMAT).set_value(path.suffix)
        sheet.name_edit.setText(path.stem)
        QTest.keyClick(sheet.name_edit, Qt.Key.Key_Return)
        self.until(lambda: len(self.saved) + len(self.failures) > told, "the loop is saved, or why not is told")

    def set_output(self, *, device: tuple[str, str] | None, latency_ms: int) -> float:
        """Choose the output on SETUP's second page by keys, type the latency, press OK, and return when that was."""
        self.click(self.window.prompt_bar.settings_button)
        self.until(lambda: self._setup_dialog() is not None, "the settings open")
        dialog = self._setup_dialog()
        assert dialog is not None
        tabs, combo, spin = dialog.tabs.tabBar(), dialog.sound_page.device_combo, dialog.control_of(LATENCY).widget
        assert isinstance(spin, QAbstractSpinBox)
        self._click_at(tabs, tabs.tabRect(1).center())
        self.until(combo.isVisible, "the page of the sound is shown")
        # The list that the dialog asked for as it opened: what is chosen from an earlier one stays, too.
        self.until(lambda: device in [combo.itemData(i) for i in range(combo.count())], "the device is listed")
        QTest.keyClick(combo, Qt.Key.Key_Home)
        while combo.currentData() != device:
            at = combo.currentIndex()
            QTest.keyClick(combo, Qt.Key.Key_Down)
            assert combo.currentIndex() > at, "the list has an end"
        spin.selectAll()
        QTest.keyClicks(spin, str(latency_ms))
        pressed_s = time.monotonic()
        self.click(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))
        self.until(lambda: self._setup_dialog() is None, "the settings close")
        return pressed_s

    def _setup_dialog(self) -> SettingsDialog | None:
        found = [one for one in self.window.findChildren(SettingsDialog) if one.isVisible()]
        return found[0] if found else None

    def _save_sheet(self) -> SaveSheet | None:
        found = [one for one in self.window.findChildren(SaveSheet) if one.isVisible()]
        return found[0] if found else None

    def go_on(self, timeout_s: float = 60.0) -> LoopView:
        """Wait until a new loop is made, and press to go on to it, twice where it does not come soon."""
        before = self.view
        title = before.recipe.title
        self.until(lambda: self.coming.kind == "ready" and self.coming.title != title, "a loop is made", timeout_s)
        self.click(self.window.transport_bar.next_button)
        # Pressed again at once, it would be the one after it that comes where the first press was heard at a bar.
        pressed_s = time.monotonic()
        self.until(
            lambda: self.view.loop_id != before.loop_id or time.monotonic() > pressed_s + FIRST_PRESS_S, "time passes"
        )
        if self.view.loop_id == before.loop_id:
            self.click(self.window.transport_bar.next_button)
        self.until(lambda: self.view.loop_id != before.loop_id, "it takes over")
        return self.view

    def wait_for_takeover(self, timeout_s: float = 90.0) -> LoopView:
        """Wait until another loop leads."""
        before = self.view.loop_id
        self.until(lambda: self.view.loop_id != before, "another loop takes over", timeout_s)
        return self.view


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of a test's studio; a takeover comes as early as it may."""
    return replace(
        Settings(),
        prompt="house, 124 bpm, in A minor",
        duration_s=8.0,
        min_play_s=10.0,
        latency_ms=LATENCY_MS,
        data_folder=str(tmp_path / "data"),
    )


Opened = Callable[[Settings], AbstractContextManager[Studio]]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Yield a studio by ``with opened(settings) as studio``, closed as a person closes it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    @contextmanager
    def open_studio(settings: Settings) -> Iterator[Studio]:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        dress(application)
        with (tmp_path / "processes.log").open("a", encoding="utf-8") as log:
            window, engine = build(settings, Places(str(RESOURCES / "starters"), log))
            window.setGeometry(0, 0, 1440, 900)
            studio = Studio(window, engine, qtbot)
            with qtbot.waitExposed(window):
                window.show()
            engine.start()
            try:
                studio.until(lambda: bool(studio.views), "the starter loop is shown")
                yield studio
            finally:
                window.close()
                engine.shut_down()
                window.deleteLater()
                QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    yield open_studio
    # A program has one window: what is left of these must not end while the next one is being connected.
    gc.collect()
