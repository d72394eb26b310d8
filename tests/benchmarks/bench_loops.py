# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark times the loop finder and the pictures, beside librosa's own work on the same clip.

How well it finds, and how it fares beside PyMusicLooper, is the loop report's: ``make bench-loops``.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from engine.dsp.peaks import peak_pyramid
from engine.dsp.spectrogram import spectrogram_image
from engine.loops.finder import find_loops, score_region, warm_up
from engine.values import Algorithm, Clip, LoopSearch
from tests.benchmarks.rows import BenchRow
from tests.engine.loops.material import groove

_FRESH = """
import time
start = time.perf_counter()
from engine.loops.finder import find_loops, warm_up
warm_up()
print(time.perf_counter() - start)
"""

_FRESH_LIBROSA = """
import time
start = time.perf_counter()
import numpy as np, librosa
librosa.beat.beat_track(y=np.random.default_rng(0).standard_normal(44100).astype(np.float32), sr=22050)
print(time.perf_counter() - start)
"""


def rows() -> list[BenchRow]:
    """Measure the finder (both algorithms, a song, a dragged region, a fresh process) and pictures of two lengths."""
    clip = groove(44_100, 120.0, n_bars=15)
    song = groove(44_100, 120.0, n_bars=120)
    long_clip = Clip(np.tile(clip.samples, (20, 1)), clip.sample_rate)
    warm_up()
    findings = find_loops(clip, LoopSearch(Algorithm.ADVANCED, 4.0))
    tracking_s = _librosa_beats_s(clip)
    reading_s = _seconds(lambda: float(np.abs(clip.samples).max()))
    reading_long_s = _seconds(lambda: float(np.abs(long_clip.samples).max()))
    peer = "librosa.beat.beat_track alone"
    return [
        BenchRow(
            "advanced loop search, 30 s stereo",
            _seconds(lambda: find_loops(clip, LoopSearch(Algorithm.ADVANCED, 4.0))),
            "s",
            peer,
            tracking_s,
            "<= 0.05 s",
        ),
        BenchRow(
            "advanced loop search, 4 min stereo",
            _seconds(lambda: find_loops(song, LoopSearch(Algorithm.ADVANCED, 4.0))),
            "s",
            peer,
            _librosa_beats_s(song),
            "<= 0.4 s",
        ),
        BenchRow(
            "classic loop search, 30 s stereo",
            _seconds(lambda: find_loops(clip, LoopSearch(Algorithm.CLASSIC, 4.0))),
            "s",
            peer,
            tracking_s,
            "<= 0.05 s",
        ),
        BenchRow(
            "score of a dragged region, 30 s stereo",
            _seconds(lambda: score_region(clip, findings.best.region, findings.facts)),
            "s",
            peer,
            tracking_s,
            "<= 0.3 s",
        ),
        BenchRow(
            "finder warm in a fresh process",
            _fresh_s(_FRESH),
            "s",
            "librosa's beat tracker in a fresh process",
            _fresh_s(_FRESH_LIBROSA),
            "<= 1 s",
        ),
        BenchRow(
            "peak pyramid, 10 min stereo",
            _seconds(lambda: peak_pyramid(long_clip)),
            "s",
            "one pass over the samples (numpy)",
            reading_long_s,
            "<= 0.5 s",
        ),
        BenchRow(
            "spectrogram image, 30 s stereo",
            _seconds(lambda: spectrogram_image(clip)),
            "s",
            "one pass over the samples (numpy)",
            reading_s,
            "<= 0.3 s",
        ),
        BenchRow(
            "spectrogram image, 10 min stereo",
            _seconds(lambda: spectrogram_image(long_clip)),
            "s",
            "one pass over the samples (numpy)",
            reading_long_s,
            "<= 2 s",
        ),
    ]


def _seconds(work: Callable[[], object], repeats: int = 3, at_least_s: float = 1.0) -> float:
    """Return the median time of ``work``, run warm so often, and for so long, after one unmeasured run."""
    work()
    times: list[float] = []
    while len(times) < repeats or sum(times) < at_least_s:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def _fresh_s(program: str) -> float:
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return float(done.stdout)


def _librosa_beats_s(clip: Clip) -> float:
    import librosa

    mono = clip.samples.mean(axis=1)
    return _seconds(lambda: librosa.beat.beat_track(y=mono, sr=clip.sample_rate))
