# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``term`` is the studio in a terminal: endless music over ssh, with a shell."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from app import streams
from app.commands import terminal
from app.commands.loading import load_qt
from app.commands.preset_arguments import add_preset_argument
from app.control.drivers import DRIVERS

if TYPE_CHECKING:
    from app.settings import Settings

_SETTINGS = ("generator", "model", "algorithm", "duration", "minplay", "maxplay", "minloop", "overlap", "volume")
"""Settings that the command line sets, in the order in which they depend on one another."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("-p", "--prompt", metavar="TEXT", help="start at once with these words")
    parser.add_argument(
        "-g",
        "--generate-only",
        nargs=2,
        metavar=("PROMPT", "OUT"),
        help="make one clip, write it to a file and leave, as “generate PROMPT -o OUT” does",
    )
    parser.add_argument("-f", "--force", action="store_true", help="with -g: replace the file if it is there")
    parser.add_argument("--dry-run", action="store_true", help="with -g: write nothing, say what would be written")
    parser.add_argument("-i", "--interactive", action="store_true", help="wait for commands, as is usual")
    add_preset_argument(parser)
    run = parser.add_argument_group("for this run", "what is “set” in its shell is remembered, this is not")
    run.add_argument("--generator", metavar="NAME", help="as of “generate”")
    run.add_argument("-m", "--model", metavar="M", help="the generator's model")
    run.add_argument("--algorithm", metavar="A", help="advanced or classic")
    run.add_argument("-d", "--duration", metavar="S", help="about how many seconds a clip lasts")
    run.add_argument("--min-play", "--minduration", dest="minplay", metavar="S", help="how long a loop plays at least")
    run.add_argument("--max-play", dest="maxplay", metavar="S", help="how long a loop plays at most")
    run.add_argument("--min-loop", "--minlength", dest="minloop", metavar="S", help="how long a loop is at least")
    run.add_argument("--overlap", metavar="MS", help="the crossfade, milliseconds")
    run.add_argument("--volume", metavar="DB", help="from -60 to 0 dB")
    run.add_argument("--driver", metavar="NAME", help=f"where the sound goes: {', '.join(DRIVERS)}, or a device's name")
    run.add_argument("--record", metavar="FILE", help="record from the beginning, as FLAC")
    look = parser.add_argument_group("how it looks")
    look.add_argument("--plain", action="store_true", help="plain lines, as where the terminal cannot be drawn upon")
    look.add_argument("-q", "--quiet", action="store_true", help="say only answers and what went wrong")
    look.add_argument(
        "-v", "--debug", action=argparse.BooleanOptionalAction, default=False, help="say also what the log is told"
    )
    parser.add_argument("--new", action="store_true", help="open another studio, where one runs that could be told")


def run(arguments: argparse.Namespace) -> int:
    """Stay until it is left. Raises StudioError."""
    if arguments.generate_only is not None:
        return _generate(arguments)
    load_qt()
    _check_alone(arguments)
    record = _recordable(arguments.record) if arguments.record else ""
    remembered = terminal.own_settings()
    given = _given(remembered, arguments)
    prompted = arguments.prompt is not None or arguments.preset is not None
    if (
        prompted
        and not arguments.new
        and _is_handed_over(given.prompt, is_all=not record and given == replace(remembered, prompt=given.prompt))
    ):
        return 0
    on_screen = not arguments.plain and can_be_drawn_upon()
    from PySide6.QtCore import QCoreApplication

    from app.terminal.run_settings import RunSettings
    from app.terminal.studio import TerminalStudio

    application = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    studio = TerminalStudio(
        RunSettings(remembered, given),
        prompted=prompted,
        quiet=arguments.quiet,
        debug=arguments.debug,
        record=record,
    )
    exit_code = studio.run(on_screen=on_screen)
    application.processEvents()
    return exit_code


def can_be_drawn_upon() -> bool:
    """Return whether all three standard streams are a terminal that understands where to write."""
    streams_here = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    return all(one is not None and one.isatty() for one in streams_here) and os.environ.get("TERM", "dumb") not in (
        "",
        "dumb",
        "unknown",
    )


def _recordable(file: str) -> str:
    """Return the path of a file that can be recorded to. Raises UserError, before anything is heard."""
    from app.control.file_verbs import TAPE_ENDINGS
    from app.control.words import from_here, new_file

    return new_file(from_here(file), TAPE_ENDINGS)


def _given(remembered: Settings, arguments: argparse.Namespace) -> Settings:
    """Return the settings of this run. Raises UserError."""
    from app.control.drivers import device_for
    from app.control.named_settings import with_setting
    from app.presets import known_presets, with_preset

    settings = remembered
    if arguments.preset is not None:
        settings = with_preset(settings, known_presets().named(arguments.preset))
    if arguments.prompt is not None:
        settings = with_setting(settings, "prompt", arguments.prompt)
    for name in _SETTINGS:
        if (value := getattr(arguments, name)) is not None:
            settings = with_setting(settings, name, value)
    if arguments.driver is not None:
        from engine.playback.device.devices import list_devices

        with streams.without_libraries_words():
            devices = list_devices()
        settings = replace(settings, device=device_for(arguments.driver, devices))
    return settings


def _is_handed_over(prompt: str, *, is_all: bool) -> bool:
    """Return whether a studio that runs was told to play this; ``is_all`` says that nothing else is asked for."""
    from app.commands.handing import handed_over

    told = handed_over(prompt)
    if told:
        rest = "" if is_all else ", as it is set itself"
        print(f"{told} plays it{rest}; --new opens another one", file=sys.stderr)
    return bool(told)


def _check_alone(arguments: argparse.Namespace) -> None:
    """Refuse what says how one clip is written where none is asked for. Raises NeedsOption."""
    for name in ("force", "dry_run"):
        if getattr(arguments, name):
            from engine.errors import NeedsOption

            raise NeedsOption(name="--" + name.replace("_", "-"), option="--generate-only")


def _generate(arguments: argparse.Namespace) -> int:
    """Make one clip, as ``generate`` does."""
    from app.main import build_parser

    prompt, out = arguments.generate_only
    line = ["generate", prompt, "-o", out]
    for option in ("generator", "model", "duration", "preset"):
        if (value := getattr(arguments, option)) is not None:
            line += [f"--{option}", value]
    if arguments.force:
        line.append("--force")
    asked = build_parser().parse_args(line)
    return int(asked.run(asked))
