# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``extend`` makes a sound last as long as you like, by its loop.

Its intro, its loop turn after turn, then a fade or its own outro. Only the seam between two turns is not its own.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from app.commands import endings, terminal
from app.commands.loop_arguments import check_choice, choose
from app.commands.loop_files import Entry, Files, add_file_arguments
from app.commands.making import Level, metadata_of, overlap_dict, overlap_words
from app.commands.numbers import format_time, time, whole
from app.commands.output_files import Output, add_making_arguments
from engine.errors import OutOfRange
from engine.values import SaveKind, SavePlan
from engine.values.saving import MOST_LENGTH_S, MOST_TURNS

if TYPE_CHECKING:
    from engine.dsp.seam import Seam


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_file_arguments(parser)
    parser.add_argument(
        "-o", "--output", required=True, metavar="OUT", help="a .wav, .flac or .ogg file; a folder for several sounds"
    )
    lasting = parser.add_mutually_exclusive_group(required=True)
    lasting.add_argument("--length", type=time, metavar="TIME", help="how long it lasts, to the sample: 1h, 2:37, 90s…")
    lasting.add_argument(
        "--turns", type=whole, metavar="N", help="how often the loop turns; then it fades, or goes on to the outro"
    )
    end = parser.add_mutually_exclusive_group()
    end.add_argument(
        "--fade",
        type=time,
        metavar="TIME",
        help="fade out for so long at the length’s end, or after the turns (2 s, or half of what is shorter)",
    )
    end.add_argument(
        "--outro",
        action="store_true",
        help="end with the sound’s own outro instead: after the turns, or as few whole ones as last the length",
    )
    add_making_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Extend the sounds. Raises StudioError; a sound that fails leaves no file."""
    check_choice(arguments)
    length, turns = arguments.length, arguments.turns
    if length is not None and (length.value <= 0 or (length.unit == "s" and length.value > MOST_LENGTH_S)):
        raise OutOfRange(name="--length", value=length.text, low="more than 0", high="24 hours")
    if turns is not None and not 1 <= turns <= MOST_TURNS:
        raise OutOfRange(name="--turns", value=turns, low=1, high=MOST_TURNS)
    if arguments.fade is not None and arguments.fade.unit == "s" and arguments.fade.value > MOST_LENGTH_S:
        raise OutOfRange(name="--fade", value=arguments.fade.text, low=0, high="24 hours")
    files = Files(arguments)
    output = Output(arguments, files, arguments.output, f".{arguments.format}", longest_suffix="-extended")

    def extend(entry: Entry) -> None:
        from engine.dsp.seam import Seam
        from engine.library.audiofile import writing_audio
        from engine.library.carried import Made
        from engine.playback.file.extend import render_extension

        files.show("reading")
        target = output.place(entry, "-extended")
        with files.sound(entry, whole=True) as sound:
            choice = choose(arguments, sound, entry.path, files.show)
            overlap_ms = choice.overlap_ms(arguments.overlap)
            seam = Seam(sound, choice.region, overlap_ms=overlap_ms)
            plan, level = _Plan(arguments, seam), Level(sound.peak())
            with (
                endings.held(),
                writing_audio(
                    target,
                    sound.sample_rate,
                    sound.n_channels,
                    n_samples=plan.total_samples,
                    metadata=metadata_of(entry.path, sound, choice, made=Made(plan.as_saved(), overlap_ms, level.gain)),
                ) as out,
            ):
                for fraction in render_extension(
                    plan.extension,
                    total_samples=plan.total_samples,
                    fade_samples=plan.fade_samples,
                    write=lambda block: out.write(level(block)),
                ):
                    files.show(f"writing {fraction:.0%}")
        files.tell_left_out(target, out.left_out)
        total_samples, turns = plan.total_samples, plan.turns
        if arguments.json:
            terminal.print_json(
                {
                    "file": entry.path,
                    "output": str(target),
                    "sample_rate": sound.sample_rate,
                    "n_samples": total_samples,
                    "turns": turns,
                    "fade_samples": plan.fade_samples,
                    "gain_db": level.gain_db,
                    **overlap_dict(seam),
                    **choice.as_dict(),
                }
            )
            sys.stdout.flush()
        else:
            lasts = format_time(total_samples, sound.sample_rate)
            told = overlap_words(seam, overlap_ms) + level.words()
            files.tell(f"{target}: {lasts}, {turns:.1f} turns of {choice.describe(sound.sample_rate)}{told}")

    return files.each(extend)


class _Plan:
    """A plan says how long a sound becomes. Raises OutOfRange, and NothingRepeats for an end within the first turn.

    Attributes
    ----------
    total_samples, fade_samples
        Of what is written, and of the fade at its end.
    turns
        How often the loop turns, before the fade where turns were asked for.
    """

    def __init__(self, arguments: argparse.Namespace, seam: Seam) -> None:
        from engine.playback.file.extend import turns_for
        from engine.playback.file.extent import Cut, extent_of_length, extent_of_turns
        from engine.playback.file.offline import END_FADE_S
        from engine.units import seconds_to_samples

        sound, cut = seam.sound, Cut.of(seam)
        fade = None if arguments.fade is None else arguments.fade.samples(sound)
        length = None if arguments.length is None else max(1, arguments.length.samples(sound))
        if arguments.outro:
            turns = arguments.turns if length is None else turns_for(seam, length)
            extent = extent_of_turns(cut, turns, None)
        elif length is None:
            usual = seconds_to_samples(END_FADE_S, sound.sample_rate)
            extent = extent_of_turns(cut, arguments.turns, usual if fade is None else fade)
        else:
            extent = extent_of_length(cut, length, fade, said=arguments.length.text)
        self.extension, self._extent, self._rate = extent.extension(seam), extent, sound.sample_rate
        self.turns, self.total_samples, self.fade_samples = extent.turns, extent.total_samples, extent.fade_samples
        if self.total_samples > MOST_LENGTH_S * sound.sample_rate:
            name = "--length" if arguments.turns is None else "--turns"
            value = arguments.length.text if arguments.turns is None else arguments.turns
            raise OutOfRange(name=name, value=value, low="more than 0", high="what lasts 24 hours")

    def as_saved(self) -> SavePlan:
        """Return the plan by which the same file can be made again."""
        extent = self._extent
        if extent.whole_turns is not None:
            return SavePlan(SaveKind.TURNS, turns=extent.whole_turns)
        length_s, fade_s = extent.total_samples / self._rate, extent.fade_samples / self._rate
        return SavePlan(SaveKind.LENGTH, length_s=length_s, fade_s=fade_s)
