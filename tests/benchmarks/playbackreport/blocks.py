# SPDX-License-Identifier: GPL-3.0-or-later
"""This module measures the cost of mixing a block, in a process set up as the audio process is, with its priority.

``python -m tests.benchmarks.playbackreport.blocks [N_BLOCKS]`` prints medians and worst.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
import time
from fractions import Fraction
from typing import TypedDict

import numpy as np

from engine.playback.device import priority
from engine.playback.device.audio_process import settle_in
from engine.playback.mix.mixer import Mixer
from engine.values import BakedLoop, ChannelParameter, Effects, FloatArray, Lfo, LoopRegion, TransitionPlan

RATE = 48_000
BLOCK = 512
N_BLOCKS = 100_000
MEDIAN_GOAL_MS = 0.3
WORST_GOAL_MS = 1.0

ONE_LOOP = "one loop"
TAKEOVER = "a takeover, bass swapped"
FOUR_CHANNELS = "4 channels with filters and reverb"
SWEEPING = "4 channels, their filters swept"

_LOOP_S = 20
_BLOCKS_IN_A_ROW = 5000
_WARM_UP_BLOCKS = 200
# Between blocks, as between callbacks: the processor does other things meanwhile, and a real-time thread that never
# slept would be held back by the kernel.
_PAUSE_S = 0.0003


class Series(TypedDict):
    """A series of costs of blocks, ms, in the order in which they were mixed.

    ``costs_ms`` is by the clock. ``own_ms`` is what the thread ran in it: where that is less, something else (another
    guest of the same machine, a kernel's thread) had the processor.
    """

    name: str
    costs_ms: list[float]
    own_ms: list[float]


class BlockCosts(TypedDict):
    """The costs that ``plots.blocks`` draws."""

    title: str
    series: list[Series]
    marks: list[tuple[float, str]]


def block_costs(n_blocks: int = N_BLOCKS) -> BlockCosts:
    """Every kind of block mixed ``n_blocks`` times in a fresh process: the last kind is the one with a goal."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.playbackreport.blocks", str(n_blocks), "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    series: list[Series] = json.loads(done.stdout)
    block_ms = 1000.0 * BLOCK / RATE
    return {
        "title": f"What mixing a block of {BLOCK} samples at {RATE // 1000} kHz costs; it lasts {block_ms:.1f} ms",
        "series": series,
        "marks": [
            (MEDIAN_GOAL_MS, "goal, median"),
            (WORST_GOAL_MS, f"goal, worst of {N_BLOCKS // 1000} 000"),
            (block_ms, "the block is over"),
        ],
    }


def summary(costs: BlockCosts) -> list[str]:
    """Return a line for each kind of block."""
    lines = []
    for series in costs["series"]:
        costs_ms = np.asarray(series["costs_ms"])
        late = int((costs_ms > WORST_GOAL_MS).sum())
        rows = costs_ms[: costs_ms.size - costs_ms.size % _BLOCKS_IN_A_ROW].reshape(-1, _BLOCKS_IN_A_ROW)
        lines.append(
            f"{series['name']:<34} median {np.median(costs_ms):.3f} ms, 99.9 % {np.quantile(costs_ms, 0.999):.3f} ms, "
            f"worst of {costs_ms.size} {costs_ms.max():.3f} ms (the thread ran {max(series['own_ms']):.3f} ms), "
            f"{late} above {WORST_GOAL_MS:g} ms"
            # Every row has the same blocks: what one costs each time is its own, the rest is the machine's.
            + (f"; the costliest in its best of {len(rows)} rows {rows.min(axis=0).max():.3f} ms" if len(rows) else "")
        )
    return lines


def music(seed: int, n_samples: int = _LOOP_S * RATE) -> BakedLoop:
    """Return a loop of struck chords, bass and hiss at -12 LUFS: so loud that the limiter works."""
    generator = np.random.default_rng(seed)
    t = np.arange(n_samples) / RATE
    struck = np.exp(-6.0 * (t % 0.5))
    chord = sum(np.sin(2.0 * np.pi * hz * t) for hz in generator.uniform(200.0, 1500.0, 4))
    wave = 0.2 * struck * chord + 0.25 * np.sin(2.0 * np.pi * 55.0 * t)
    hiss = 0.08 * struck[:, None] * generator.standard_normal((n_samples, 2))
    samples: FloatArray = (wave[:, None] + hiss).astype(np.float32)
    return BakedLoop(samples, RATE, LoopRegion(0, n_samples), 0, 0.0)


def _plan(loop: BakedLoop, lead: BakedLoop | None = None) -> TransitionPlan:
    """Return a plan for a crossfade, begun at once, that outlasts every block of a row."""
    n_samples = (_BLOCKS_IN_A_ROW + 2 * _WARM_UP_BLOCKS) * BLOCK
    if lead is None:
        return TransitionPlan(n_samples, entries=(), correlations=())
    # Any low band costs the same.
    return TransitionPlan(
        n_samples, entries=(), correlations=(), bass=loop.samples * 0.5, lead_bass=lead.samples * np.float32(0.5)
    )


def _one_loop(loops: list[BakedLoop]) -> Mixer:
    mixer = Mixer(RATE)
    mixer.play(1, loops[0], fade_ms=1.0)
    return mixer


def _takeover(loops: list[BakedLoop]) -> Mixer:
    mixer = _one_loop(loops)
    _render(mixer, 1)
    mixer.take_over(2, loops[1], 1, _plan(loops[1], loops[0]))
    return mixer


def _four_channels(loops: list[BakedLoop]) -> Mixer:
    """Return a mixer whose channels play their loops through filters and a room, each at a gain of its own."""
    mixer = Mixer(RATE)
    for number, loop in enumerate(loops):
        mixer.set_effects(
            number, Effects(highpass_hz=80.0 + 10.0 * number, lowpass_hz=9000.0, reverb=0.3, room=0.4 + 0.1 * number)
        )
        mixer.set_gain(number, 0.5)
        mixer.play(number, loop, fade_ms=1.0, channel=number)
    return mixer


def _sweeping(loops: list[BakedLoop]) -> Mixer:
    """Return a mixer of four such channels, with the lowpass of each swept by an oscillator."""
    mixer = _four_channels(loops)
    for number in range(len(loops)):
        lfo = Lfo(300.0, 9000.0, Fraction(number + 1, 4))
        mixer.automate(number, ChannelParameter.LOWPASS_HZ, lfo)
    return mixer


def mixers(loops: list[BakedLoop]) -> dict[str, Mixer]:
    """Return a warmed-up mixer for every kind of block, which mixes that kind for a row of blocks."""
    made = {ONE_LOOP: _one_loop(loops), TAKEOVER: _takeover(loops), FOUR_CHANNELS: _four_channels(loops)}
    made[SWEEPING] = _sweeping(loops)
    for mixer in made.values():
        _render(mixer, _WARM_UP_BLOCKS)
    return made


def _render(mixer: Mixer, n_blocks: int) -> None:
    out = np.zeros((BLOCK, mixer.n_channels), dtype=np.float32)
    for _ in range(n_blocks):
        mixer.render(out)


def _measure(n_blocks: int) -> list[Series]:
    """Measure rows of blocks, as many as it takes, each by new mixers."""
    loops = [music(seed) for seed in range(4)]
    costs: dict[str, Series] = {}
    out = np.zeros((BLOCK, 2), dtype=np.float32)
    for first in range(0, n_blocks, _BLOCKS_IN_A_ROW):
        for name, mixer in mixers(loops).items():
            gc.collect()
            gc.freeze()
            of_kind = costs.setdefault(name, Series(name=name, costs_ms=[], own_ms=[]))
            for _ in range(min(_BLOCKS_IN_A_ROW, n_blocks - first)):
                own_before, before = time.thread_time(), time.perf_counter()
                mixer.render(out)
                after, own_after = time.perf_counter(), time.thread_time()
                of_kind["costs_ms"].append(1000.0 * (after - before))
                of_kind["own_ms"].append(1000.0 * (own_after - own_before))
                time.sleep(_PAUSE_S)
            mixer.tidy()
    return list(costs.values())


def _main() -> None:
    arguments = [word for word in sys.argv[1:] if word != "--json"]
    n_blocks = int(arguments[0]) if arguments else N_BLOCKS
    if "--json" in sys.argv:
        settle_in()
        priority.hurry(threading.get_native_id())
        sys.stdout.write(json.dumps(_measure(n_blocks)))
    else:
        for line in summary(block_costs(n_blocks)):
            print(line)


if __name__ == "__main__":
    _main()
