# SPDX-License-Identifier: GPL-3.0-or-later
"""The level holder brings back what drifts, leaves music its swings, and never steps."""

from __future__ import annotations

import numpy as np
import pytest

from engine.generators.musicgen.level import MOST_DB_PER_S, LevelHolder

RATE = 1000


def noise(seconds: float, db: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    samples: np.ndarray = 10.0 ** (db / 20.0) * rng.standard_normal((round(seconds * RATE), 2))
    return samples.astype(np.float32)


def level_db(samples: np.ndarray) -> float:
    return float(10.0 * np.log10(np.square(samples).mean()))


def held(levels_db: list[float], part_s: float = 1.0) -> list[np.ndarray]:
    """Return parts of those levels, held at that of half a minute before them."""
    holder = LevelHolder(RATE)
    for n in range(30):
        part = noise(1.0, -20.0, n)
        np.testing.assert_array_equal(holder.held(part), part)
    holder.hold()
    return [holder.held(noise(part_s, db, 100 + n)) for n, db in enumerate(levels_db)]


@pytest.mark.parametrize("rate_db", [0.15, -0.1, 0.4])
def test_a_drift_is_held(rate_db: float) -> None:
    parts = held([-20.0 + rate_db * n for n in range(60)])
    assert abs(level_db(parts[-1]) + 20.0) < 4.0
    loudest = max(abs(level_db(np.concatenate(parts[n : n + 5])) + 20.0) for n in range(55))
    assert loudest < 4.0


def test_swings_are_left_alone_and_a_rest_says_nothing() -> None:
    levels_db = [-20.0, -19.0, -21.0, -60.0, -60.0, -60.0, -60.0, -60.0, -20.0]
    free = [noise(1.0, db, 100 + n) for n, db in enumerate(levels_db)]
    for part, as_made in zip(held(levels_db), free, strict=True):
        np.testing.assert_allclose(part, as_made, rtol=1e-6)


@pytest.mark.parametrize("part_s", [0.1, 1.0, 2.0])
def test_the_gain_moves_slowly_and_never_steps(part_s: float) -> None:
    holder = LevelHolder(RATE)
    holder.listen(noise(10.0, -20.0, 1))
    holder.hold()
    quiet_then_loud = np.concatenate(
        [holder.held(np.full((round(part_s * RATE), 1), 0.4, np.float32)) for _ in range(round(20 / part_s))]
    )
    gains_db = 20.0 * np.log10(quiet_then_loud[:, 0] / 0.4)
    assert gains_db[0] == pytest.approx(0.0, abs=1e-6)
    assert gains_db[-1] < -8.0
    assert np.abs(np.diff(gains_db)).max() <= 1.01 * MOST_DB_PER_S / RATE


def test_silence_is_no_level_to_hold() -> None:
    holder = LevelHolder(RATE)
    holder.listen(np.zeros((1000, 1), np.float32))
    holder.hold()
    loud = noise(1.0, -6.0, 1)
    np.testing.assert_array_equal(holder.held(loud), loud)
    assert holder.gain == 1.0
