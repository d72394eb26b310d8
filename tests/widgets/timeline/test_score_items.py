# SPDX-License-Identifier: GPL-3.0-or-later
"""Chords stand where they begin along the waveform, notes at their pitch over the spectrogram; each can be put off."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engine.dsp.peaks import peak_pyramid
from engine.values import PlayedChord, PlayedNote, PlayedPart, PlayedScore, SpectrogramImage
from tests.widgets.pictures import SAMPLE_RATE, a_clip, show_together
from widgets.spectrogram.panel import SpectrogramPanel
from widgets.timeline.score_items import ChordsItem, NotesItem
from widgets.timeline.time_view import TimeView
from widgets.timeline.waveform_panel import WaveformPanel

pytestmark = pytest.mark.gui

N = 10 * SAMPLE_RATE
PLOT = QRectF(0.0, 0.0, 1000.0, 100.0)
CHORDS = (PlayedChord(0, "Am7"), PlayedChord(N // 2, "F/A"), PlayedChord(N // 2 + 200, "G"))


def a_score(*notes: PlayedNote) -> PlayedScore:
    return PlayedScore(N, SAMPLE_RATE, 4, (4, 4), "A minor", CHORDS, (PlayedPart("piano", 0, notes),), ())


def a_view(first: float = 0.0, last: float = N) -> TimeView:
    view = TimeView()
    view.set_length(N, SAMPLE_RATE)
    view.set_span(first, last)
    return view


def test_a_name_is_where_its_chord_begins_and_none_covers_another() -> None:
    item = ChordsItem(a_view())
    item.chords = CHORDS
    placed = item.placed(PLOT, (40.0, 40.0, 20.0))
    assert [(round(x), one.name) for x, one, _ in placed] == [(0, "Am7"), (500, "F/A")]
    item.chords = ()
    assert item.placed(PLOT, ()) == []


def test_the_chord_that_goes_on_is_named_at_the_left_edge() -> None:
    item = ChordsItem(a_view(N / 4, 3 * N / 4))
    item.chords = CHORDS
    assert [(round(x), one.name) for x, one, _ in item.placed(PLOT, (40.0, 40.0, 20.0))] == [(0, "Am7"), (500, "F/A")]
    late = ChordsItem(a_view(N / 2 - 100, N))
    late.chords = CHORDS
    # What is left of the first has no room for its name.
    assert [one.name for _, one, _ in late.placed(PLOT, (40.0, 40.0, 20.0))] == ["F/A"]


def test_a_note_is_a_bar_at_its_pitch_and_goes_on_at_the_start() -> None:
    item = NotesItem(a_view())
    item.set_span(np.log2(220.0), 2.0)
    item.score = a_score(PlayedNote(N // 4, N // 10, 69, 90), PlayedNote(N - N // 10, N // 5, 57, 90))
    first, second, third = item.bars(PLOT)
    assert (round(first.left()), round(first.right())) == (250, 349)
    assert first.center().y() == pytest.approx(50.0)
    assert (round(second.left()), round(second.right())) == (900, 999)
    assert (round(third.left()), round(third.right())) == (0, 99)
    assert third.center().y() == pytest.approx(100.0)


def at(panel: WaveformPanel | SpectrogramPanel, x: float, y: float, width: int = 30, height: int = 10) -> int:
    """Return the lightness of the lightest pixel around a place of the plot."""
    picture = panel.plot.viewport().grab().toImage()
    pixels = [(round(x) + i, round(y) + j) for i in range(width) for j in range(height)]
    return max(QColor(picture.pixelColor(*one)).lightness() for one in pixels)


def test_chords_are_written_and_can_be_put_off(qtbot: QtBot) -> None:
    panel = WaveformPanel()
    show_together(qtbot, panel)
    clip = a_clip(10.0)
    panel.set_clip(peak_pyramid(type(clip)(clip.samples * np.float32(1e-4), SAMPLE_RATE)))
    assert not panel.chords_button.isVisible()
    panel.set_chords(CHORDS)
    assert panel.chords_button.isVisible()
    rect = panel.plot.plot_rect()
    place = panel.plot.x_of(N / 2) + 2, rect.bottom() - 14
    assert at(panel, *place) > 180
    panel.chords_button.click()
    assert at(panel, *place) < 120
    panel.set_clip(peak_pyramid(clip))
    assert not panel.chords_button.isVisible()


def test_notes_are_off_until_they_are_wanted(qtbot: QtBot) -> None:
    panel = SpectrogramPanel()
    show_together(qtbot, panel)
    panel.set_image(SpectrogramImage(np.zeros((100, 500), np.uint8), 110.0, 1760.0, -80.0, N, SAMPLE_RATE))
    panel.set_score(a_score(PlayedNote(N // 4, N // 2, 69, 90)))
    rect = panel.plot.plot_rect()
    place = panel.plot.x_of(N / 3), rect.center().y() - 5
    assert at(panel, *place) < 60
    panel.notes_button.click()
    assert at(panel, *place) > 90
    panel.set_score(None)
    assert not panel.notes_button.isVisible()
    assert at(panel, *place) < 60
