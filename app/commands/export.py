# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``export``: write a sound's loop, baked so that it repeats without a seam, or its loop points.

The file holds, sample for sample, what ``play`` repeats.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.commands import terminal
from app.commands.loop_arguments import (
    MAX_CANDIDATES,
    Choice,
    add_choice_arguments,
    add_overlap_argument,
    check_choice,
    choices_in,
    choose,
    format_time,
    index_of,
)
from app.commands.loop_files import Entry, Files, Output, add_file_arguments, add_output_arguments
from engine.errors import OutOfRange
from engine.values import LoopRegion


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_file_arguments(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="a .wav, .flac or .ogg file; a folder for several sounds; with --points a text file (default: print them)",
    )
    parser.add_argument(
        "--points", action="store_true", help="the loop points as text instead: START END FILE, a line a loop"
    )
    parser.add_argument("--top", type=int, metavar="N", help="with --points: the N best, as START END SCORE FILE")
    parser.add_argument(
        "--unit", choices=("samples", "seconds", "time"), default="samples", help="of the points (default samples)"
    )
    parser.add_argument("--json", action="store_true", help="print what was made, one JSON object a file")
    add_output_arguments(parser)
    parser.set_defaults(refuse=parser.error)
    add_overlap_argument(parser)
    add_choice_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the loops or their points. Raises StudioError; a sound that fails leaves no file."""
    check_choice(arguments)
    if arguments.top is not None and not 1 <= arguments.top <= MAX_CANDIDATES:
        raise OutOfRange(name="--top", value=arguments.top, low=1, high=MAX_CANDIDATES)
    if arguments.points:
        return _export_points(arguments)
    if arguments.output is None:
        arguments.refuse("-o/--output is required (or --points)")
    return _export_loops(arguments)


def _export_loops(arguments: argparse.Namespace) -> int:
    files = Files(arguments)
    output = Output(arguments, files, arguments.output)

    def export(entry: Entry) -> None:
        from engine.dsp.seam import Seam
        from engine.library.audiofile import writing_audio
        from engine.library.soundfiles import open_sound
        from engine.playback.extend import BLOCK_SAMPLES

        files.show("reading")
        with open_sound(entry.path) as sound:
            choice = choose(arguments, sound, entry.path, files.show)
            seam = Seam(sound, choice.region, overlap_ms=arguments.overlap)
            target = output.place(entry, "-loop", f".{arguments.format}")
            whole = LoopRegion(0, seam.n_samples)
            with (
                files.writing(),
                writing_audio(target, sound.sample_rate, sound.n_channels, loop_region=whole) as out,
            ):
                for at in range(0, seam.n_samples, BLOCK_SAMPLES):
                    out.write(seam.read(at, min(BLOCK_SAMPLES, seam.n_samples - at)))
                    files.show(f"writing {at / seam.n_samples:.0%}")
        if arguments.json:
            terminal.print_json(
                {
                    "file": entry.path,
                    "output": str(target),
                    "sample_rate": sound.sample_rate,
                    "n_samples": seam.n_samples,
                    "overlap_samples": seam.overlap_samples,
                    **choice.as_dict(),
                }
            )
            sys.stdout.flush()
        else:
            lasts = format_time(seam.n_samples, sound.sample_rate)
            files.tell(f"{target}: {lasts}, {choice.describe(sound.sample_rate)}")

    return files.each(export)


def _export_points(arguments: argparse.Namespace) -> int:
    files = Files(arguments)
    lines: list[str] = []

    def export(entry: Entry) -> None:
        from engine.library.soundfiles import open_sound

        files.show("reading")
        with open_sound(entry.path) as sound:
            choices = choices_in(arguments, sound, entry.path, files.show, top=arguments.top or 0)
            rate = sound.sample_rate
        first = index_of(arguments)
        taken = choices[first : first + (arguments.top or 1)]
        if arguments.json:
            terminal.print_json(
                {"file": entry.path, "sample_rate": rate, "loops": [choice.as_dict() for choice in taken]}
            )
            sys.stdout.flush()
            return
        name = str(entry.below / Path(entry.path).name)
        told = [_line(choice, name, rate, arguments) for choice in taken]
        lines.extend(told)
        if arguments.output is None:
            print(*told, sep="\n", flush=True)

    exit_code = files.each(export)
    if arguments.output is not None and lines:
        from engine.library.atomic import write_bytes

        write_bytes(arguments.output, "".join(f"{line}\n" for line in lines).encode())
        files.tell(f"{arguments.output}: {len(lines)} loops")
    return exit_code


def _line(choice: Choice, name: str, sample_rate: int, arguments: argparse.Namespace) -> str:
    region = choice.region
    words = [format_time(at, sample_rate, arguments.unit) for at in (region.loop_start, region.loop_end)]
    if arguments.top is not None:
        words.append("-" if choice.candidate is None else f"{choice.candidate.score:.4f}")
    return " ".join([*words, name])
