# SPDX-License-Identifier: GPL-3.0-or-later
"""Music by the composer is planned as it is in the studio: seams and transitions have no dip and no click."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample

from engine.dsp.seam import bake
from engine.playback.mix.mixer import Mixer
from engine.playback.plan.transitions import plan_transition
from engine.units import amplitude_to_db
from engine.values import BakedLoop, BarGrid, Entry, FloatArray, LoopRegion, TransitionWish
from tests.engine.playback.material import RATE, clip_of, loop_of, rms
from tests.engine.playback.mixing import Command, rendered
from tests.sampling import some
from tests.starters import shipped

BARS = 8
"""Number of bars of each starter."""
WINDOW = round(0.02 * RATE)


def _bends(samples: FloatArray) -> float:
    """Return the largest change of slope, of which a click has more than music."""
    return float(np.abs(np.diff(samples, 2, axis=0)).max())


def _levels(samples: FloatArray) -> list[float]:
    return [amplitude_to_db(rms(samples[at : at + WINDOW])) for at in range(0, len(samples) - WINDOW, WINDOW // 2)]


@pytest.fixture(scope="module")
def house() -> FloatArray:
    return shipped()[0].clip.samples


def test_a_composed_loop_passes_its_seam_as_any_other_place(house: FloatArray) -> None:
    loop = bake(clip_of(house, wraps=True), LoopRegion(0, len(house)), overlap_ms=480.0)
    mixer = Mixer(RATE)
    mixer.play(1, loop, fade_ms=0.0, position=len(house) // 2)
    out = rendered([], 2 * len(house), 4096, mixer)
    np.testing.assert_array_equal(out[1:], np.roll(np.tile(house, (2, 1)), -(len(house) // 2), axis=0)[1:])


@pytest.mark.parametrize("overlap_ms", [20.0, 480.0])
def test_a_planted_loops_seam_has_no_dip(house: FloatArray, overlap_ms: float) -> None:
    # One bar four times, each time under another hiss: as a loop in a take is.
    bar = house[: len(house) // BARS]
    hiss = np.random.default_rng(4).standard_normal((4 * len(bar), 2)).astype(np.float32)
    take = np.tile(bar, (4, 1)) + np.float32(0.01) * hiss
    loop = bake(clip_of(take), LoopRegion(len(bar), 3 * len(bar)), overlap_ms=overlap_ms)
    mixer = Mixer(RATE)
    mixer.play(1, loop, fade_ms=0.0)
    out = rendered([], 6 * len(bar), 4096, mixer)
    first = 2 * len(bar) - RATE
    seam, same = out[first : first + 2 * RATE], take[len(bar) + first - 2 * len(bar) :][: 2 * RATE]
    dips = np.subtract(_levels(same), _levels(seam))
    assert dips.max() <= 0.5
    assert _bends(seam) <= 1.05 * _bends(take)


@pytest.mark.parametrize(("entry", "bass_swap"), some(list(zip(Entry, [True, False, True], strict=True)), every=2))
def test_a_transition_as_the_studio_plans_it(house: FloatArray, entry: Entry, bass_swap: bool) -> None:
    house, half = np.split(house, 2)
    slower = resample(half, round(1.03 * len(half)), axis=0).astype(np.float32)
    lead, coming = loop_of(house), loop_of(slower)
    wish = TransitionWish(entry=entry, overlap_ms=2000.0, bass_swap=bass_swap)
    plan = plan_transition(lead, _bars(lead), coming, _bars(coming), wish)
    assert (plan.bass is not None) == bass_swap
    assert plan.lead_in is not None
    whole, parts = Mixer(RATE), Mixer(RATE)
    script: list[tuple[int, Command]] = [
        (0, lambda mixer: mixer.play(1, lead, fade_ms=5.0)),
        (100_000, lambda mixer: mixer.take_over(2, coming, 1, plan)),
    ]
    total = 1_500_000
    out = rendered(script, total, 100_000, whole)
    np.testing.assert_array_equal(rendered(script, total, 1024, parts), out)
    took_over = whole.events[1][0] - whole.latency_samples
    begin, end = took_over - plan.n_samples // 2, took_over + plan.n_samples // 2
    n_bar = len(house) // (BARS // 2)
    # At once, the lead-in is entered at the phase of the bar.
    entered = begin % n_bar if entry is Entry.NOW else 0
    # Before it and after it not a bit is changed.
    np.testing.assert_array_equal(out[1000:begin], house[np.arange(1000, begin) % len(house)])
    n_lead_in = len(plan.lead_in) - entered
    own = max(end + 1, begin + n_lead_in)
    places = plan.start_at + np.arange(own, total) - begin - n_lead_in
    np.testing.assert_array_equal(out[own:], slower[places % len(slower)])
    # In it nothing clicks and the level stays.
    allowed = max(_bends(np.tile(loop, (2, 1))) for loop in (house, slower))
    assert _bends(out[begin - n_bar : end + n_bar]) <= 1.1 * allowed
    level = amplitude_to_db(rms(out[begin:end]))
    assert abs(level - amplitude_to_db(rms(house))) < 2.0


def _bars(loop: BakedLoop) -> BarGrid:
    return BarGrid(0.0, loop.n_samples / (BARS // 2), 4)
