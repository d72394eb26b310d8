# SPDX-License-Identifier: GPL-3.0-or-later
"""A tone reads as its note and its level, a bar as its number, and labels come as densely as there is room."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from PySide6.QtGui import QColor

from engine.dsp.spectrogram import DEFAULT_COLUMNS_MAX, spectrogram_image
from engine.values import Clip, SpectrogramWindow
from engine.values.picture_options import SPECTROGRAM_COLOURS
from widgets import theme
from widgets.spectrogram.colour_maps import shown_table
from widgets.spectrogram.pitch_labels import hertz_labels, midi_of, note_labels, note_name, octave_of
from widgets.spectrogram.reading import level_db, partials
from widgets.timeline.music_grid import Bars, lines
from widgets.timeline.time_view import TimeView

RATE = 44_100


def tones(*parts: tuple[float, float], seconds: float = 1.0) -> Clip:
    """Return sines of (hertz, dB re full scale)."""
    time_s = np.arange(round(seconds * RATE)) / RATE
    mix = sum(10.0 ** (db / 20.0) * np.sin(2.0 * np.pi * hz * time_s) for hz, db in parts)
    return Clip(np.asarray(mix, dtype=np.float32)[:, None], RATE)


@pytest.mark.parametrize(
    ("window", "cents"),
    [(SpectrogramWindow.SHORT, 100.0), (SpectrogramWindow.MEDIUM, 35.0), (SpectrogramWindow.LONG, 8.0)],
)
def test_the_strongest_partials_are_told_with_pitch_and_level(window: SpectrogramWindow, cents: float) -> None:
    asked = ((110.0, -12.0), (659.26, -20.0), (3000.0, -30.0))
    image = spectrogram_image(tones(*asked), window=window)
    found = partials(image, RATE / 2, -80.0)[:3]
    for one, (hz, db) in zip(found, asked, strict=True):
        assert abs(1200.0 * (one.octave - math.log2(hz))) <= cents
        assert one.db == pytest.approx(db, abs=2.5)
        shown = level_db(image, RATE / 2, math.log2(hz))
        assert shown is not None
        assert shown == pytest.approx(db, abs=4.0)


def test_what_is_quiet_is_no_partial() -> None:
    image = spectrogram_image(tones((440.0, -6.0), (2000.0, -70.0)))
    assert len(partials(image, RATE / 2, -80.0)) == 1, "more than 40 dB below the strongest"
    silent = spectrogram_image(Clip(np.zeros((RATE, 1), dtype=np.float32), RATE))
    assert partials(silent, 0.0, -120.0) == ()
    assert level_db(silent, 0.0, 9.0) is None


def test_the_pyramid_halves_columns_and_keeps_what_is_loudest() -> None:
    clip = tones((440.0, -6.0), seconds=20.0)
    image = spectrogram_image(clip)
    widths = [one.shape[1] for one in (image.levels, *image.coarser)]
    assert widths[0] > 2048
    assert all(after == math.ceil(before / 2) for before, after in itertools.pairwise(widths))
    assert widths[-1] <= 1024
    assert {int(one.max()) for one in (image.levels, *image.coarser)} == {255}


def test_a_long_clip_s_picture_is_bounded() -> None:
    image = spectrogram_image(Clip(np.full((8_000 * 300, 1), 0.1, dtype=np.float32), 8_000))
    assert image.levels.shape[1] == DEFAULT_COLUMNS_MAX
    assert sum(one.nbytes for one in (image.levels, *image.coarser)) < 20e6


def test_long_windows_part_what_short_ones_blur_and_the_other_way_round() -> None:
    near = tones((220.0, -12.0), (233.08, -12.0))
    seen = {
        window: len(partials(spectrogram_image(near, window=window), RATE / 2, -80.0)) for window in SpectrogramWindow
    }
    assert seen[SpectrogramWindow.LONG] == 2
    assert seen[SpectrogramWindow.SHORT] == 1
    click = np.zeros((RATE, 1), dtype=np.float32)
    click[RATE // 2] = 1.0
    lasting = {}
    for window in SpectrogramWindow:
        image = spectrogram_image(Clip(click, RATE), window=window)
        row = image.levels[image.levels.shape[0] // 2]
        lasting[window] = np.count_nonzero(row > 128) / len(row)
    assert (
        lasting[SpectrogramWindow.SHORT] * 3 < lasting[SpectrogramWindow.MEDIUM] < lasting[SpectrogramWindow.LONG] / 3
    )


def test_bars_and_beats_count_from_the_loop_s_start() -> None:
    bars = Bars(1000.0, 250, 4)
    assert [bars.place_of(sample) for sample in (250, 499, 500, 1249, 1250, 249, -800)] == [
        (1, 1), (1, 1), (1, 2), (1, 4), (2, 1), (0, 4), (-1, 4),
    ]  # fmt: skip


def test_lines_thin_out_or_go() -> None:
    view = TimeView()
    view.set_length(10_000, RATE)
    assert list(lines(view, 1000.0, 250.0, 1000.0)) == [250.0 + 1000.0 * i for i in range(10)]
    assert list(lines(view, 100.0, 0.0, 1000.0)) == [0.0, 2000.0, 4000.0, 6000.0, 8000.0]
    assert list(lines(view, 100.0, 0.0, 1000.0, widen=False)) == []


def test_notes_and_frequencies_have_their_names() -> None:
    assert [note_name(midi) for midi in (21, 60, 69, 70)] == ["A0", "C4", "A4", "A#4"]
    assert midi_of(math.log2(440.0)) == 69
    assert midi_of(octave_of(33.5)) == pytest.approx(33.5)
    low, high = math.log2(40.0), math.log2(16_000.0)
    assert [name for _, name in note_labels(low, high, 300.0)] == [f"C{i}" for i in range(2, 10)]
    octave = note_labels(octave_of(60), octave_of(72), 300.0)
    assert len(octave) == 13
    naturals = note_labels(octave_of(60), octave_of(72), 150.0)
    assert " ".join(name for _, name in naturals) == "C4 D4 E4 F4 G4 A4 B4 C5"
    assert [name for _, name in hertz_labels(low, high)] == ["50", "100", "200", "500", "1k", "2k", "5k", "10k"]
    assert [name for _, name in hertz_labels(math.log2(400), math.log2(800))] == ["400", "500", "600", "700", "800"]


@pytest.mark.parametrize("colours", SPECTROGRAM_COLOURS.choices)
def test_colours_go_from_dark_to_bright_over_the_floor(colours: str) -> None:
    table = shown_table(colours, -120.0, -80.0)
    light = [QColor.fromRgb(int(value)).lightness() for value in table]
    # A third of the levels lies below the floor.
    assert len({int(value) for value in table[:85]}) == 1
    assert light[0] < 50
    assert light[-1] > 140
    assert light[128] < light[192] < light[255]
    assert len({int(value) for value in shown_table(colours, -120.0, -120.0)[:85]}) > 10


def test_our_own_colours_follow_the_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    before = int(shown_table("studio", -120.0, -80.0)[0])
    monkeypatch.setattr(theme, "PANEL", "#123456")
    assert (before, int(shown_table("studio", -120.0, -80.0)[0])) == (int("ff" + "14181a", 16), int("ff123456", 16))
