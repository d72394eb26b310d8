# SPDX-License-Identifier: GPL-3.0-or-later
"""The waveform under real mouse and keys: edges follow the mouse, zoom loses no peak, the playhead is in its place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine.dsp.peaks import peak_pyramid
from engine.units import ms_to_samples
from engine.values import LoopRegion, MusicFacts, PeakPyramid
from tests.widgets.pictures import SAMPLE_RATE, a_clip, show_together, turn_wheel
from widgets import theme
from widgets.timeline.edge_mover import MIN_REGION_MS, REGION_CHANGING_MS
from widgets.timeline.time_view import MIN_SPAN_S
from widgets.timeline.waveform_item import columns, coverage
from widgets.timeline.waveform_panel import WaveformPanel

pytestmark = pytest.mark.gui

REGION = LoopRegion(2 * SAMPLE_RATE, 6 * SAMPLE_RATE)
SHORTEST = ms_to_samples(MIN_REGION_MS, SAMPLE_RATE)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def peaks() -> PeakPyramid:
    return peak_pyramid(a_clip(10.0))


@pytest.fixture
def panel(qtbot: QtBot, peaks: PeakPyramid) -> WaveformPanel:
    out = WaveformPanel()
    show_together(qtbot, out)
    out.set_clip(peaks)
    out.set_region(REGION)
    out.grab()
    return out


def point(panel: WaveformPanel, sample: float) -> QPoint:
    return QPoint(round(panel.plot.x_of(sample)), panel.plot.viewport().height() // 2)


def drag(panel: WaveformPanel, start: QPoint, end: QPoint, n_steps: int = 8) -> None:
    target = panel.plot.viewport()
    QTest.mousePress(target, LEFT, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, n_steps + 1):
        QTest.mouseMove(target, start + (end - start) * step / n_steps)
    QTest.mouseRelease(target, LEFT, Qt.KeyboardModifier.NoModifier, end)


def samples_per_px(panel: WaveformPanel) -> float:
    return panel.plot.time_view.width / panel.plot.plot_rect().width()


@pytest.mark.parametrize(("edge", "goal_s"), [("loop_start", 1.0), ("loop_start", 3.5), ("loop_end", 9.0)])
def test_a_dragged_edge_goes_where_the_hand_goes(panel: WaveformPanel, edge: str, goal_s: float) -> None:
    changing, changed = QSignalSpy(panel.region_changing), QSignalSpy(panel.region_changed)
    drag(panel, point(panel, getattr(REGION, edge)), point(panel, goal_s * SAMPLE_RATE))
    assert changed.count() == 1
    region = changed.at(0)[0]
    other = "loop_end" if edge == "loop_start" else "loop_start"
    assert getattr(region, other) == getattr(REGION, other)
    assert getattr(region, edge) == pytest.approx(goal_s * SAMPLE_RATE, abs=2 * samples_per_px(panel))
    assert changing.count() >= 1


def test_an_edge_pulled_past_the_other_stops_at_the_shortest_region(panel: WaveformPanel) -> None:
    changed = QSignalSpy(panel.region_changed)
    drag(panel, point(panel, REGION.loop_start), point(panel, 9 * SAMPLE_RATE))
    assert changed.at(0)[0] == LoopRegion(REGION.loop_end - SHORTEST, REGION.loop_end)
    panel.set_region(REGION)
    drag(panel, point(panel, REGION.loop_end), point(panel, 0))
    assert changed.at(1)[0] == LoopRegion(REGION.loop_start, REGION.loop_start + SHORTEST)


def test_an_edge_pulled_out_of_the_clip_stops_at_its_end(panel: WaveformPanel, peaks: PeakPyramid) -> None:
    changed = QSignalSpy(panel.region_changed)
    drag(panel, point(panel, REGION.loop_start), QPoint(0, 50))
    drag(panel, point(panel, REGION.loop_end), QPoint(panel.plot.width() - 1, 50))
    assert changed.at(1)[0] == LoopRegion(0, peaks.n_samples)


def test_taking_hold_moves_nothing(panel: WaveformPanel) -> None:
    changing, changed = QSignalSpy(panel.region_changing), QSignalSpy(panel.region_changed)
    QTest.mouseClick(
        panel.plot.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, point(panel, REGION.loop_end) + QPoint(4, 0)
    )
    assert (changing.count(), changed.count()) == (0, 0)


def test_setting_a_region_says_nothing_and_waits_for_the_hand(panel: WaveformPanel) -> None:
    changing, changed = QSignalSpy(panel.region_changing), QSignalSpy(panel.region_changed)
    panel.set_region(LoopRegion(0, 1000))
    assert (changing.count(), changed.count()) == (0, 0)
    panel.set_region(REGION)
    viewport, start = panel.plot.viewport(), point(panel, REGION.loop_start)
    QTest.mousePress(viewport, LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(viewport, start + QPoint(-40, 0))
    held = panel.plot.region
    panel.set_region(LoopRegion(0, 1000))
    assert panel.plot.region == held
    QTest.mouseRelease(viewport, LEFT, Qt.KeyboardModifier.NoModifier, start + QPoint(-40, 0))
    assert changed.at(0)[0] == held


def test_escape_puts_everything_back(panel: WaveformPanel) -> None:
    changed = QSignalSpy(panel.region_changed)
    viewport, start = panel.plot.viewport(), point(panel, REGION.loop_start)
    QTest.mousePress(viewport, LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(viewport, start + QPoint(-40, 0))
    assert panel.plot.region != REGION
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    QTest.mouseRelease(viewport, LEFT, Qt.KeyboardModifier.NoModifier, start + QPoint(-40, 0))
    assert panel.plot.region == REGION
    assert changed.count() == 0


def test_previews_are_rate_limited_and_end_with_the_latest(qtbot: QtBot, panel: WaveformPanel) -> None:
    changing = QSignalSpy(panel.region_changing)
    viewport, start = panel.plot.viewport(), point(panel, REGION.loop_start)
    QTest.mousePress(viewport, LEFT, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, 60):
        panel.plot.mover.move(0, REGION.loop_start - 100 * step)
    assert changing.count() == 1
    qtbot.waitUntil(lambda: changing.count() == 2, timeout=50 * REGION_CHANGING_MS)
    assert changing.at(1)[0].loop_start == REGION.loop_start - 100 * 59
    QTest.mouseRelease(viewport, LEFT, Qt.KeyboardModifier.NoModifier, start)


def test_keys_move_the_chosen_edge(panel: WaveformPanel) -> None:
    changed, plot = QSignalSpy(panel.region_changed), panel.plot
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    ms = ms_to_samples(1.0, SAMPLE_RATE)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert changed.at(0)[0] == LoopRegion(REGION.loop_start + ms, REGION.loop_end)
    QTest.keyClick(plot, Qt.Key.Key_BracketRight)
    QTest.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert changed.at(1)[0].loop_end == REGION.loop_end - ms_to_samples(100.0, SAMPLE_RATE)
    panel.set_region(REGION)
    panel.set_grid(SAMPLE_RATE * 1.5, 0)
    QTest.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert changed.at(2)[0].loop_end == REGION.loop_end + round(SAMPLE_RATE * 1.5)
    QTest.keyClick(plot, Qt.Key.Key_End)
    assert changed.at(3)[0].loop_end == plot.time_view.n_samples
    QTest.keyClick(plot, Qt.Key.Key_BracketLeft)
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert changed.at(4)[0].loop_start == 0


def test_tab_visits_both_edges_and_goes_on(qtbot: QtBot, peaks: PeakPyramid) -> None:
    before, panel, after = QPushButton("before"), WaveformPanel(), QPushButton("after")
    show_together(qtbot, before, panel, after)
    panel.set_clip(peaks)
    panel.set_region(REGION)
    before.setFocus()
    lit = []
    for _ in range(2):
        QTest.keyClick(panel.window().focusWidget(), Qt.Key.Key_Tab)
        assert panel.plot.hasFocus()
        lit.append(panel.plot.item.lit_edge)
    assert lit == [0, 1]
    QTest.keyClick(panel.plot, Qt.Key.Key_Tab)
    assert after.hasFocus()


def test_the_wheel_zooms_about_the_cursor_and_zero_shows_all(panel: WaveformPanel, peaks: PeakPyramid) -> None:
    plot, at = panel.plot, QPoint(700, 100)
    under = plot.sample_at(at.x())
    for _ in range(5):
        turn_wheel(plot.viewport(), at, 1)
    assert plot.time_view.width < peaks.n_samples / 2
    assert plot.sample_at(at.x()) == pytest.approx(under, abs=1e-3)
    for _ in range(60):
        turn_wheel(plot.viewport(), at, 1)
    assert plot.time_view.width == pytest.approx(MIN_SPAN_S * SAMPLE_RATE)
    QTest.keyClick(plot, Qt.Key.Key_0)
    assert (plot.time_view.first, plot.time_view.last) == (0.0, peaks.n_samples)
    turn_wheel(plot.viewport(), at, 3)
    QTest.mouseDClick(plot.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert plot.time_view.width == peaks.n_samples


def test_a_drag_beside_the_edges_pans(panel: WaveformPanel) -> None:
    view = panel.plot.time_view
    view.set_span(3.0 * SAMPLE_RATE, 5.0 * SAMPLE_RATE)
    changed = QSignalSpy(panel.region_changed)
    start = QPoint(500, 100)
    under = panel.plot.sample_at(500)
    drag(panel, start, start + QPoint(-100, 0))
    assert panel.plot.sample_at(400) == pytest.approx(under, abs=1.0)
    assert (panel.plot.region, changed.count()) == (REGION, 0)


def playhead_columns(panel: WaveformPanel) -> list[int]:
    picture = panel.plot.viewport().grab().toImage()
    row, white = picture.height() // 4, QColor(theme.PLAYHEAD)
    return [x for x in range(picture.width()) if picture.pixelColor(x, row) == white]


@pytest.mark.parametrize("sample", [0, 12_345, 150_000, 440_999])
@pytest.mark.parametrize("span_s", [(0.0, 10.0), (3.0, 4.0)])
def test_the_playhead_stands_at_its_sample(panel: WaveformPanel, sample: int, span_s: tuple[float, float]) -> None:
    panel.plot.time_view.set_span(span_s[0] * SAMPLE_RATE, span_s[1] * SAMPLE_RATE)
    panel.set_position(sample)
    shown = playhead_columns(panel)
    if span_s[0] * SAMPLE_RATE <= sample <= span_s[1] * SAMPLE_RATE:
        assert len(shown) == 2
        assert shown[0] == pytest.approx(panel.plot.x_of(sample), abs=2.0)
    else:
        assert shown == []
    panel.set_position(None)
    assert playhead_columns(panel) == []


def test_a_moving_playhead_leaves_no_trace(panel: WaveformPanel) -> None:
    before = panel.plot.viewport().grab().toImage()
    for sample in range(0, 400_000, 40_000):
        panel.set_position(sample)
        panel.plot.viewport().repaint()
    panel.set_position(None)
    assert panel.plot.viewport().grab().toImage() == before


def test_the_region_is_in_the_accent_and_the_rest_is_grey(panel: WaveformPanel) -> None:
    picture = panel.plot.viewport().grab().toImage()
    row = round(panel.plot.plot_rect().center().y())
    for sample, colour in ((SAMPLE_RATE, theme.WAVE_OUTSIDE), (4 * SAMPLE_RATE, theme.ACCENT)):
        assert picture.pixelColor(round(panel.plot.x_of(sample)), row).name() == colour


def test_without_a_clip_there_is_one_calm_line(qtbot: QtBot) -> None:
    panel = WaveformPanel()
    show_together(qtbot, panel)
    empty = panel.grab().toImage()
    assert panel.plot.accessibleDescription()
    panel.set_clip(peak_pyramid(a_clip(1.0)))
    assert panel.grab().toImage() != empty
    panel.set_clip(None)
    assert panel.grab().toImage() == empty
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    turn_wheel(panel.plot.viewport(), QPoint(300, 100), 2)
    drag(panel, QPoint(100, 100), QPoint(200, 100))


@pytest.mark.parametrize("n_samples", [1, 63, 300, 4410])
def test_tiny_clips_can_be_shown_and_handled(qtbot: QtBot, n_samples: int) -> None:
    panel = WaveformPanel()
    show_together(qtbot, panel)
    panel.set_clip(peak_pyramid(a_clip(n_samples / SAMPLE_RATE)))
    panel.set_region(LoopRegion(0, 1))
    panel.set_position(n_samples - 1)
    panel.grab()
    changed = QSignalSpy(panel.region_changed)
    QTest.keyClick(panel.plot, Qt.Key.Key_BracketRight)
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    QTest.keyClick(panel.plot, Qt.Key.Key_BracketLeft)
    QTest.keyClick(panel.plot, Qt.Key.Key_End)
    region = panel.plot.region
    assert region is not None
    assert region.n_samples >= min(SHORTEST, n_samples)
    assert region.loop_end <= n_samples
    assert changed.count() == (1 if n_samples > 1 else 0)


def test_the_header_tells_the_region_and_the_music(panel: WaveformPanel) -> None:
    panel.set_grid(SAMPLE_RATE * 1.0, 0)
    panel.set_facts(MusicFacts(tempo_bpm=88.9, key="A minor"))
    assert panel.header.info == "loop 2.000 – 6.000 s · 4.000 s · 4 bars · 88.9 bpm · A minor"
    panel.set_region(LoopRegion(0, SAMPLE_RATE))
    assert "1 bar ·" in panel.header.info


# --- drawing, without a window ---


@given(
    n_samples=st.integers(1, 300_000),
    span=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    n_px=st.integers(1, 1500),
)
@settings(max_examples=60, deadline=None)
def test_no_zoom_loses_or_invents_a_peak(n_samples: int, span: tuple[float, float], n_px: int) -> None:
    noise = np.random.default_rng(n_samples).uniform(-1, 1, n_samples).astype(np.float32)
    from engine.values import Clip

    pyramid = peak_pyramid(Clip(noise[:, None], SAMPLE_RATE))
    low, high = sorted(span)
    first, last = low * n_samples, max(high * n_samples, low * n_samples + 0.5)
    lowest, highest = columns(pyramid, first, min(last, n_samples + 0.5), n_px)
    assert lowest.shape == highest.shape == (n_px,)
    assert (lowest <= highest).all()
    assert noise.min() <= lowest.min()
    assert highest.max() <= noise.max()
    per_px = (last - first) / n_px
    if per_px >= pyramid.base_bin_samples:
        seen = noise[int(np.ceil(first)) : int(last)]
        assert lowest.min() <= seen.min()
        assert highest.max() >= seen.max()


@given(edges=st.lists(st.tuples(st.floats(0, 40), st.floats(0, 40)), min_size=1, max_size=9))
@settings(max_examples=60, deadline=None)
def test_coverage_adds_up_to_the_height(edges: list[tuple[float, float]]) -> None:
    tops = np.array([min(pair) for pair in edges], dtype=np.float32)
    bottoms = np.array([max(pair) for pair in edges], dtype=np.float32)
    tall = bottoms - tops >= 1.0
    drawn = coverage(tops, bottoms, 40)[:, : len(edges)].sum(axis=0) / 255.0
    assert drawn[tall] == pytest.approx((bottoms - tops)[tall], abs=0.02)
