# SPDX-License-Identifier: GPL-3.0-or-later
"""Takeovers at once are beat on beat whenever they are asked for, with the same samples in every block size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from engine.dsp.seam import cyclic
from engine.playback.commands import TookOver
from engine.playback.mix.mixer import Mixer
from engine.playback.plan.bars import at_once
from engine.playback.plan.transitions import plan_transition
from engine.values import (
    PLACE_HOP_SAMPLES,
    BakedLoop,
    BarGrid,
    Entry,
    FloatArray,
    TransitionPlan,
    TransitionWish,
)
from tests.engine.dsp.test_stretch import burst, lateness_ms
from tests.engine.playback.material import RATE, largest_step, loop_of, noise, tone
from tests.engine.playback.mixing import Command, blocks_of, changes, rendered
from tests.sampling import some

NOW = TransitionWish(Entry.NOW, overlap_ms=2000.0)
AT = 500
"""Sample at which the takeover is asked for."""
MOMENTS = np.random.default_rng(11).integers(0, 7 * RATE, 4).tolist()
"""Positions of the leading loop, in samples, when the takeover is asked for."""


@dataclass(frozen=True, eq=False)
class Groove:
    """A groove is a burst on each beat, in one channel alone, with the bars it was made of."""

    loop: BakedLoop
    bars: BarGrid

    @property
    def beat_samples(self) -> float:
        return self.bars.bar_samples / self.bars.beats_per_bar


@cache
def groove(bpm: float, channel: int, *, bars: float = 4, beats_per_bar: int = 4, first: float = 0.0) -> Groove:
    """Return a groove; ``first`` is the first downbeat's place, in bars."""
    beat = 60.0 * RATE / bpm
    n, one = round(bars * beats_per_bar * beat), burst(RATE)
    samples = np.zeros((n, 2), np.float32)
    grid = BarGrid(first * beats_per_bar * beat, beats_per_bar * beat, beats_per_bar)
    for index in range(round(bars * beats_per_bar)):
        at = (round(grid.first_samples + index * beat) + np.arange(len(one))) % n
        samples[at, channel] += (0.9 if index % beats_per_bar == 0 else 0.4) * one
    return Groove(loop_of(samples), grid)


@cache
def planned(lead: Groove, incoming: Groove, wish: TransitionWish = NOW) -> TransitionPlan:
    return plan_transition(lead.loop, lead.bars, incoming.loop, incoming.bars, wish)


def play_loop(loop: BakedLoop, place: int = AT) -> Command:
    """Play a loop from where it comes to be at ``place`` at sample ``AT``."""
    return lambda mixer: mixer.play(1, loop, fade_ms=1.0, position=place - AT)


def enter(loop: BakedLoop, plan: TransitionPlan, lead_id: int = 1, loop_id: int = 2) -> Command:
    return lambda mixer: mixer.take_over(loop_id, loop, lead_id, plan)


def apart_ms(out: FloatArray, place: int, lead: Groove, plan: TransitionPlan, ratio: float = 1.0) -> float:
    """Return how far the incoming bursts (right) are from the leading beats in the crossfade from ``AT`` on.

    The right has ``ratio`` beats to one of the left, counted from a downbeat.
    """
    beat, first = lead.beat_samples / ratio, lead.bars.first_samples + AT - place
    # The first gains are too low for a burst to be told from a rounding, the last beats lie too near the end.
    begin, end = AT + plan.n_samples // 16, AT + plan.n_samples - RATE // 20
    due = first + beat * np.arange(np.ceil((begin - first) / beat), (end - first) / beat)
    assert len(due) >= 2
    return float(np.abs([lateness_ms(out[:, 1:], one, RATE) for one in due.tolist()]).max())


def begun_at(mixer: Mixer, loop_id: int, at: int) -> int:
    """Return the place at which a loop that came in at ``at`` unstretched began, as told where it leads."""
    first, block = next(one for one in blocks_of(mixer) if one[1].loop_id == loop_id)
    return (block.position - (first - at)) % block.loop_samples


def circular(difference: float, bar: float) -> float:
    """Return how far two places in a bar are apart."""
    return abs((difference + bar / 2.0) % bar - bar / 2.0)


# --- beats on beats ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", some(MOMENTS))
@pytest.mark.parametrize(
    ("bpm", "first", "ratio"),
    some([(124, 0.3, 1.0), (130, 0.0, 1.0), (118, 0.7, 1.0), (63, 0.2, 0.5), (246, 0.4, 2.0)], every=2),
)
def test_beats_fall_on_beats_whenever_it_is_asked_for(place: int, bpm: float, first: float, ratio: float) -> None:
    lead, incoming = groove(124, 0, first=0.25), groove(bpm, 1, first=first)
    plan = planned(lead, incoming)
    assert plan.tempos_bpm is not None
    assert (plan.lead_in is not None) == (bpm != 124)
    mixer = Mixer(RATE)
    out = rendered([(0, play_loop(lead.loop, place)), (AT, enter(incoming.loop, plan))], AT + 2 * RATE, 4096, mixer)
    assert apart_ms(out, place, lead, plan, ratio) < 2.0
    if ratio == 1.0:
        # Downbeat on downbeat.
        for first_sample, block in [one for one in blocks_of(mixer) if one[1].loop_id == 2]:
            since = first_sample - AT + place
            turned = incoming.bars.phase_at(block.position) - lead.bars.phase_at(since % lead.loop.n_samples)
            assert circular(turned, 1.0) * lead.bars.bar_samples < 0.002 * RATE


@pytest.mark.parametrize("place", some(MOMENTS))
@pytest.mark.parametrize("entry", [Entry.LOOP_END, Entry.NEXT_BAR])
@pytest.mark.parametrize("bpm", [124.0, 130.0])
def test_what_was_planned_for_another_entry_will_do(place: int, entry: Entry, bpm: float) -> None:
    lead, incoming = groove(124, 0, first=0.3), groove(bpm, 1, first=0.8)
    plan = at_once(planned(lead, incoming, replace(NOW, entry=entry)), lead.bars, incoming.bars)
    assert (plan.lead_in is not None) == (bpm != 124)
    out = rendered([(0, play_loop(lead.loop, place)), (AT, enter(incoming.loop, plan))], AT + 2 * RATE, 4096)
    assert apart_ms(out, place, lead, plan) < 2.0


@pytest.mark.soak
@pytest.mark.parametrize("place", some(MOMENTS[:3]))
@pytest.mark.parametrize("metres", [(4, 3), (3, 4)])
@pytest.mark.parametrize("bpm", [120.0, 126.0])
def test_bars_of_other_lengths_meet_at_their_beats(place: int, metres: tuple[int, int], bpm: float) -> None:
    lead = groove(120, 0, beats_per_bar=metres[0], first=0.4)
    incoming = groove(bpm, 1, beats_per_bar=metres[1], first=0.1)
    plan = planned(lead, incoming)
    out = rendered([(0, play_loop(lead.loop, place)), (AT, enter(incoming.loop, plan))], AT + 2 * RATE, 4096)
    assert apart_ms(out, place, lead, plan) < 2.0


@pytest.mark.parametrize("place", some(MOMENTS[:3]))
@pytest.mark.parametrize("bpm", [120.0, 126.0])
def test_loops_shorter_than_a_bar_meet_at_their_beats(place: int, bpm: float) -> None:
    lead, incoming = groove(120, 0, bars=0.5, first=0.25), groove(bpm, 1, bars=0.5, first=0.75)
    plan = planned(lead, incoming)
    mixer = Mixer(RATE)
    out = rendered([(0, play_loop(lead.loop, place)), (AT, enter(incoming.loop, plan))], AT + 2 * RATE, 4096, mixer)
    assert apart_ms(out, place, lead, plan) < 2.0


@pytest.mark.parametrize("place", [1000, 4000, 15_000])
def test_the_turns_of_a_lead_in_count_from_where_it_was_entered(place: int) -> None:
    lead, incoming, begun = (loop_of(noise(n, seed=n)) for n in (40_000, 7000, 30_000))
    grid = BarGrid(0.0, 20_000.0, 4)
    # From 5000 in the loop on, at its own tempo: entered 15 000 samples later, two turns are over.
    plan = TransitionPlan(20, entries=(), correlations=(), bars=(grid, grid), lead_in=begun.samples, start_at=0)
    plan = replace(plan, lead_in_places=5000 + np.arange(0, 30_000, PLACE_HOP_SAMPLES))
    mixer = Mixer(RATE)
    rendered([(0, play_loop(lead, place)), (AT, enter(incoming, plan))], 40_000, 100, mixer)
    for first, block in (one for one in blocks_of(mixer) if one[1].loop_id == 2):
        since = first - AT
        assert block.turns * 7000 + block.position == (5000 + place) % 7000 + since


@pytest.mark.parametrize("place", some(MOMENTS))
@pytest.mark.parametrize("bpm", [120.0, 126.0, 90.0])
def test_what_is_not_stretched_comes_in_where_its_bar_is(place: int, bpm: float) -> None:
    lead, incoming = groove(120, 0, first=0.4), groove(bpm, 1, first=0.1)
    plan = planned(lead, incoming, TransitionWish(Entry.NOW, overlap_ms=50.0, beat_match=False))
    assert plan.lead_in is None
    mixer = Mixer(RATE)
    rendered([(0, play_loop(lead.loop, place)), (AT, enter(incoming.loop, plan))], AT + RATE // 10, 512, mixer)
    phases = incoming.bars.phase_at(begun_at(mixer, 2, AT)), lead.bars.phase_at(place % lead.loop.n_samples)
    assert circular(phases[0] - phases[1], 1.0) * incoming.bars.bar_samples <= 1.0


def test_without_bars_it_begins_with_its_first_sample() -> None:
    lead, incoming = loop_of(noise(30_000, seed=1)), loop_of(noise(20_000, seed=2))
    grid = BarGrid(100.0, 10_000.0, 4)
    for grids in ((None, grid), (grid, None), (None, None)):
        plan = plan_transition(lead, grids[0], incoming, grids[1], TransitionWish(Entry.NOW, overlap_ms=20.0))
        assert (plan.bars, plan.lead_in, plan.start_at) == (None, None, 0)
        mixer = Mixer(RATE)
        out = rendered([(0, play_loop(lead)), (12_345, enter(incoming, plan))], 30_000, 512, mixer)
        assert begun_at(mixer, 2, 12_345) == 0
        np.testing.assert_array_equal(out[12_345 + 882 : 30_000], incoming.samples[882:17_655])


# --- what overlaps ----------------------------------------------------------------------------------------------------


def barred(n_bar: int, bars: int, turned: int, seed: int = 3) -> tuple[BakedLoop, BarGrid]:
    """Return a bar of noise again and again, beginning ``turned`` samples late."""
    samples = np.roll(np.tile(noise(n_bar, seed=seed), (bars, 1)), turned, axis=0)
    return loop_of(samples), BarGrid(float(turned % n_bar), float(n_bar), 4)


@pytest.mark.parametrize("at", [1, 777, 31_234, 63_999])
def test_the_same_music_taken_over_by_itself_is_not_heard(at: int) -> None:
    (lead, lead_bars), (incoming, bars) = barred(16_000, 4, 5000), barred(16_000, 3, 12_345)
    wish = TransitionWish(Entry.NOW, overlap_ms=200.0)
    plan = plan_transition(lead, lead_bars, incoming, bars, wish)
    out = rendered([(0, play_loop(lead)), (64_000 + at, enter(incoming, plan))], 150_000, 777)
    np.testing.assert_allclose(out[100:], cyclic(lead.samples, 100, 149_900), atol=3e-7)


def test_what_the_lead_plays_before_its_own_samples_is_what_overlaps() -> None:
    first, second = loop_of(noise(9000, seed=1)), loop_of(noise(9000, seed=2))
    begun = noise(30_000, seed=4)
    third = loop_of(np.roll(begun, -11_000, axis=0))
    lead_in = TransitionPlan(100, entries=(), correlations=(), lead_in=begun)
    now = TransitionPlan(8000, entries=(), correlations=())
    script = [(0, play_loop(first)), (2000, enter(second, lead_in)), (13_000, enter(third, now, 2, 3))]
    out = rendered(script, 30_000, 512)
    np.testing.assert_allclose(out[2100:30_000], begun[100:28_000], atol=3e-7)


@pytest.mark.parametrize("place", some(MOMENTS))
def test_until_they_are_swapped_the_incoming_bass_is_silent(place: int) -> None:
    # All that the incoming loop has is bass: a low band that is not in step with it would be heard.
    lead, incoming = groove(124, 0), groove(130, 1, first=0.3)
    plan = planned(lead, incoming)
    plan = replace(plan, bass=incoming.loop.samples, lead_in_bass=plan.lead_in)
    out = rendered([(0, play_loop(lead.loop, place)), (AT, enter(incoming.loop, plan))], AT + 3 * RATE, 4096)
    middle = AT + plan.n_samples // 2
    assert not out[: middle - RATE // 4, 1].any()
    assert np.abs(out[middle : AT + plan.n_samples, 1]).max() > 0.3


# --- the same in every block ------------------------------------------------------------------------------------------


@pytest.mark.soak
@pytest.mark.parametrize("bpm", [120.0, 126.0])
@pytest.mark.parametrize(
    ("overlap_ms", "total", "blocks"), [(100.0, 12_000, (1, 7, 64)), (1200.0, 90_000, (64, 513, 4096))]
)
def test_the_same_samples_in_every_block_size(
    bpm: float, overlap_ms: float, total: int, blocks: tuple[int, ...]
) -> None:
    lead, incoming = groove(120, 0, first=0.1), groove(bpm, 1, first=0.6)
    plan = planned(lead, incoming, replace(NOW, overlap_ms=overlap_ms))
    assert (plan.bass is not None) == (overlap_ms > 1000.0)
    script = [(0, play_loop(lead.loop)), (3333, enter(incoming.loop, plan))]
    outs = [rendered(script, total, block) for block in (total * 2, *blocks)]
    assert all(np.array_equal(out, outs[0]) for out in outs)


# --- other leads ------------------------------------------------------------------------------------------------------


def three() -> tuple[list[BakedLoop], BarGrid, TransitionPlan]:
    """Return loops of 4 bars, and a plan from the first to the third, whose downbeat is at 4000."""
    loops = [loop_of(tone(40_000, turns=100 + i, level=0.2)) for i in range(3)]
    bars = BarGrid(1000.0, 10_000.0, 4)
    wish = TransitionWish(Entry.NOW, overlap_ms=100.0)
    return loops, bars, plan_transition(loops[0], bars, loops[2], BarGrid(4000.0, 10_000.0, 4), wish)


@pytest.mark.parametrize(
    ("at", "place"),
    [
        # While the second comes in; when it leads and the first still sounds; when the first is gone.
        (21_500, (20_500 % 10_000) + 4000),
        (28_000, (27_000 % 10_000) + 4000),
        (31_000, 4000),
    ],
)
def test_it_is_in_phase_with_the_loop_it_was_planned_for_as_long_as_that_sounds(at: int, place: int) -> None:
    loops, _, plan = three()
    between = TransitionPlan(10_000, entries=(), correlations=())
    mixer = Mixer(RATE)
    script = [(0, play_loop(loops[0])), (20_000, enter(loops[1], between)), (at, enter(loops[2], plan, 1, 3))]
    out = rendered(script, 60_000, 512, mixer)
    assert changes(mixer)[-1] == (at + plan.n_samples // 2, TookOver(3))
    assert begun_at(mixer, 3, at) == place % 10_000
    assert largest_step(out) < 0.05


def test_a_lead_that_is_still_stretched_is_met_at_its_own_place() -> None:
    first, second, third = groove(120, 0, first=0.3), groove(126, 0, first=0.6), groove(121, 1, first=0.2)
    to_second, to_third = planned(first, second), planned(second, third, replace(NOW, beat_match=False))
    assert to_second.lead_in is not None
    mixer, places = Mixer(RATE), []
    at = 3 * RATE
    script: list[tuple[int, Command]] = [
        (0, play_loop(first.loop)),
        (RATE, enter(second.loop, to_second)),
        (at, lambda m: places.append(m.snapshot().position_samples)),
        (at, enter(third.loop, to_third, 2, 3)),
    ]
    assert at < RATE + len(to_second.lead_in)
    rendered(script, 5 * RATE, 4096, mixer)
    phases = second.bars.phase_at(places[0]), third.bars.phase_at(begun_at(mixer, 3, at))
    assert circular(phases[0] - phases[1], 1.0) * third.bars.bar_samples <= 1.5


@pytest.mark.parametrize("which", [1, 2])
def test_re_baked_otherwise_as_it_begins_it_comes_in_as_if_without_bars(which: int) -> None:
    loops, _, plan = three()
    wave = loops[which * 2 - 2].samples
    moved = loop_of(np.concatenate([wave, wave])[700:39_000].copy(), loop_start=700)
    mixer = Mixer(RATE)
    script = [(0, play_loop(loops[0])), (20_000, enter(loops[2], plan)), (20_000, lambda m: m.replace(which, moved))]
    out = rendered(script, 37_000, 512, mixer)
    assert begun_at(mixer, 2, 20_000) == (4000 if which == 1 else 0)
    assert largest_step(out) < 0.05


def test_asked_for_in_a_pause_it_comes_in_where_the_lead_stands() -> None:
    loops, _, plan = three()
    mixer = Mixer(RATE)
    script: list[tuple[int, Command]] = [
        (0, play_loop(loops[0])),
        (12_345, lambda m: m.pause(1.0)),
        (20_000, enter(loops[2], plan)),
        (30_000, lambda m: m.resume(1.0)),
    ]
    rendered(script, 60_000, 512, mixer)
    assert begun_at(mixer, 2, 30_000) == 4000 + 12_345 + 44 - 11_000


@pytest.mark.parametrize(("n_samples", "total"), [(2, 800), (500, 60_000), (9000, 60_000)])
def test_loops_shorter_than_everything(n_samples: int, total: int) -> None:
    lead, incoming = loop_of(noise(n_samples, seed=1)), loop_of(noise(n_samples + n_samples // 16, seed=2))
    grids = [BarGrid(0.3 * one.n_samples, float(one.n_samples), 4) for one in (lead, incoming)]
    plan = plan_transition(lead, grids[0], incoming, grids[1], TransitionWish(Entry.NOW, overlap_ms=1200.0))
    script = [(0, play_loop(lead)), (AT, enter(incoming, plan))]
    outs = [rendered(script, total, block) for block in (64, total)]
    np.testing.assert_array_equal(outs[0], outs[1])
    assert np.isfinite(outs[0]).all()
