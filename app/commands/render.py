# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``render``: make endless music into a file, with no window and no device.

The whole job of the studio: generate, find the loop, bake it, mix from loop to loop.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import endings, terminal
from app.commands.loop_arguments import DEFAULT_OVERLAP_MS, Choice
from app.commands.numbers import number
from app.commands.output_files import add_force_argument, refuse_to_replace
from engine.errors import OutOfRange
from engine.units import seconds_to_samples
from engine.values import Algorithm, BakedLoop, ClipRequest, LoopSearch

if TYPE_CHECKING:
    from engine.generators.base import GeneratorSettings

LIMITS = {
    "--minutes": (0.05, 24 * 60.0),
    "--overlap-ms": (1.0, 5000.0),
    "--min-play": (10.0, 300.0),
    "--min-loop": (0.5, 20.0),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    terminal.add_generator_arguments(parser)
    parser.add_argument("--minutes", type=number, required=True, metavar="M", help="how long the music lasts")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="a .wav, .flac or .ogg file to write")
    parser.add_argument(
        "--overlap-ms",
        type=number,
        metavar="X",
        help="crossfade, 1–5000 (default 480, or what a clip that is played through needs)",
    )
    parser.add_argument(
        "--min-play", type=number, default=30.0, metavar="S", help="a loop's shortest stay, 10–300 (30)"
    )
    parser.add_argument("--min-loop", type=number, default=2.0, metavar="S", help="shortest loop, 0.5–20 (default 2)")
    parser.add_argument("--algorithm", choices=[str(one) for one in Algorithm], default=str(Algorithm.ADVANCED))
    add_force_argument(parser)
    parser.add_argument("--json", action="store_true", help="print what was made as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Render the music. Raises StudioError; then no file is left."""
    for name, (low, high) in LIMITS.items():
        value = getattr(arguments, name[2:].replace("-", "_"))
        if value is not None and not low <= value <= high:
            raise OutOfRange(name=name, value=value, low=low, high=high)
    refuse_to_replace([Path(arguments.output)], force=arguments.force, may_ask=True)
    from engine.generators.conform import STUDIO_SAMPLE_RATE
    from engine.library.audiofile import writing_audio
    from engine.playback.file.offline import render_endless

    line = terminal.ProgressLine()
    maker = _LoopMaker(arguments, terminal.own_generator_settings(), line)
    total_samples = seconds_to_samples(arguments.minutes * 60.0, STUDIO_SAMPLE_RATE)
    with endings.held(), writing_audio(arguments.output, STUDIO_SAMPLE_RATE, 2, n_samples=total_samples) as out:
        fractions: Iterator[float] = render_endless(
            maker,
            sample_rate=STUDIO_SAMPLE_RATE,
            total_samples=total_samples,
            min_play_samples=seconds_to_samples(arguments.min_play, STUDIO_SAMPLE_RATE),
            overlap_ms=DEFAULT_OVERLAP_MS if arguments.overlap_ms is None else arguments.overlap_ms,
            write=out.write,
        )
        for fraction in fractions:
            endings.checkpoint()
            line.show(f"rendering {fraction:.0%}, loop {len(maker.made)}")
    line.clear()
    if arguments.json:
        terminal.print_json(
            {
                "file": arguments.output,
                "sample_rate": STUDIO_SAMPLE_RATE,
                "n_samples": total_samples,
                "loops": maker.made,
            }
        )
    else:
        print(f"{arguments.output}: {arguments.minutes:g} min from {len(maker.made)} loops", file=sys.stderr)
    return 0


class _LoopMaker:
    """Each call makes the next loop: a clip with a seed of its own, its best region, baked."""

    def __init__(
        self, arguments: argparse.Namespace, generators: GeneratorSettings, line: terminal.ProgressLine
    ) -> None:
        self._arguments = arguments
        self._generators = generators
        self._line = line
        self.made: list[dict[str, object]] = []

    def __call__(self) -> BakedLoop:
        from engine.dsp.seam import bake
        from engine.generators.service import make_clip
        from engine.loops.finder import find_loops

        arguments, n_made = self._arguments, len(self.made)
        request = ClipRequest(
            job_id=n_made + 1,
            prompt=arguments.prompt,
            generator=arguments.generator,
            model=arguments.model,
            duration_s=arguments.duration,
            seed=None if arguments.seed is None else arguments.seed + n_made,
        )
        made = terminal.finish(make_clip(request, self._generators), self._line, f"loop {n_made + 1}: ")
        self._line.show(f"loop {n_made + 1}: finding the loop")
        search = LoopSearch(Algorithm(arguments.algorithm), arguments.min_loop, facts=made.facts)
        best = find_loops(made.clip, search).best
        self.made.append(
            {
                "seed": made.seed,
                "duration_s": round(made.clip.duration_s, 6),
                "loop_start": best.region.loop_start,
                "loop_end": best.region.loop_end,
                "score": best.score,
                "bars": best.bars,
                "weak": best.weak,
            }
        )
        return bake(made.clip, best.region, overlap_ms=Choice(best.region, best).overlap_ms(arguments.overlap_ms))
