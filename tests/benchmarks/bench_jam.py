# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark times a jam's blocks: six layers with every effect, still, swept in step with the beats, and held.

Other guests of a machine come into the worst of them: the thread's own time, and what the best of several rows of the
same blocks cost, say what is the mixer's.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
import time
from fractions import Fraction

import numpy as np

from engine.playback.device import priority
from engine.playback.device.audio_process import settle_in
from engine.playback.mix.mixer import Mixer
from engine.values import BakedLoop, BarLock, ChannelParameter, Effects, FloatArray, LoopRegion
from engine.values.channels import MIX, wah
from engine.values.held import BeatRepeat, Brake, Gate, HeldEffect, Stutter, TapeStop
from tests.benchmarks.rows import BenchRow

RATE = 44_100
BLOCK = 512
LAYERS = 6
N_BLOCKS = int(os.environ.get("JAM_BLOCKS", "3000"))
MEDIAN_GOAL_MS = 0.6
WORST_GOAL_MS = 2.0

PLAIN, STILL, SWEPT, HELD = "without effects", "all effects", "all effects, swept", "all effects and one held"

_EVERYTHING = Effects(
    highpass_hz=60.0,
    lowpass_hz=5000.0,
    reverb=0.3,
    room=0.5,
    resonance=0.4,
    delay=0.3,
    delay_beats=Fraction(3, 4),
    delay_feedback=0.4,
)
_HELD: tuple[HeldEffect, ...] = (Stutter(), BeatRepeat(), TapeStop(), Gate(), Stutter(Fraction(1, 8)), Brake())
_ROWS = 3
_WARM_UP_BLOCKS = 300
# Between blocks, as between callbacks.
_PAUSE_S = 0.0003


def rows() -> list[BenchRow]:
    """Return the table's lines, measured in a process that is set up as the audio process is."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_jam"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    costs_ms: dict[str, list[list[float]]] = json.loads(done.stdout)
    block_ms = 1000.0 * BLOCK / RATE
    lines = []
    for name, of_rows in costs_ms.items():
        costs = np.asarray(of_rows)
        what = f"{LAYERS} layers {name}"
        lines += [
            BenchRow(
                f"{what}, median", float(np.median(costs)), "ms",
                "the same, of its best row", float(np.median(costs, axis=1).min()), f"<= {MEDIAN_GOAL_MS:g} ms",
            ),
            BenchRow(
                f"{what}, worst of {costs.size}", float(costs.max()), "ms",
                "the block itself", block_ms, f"<= {WORST_GOAL_MS:g} ms",
            ),
            # Every row has the same blocks: what one costs each time is its own.
            BenchRow(
                f"{what}, costliest in its best row", float(costs.min(axis=0).max()), "ms",
                "the block itself", block_ms, f"<= {WORST_GOAL_MS:g} ms",
            ),
        ]  # fmt: skip
    return lines


def _loop(seed: int) -> BakedLoop:
    """Return a loop of two bars at 120 beats a minute, struck on each beat."""
    generator = np.random.default_rng(seed)
    n_samples = 4 * RATE
    struck = np.exp(-8.0 * (np.arange(n_samples) / RATE % 0.5))[:, None]
    samples: FloatArray = (0.1 * struck * generator.standard_normal((n_samples, 2))).astype(np.float32)
    return BakedLoop(samples, RATE, LoopRegion(0, n_samples), 0, 0.0)


def _mixer(kind: str, loops: list[BakedLoop]) -> Mixer:
    mixer = Mixer(RATE)
    mixer.set_clock(Fraction(120), 4, bars=Fraction(0))
    for channel, loop in enumerate(loops, start=1):
        mixer.set_gain(channel, 0.5)
        if kind != PLAIN:
            mixer.set_effects(channel, _EVERYTHING)
        if kind == SWEPT:
            mixer.automate(channel, ChannelParameter.LOWPASS_HZ, wah(900.0, 0.7, beats=Fraction(channel, 2)))
        mixer.play(channel, loop, fade_ms=5.0, channel=channel, lock=BarLock(2))
    return mixer


def _row(kind: str, loops: list[BakedLoop], n_blocks: int) -> list[float]:
    mixer, out, costs_ms = _mixer(kind, loops), np.zeros((BLOCK, 2), dtype=np.float32), []
    for _ in range(_WARM_UP_BLOCKS):
        mixer.render(out)
    gc.collect()
    gc.freeze()
    for number in range(n_blocks):
        if kind == HELD and number % 100 == 0:
            turn = number // 100
            channel = MIX if turn % 7 == 6 else 1 + turn % LAYERS
            mixer.hold(channel, _HELD[turn % len(_HELD)] if turn % 2 == 0 else None)
            for other in (*range(1, LAYERS + 1), MIX):
                if turn % 2:
                    mixer.hold(other, None)
        began = time.perf_counter()
        mixer.render(out)
        costs_ms.append(1000.0 * (time.perf_counter() - began))
        mixer.blocks.clear()
        time.sleep(_PAUSE_S)
    mixer.tidy()
    return costs_ms


def _main() -> None:
    settle_in()
    priority.hurry(threading.get_native_id())
    loops = [_loop(seed) for seed in range(LAYERS)]
    n_blocks = max(1, N_BLOCKS // _ROWS)
    json.dump(
        {kind: [_row(kind, loops, n_blocks) for _ in range(_ROWS)] for kind in (PLAIN, STILL, SWEPT, HELD)}, sys.stdout
    )


if __name__ == "__main__":
    _main()
