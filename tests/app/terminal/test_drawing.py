# SPDX-License-Identifier: GPL-3.0-or-later
"""Every row that the terminal draws is exactly as wide as it is to be, whatever it is told of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.terminal.drawing import (
    ASCII,
    BLOCKS,
    Marks,
    Row,
    bar,
    both_ends,
    cell_width,
    fitted,
    heights,
    in_columns,
    levels_db,
    marks_for,
    meter,
    same_at_end,
    shown,
    wave_columns,
    wave_rows,
    wrapped,
)
from engine.dsp.peaks import peak_pyramid
from engine.values import Clip, LoopRegion

MARKS = [BLOCKS, ASCII]
TEXTS = st.text(alphabet="ab –“”…\t\x1b\x07\u0301日本語ﾊ한é🎵\u200b", max_size=40)
ROWS = st.lists(st.tuples(TEXTS, st.sampled_from(["", "dim", "accent"])), max_size=6)
WIDTHS = st.integers(1, 60)


def width_of(row: Row) -> int:
    return sum(cell_width(text) for text, _style in row)


def text_of(row: Row) -> str:
    return "".join(text for text, _style in row)


@given(ROWS, WIDTHS, st.sampled_from(MARKS))
def test_a_fitted_row_is_as_wide_as_it_is_to_be(row: Row, width: int, marks: Marks) -> None:
    out = fitted(row, width, marks)
    assert width_of(out) == width
    assert text_of(out).isprintable()
    if marks is ASCII:
        assert text_of(out).isascii()
    assert fitted(out, width, marks) == out


def test_what_does_not_fit_is_cut_and_says_so() -> None:
    assert text_of(fitted([("a loop with a long name", "bold")], 10, BLOCKS)) == "a loop wi…"
    assert text_of(fitted([("日本語の音楽", "")], 6, BLOCKS)) == "日本 …"
    assert text_of(fitted([("a loop with a long name", "bold")], 10, ASCII)) == "a loop wi~"
    assert text_of(fitted([("a\x1b[31mred\nb", "")], 12, BLOCKS)) == "a [31mred b "


@given(ROWS, ROWS, WIDTHS, st.sampled_from(MARKS))
def test_a_row_with_two_ends_is_as_wide_as_it_is_to_be(left: Row, right: Row, width: int, marks: Marks) -> None:
    assert width_of(both_ends(left, right, width, marks)) == width


def test_the_left_end_gives_way_and_the_right_one_goes_where_it_would_hide_it() -> None:
    assert text_of(both_ends([("left", "")], [("right", "")], 14, BLOCKS)) == "left     right"
    assert text_of(both_ends([("left and long", "")], [("right", "")], 14, BLOCKS)) == "left an… right"
    assert text_of(both_ends([("left and long", "")], [("a long right end", "")], 14, BLOCKS)) == "left and long "


@given(st.floats(-1.0, 2.0), WIDTHS, st.sampled_from(MARKS))
def test_a_bar_is_as_full_as_its_share(share: float, width: int, marks: Marks) -> None:
    drawn = bar(share, width, marks)
    assert len(drawn) == width
    full = len(drawn.rstrip()) if share > 0.0 else 0
    assert abs(full - min(max(share, 0.0), 1.0) * width) <= 1.0


@given(st.floats(-150.0, 6.0), st.floats(-150.0, 0.0), st.integers(12, 120), st.sampled_from(MARKS))
def test_a_meter_is_as_wide_as_it_is_to_be(peak_db: float, rms_db: float, width: int, marks: Marks) -> None:
    row = meter("L", peak_db, rms_db, width, marks)
    assert width_of(row) == width, text_of(row)
    told = text_of(row).split()[-1]
    assert told in ("-∞", "-inf") or float(told) == pytest.approx(peak_db, abs=0.06)


def test_levels_are_those_of_the_samples() -> None:
    samples = np.array([[0.5, 0.0], [-1.0, 0.0]], dtype=np.float32)
    (left, right), (left_rms, right_rms) = levels_db(samples)
    assert (left, right) == (0.0, -120.0)
    assert left_rms == pytest.approx(10.0 * np.log10(0.625))
    assert right_rms == -120.0
    assert levels_db(samples[:0]) == ((-120.0, -120.0), (-120.0, -120.0))


@given(st.integers(1, 200), st.integers(1, 16), st.sampled_from(MARKS), st.data())
def test_the_wave_shows_its_loop_and_its_playhead(width: int, n_rows: int, marks: Marks, data: st.DataObject) -> None:
    n_samples = data.draw(st.integers(2, 50_000))
    start = data.draw(st.integers(0, n_samples - 2))
    region = LoopRegion(start, data.draw(st.integers(start + 1, n_samples)))
    head = data.draw(st.none() | st.integers(0, width - 1))
    columns = wave_columns(np.linspace(1.0, 0.0, width, dtype=np.float32), n_rows, marks)
    rows = wave_rows(columns, region, n_samples, head, marks)
    assert len(rows) == n_rows
    first, last = region.loop_start * width // n_samples, (region.loop_end - 1) * width // n_samples
    for row in rows:
        styles = [style for text, style in row for _letter in text]
        assert len(styles) == width
        assert [at for at, style in enumerate(styles) if style == "head"] == ([] if head is None else [head])
        if head is not None:
            assert text_of(row)[head] == marks.head
        expected = ["accent" if first <= at <= last else "dim" for at in range(width)]
        assert [style for style in styles if style != "head"] == [one for at, one in enumerate(expected) if at != head]
    assert [row[0] for row in columns] == [marks.rising[-1]] * n_rows, "the loudest is as tall as there is room"
    assert width == 1 or {row[-1] for row in columns} == {" "}


@given(st.integers(1, 400), st.integers(1, 30_000))
def test_heights_reach_the_loudest_and_no_further(width: int, n_samples: int) -> None:
    rng = np.random.default_rng(n_samples)
    wave = rng.uniform(-0.5, 0.5, (n_samples, 1)).astype(np.float32)
    tall = heights(peak_pyramid(Clip(wave, 44_100)), width)
    assert tall.shape == (width,)
    assert tall.max() == pytest.approx(1.0)
    assert tall.min() >= 0.0
    assert not heights(peak_pyramid(Clip(0.0 * wave, 44_100)), width).any()


@given(st.text(alphabet="ab –“\t日本語ﾊé🎵", max_size=60), st.integers(4, 60))
def test_wrapped_lines_fit_and_lose_no_word(text: str, width: int) -> None:
    line = shown(text, "utf-8")
    out = wrapped(line, width)
    assert all(cell_width(one) <= width for one in out)
    assert "".join("".join(out).split()) == "".join(line.split())


def test_a_table_goes_on_below_its_last_column_and_prose_at_the_left() -> None:
    assert wrapped("save [FILE]   write the loop that plays to a file", 32) == [
        "save [FILE]   write the loop",
        "              that plays to a",
        "              file",
    ]
    assert wrapped("set: generator composer, model x", 20) == ["set: generator", "composer, model x"]
    assert wrapped("  indented words go on so", 14) == ["  indented", "  words go on", "  so"]
    assert wrapped("/a/path/that/is/longer/than/the/row", 12) == ["/a/path/that", "/is/longer/t", "han/the/row"]
    assert wrapped("", 10) == [""]


@given(st.lists(st.text(alphabet="ab-日é", min_size=1, max_size=20), max_size=40), st.integers(24, 200))
def test_columns_hold_every_word_in_order_downwards(words: list[str], width: int) -> None:
    lines = in_columns(words, width)
    assert all(cell_width(line) <= max(width, 42) for line in lines)
    assert sorted(word for line in lines for word in line.split()) == sorted(words)
    assert [line.split()[0] for line in lines] == words[: len(lines)]


@given(ROWS, ROWS, WIDTHS)
def test_what_is_the_same_at_the_end_is_the_same(old: Row, new: Row, width: int) -> None:
    before, after = fitted(old, width, BLOCKS), fitted(new, width, BLOCKS)
    same = same_at_end(before, after)
    assert 0 <= same <= width
    if before == after:
        assert same == width
    cells = [[(letter, style) for text, style in row for letter in text] for row in (before, after)]
    if all(cell_width(letter) == 1 for row in cells for letter, _style in row):
        assert cells[0][width - same :] == cells[1][width - same :]


def test_a_row_is_the_same_behind_its_moved_head() -> None:
    before: Row = [("▁▂▃", "accent"), ("│", "head"), ("▅▆▇█", "accent"), ("▁▂", "dim")]
    after: Row = [("▁▂▃▄", "accent"), ("│", "head"), ("▆▇█", "accent"), ("▁▂", "dim")]
    assert same_at_end(before, after) == 5
    assert same_at_end(after, before) == 5
    assert same_at_end([("score 93%", "bold")], [("score 13%", "bold")]) == 2


def test_marks_are_those_that_the_encoding_has() -> None:
    assert marks_for("utf-8").rising == BLOCKS.rising
    assert marks_for("ISO-8859-15").rising == ASCII.rising
    assert shown("“café” – 8 bars · 120 bpm", "latin-1") == '"café" - 8 bars · 120 bpm'
    assert shown("“café” – 8 bars · 120 bpm", "ascii") == '"caf?" - 8 bars - 120 bpm'
    assert marks_for("no such encoding").rule == "-"
    assert shown("“a”", "no such encoding") == '"a"'
