# SPDX-License-Identifier: GPL-3.0-or-later
"""The score map shows loops where they are, and tells what the hand does with them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from engine.values import LoopMetrics, LoopRegion, MapWindow, MetricWeights, ScoreMaps
from tests.widgets.pictures import a_candidate, turn_wheel
from tests.widgets.showing import shown_alone
from widgets import theme
from widgets.score_map.item import TOTAL, brightest, colour_table, coloured, scores_of
from widgets.score_map.panel import ScoreMapPanel
from widgets.score_map.plot import REFINE_MS, REST_MS

pytestmark = pytest.mark.gui

RATE = 1_000
N_SAMPLES = 20_000
SIZE = 20
SHARES = LoopMetrics(0.4, 0.15, 0.3, 0.15)
BAR = 2_000.0


def some_maps(window: MapWindow | None = None) -> ScoreMaps:
    """Return maps of a clip of 20 s, brighter at lengths of whole bars."""
    window = window or MapWindow.of_all(N_SAMPLES, RATE)
    row_step, column_step = (window.longest - window.shortest) / SIZE, (window.last_start - window.first_start) / SIZE
    middle = np.arange(SIZE) + 0.5
    lengths = np.round(window.shortest + row_step * middle)[:, None] + np.zeros(SIZE)
    starts = np.round(window.first_start + column_step * middle)[None, :] + np.zeros((SIZE, 1))
    fits = starts + lengths <= N_SAMPLES
    layers = np.random.default_rng(1).random((4, SIZE, SIZE), dtype=np.float32)
    layers[:, ~fits] = np.nan
    return ScoreMaps(
        layers,
        np.where(fits, starts, 0).astype(np.int64),
        np.where(fits, lengths, 0).astype(np.int64),
        window,
        SHARES,
        N_SAMPLES,
        RATE,
    )


def test_cells_have_the_colour_of_their_score_and_none_that_of_the_panel() -> None:
    table = colour_table()
    shown = coloured(np.array([[0.0, 1.0], [np.nan, 0.5]], np.float32), table, 1.0)
    assert shown[1].tolist() == [QColor(theme.FIELD).rgb(), QColor(theme.ACCENT).rgb()], "the shortest lengths below"
    assert shown[0, 0] == QColor(theme.PANEL).rgb()
    greens = (table[:255] >> 8) & 0xFF
    assert (np.diff(greens.astype(int)) >= 0).all(), "better is never darker"


def test_the_best_cells_have_the_full_colour_unless_nothing_holds() -> None:
    scores = np.linspace(0.0, 0.8, 1000, dtype=np.float32).reshape(20, 50)
    assert brightest(scores) == pytest.approx(0.8, abs=0.01)
    assert brightest(scores / 100.0) == pytest.approx(0.4)
    assert brightest(np.full((2, 2), np.nan, np.float32)) == 1.0


def test_a_layer_is_a_metric_or_the_weighted_total() -> None:
    maps = some_maps()
    assert np.array_equal(scores_of(maps, "beat", MetricWeights()), maps.layers[2], equal_nan=True)
    alone = scores_of(maps, TOTAL, MetricWeights(0.0, 0.0, 1.0, 0.0))
    assert np.allclose(alone, maps.layers[2], equal_nan=True)


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[ScoreMapPanel]:
    panel = shown_alone(qtbot, ScoreMapPanel(), 640, 420)
    panel.set_bars(BAR)
    panel.set_maps(some_maps())
    panel.set_loops(LoopRegion(4_000, 8_000), (a_candidate(4_000, 8_000), a_candidate(1_000, 11_000)), 0)
    yield panel
    panel.hide()


def move(widget: QWidget, to: QPoint, *, held: bool = False) -> None:
    """Move the mouse within a widget; QTest's own move tells nothing where the pointer is there already."""
    buttons = Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton
    place = QPointF(to)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        QPointF(widget.mapToGlobal(to)),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def at(panel: ScoreMapPanel, start: float, length: float) -> QPoint:
    return panel.plot.place(start, length).toPoint()


def cell_loop(panel: ScoreMapPanel, start: float, length: float) -> LoopRegion:
    cell = panel.plot.cell_of(start, length)
    assert cell is not None
    return cell.region


def test_places_and_loops_are_each_others_inverse(panel: ScoreMapPanel) -> None:
    place = panel.plot.place(3_000.0, 9_000.0)
    assert panel.plot.sample_at(place.x()) == pytest.approx(3_000.0)
    assert panel.plot.length_at(place.y()) == pytest.approx(9_000.0)
    assert panel.plot.cell_at(QPointF(at(panel, 15_000, 15_000))) is None, "no such loop is within the clip"


def test_a_click_plays_the_cell_that_the_text_tells_of(panel: ScoreMapPanel) -> None:
    chosen, place = QSignalSpy(panel.region_chosen), at(panel, 6_500, 6_000)
    assert panel.place_label.text().startswith("plays: ")
    move(panel.plot.viewport(), place)
    QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    region = cell_loop(panel, 6_500, 6_000)
    assert [one[0] for one in (chosen.at(i) for i in range(chosen.count()))] == [region]
    text = panel.place_label.text()
    assert f"{region.loop_start / RATE:.2f} – {region.loop_end / RATE:.2f} s · {region.n_samples / RATE:.2f} s" in text
    assert "total" in text
    assert panel.metrics_label.text().startswith("spectral 0.")
    assert text in panel.plot.accessibleDescription()


def test_resting_on_a_loop_asks_for_its_seam_and_moving_on_ends_it(panel: ScoreMapPanel, qtbot: QtBot) -> None:
    heard, ended = QSignalSpy(panel.audition_requested), QSignalSpy(panel.audition_ended)
    viewport = panel.plot.viewport()
    move(viewport, at(panel, 6_500, 6_000))
    assert heard.count() == 0, "not at once"
    qtbot.waitUntil(lambda: heard.count() == 1, timeout=REST_MS * 10)
    assert heard.at(0)[0] == cell_loop(panel, 6_500, 6_000)
    move(viewport, at(panel, 2_000, 14_000))
    assert ended.count() == 1
    panel.hide()
    assert ended.count() == 1, "what was not begun is not ended"


def test_over_a_loop_no_tooltip_hides_its_numbers(panel: ScoreMapPanel) -> None:
    viewport = panel.plot.viewport()
    for place, told in ((at(panel, 6_500, 6_000), ""), (at(panel, 15_000, 15_000), panel.plot.toolTip())):
        move(viewport, place)
        QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, place, viewport.mapToGlobal(place)))
        assert QToolTip.text() == told
    QToolTip.hideText()


def test_the_cross_is_dragged_to_a_cell_and_escape_takes_it_back(panel: ScoreMapPanel) -> None:
    changing, changed, chosen = (
        QSignalSpy(one) for one in (panel.region_changing, panel.region_changed, panel.region_chosen)
    )
    viewport, button = panel.plot.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(viewport, button, pos=at(panel, 4_000, 4_000))
    move(viewport, at(panel, 7_000, 8_000), held=True)
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    QTest.mouseRelease(viewport, button, pos=at(panel, 7_000, 8_000))
    assert changed.count() == 0
    assert changing.at(changing.count() - 1)[0] == LoopRegion(4_000, 8_000)
    QTest.mousePress(viewport, button, pos=at(panel, 4_000, 4_000))
    move(viewport, at(panel, 7_000, 8_000), held=True)
    panel.set_loops(LoopRegion(4_000, 8_000), (), -1)
    QTest.mouseRelease(viewport, button, pos=at(panel, 7_000, 8_000))
    assert [changed.at(i)[0] for i in range(changed.count())] == [cell_loop(panel, 7_000, 8_000)]
    assert chosen.count() == 0


def test_lengths_are_limited_along_their_axis_and_freed(panel: ScoreMapPanel) -> None:
    panel.weights_button.click()
    limited, freed = QSignalSpy(panel.lengths_limited), QSignalSpy(panel.lengths_freed)
    viewport, button = panel.plot.viewport(), Qt.MouseButton.LeftButton
    axis_x = int(panel.plot.plot_rect().left()) - 10
    low, high = (QPoint(axis_x, at(panel, 0, length).y()) for length in (4_000, 12_000))
    QTest.mousePress(viewport, button, pos=low)
    move(viewport, high, held=True)
    QTest.mouseRelease(viewport, button, pos=high)
    assert list(limited.at(0)) == pytest.approx([4.0, 12.0], abs=0.1)
    assert not panel.free_button.isEnabled(), "until the settings say so"
    panel.set_limits(*limited.at(0))
    assert panel.free_button.isEnabled()
    panel.free_button.click()
    QTest.mouseClick(viewport, button, pos=low)
    assert freed.count() == 2
    panel.set_limits(2.0, 0.0)
    assert not panel.free_button.isEnabled()
    move(viewport, at(panel, 1_000, 9_500))
    QTest.keyClick(panel.plot, Qt.Key.Key_I)
    shortest_s, longest_s = limited.at(1)
    assert shortest_s == pytest.approx(cell_loop(panel, 1_000, 9_500).n_samples / RATE, abs=0.01)
    assert longest_s == 0.0, "no limit"


def test_the_keyboard_does_all(panel: ScoreMapPanel) -> None:
    heard, chosen = QSignalSpy(panel.audition_requested), QSignalSpy(panel.region_chosen)
    plot = panel.plot
    first = plot.playing_cell()
    QTest.keyClick(plot, Qt.Key.Key_Up)
    QTest.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert first is not None
    assert plot.cell is not None
    assert (plot.cell.row, plot.cell.column) == (first.row + 1, first.column + 8)
    QTest.keyClick(plot, Qt.Key.Key_P)
    assert heard.at(0)[0] == plot.cell.region
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert chosen.at(0)[0] == plot.cell.region
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.is_zoomed
    QTest.keyClick(plot, Qt.Key.Key_0)
    assert not plot.is_zoomed
    QTest.keyClick(plot, Qt.Key.Key_L)
    assert panel.layer_combo.currentData() == plot.layer == "spectral"


def test_zooming_asks_for_finer_cells_which_are_then_shown(panel: ScoreMapPanel, qtbot: QtBot) -> None:
    wished = QSignalSpy(panel.refine_requested)
    viewport = panel.plot.viewport()
    turn_wheel(viewport, at(panel, 6_000, 6_000), 4)
    assert panel.plot.time_view.width < 0.5 * N_SAMPLES
    qtbot.waitUntil(lambda: wished.count() > 0, timeout=10 * REFINE_MS)
    window = wished.at(wished.count() - 1)[0]
    assert window.first_start < 6_000 < window.last_start
    assert window.shortest < 6_000 < window.longest
    finer = some_maps(window)
    panel.set_maps(finer)
    cell = panel.plot.cell_of(6_000, 6_000)
    assert cell is not None
    assert cell.maps is finer
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=at(panel, 6_000, 6_000))
    assert not panel.plot.is_zoomed
    panel.set_maps(None)
    assert panel.place_label.text() == ""


def test_weights_recolour_at_once_and_are_made_equal_in_one_click(panel: ScoreMapPanel) -> None:
    told = QSignalSpy(panel.weights_changed)
    panel.weights_button.click()
    text = panel.place_label.text()
    panel.weights.sliders["beat"].slider.setValue(0)
    assert told.at(0)[0] == MetricWeights(beat=0.0) == panel.plot.weights
    assert panel.place_label.text() != text
    assert "× 0.0" in panel.weights.sliders["beat"].slider.accessibleDescription()
    panel.weights.equal_button.click()
    assert told.at(1)[0] == MetricWeights()
    assert panel.place_label.text() == text
    assert not panel.weights.equal_button.isEnabled()


def test_the_map_is_wanted_while_it_is_seen(panel: ScoreMapPanel) -> None:
    wanted = QSignalSpy(panel.map_wanted)
    heard = QSignalSpy(panel.audition_ended)
    QTest.keyClick(panel.plot, Qt.Key.Key_P)
    panel.seen_changed.emit(False)
    assert heard.count() == 1
    panel.seen_changed.emit(True)
    assert [wanted.at(i)[0] for i in range(wanted.count())] == [False, True]
