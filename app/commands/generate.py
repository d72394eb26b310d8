# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``generate`` makes one clip and writes it to a file.

The format is chosen by the file's ending (.wav, .flac, .ogg). A clip that loops as a whole is tagged so. The composer
makes whole bars: how long the clip lasts is told where it is not as long as was asked for. Its notes and its parts are
written too where they are asked for (``app.commands.scores``).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from app.commands import endings, terminal
from app.commands.judged import fit_dict, fit_words, judged_clip
from app.commands.numbers import whole
from app.commands.option_arguments import add_option
from app.commands.output_files import add_force_argument, refuse_to_replace
from app.commands.preset_arguments import settled
from app.commands.scores import add_score_arguments, refuse_what_is_not_told, write_score
from engine.units import amplitude_to_db
from engine.values import ClipRequest, ClipResult, LoopRegion, Misfit
from engine.values.judging_options import MISFIT

MAX_CLIP_S = 60.0
"""Seconds of the longest clip that can be asked for; each generator says itself which lengths it takes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    terminal.add_generator_arguments(parser)
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="a .wav, .flac or .ogg file to write")
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
    add_force_argument(parser)
    parser.add_argument("--json", action="store_true", help="print what was made as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Make the clip. Raises StudioError."""
    targets = [Path(one) for one in (arguments.output, arguments.midi) if one is not None]
    refuse_to_replace(targets, force=arguments.force, may_ask=True)
    import numpy as np

    from engine.generators.service import make_clip
    from engine.library.audiofile import writing_audio
    from engine.library.carried import said_of
    from engine.session.clip_recipe import recipe_of_clip
    from engine.values.audio import STUDIO_SAMPLE_RATE

    wanted, _ = settled(arguments)
    request, generator, settings = terminal.asked(arguments)
    refuse_what_is_not_told(arguments, generator)
    terminal.tell_what_is_read(request, generator, settings)
    request = replace(request, stems=arguments.stems is not None)
    # The file is opened first: a place that cannot be written is told before minutes of work, not after.
    beats = request.guide.beats if request.guide is not None else None
    usual_s = max(0.0, min(arguments.duration, MAX_CLIP_S))
    n_samples = round((usual_s if beats is None else beats.duration_s) * STUDIO_SAMPLE_RATE)
    with endings.held(), writing_audio(arguments.output, STUDIO_SAMPLE_RATE, 2, n_samples=n_samples) as out:

        def make(asked: ClipRequest) -> ClipResult:
            return terminal.finish(make_clip(asked, settings), terminal.ProgressLine())

        judged = judged_clip(request, Misfit(wanted.misfit), make)
        made = replace(judged.made, facts=judged.facts)
        # Without a date: the same request makes the same file, byte for byte.
        recipe = recipe_of_clip(judged.request, made, created_utc="")
        also = write_score(arguments, made, recipe)
        out.write(made.clip.samples)
        # A clip that goes on at its start where it ends is a loop as a whole; of another its generator knows none.
        if made.clip.wraps:
            out.loop_region = LoopRegion(0, made.clip.n_samples)
        out.metadata = said_of(recipe)
    said = request.bars or made.asked_bars or beats
    facts, asked_s = made.facts, arguments.duration if said is None else None
    if arguments.json:
        terminal.print_json(
            {
                "file": arguments.output,
                "prompt": arguments.prompt,
                "generator": generator.name,
                "model": arguments.model,
                "seed": made.seed,
                "sample_rate": made.clip.sample_rate,
                "n_samples": made.clip.n_samples,
                "duration_s": round(made.clip.duration_s, 6),
                "asked_duration_s": asked_s,
                "n_channels": made.clip.n_channels,
                "peak_dbfs": round(amplitude_to_db(float(np.abs(made.clip.samples).max())), 2),
                "wraps": made.clip.wraps,
                "tempo_bpm": facts.tempo_bpm,
                **({} if generator.capabilities().tells.exact else fit_dict(judged)),
                "key": facts.key,
                "beats_per_bar": facts.beats_per_bar,
                "bars": facts.bars,
                "tags": list(facts.tags),
                "family": made.family.as_dict() if made.family is not None else None,
                "versions": dict(made.versions),
                **also,
            }
        )
    else:
        key = [] if facts.key is None or judged.fit.key is not None else [facts.key]
        known = [terminal.describe_length(made, asked_s), *fit_words(judged.fit), *key, *facts.tags]
        print(f"{arguments.output}: {', '.join(known)}", file=sys.stderr)
    return 0
