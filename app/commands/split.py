# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``split`` cuts a sound into its intro, its loop and its outro.

Played one after the other, the loop as often as wished, they never step; with --overlap 0 they are the sound, to the
sample.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from app.commands import endings, terminal
from app.commands.loop_arguments import check_choice, choose
from app.commands.loop_files import Entry, Files, add_file_arguments
from app.commands.making import Level, metadata_of, overlap_dict, overlap_words
from app.commands.numbers import format_time
from app.commands.output_files import Output, add_making_arguments
from engine.values import LoopRegion, SaveKind, SavePlan

PARTS = ("intro", "loop", "outro")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_file_arguments(parser)
    parser.add_argument(
        "-o", "--output", required=True, metavar="FOLDER", help="gets STEM-intro, STEM-loop and STEM-outro"
    )
    add_making_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Split the sounds. Raises StudioError; a sound that fails leaves no file."""
    check_choice(arguments)
    files = Files(arguments)
    output = Output(arguments, files, arguments.output, f".{arguments.format}", is_folder=True, longest_suffix="-intro")

    def split_one(entry: Entry) -> None:
        from engine.dsp.seam import Seam
        from engine.library.audiofile import WRITTEN_FORMATS, AudioWriter, writing_audio
        from engine.library.carried import Made
        from engine.library.room import least_bytes, refuse_beyond_free
        from engine.playback.file.extend import BLOCK_SAMPLES, Piece, split

        files.show("reading")
        with files.sound(entry, whole=True) as sound:
            choice = choose(arguments, sound, entry.path, files.show)
            overlap_ms = choice.overlap_ms(arguments.overlap)
            seam = Seam(sound, choice.region, overlap_ms=overlap_ms)
            level = Level(sound.peak())
            pieces: tuple[Piece | Seam, ...] = split(seam)
            rhythm_of = seam.n_samples, sound.sample_rate
            made: dict[str, tuple[Path, int]] = {}
            writers: list[tuple[Path, AudioWriter]] = []
            there = [(part, piece) for part, piece in zip(PARTS, pieces, strict=True) if piece.n_samples]
            targets = output.places(entry, [f"-{part}" for part, _ in there])
            container, encoding = WRITTEN_FORMATS[f".{arguments.format}"]
            sizes = [least_bytes(container, encoding, piece.n_samples, sound.n_channels) for _, piece in there]
            refuse_beyond_free(list(zip(targets, sizes, strict=True)))
            # All are written before the first is put in its place: there are three of them, or none.
            with endings.held(), ExitStack() as stack:
                for (part, piece), target in zip(there, targets, strict=True):
                    loop_region = LoopRegion(0, piece.n_samples) if part == "loop" else None
                    out = stack.enter_context(
                        writing_audio(
                            target,
                            sound.sample_rate,
                            sound.n_channels,
                            loop_region=loop_region,
                            n_samples=piece.n_samples,
                            metadata=metadata_of(
                                entry.path,
                                sound,
                                choice,
                                rhythm_of=rhythm_of if part == "loop" else None,
                                made=Made(SavePlan(SaveKind.SPLIT), overlap_ms, level.gain),
                            ),
                        )
                    )
                    for at in range(0, piece.n_samples, BLOCK_SAMPLES):
                        out.write(level(piece.read(at, min(BLOCK_SAMPLES, piece.n_samples - at))))
                        files.show(f"writing the {part} {at / piece.n_samples:.0%}")
                    made[part] = target, piece.n_samples
                    writers.append((target, out))
        for target, out in writers:
            files.tell_left_out(target, out.left_out)
        if arguments.json:
            parts = {part: {"output": str(target), "n_samples": n} for part, (target, n) in made.items()}
            terminal.print_json(
                {
                    "file": entry.path,
                    "sample_rate": sound.sample_rate,
                    "gain_db": level.gain_db,
                    **overlap_dict(seam),
                    **choice.as_dict(),
                    "parts": parts,
                }
            )
            sys.stdout.flush()
        else:
            for target, n_samples in made.values():
                told = overlap_words(seam, overlap_ms) if target == made["loop"][0] else ""
                files.tell(f"{target}: {format_time(n_samples, sound.sample_rate)}{told}{level.words()}")

    return files.each(split_one)
