# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``analyze`` finds where audio files loop, and says why.

Positions are samples in the file's own rate; ``loop_end`` is exclusive.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from app.commands import terminal
from app.commands.loop_arguments import (
    MAX_CANDIDATES,
    add_search_arguments,
    check_search,
    look,
    search_of,
    tags_of,
)
from app.commands.loop_files import Entry, Files, add_file_arguments
from app.commands.numbers import format_time, whole
from engine.errors import OutOfRange
from engine.values import LoopCandidate, LoopFindings, LoopOrigin, SeamProof, Sound

if TYPE_CHECKING:
    from engine.library.soundfiles import AudioFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_file_arguments(parser)
    parser.add_argument("--top", type=whole, default=10, metavar="N", help="how many loops at most (default 10)")
    parser.add_argument("--unit", choices=("seconds", "samples", "time"), default="seconds", help="of the table")
    parser.add_argument("--json", action="store_true", help="print one JSON object a file, each on a line of its own")
    parser.add_argument("--beats", action="store_true", help="with --json: where every beat and downbeat is")
    add_search_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Find the loops. Raises StudioError for what holds for every file; a file's own is told, and the others go on."""
    check_search(arguments)
    if not 1 <= arguments.top <= MAX_CANDIDATES:
        raise OutOfRange(name="--top", value=arguments.top, low=1, high=MAX_CANDIDATES)
    files = Files(arguments)

    def analyze(entry: Entry) -> None:

        files.show("reading")
        with files.sound(entry) as sound:
            tags = tags_of(entry.path, sound, files.show)
            findings = look(sound, search_of(arguments, sound, top=arguments.top, tags=tags), files.show)
            files.show("")
            if arguments.json:
                terminal.print_json(_as_dict(entry.path, sound, findings, beats=arguments.beats))
            else:
                _print_table(entry.path if not files.one_file else "", sound, findings, arguments.unit)
            sys.stdout.flush()

    return files.each(analyze)


def _as_dict(file: str, sound: AudioFile, findings: LoopFindings, *, beats: bool) -> dict[str, object]:
    facts, grid = findings.facts, findings.grid
    told: dict[str, object] = {
        "file": file,
        "sample_rate": sound.sample_rate,
        "n_samples": sound.n_samples,
        "damage": None if sound.damage is None else str(sound.damage),
        "tempo_bpm": facts.tempo_bpm,
        "key": facts.key,
        "beats_per_bar": facts.beats_per_bar,
        "loops": [
            {
                "loop_start": one.region.loop_start,
                "loop_end": one.region.loop_end,
                "score": one.score,
                "metrics": one.metrics.as_dict(),
                "bars": one.bars,
                "weak": one.weak,
                "tempo_bpm": one.tempo_bpm,
                "origin": str(one.origin),
                "played_through": one.played_through,
                "overlap_ms": one.overlap_ms,
            }
            for one in findings.candidates
        ],
        "proof": None if findings.proof is None else terminal.proof_as_dict(findings.proof),
    }
    if beats:
        told["beats"] = [] if grid is None else grid.beats.tolist()
        told["downbeats"] = [] if grid is None else grid.downbeats.tolist()
    return told


def _print_table(title: str, sound: Sound, findings: LoopFindings, unit: str) -> None:
    facts, rate = findings.facts, sound.sample_rate
    known = [
        f"{sound.n_samples / rate:.2f} s",
        f"{rate} Hz",
        f"{facts.tempo_bpm:.1f} bpm" if facts.tempo_bpm else "tempo unknown",
        facts.key or "key unknown",
    ]
    print((f"{title}: " if title else "") + ", ".join(known))
    if findings.best.played_through:
        print("Nothing here loops; the clip played through is the best there is:")
    elif findings.best.weak:
        print("Nothing here loops well; the best there is:")
    row = "{:>6} {:>12} {:>12} {:>12} {:>5} {:>9} {:>9} {:>6} {:>6} {}"
    print(row.format("score", "from", "to", "length", "bars", "spectral", "waveform", "beat", "phase", "").rstrip())
    for one in findings.candidates:
        region = one.region
        places = [_short(at, rate, unit) for at in (region.loop_start, region.loop_end, region.n_samples)]
        metrics = [f"{value:.2f}" for value in one.metrics.as_dict().values()]
        print(row.format(f"{one.score:.2f}", *places, one.bars or "-", *metrics, _label(one)).rstrip())
    if findings.proof is not None:
        print(_in_words(findings.proof))
    if title:
        print()


def _label(candidate: LoopCandidate) -> str:
    words = []
    if candidate.origin is LoopOrigin.TAG:
        words.append("tagged")
    if candidate.origin is LoopOrigin.MARK:
        words.append("marked")
    if candidate.played_through:
        words.append("played through")
    if candidate.overlap_ms is not None:
        words.append(f"overlap {candidate.overlap_ms:.0f} ms")
    return f"({', '.join(words)})" if words else ""


def _short(n_samples: int, sample_rate: int, unit: str) -> str:
    return f"{n_samples / sample_rate:.3f}" if unit == "seconds" else format_time(n_samples, sample_rate, unit)


def _in_words(proof: SeamProof) -> str:
    """Return in words what the best loop's seam sounds like."""
    words = [f"The best one’s seam is quieter than {proof.quieter_than:.0%} of its own beats"]
    words.append(
        "its step is one among others" if proof.step <= 1.0 else f"it steps {proof.step:.1f} × the music’s own"
    )
    if proof.dip_db > 3.0:
        words.append(f"it dips by {proof.dip_db:.1f} dB")
    return ", ".join(words) + "."
