# SPDX-License-Identifier: GPL-3.0-or-later
"""The score maps tell of loops that there are, and nearly what is told of each of them alone."""

from __future__ import annotations

from dataclasses import astuple
from functools import cache

import numpy as np
import pytest

from engine.errors import SilentClip
from engine.loops.finder import bounds_of, find_loops, hearing_of, listener_of
from engine.loops.many import Many
from engine.loops.metrics import WEIGHTS, Judge, total
from engine.loops.score_maps import score_maps
from engine.values import METRIC_NAMES, Clip, LoopFindings, LoopRegion, LoopSearch, MapWindow, MetricWeights, ScoreMaps
from tests.engine.loops import material

RATE = 22_050
TOLERANCES = (0.12, 0.1, 0.2, 0.12)
"""How far each metric of a map may lie from the one that is measured alone, mostly half as far."""
SIZE = 48


@cache
def _clip() -> Clip:
    return material.groove(RATE, 100.0, n_bars=6, pattern_bars=2, seed=3)


@cache
def _findings() -> LoopFindings:
    return find_loops(_clip(), LoopSearch(min_loop_s=1.0))


@cache
def _maps() -> ScoreMaps:
    known = tuple(one.region for one in _findings().candidates)
    return score_maps(_clip(), _findings().facts, size=SIZE, known=known)


def _many(clip: Clip, wraps: bool = False) -> tuple[Many, Judge]:
    clip = Clip(clip.samples, clip.sample_rate, wraps=wraps)
    hearing = hearing_of(listener_of(clip, None), bounds_of(clip, LoopSearch(min_loop_s=0.5)), _findings().facts)
    return Many(hearing, clip.samples), Judge(hearing.listener, hearing.ear, hearing.rhythm)


@pytest.mark.parametrize("wraps", [False, True])
def test_many_loops_are_measured_nearly_as_each_alone(wraps: bool) -> None:
    many, judge = _many(_clip(), wraps)
    rng = np.random.default_rng(1)
    lengths = rng.integers(RATE, _clip().n_samples - 1, 40)
    starts = rng.integers(0, _clip().n_samples - lengths)
    told = many.metrics(starts, lengths)
    alone = [
        astuple(judge.metrics(LoopRegion(int(start), int(start + length))))
        for start, length in zip(starts, lengths, strict=True)
    ]
    off = np.abs(told.T - np.array(alone))
    assert (off.max(axis=0) <= TOLERANCES).all()
    assert (np.quantile(off, 0.8, axis=0) <= np.array(TOLERANCES) / 2).all()


def test_a_candidates_cell_tells_the_candidates_own_metrics() -> None:
    maps = _maps()
    for candidate in _findings().candidates:
        cell = maps.cell(candidate.region.loop_start, candidate.region.n_samples)
        assert cell is not None
        told = maps.metrics(*cell)
        assert told is not None
        if maps.region(*cell) == candidate.region:  # the first of several in a cell
            assert np.abs(np.array(astuple(told)) - astuple(candidate.metrics)).max() <= max(TOLERANCES)
    assert maps.region(*_cell(maps, _findings().best.region)) == _findings().best.region


def _cell(maps: ScoreMaps, region: LoopRegion) -> tuple[int, int]:
    cell = maps.cell(region.loop_start, region.n_samples)
    assert cell is not None
    return cell


def test_every_cell_stands_for_a_loop_within_the_clip_and_near_the_cell() -> None:
    maps = _maps()
    row_step, column_step = maps.steps
    exists = maps.lengths > 0
    assert (np.isnan(maps.layers) == ~exists).all()
    assert maps.layers[:, exists].min() >= 0.0
    assert maps.layers[:, exists].max() <= 1.0
    assert (maps.starts + maps.lengths)[exists].max() <= maps.n_samples
    rows, columns = np.nonzero(exists)
    apart = maps.lengths[exists] - (maps.window.shortest + (rows + 0.5) * row_step)
    assert np.abs(apart).max() <= row_step + 1
    apart = maps.starts[exists] - (maps.window.first_start + (columns + 0.5) * column_step)
    assert np.abs(apart).max() <= 1.5 * column_step + 1
    # Just those cells are empty in which every loop would leave the clip.
    first_start = maps.window.first_start + columns * column_step
    assert (first_start + maps.window.shortest + rows * row_step <= maps.n_samples).all()


def test_a_map_is_bright_at_the_period_and_dark_between() -> None:
    maps = _maps()
    bar = 4 * 60.0 / 100.0 * RATE
    shown = maps.total(MetricWeights())
    on, off = (
        np.nanmean(shown[_cell(maps, LoopRegion(0, round(n_bars * bar)))[0], :20]) for n_bars in (2.0, 2.0 + 0.13)
    )
    assert on > off + 0.2


def test_a_window_shows_more_of_the_same() -> None:
    best = _findings().best.region
    window = MapWindow(
        max(0, best.loop_start - RATE // 4),
        best.loop_start + RATE // 4,
        best.n_samples - RATE // 8,
        best.n_samples + RATE // 8,
    )
    maps = score_maps(_clip(), _findings().facts, window, 16, known=(best,))
    assert maps.shape == (16, 16)
    assert maps.window == window
    assert maps.region(*_cell(maps, best)) == best
    whole = _maps().metrics(*_cell(_maps(), best))
    here = maps.metrics(*_cell(maps, best))
    assert whole is not None
    assert here is not None
    assert astuple(here) == pytest.approx(astuple(whole), abs=0.05)
    assert maps.cell(best.loop_start, 2 * best.n_samples) is None


def test_equal_weights_give_the_metrics_total() -> None:
    maps, region = _maps(), _findings().best.region
    cell = _cell(maps, region)
    metrics = maps.metrics(*cell)
    assert metrics is not None
    for weights in (MetricWeights(), MetricWeights(2.0, 2.0, 2.0, 2.0), MetricWeights(0.0, 0.0, 0.0, 0.0)):
        assert maps.total(weights)[cell] == pytest.approx(total(metrics), abs=1e-5)
        assert weights.mean_of(metrics, WEIGHTS) == pytest.approx(total(metrics), abs=1e-5)
    for name, one in zip(METRIC_NAMES, np.eye(4), strict=True):
        assert maps.total(MetricWeights(*one))[cell] == pytest.approx(metrics.as_dict()[name], abs=1e-5)


def test_a_very_short_clip_and_one_cell_are_no_trouble() -> None:
    clip = Clip(_clip().samples[: round(0.6 * RATE)], RATE)
    for size in (1, 5):
        maps = score_maps(clip, _findings().facts, size=size)
        assert maps.shape == (size, size)
        assert (maps.lengths > 0).any()
    with pytest.raises(SilentClip):
        score_maps(Clip(np.zeros((RATE, 1), np.float32), RATE), _findings().facts)
