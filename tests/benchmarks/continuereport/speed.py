# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of speed: how long 30 s are listened to, beside librosa's beat tracker, which hears the beats alone."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from engine.listening.listen import listen
from engine.values import Clip
from tests.benchmarks.continuereport.plain import mono_of, plain_beats
from tests.benchmarks.continuereport.tables import Outcome

TITLE = "Speed"
LENGTH_S = 30.0
GOAL = f"≤ 0.15 s for {LENGTH_S:.0f} s in stereo"

_PIECES, _CALLS = 6, 5


def text(outcomes: Sequence[Outcome]) -> str:
    """Return the table as Markdown; pieces are repeated or cut to the length, and both are timed in turns."""
    ours, plain = [], []
    for one in outcomes[:: max(1, len(outcomes) // _PIECES)][:_PIECES]:
        clip = at_length(one.piece.clip, LENGTH_S)
        mono = mono_of(clip)  # librosa is given what it works on
        listen(clip)
        plain_beats(mono)
        calls = []
        for _ in range(_CALLS):
            start = time.perf_counter()
            listen(clip)
            middle = time.perf_counter()
            plain_beats(mono)
            calls.append((middle - start, time.perf_counter() - middle))
        ours_s, plain_s = np.median(calls, axis=0)
        ours.append(float(ours_s))
        plain.append(float(plain_s))
    ratios = np.array(ours) / np.array(plain)
    rows = ["| | seconds, median of pieces | slowest piece |", "|---|---|---|"]
    rows += [
        f"| {name} | {np.median(times):.3f} | {max(times):.3f} |"
        for name, times in (("beats, bars, chords, key and character", ours), ("librosa's beats", plain))
    ]
    return "\n".join([*rows, "", f"Ours over librosa's: median {np.median(ratios):.2f}, at most {ratios.max():.2f}."])


def at_length(clip: Clip, length_s: float) -> Clip:
    """Return a clip repeated, then cut, to a length."""
    n = round(length_s * clip.sample_rate)
    turns = -(-n // clip.n_samples)
    return Clip(np.ascontiguousarray(np.tile(clip.samples, (turns, 1))[:n]), clip.sample_rate)
