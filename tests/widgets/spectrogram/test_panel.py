# SPDX-License-Identifier: GPL-3.0-or-later
"""The spectrogram has low notes below, is aligned with the waveform to the pixel, and shares one zoom with it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QSplitter
from pytestqt.qtbot import QtBot

from engine.dsp.peaks import peak_pyramid
from engine.dsp.spectrogram import halve_columns, spectrogram_image
from engine.values import Clip, LoopRegion, SpectrogramImage, SpectrogramWindow
from tests.widgets.pictures import SAMPLE_RATE, a_clip, show_together, turn_wheel
from widgets.spectrogram.panel import SpectrogramPanel
from widgets.spectrogram.pitch_labels import hertz_label
from widgets.spectrogram.plot import Cursor
from widgets.timeline.axes import time_label, time_step
from widgets.timeline.music_grid import Bars
from widgets.timeline.waveform_panel import WaveformPanel

pytestmark = pytest.mark.gui


def image_of(levels: np.ndarray, n_samples: int = 10 * SAMPLE_RATE) -> SpectrogramImage:
    return SpectrogramImage(levels.astype(np.uint8), 40.0, 16_000.0, -80.0, n_samples, SAMPLE_RATE)


def brightness(panel: SpectrogramPanel, x: float, y: float) -> int:
    colour = panel.plot.viewport().grab().toImage().pixelColor(round(x), round(y))
    return QColor(colour).lightness()


@pytest.fixture
def pair(qtbot: QtBot) -> tuple[WaveformPanel, SpectrogramPanel]:
    waveform, spectrogram = WaveformPanel(), SpectrogramPanel()
    spectrogram.link(waveform)
    show_together(qtbot, waveform, spectrogram)
    clip = a_clip(10.0)
    waveform.set_clip(peak_pyramid(clip))
    spectrogram.set_image(spectrogram_image(clip))
    return waveform, spectrogram


def test_low_notes_are_below_and_time_runs_right(qtbot: QtBot) -> None:
    panel = SpectrogramPanel()
    show_together(qtbot, panel)
    levels = np.zeros((100, 500))
    levels[:10, 250:] = 255
    panel.set_image(image_of(levels))
    panel.grab()
    rect = panel.plot.plot_rect()
    right, left = rect.left() + rect.width() * 0.75, rect.left() + rect.width() * 0.25
    low, high = rect.bottom() - rect.height() * 0.05, rect.top() + rect.height() * 0.05
    assert brightness(panel, right, low) > 150
    assert max(brightness(panel, right, high), brightness(panel, left, low)) < 30


def test_a_tone_stands_at_its_frequency(qtbot: QtBot) -> None:
    panel = SpectrogramPanel()
    show_together(qtbot, panel)
    tone = np.sin(2 * np.pi * 1000.0 * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)
    panel.set_image(spectrogram_image(Clip(tone[:, None], SAMPLE_RATE)))
    picture, rect = panel.plot.viewport().grab().toImage(), panel.plot.plot_rect()
    middle = round(rect.center().x())
    rows = range(round(rect.top()) + 1, round(rect.bottom()) - 1)
    brightest = np.mean([y for y in rows if picture.pixelColor(middle, y).lightness() > 150])
    share = np.log2(1000.0 / 40.0) / np.log2(16_000.0 / 40.0)
    assert brightest == pytest.approx(rect.bottom() - share * rect.height(), abs=0.03 * rect.height())


def test_both_panels_share_one_time_axis(pair: tuple[WaveformPanel, SpectrogramPanel]) -> None:
    waveform, spectrogram = pair
    turn_wheel(spectrogram.plot.viewport(), QPoint(600, 80), 4)
    turn_wheel(waveform.plot.viewport(), QPoint(300, 80), 2)
    assert waveform.plot.time_view is spectrogram.plot.time_view
    for panel in pair:
        panel.grab()
    ranges = [panel.plot.box.viewRange()[0] for panel in pair]
    assert ranges[0] == pytest.approx(ranges[1])
    rects = [panel.plot.plot_rect() for panel in pair]
    assert (rects[0].left(), rects[0].width()) == (rects[1].left(), rects[1].width())
    view = waveform.plot.time_view
    for sample in np.linspace(view.first, view.last, 7):
        assert waveform.plot.x_of(sample) == spectrogram.plot.x_of(sample)


def test_the_playhead_and_the_region_are_in_one_column_with_the_waveform_s(
    pair: tuple[WaveformPanel, SpectrogramPanel],
) -> None:
    region = LoopRegion(3 * SAMPLE_RATE, 7 * SAMPLE_RATE)
    columns = []
    for panel in pair:
        panel.set_region(region)
        panel.set_position(5.2 * SAMPLE_RATE)
        picture = panel.plot.viewport().grab().toImage()
        row = round(panel.plot.plot_rect().bottom()) - 4
        inside = range(1, picture.width() - 1)  # within the focus ring
        columns.append(
            {name: [x for x in inside if picture.pixelColor(x, row).name() == name] for name in ("#ffffff", "#00ff88")}
        )
    assert columns[0] == columns[1]
    assert [len(found) for found in columns[0].values()] == [2, 4]


@pytest.mark.parametrize("n_columns", [1, 2, 7, 1024, 1601, 30_001])
def test_any_width_is_drawn_from_end_to_end(qtbot: QtBot, n_columns: int) -> None:
    panel = SpectrogramPanel()
    show_together(qtbot, panel)
    panel.set_image(image_of(np.full((64, n_columns), 255)))
    panel.grab()
    rect = panel.plot.plot_rect()
    for share in (0.01, 0.5, 0.99):
        assert brightness(panel, rect.left() + share * rect.width(), rect.center().y()) > 150
    panel.plot.time_view.set_span(2.0 * SAMPLE_RATE, 2.02 * SAMPLE_RATE)
    assert brightness(panel, rect.center().x(), rect.center().y()) > 150


def test_a_short_sound_survives_zooming_out() -> None:
    levels = np.zeros((4, 4097), dtype=np.uint8)
    levels[2, 4096] = 200
    while levels.shape[1] > 8:
        levels = halve_columns(levels)
    assert levels.max() == 200


def test_without_an_image_there_is_one_calm_line(pair: tuple[WaveformPanel, SpectrogramPanel]) -> None:
    panel = pair[1]
    assert panel.header.info == "40 – 16k Hz"
    panel.set_image(None)
    panel.set_position(100)
    panel.grab()
    assert (panel.header.info, bool(panel.plot.accessibleDescription())) == ("", True)


def test_panels_of_unequal_height_stay_aligned(qtbot: QtBot) -> None:
    splitter, waveform, spectrogram = QSplitter(), WaveformPanel(), SpectrogramPanel()
    splitter.setOrientation(splitter.orientation().Vertical)
    spectrogram.link(waveform)
    splitter.addWidget(waveform)
    splitter.addWidget(spectrogram)
    show_together(qtbot, splitter)
    clip = a_clip(2.0)
    waveform.set_clip(peak_pyramid(clip))
    spectrogram.set_image(spectrogram_image(clip))
    for sizes in ([400, 150], [120, 450]):
        splitter.setSizes(sizes)
        QTest.qWait(1)
        splitter.grab()
        rects = [panel.plot.plot_rect() for panel in (waveform, spectrogram)]
        assert (rects[0].left(), rects[0].right()) == (rects[1].left(), rects[1].right())


@pytest.mark.parametrize(
    ("span_s", "size_px", "step", "label"),
    [(20.0, 1000, 2.0, "4"), (600.0, 1000, 60.0, "1:00"), (0.02, 1000, 0.002, "0.020"), (1.0, 1000, 0.1, "0.3")],
)
def test_ticks_have_sensible_digits(span_s: float, size_px: float, step: float, label: str) -> None:
    assert time_step(span_s, size_px) == pytest.approx(step)
    at = {"4": 4.0, "1:00": 60.0, "0.020": 0.02, "0.3": 0.3}[label]
    assert time_label(at, step) == label


def test_hertz_are_short() -> None:
    assert [hertz_label(hz) for hz in (50, 500, 1000, 16_000)] == ["50", "500", "1k", "16k"]


def test_the_cursor_reads_the_picture_by_mouse_and_by_keys(
    qtbot: QtBot, pair: tuple[WaveformPanel, SpectrogramPanel]
) -> None:
    panel = pair[1]
    plot = panel.plot
    panel.set_bars(Bars(SAMPLE_RATE, 0, 4))
    rect = plot.plot_rect()
    at = QPoint(round(rect.left() + 0.25 * rect.width()), round(plot.y_of(np.log2(440.0))))
    before = plot.viewport().grab().toImage()
    QTest.mouseMove(plot.viewport(), at)
    qtbot.waitUntil(lambda: plot.cursor_place is not None)
    info = panel.header.info
    assert info.startswith("2.5")
    assert "bar 3.3" in info
    assert any(note in info for note in ("A4 ", "G#4 "))
    assert "dB" in info
    # The tone of the clip is told, and marked on the picture.
    assert "A3" in plot.accessibleDescription()
    after = plot.viewport().grab().toImage()
    assert after != before
    assert after.pixelColor(at.x(), round(rect.top()) + 40) != before.pixelColor(at.x(), round(rect.top()) + 40)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert (plot.cursor_place, panel.header.info) == (None, "40 – 16k Hz")
    panel.set_position(2.1 * SAMPLE_RATE)
    QTest.keyClick(plot, Qt.Key.Key_P)
    assert plot.cursor_place is not None
    assert plot.cursor_place.sample == pytest.approx(2.1 * SAMPLE_RATE)
    assert 2.0**plot.cursor_place.octave == pytest.approx(220.0, rel=0.03)
    QTest.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(plot, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert plot.cursor_place.sample == pytest.approx(2.35 * SAMPLE_RATE)
    assert 2.0**plot.cursor_place.octave == pytest.approx(233.1, rel=0.03)


def test_pitches_zoom_and_another_picture_of_the_clip_disturbs_nothing(
    pair: tuple[WaveformPanel, SpectrogramPanel],
) -> None:
    panel = pair[1]
    plot = panel.plot
    panel.set_display("spectrogram_axis", "notes")
    panel.set_region(LoopRegion(SAMPLE_RATE, 2 * SAMPLE_RATE))
    plot.setFocus()
    for _ in range(4):
        QTest.keyClick(plot, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(plot, Qt.Key.Key_Up)
    span, pitch = (plot.time_view.first, plot.time_view.last), (plot.pitch.low, plot.pitch.high)
    assert plot.pitch.height < 4.0
    assert plot.time_view.width < 10 * SAMPLE_RATE
    cursor = Cursor(SAMPLE_RATE, 9.0)
    plot.set_cursor(cursor)
    panel.replace_image(spectrogram_image(a_clip(10.0), window=SpectrogramWindow.LONG))
    assert (span, pitch) == ((plot.time_view.first, plot.time_view.last), (plot.pitch.low, plot.pitch.high))
    assert (plot.cursor_place, plot.item.region) == (cursor, LoopRegion(SAMPLE_RATE, 2 * SAMPLE_RATE))
    QTest.keyClick(plot, Qt.Key.Key_A)
    assert plot.pitch.height == pytest.approx(np.log2(400.0))


def test_the_menu_tells_what_is_chosen_and_shows_it(pair: tuple[WaveformPanel, SpectrogramPanel]) -> None:
    panel, chosen = pair[1], []
    panel.display_chosen.connect(lambda name, choice: chosen.append((name, choice)))
    actions = {action.text(): action for part in panel.display_button.findChildren(QMenu) for action in part.actions()}
    before = panel.plot.viewport().grab().toImage()
    for title in ("Notes", "Grey", "−120 dB", "Long: sharp in pitch"):
        actions[title].trigger()
    assert chosen == [
        ("spectrogram_axis", "notes"), ("spectrogram_colours", "grey"), ("spectrogram_floor", "-120"),
        ("spectrogram_window", "long"),
    ]  # fmt: skip
    assert panel.plot.viewport().grab().toImage() != before
    assert (panel.plot.item.colours, panel.plot.item.floor_db) == ("grey", -120.0)
