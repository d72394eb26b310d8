# SPDX-License-Identifier: GPL-3.0-or-later
"""This module draws the terminal's board as rows of text with named styles: pure functions of what is known."""

from __future__ import annotations

import itertools
import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len, chop_cells, set_cell_size

from app import streams

if TYPE_CHECKING:
    from engine.values import FloatArray, LoopRegion, PeakPyramid

Span = tuple[str, str]
"""A text and the name of its style: "", bold, dim, accent, warning or head."""
Row = list[Span]

FLOOR_DB = -60.0
"""Level at the left end of a meter, dBFS."""


_ODD = re.compile("[\u0300-\u036f\u0483-\u1dff\u200b-\u200f\u20d0-\u20ff\u231a-\u232a\u2e80-\U0010ffff]")
"""Letters that may take another number of cells than one."""
_GAP = re.compile(r"(?<=\S)  +(?=\S)")
"""Two blanks or more stand between two columns of a table."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks are the letters that bars and waves are drawn with, each from empty to full.

    Attributes
    ----------
    silence
        The figure of a meter that hears nothing, as wide as the others.
    encoding
        Of the terminal, which has all of these.
    """

    rising: str
    filling: str
    rule: str
    head: str
    more: str
    silence: str
    encoding: str


BLOCKS = Marks(" ▁▂▃▄▅▆▇█", " ╸━", "─", "│", "…", "  -∞ ", "utf-8")
ASCII = Marks(" .:|", " -=#", "-", "|", "~", " -inf", "ascii")
"""Marks where the terminal's encoding has no blocks."""


def marks_for(encoding: str) -> Marks:
    """Return the marks that a terminal of that encoding can show."""
    try:
        "".join((BLOCKS.rising, BLOCKS.filling, BLOCKS.rule, BLOCKS.head, BLOCKS.more, BLOCKS.silence)).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return replace(ASCII, encoding=encoding)
    return replace(BLOCKS, encoding=encoding)


def shown(text: str, encoding: str) -> str:
    """Return a line as a terminal of that encoding can show it: control characters are blanks."""
    plain = text if text.isprintable() else "".join(one if one.isprintable() else " " for one in text)
    if plain.isascii():
        return plain
    try:
        plain.encode(encoding)
    except UnicodeEncodeError:
        return plain.encode(encoding, streams.ERRORS).decode(encoding)
    except LookupError:
        return plain.encode("ascii", streams.ERRORS).decode("ascii")
    return plain


def fitted(row: Sequence[Span], width: int, marks: Marks) -> Row:
    """Return a row that is exactly so many cells wide: cut, or filled with blanks."""
    out: Row = []
    left = width
    for text, style in row:
        if left <= 0:
            break
        plain = shown(text, marks.encoding)
        size = cell_width(plain)
        if size > left:
            plain = set_cell_size(plain, left - 1) + marks.more
            size = left
        out.append((plain, style))
        left -= size
    if left > 0:
        out.append((" " * left, ""))
    return out


def cell_width(text: str) -> int:
    """Return how many cells a text takes: letters of East Asia take two."""
    return cell_len(text) if _ODD.search(text) else len(text)


def both_ends(left: Sequence[Span], right: Sequence[Span], width: int, marks: Marks) -> Row:
    """Return a row with one part at its left and one at its right end; the left one is cut where both do not fit.

    The right one is left out where it would take more than half of the row.
    """
    told = [(shown(text, marks.encoding), style) for text, style in right]
    taken = sum(cell_width(text) for text, _style in told)
    if not told or (2 * taken > width and taken + 1 + sum(cell_width(text) for text, _style in left) > width):
        return fitted(left, width, marks)
    return [*fitted(left, width - taken - 1, marks), (" ", ""), *told]


def bar(share: float, width: int, marks: Marks) -> str:
    """Return a bar of so many cells that is full to a share of it, in [0, 1]."""
    steps = len(marks.filling) - 1
    filled = round(min(max(share, 0.0), 1.0) * width * steps)
    whole, rest = divmod(filled, steps)
    return (marks.filling[-1] * whole + (marks.filling[rest] if rest else "")).ljust(width)[:width]


def meter(label: str, peak_db: float, rms_db: float, width: int, marks: Marks) -> Row:
    """Return a channel's level: a bar of its RMS with its peak behind it, and the peak's figure, dBFS."""
    figure = marks.silence if peak_db <= FLOOR_DB else f"{peak_db:5.1f}"
    room = max(width - len(label) - len(figure) - 2, 4)
    rms, peak = ((min(max(one, FLOOR_DB), 0.0) - FLOOR_DB) / -FLOOR_DB for one in (rms_db, peak_db))
    full = bar(rms, room, marks).rstrip()
    at = min(int(peak * room), room - 1)
    behind = " " * max(at - len(full), 0)
    style = "warning" if peak_db > -0.1 else "accent"
    row: Row = [(f"{label} ", "dim"), (full, style)]
    if len(full) <= at and peak_db > FLOOR_DB:
        row += [(behind, ""), (marks.head, "accent")]
    used = sum(len(text) for text, _style in row) - len(label) - 1
    return [*row, (" " * (room - used), ""), (f" {figure}", "dim")]


def levels_db(samples: FloatArray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the peaks and the RMS of two channels, dBFS, of samples ``(n_samples, 2)``; -120 is silence."""
    if not len(samples):
        return (-120.0, -120.0), (-120.0, -120.0)
    # Read ten times a second: a channel at a time is several times as fast as both.
    sides = [np.ascontiguousarray(samples[:, side]) for side in (0, 1)]
    peaks = [max(float(one.max()), -float(one.min())) for one in sides]
    rms = [math.sqrt(float(np.dot(one, one)) / len(one)) for one in sides]
    return (_db(peaks[0]), _db(peaks[1])), (_db(rms[0]), _db(rms[1]))


def _db(level: float) -> float:
    return 20.0 * math.log10(level) if level > 1e-6 else -120.0


def heights(peaks: PeakPyramid, width: int) -> FloatArray:
    """Return how far the wave goes in each of so many columns, shape ``(width,)``, from 0 to 1 (the loudest)."""
    level = max((one for one in range(len(peaks.levels)) if len(peaks.levels[one]) >= width), default=0)
    bins = np.abs(peaks.levels[level]).max(axis=1)
    edges = np.linspace(0, len(bins), width + 1).astype(int)
    out = np.array(
        [bins[start : max(end, start + 1)].max(initial=0.0) for start, end in itertools.pairwise(edges)],
        dtype=np.float32,
    )
    loudest = float(out.max(initial=0.0))
    return out / loudest if loudest > 0.0 else out


def wave_columns(tall: FloatArray, n_rows: int, marks: Marks) -> list[str]:
    """Return the wave's rows, the top one first: each a string of one letter a column."""
    steps = len(marks.rising) - 1
    cells = np.rint(tall * n_rows * steps).astype(int)
    rows = []
    for row in range(n_rows - 1, -1, -1):
        filled = np.clip(cells - row * steps, 0, steps)
        rows.append("".join(marks.rising[one] for one in filled))
    return rows


def wave_rows(columns: Sequence[str], region: LoopRegion, n_samples: int, head: int | None, marks: Marks) -> list[Row]:
    """Return the wave with its loop in the accent and the rest dim; ``head`` is the column that is heard.

    The loop's edges are the columns that its first and last samples fall into.
    """
    width = len(columns[0]) if columns else 0
    first = region.loop_start * width // max(n_samples, 1)
    last = max(first, (region.loop_end - 1) * width // max(n_samples, 1))
    parts = [(0, first, "dim"), (first, last + 1, "accent"), (last + 1, width, "dim")]
    rows: list[Row] = []
    for text in columns:
        row: Row = []
        for start, end, style in parts:
            if head is not None and start <= head < end:
                row += [(text[start:head], style), (marks.head, "head"), (text[head + 1 : end], style)]
            else:
                row.append((text[start:end], style))
        rows.append([span for span in row if span[0]])
    return rows


def wrapped(text: str, width: int) -> list[str]:
    """Return a line as lines of at most so many cells, broken at blanks where that can be.

    What goes on stands below what it goes on from: in a table, which has two blanks between its columns, in the last
    column that begins within the left half.
    """
    if cell_width(text) <= width:
        return [text]
    starts = [one.end() for one in _GAP.finditer(text)]
    indent = max((at for at in starts if 2 * cell_width(text[:at]) <= width), default=_indent(text))
    if 2 * indent > width:
        indent = 0
    out, line, is_begun = [], text[:indent], False
    below = " " * cell_width(line)
    for word in text[indent:].split(" "):
        longer = f"{line} {word}" if is_begun else line + word
        if cell_width(longer) <= width:
            line, is_begun = longer, True
            continue
        if is_begun:
            out.append(line.rstrip())
            line = below
        *whole, rest = chop_cells(word, width - len(below)) or [""]
        for part in whole:
            out.append(line + part)
            line = below
        line, is_begun = line + rest, True
    return [*out, line]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def in_columns(words: Sequence[str], width: int) -> list[str]:
    """Return words as lines of at most so many cells, one below the other in as many columns as there is room for."""
    longest = max(map(cell_width, words), default=0) + 2
    n_columns = max((width + 2) // longest, 1) if longest else 1
    n_rows = -(-len(words) // n_columns)
    lines = []
    for row in range(n_rows):
        cells = words[row::n_rows]
        lines.append("".join(one + " " * (longest - cell_width(one)) for one in cells).rstrip())
    return lines


def same_at_end(before: Sequence[Span], after: Sequence[Span]) -> int:
    """Return how many cells at the end of two rows of one width are the same, or fewer where letters combine."""
    same = 0
    for (old, old_style), (new, new_style) in zip(reversed(before), reversed(after), strict=False):
        if old_style != new_style:
            break
        if old == new:
            same += cell_width(old)
            continue
        if not _ODD.search(old + new):
            # Mostly one of them goes on at its start: the wave before and behind its playhead.
            shorter, longer = sorted((old, new), key=len)
            if not longer.endswith(shorter):
                shorter = os.path.commonprefix((old[::-1], new[::-1]))  # noqa: RUF071 - letters are compared
            same += len(shorter)
        break
    return same
