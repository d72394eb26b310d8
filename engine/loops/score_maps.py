# SPDX-License-Identifier: GPL-3.0-or-later
"""This module maps why loops hold: every start against every length, a layer a metric (``engine.values.ScoreMaps``).

A cell stands for the most promising loop in it, made exact as the finder makes its own: of the places in the cell the
one around which the music sounds most alike and whose length keeps to the bars or has the waves come again
(``similarity.SeamMap``, ``repeats.Repeats``), its length aligned to the waves, its joint put where it is smoothest. So
what a cell tells is true of a loop that can be played, not a mean over thousands; the finer the cells, the more they
tell.
"""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import numpy.typing as npt

from engine.dsp.blas import one_blas_thread
from engine.loops.evidence import Hearing
from engine.loops.finder import bounds_of, hearing_of, listener_of
from engine.loops.many import Many
from engine.loops.metrics import WEIGHTS
from engine.values import (
    METRIC_NAMES,
    Clip,
    FloatArray,
    IntArray,
    LoopRegion,
    LoopSearch,
    MapWindow,
    MusicFacts,
    ScoreMaps,
)

SIZE = 128
"""Rows and columns of a map: at 700 pixels a cell is five wide."""

_AT_ONCE = 256  # loops that are measured at a time: what stays in a core's cache
_MOST_PLACES = 6  # starts and lengths of a cell that are compared


def score_maps(
    clip: Clip,
    facts: MusicFacts,
    window: MapWindow | None = None,
    size: int = SIZE,
    known: tuple[LoopRegion, ...] = (),
) -> ScoreMaps:
    """Return the maps of a clip, at most ``size`` cells wide and high.

    Parameters
    ----------
    facts
        Best those of ``LoopFindings.facts``, so that the tempo is not estimated again.
    window
        What is mapped; None is every loop from a quarter of a second on.
    known
        Loops, as the candidates, for which their cells stand whatever else is in them.

    Raises
    ------
    NonFiniteClip, SilentClip, ClipTooShort
        The clip cannot be measured.
    """
    window = window or MapWindow.of_all(clip.n_samples, clip.sample_rate)
    with one_blas_thread():
        shortest_s = max(1, window.shortest) / clip.sample_rate
        hearing = hearing_of(listener_of(clip, None), bounds_of(clip, LoopSearch(min_loop_s=shortest_s)), facts)
        many = Many(hearing, clip.samples)
        n_rows = max(1, min(size, window.longest - window.shortest))
        n_columns = max(1, min(size, window.last_start - window.first_start))
        row_step = (window.longest - window.shortest) / n_rows
        column_step = (window.last_start - window.first_start) / n_columns
        shares = np.array(astuple(WEIGHTS), dtype=np.float32)
        starts, lengths = _promising(many, window, n_rows, n_columns)
        exists = lengths > 0
        layers = np.full((len(METRIC_NAMES), n_rows, n_columns), np.nan, dtype=np.float32)
        flat_starts, flat_lengths = starts[exists], lengths[exists]
        values = np.empty((len(METRIC_NAMES), flat_starts.size), dtype=np.float32)
        for first in range(0, flat_starts.size, _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            flat_lengths[part] = many.aligned(flat_starts[part], flat_lengths[part], shares, row_step / 2)
            flat_starts[part] = many.settled(flat_starts[part], flat_lengths[part], column_step)
            values[:, part] = many.metrics(flat_starts[part], flat_lengths[part])
        layers[:, exists] = values
        starts[exists], lengths[exists] = flat_starts, flat_lengths
        maps = ScoreMaps(layers, starts, lengths, window, WEIGHTS, clip.n_samples, clip.sample_rate)
        return _with_known(many, maps, known)


def _promising(many: Many, window: MapWindow, n_rows: int, n_columns: int) -> tuple[IntArray, IntArray]:
    """Return the starts and lengths of the cells' most promising loops, ``(n_rows, n_columns)``; 0 without any."""
    hearing, n = many.hearing, many.hearing.listener.n_samples
    hop = hearing.seams.hop_length
    column_step = (window.last_start - window.first_start) / n_columns
    row_step = (window.longest - window.shortest) / n_rows
    starts = _places(window.first_start, column_step, n_columns, hop)
    lengths, repeating = _lengths(hearing, window.shortest, row_step, n_rows)
    k_rows, k_columns = lengths.shape[1], starts.shape[1]
    # Every start of a column with every length of a row: (rows, their lengths, columns, their starts).
    all_starts, all_lengths = starts.ravel(), lengths.ravel()
    alike = hearing.seams.alike
    rows = np.clip(np.round(all_starts / hop).astype(np.int64), 0, alike.shape[0] - 1)
    lags = np.clip(np.round(all_lengths / hop).astype(np.int64) - hearing.seams.first_lag, 0, alike.shape[1] - 1)
    worth = np.maximum(alike.T[np.ix_(lags, rows)], 0.0) * np.float32(WEIGHTS.spectral)
    of_length = WEIGHTS.beat * 0.5 * many.in_bars(all_lengths) + (WEIGHTS.waveform + WEIGHTS.phase) * repeating.ravel()
    worth += of_length.astype(np.float32)[:, None]
    fits = all_lengths[:, None] + all_starts[None, :] <= n
    worth[~fits] = -1.0
    shaped = worth.reshape(n_rows, k_rows, n_columns, k_columns).transpose(0, 2, 1, 3).reshape(n_rows, n_columns, -1)
    best = shaped.argmax(axis=2)
    which_length, which_start = np.divmod(best, k_columns)
    out_starts = starts[np.arange(n_columns)[None, :], which_start]
    out_lengths = lengths[np.arange(n_rows)[:, None], which_length]
    none = shaped.max(axis=2) < 0.0
    out_starts[none] = out_lengths[none] = 0
    return out_starts, out_lengths


def _places(first: int, step: float, n_cells: int, hop: int) -> IntArray:
    """Return evenly spread places in each cell, about a hop of the seam map apart, shape ``(n_cells, n_places)``."""
    n_places = int(min(max(round(step / hop), 1), _MOST_PLACES))
    within = (np.arange(n_places) + 0.5) / n_places
    out: IntArray = np.floor(first + step * (np.arange(n_cells)[:, None] + within)).astype(np.int64)
    return out


def _lengths(hearing: Hearing, first: int, step: float, n_cells: int) -> tuple[IntArray, FloatArray]:
    """Return lengths in each cell and how surely the waves come again after them, both ``(n_cells, n_lengths)``.

    Besides evenly spread ones, a length of whole bars (or beats) if there is one in the cell, and the one after which
    the waves come again most.
    """
    edges = first + step * np.arange(n_cells + 1)
    even = np.maximum(_places(first, step, n_cells, hearing.seams.hop_length), 1)
    middle = (edges[:-1] + edges[1:]) / 2
    musical = np.maximum(middle, 1.0)
    for unit in () if hearing.rhythm is None else (hearing.rhythm.beat_samples, hearing.rhythm.bar_samples):
        whole = np.maximum(1.0, np.round(middle / unit)) * unit
        musical = np.where((whole >= edges[:-1]) & (whole < edges[1:]), whole, musical)
    repeats = hearing.repeats
    lags = np.clip(np.round(edges / repeats.divisor).astype(np.int64), 0, repeats.n)
    strongest, strengths = np.round(middle), np.zeros(n_cells, dtype=np.float32)
    for cell in range(n_cells):
        strength = repeats.strength[lags[cell] : max(lags[cell + 1], lags[cell] + 1)]
        if strength.size:
            at = int(strength.argmax())
            strengths[cell] = min(max(float(strength[at]), 0.0), 1.0)
            strongest[cell] = (lags[cell] + at) * repeats.divisor
    told = np.round(np.stack([musical, np.maximum(strongest, 1.0)], axis=1)).astype(np.int64)
    repeating = np.zeros((n_cells, even.shape[1] + 2), dtype=np.float32)
    repeating[:, -1] = strengths
    return np.hstack([even, told]), repeating


def _with_known(many: Many, maps: ScoreMaps, known: tuple[LoopRegion, ...]) -> ScoreMaps:
    """Return the maps with the cells of known loops standing for these; of several in a cell for the first."""
    cells: dict[tuple[int, int], LoopRegion] = {}
    for region in known:
        cell = maps.cell(region.loop_start, region.n_samples)
        if cell is not None:
            cells.setdefault(cell, region)
    if not cells:
        return maps
    rows, columns = (np.array(axis) for axis in zip(*cells, strict=True))
    at = rows, columns
    starts, lengths, layers = maps.starts.copy(), maps.lengths.copy(), maps.layers.copy()
    starts[at] = [one.loop_start for one in cells.values()]
    lengths[at] = [one.n_samples for one in cells.values()]
    values: npt.NDArray[np.float32] = many.metrics(starts[at], lengths[at])
    layers[:, rows, columns] = values
    return ScoreMaps(layers, starts, lengths, maps.window, maps.shares, maps.n_samples, maps.sample_rate)
