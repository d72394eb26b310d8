# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``analyze``: find where an audio file loops, and say why.

Positions are samples in the file's own rate; ``loop_end`` is exclusive.
"""

from __future__ import annotations

import argparse

from app.commands import terminal
from engine.errors import OutOfRange
from engine.units import samples_to_seconds
from engine.values import Algorithm, Clip, LoopFindings, LoopSearch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="an audio file: WAV, FLAC, OGG, MP3…")
    parser.add_argument(
        "--algorithm",
        choices=[str(one) for one in Algorithm],
        default=str(Algorithm.ADVANCED),
        help="advanced: several metrics (default); classic: spectral similarity alone",
    )
    parser.add_argument("--min-loop", type=float, default=2.0, metavar="S", help="shortest loop, seconds (default 2)")
    parser.add_argument("--max-loop", type=float, default=None, metavar="S", help="longest loop, seconds (the file)")
    parser.add_argument("--top", type=int, default=10, metavar="N", help="how many loops at most (default 10)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Find the loops. Raises StudioError."""
    if not 0 < arguments.min_loop <= 3600:
        raise OutOfRange(name="--min-loop", value=arguments.min_loop, low="more than 0", high="3600 seconds")
    if arguments.max_loop is not None and arguments.max_loop < arguments.min_loop:
        raise OutOfRange(
            name="--max-loop", value=arguments.max_loop, low=f"{arguments.min_loop} (--min-loop)", high="any length"
        )
    if not 1 <= arguments.top <= 100:
        raise OutOfRange(name="--top", value=arguments.top, low=1, high=100)
    from engine.library.audiofile import read_clip
    from engine.loops.finder import find_loops

    clip = read_clip(arguments.file)
    search = LoopSearch(Algorithm(arguments.algorithm), arguments.min_loop, arguments.max_loop, arguments.top)
    findings = find_loops(clip, search)
    if arguments.json:
        terminal.print_json(_as_dict(arguments.file, clip, findings))
    else:
        _print_table(clip, findings)
    return 0


def _as_dict(file: str, clip: Clip, findings: LoopFindings) -> dict[str, object]:
    return {
        "file": file,
        "sample_rate": clip.sample_rate,
        "n_samples": clip.n_samples,
        "tempo_bpm": findings.facts.tempo_bpm,
        "loops": [
            {
                "loop_start": one.region.loop_start,
                "loop_end": one.region.loop_end,
                "score": one.score,
                "metrics": one.metrics.as_dict(),
                "bars": one.bars,
                "weak": one.weak,
            }
            for one in findings.candidates
        ],
    }


def _print_table(clip: Clip, findings: LoopFindings) -> None:
    facts = findings.facts
    tempo = f"{facts.tempo_bpm:.1f} bpm" if facts.tempo_bpm else "tempo unknown"
    print(f"{clip.duration_s:.2f} s, {clip.sample_rate} Hz, {tempo}, {facts.key or 'key unknown'}")
    if findings.best.weak:
        print("Nothing here loops well; the best there is:")
    row = "{:>6} {:>10} {:>10} {:>9} {:>5} {:>9} {:>9} {:>6} {:>6}"
    print(row.format("score", "from", "to", "length", "bars", "spectral", "waveform", "beat", "phase"))
    for one in findings.candidates:
        start, end = (samples_to_seconds(at, clip.sample_rate) for at in (one.region.loop_start, one.region.loop_end))
        metrics = [f"{value:.2f}" for value in one.metrics.as_dict().values()]
        length = f"{end - start:.3f}"
        print(row.format(f"{one.score:.2f}", f"{start:.3f}", f"{end:.3f}", length, one.bars or "-", *metrics))
