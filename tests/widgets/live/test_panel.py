# SPDX-License-Identifier: GPL-3.0-or-later
"""The live panel rises at once and sinks calmly, holds peaks, says what is heard in words, and rests in silence."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.units import SILENCE_DB
from engine.values.live import BANDS, CURVE_POINTS, STEREO_SIDE, LiveReading
from tests.widgets.showing import shown_alone
from widgets import theme
from widgets.live.levels import FALL_DB_PER_S, HOLD_S, LiveLevels
from widgets.live.panel import LivePanel

AT = [name for _, name in BANDS].index("125")


def a_reading(db: float, correlation: float | None = 0.8) -> LiveReading:
    """Return a reading whose band at 125 Hz has this level, all others far less."""
    bands = np.full(len(BANDS), -70.0, dtype=np.float32)
    bands[AT] = db
    cells = np.zeros((STEREO_SIDE, STEREO_SIDE), dtype=np.uint8)
    cells[:, STEREO_SIDE // 2] = 255
    return LiveReading(bands, bands - 3.0, np.full(CURVE_POINTS, -72.0, dtype=np.float32), correlation, cells)


def test_levels_rise_at_once_and_sink_slowly_and_peaks_stand() -> None:
    levels = LiveLevels()
    levels.advance(0.03, a_reading(-14.0))
    levels.advance(0.1, a_reading(-50.0))
    assert levels.bands_db[AT] == pytest.approx(-14.0 - 0.1 * FALL_DB_PER_S)
    assert levels.held_db[AT] == -14.0
    assert levels.average_db[AT] == -53.0
    for _ in range(12):
        levels.advance(HOLD_S / 10.0, a_reading(-50.0))
    assert levels.bands_db[AT] == -50.0
    assert -50.0 < levels.held_db[AT] < -14.0
    levels.reset()
    assert (levels.held_db[AT], levels.average_db[AT]) == (-50.0, SILENCE_DB)


def test_held_peaks_stand_until_they_are_reset() -> None:
    levels = LiveLevels()
    levels.holds = True
    levels.advance(0.03, a_reading(-14.0))
    for _ in range(40):
        levels.advance(1.0, None)
    assert levels.held_db[AT] == -14.0
    assert levels.is_at_rest()
    levels.reset()
    assert levels.held_db[AT] == SILENCE_DB


@pytest.fixture
def panel(qtbot: QtBot) -> LivePanel:
    return shown_alone(qtbot, LivePanel(), 500, 220)


def test_what_is_heard_is_said_in_words(panel: LivePanel) -> None:
    assert (panel.header.info, panel.bands.accessibleDescription()) == ("", "Nothing is heard.")
    panel.set_reading(a_reading(-14.2))
    panel.advance(0.03)
    panel.bands.point_at(AT + 1)
    assert panel.header.info == "125 Hz −14 dB"
    assert panel.bands.accessibleDescription() == (
        "160 Hz: −70 dB, peak −70, average −73, loudest band 125 Hz −14 dB, correlation 0.8"
    )


@pytest.mark.parametrize("width_px", [90, 150, 235, 700])
def test_names_on_the_axis_are_as_many_as_fit_and_evenly_spaced(panel: LivePanel, width_px: int) -> None:
    panel.bands.resize(width_px, 200)
    metrics = QFontMetricsF(panel.bands.font())
    named = panel.bands.axis_names(panel.bands.plot_rect(), metrics)
    xs = np.array([x for x, _ in named])
    assert len(named) >= 2
    assert np.ptp(np.diff(xs)) < 0.01
    for (left, name), (right, following) in pairwise(named):
        halves = (metrics.horizontalAdvance(name) + metrics.horizontalAdvance(following)) / 2
        assert right - left > halves, (name, following)


def test_bands_have_the_decimal_sign_of_the_language(panel: LivePanel) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("it"))
    try:
        panel.bands.resize(700, 200)
        assert panel.bands.axis_names(panel.bands.plot_rect(), QFontMetricsF(panel.bands.font()))[0][1] == "31,5"
    finally:
        QLocale.setDefault(before)


def test_a_bar_stands_as_high_as_its_band_is_loud(panel: LivePanel) -> None:
    panel.set_reading(a_reading(-20.0))
    panel.advance(0.03)
    picture, rect = panel.bands.grab().toImage(), panel.bands.plot_rect()
    x = round(rect.left() + (AT + 0.5) * rect.width() / len(BANDS))
    top = panel.bands.y_of(rect, -20.0)

    def greenness(y: float) -> int:
        colour = QColor(picture.pixelColor(x, round(y)))
        return colour.green() - colour.red()

    assert greenness(top + 8) > 60
    assert greenness(top - 8) < 30
    # A mono sound stands upright in the stereo image.
    stereo = panel.stereo.grab().toImage()
    middle = stereo.width() // 2
    rows = range(20, 60)
    lit = [QColor(stereo.pixelColor(middle, y)).green() - QColor(stereo.pixelColor(middle, y)).red() for y in rows]
    assert min(lit) > 60


def test_bands_are_pointed_at_by_mouse_and_keys(panel: LivePanel) -> None:
    panel.set_reading(a_reading(-14.0))
    panel.advance(0.03)
    spy = QSignalSpy(panel.bands.pointed)
    rect = panel.bands.plot_rect()
    QTest.mouseMove(panel.bands, QPoint(round(rect.left() + 3.5 * rect.width() / len(BANDS)), 40))
    QTest.qWait(1)
    assert panel.bands.band == 3
    assert panel.pointed().startswith("50 Hz: −70 dB")
    panel.bands.setFocus()
    QTest.keyClick(panel.bands, Qt.Key.Key_Escape)
    assert panel.pointed() == ""
    QTest.keyClick(panel.bands, Qt.Key.Key_Left)
    QTest.keyClick(panel.bands, Qt.Key.Key_Right)
    assert panel.bands.band == AT + 1, "the keys begin at the loudest band"
    assert spy.count() == 4


def test_the_panel_comes_to_rest_in_silence_and_paints_no_more(panel: LivePanel, qtbot: QtBot) -> None:
    bands, curve = (np.full(n, SILENCE_DB, dtype=np.float32) for n in (len(BANDS), CURVE_POINTS))
    silent = LiveReading(bands, bands, curve, None, np.zeros((STEREO_SIDE, STEREO_SIDE), dtype=np.uint8))
    panel.set_reading(silent)
    assert not panel.is_moving(), "nothing was heard yet"
    panel.set_reading(a_reading(-14.0))
    panel.advance(0.03)
    assert panel.is_moving()
    panel.set_reading(silent)
    for _ in range(60):
        panel.advance(0.2)
    qtbot.waitUntil(lambda: not panel.is_moving())
    assert panel.bands.accessibleDescription() == "Nothing is heard."
    assert panel.levels.average_db[AT] == -17.0, "the average stays"


def test_reset_and_hold_are_told(panel: LivePanel) -> None:
    panel.set_reading(a_reading(-14.0))
    panel.advance(0.03)
    reset, held = QSignalSpy(panel.reset_requested), QSignalSpy(panel.hold_toggled)
    panel.hold_button.click()
    assert (panel.levels.holds, held.count()) == (True, 1)
    QTest.keyClick(panel, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert reset.count() == 1
    assert panel.levels.average_db[AT] == SILENCE_DB


def test_it_stands_upright_in_a_narrow_dock_and_follows_the_theme(
    panel: LivePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert panel.stereo.x() > panel.bands.x()
    monkeypatch.setattr(theme, "PANEL", "#223344")
    assert panel.bands.grab().toImage().pixelColor(2, 2).name() == "#223344"
    panel.resize(220, 400)
    QTest.qWait(1)
    assert panel.stereo.y() > panel.bands.y()
