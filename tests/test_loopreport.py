# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's report measures calibration, the confidence's fit, and the slope of a growth."""

from __future__ import annotations

import numpy as np
import pytest

from engine.loops.confidence import BIAS, WEIGHTS
from engine.loops.finder import find_loops
from engine.values import LoopSearch
from tests.benchmarks.loopcases.fit import Fit, Measured, counts_of, fit, measured_clip
from tests.benchmarks.loopreport.calibration import calibration
from tests.benchmarks.loopreport.choices import Choice, row
from tests.benchmarks.loopreport.growth import Point, exponent
from tests.engine.loops.material import groove


def test_scores_that_are_the_shares_have_no_error() -> None:
    scores = np.repeat([0.25, 0.75], 400)
    right = np.concatenate([np.arange(400) % 4 == 0, np.arange(400) % 4 != 0]).astype(float)
    found = calibration(scores, right)
    assert found.expected_error == pytest.approx(0.0, abs=1e-12)
    assert found.brier == pytest.approx(0.25 * 0.75)
    assert found.brier_of_share == pytest.approx(0.25)
    assert [(one.n, one.right) for one in found.bins] == [(400, 0.25), (400, 0.75)]


def test_every_loop_is_in_one_bin_and_boasting_is_an_error() -> None:
    rng = np.random.default_rng(1)
    scores = np.concatenate([rng.random(500), [0.0, 0.1, 0.5, 1.0]])
    found = calibration(scores, np.zeros(scores.size))
    assert sum(one.n for one in found.bins) == scores.size == found.n
    assert all(one.low <= one.mean_score <= one.high for one in found.bins)
    assert found.expected_error == pytest.approx(scores.mean())


def test_nothing_cannot_be_calibrated() -> None:
    with pytest.raises(ValueError, match="and some"):
        calibration([], [])


def _clips(n: int, spread: float) -> list[Measured]:
    """Return eight candidates a clip, one of them right: *throughout* tells it, but for noise; *alike* misleads."""
    rng = np.random.default_rng(3)
    names = list(WEIGHTS)
    clips = []
    for _ in range(n):
        values = rng.random((8, len(WEIGHTS)))
        values[:, names.index("repeated")] = 0.0
        right = np.zeros(8)
        right[rng.integers(8)] = 1.0
        values[:, names.index("throughout")] = (1.0 - spread) * right + spread * rng.random(8)
        values[:, names.index("alike")] = 0.3 * (1.0 - right) + 0.7 * rng.random(8)
        clips.append(Measured("planted", values, right, np.full(8, 4.0)))
    return clips


@pytest.mark.soak
def test_scores_of_a_fit_hold() -> None:
    clips = _clips(150, 0.7)
    fitted = fit(clips)
    found = calibration(
        np.concatenate([fitted.scores(clip) for clip in clips]), np.concatenate([clip.right for clip in clips])
    )
    assert found.expected_error < 0.08
    assert found.brier < 0.8 * found.brier_of_share


@pytest.mark.soak
def test_the_fit_trusts_what_tells_right_from_wrong_and_nothing_else() -> None:
    clips = _clips(100, 0.4)
    fitted = fit(clips)
    weights = dict(zip(WEIGHTS, fitted.weights, strict=True))
    # ``join`` is held, whatever the cases say.
    assert weights.pop("throughout") > 5.0 * max(weight for name, weight in weights.items() if name != "join")
    assert weights["alike"] == pytest.approx(0.0, abs=1e-9)
    assert fitted.weights.min() >= 0.0
    assert np.mean([clip.right[fitted.shown(clip)[0]] for clip in clips]) > 0.95


def test_the_fit_measures_what_the_finder_scores() -> None:
    clip, search = groove(22_050, 120.0, n_bars=10, pattern_bars=2, intro_s=0.7), LoopSearch()
    present = Fit(BIAS, np.array(list(WEIGHTS.values())))
    found = measured_clip(clip, search)
    values = np.array([[values[name] for name in WEIGHTS] for _, values in found])
    lengths_s = np.array([region.n_samples / clip.sample_rate for region, _ in found])
    scores = present.scores(Measured("planted", values, np.zeros(len(found)), lengths_s))
    told = {candidate.region: candidate.score for candidate in find_loops(clip, search).candidates}
    same = {region: score for (region, _), score in zip(found, scores, strict=True) if region in told}
    assert len(same) > 2
    assert same == pytest.approx({region: told[region] for region in same})
    assert max(told, key=lambda region: told[region]) in same


def test_cases_without_an_answer_cannot_be_fitted() -> None:
    assert counts_of(["planted:3", "none:2"]) == {"planted": 3, "none": 2}
    with pytest.raises(ValueError, match="'real' has no known answer"):
        counts_of(["real:3"])


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_slope_of_a_power_is_the_power(power: float) -> None:
    points = [Point(at, 0.1 * at**power, 0.1 * at**power, 3.0 * at, 99.0) for at in (5.0, 60.0, 3600.0)]
    assert exponent(points, "took_s") == pytest.approx(power)
    assert exponent(points, "memory_mb") == pytest.approx(1.0)


def test_a_row_of_choices_counts_what_is_short_unsure_and_heard() -> None:
    some = [
        Choice(20.0, 4.9, 0.245, 0.79, played_through=False, quieter_than=1.0),
        Choice(20.0, 2.0, 0.10, 0.99, played_through=False, quieter_than=0.94),
        Choice(20.0, 5.0, 0.25, 0.10, played_through=False, quieter_than=0.95),
        Choice(20.0, 16.0, 0.80, 0.01, played_through=True, quieter_than=1.0),
        Choice(20.0, 20.0, 1.00, 1.00, played_through=False, quieter_than=1.0),
    ]
    assert row("20 s", some) == "| 20 s | 2 of 5 | 1 | 25% | 4 of 5 | 1 |"
