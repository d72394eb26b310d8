# SPDX-License-Identifier: GPL-3.0-or-later
"""A sound that is dropped on a strip of the jam comes there; on a slot, it is laid into that."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from engine.values import jam_acts as acts
from engine.values.jam import LayerName
from widgets.drop_target import DropSite, DropTarget
from widgets.jam.dropping import OVER
from widgets.jam.strip import LayerStrip

ACTIONS = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Window(DropSite, QMainWindow):
    """A window on which files can be dropped, with a strip in it."""

    def __init__(self) -> None:
        super().__init__()
        self.strip = LayerStrip(LayerName.BASS, 3)
        self.setCentralWidget(self.strip)
        DropTarget(self, lambda _: True)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    window.show()
    return window


def files(paths: Sequence[str]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(one) for one in paths])
    return data


def enter(widget: QWidget, data: QMimeData) -> bool:
    event = QDragEnterEvent(QPoint(4, 4), ACTIONS, data, LEFT, NO_KEY)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def drop(widget: QWidget, data: QMimeData) -> QDropEvent:
    event = QDropEvent(QPointF(4.0, 4.0), ACTIONS, data, LEFT, NO_KEY)
    QApplication.sendEvent(widget, event)
    return event


def test_a_strip_and_a_slot_take_a_sound(window: Window) -> None:
    acted: list[acts.JamAct] = []
    strip = window.strip
    strip.acted.connect(acted.append)
    data = files(["/music/bass.wav", "/music/other.wav"])
    assert strip.acceptDrops(), "the window leaves the strip's drops to it"
    assert enter(strip, data)
    assert strip.property(OVER) is True
    assert drop(strip, data).dropAction() == Qt.DropAction.CopyAction
    assert strip.property(OVER) is False
    strip.slots.page_button.click()
    assert enter(strip.slots.buttons[1], data)
    drop(strip.slots.buttons[1], data)
    assert acted == [
        acts.Bring(LayerName.BASS, "/music/bass.wav", None, is_transposed=True),
        acts.Bring(LayerName.BASS, "/music/bass.wav", 6, is_transposed=True),
    ]


def test_what_is_no_file_is_left_and_a_drag_that_goes_on_leaves_no_mark(window: Window) -> None:
    acted: list[acts.JamAct] = []
    strip = window.strip
    strip.acted.connect(acted.append)
    words = QMimeData()
    words.setText("bass")
    assert not enter(strip, words)
    drop(strip, words)
    assert acted == []
    enter(strip, files(["/music/bass.wav"]))
    QApplication.sendEvent(strip, QDragLeaveEvent())
    assert strip.property(OVER) is False
