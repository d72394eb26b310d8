# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``generate`` makes one clip and writes it to a file, or many into a folder.

The format is chosen by the file's ending (.wav, .flac, .ogg). A clip that loops as a whole is tagged so. The composer
makes whole bars: how long the clip lasts is told where it is not as long as was asked for. Its notes and its parts are
written too where they are asked for (``app.commands.scores``).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from app.commands import dry_run, endings, terminal
from app.commands.batch import add_batch_arguments, refuse_batch_alone, run_batch
from app.commands.numbers import whole
from app.commands.option_arguments import add_option
from app.commands.output_files import add_force_argument, refuse_to_replace
from app.commands.preset_arguments import settled
from app.commands.scores import add_score_arguments, refuse_what_is_not_told, write_score
from engine.values import Misfit
from engine.values.judging_options import MISFIT

MAX_CLIP_S = 60.0
"""Seconds of the longest clip that can be asked for; each generator says itself which lengths it takes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    terminal.add_generator_arguments(parser)
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help="a .wav, .flac or .ogg file to write; with --from, its folder",
    )
    add_score_arguments(parser)
    parser.add_argument(
        "--after",
        metavar="TAKE",
        help="go on from an earlier take as one piece: its id in the library, its file, or what --json printed of it",
    )
    parser.add_argument(
        "--beats",
        metavar="FILE",
        help="keep to the beats in a text file, whose lines are seconds, and perhaps the number of the beat in its bar",
    )
    parser.add_argument(
        "--variation",
        type=whole,
        default=0,
        metavar="N",
        help="the clip with a fill, a rest or a filter: each number from 1 on is another variation of the same seed",
    )
    add_option(parser, "--misfit", MISFIT, "what becomes of a model's clip in another tempo or key", is_settled=False)
    add_batch_arguments(parser)
    add_force_argument(parser)
    parser.add_argument("--json", action="store_true", help="print what was made as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Make the clip, or the clips of a batch. Raises StudioError."""
    if arguments.prompts is not None:
        return run_batch(arguments)
    refuse_batch_alone(arguments)
    targets = [Path(one) for one in (arguments.output, arguments.midi) if one is not None]
    refuse_to_replace(targets, force=arguments.force, may_ask=True)
    from app.commands.made_clip import made_clip
    from engine.library.audiofile import writing_audio
    from engine.values.audio import STUDIO_SAMPLE_RATE

    wanted, _ = settled(arguments)
    request, generator, settings = terminal.asked(arguments)
    refuse_what_is_not_told(arguments, generator)
    terminal.tell_what_is_read(request, generator, settings)
    request = replace(request, stems=arguments.stems is not None)
    if arguments.stems is not None:
        dry_run.note([Path(arguments.stems)])
    # The file is opened first: a place that cannot be written is told before minutes of work, not after.
    beats = request.guide.beats if request.guide is not None else None
    usual_s = max(0.0, min(arguments.duration, MAX_CLIP_S))
    n_samples = round((usual_s if beats is None else beats.duration_s) * STUDIO_SAMPLE_RATE)
    with endings.held(), writing_audio(arguments.output, STUDIO_SAMPLE_RATE, 2, n_samples=n_samples) as out:
        clip = made_clip(request, settings, arguments, Misfit(wanted.misfit))
        also = write_score(arguments, clip.made, clip.recipe)
        clip.write(out)
    if arguments.json:
        terminal.print_json({**clip.as_dict(arguments.output, generator), **also})
    else:
        print(f"{arguments.output}: {clip.in_words()}", file=sys.stderr)
    return 0
