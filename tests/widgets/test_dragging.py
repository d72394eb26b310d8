# SPDX-License-Identifier: GPL-3.0-or-later
"""Files are dragged out by a real drag, once they are there, and copied by the key that copies."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.widgets.recipes import a_recipe, a_take
from widgets.dragging import copy
from widgets.library_panel import LibraryPanel
from widgets.now_playing_panel import NowPlayingPanel

pytestmark = pytest.mark.gui


class Target(QLabel):
    """This label takes files that are dropped on it, as a DAW does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("drop here", parent)
        self.setAcceptDrops(True)
        self.dropped: list[str] = []

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped = [url.toLocalFile() for url in event.mimeData().urls()]
        event.acceptProposedAction()


@pytest.fixture
def desk(qtbot: QtBot) -> tuple[NowPlayingPanel, Target, QWidget]:
    """Return the card and, beside it, what takes drops, and the window that holds both."""
    window = QWidget()
    card = NowPlayingPanel()
    card.set_recipe(a_recipe(), is_starter=False)
    target = Target(window)
    row = QHBoxLayout(window)
    row.addWidget(card, 1)
    row.addWidget(target, 1)
    window.resize(600, 300)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return card, target, window


def begin(card: NowPlayingPanel) -> QPoint:
    """Press the mouse on the title and drag it far enough."""
    label = card.title_label
    at = label.rect().center()
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(label, at + QPoint(3, 0))
    QTest.mouseMove(label, at + QPoint(30, 0))
    return at


def test_a_drag_begins_when_its_file_is_there_and_is_dropped(
    desk: tuple[NowPlayingPanel, Target, QWidget], tmp_path: Path, qtbot: QtBot
) -> None:
    card, target, _ = desk
    wanted = QSignalSpy(card.drag_source.begun)
    begin(card)
    assert wanted.count() == 1, "asked for once, by however many moves"
    path = tmp_path / "Velvet Antenna - 85 bpm - A minor - 4 bars.wav"
    path.write_bytes(b"RIFF")
    centre = target.mapTo(target.window(), target.rect().center())
    handle = target.window().windowHandle()
    QTimer.singleShot(50, lambda: QTest.mouseMove(handle, centre))
    QTimer.singleShot(150, lambda: QTest.mouseMove(handle, centre + QPoint(2, 2)))
    QTimer.singleShot(400, lambda: QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=centre + QPoint(2, 2)))
    card.drag_source.carry([str(path)])
    qtbot.waitUntil(lambda: target.dropped == [str(path)])


def test_what_comes_after_the_button_was_released_is_not_dragged(desk: tuple[NowPlayingPanel, Target, QWidget]) -> None:
    card, target, _ = desk
    at = begin(card)
    QTest.mouseRelease(card.title_label, Qt.MouseButton.LeftButton, pos=at)
    assert not card.drag_source.carry(["/x/loop.wav"])
    assert target.dropped == []


def test_of_several_takes_all_that_are_selected_are_dragged_or_copied(qtbot: QtBot) -> None:
    panel = LibraryPanel()
    qtbot.addWidget(panel)
    ids = ("a", "b", "c", "d")
    panel.set_takes(tuple(a_take(one) for one in ids), ids)
    panel.resize(300, 400)
    with qtbot.waitExposed(panel):
        panel.show()
    takes, source = panel.list, panel.drag_source
    begun, copied = QSignalSpy(source.begun), QSignalSpy(source.copy_requested)
    places = [takes.visualRect(panel.model.index(row)).center() for row in range(4)]
    left, view = Qt.MouseButton.LeftButton, takes.viewport()
    QTest.mouseClick(view, left, pos=places[0])
    QTest.mouseClick(view, left, Qt.KeyboardModifier.ControlModifier, places[2])
    assert panel.selected_ids() == ("a", "c")
    QTest.mousePress(view, left, pos=places[2])
    QTest.mouseMove(view, places[2] + QPoint(0, 60))
    QTest.mouseRelease(view, left, pos=places[3])
    assert (begun.count(), panel.selected_ids()) == (1, ("a", "c")), "a drag selects nothing"
    QTest.keySequence(takes, "Ctrl+C")
    assert copied.count() == 1
    QTest.mouseClick(view, left, pos=places[2])
    assert panel.selected_ids() == ("c",), "a click on one of several chooses it alone"
    assert begun.count() == 1


def test_files_are_copied_as_file_managers_paste_them(qapp: object, tmp_path: Path) -> None:
    paths = [str(tmp_path / "a loop.wav"), str(tmp_path / "è.wav")]
    copy(paths)
    mime = QGuiApplication.clipboard().mimeData()
    assert [url.toLocalFile() for url in mime.urls()] == paths
    QGuiApplication.clipboard().clear()
