# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``export`` writes a sound's loop, baked so that it repeats without a seam, or its loop points.

The file holds, sample for sample, what ``play`` repeats.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.commands import dry_run, endings, terminal
from app.commands.licences import LicenceNotes
from app.commands.loop_arguments import (
    MAX_CANDIDATES,
    Choice,
    add_choice_arguments,
    add_overlap_argument,
    check_choice,
    choices_in,
    choose,
    index_of,
)
from app.commands.loop_files import Entry, Files, add_file_arguments
from app.commands.making import Level, metadata_of, overlap_dict, overlap_words
from app.commands.numbers import format_time, time, whole
from app.commands.output_files import Output, add_output_arguments, refuse_to_replace
from app.commands.packs import add_pack_arguments, export_packs
from engine.errors import OutOfRange
from engine.values import SaveKind, SavePlan

MIN_RATE, MAX_RATE = 8_000, 192_000
MAX_HANDLE_S = 60.0


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
    parser.add_argument("--top", type=whole, metavar="N", help="with --points: the N best, as START END SCORE FILE")
    parser.add_argument(
        "--unit", choices=("samples", "seconds", "time"), default="samples", help="of the points (default samples)"
    )
    made = parser.add_argument_group("how the loop is written")
    made.add_argument(
        "--bits", choices=("16", "24", "32f"), help="bits of a sample, 32f a float: WAV has them all (default 24)"
    )
    made.add_argument("--rate", type=whole, metavar="HZ", help="sample rate (the sound’s own): resampled as it repeats")
    made.add_argument("--mono", action="store_true", help="mix the channels to one")
    made.add_argument(
        "--handles",
        type=time,
        metavar="TIME",
        help="so much more of the repeating loop before its start and after its end; the tags name the loop between",
    )
    parser.add_argument("--json", action="store_true", help="print what was made, one JSON object a file")
    add_output_arguments(parser)
    add_pack_arguments(parser)
    parser.set_defaults(refuse=parser.error)
    add_overlap_argument(parser)
    add_choice_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the loops or their points. Raises StudioError; a sound that fails leaves no file."""
    check_choice(arguments)
    if arguments.top is not None and not 1 <= arguments.top <= MAX_CANDIDATES:
        raise OutOfRange(name="--top", value=arguments.top, low=1, high=MAX_CANDIDATES)
    if arguments.rate is not None and not MIN_RATE <= arguments.rate <= MAX_RATE:
        raise OutOfRange(name="--rate", value=arguments.rate, low=MIN_RATE, high=MAX_RATE)
    if arguments.minutes is not None and arguments.pack != SaveKind.VIDEO:
        arguments.refuse("--minutes belongs to --pack video")
    if arguments.points:
        if arguments.pack is not None:
            arguments.refuse("--pack writes sounds: leave out --points")
        return _export_points(arguments)
    if arguments.output is None:
        arguments.refuse("-o/--output is required (or --points)")
    if arguments.pack is not None:
        if any(one is not None for one in (arguments.bits, arguments.rate, arguments.handles)) or arguments.mono:
            arguments.refuse("--pack says how the files are written: leave out --bits, --rate, --mono and --handles")
        return export_packs(arguments)
    return _export_loops(arguments)


def _export_loops(arguments: argparse.Namespace) -> int:
    files, notes = Files(arguments), LicenceNotes()
    output = Output(arguments, files, arguments.output, f".{arguments.format}", longest_suffix="-loop")

    def export(entry: Entry) -> None:
        from engine.dsp.seam import Seam
        from engine.library.audiofile import writing_audio
        from engine.library.carried import CUT, Made
        from engine.playback.file.loop_export import LoopExport

        files.show("reading")
        target = output.place(entry, "-loop")
        with files.sound(entry, whole=True) as sound:
            choice = choose(arguments, sound, entry.path, files.show)
            handle_s = 0.0 if arguments.handles is None else arguments.handles.seconds(sound)
            if handle_s > MAX_HANDLE_S:
                raise OutOfRange(name="--handles", value=arguments.handles.text, low=0, high=f"{MAX_HANDLE_S:.0f} s")
            overlap_ms = choice.overlap_ms(arguments.overlap)
            seam = Seam(sound, choice.region, overlap_ms=overlap_ms)
            made = LoopExport(
                seam,
                sample_rate=arguments.rate,
                mono=arguments.mono,
                handle_s=handle_s,
            )
            # With handles it is no loop as a whole.
            rhythm_of = None if made.region.loop_start else (made.n_samples, made.sample_rate)
            is_float = arguments.bits == "32f"
            resampled = made.sample_rate != sound.sample_rate
            level = Level.of(sound, made.blocks(), is_float=is_float, is_resampled=resampled)
            plan = SavePlan(bits=arguments.bits or "", sample_rate=arguments.rate or 0)
            is_plain = not (arguments.mono or handle_s)
            with (
                endings.held(),
                writing_audio(
                    target,
                    made.sample_rate,
                    made.n_channels,
                    loop_region=made.region,
                    bits=arguments.bits,
                    n_samples=made.n_samples,
                    metadata=metadata_of(
                        entry.path,
                        sound,
                        choice,
                        rhythm_of=rhythm_of,
                        made=Made(plan, overlap_ms, level.gain) if is_plain else CUT,
                    ),
                ) as out,
            ):
                for block in made.blocks():
                    out.write(level(block))
                    files.show(f"writing {out.n_samples / made.n_samples:.0%}")
        files.tell_left_out(target, out.left_out)
        notes.tell(entry.path)
        if arguments.json:
            terminal.print_json(
                {
                    "file": entry.path,
                    "output": str(target),
                    "sample_rate": made.sample_rate,
                    "n_samples": made.n_samples,
                    "handle_samples": made.region.loop_start,
                    "gain_db": level.gain_db,
                    **overlap_dict(seam),
                    **choice.as_dict(),
                }
            )
            sys.stdout.flush()
        else:
            lasts = format_time(made.n_samples, made.sample_rate)
            told = overlap_words(seam, overlap_ms) + level.words(" (--bits 32f leaves it as it is)")
            files.tell(f"{target}: {lasts}, {choice.describe(sound.sample_rate)}{told}")

    return files.each(export)


def _export_points(arguments: argparse.Namespace) -> int:
    files = Files(arguments)
    lines: list[str] = []
    if arguments.output is not None:
        inputs = [entry.path for entry in files.entries]
        refuse_to_replace([Path(arguments.output)], force=arguments.force, may_ask=True, inputs=inputs)

    def export(entry: Entry) -> None:
        files.show("reading")
        with files.sound(entry) as sound:
            choices = choices_in(arguments, sound, entry.path, files.show, top=arguments.top or 0)
            rate = sound.sample_rate
        first = index_of(arguments)
        taken = choices[first : first + (arguments.top or 1)]
        name = str(entry.below / Path(entry.path).name)
        told = [_line(choice, name, rate, arguments) for choice in taken]
        lines.extend(told)
        if arguments.json and not (dry_run.is_on() and arguments.output is not None):
            terminal.print_json(
                {"file": entry.path, "sample_rate": rate, "loops": [choice.as_dict() for choice in taken]}
            )
            sys.stdout.flush()
        elif arguments.output is None:
            print(*told, sep="\n", flush=True)

    exit_code = files.each(export)
    if arguments.output is not None and lines:
        from engine.library.atomic import write_bytes

        write_bytes(arguments.output, "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
        files.tell(f"{arguments.output}: {'1 loop' if len(lines) == 1 else f'{len(lines)} loops'}")
    return exit_code


def _line(choice: Choice, name: str, sample_rate: int, arguments: argparse.Namespace) -> str:
    region = choice.region
    words = [format_time(at, sample_rate, arguments.unit) for at in (region.loop_start, region.loop_end)]
    if arguments.top is not None:
        words.append("-" if choice.candidate is None else f"{choice.candidate.score:.4f}")
    return " ".join([*words, name])
