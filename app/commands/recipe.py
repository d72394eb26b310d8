# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``recipe`` shows the recipe that a file carries, compares two, or makes the sound again or anew."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import streams
from app.commands import dry_run, endings, terminal
from app.commands.numbers import whole
from app.commands.output_files import add_force_argument, refuse_to_replace
from app.commands.render_again import likeness, render_again
from engine.errors import AudioFileError, NotTaken, OutOfRange, UnknownFormat
from engine.values import LoopSearch, MixRecipe, SavePlan
from engine.values.takes import MOST_SEED

if TYPE_CHECKING:
    from engine.library.carried import AnyCarried, Carried
    from engine.library.recipe_lines import Line
    from engine.values import ClipRequest, ClipResult

MOST_WIDTH = 40
"""Largest width of the column of names, letters."""

SAME_DB = -70.0
"""Largest difference between two sounds that count as the same, dBFS, as in ``engine.worker.score_saving``."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a file that the studio wrote, or a take of its library")
    parser.add_argument("other", metavar="OTHER", nargs="?", help="compare its recipe with this one’s, line by line")
    anew = parser.add_mutually_exclusive_group()
    anew.add_argument("--again", action="store_true", help="make the same sound again, where its generator can")
    anew.add_argument("--vary", action="store_true", help="make another sound by the same recipe, from another seed")
    parser.add_argument(
        "--loop",
        type=whole,
        metavar="N",
        help="of a recording or a render, which holds several: the loop of this number",
    )
    parser.add_argument("-o", "--output", metavar="OUT", help="with --again and --vary: the .wav, .flac or .ogg file")
    parser.add_argument("--seed", type=whole, metavar="N", help="with --vary: this seed (default: a new one)")
    parser.add_argument("--json", action="store_true", help="print the recipe, or each line of two, as JSON")
    add_force_argument(parser)
    parser.set_defaults(refuse=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Show, compare or make. Raises StudioError."""
    is_making = arguments.again or arguments.vary
    if is_making != (arguments.output is not None):
        arguments.refuse("--again and --vary write a file: name it with -o, and leave -o out without them")
    if is_making and arguments.other is not None:
        arguments.refuse("--again and --vary take one FILE")
    if arguments.seed is not None and (not arguments.vary or abs(arguments.seed) > MOST_SEED):
        arguments.refuse("--seed belongs to --vary")
    from engine.library.carried import Carried

    carried = _carried(arguments.file, arguments.loop)
    if is_making and isinstance(carried, MixRecipe):
        if arguments.vary:
            arguments.refuse("--vary makes one clip: say which of them with --loop N")
        return render_again(arguments, carried, SAME_DB)
    if is_making and isinstance(carried, Carried):
        return _make(arguments, carried)
    if arguments.other is None:
        _show(arguments, carried)
    else:
        _compare(arguments, carried, _carried(arguments.other, arguments.loop))
    return 0


def _carried(path: str, number: int | None) -> AnyCarried:
    from engine.library.carried import recipe_of
    from engine.library.recipe_lines import loop_of

    with streams.without_libraries_words():
        carried = recipe_of(path)
    if carried is None:
        raise AudioFileError(path=path, detail="it carries no recipe; files that the studio writes do")
    if number is None:
        return carried
    if not isinstance(carried, MixRecipe):
        raise AudioFileError(path=path, detail="one loop alone is heard in it: leave out --loop")
    loop = loop_of(carried, number)
    if loop is None and not carried.leads:
        raise AudioFileError(path=path, detail="it does not say which loops are heard in it: leave out --loop")
    if loop is None:
        raise OutOfRange(name="--loop", value=number, low=1, high=len(carried.leads))
    return loop


def _show(arguments: argparse.Namespace, carried: AnyCarried) -> None:
    from engine.library.recipe_lines import lines_of

    if arguments.json:
        terminal.print_json(_as_dict(carried))
        return
    lines = (*lines_of(carried), *_judged(carried))
    width = _width(lines)
    for one in lines:
        print(f"{one.label:<{width}}  {one.left}")


def _judged(carried: AnyCarried) -> tuple[Line, ...]:
    """Return a line on how a model's clip stands to what was asked for."""
    from app.commands.judged import fit_words
    from engine.library.recipe_lines import Line
    from engine.session.fitting import fit_of

    words = [] if isinstance(carried, MixRecipe) else fit_words(fit_of(carried.recipe))
    return (Line("measured", "; ".join(words)),) if words else ()


def _as_dict(carried: AnyCarried) -> dict[str, Any]:
    if not isinstance(carried, MixRecipe):
        return {**carried.recipe.as_dict(), "made": carried.made.as_dict()}
    return {
        "mix": str(carried.kind),
        "sample_rate": carried.sample_rate,
        "n_samples": carried.n_samples,
        "left_out": carried.n_left_out,
        "order": None if carried.order is None else dict(carried.order),
        "loops": [
            {
                "at": lead.frame,
                **({"layer": lead.layer} if lead.layer else {}),
                **({} if lead.until is None else {"until": lead.until}),
                "recipe": lead.recipe.as_dict(),
            }
            for lead in carried.leads
        ],
    }


def _compare(arguments: argparse.Namespace, left: AnyCarried, right: AnyCarried) -> None:
    from engine.library.recipe_lines import compared

    lines = compared(left, right)
    if arguments.json:
        told = [{"name": one.label, "left": one.left, "right": one.right, "differs": one.differs} for one in lines]
        terminal.print_json({"left": arguments.file, "right": arguments.other, "lines": told})
        return
    width = _width(lines)
    for one in lines:
        if one.differs:
            print(f"- {one.label:<{width}}  {one.left}\n+ {one.label:<{width}}  {one.right}")
        else:
            print(f"  {one.label:<{width}}  {one.left}")


def _width(lines: Sequence[Line]) -> int:
    """Return how wide the names are; one beyond all bounds, as a file may hold, stands out."""
    return min(max(len(one.label) for one in lines), MOST_WIDTH)


def _make(arguments: argparse.Namespace, carried: Carried) -> int:
    from engine.generators.registry import generator_named
    from engine.generators.service import make_clip
    from engine.library.audiofile import WRITTEN_FORMATS
    from engine.session.made_again import origin, request_again

    target = Path(arguments.output)
    if target.suffix.lower() not in WRITTEN_FORMATS:
        raise UnknownFormat(path=str(target), choices=", ".join(WRITTEN_FORMATS))
    carried = origin(carried)
    recipe, settings = carried.recipe, terminal.own_generator_settings()
    request = request_again(1, recipe, settings)
    if request is None:
        raise NotTaken(
            generator=recipe.generator, name="recipe of this file to make the same again", value=recipe.title
        )
    if arguments.vary:
        request = replace(request, seed=arguments.seed, speed=1.0)
    refuse_to_replace([target], force=arguments.force, may_ask=True, inputs=[arguments.file])
    generator_named(request.generator).check(settings)
    dry_run.about(f"“{recipe.title}” by {recipe.generator}", generator=recipe.generator, seed=request.seed)
    # What a model takes minutes to make is not made for nothing.
    dry_run.stop(target)
    line = terminal.ProgressLine()
    made = terminal.finish(make_clip(request, settings), line)
    if arguments.vary:
        line.show("finding the loop")
        carried = _varied(carried, request, made)
    else:
        carried = replace(carried, recipe=replace(recipe, versions=made.versions))
    with endings.held():
        paths = _write(carried, made, target, arguments)
    line.clear()
    for path in paths:
        told = f"seed {carried.recipe.seed}" if arguments.vary else likeness(Path(arguments.file), path, SAME_DB)
        print(f"{path}: {told}", file=sys.stderr)
    if arguments.json:
        terminal.print_json({"file": arguments.file, "outputs": [str(one) for one in paths], "seed": made.seed})
    return 0


def _varied(carried: Carried, request: ClipRequest, made: ClipResult) -> Carried:
    """Return the recipe of another clip, with the loop that is found in it. Raises StudioError."""
    from engine.loops.finder import find_loops
    from engine.session.clip_recipe import recipe_of_clip
    from engine.session.fitting import to_be_measured

    facts = to_be_measured(request.generator, made.facts)
    findings = find_loops(made.clip, LoopSearch(carried.recipe.algorithm, facts=facts))
    return replace(carried, recipe=recipe_of_clip(request, made, findings))


def _write(carried: Carried, made: ClipResult, target: Path, arguments: argparse.Namespace) -> list[Path]:
    """Write what the recipe says was made of the clip; what was cut further is the clip itself."""
    from engine.dsp.seam import Seam
    from engine.library.audiofile import writing_audio
    from engine.library.carried import CLIP, said_of, said_of_file
    from engine.playback.file.extent import Cut
    from engine.playback.file.saving import Saved, shapes_of, write_files
    from engine.values import LoopRegion

    plan, clip, recipe = carried.made.plan, made.clip, carried.recipe
    if plan is None:
        region = LoopRegion(0, clip.n_samples) if clip.wraps else None
        with writing_audio(
            target, clip.sample_rate, clip.n_channels, loop_region=region, metadata=said_of(recipe, CLIP)
        ) as out:
            out.write(clip.samples)
        return [target]
    plan = _as_named(plan, target)
    seam = Seam(clip, recipe.loop.region, overlap_ms=carried.made.overlap_ms)
    shapes = shapes_of(plan, target.stem, Cut.of(seam))
    paths = [target.with_name(shape.name) for shape in shapes]
    refuse_to_replace(paths, force=arguments.force, may_ask=True, inputs=[arguments.file])
    saved = Saved(seam, carried.made.gain, carried.made.is_limited)
    # Whatever stem the file held: what is made again is all of it.
    whole = replace(carried.made, plan=plan, part="")
    for _ in write_files(plan, saved, shapes, paths, lambda shape: said_of_file(recipe, shape, whole)):
        endings.checkpoint()
    return paths


def _as_named(plan: SavePlan, target: Path) -> SavePlan:
    return replace(plan, ending=target.suffix.lower())
