# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-playback``, or ``python -m tests.benchmarks.playbackreport``: the report on playing.

What is printed is also written to ``report.md``, with the plots beside it; nothing is asserted. ``make soak`` takes
longer, and fails.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from engine.library.atomic import write_bytes
from tests.benchmarks.drawing import draw
from tests.benchmarks.loopcases.cases import cache_folder
from tests.benchmarks.playbackreport import blocks, latency, recovery, seams
from tests.benchmarks.warm_peer import PYTHON
from tests.soak.hearing import FileRecording
from tests.soak.memory import FLAT_MIB, Held, growths
from tests.soak.running import soak_studio, soak_window
from tests.soak.takeovers import period_drift, soak_takeovers
from tests.soak.trouble import EVERY_S, HOLD_S
from tests.soundserver import SoundServer

LATENCY_GOAL_MS = 30.0
LATENCY_S = 0.06


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure is a line of the report's table."""

    what: str
    figure: str
    goal: str
    how: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command line."""

    out: Path
    minutes: float
    loops: int
    hours: float
    tries: int
    blocks: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=cache_folder() / "playback", help="folder for report.md and plots")
    parser.add_argument("--only", nargs="+", choices=list(SECTIONS), default=list(SECTIONS), help="only these sections")
    parser.add_argument("--minutes", type=float, default=2.0, help="with the GIL held (default 2; the goal's are 10)")
    parser.add_argument("--loops", type=int, default=2000, help="takeovers at an accelerated clock (default 2000)")
    parser.add_argument("--hours", type=float, default=1.0, help="of the studio and of one loop, accelerated (1)")
    parser.add_argument("--tries", type=int, default=20, help="of each command (default 20)")
    parser.add_argument("--blocks", type=int, default=100_000, help="mixed blocks (default 100 000)")
    told = parser.parse_args()
    asked = Asked(told.out, told.minutes, told.loops, told.hours, told.tries, told.blocks)
    asked.out.mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    pictures: list[str] = []
    for name in told.only:
        print(f"{name} …", file=sys.stderr, flush=True)
        lines, drawn = SECTIONS[name](asked)
        figures += lines
        pictures += drawn
    report = "\n\n".join([_head(), _table(figures), *pictures]) + "\n"
    print(report)
    write_bytes(asked.out / "report.md", report.encode())
    print(f"written to {asked.out}", file=sys.stderr)
    return 0


def _head() -> str:
    told = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return f"# Playing\n\n{time.strftime('%Y-%m-%d')}, {told}."


def _table(figures: list[Figure]) -> str:
    rows = [f"| {one.what} | {one.figure} | {one.goal} | {one.how} |" for one in figures]
    return "\n".join(["| what | figure | goal | how it was measured |", "|---|---|---|---|", *rows])


Section = tuple[list[Figure], list[str]]


def _blocks(asked: Asked) -> Section:
    costs = blocks.block_costs(asked.blocks)
    _draw("blocks", dict(costs), asked.out)
    lines = []
    for series in costs["series"]:
        costs_ms = np.asarray(series["costs_ms"])
        n_late = int((costs_ms > blocks.WORST_GOAL_MS).sum())
        figure = f"median {np.median(costs_ms):.3f} ms, worst {costs_ms.max():.2f} ms"
        goal = f"≤ {blocks.MEDIAN_GOAL_MS:g} ms, worst ≤ {blocks.WORST_GOAL_MS:g} ms"
        how = f"{costs_ms.size} blocks of {blocks.BLOCK} at {blocks.RATE // 1000} kHz; {n_late} above 1 ms"
        lines.append(Figure(f"mixing a block: {series['name']}", figure, goal, how))
    return lines, ["![Block costs](blocks.png)"]


def _dropouts(asked: Asked) -> Section:
    heard = soak_window(60.0 * asked.minutes)
    how = (
        f"the sink's monitor against the tape, bit for bit, {heard.compared_s:.0f} s; {len(heard.held_s)} holds, "
        f"{len(heard.rounds_s)} rounds of analysis, {heard.n_repaints} repaints, {heard.n_loops} loops"
    )
    what = f"dropouts in {asked.minutes:g} min, GIL held {1000 * HOLD_S:.0f} ms every {EVERY_S:g} s"
    latency_ms = 1000.0 * heard.latency_s
    return [
        Figure(what, f"{len(heard.dropouts)}", "0", how),
        Figure("xruns meanwhile", f"{heard.xruns}", "0", "as PortAudio tells them"),
        Figure("device latency meanwhile", f"{latency_ms:.1f} ms", "≤ 60 ms", "as PortAudio reports it"),
    ], []


def _latency(asked: Asked) -> Section:
    effects: dict[str, list[latency.Effect]] = {name: [] for name in latency.COMMANDS}
    with tempfile.TemporaryDirectory(prefix="latency-") as home:
        server = SoundServer(Path(home))
        server.start()
        before = dict(os.environ)
        os.environ.update(server.environment)
        try:
            with FileRecording(latency_ms=5) as recording, latency.LatencyBench(latency_s=LATENCY_S) as bench:
                for _ in range(asked.tries):
                    for name, own in effects.items():
                        own.append(bench.measure(name, recording=recording))
                reported_ms = bench.reported_ms
        finally:
            server.stop()
            os.environ.clear()
            os.environ.update(before)
    lines = []
    for name, own in effects.items():
        audible = sorted(one.audible_ms for one in own)
        pairs = [(one.heard_ms, one.device_ms) for one in own if one.heard_ms is not None and one.device_ms is not None]
        heard, device = (statistics.median(values) for values in zip(*pairs, strict=True))
        beyond = statistics.median(heard_ms - device_ms for heard_ms, device_ms in pairs)
        how = (
            f"{len(own)} tries, frames of the tape up to a change of 1 dB; by loop-back {heard:.0f} ms in all, of "
            f"which {device:.0f} ms from the tape to the monitor ({beyond:.0f} ms before)"
        )
        figure = f"{statistics.median(audible):.1f} ms (worst {audible[-1]:.1f})"
        lines.append(Figure(f"{name}: to its audible effect", figure, f"≤ {LATENCY_GOAL_MS:.0f} ms", how))
    title = f"Commands, device latency {reported_ms:.0f} ms"
    audible_ms = {name: [one.audible_ms for one in own] for name, own in effects.items()}
    _draw("latency", {"audible_ms": audible_ms, "goal_ms": LATENCY_GOAL_MS, "title": title}, asked.out)
    return lines, ["![Latency of commands](latency.png)"]


def _recovery(_: Asked) -> Section:
    how = "the longest standstill of the tape, or until it was so, on a sound server of its own"
    return [Figure(one.what, f"{one.took_s:.2f} s", f"≤ {one.goal_s:g} s", how) for one in recovery.recoveries()], []


def _seams(asked: Asked) -> Section:
    found = seams.seams()
    _draw("seams", {"seams": [asdict(one) for one in found]}, asked.out)
    how = f"the best loop of a clip of each of {len(found)} styles, overlap {seams.OVERLAP_MS:.0f} ms"
    steps, dips = [one.step for one in found], [one.dip_db for one in found]
    faded = statistics.median(one.faded_dip_db for one in found)
    return [
        Figure("seam: largest step over the music's own", f"{max(steps):.2f}", "≤ 1", how),
        Figure(
            "seam: energy dip over 20 ms",
            f"{statistics.median(dips):.2f} dB (worst {max(dips):.2f})",
            "≤ 0.5 dB",
            f"{how}; turns faded to zero: {faded:.0f} dB",
        ),
        *(_dragged(seams.dragged(overlap_ms)) for overlap_ms in (50.0, seams.OVERLAP_MS, 1920.0)),
    ], ["![Seams](seams.png)"]


def _dragged(dips: seams.Dips) -> Figure:
    median_db, most_db = dips.below_sides
    how = (
        f"against the lower of its two sides, {dips.n_regions} regions whose edges lie anywhere; against the 20 ms on "
        f"either side {dips.around[0]:.2f} (90 %: {dips.around[1]:.2f}) dB, the music itself {dips.music[0]:.2f} "
        f"(90 %: {dips.music[1]:.2f}) dB"
    )
    what = f"region dragged by hand, overlap {dips.overlap_ms:.0f} ms: energy dip over 20 ms"
    return Figure(what, f"{median_db:.2f} dB (90 %: {most_db:.2f})", "≤ 0.5 dB", how)


def _memory(asked: Asked) -> Section:
    taken = soak_takeovers(asked.loops, say=lambda words: print(f"  {words}", file=sys.stderr, flush=True))
    studio = soak_studio(asked.hours)
    n_wrong, n_turns = period_drift(asked.hours)
    how = "own memory (PSS, no files), median of the last quarter less that of the second; accelerated silent clock"
    lines = [
        Figure(f"memory of {one.name}, {what}", f"{one.grown_mib:+.1f} MiB of {one.last_mib:.0f}", "± 5 MiB", how)
        for what, series in (
            (f"{taken.n_loops} loops taken over", taken.memory),
            (f"{asked.hours:g} h of the studio, {studio.n_loops} loops", studio.memory),
        )
        for one in growths(series)
    ]
    lines.append(
        Figure(
            f"drift of the loop's period after {asked.hours:g} h",
            "0 samples" if not n_wrong else f"{n_wrong} frames are not the loop's",
            "0",
            f"every frame of the tape against the loop, {n_turns:.0f} turns",
        )
    )
    soaks = [
        _soak("Takeovers", "loops", taken.n_loops, taken.memory),
        _soak("The whole studio", "hours", asked.hours, studio.memory),
    ]
    _draw("memory", {"soaks": soaks, "flat_mib": FLAT_MIB}, asked.out)
    return lines, ["![Memory](memory.png)"]


def _soak(title: str, unit: str, amount: float, memory: list[list[Held]]) -> dict[str, object]:
    names = [one.name for one in growths(memory)]
    series = {name: [one.own_mib for moment in memory for one in moment if one.name == name] for name in names}
    return {"title": title, "unit": unit, "amount": amount, "series": series}


def _draw(what: str, data: dict[str, object], out: Path) -> None:
    if not PYTHON.exists():
        print(f"no {what}.png: “make bench-playback” makes the environment that draws it", file=sys.stderr)
        return
    draw(PYTHON, Path(__file__).with_name("plots.py"), what, data, out)


SECTIONS: dict[str, Callable[[Asked], Section]] = {
    "blocks": _blocks,
    "dropouts": _dropouts,
    "latency": _latency,
    "seams": _seams,
    "memory": _memory,
    "recovery": _recovery,
}


if __name__ == "__main__":
    raise SystemExit(main())
