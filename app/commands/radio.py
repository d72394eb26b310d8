# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``radio`` is the endless studio with no window and no sound card, for all who listen to it."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from app.commands import terminal
from app.commands.batch import prompts_in
from app.commands.numbers import number, whole
from app.commands.preset_arguments import add_preset_argument
from engine.values.radio import PORT

if TYPE_CHECKING:
    from app.settings import Settings
    from engine.values.radio import RadioPlan

PROMPT_MINUTES = 10.0
"""Minutes for which a prompt of several is played."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("prompt", nargs="*", metavar="PROMPT", help="what is to be heard; several take turns")
    add_preset_argument(parser)
    parser.add_argument("--prompts", metavar="FILE", help="a text file with a prompt a line; prompts take turns")
    parser.add_argument(
        "--minutes", type=number, default=PROMPT_MINUTES, metavar="M", help="how long each has its turn (10)"
    )
    parser.add_argument("--generator", metavar="NAME", help="as of “generate”")
    parser.add_argument("--model", metavar="M", help="the generator's model")
    parser.add_argument("--name", default="Infiniloop", metavar="NAME", help="the radio's name, as players show it")
    where = parser.add_argument_group("where it is heard")
    where.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen: 127.0.0.1 (the default) is reached from this machine alone, 0.0.0.0 from all",
    )
    where.add_argument(
        "--port", type=whole, default=PORT, metavar="N", help=f"the port ({PORT} is the default, 0 any free one)"
    )
    where.add_argument(
        "--token-file",
        metavar="FILE",
        help="a text file with the token that has to be shown; where there is no such file, it is written with a "
        "new token",
    )
    where.add_argument(
        "--public", action="store_true", help="everybody may listen without the token, which is for control then"
    )
    where.add_argument("--json", action="store_true", help="print where it is heard as one JSON object, once it is")
    limits = parser.add_argument_group("limits")
    limits.add_argument(
        "--most-listeners", type=whole, default=4000, metavar="N", help="connections at once, all together (4000)"
    )
    limits.add_argument("--per-address", type=whole, default=64, metavar="N", help="connections of one address (64)")


def run(arguments: argparse.Namespace) -> int:
    """Be on the air until the command is ended by a signal. Raises StudioError."""
    _check(arguments)
    _need_parts()
    settings, prompts = _settings(arguments), _prompts(arguments)
    plan = _plan(arguments)
    from app.radio import RadioStudio

    studio = RadioStudio(settings, prompts, each_s=60.0 * arguments.minutes)

    def opened(url: str) -> None:
        _tell(f"on the air at {url}")
        if arguments.json:
            terminal.print_json({"address": url, "stream": f"{url.partition('?')[0]}stream.mp3"})
            sys.stdout.flush()

    return studio.run(plan, opened)


def _settings(arguments: argparse.Namespace) -> Settings:
    """Return the settings of this run. Raises UserError."""
    from app.control.named_settings import with_setting
    from app.presets import known_presets, with_preset

    settings = terminal.own_settings()
    if arguments.preset is not None:
        settings = with_preset(settings, known_presets().named(arguments.preset))
    for name in ("generator", "model"):
        if (value := getattr(arguments, name)) is not None:
            settings = with_setting(settings, name, value)
    return settings


def _prompts(arguments: argparse.Namespace) -> list[str]:
    """Return the prompts of the command line, then those of its file. Raises CannotRead, EmptyPrompt."""
    return [*arguments.prompt, *(prompts_in(arguments.prompts) if arguments.prompts is not None else ())]


def _plan(arguments: argparse.Namespace) -> RadioPlan:
    """Return how the radio is served. Raises StudioError."""
    from app import paths
    from engine.generators.wire.tokens import make_token, token_in
    from engine.values.radio import RadioPlan

    token = ""
    if arguments.token_file is not None:
        if make_token(arguments.token_file):
            _tell(f"a new token was written to {arguments.token_file}")
        token = token_in(arguments.token_file)
    return RadioPlan(
        arguments.name,
        arguments.host,
        arguments.port,
        token,
        is_public=arguments.public,
        folder=str(paths.data_folder() / "radio"),
        reserve_folder=str(paths.RESOURCES / "starters"),
        pages_folder=str(paths.RESOURCES / "radio"),
        per_address=arguments.per_address,
        most_listeners=arguments.most_listeners,
    )


def _check(arguments: argparse.Namespace) -> None:
    """Refuse what is out of bounds, or does nothing. Raises OutOfRange, NeedsOption."""
    from engine.errors import NeedsOption, OutOfRange

    for name, low, high in (
        ("port", 0, 65535),
        ("minutes", 0.5, 1440.0),
        ("most_listeners", 1, 100_000),
        ("per_address", 1, 100_000),
    ):
        value = getattr(arguments, name)
        if not low <= value <= high:
            option = "--" + name.replace("_", "-")
            raise OutOfRange(name=option, value=f"{value:g}", low=f"{low:g}", high=f"{high:g}")
    if arguments.public and arguments.token_file is None:
        raise NeedsOption(name="--public", option="--token-file")


def _need_parts() -> None:
    """Refuse to go on without the extra. Raises RadioLacksPart."""
    from engine.errors import RadioLacksPart

    try:
        import av
        import fastapi
        import prometheus_client
        import uvicorn
    except ImportError as error:
        raise RadioLacksPart from error
    del av, fastapi, prometheus_client, uvicorn


def _tell(line: str) -> None:
    print(f"infiniloop: {line}", file=sys.stderr, flush=True)
