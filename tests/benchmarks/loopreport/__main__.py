# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-loops``, or ``python -m tests.benchmarks.loopreport``: the report on the loop finder.

On held-out cases: the weights were fitted on others. What is printed is also written to ``report.md``, with the plots
beside it; nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from engine.library.atomic import write_bytes
from tests.benchmarks.drawing import draw
from tests.benchmarks.loopcases.cases import KINDS, Kind, MaterialMissing, cache_folder
from tests.benchmarks.loopcases.corpus import USUAL_COUNT
from tests.benchmarks.loopreport import choices, growth, hits, timing
from tests.benchmarks.loopreport.answers import our_answers
from tests.benchmarks.loopreport.calibration import Calibration, calibration, table
from tests.benchmarks.loopreport.peer import peer
from tests.benchmarks.warm_peer import PYTHON, PeerMissing

SECTIONS = ("hits", "choices", "times", "calibration", "growth")
CALIBRATED: dict[Kind, int] = {"planted": 180, "performed": 120, "none": 90}

_HITS = """## Hits

The same held-out files for all, in this run. *planted*: a period of real music repeated between other music or noise;
*performed*: bars replayed with jitter, other velocities and ornaments; *real*: 30 s excerpts with no known answer,
judged by the bare join (no crossfade); *none*: noise, sweeps, free time and the like. PyMusicLooper {version} as it
comes asks for loops of at least 35 % of the file, and cannot find what is shorter; its second column asks for the
lengths that ours does (a twentieth of the file, from 1.5 s)."""

_CHOICES = """## Choices

Of held-out real excerpts, most of which do not loop: how much of the music is heard, and over what a seam, as our own
proof has it of the seam as rendered, with its crossfade."""

_TIMES = """## Times

On a machine that may be doing other things as well: the ratios are what counts. *Found in*: from samples in memory, for
all. The first call of each file is not counted. Where PyMusicLooper finds nothing it stops early."""

_CALIBRATION = """## Calibration

Of the loops scored 0.9, nine in ten should be right: on {cases}, all held out. The bars are 95 % intervals (Wilson)."""

_GROWTH = """## Growth

Time (the fastest of {runs} runs, of {long_runs} from half an hour on, reading and decoding included) and peak memory of
a process that opens a FLAC file of music, stereo at 48 kHz, and finds its loops, over what it held before."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=cache_folder() / "report", help="folder for report.md and the plots"
    )
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS, help="only these sections")
    parser.add_argument(
        "-j", type=int, default=min(4, os.cpu_count() or 1), metavar="PROCESSES", help="never while timing"
    )
    asked = parser.parse_args()
    out: Path = asked.out
    out.mkdir(parents=True, exist_ok=True)
    parts = [_head()]
    try:
        for section in (name for name in SECTIONS if name in asked.only):
            _say(f"{section} …")
            part = {
                "hits": _hits,
                "choices": _choices,
                "times": _times,
                "calibration": _calibration,
                "growth": _growth,
            }[section]
            parts.append(part(out, asked.j))
            print(parts[-1], flush=True)
    except (MaterialMissing, PeerMissing) as missing:
        _say(str(missing))
        return 1
    write_bytes(out / "report.md", ("\n\n".join(parts) + "\n").encode())
    _say(f"written to {out}")
    return 0


def _head() -> str:
    told = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return f"# The loop finder\n\n{time.strftime('%Y-%m-%d')}, {told}; PyMusicLooper {_peer_version()}."


def _hits(out: Path, n_processes: int) -> str:
    answers: dict[str, hits.Answers] = {hits.OURS: _ours(dict(USUAL_COUNT), n_processes)}
    with peer(out / "pymusiclooper.log") as one:
        for name in hits.PEERS:
            _say(f"  {name}")
            answers[name] = hits.peer_answers(one, name)
    words = _HITS.format(version=_peer_version())
    return f"{words}\n\n{hits.tables(answers)}\n\nMissed by ours: {hits.wrong(answers[hits.OURS])}."


def _choices(_: Path, n_processes: int) -> str:
    return f"{_CHOICES}\n\n{choices.tables(n_processes)}"


def _times(out: Path, _: int) -> str:
    with peer(out / "pymusiclooper.log") as one:
        return f"{_TIMES}\n\n{timing.tables(one)}"


def _calibration(out: Path, n_processes: int) -> str:
    answers = [one for some in _ours(CALIBRATED, n_processes).values() for one in some if not one.nothing]
    best = calibration([one.scores[0] for one in answers], [one.right[0] for one in answers])
    every = calibration(
        [score for one in answers for score in one.scores], [right for one in answers for right in one.right]
    )
    cases = ", ".join(f"{n} {kind}" for kind, n in CALIBRATED.items())
    series = [_series("best of each clip", best), _series("all candidates", every)]
    _draw("calibration", {"title": f"Does a score mean what it says? ({cases})", "series": series}, out)
    return "\n\n".join(
        [
            _CALIBRATION.format(cases=cases),
            "![Reliability diagram](calibration.png)",
            f"### The best candidate of each clip\n\n{table(best)}",
            f"### All candidates\n\n{table(every)}",
        ]
    )


def _growth(out: Path, _: int) -> str:
    points = growth.measure()
    later = [point for point in points if point.seconds >= growth.STEADY_S]
    slopes = {what: growth.exponent(later, what) for what in ("took_s", "memory_mb")}
    _draw("growth", {"points": [asdict(point) for point in points], "slopes": slopes}, out)
    words = _GROWTH.format(runs=growth.RUNS, long_runs=growth.LONG_RUNS)
    return f"{words}\n\n![Growth of time and memory](growth.png)\n\n{growth.table(points)}"


def _ours(counts: dict[Kind, int], n_processes: int) -> hits.Answers:
    jobs = [(kind, index) for kind in KINDS if kind in counts for index in range(counts[kind])]
    answers: hits.Answers = {kind: [] for kind in counts}
    for number, answer in enumerate(our_answers(jobs, n_processes), 1):
        answers[answer.kind].append(answer)
        if number % 50 == 0:
            _say(f"  {number} of {len(jobs)} cases")
    return answers


def _series(name: str, found: Calibration) -> dict[str, object]:
    return {"name": name, **asdict(found)}


def _draw(what: str, data: dict[str, object], out: Path) -> None:
    draw(PYTHON, Path(__file__).with_name("plots.py"), what, data, out)


def _peer_version() -> str:
    if not PYTHON.exists():
        return "(not installed)"
    command = [str(PYTHON), "-c", "import importlib.metadata as m; print(m.version('pymusiclooper'))"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


_PARTS = {"hits": _hits, "choices": _choices, "times": _times, "calibration": _calibration, "growth": _growth}


if __name__ == "__main__":
    raise SystemExit(main())
