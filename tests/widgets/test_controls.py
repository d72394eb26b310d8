# SPDX-License-Identifier: GPL-3.0-or-later
"""The small parts that the panels share work by mouse and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QShortcut, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from widgets.controls import (
    Combo,
    ElidedLabel,
    LabelledSlider,
    Slider,
    describe,
    keys_of,
    plain,
    set_role,
    with_mnemonic,
)

pytestmark = pytest.mark.gui


def turn_wheel(widget: QWidget) -> None:
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre,
        QPointF(widget.mapToGlobal(centre)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_a_passing_wheel_changes_nothing(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    slider, combo, other = Slider(100, 10, window), Combo(window), QPushButton(window)
    combo.addItems(["one", "two", "three"])
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    slider.set_step(50)
    other.setFocus()
    for control in (slider, combo):
        turn_wheel(control)
    assert (slider.value(), combo.currentIndex()) == (50, 0)
    slider.setFocus()
    turn_wheel(slider)
    assert slider.value() != 50
    combo.setFocus()
    turn_wheel(combo)
    assert combo.currentIndex() == 1


def test_a_combo_never_follows_its_longest_line(qtbot: QtBot) -> None:
    combo = Combo()
    qtbot.addWidget(combo)
    combo.addItem("short")
    width = combo.minimumSizeHint().width()
    combo.addItem("a very long name of a device " * 5)
    combo.setCurrentIndex(1)
    assert combo.minimumSizeHint().width() == width


def test_an_elided_label_draws_within_its_width(qtbot: QtBot) -> None:
    label = ElidedLabel("dim")
    qtbot.addWidget(label)
    label.resize(80, label.sizeHint().height())
    label.show()
    label.setText("fits")
    assert not label.is_elided()
    height = label.sizeHint().height()
    label.setText("much too long\nfor eighty pixels")
    assert label.is_elided()
    assert label.toolTip() == "much too long for eighty pixels"
    assert label.sizeHint().height() == height
    label.resize(400, height)
    assert label.toolTip() == "", "once it fits, the tooltip goes"


def test_an_elided_label_shows_no_letter_or_two_of_a_text(qtbot: QtBot) -> None:
    label = ElidedLabel("dim")
    qtbot.addWidget(label)
    label.resize(30, label.sizeHint().height())
    label.setText("250 Hz −16 dB")
    cut = label.grab().toImage()
    label.setText("a text that begins otherwise")
    assert label.grab().toImage() == cut
    label.resize(100, label.height())
    shown = label.grab().toImage()
    label.setText("250 Hz −16 dB, and on")
    assert label.grab().toImage() != shown


def test_a_labelled_slider_keeps_its_value_when_its_range_allows(qtbot: QtBot) -> None:
    slider = LabelledSlider(
        "&Duration", "How long", low=5.0, high=30.0, step=1.0, page=5.0, words=lambda value: f"{value:g} s"
    )
    qtbot.addWidget(slider)
    moved = QSignalSpy(slider.moved)
    slider.set_value(20.0)
    slider.set_range(10.0, 60.0)
    assert slider.value() == 20.0
    assert slider.slider.value() == 10
    slider.set_range(5.0, 15.0)
    assert slider.value() == 15.0
    assert slider.value_label.text() == "15 s"
    assert moved.count() == 0


def test_words_of_labels_and_keys(qtbot: QtBot) -> None:
    assert plain("Drum && &Bass") == "Drum & Bass"
    assert with_mnemonic("Tip", "&Bass") == "Tip (Alt+B)"
    assert with_mnemonic("Tip", "Bass") == "Tip"
    button = QPushButton()
    qtbot.addWidget(button)
    describe(button, "Save", "Save it", shortcut="Ctrl+S")
    assert (button.accessibleName(), button.toolTip()) == ("Save", "Save it (Ctrl+S)")
    describe(button, "Save", "Save it", shortcut="Ctrl+D")
    assert [key.toString() for key in keys_of(button)] == ["Ctrl+D"], "the key that was told last"


def test_a_key_presses_its_button_at_once_and_once(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button = QPushButton("Save", window)
    describe(button, "Save", "Save it", shortcut="Ctrl+S")
    button.setText("&Keep")
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    clicks = QSignalSpy(button.clicked)
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert clicks.count() == 1, "no event loop ran: it did not wait"
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert clicks.count() == 2
    assert not any(one.autoRepeat() for one in button.findChildren(QShortcut)), "a key held down is one wish"
    button.setEnabled(False)
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert clicks.count() == 2


def test_a_role_is_seen_at_once(qtbot: QtBot) -> None:
    label = ElidedLabel("dim")
    qtbot.addWidget(label)
    label.setStyleSheet('*[role="dim"] { color: #111111; } *[role="warning"] { color: #ff0000; }')
    label.ensurePolished()
    assert label.palette().color(label.foregroundRole()).name() == "#111111"
    set_role(label, "warning")
    assert label.palette().color(label.foregroundRole()).name() == "#ff0000"


def told(widget: QWidget) -> str:
    """Return what assistive technology is told of a widget, by Qt's own interface to it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(QAccessible.Text.Description)


def test_a_slider_says_its_value_as_people_read_it(qtbot: QtBot) -> None:
    slider = LabelledSlider(
        "&Length", "How long", low=0.0, high=5000.0, step=10.0, page=100.0, words=lambda value: f"{value:g} ms"
    )
    qtbot.addWidget(slider)
    slider.set_value(480.0)
    assert told(slider.slider).startswith("480 ms · How long")
    QTest.keyClick(slider.slider, Qt.Key.Key_Right)
    assert told(slider.slider).startswith("490 ms · How long")
    assert slider.slider.accessibleName() == "Length"
