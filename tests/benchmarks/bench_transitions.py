# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark tells how long the analysis worker prepares a transition, and how far its beats are off."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from engine.dsp.loudness import loop_loudness
from engine.dsp.stretch import TempoEase, stretch_loop
from engine.playback.plan.transitions import plan_transition
from engine.values import BakedLoop, BarGrid, FloatArray, LoopRegion, TransitionWish
from tests.benchmarks.rows import BenchRow

SAMPLE_RATE = 44_100
_BARS = 16
_TEMPO_BPM, _LEAD_BPM = 128.0, 123.0
_BURST_S = 0.02
_OFF_REACH_S = 0.04


def rows() -> list[BenchRow]:
    """Measure a 30 s stereo loop taking over from another, over 480 ms and over 8 bars, beside Rubber Band alone."""
    lead, incoming = _groove(_LEAD_BPM), _groove(_TEMPO_BPM)
    lead_grid, grid = (BarGrid(0.0, loop.n_samples / _BARS, 4) for loop in (lead, incoming))
    plain_s = _seconds(lambda: _plain_stretch(incoming.samples[: 10 * SAMPLE_RATE]))
    found = []
    for name, wish in (("480 ms", TransitionWish()), ("8 bars", TransitionWish(bars=8))):
        plan = plan_transition(lead, lead_grid, incoming, grid, wish)
        assert plan.lead_in is not None
        taken_s = _seconds(partial(plan_transition, lead, lead_grid, incoming, grid, wish))
        stretched_s = len(plan.lead_in) / SAMPLE_RATE
        found.append(
            BenchRow(
                f"transition over {name} made ready ({stretched_s:.0f} s stretched)", taken_s, "s",
                "pedalboard.time_stretch alone, of as many seconds", plain_s * stretched_s / 10.0, "<= 2 s",
            )
        )  # fmt: skip
    plain = _plain_stretch(incoming.samples)
    beat = 60.0 / _LEAD_BPM * SAMPLE_RATE
    ours = stretch_loop(
        incoming.samples,
        SAMPLE_RATE,
        start=0.0,
        ease=TempoEase(_LEAD_BPM / _TEMPO_BPM, len(plain), 0),
        n_samples=len(plain),
    ).samples
    found.append(
        BenchRow(
            "a stretched beat is off its time, worst of 60", _worst_ms(ours, beat), "ms",
            "pedalboard.time_stretch with that factor", _worst_ms(plain, beat), "<= 4 ms",
        )
    )  # fmt: skip
    loudness_s = _seconds(lambda: loop_loudness(incoming.samples, SAMPLE_RATE))
    read_s = _seconds(lambda: np.square(incoming.samples, dtype=np.float64).mean())
    found.append(BenchRow("loudness of a 30 s loop", loudness_s, "s", "its mean square alone", read_s, "<= 0.2 s"))
    return found


def _groove(tempo_bpm: float) -> BakedLoop:
    beat = 60.0 / tempo_bpm * SAMPLE_RATE
    n = round(4 * _BARS * beat)
    samples = (0.02 * np.random.default_rng(1).standard_normal((n, 2))).astype(np.float32)
    for index in range(4 * _BARS):
        samples[round(index * beat) :][: len(_burst())] += _burst()
    return BakedLoop(samples, SAMPLE_RATE, LoopRegion(0, n), 0, 0.0)


def _burst() -> FloatArray:
    t = np.arange(round(_BURST_S * SAMPLE_RATE)) / SAMPLE_RATE
    return (0.8 * np.exp(-t * 300.0) * np.sin(2.0 * np.pi * 1500.0 * t)).astype(np.float32)[:, None]


def _plain_stretch(samples: FloatArray) -> FloatArray:
    from pedalboard import time_stretch

    stretched: FloatArray = time_stretch(np.ascontiguousarray(samples.T), float(SAMPLE_RATE), _LEAD_BPM / _TEMPO_BPM).T
    return stretched


def _worst_ms(played: FloatArray, beat: float) -> float:
    reach = round(_OFF_REACH_S * SAMPLE_RATE)
    worst = 0.0
    for at in np.arange(1.0, len(played) / beat - 2.0) * beat:
        heard = played[round(at) - reach : round(at) + reach, 0]
        first = int(np.argmax(np.correlate(heard, _burst()[:, 0], mode="valid")))
        worst = max(worst, abs(round(at) - reach + first - at))
    return worst * 1000.0 / SAMPLE_RATE


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        started_s = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started_s)
    return statistics.median(taken)
