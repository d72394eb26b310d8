# SPDX-License-Identifier: GPL-3.0-or-later
"""The meter rises at once, sinks smoothly, holds the peak, and rests when there is nothing to do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.widgets.pictures import show_together
from widgets import theme
from widgets.meter import FALL_DB_PER_S, FLOOR_DB, HOLD_S, LevelMeter

pytestmark = pytest.mark.gui

SILENCE = (-120.0, -120.0)


@pytest.fixture
def meter(qtbot: QtBot) -> LevelMeter:
    out = LevelMeter()
    show_together(qtbot, out, size=(320, 60))
    return out


class PaintCounter(QObject):
    """Counts how often a widget is painted from now on."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.n_paints = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.n_paints += event.type() == QEvent.Type.Paint
        return False


def rest(meter: LevelMeter) -> None:
    meter.set_levels(SILENCE, SILENCE)
    meter.advance(60.0)
    meter.set_levels(SILENCE, SILENCE)


def test_levels_rise_at_once_and_sink_steadily(meter: LevelMeter) -> None:
    meter.set_levels((-6.0, -12.0), (-18.0, -24.0))
    assert (meter.peak_db, meter.rms_db) == ([-6.0, -12.0], [-18.0, -24.0])
    meter.set_levels(SILENCE, SILENCE)
    assert meter.peak_db == pytest.approx([-6.0, -12.0], abs=FALL_DB_PER_S * 0.5)
    before = list(meter.peak_db)
    meter.advance(0.5)
    assert meter.peak_db == pytest.approx([db - 0.5 * FALL_DB_PER_S for db in before])
    rest(meter)
    assert meter.peak_db == meter.rms_db == [FLOOR_DB, FLOOR_DB]


def test_the_peak_is_held_then_let_go(meter: LevelMeter) -> None:
    meter.set_levels((-3.0, -3.0), (-20.0, -20.0))
    meter.set_levels((-40.0, -40.0), (-40.0, -40.0))
    meter.advance(HOLD_S * 0.8)
    assert meter.held_db == [-3.0, -3.0]
    meter.advance(HOLD_S)
    assert meter.held_db[0] < -3.0
    rest(meter)


def test_no_mark_stays_behind(qtbot: QtBot, meter: LevelMeter) -> None:
    meter.set_levels((FLOOR_DB + 0.05, FLOOR_DB + 0.05), SILENCE)
    qtbot.wait(50)
    assert meter.held_db[0] > FLOOR_DB
    asked = PaintCounter(meter)
    meter.set_levels(SILENCE, SILENCE)
    meter.advance(60.0)
    assert meter.held_db == [FLOOR_DB, FLOOR_DB]
    qtbot.waitUntil(lambda: asked.n_paints > 0)
    rest(meter)


def test_a_timer_runs_only_while_something_sinks(qtbot: QtBot, meter: LevelMeter) -> None:
    meter.set_levels((-20.0, -20.0), (-20.0, -20.0))
    assert not meter.is_falling()
    meter.set_levels((-23.0, -23.0), (-23.0, -23.0))
    assert meter.is_falling()
    qtbot.waitUntil(lambda: not meter.is_falling(), timeout=6000)
    assert meter.peak_db == meter.held_db == [-23.0, -23.0]


def test_steps_of_time_do_not_change_the_fall(qtbot: QtBot, meter: LevelMeter) -> None:
    other = LevelMeter()
    for one in (meter, other):
        one.set_levels((-1.0, -9.0), (-12.0, -15.0))
        one.set_levels((FLOOR_DB, FLOOR_DB), (FLOOR_DB, FLOOR_DB))
    meter.advance(1.6)
    for _ in range(16):
        other.advance(0.1)
    assert meter.peak_db == pytest.approx(other.peak_db)
    assert meter.held_db == pytest.approx(other.held_db, abs=1e-6)
    for one in (meter, other):
        one.advance(60.0)
    qtbot.waitUntil(lambda: not meter.is_falling() and not other.is_falling())
    other.deleteLater()


def test_bars_are_as_long_as_the_level(meter: LevelMeter) -> None:
    meter.set_levels((-30.0, -15.0), (-30.0, -15.0))
    picture = meter.grab().toImage()
    accent = QColor(theme.ACCENT)
    lengths = [sum(picture.pixelColor(x, y) == accent for x in range(picture.width())) for y in (3, 13)]
    assert lengths == pytest.approx([meter.width() * 0.5, meter.width() * 0.75], abs=3.0)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf"), 30.0])
def test_odd_levels_stay_on_the_scale(meter: LevelMeter, odd: float) -> None:
    meter.set_levels((odd, odd), (odd, odd))
    meter.grab()
    assert all(FLOOR_DB <= db <= 0.0 for db in (*meter.peak_db, *meter.rms_db, *meter.held_db))


def test_it_says_the_level_in_words_once_a_second(meter: LevelMeter, qtbot: QtBot) -> None:
    meter.set_levels((-6.2, -12.0), (-20.0, -20.0))
    assert meter.accessibleDescription() == "peaks: left −6 dBFS, right −12 dBFS"
    meter.set_levels((-3.0, -3.0), (-20.0, -20.0))
    assert "−6" in meter.accessibleDescription(), "not at each of sixty frames"
    meter._told.invalidate()
    meter.set_levels(SILENCE, SILENCE)
    assert meter.accessibleDescription() == "silent"
    meter.advance(60.0)
    qtbot.waitUntil(lambda: not meter.is_falling())
