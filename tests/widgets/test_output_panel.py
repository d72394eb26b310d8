# SPDX-License-Identifier: GPL-3.0-or-later
"""The output panel shows volume, levels and the device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.values import Meters
from engine.values.options import VOLUME
from engine.values.volume import gain_to_volume, volume_to_gain
from tests.widgets.showing import shown_alone
from widgets.output_panel import OutputPanel

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot) -> OutputPanel:
    return shown_alone(qtbot, OutputPanel(), 250, 160)


def told(spy: QSignalSpy) -> list[float]:
    return [spy.at(i)[0] for i in range(spy.count())]


@given(st.floats(VOLUME.low + 0.1, 0.0))
def test_volume_and_gain_are_inverse(volume_db: float) -> None:
    assert gain_to_volume(volume_to_gain(volume_db)) == pytest.approx(volume_db, abs=1e-9)


def test_the_ends_of_the_scale() -> None:
    assert volume_to_gain(VOLUME.low) == 0.0
    assert gain_to_volume(0.0) == VOLUME.low
    assert volume_to_gain(0.0) == 1.0
    assert gain_to_volume(4.0) == 0.0


def test_setting_is_silent(panel: OutputPanel) -> None:
    changes = QSignalSpy(panel.volume_changed)
    panel.set_volume(0.5)
    assert panel.volume.value_label.text() == "−6.0 dB"
    assert panel.volume_gain() == pytest.approx(0.5)
    panel.set_volume(0.0)
    assert panel.volume.value_label.text() == "mute"
    assert told(changes) == []


def test_keys_move_by_half_a_decibel_down_to_mute(panel: OutputPanel) -> None:
    changes = QSignalSpy(panel.volume_changed)
    slider = panel.volume.slider
    QTest.keyClick(slider, Qt.Key.Key_Left)
    QTest.keyClick(slider, Qt.Key.Key_PageDown)
    QTest.keyClick(slider, Qt.Key.Key_Home)
    QTest.keyClick(slider, Qt.Key.Key_End)
    expected = [10 ** (-0.5 / 20), 10 ** (-6.5 / 20), 0.0, 1.0]
    assert told(changes) == [pytest.approx(gain) for gain in expected]


def test_a_drag_is_followed_and_a_double_click_plays_at_full_level(panel: OutputPanel) -> None:
    changes = QSignalSpy(panel.volume_changed)
    slider = panel.volume.slider
    y = slider.height() // 2
    QTest.mousePress(slider, LEFT, pos=QPoint(200, y))
    for x in range(200, 60, -10):
        QTest.mouseMove(slider, QPoint(x, y))
    QTest.mouseRelease(slider, LEFT, pos=QPoint(60, y))
    gains = told(changes)
    assert len(gains) > 5
    assert gains == sorted(gains, reverse=True)
    assert panel.volume_gain() == gains[-1]
    QTest.mouseDClick(slider, LEFT, pos=QPoint(60, y))
    assert told(changes)[-1] == panel.volume_gain() == 1.0


def test_device_latency_and_xruns(panel: OutputPanel) -> None:
    panel.set_device("Built-in Audio", 0.0427)
    panel.set_xruns(0)
    assert panel.device_label.text() == "Built-in Audio"
    assert panel.latency_label.text() == "43 ms latency"
    assert (panel.xruns_label.text(), panel.xruns_label.property("role")) == ("0 xruns", "dim")
    panel.set_xruns(1)
    assert (panel.xruns_label.text(), panel.xruns_label.property("role")) == ("1 xrun", "warning")
    panel.set_device("", 0.0)
    assert panel.device_label.text() == "no sound output"


def test_a_long_device_name_is_cut(panel: OutputPanel) -> None:
    width = panel.minimumSizeHint().width()
    panel.set_device("Family 17h HD Audio Controller " * 4, 0.1)
    assert panel.minimumSizeHint().width() == width
    assert panel.device_label.is_elided()


def test_levels_reach_the_meter(panel: OutputPanel) -> None:
    panel.set_levels((-120.0, -120.0), (-120.0, -120.0))
    silent = panel.meter.grab().toImage()
    panel.set_levels((-3.0, -6.0), (-9.0, -12.0))
    assert panel.meter.grab().toImage() != silent


def test_loudness_and_the_highest_true_peak(panel: OutputPanel) -> None:
    peak = panel.true_peak_button
    assert (panel.header.info, peak.text()) == ("−∞ LUFS", "true peak −∞ dBTP")
    panel.set_meters(Meters(-2.4, -16.14))
    assert (panel.header.info, peak.text()) == ("−16.1 LUFS", "true peak −2.4 dBTP")
    panel.set_meters(Meters(-9.0, -120.0))
    assert (panel.header.info, peak.text()) == ("−∞ LUFS", "true peak −2.4 dBTP"), "the highest stays"
    panel.set_meters(Meters(-1.0, -14.0))
    assert peak.property("role") == "figure", "the limiter's own ceiling is no alarm"
    panel.set_meters(Meters(0.3, -14.0))
    assert (peak.text(), peak.property("role")) == ("true peak 0.3 dBTP", "figure_hot")
    QTest.mouseClick(peak, LEFT)
    assert (peak.text(), peak.property("role")) == ("true peak −∞ dBTP", "figure")
    panel.set_meters(None)
    assert panel.header.info == "−∞ LUFS"


def test_the_true_peak_keeps_its_key(panel: OutputPanel, qtbot: QtBot) -> None:
    panel.set_meters(Meters(-2.4, -16.1))
    with qtbot.waitSignal(panel.true_peak_button.clicked):
        QTest.keyClick(panel, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    assert panel.true_peak_button.text() == "true peak −∞ dBTP"
