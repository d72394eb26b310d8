# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests ask Qt's own interfaces, as its bridge to screen readers does, what widgets say of their values."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.values import MusicInHand
from tests.widgets.pictures import a_candidate
from widgets import spoken
from widgets.controls import Combo, LabelledSlider, describe
from widgets.live.stereo_plot import StereoPlot
from widgets.meter import LevelMeter
from widgets.metrics_panel import MetricsPanel
from widgets.next_panel import NextPanel
from widgets.overlap_panel import OverlapPanel, ms_to_step, step_to_ms
from widgets.spoken import SpokenInterface, SpokenValue

pytestmark = pytest.mark.gui

Text = QAccessible.Text


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    spoken.install()


def interface_of(widget: QWidget) -> QAccessibleInterface:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface


def a_slider(qtbot: QtBot) -> LabelledSlider:
    slider = LabelledSlider(
        "&Length", "How long", low=10.0, high=5000.0, step=10.0, page=100.0, words=lambda value: f"{value:g} ms"
    )
    qtbot.addWidget(slider)
    return slider


def test_a_slider_tells_its_unit_and_not_its_steps(qtbot: QtBot) -> None:
    slider = a_slider(qtbot)
    slider.set_value(480.0)
    interface = interface_of(slider.slider)
    number = interface.valueInterface()
    assert interface.role() is QAccessible.Role.Slider
    assert (interface.text(Text.Name), interface.text(Text.Value)) == ("Length", "480 ms")
    assert (number.minimumValue(), number.currentValue(), number.maximumValue()) == (10.0, 480.0, 5000.0)
    assert number.minimumStepSize() == 10.0
    slider.set_range(10.0, 300.0)
    assert (number.currentValue(), number.maximumValue()) == (300.0, 300.0)


def test_a_slider_that_is_set_from_outside_is_moved_as_by_hand(qtbot: QtBot) -> None:
    slider = a_slider(qtbot)
    told: list[float] = []
    slider.moved.connect(told.append)
    interface_of(slider.slider).valueInterface().setCurrentValue(123.0)
    assert (told, slider.value(), slider.value_label.text()) == ([120.0], 120.0, "120 ms")


def test_the_overlap_tells_milliseconds_of_a_scale_of_ratios(qtbot: QtBot) -> None:
    panel = OverlapPanel()
    qtbot.addWidget(panel)
    interface = interface_of(panel.slider)
    assert interface.text(Text.Value) == "1 ms", "told from the start"
    panel.set_overlap(123.4)
    assert (interface.text(Text.Value), interface.valueInterface().currentValue()) == ("123.4 ms", 123.4)
    QTest.keyClick(panel.slider, Qt.Key.Key_Right)
    assert interface.valueInterface().currentValue() == step_to_ms(ms_to_step(123.4) + 1)
    interface.valueInterface().setCurrentValue(1000.0)
    assert panel.overlap_ms() == pytest.approx(1000.0, rel=0.03)


def test_what_only_shows_is_an_indicator_with_its_value(qtbot: QtBot) -> None:
    meter, metrics, coming = LevelMeter(), MetricsPanel(), NextPanel()
    for one in (meter, metrics, coming):
        qtbot.addWidget(one)
    metrics.set_candidate(a_candidate(0, 1000, score=0.9))
    coming.set_hand(MusicInHand(90.0, 1, None))
    for widget, number, words in (
        (meter, -60.0, "silent"),
        (metrics.bars["spectral"], 0.94, "0.94"),
        (metrics.bars["score"], 0.9, "90 %"),
        (coming.gauge, 90.0, "music in hand: 1 min 30 s"),
    ):
        interface = interface_of(widget)
        assert interface.role() is QAccessible.Role.Indicator
        assert interface.text(Text.Name)
        assert interface.text(Text.Value) == words
        assert interface.valueInterface().currentValue() == pytest.approx(number)
        # One that only shows cannot be set.
        interface.valueInterface().setCurrentValue(0.5)
        assert interface.valueInterface().currentValue() == pytest.approx(number)


def test_a_picture_has_a_role_and_no_number(qtbot: QtBot) -> None:
    plot = StereoPlot()
    qtbot.addWidget(plot)
    interface = interface_of(plot)
    assert (interface.role(), interface.childCount()) == (QAccessible.Role.Chart, 0)
    lacking: list[object] = [interface.valueInterface(), interface.textInterface(), interface.selectionInterface()]
    assert lacking == [None] * 3
    assert interface.actionInterface() is not None


@pytest.mark.parametrize(
    ("now", "words", "is_said"),
    [
        (120.0, "120 ms", True),
        (-6.0, "−6 dB", True),
        (-6.5, "−6.5 dB", False),
        (1.3, "× 1.3", False),
        (65.0, "1 min 05 s", False),
        (-60.0, "mute", False),
    ],
)
def test_what_is_lost_without_a_fraction_has_to_be_announced(now: float, words: str, is_said: bool) -> None:
    assert SpokenValue(QAccessible.Role.Slider, -100.0, 200.0, now=now, words=words).is_said_by_number() is is_said


def labels_of(widget: QWidget) -> list[str]:
    return [
        label.text(Text.Name)
        for label, relation in interface_of(widget).relations()
        if relation == QAccessible.RelationFlag.Label
    ]


def test_a_combo_says_what_for_by_a_label_seen_or_not(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    rows = QVBoxLayout(window)
    plain, labelled, label = Combo(window), Combo(window), QLabel("&Curve", window)
    label.setBuddy(labelled)
    for one in (plain, label, labelled):
        rows.addWidget(one)
    describe(plain, "Entry & exit", "Where")
    plain.addItem("At once")
    with qtbot.waitExposed(window):
        window.show()
    assert (labels_of(plain), labels_of(labelled)) == (["Entry & exit"], ["Curve"])
    window.hide()
    window.show()
    assert len(window.findChildren(QLabel)) == 2, "one was made, once"
    plain.deleteLater()
    qtbot.waitUntil(lambda: window.findChildren(QLabel) == [label])


def interfaces() -> Iterator[SpokenInterface]:
    yield from (one for one in shiboken6.getAllValidWrappers() if isinstance(one, SpokenInterface))


@pytest.mark.soak
def test_an_interface_goes_with_its_widget_whoever_ends_it(qtbot: QtBot) -> None:
    before = len(list(interfaces()))
    for at in range(60):
        parent = QWidget()
        sliders = [LabelledSlider("L", "T", low=0, high=9, step=1, page=2, words=str, parent=parent) for _ in range(3)]
        for slider in sliders:
            assert interface_of(slider.slider).text(Text.Value) == "0"
        assert len(list(interfaces())) == before + 3
        del slider, sliders
        # Collected by Python, deleted by Qt now, or later.
        if at % 3 == 1:
            shiboken6.delete(parent)
        elif at % 3 == 2:
            parent.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        del parent
        if at % 10 == 0:
            gc.collect()
        assert len(list(interfaces())) == before
