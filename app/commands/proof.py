# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``proof`` lists the loops that are heard to jump.

A file's loop is what its tags name, else the whole file. It is heard as other programs repeat it, from its last sample
straight to its first (``--overlap`` crossfades it first, as ``play`` and ``export`` do).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.commands import terminal
from app.commands.loop_arguments import tags_of
from app.commands.loop_files import Entry, Files, add_file_arguments
from app.commands.numbers import format_time, number
from app.commands.option_arguments import check_option
from engine.values import Jump
from engine.values.options import OVERLAP

if TYPE_CHECKING:
    from engine.values import LoopCandidate, LoopRegion, SeamProof


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_file_arguments(parser)
    parser.add_argument(
        "--overlap",
        type=number,
        default=0.0,
        metavar="MS",
        help=f"of a crossfade at the seam, 0–{OVERLAP.high:.0f} (default 0: as other programs repeat it)",
    )
    parser.add_argument("--all", action="store_true", help="list the others too")
    parser.add_argument("--json", action="store_true", help="print one JSON object a loop that is listed")


def run(arguments: argparse.Namespace) -> int:
    """Prove the seams. Raises StudioError; a sound that fails is told and the others go on."""
    check_option(arguments, "--overlap", OVERLAP, low=0.0)
    files = Files(arguments)
    n_loops = n_jumps = 0

    def prove(entry: Entry) -> None:
        nonlocal n_loops, n_jumps
        from engine.loops.finder import score_region
        from engine.values import LoopRegion, MusicFacts

        files.show("reading")
        with files.sound(entry) as sound:
            tagged = tags_of(entry.path, sound, files.show).loops
            for region in tagged or (LoopRegion(0, sound.n_samples),):
                files.show("listening to the seam")
                candidate, proof = score_region(sound, region, MusicFacts(), overlap_ms=arguments.overlap)
                heard = why_it_jumps(candidate, proof)
                n_loops, n_jumps = n_loops + 1, n_jumps + bool(heard)
                if not heard and not arguments.all:
                    continue
                files.show("")
                if arguments.json:
                    terminal.print_json(
                        {
                            "file": entry.path,
                            "loop_start": region.loop_start,
                            "loop_end": region.loop_end,
                            "tagged": bool(tagged),
                            "jumps": bool(heard),
                            "heard": heard,
                            "metrics": candidate.metrics.as_dict(),
                            "proof": terminal.proof_as_dict(proof),
                        }
                    )
                else:
                    print(_line(entry.path, region, sound.sample_rate, heard))
                sys.stdout.flush()

    exit_code = files.each(prove)
    if not arguments.json:
        loops, are = "loop" if n_loops == 1 else "loops", "is" if n_jumps == 1 else "are"
        files.tell(f"{n_jumps} of {n_loops} {loops} {are} heard to jump")
    return exit_code


def why_it_jumps(candidate: LoopCandidate, proof: SeamProof) -> list[str]:
    """Return in words what a listener notices at the seam; nothing where it is not heard."""
    from engine.loops.heard import jumps_at

    return words_of(jumps_at(candidate, proof), proof)


def words_of(jumps: Sequence[Jump], proof: SeamProof) -> list[str]:
    """Return jumps in words, each with its figure."""
    words = {
        Jump.CLICK: f"it clicks ({max(proof.step, proof.slope):.1f} × the music’s own steps)",
        Jump.BUMP: f"it bumps ({proof.onset:.1f} × its beats)",
        Jump.DIP: f"it dips by {proof.dip_db:.1f} dB",
        Jump.BEAT: "it falls out of its beat",
    }
    return [words[jump] for jump in jumps]


def _line(path: str, region: LoopRegion, sample_rate: int, heard: list[str]) -> str:
    start, end = (format_time(at, sample_rate) for at in (region.loop_start, region.loop_end))
    return f"{path}: {start}–{end}, {', '.join(heard) or 'no jump is heard'}"
