# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth is how time and memory rise with the length of a file, from 5 s to an hour of stereo at 48 kHz."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from tests.benchmarks.loopcases.cases import cache_folder, case_rng
from tests.benchmarks.loopcases.sources import music
from tests.benchmarks.warm_peer import ROOT

RATE = 48_000
LENGTHS_S = (5, 30, 120, 480, 1800, 3600)
RUNS = 3
LONG_RUNS = 1  # of what lasts longer than:
LONG_S = 1000
STEADY_S = 30.0  # below, what every search costs outweighs the length


@dataclass(frozen=True, slots=True)
class Point:
    """One length of file.

    Attributes
    ----------
    took_s, took_median_s
        The fastest run's time, and the median.
    memory_mb, peak_mb
        The highest peak of a process, over what it held after warming up, and in all.
    """

    seconds: float
    took_s: float
    took_median_s: float
    memory_mb: float
    peak_mb: float


def measure() -> list[Point]:
    """Measure every length, each in a process of its own."""
    piece = long_piece()
    points = []
    with tempfile.TemporaryDirectory(dir=cache_folder()) as folder:
        for seconds in LENGTHS_S:
            path = piece if seconds == LENGTHS_S[-1] else Path(folder) / f"{seconds}.flac"
            if path != piece:
                _copy_start(piece, path, seconds * RATE)
            runs = [_run(path) for _ in range(LONG_RUNS if seconds > LONG_S else RUNS)]
            took = [run["seconds"] for run in runs]
            memory = max(run["peak_mb"] - run["before_mb"] for run in runs)
            peak = max(run["peak_mb"] for run in runs)
            points.append(Point(float(seconds), min(took), float(np.median(took)), memory, peak))
            print(f"  {seconds:5d} s: {min(took):7.2f} s, {memory:6.0f} MB", file=sys.stderr, flush=True)
    return points


def exponent(points: list[Point], what: str) -> float:
    """Return the slope of the straight line through the points on logarithmic axes: 1 is proportional to the length."""
    lengths = [point.seconds for point in points]
    figures = [max(getattr(point, what), 1e-3) for point in points]
    return float(np.polyfit(np.log(lengths), np.log(figures), 1)[0])


def table(points: list[Point]) -> str:
    """Return the points as Markdown."""
    lines = [
        "| length | time | median | of real time | memory over an idle process | peak |",
        "|---|---|---|---|---|---|",
    ]
    for point in points:
        words = f"{point.seconds:.0f} s" if point.seconds < 60 else f"{point.seconds / 60:.0f} min"
        share = f"1/{point.seconds / point.took_s:.0f}"
        times = f"{point.took_s:.2f} s | {point.took_median_s:.2f} s"
        lines.append(f"| {words} | {times} | {share} | {point.memory_mb:.0f} MB | {point.peak_mb:.0f} MB |")
    later = [point for point in points if point.seconds >= STEADY_S]
    lines += [
        "",
        f"Slope on logarithmic axes (1 is linear): time {exponent(points, 'took_s'):.2f}, memory "
        f"{exponent(points, 'memory_mb'):.2f}; from 30 s on: time {exponent(later, 'took_s'):.2f}, memory "
        f"{exponent(later, 'memory_mb'):.2f}.",
    ]
    return "\n".join(lines)


def long_piece() -> Path:
    """Return an hour of held-out stereo music at 48 kHz: some hundred stretches, each played one to four times."""
    path = cache_folder() / "growth-v1.flac"
    if path.exists():
        return path
    rng = case_rng("planted", "held_out", 9999)
    part, left = path.with_suffix(".part"), LENGTHS_S[-1] * RATE
    with soundfile.SoundFile(part, "w", RATE, 2, format="FLAC", subtype="PCM_16") as file:
        while left > 0:
            stretch, _ = music("held_out", float(rng.uniform(3.0, 25.0)), RATE, rng)
            level = float(np.sqrt(np.mean(np.square(stretch, dtype=np.float64))))
            if level < 1e-4:
                continue
            samples = np.tile(np.clip(stretch * (0.1 / level), -1.0, 1.0), (int(rng.integers(1, 5)), 1))[:left]
            file.write(samples)
            left -= samples.shape[0]
    part.replace(path)
    return path


def _copy_start(piece: Path, path: Path, n_samples: int) -> None:
    with (
        soundfile.SoundFile(piece) as whole,
        soundfile.SoundFile(path, "w", RATE, 2, format="FLAC", subtype="PCM_16") as start,
    ):
        for at in range(0, n_samples, 10 * RATE):
            start.write(whole.read(min(10 * RATE, n_samples - at), dtype="float32", always_2d=True))


def _run(path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.loopreport.growth_child", str(path)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
