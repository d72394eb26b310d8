# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-commands that play along with recordings share this: arguments, files, and what is told."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.commands import terminal
from app.commands.along_outputs import AlongOutputs, in_words
from app.commands.loop_files import Entry, Files, add_file_arguments
from app.commands.numbers import whole
from app.commands.output_files import add_output_arguments
from app.commands.remote_arguments import add_remote_arguments, settle_remote
from engine.errors import NotTaken
from engine.values.play_along import Along, AlongOrder

if TYPE_CHECKING:
    from engine.generators.base import Generator, GeneratorSettings
    from engine.values import ClipRequest, ClipResult


def add_along_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what all of them share."""
    add_file_arguments(parser)
    parser.add_argument(
        "-o", "--output", required=True, metavar="OUT", help="a .wav, .flac or .ogg file; a folder for several sounds"
    )
    parser.add_argument(
        "--style", default="", metavar="TEXT", help="what it is to sound like, in words (default: as the recording)"
    )
    parser.add_argument(
        "--parts",
        default="everything",
        metavar="NAMES",
        help="which parts are played: everything, drums (kit, percussion), instruments (bass, chords, arp, pad, lead, "
        "counter, noise), or some of them: drums,bass (default everything)",
    )
    parser.add_argument("--seed", type=whole, metavar="N", help="the same seed gives the same music")
    parser.add_argument("--new", metavar="OUT", help="also write the new music alone, as long as the whole")
    parser.add_argument("--stems", metavar="DIR", help="also write the new music’s parts into this folder")
    parser.add_argument(
        "--midi", metavar="OUT", help="also write its notes, as a .mid file; a folder for several sounds"
    )
    parser.add_argument("--json", action="store_true", help="print what was heard and made, one JSON object a file")
    by = parser.add_argument_group("by another generator")
    by.add_argument(
        "--generator", default="", metavar="NAME", help="composer (the default, which needs nothing), musicgen, remote…"
    )
    by.add_argument("--model", default="", metavar="M", help="the generator's model, e.g. small (its own default)")
    by.add_argument(
        "--set", type=terminal.assignment, action="append", metavar="NAME=VALUE", help="a parameter of its own"
    )
    add_remote_arguments(parser)
    add_output_arguments(parser)


def run_along(
    arguments: argparse.Namespace, way: Along, says: Mapping[str, Any], *, spans: tuple[str, ...] = ()
) -> int:
    """Play along with each recording. Raises StudioError; one that fails leaves no file.

    ``says`` is what the command asks for besides, ``spans`` names those of its arguments that are places in the sound.
    """
    from engine.companion.play_along import check_generator, check_order, play_along
    from engine.generators.registry import generator_named
    from engine.values import Layer

    settle_remote(arguments)
    generator = generator_named(arguments.generator or "composer")
    settings = _settings(arguments, generator)
    files = Files(arguments)
    outputs = AlongOutputs(arguments, files, f"-{way}")

    def play(entry: Entry) -> None:
        with files.sound(entry, whole=True) as sound:
            places = {name: getattr(arguments, name).seconds(sound) for name in spans}
            order = AlongOrder(
                way,
                arguments.style,
                Layer.named(arguments.parts),
                seed=arguments.seed,
                generator=generator.name,
                model=arguments.model,
                **says,
                **places,
            )
            check_generator(order)
            _refuse_what_is_not_told(arguments, generator)
            check_order(sound, order)
            with outputs.opened(entry, sound, order) as writing:
                files.show("listening")
                played = play_along(writing.recording, order, lambda request: _made(request, settings, entry))
                writing.write(played)
            files.tell_left_out(writing.targets["joined"], writing.left_out)
        if arguments.json:
            terminal.print_json({"file": entry.path, **writing.as_dict(played)})
        else:
            files.tell(f"{writing.targets['joined']}: {in_words(played)}")

    return files.each(play)


def _made(request: ClipRequest, settings: GeneratorSettings, entry: Entry) -> ClipResult:
    from engine.generators.service import make_clip

    return terminal.finish(make_clip(request, settings), terminal.ProgressLine(), f"{entry.stem}: ")


def _refuse_what_is_not_told(arguments: argparse.Namespace, generator: Generator) -> None:
    """Refuse notes and stems of a generator that tells none. Raises NotTaken."""
    if arguments.stems is not None and not generator.capabilities().takes.stems:
        raise NotTaken(generator=generator.title, name="request for stems", value=arguments.stems)
    if arguments.midi is not None and not generator.capabilities().tells.score:
        raise NotTaken(generator=generator.title, name="request for MIDI", value=arguments.midi)


def _settings(arguments: argparse.Namespace, generator: Generator) -> GeneratorSettings:
    """Return what this machine has set up of the generator, and ``--set``. Raises UnknownChoice, WrongKind."""
    from engine.errors import UnknownChoice

    declared = {one.name: one for one in generator.capabilities().parameters}
    values = {}
    for name, text in arguments.set or ():
        if name not in declared:
            choices = ", ".join(declared) or "none: it has none"
            raise UnknownChoice(name=f"parameter of {generator.title}", value=name, choices=choices)
        values[name] = declared[name].read(text)
    return terminal.machine_settings(generator).with_values(generator.name, values)
