# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``extend``: make a sound last as long as you like, by its loop.

Its intro, its loop turn after turn, then a fade or its own outro. Only the seam between two turns is not its own.
"""

from __future__ import annotations

import argparse
import sys

from app.commands import terminal
from app.commands.loop_arguments import (
    Time,
    add_choice_arguments,
    add_overlap_argument,
    check_choice,
    choose,
    format_time,
    time,
)
from app.commands.loop_files import Entry, Files, Output, add_file_arguments, add_output_arguments
from engine.errors import OutOfRange
from engine.values import Sound

MAX_LENGTH_S = 24 * 3600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_file_arguments(parser)
    parser.add_argument(
        "-o", "--output", required=True, metavar="OUT", help="a .wav, .flac or .ogg file; a folder for several sounds"
    )
    parser.add_argument(
        "--length", type=time, required=True, metavar="TIME", help="how long it lasts, to the sample: 1h, 2:37, 90s…"
    )
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--fade", type=time, metavar="TIME", help="fade out at the end (2 s, or half of what is shorter)")
    end.add_argument(
        "--outro",
        action="store_true",
        help="end with the sound’s own outro instead: as few whole turns as last the length or longer",
    )
    parser.add_argument("--json", action="store_true", help="print what was made, one JSON object a file")
    add_output_arguments(parser)
    add_overlap_argument(parser)
    add_choice_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Extend the sounds. Raises StudioError; a sound that fails leaves no file."""
    check_choice(arguments)
    length = arguments.length
    if length.value <= 0 or (length.unit == "s" and length.value > MAX_LENGTH_S):
        raise OutOfRange(name="--length", value=length.text, low="more than 0", high="24 hours")
    files = Files(arguments)
    output = Output(arguments, files, arguments.output)

    def extend(entry: Entry) -> None:
        from engine.dsp.seam import Seam
        from engine.library.audiofile import writing_audio
        from engine.library.soundfiles import open_sound
        from engine.playback.extend import Extension, render_extension, turns_for

        files.show("reading")
        with open_sound(entry.path) as sound:
            choice = choose(arguments, sound, entry.path, files.show)
            total_samples = max(1, length.samples(sound))
            seam = Seam(sound, choice.region, overlap_ms=arguments.overlap)
            fade_samples = _fade_samples(arguments, sound, total_samples)
            extension = Extension(seam)
            if arguments.outro:
                extension = Extension(seam, turns=turns_for(seam, total_samples))
                total_samples, fade_samples = extension.n_samples or 0, 0
            target = output.place(entry, "-extended", f".{arguments.format}")
            with files.writing(), writing_audio(target, sound.sample_rate, sound.n_channels) as out:
                for fraction in render_extension(
                    extension, total_samples=total_samples, fade_samples=fade_samples, write=out.write
                ):
                    files.show(f"writing {fraction:.0%}")
        turns = (
            (total_samples - choice.region.loop_start) / seam.n_samples if extension.turns is None else extension.turns
        )
        if arguments.json:
            terminal.print_json(
                {
                    "file": entry.path,
                    "output": str(target),
                    "sample_rate": sound.sample_rate,
                    "n_samples": total_samples,
                    "turns": max(0.0, turns),
                    **choice.as_dict(),
                }
            )
            sys.stdout.flush()
        else:
            lasts = format_time(total_samples, sound.sample_rate)
            files.tell(f"{target}: {lasts}, {max(0.0, turns):.1f} turns of {choice.describe(sound.sample_rate)}")

    return files.each(extend)


def _fade_samples(arguments: argparse.Namespace, sound: Sound, total_samples: int) -> int:
    from engine.playback.offline import END_FADE_S
    from engine.units import seconds_to_samples

    given: Time | None = arguments.fade
    if given is not None:
        return given.samples(sound)
    return min(seconds_to_samples(END_FADE_S, sound.sample_rate), total_samples // 2)
