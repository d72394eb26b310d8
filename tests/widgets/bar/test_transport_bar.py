# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport asks, and shows only what it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine.values import TransportState
from widgets.bar.transport_bar import SLEEP_MINUTES, TransportBar

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
PLAYING = TransportState(is_running=True, has_next=True, has_previous=True, can_rate=True)


@pytest.fixture
def bar(qtbot: QtBot) -> TransportBar:
    bar = TransportBar()
    qtbot.addWidget(bar)
    with qtbot.waitActive(bar):
        bar.show()
        bar.activateWindow()
    return bar


def buttons(bar: TransportBar) -> dict[str, QPushButton]:
    return {one.objectName().removesuffix("_button"): one for one in bar.findChildren(QPushButton)}


def enabled(bar: TransportBar) -> set[str]:
    return {name for name, button in buttons(bar).items() if button.isEnabled()}


def told(spy: QSignalSpy) -> list[object]:
    return [spy.at(i)[0] if spy.at(i) else None for i in range(spy.count())]


def test_what_makes_no_sense_cannot_be_pressed(bar: TransportBar) -> None:
    everything = set(buttons(bar))
    assert len(everything) == 9
    assert enabled(bar) == set()
    bar.set_state(PLAYING)
    assert enabled(bar) == everything
    bar.set_state(replace(PLAYING, has_next=False))
    assert enabled(bar) == everything - {"next"}
    bar.set_state(replace(PLAYING, has_previous=False, can_rate=False))
    assert enabled(bar) == everything - {"previous", "favourite", "never"}
    bar.set_state(TransportState(can_rate=True))
    assert enabled(bar) == {"keep", "favourite"}, "what was heard can still be kept, and its take liked"
    bar.set_state(TransportState(recording="/music/x.flac"))
    assert enabled(bar) == {"keep", "record"}, "a recording can be ended when the music has stopped"
    bar.set_state(TransportState())


def test_each_button_tells_its_wish_once(bar: TransportBar) -> None:
    bar.set_state(PLAYING)
    wishes: dict[str, tuple[SignalInstance, object]] = {
        "previous": (bar.previous_requested, None),
        "next": (bar.next_requested, None),
        "pause": (bar.pause_requested, True),
        "hold": (bar.hold_requested, True),
        "favourite": (bar.favourite_requested, True),
        "never": (bar.never_requested, None),
        "keep": (bar.keep_requested, None),
        "record": (bar.record_requested, True),
    }
    for name, (signal, wish) in wishes.items():
        spy = QSignalSpy(signal)
        QTest.mouseClick(buttons(bar)[name], LEFT)
        assert told(spy) == [wish], name


def test_a_press_changes_nothing_until_the_state_does(bar: TransportBar) -> None:
    bar.set_state(PLAYING)
    for name in ("hold", "favourite", "record"):
        QTest.mouseClick(buttons(bar)[name], LEFT)
        assert not buttons(bar)[name].isChecked(), name
    bar.set_state(replace(PLAYING, is_held=True, is_favourite=True, recording="/music/x.flac"))
    spies = [QSignalSpy(one) for one in (bar.hold_requested, bar.favourite_requested, bar.record_requested)]
    for name in ("hold", "favourite", "record"):
        assert buttons(bar)[name].isChecked(), name
        QTest.mouseClick(buttons(bar)[name], LEFT)
        assert buttons(bar)[name].isChecked(), name
    assert [told(spy) for spy in spies] == [[False], [False], [False]]
    bar.set_state(PLAYING)


def test_pause_becomes_resume(bar: TransportBar) -> None:
    bar.set_state(replace(PLAYING, is_paused=True))
    spy = QSignalSpy(bar.pause_requested)
    assert bar.pause_button.accessibleName() == "Resume"
    QTest.mouseClick(bar.pause_button, LEFT)
    assert told(spy) == [False]
    bar.set_state(PLAYING)
    assert bar.pause_button.accessibleName() == "Pause"


@pytest.mark.parametrize(
    ("name", "key", "modifier"),
    [
        ("previous", Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier),
        ("next", Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier),
        ("pause", Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier),
        ("hold", Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier),
        ("favourite", Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier),
        (
            "never",
            Qt.Key.Key_Delete,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        ),
        ("keep", Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier),
        ("record", Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_each_button_has_its_key(
    bar: TransportBar, qtbot: QtBot, name: str, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    bar.set_state(PLAYING)
    # Words that change take no key away.
    bar.set_state(replace(PLAYING, recording="/music/x.flac", sleep_left_s=60.0))
    bar.set_state(PLAYING)
    with qtbot.waitSignal(buttons(bar)[name].clicked):
        QTest.keyClick(bar, key, modifier)


def test_the_sleep_timer_is_chosen_and_counts_the_minutes_left(bar: TransportBar, qtbot: QtBot) -> None:
    bar.set_state(PLAYING)
    wishes = QSignalSpy(bar.sleep_requested)
    menu = bar.sleep_button.menu()
    actions: list[QAction] = menu.actions()
    assert [one.text() for one in actions] == ["Off", *(f"{minutes} min" for minutes in SLEEP_MINUTES)]
    assert not actions[0].isEnabled()
    actions[2].trigger()
    assert told(wishes) == [30.0]
    assert not bar.sleep_button.isChecked()
    bar.set_state(replace(PLAYING, sleep_left_s=29 * 60 + 1.0))
    assert (bar.sleep_button.words(), bar.sleep_button.isChecked()) == ("30 min", True)
    qtbot.waitUntil(lambda: bar.sleep_button.words() == "29 min")
    bar.set_state(replace(PLAYING, sleep_left_s=3.0))
    assert bar.sleep_button.words() == "1 min"
    actions[0].trigger()
    assert told(wishes) == [30.0, 0.0]
    bar.set_state(PLAYING)
    assert (bar.sleep_button.words(), bar.sleep_button.isChecked()) == ("Sleep", False)


def test_a_recording_tells_its_time_and_its_file(bar: TransportBar, qtbot: QtBot) -> None:
    bar.set_state(replace(PLAYING, recording="/music/Infiniloop.flac"))
    assert bar.record_button.words() == "00:00"
    assert "/music/Infiniloop.flac" in bar.record_button.toolTip()
    qtbot.waitUntil(lambda: bar.record_button.words() != "00:00")
    since = bar.record_button.words()
    bar.set_state(replace(PLAYING, recording="/music/Infiniloop.flac", is_held=True))
    assert bar.record_button.words() >= since, "another state of the same recording does not begin it anew"
    bar.set_state(replace(PLAYING, recording="/music/Infiniloop.flac", is_paused=True))
    since = bar.record_button.words()
    qtbot.wait(1100)
    assert bar.record_button.words() == since, "what stands still is not recorded"
    bar.set_state(PLAYING)
    assert bar.record_button.words() == "Record"
    assert "/music" not in bar.record_button.toolTip()


def test_nothing_moves_whatever_it_shows(bar: TransportBar) -> None:
    def places() -> list[QPoint]:
        return [button.pos() for button in buttons(bar).values()]

    before, width = places(), bar.sizeHint().width()
    bar.set_state(
        replace(
            PLAYING, is_paused=True, is_held=True, is_favourite=True, recording="/music/x.flac", sleep_left_s=5400.0
        )
    )
    layout = bar.layout()
    assert layout is not None
    layout.activate()
    assert (places(), bar.sizeHint().width()) == (before, width)
    for button in buttons(bar).values():
        assert button.fontMetrics().horizontalAdvance(button.text()) <= button.width()
    bar.set_state(PLAYING)


def test_a_key_opens_the_sleep_timer_s_list(bar: TransportBar, qtbot: QtBot) -> None:
    bar.set_state(PLAYING)
    menu, wishes = bar.sleep_button.menu(), QSignalSpy(bar.sleep_requested)
    seen: list[bool] = []

    def choose_the_second() -> None:
        seen.append(menu.isVisible())
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
            QTest.keyClick(menu, key)

    # The list runs an event loop of its own until it closes.
    menu.aboutToShow.connect(lambda: QTimer.singleShot(50, choose_the_second))
    with qtbot.waitSignal(bar.sleep_requested):
        QTest.keyClick(bar, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert seen == [True]
    assert told(wishes) == [30.0]
    assert not bar.sleep_button.isChecked()
