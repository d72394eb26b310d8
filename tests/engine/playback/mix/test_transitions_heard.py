# SPDX-License-Identifier: GPL-3.0-or-later
"""Transitions between composed clips are planned, mixed and then listened to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import butter, sosfiltfilt

from engine.dsp.loudness import loop_loudness, loudness_gain
from engine.dsp.seam import bake, cyclic
from engine.loops.finder import find_loops
from engine.playback.commands import TookOver
from engine.playback.mix.mixer import Mixer
from engine.playback.plan.beatmatch import bar_grid
from engine.playback.plan.transitions import plan_transition
from engine.values import BakedLoop, BarGrid, Entry, FloatArray, LoopSearch, TransitionPlan, TransitionWish
from tests.engine.generators.composer.pieces import composed
from tests.engine.playback.material import RATE
from tests.listening import dip_at, find_faults

HOP = 128
LEAD_S, AFTER_S = 7.0, 9.0


@cache
def prepared(prompt: str, seed: int) -> tuple[BakedLoop, BarGrid]:
    """Return a composed clip as the studio plays it: its best loop, at -16 LUFS, with its bars."""
    made = composed(prompt, 16.0, seed)
    findings = find_loops(made.clip, LoopSearch(facts=made.facts))
    lufs = loop_loudness(bake(made.clip, findings.best.region, overlap_ms=480.0).samples, RATE)
    loop = bake(made.clip, findings.best.region, overlap_ms=480.0, gain=loudness_gain(lufs, -16.0))
    grid = bar_grid(loop, findings.facts, findings.best, findings.grid)
    assert grid is not None
    return loop, grid


@dataclass(frozen=True, eq=False)
class Heard:
    """A heard takeover is as it was mixed, and its two sides alone from its beginning on, each as long as the rest."""

    recording: FloatArray
    begins: int
    leaving: FloatArray
    entering: FloatArray
    plan: TransitionPlan


def hear(lead: BakedLoop, lead_grid: BarGrid, incoming: BakedLoop, grid: BarGrid, wish: TransitionWish) -> Heard:
    plan = plan_transition(lead, lead_grid, incoming, grid, wish)
    mixer, blocks = Mixer(RATE), []

    def render(n_samples: int) -> None:
        out = np.zeros((n_samples, 2), np.float32)
        mixer.render(out)
        blocks.append(out)

    mixer.play(1, lead, fade_ms=1.0)
    render(round(LEAD_S * RATE))
    mixer.take_over(2, incoming, 1, plan)
    while not any(isinstance(event, TookOver) for _, event in mixer.events):
        render(1000)
        assert mixer.rendered_samples < 60 * RATE, "nothing took over"
    middle = next(at for at, event in mixer.events if isinstance(event, TookOver))
    render(plan.n_samples + round(AFTER_S * RATE))
    recording = np.concatenate(blocks)
    begins = middle - plan.n_samples // 2
    n = len(recording) - begins
    entry = (begins - mixer.latency_samples) % lead.n_samples
    begun = np.zeros((0, 2), np.float32) if plan.lead_in is None else plan.lead_in
    if plan.bars is None:
        assert entry in plan.entries
    else:
        # The lead-in is entered at the phase of the bar.
        begun = begun[round(lead_grid.phase_at(entry) * lead_grid.bar_samples) :]
    entering = np.concatenate([begun[:n], cyclic(incoming.samples, plan.start_at, max(0, n - len(begun)))])
    return Heard(recording, begins, cyclic(lead.samples, entry, n), entering, plan)


def onsets(samples: FloatArray) -> npt.NDArray[np.float64]:
    """Return rises of the level in seven bands of an octave, every ``HOP`` samples."""
    windows = np.lib.stride_tricks.sliding_window_view(samples.mean(axis=1, dtype=np.float64), 512)[::HOP]
    power = np.abs(np.fft.rfft(windows * np.hanning(512), axis=1)) ** 2
    bands = np.log10(np.add.reduceat(power, [0, 2, 4, 8, 16, 32, 64], axis=1) + 1e-6)
    rises: npt.NDArray[np.float64] = np.maximum(np.diff(bands, axis=0), 0.0).sum(axis=1)
    rises -= rises.mean()
    return rises


def lag_ms(a: FloatArray, b: FloatArray) -> float:
    """Return by how many milliseconds the onsets of ``b`` come later than those of ``a``, within 100 ms."""
    reach = round(0.1 * RATE / HOP)
    first, second = onsets(a), onsets(b)
    likeness = np.correlate(second, first[reach:-reach], mode="valid")
    return float((np.argmax(likeness) - reach) * HOP * 1000.0 / RATE)


def low_power_db(samples: FloatArray, n_window: int) -> npt.NDArray[np.float64]:
    """Return the power in dB of what lies below 120 Hz, over ``n_window`` samples, every quarter of it."""
    low = sosfiltfilt(butter(4, 120.0, fs=RATE, output="sos"), samples, axis=0)
    total = np.concatenate([[0.0], np.cumsum((low**2).sum(axis=1))])
    power = (total[n_window:] - total[:-n_window])[:: n_window // 4] / n_window
    decibels: npt.NDArray[np.float64] = 10.0 * np.log10(power + 1e-9)
    return decibels


@pytest.mark.parametrize(
    ("first", "second", "entry"),
    [
        ("house 124 bpm", "techno 128 bpm", Entry.NEXT_BAR),
        pytest.param("lofi 85 bpm", "hip hop 88 bpm", Entry.NOW, marks=pytest.mark.soak),
        pytest.param("lofi 85 bpm", "hip hop 88 bpm", Entry.NEXT_BAR, marks=pytest.mark.soak),
        pytest.param("techno 120 bpm", "house 122 bpm", Entry.NEXT_BAR, marks=pytest.mark.soak),
    ],
)
def test_a_matched_transition_over_bars_is_one_groove_with_one_bass(first: str, second: str, entry: Entry) -> None:
    lead, lead_grid = prepared(first, 5)
    incoming, grid = prepared(second, 9)
    heard = hear(lead, lead_grid, incoming, grid, TransitionWish(entry, bars=2))
    assert heard.plan.tempos_bpm is not None
    assert find_faults(heard.recording, RATE) == []
    n, beat = heard.plan.n_samples, round(lead_grid.bar_samples / lead_grid.beats_per_bar)
    # One groove, from the first beat to a bar after the crossfade (lo-fi drums lie 6 ms behind by themselves).
    bar = round(lead_grid.bar_samples)
    for part in (slice(0, n), slice(n - bar, n + bar)):
        assert abs(lag_ms(heard.leaving[part], heard.entering[part])) < 7.0
    # Never two basses, never none.
    sounding = slice(heard.begins, heard.begins + n)
    mixed = low_power_db(heard.recording[sounding], 2 * beat)
    sides = [low_power_db(one[:n], 2 * beat) for one in (heard.leaving, heard.entering)]
    assert (mixed - np.maximum(*sides)).max() < 1.5
    assert (mixed - np.minimum(*sides)).min() > -3.0


@pytest.mark.soak
def test_a_plain_transition_neither_dips_nor_stumbles() -> None:
    # Music that keeps its level: what rises and falls by itself would hide a dip, or be taken for one.
    lead, lead_grid = prepared("minimal 126 bpm", 3)
    incoming, grid = prepared("punk 165 bpm", 4)
    for wish in (TransitionWish(overlap_ms=480.0), TransitionWish(Entry.NEXT_BAR, overlap_ms=40.0, beat_match=False)):
        heard = hear(lead, lead_grid, incoming, grid, wish)
        assert find_faults(heard.recording, RATE) == []
        assert dip_at(heard.recording, RATE, (heard.begins + heard.plan.n_samples / 2) / RATE) > -1.0
        # After the transition it is the loop itself that plays, to the rounding of the mix.
        n = len(heard.entering)
        np.testing.assert_allclose(heard.recording[-RATE:], heard.entering[n - RATE :], atol=1e-4)
