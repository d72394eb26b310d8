# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``render``: make endless music into a file, with no window and no device.

The whole job of the studio, by the studio's own rules: generate, find the loop, match its loudness, go from loop to
loop beat on beat, and make something else when a generator fails.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import endings, terminal
from app.commands.numbers import number
from app.commands.option_arguments import add_option, check_option
from app.commands.output_files import add_force_argument, refuse_to_replace
from app.commands.preset_arguments import settled
from app.engine_settings import metric_weights, transition_wish
from engine.errors import OutOfRange
from engine.units import seconds_to_samples
from engine.values import Algorithm, ClipResult, Misfit
from engine.values.judging_options import MISFIT
from engine.values.options import ALGORITHM, MIN_LOOP, MIN_PLAY, OVERLAP

if TYPE_CHECKING:
    from collections.abc import Generator

    from engine.generators.jobs import GenerateJob
    from engine.session.baking import LoopInHand
    from engine.session.options import Happening

LEAST_MINUTES, MOST_MINUTES = 0.05, 24 * 60.0
"""Bounds of the music's length in minutes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    terminal.add_generator_arguments(parser)
    parser.add_argument("--minutes", type=number, required=True, metavar="M", help="how long the music lasts")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="a .wav, .flac or .ogg file to write")
    usual = f"crossfade (default {OVERLAP.default:g}, or what a clip that is played through needs)"
    add_option(parser, "--overlap-ms", OVERLAP, usual, is_default=False)
    add_option(parser, "--min-play", MIN_PLAY, "a loop's shortest stay", is_settled=False)
    add_option(parser, "--min-loop", MIN_LOOP, "shortest loop", is_settled=False)
    add_option(parser, "--algorithm", ALGORITHM, "how loops are judged", is_settled=False)
    add_option(parser, "--misfit", MISFIT, "what becomes of a model's clip in another tempo or key", is_settled=False)
    add_force_argument(parser)
    parser.add_argument("--json", action="store_true", help="print what was made as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Render the music. Raises StudioError; then no file is left."""
    if not LEAST_MINUTES <= arguments.minutes <= MOST_MINUTES:
        raise OutOfRange(name="--minutes", value=arguments.minutes, low=LEAST_MINUTES, high=MOST_MINUTES)
    for flag, option in (("--overlap-ms", OVERLAP), ("--min-play", MIN_PLAY), ("--min-loop", MIN_LOOP)):
        check_option(arguments, flag, option)
    refuse_to_replace([Path(arguments.output)], force=arguments.force, may_ask=True)
    from engine.session.file_rendering import render_file
    from engine.session.options import StudioOptions
    from engine.values.audio import STUDIO_SAMPLE_RATE

    line = terminal.ProgressLine()
    wanted, _ = settled(arguments)
    request, generator, generators = terminal.asked(arguments)
    terminal.tell_what_is_read(request, generator, generators)
    options = StudioOptions(
        prompt=wanted.prompt,
        algorithm=Algorithm(wanted.algorithm),
        misfit=Misfit(wanted.misfit),
        generator=generator.name,
        model=wanted.model,
        duration_s=wanted.duration_s,
        min_loop_s=wanted.min_loop_s,
        max_loop_s=wanted.max_loop_s,
        weights=metric_weights(wanted),
        min_play_s=wanted.min_play_s,
        max_play_s=wanted.max_play_s,
        transition=transition_wish(wanted),
        generators=generators,
    )
    n_samples = seconds_to_samples(arguments.minutes * 60.0, STUDIO_SAMPLE_RATE)
    maker = Maker(line)
    music = render_file(
        options, arguments.output, n_samples=n_samples, make=maker.make, on_made=maker.note, on_happening=maker.tell
    )
    maker.finish(music)
    if arguments.json:
        terminal.print_json(
            {
                "file": arguments.output,
                "sample_rate": STUDIO_SAMPLE_RATE,
                "n_samples": n_samples,
                "loops": maker.made,
            }
        )
    else:
        loops = "1 loop" if len(maker.made) == 1 else f"{len(maker.made)} loops"
        print(f"{arguments.output}: {arguments.minutes:g} min from {loops}", file=sys.stderr)
    return 0


class Maker:
    """A maker makes each clip of a render, and notes which loop it became."""

    def __init__(self, line: terminal.ProgressLine) -> None:
        self._line = line
        self._warnings: list[str] = []
        self.made: list[dict[str, object]] = []

    def make(self, job: GenerateJob) -> ClipResult:
        """The clip that is asked for. Raises StudioError."""
        from engine.generators.service import make_clip

        return terminal.finish(make_clip(job.request, job.settings), self._line, f"loop {len(self.made) + 1}: ")

    def note(self, loop: LoopInHand) -> None:
        """This loop was found in the clip that was made last."""
        best = loop.candidate
        self.made.append(
            {
                "seed": loop.recipe.seed,
                "duration_s": round(loop.clip.duration_s, 6),
                "loop_start": best.region.loop_start,
                "loop_end": best.region.loop_end,
                "score": best.score,
                "bars": best.bars,
                "weak": best.weak,
            }
        )

    def tell(self, happening: Happening) -> None:
        """Note a warning of the studio's, to be told."""
        if happening.level == "warning":
            self._warnings.append(str(happening))

    def finish(self, music: Generator[float, None, None]) -> None:
        """Render to the end, showing how far it is. Raises StudioError; then no file is left."""
        with endings.held(), contextlib.closing(music):
            for fraction in music:
                endings.checkpoint()
                self.print_warnings()
                self._line.show(f"rendering {fraction:.0%}, loop {len(self.made)}")
        self._line.clear()

    def print_warnings(self) -> None:
        """Tell on stderr what was warned of; not while the session speaks, whose signals would wrap an error of it."""
        warnings, self._warnings = self._warnings, []
        for words in warnings:
            self._line.clear()
            print(f"infiniloop: {words}", file=sys.stderr)
