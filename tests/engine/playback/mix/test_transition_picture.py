# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check that a transition is drawn as the mixer plays it: what is seen is what is heard afterwards."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from engine.playback.mix.mixer import Mixer
from engine.playback.mix.transition_picture import HeardSides, transition_excerpt, transition_picture
from engine.playback.plan.bars import next_place
from engine.playback.plan.transitions import plan_transition
from engine.values import (
    BakedLoop,
    BarGrid,
    Entry,
    FadeCurve,
    FloatArray,
    TransitionPicture,
    TransitionPlan,
    TransitionWish,
)
from tests.engine.playback.material import RATE, loop_of, noise, tone

LEAD_BAR, BAR = 40_000, 41_200
LEAD_GRID, GRID = BarGrid(0.0, float(LEAD_BAR), 4), BarGrid(1_000.0, float(BAR), 4)


@cache
def sides() -> tuple[BakedLoop, BakedLoop]:
    """Return two loops of four bars at other tempos, each with a bass and with what lies above it."""
    lead = noise(4 * LEAD_BAR, seed=1, level=0.03) + tone(4 * LEAD_BAR, turns=200, level=0.1)
    incoming = noise(4 * BAR, seed=2, level=0.03) + tone(4 * BAR, turns=260, level=0.1)
    return loop_of(lead), loop_of(incoming)


def heard(plan: TransitionPlan, asked_at: int, n_samples: int) -> FloatArray:
    """Return what the mixer plays of a plan that is handed over when the lead has played ``asked_at`` samples."""
    lead, incoming = sides()
    mixer = Mixer(RATE)
    out = np.zeros((n_samples + mixer.latency_samples, 2), np.float32)
    mixer.play(1, lead, fade_ms=1.0)
    mixer.render(out[:asked_at])
    mixer.take_over(2, incoming, 1, plan)
    for first in range(asked_at, len(out), 999):
        mixer.render(out[first : first + 999])
    return out[mixer.latency_samples :]


def drawn(plan: TransitionPlan, place: int) -> tuple[FloatArray, TransitionPicture]:
    """Return the sum of both sides as they are drawn, the entry at ``before_samples``, and the picture."""
    lead, incoming = sides()
    excerpt = transition_excerpt(lead, incoming, plan, place, ids=(1, 2), grids=(LEAD_GRID, GRID))
    both = HeardSides(excerpt)
    total = np.zeros((excerpt.before_samples + len(both.incoming), 2), np.float32)
    total[: len(both.lead)] += both.lead
    total[excerpt.before_samples :] += both.incoming
    return total, transition_picture(excerpt)


WISHES = [
    TransitionWish(Entry.NEXT_BAR, bars=2),
    TransitionWish(Entry.LOOP_END, overlap_ms=700.0, curve=FadeCurve.SMOOTH, beat_match=False),
    TransitionWish(Entry.NEXT_BAR, overlap_ms=1500.0, curve=FadeCurve.EQUAL_GAIN, bass_swap=False),
    TransitionWish(Entry.NOW, bars=1, bass_swap=False),
    # As a person dragged it: three bars, from the third bar on.
    TransitionWish(Entry.NEXT_BAR, bars=3, at_samples=2 * LEAD_BAR),
]


@pytest.mark.parametrize("wish", WISHES, ids=["bars", "loop end", "equal gain", "at once", "edited"])
def test_what_is_drawn_is_what_the_mixer_plays(wish: TransitionWish) -> None:
    lead, incoming = sides()
    plan = plan_transition(lead, LEAD_GRID, incoming, GRID, wish)
    asked_at = 5 * LEAD_BAR + 123
    entry = next_place(plan.entries, lead.n_samples, asked_at)
    if wish.at_samples is not None:
        assert entry == 6 * LEAD_BAR
    total, picture = drawn(plan, entry % lead.n_samples)
    after = picture.n_samples - picture.before_samples
    played = heard(plan, asked_at, entry + after)
    first = entry - min(picture.before_samples, asked_at - RATE)
    seen = total[picture.before_samples - (entry - first) :]
    # The low bands of an excerpt are those of the loops, but for what lies outside it.
    assert np.abs(played[first:] - seen).max() < (2e-3 if picture.bass_swap else 1e-5)
    # And so are the curves: a side is nothing but its gain over what it plays.
    assert picture.fade_samples == plan.n_samples
    assert (picture.gains_at[0], picture.gains_at[-1]) == (0, plan.n_samples - 1)
    assert (picture.bass_swap is not None) == (plan.bass is not None)


def test_the_picture_tells_bars_stretch_and_bass_swap() -> None:
    lead, incoming = sides()
    plan = plan_transition(lead, LEAD_GRID, incoming, GRID, WISHES[0])
    _, picture = drawn(plan, LEAD_BAR)
    bars = picture.incoming_bars - picture.before_samples
    # Beats meet while both are heard; then it glides to its own tempo.
    assert bars[:3] == pytest.approx([0, LEAD_BAR, 2 * LEAD_BAR], abs=60)
    assert np.diff(bars)[-1] == pytest.approx(BAR, abs=120)
    assert set((picture.lead_bars - picture.before_samples) % LEAD_BAR) == {0}
    assert picture.lead_bars[-1] <= picture.before_samples + plan.n_samples
    assert picture.speeds[0] == pytest.approx(BAR / LEAD_BAR, abs=2e-3)
    assert picture.speeds[-1] == pytest.approx(1.0, abs=1e-3)
    assert picture.tempos_bpm == plan.tempos_bpm
    assert picture.bass_swap is not None
    assert picture.bass_swap[1] == plan.n_samples // 2
    # Before the swap the bass is the leading loop's, after it the incoming one's.
    at, low, incoming_low = picture.gains_at, picture.lead_bass_gain, picture.incoming_bass_gain
    assert low is not None
    assert incoming_low is not None
    assert low[at < picture.bass_swap[0]] == pytest.approx(1.0, abs=1e-4)
    assert np.abs(incoming_low[at < picture.bass_swap[0]]).max() < 1e-6
    assert np.abs(low[at >= picture.bass_swap[1]]).max() < 1e-6


def test_where_nothing_is_matched_nothing_is_stretched() -> None:
    lead, incoming = sides()
    plan = plan_transition(lead, LEAD_GRID, incoming, GRID, replace(WISHES[0], beat_match=False))
    _, picture = drawn(plan, 0)
    assert picture.tempos_bpm is None
    assert not picture.speeds.size
    assert np.diff(picture.incoming_bars) == pytest.approx(BAR, abs=2)
    assert picture.lead_heard.levels[0][picture.before_samples // 64 + plan.n_samples // 64 + 1 :].max() == 0.0
    assert picture.incoming_heard.levels[0][: picture.before_samples // 64].max() == 0.0
