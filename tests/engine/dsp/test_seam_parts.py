# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a sound, cut as its loop is, sum to the loop: at a crossfade, at a bridged step, through the limiter."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dsp.seam import bake
from engine.dsp.seam_parts import bake_parts
from engine.playback.mix.limiter import limited_loop, loop_gains
from engine.units import amplitude_to_db
from engine.values import Clip, FloatArray, LoopRegion, OverlapLimit
from tests.engine.playback.material import RATE, noise, tone

N = RATE


def parts_of(level: float) -> dict[str, FloatArray]:
    """Return parts one of which is alike on both sides of any seam of whole periods, and the other is not."""
    return {"tone": level * tone(N, turns=441.0), "noise": noise(N, seed=4, level=0.3 * level)}


def summed(parts: dict[str, FloatArray]) -> FloatArray:
    total: FloatArray = np.sum(list(parts.values()), axis=0, dtype=np.float32)
    return total


def apart_db(a: FloatArray, b: FloatArray) -> float:
    return amplitude_to_db(float(np.abs(a.astype(np.float64) - b).max()))


@pytest.mark.parametrize("wraps", [True, False])
@pytest.mark.parametrize(
    ("region", "level"),
    [((0, N), 0.3), ((10_000, 30_000), 0.3), ((100, 30_100), 0.3), ((10_000, 30_000), 2.5)],
    ids=["whole", "middle", "at the head", "beyond full scale"],
)
def test_parts_sum_to_the_loop(*, wraps: bool, region: tuple[int, int], level: float) -> None:
    parts = parts_of(level)
    sound = Clip(summed(parts), RATE, wraps=wraps)
    clips = {name: Clip(one, RATE, wraps=wraps) for name, one in parts.items()}
    loop = bake(sound, LoopRegion(*region), overlap_ms=200.0, gain=0.8)
    made = bake_parts(sound, clips, LoopRegion(*region), overlap_ms=200.0, gain=0.8)
    total = summed({name: one.samples for name, one in made.items()})
    assert apart_db(total, loop.samples) < -110.0
    assert {one.region for one in made.values()} == {loop.region}
    alone = bake(clips["noise"], LoopRegion(*region), overlap_ms=200.0, gain=0.8)
    if region != (0, N):
        assert apart_db(made["noise"].samples, alone.samples) > -60.0, "by itself its crossfade would be another one"


def test_a_step_that_is_spread_is_spread_in_the_part_that_has_it() -> None:
    ramp = np.repeat(np.linspace(0.0, 0.5, N, dtype=np.float32)[:, None], 2, axis=1)
    parts = {"steady": 0.1 * tone(N, turns=441.0), "ramp": ramp}
    sound = Clip(summed(parts), RATE)
    loop = bake(sound, LoopRegion(0, N), overlap_ms=200.0)
    assert loop.limit is OverlapLimit.WHOLE
    made = bake_parts(sound, {name: Clip(one, RATE) for name, one in parts.items()}, LoopRegion(0, N), overlap_ms=200.0)
    assert apart_db(summed({name: one.samples for name, one in made.items()}), loop.samples) < -110.0
    assert apart_db(made["steady"].samples, parts["steady"]) < -30.0, "it has next to no step"
    assert made["ramp"].samples[0, 0] == pytest.approx(0.5, abs=0.01)


def test_the_limiters_gains_are_those_of_the_whole() -> None:
    parts = parts_of(2.5)
    total = summed(parts)
    gains, limited = loop_gains(total, RATE), limited_loop(total, RATE)
    assert gains.shape == (N, 1)
    assert 0.1 < gains.min() < 0.9
    assert apart_db(total * gains, limited) < -110.0
    assert apart_db(summed({name: one * gains for name, one in parts.items()}), limited) < -110.0
    np.testing.assert_array_equal(loop_gains(0.1 * total, RATE), 1.0)
