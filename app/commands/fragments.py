# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``fragments`` fills the slots of a folder, which another program plays, with short sounds.

Each is one rename of a whole file; what was made stays in the folder's archive, numbered, with its recipe.
"""

from __future__ import annotations

import argparse
import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import dry_run, terminal
from app.commands.batch import prompts_in
from app.commands.fragment_links import add_link_arguments, link_words, links_of
from app.commands.fragment_stand import Stand, slot_prompts, tell
from app.commands.numbers import number, whole
from engine.values.fragments import MOST_SLOTS, USUAL_SLOTS

if TYPE_CHECKING:
    from engine.fragments.links import Links
    from engine.fragments.making import Making

_PLACEHOLDER = "fragment"
"""Prompt by which the arguments are checked where none is told yet."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        help="gets output01.wav … and archive/output001.wav …; made where there is none",
    )
    terminal.add_generator_arguments(parser, n_prompts="*")
    parser.add_argument(
        "--from", dest="prompts", metavar="FILE", help="a text file with a prompt a line; prompts take turns"
    )
    parser.add_argument("--json", action="store_true", help="print each fragment as a JSON object on a line of its own")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    slots = parser.add_argument_group("slots")
    slots.add_argument(
        "--slots", type=whole, default=USUAL_SLOTS, metavar="N", help=f"how many, 1–{MOST_SLOTS} ({USUAL_SLOTS})"
    )
    slots.add_argument("--rate", type=whole, default=44_100, metavar="HZ", help="their sample rate (44100)")
    for name, words in (
        ("freeze", "the circle leaves it out from now on"),
        ("release", "the circle takes it in again"),
        ("clear", "its file is removed; the archive keeps what it was"),
    ):
        slots.add_argument(f"--{name}", type=whole, action="append", default=[], metavar="N", help=f"a slot: {words}")
    slots.add_argument(
        "--slot-prompt",
        action="append",
        default=[],
        metavar="N=PROMPT",
        help="a prompt that is kept for a slot; without a PROMPT none is",
    )
    when = parser.add_argument_group("when one is made", "where nothing is said, by hand: each line that is typed")
    which = when.add_mutually_exclusive_group()
    which.add_argument("--every", type=number, metavar="S", help="so many seconds after the one before was begun")
    which.add_argument(
        "--when-taken", action="store_true", help="when the performer took one (by HTTP, by OSC, or opening its file)"
    )
    which.add_argument("--once", type=whole, metavar="N", help="so many now, then end")
    when.add_argument("--ignore-opens", action="store_true", help="a file that is opened does not count as taken")
    add_link_arguments(parser)
    loops = parser.add_argument_group("loops")
    loops.add_argument(
        "--loops", action="store_true", help="write loops of --bars (4) at --bpm that repeat without a seam; no fades"
    )


def run(arguments: argparse.Namespace) -> int:
    """Fill the slots until the command is ended. Raises StudioError."""
    prompts = _prompts(arguments)
    making = _making(arguments, prompts)
    _check(arguments)
    links = links_of(arguments)
    for prompt in prompts:
        if "{" not in prompt:
            request = replace(making.request, prompt=prompt)
            terminal.tell_what_is_read(request, making.generator, making.settings)
    if arguments.dry_run:
        return _say_what_would_be(arguments, making, prompts, links)
    from engine.fragments.folder import SlotFolder
    from engine.fragments.links import linked
    from engine.fragments.making import FragmentMaker
    from engine.fragments.station import Station
    from engine.serving.maker import HostMaker

    folder = SlotFolder(arguments.folder, arguments.slots)
    maker = FragmentMaker(making, HostMaker(making.generator, making.settings))
    station = Station(folder, maker, prompts=prompts)
    try:
        with linked(station, links, lambda error: tell(str(error))) as where:
            if where.osc_in is not None:
                tell(f"OSC is heard at {where.osc_in[0]}, port {where.osc_in[1]}")
            if where.url:
                tell(f"the prompt page is at {terminal.address_to_tell(where.url, arguments.token_file)}")
            return Stand(station, arguments).run(prompts)
    finally:
        station.close()


def _prompts(arguments: argparse.Namespace) -> list[str]:
    """Return the prompts of the command line, then those of its file. Raises CannotRead, EmptyPrompt."""
    return [*arguments.prompt, *(prompts_in(arguments.prompts) if arguments.prompts is not None else ())]


def _making(arguments: argparse.Namespace, prompts: list[str]) -> Making:
    """Return how fragments are made. Raises UserError."""
    from engine.fragments.making import HIGHEST_RATE, LOWEST_RATE, Making
    from engine.loops.shaped import USUAL_BARS, LoopShape

    if not LOWEST_RATE <= arguments.rate <= HIGHEST_RATE:
        from engine.errors import OutOfRange

        raise OutOfRange(name="--rate", value=arguments.rate, low=LOWEST_RATE, high=HIGHEST_RATE)
    is_told = bool(prompts) or arguments.preset is not None
    arguments.prompt = prompts[0] if prompts else None if is_told else _PLACEHOLDER
    if arguments.loops and arguments.bars is None:
        arguments.bars = USUAL_BARS
    request, generator, settings = terminal.asked(arguments)
    if not prompts and is_told:
        prompts.append(request.prompt)
    generator.check(settings)
    shape = None
    if arguments.loops:
        from engine.errors import LoopsNeedTempo
        from engine.generators.asked_music import asked_of
        from engine.generators.requests import beats_asked

        tempo_bpm = asked_of(request.prompt, request.bpm, None).bpm
        if tempo_bpm is None:
            raise LoopsNeedTempo
        shape = LoopShape(request.bars or USUAL_BARS, beats_asked(request), tempo_bpm)
    return Making(request, generator, settings, arguments.rate, shape)


def _check(arguments: argparse.Namespace) -> None:
    """Refuse numbers that are out of bounds. Raises OutOfRange, WrongKind."""
    from engine.errors import OutOfRange
    from engine.fragments.station import LEAST_EVERY_S, MOST_EVERY_S

    for name, low, high in (
        ("slots", 1, MOST_SLOTS),
        ("every", LEAST_EVERY_S, MOST_EVERY_S),
        ("once", 1, 100_000),
    ):
        value = getattr(arguments, name)
        if value is not None and not low <= value <= high:
            raise OutOfRange(name=f"--{name}", value=f"{value:g}", low=f"{low:g}", high=f"{high:g}")
    for one in (*arguments.freeze, *arguments.release, *arguments.clear, *slot_prompts(arguments)):
        if not 1 <= one <= arguments.slots:
            raise OutOfRange(name="slot", value=one, low=1, high=arguments.slots)


def _say_what_would_be(arguments: argparse.Namespace, making: Making, prompts: list[str], links: Links) -> int:
    from engine.errors import EmptyPrompt, cannot_write
    from engine.fragments.folder import check_free, next_in, prompt_kept_in
    from engine.fragments.links import check_places

    folder, own = Path(arguments.folder), slot_prompts(arguments)
    if folder.exists() and not folder.is_dir():
        raise cannot_write(folder, NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)))
    check_free(folder)
    check_places(links)
    following = next_in(folder, arguments.slots)
    kept = "" if following is None else own.get(following, prompt_kept_in(folder, following))
    if arguments.once is not None and not (prompts or kept):
        raise EmptyPrompt
    request = making.request
    said: dict[str, Any] = {
        "folder": str(folder),
        "exists": folder.is_dir(),
        "slots": arguments.slots,
        "next_slot": following,
        "sample_rate": making.sample_rate,
        "generator": making.generator.name,
        "model": request.model,
        "prompts": prompts,
        "http": links.http,
        "osc_in": links.osc_in,
        "osc_out": links.osc_out,
        "loop_s": None if making.shape is None else making.shape.duration_s,
    }
    into = "none: all are frozen" if following is None else f"output{following:02}.wav"
    what = "trimmed sounds" if making.shape is None else f"loops of {making.shape.duration_s:.3f} s"
    dry_run.would(
        *(f"leave slot {one} out of the circle" for one in arguments.freeze),
        *(f"take slot {one} into the circle again" for one in arguments.release),
        *(f"remove output{one:02}.wav" for one in arguments.clear),
        *(f"keep the prompt “{prompt}” for slot {one}" for one, prompt in own.items()),
        f"fill {'1 slot' if arguments.slots == 1 else f'{arguments.slots} slots'} in {folder}, the next being {into}",
        f"make {what} at {making.sample_rate} Hz; generator: {making.generator.title}",
        *(f"ask for “{prompt}”" for prompt in prompts),
        *link_words(links, arguments.token_file),
        **said,
    )
    return 0
