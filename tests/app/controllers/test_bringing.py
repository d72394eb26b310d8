# SPDX-License-Identifier: GPL-3.0-or-later
"""Files and folders are dropped anywhere on a real window, and opened from its menu; what comes of them is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QDockWidget,
    QFileDialog,
    QGraphicsView,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.controllers.bringing import BringingController
from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import Settings
from app.studio import build
from engine.errors import NotAudio, SilentClip
from engine.qt.bringing import BringingEndpoint
from engine.qt.studio import StudioEngine
from engine.session.dropped import DroppedState, Refused
from engine.session.options import Places
from engine.values import Progress

pytestmark = pytest.mark.gui

BUTTON, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
OFFERED = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[MainWindow, StudioEngine]]:
    """Yield the window with an engine that was not started: its signals are told by hand."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    window, engine = build(Settings(), Places(str(RESOURCES / "starters")))
    qtbot.addWidget(window)
    window.resize(1280, 720)
    with qtbot.waitExposed(window):
        window.show()
    yield window, engine
    window.close()
    engine.shut_down()


@pytest.fixture
def window(studio: tuple[MainWindow, StudioEngine]) -> MainWindow:
    return studio[0]


@pytest.fixture
def bringing(studio: tuple[MainWindow, StudioEngine]) -> BringingEndpoint:
    return studio[1].bringing


@pytest.fixture
def controller(window: MainWindow) -> BringingController:
    found = window.findChild(BringingController)
    assert isinstance(found, BringingController)
    return found


def carried(*names: str, text: str = "") -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(name) if "://" in name else QUrl.fromLocalFile(name) for name in names])
    if text:
        data.setText(text)
    return data


def drag_onto(widget: QWidget, data: QMimeData) -> QDragEnterEvent:
    """Drag onto a widget; Qt itself brings the event to what around it takes it."""
    event = QDragEnterEvent(QPoint(4, 4), OFFERED, data, BUTTON, NO_KEY)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event


def drop_onto(widget: QWidget, data: QMimeData) -> QDropEvent:
    """Drop what was dragged onto a widget; Qt brings the event to what took the drag."""
    event = QDropEvent(QPointF(4.0, 4.0), OFFERED, data, BUTTON, NO_KEY)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event


def places(window: MainWindow) -> list[QWidget]:
    """Return a place on each kind of thing in the window: a picture, a text field, a list, a dock, a button."""
    picture = window.waveform_panel.findChild(QGraphicsView)
    assert picture is not None
    prompt, takes, console = window.prompt_bar.edit, window.library_panel, window.console_panel
    views = (QAbstractScrollArea, QLineEdit)
    inner = [one for panel in (takes, console, window.generate_panel) for one in panel.findChildren(QWidget)]
    inner = [one for one in inner if isinstance(one, views) and one.window() is window]
    return [picture.viewport(), prompt, window.prompt_bar.menu_button, takes, *inner, *window.findChildren(QDockWidget)]


def test_sounds_are_dropped_anywhere_and_leave_no_trace(window: MainWindow, controller: BringingController) -> None:
    wanted = QSignalSpy(controller.bring_wanted)
    names = ("/music/one.wav", "/music/Two.FLAC")
    prompt = window.prompt_bar.prompt()
    target = controller.target
    for at, place in enumerate(places(window), start=1):
        data = carried(*names, text="\n".join(names))
        assert drag_onto(place, data).dropAction() == Qt.DropAction.CopyAction
        assert target.isVisible(), place
        assert target.size() == window.size()
        assert target.what_label.text() == "2 sounds"
        drop = drop_onto(place, data)
        assert drop.isAccepted()
        assert drop.dropAction() == Qt.DropAction.CopyAction, "a file that was moved would be gone"
        assert not target.isVisible()
        assert wanted.count() == at
        assert wanted.at(at - 1)[0] == names
    assert window.prompt_bar.prompt() == prompt


def test_what_is_dragged_away_again_is_not_played(window: MainWindow, controller: BringingController) -> None:
    wanted = QSignalSpy(controller.bring_wanted)
    for names, words in (
        (("/music/one.wav",), "one.wav"),
        (("/music/an album",), "an album"),
        (("/music/one.wav", "/music/an album"), "2 files and folders"),
    ):
        drag_onto(window, carried(*names))
        assert controller.target.isVisible()
        assert controller.target.what_label.text() == words
        QApplication.sendEvent(window, QDragLeaveEvent())
        assert not controller.target.isVisible()
    assert wanted.count() == 0


def test_what_is_no_file_is_left_to_what_lies_below(window: MainWindow, controller: BringingController) -> None:
    wanted = QSignalSpy(controller.bring_wanted)
    text = QMimeData()
    text.setText("slow rain")
    edit = window.prompt_bar.edit
    for data in (text, carried("https://example.org/song.mp3")):
        assert not drag_onto(window, data).isAccepted()
        assert not controller.target.isVisible()
    edit.clear()
    drag_onto(edit, text)
    drop_onto(edit, text)
    assert window.prompt_bar.prompt() == "slow rain", "words are dropped into the prompt as ever"
    assert wanted.count() == 0


@pytest.mark.parametrize("key", ["Ctrl+O", "Ctrl+Shift+O"])
def test_open_asks_for_sounds_or_a_folder(
    window: MainWindow, controller: BringingController, qtbot: QtBot, tmp_path: Path, key: str
) -> None:
    wanted = QSignalSpy(controller.bring_wanted)
    action = next(one for one in window.findChildren(QAction) if one.shortcut().toString() == key)
    assert action in window.prompt_bar.menu_button.menu().actions()
    action.trigger()
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    qtbot.waitUntil(dialog.isVisible)
    named = tmp_path if "Shift" in key else tmp_path / "a sound.wav"
    (tmp_path / "a sound.wav").write_bytes(b"")
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(named))
    dialog.filesSelected.emit([str(named)])
    dialog.reject()
    assert wanted.at(0)[0] == (str(named),)


def test_how_far_a_sound_is_is_told_and_can_be_called_off(
    window: MainWindow, controller: BringingController, bringing: BringingEndpoint
) -> None:
    called_off = QSignalSpy(controller.call_off_wanted)
    bar, panel = window.notice_bar, window.next_panel
    bringing.changed.emit(DroppedState("mix.mp3", Progress(1, 0.437, "listening to all of it"), 0, is_awaited=True))
    assert bar.notice() == "“mix.mp3”: listening to all of it · 43 %"
    QTest.mouseClick(bar.dismiss_button, BUTTON)
    assert called_off.count() == 1
    bringing.changed.emit(DroppedState("next.mp3", Progress(2, 0.5, "reading"), 3))
    assert bar.notice() == "", "what is read ahead is not worth a notice"
    assert panel.header.info == "3 more wait"
    QTest.mouseClick(panel.call_off_button, BUTTON)
    assert called_off.count() == 2
    bringing.changed.emit(DroppedState())
    assert (panel.header.info, panel.call_off_button.isVisible()) == ("", False)


def test_what_cannot_be_played_is_one_sentence_that_names_it(
    window: MainWindow, controller: BringingController, bringing: BringingEndpoint
) -> None:
    bar = window.notice_bar
    silent = SilentClip(peak_db=-90.0)
    bringing.refused.emit(Refused("/music/rest.wav", silent))
    assert bar.notice() == "“rest.wav”: The clip is silent (its peak is −90 dBFS): choose another."
    error = NotAudio(path="/music/notes.txt", detail="Format not recognised")
    bringing.refused.emit(Refused("/music/notes.txt", error, 2, 5))
    assert bar.notice().startswith("2 of 5 cannot be played. The last of them: “/music/notes.txt” is not an audio file")
    assert bar.more_label.text() == "", "it takes the place of the one before"
    controller.bring(("/music/good.wav",))
    assert bar.notice() == ""
