# SPDX-License-Identifier: GPL-3.0-or-later
"""This report times both finders on the same files, in turns: warm, and as whole cold processes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
import soxr

from engine.library.soundfiles import open_sound
from engine.loops.finder import find_loops
from engine.values import Clip, LoopSearch
from tests.benchmarks.loopcases.cases import cache_folder, case_rng
from tests.benchmarks.loopcases.real import compositions, excerpt, recordings
from tests.benchmarks.loopreport.hits import OURS, PEERS, options
from tests.benchmarks.loopreport.peer import COMMAND, Peer
from tests.benchmarks.warm_peer import PYTHON

RATE = 44_100
LENGTHS: dict[str, tuple[float, int, int]] = {"30 s clip": (30.0, 6, 7), "4-minute track": (240.0, 3, 3)}
"""Lengths in seconds, with the number of files and of measured calls of each finder for each file."""

COLD_RUNS = 5


@dataclass
class Times:
    """Milliseconds by finder, one list of calls a file, and in how many files it found nothing."""

    find: dict[str, list[list[float]]] = field(default_factory=lambda: {name: [] for name in (OURS, *PEERS)})
    whole: dict[str, list[list[float]]] = field(default_factory=lambda: {name: [] for name in (OURS, *PEERS)})
    n_nothing: dict[str, int] = field(default_factory=lambda: dict.fromkeys((OURS, *PEERS), 0))


def tables(peer: Peer) -> str:
    """Return Markdown: warm and cold times and their ratios."""
    lines = []
    for words, (seconds, n_files, n_calls) in LENGTHS.items():
        times = warm(peer, list(files(seconds, n_files)), n_calls)
        lines += [f"### Warm, {words} (stereo, 44.1 kHz; {n_files} files, {n_calls} calls each, in turns)", ""]
        lines += [
            "| | found in (median) | fastest | over ours | read and found in (median) | over ours | found nothing |"
        ]
        lines += ["|---|---|---|---|---|---|---|"]
        for name in times.find:
            find, whole = times.find[name], times.whole[name]
            cells = [
                f"{_median(find):.0f} ms",
                f"{min(min(calls) for calls in find):.0f} ms",
                _ratio(find, times.find[OURS]),
                f"{_median(whole):.0f} ms",
                _ratio(whole, times.whole[OURS]),
                f"in {times.n_nothing[name]}",
            ]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join([*lines, _cold_table()])


def files(seconds: float, n: int) -> Iterator[Path]:
    """Return excerpts of different held-out pieces, stereo at 44.1 kHz, made once."""
    folder = cache_folder() / "timing-v1"
    folder.mkdir(exist_ok=True)
    pieces = [piece for pair in zip(recordings("held_out"), compositions("held_out"), strict=False) for piece in pair]
    made = 0
    for number, piece in enumerate(pieces):
        path = folder / f"{seconds:.0f}-{number:03d}.flac"
        if not path.exists():
            clip, _ = excerpt(piece, seconds, case_rng("real", "held_out", 9000 + number))
            if clip.n_channels != 2 or clip.duration_s < 0.99 * seconds:
                continue
            samples = clip.samples
            if clip.sample_rate != RATE:
                samples = np.asarray(soxr.resample(samples, clip.sample_rate, RATE), dtype=np.float32)
            soundfile.write(part := path.with_suffix(".part"), samples, RATE, format="FLAC", subtype="PCM_16")
            part.replace(path)
        yield path
        made += 1
        if made == n:
            return


def warm(peer: Peer, paths: list[Path], n_calls: int) -> Times:
    """Time both finders in turns on each file; each one's first call of a file is not counted."""
    times = Times()
    for path in paths:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        clip = Clip(samples, rate)
        for times_of in (times.find, times.whole):
            for calls in times_of.values():
                calls.append([])
        for call in range(n_calls + 1):
            find_ms = {OURS: [_ms(lambda clip=clip: find_loops(clip, LoopSearch()))]}  # type: ignore[misc]
            whole_ms = {OURS: [_ms(lambda path=path: _read_and_find(path))]}  # type: ignore[misc]
            for name in PEERS:
                told = peer.find(path, options(name, clip))
                find_ms[name], whole_ms[name] = list(told.find_ms), list(told.whole_ms)
                times.n_nothing[name] += bool(told.nothing) and call == 0
            if call:  # the first is not counted
                for name in times.find:
                    times.find[name][-1] += find_ms[name]
                    times.whole[name][-1] += whole_ms[name]
    return times


def _read_and_find(path: Path) -> None:
    with open_sound(path) as sound:
        find_loops(sound, LoopSearch())


def _cold_table() -> str:
    path = next(files(30.0, 1))
    ours = str(Path(sys.executable).with_name("infiniloop"))
    commands = {
        "infiniloop analyze": [ours, "analyze", str(path)],
        "python -c “import librosa”": [str(PYTHON), "-c", "import librosa"],
        "python -c “import librosa.beat, librosa.onset”, which loads all of it": [
            str(PYTHON),
            "-c",
            "import librosa, librosa.beat, librosa.onset; librosa.beat.beat_track, librosa.onset.onset_strength",
        ],
        "pymusiclooper export-points": [str(COMMAND), "export-points", "--path", str(path)],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(COLD_RUNS + 1):
        for name, command in commands.items():
            ms = _ms(lambda command=command: subprocess.run(command, check=True, capture_output=True))  # type: ignore[misc]
            if turn:  # the first fills the disk's cache
                times[name].append(ms)
    lines = [f"### Cold: a whole process for one 30 s file ({COLD_RUNS} runs, in turns)", ""]
    lines += ["| | median | fastest | over ours |", "|---|---|---|---|"]
    own = float(np.median(times["infiniloop analyze"]))
    for name, some in times.items():
        median = float(np.median(some))
        lines.append(f"| {name} | {median / 1000:.2f} s | {min(some) / 1000:.2f} s | {median / own:.1f} × |")
    return "\n".join([*lines, ""])


def _median(calls: list[list[float]]) -> float:
    """Return the median over files of the median over calls."""
    return float(np.median([np.median(one) for one in calls]))


def _ratio(some: list[list[float]], ours: list[list[float]]) -> str:
    """Return the median over files of the ratio of the medians."""
    return f"{np.median([np.median(one) / np.median(own) for one, own in zip(some, ours, strict=True)]):.1f} ×"


def _ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000.0 * (time.perf_counter() - start)
