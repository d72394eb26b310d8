# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``radio`` is the endless studio with no window and no sound card, for all who listen to it."""

from __future__ import annotations

import argparse
import contextlib
import logging
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.commands import endings, terminal
from app.commands.batch import prompts_in, words_in
from app.commands.loading import load_qt
from app.commands.numbers import number, whole
from app.commands.preset_arguments import add_preset_argument
from app.commands.radio_days import print_plan
from app.commands.remote_arguments import add_remote_arguments, settle_remote
from engine.errors import EmptyPrompt, GivenTwice, NeedsOption, OutOfRange, PublicNeedsToken, WrongKind
from engine.log_lines import is_json, log_json, note
from engine.values.options import PROMPT
from engine.values.programme import MOOD_MINUTES
from engine.values.radio import PORT
from engine.values.radio_options import RADIO_NAME

if TYPE_CHECKING:
    from app.radio_folder import RadioFolder
    from app.stations import StationPlay
    from engine.values.radio import RadioPlan

_log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("prompt", nargs="*", metavar="PROMPT", help="what is to be heard; several take turns")
    add_preset_argument(parser)
    parser.add_argument("--prompts", metavar="FILE", help="a text file with a prompt a line; prompts take turns")
    parser.add_argument(
        "--minutes", type=number, metavar="M", help=f"how long each prompt has its turn ({MOOD_MINUTES:g})"
    )
    parser.add_argument(
        "--station",
        metavar="NAME",
        help="what is played when, in the place of prompts: the name of a station (calm is the default) or its file",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="print what is played when for a day from now on, or for a week where days differ, and end",
    )
    parser.add_argument("--generator", metavar="NAME", help="as of “generate”")
    parser.add_argument("--model", metavar="M", help="the generator's model")
    parser.add_argument(
        "--set",
        type=terminal.assignment,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the generator’s own, or another setting; give it again for another one",
    )
    add_remote_arguments(parser)
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
    where.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="another site, as https://example.org, whose pages may play the streams and read what plays; may be given "
        "several times",
    )
    asked = parser.add_argument_group("what listeners may ask for")
    asked.add_argument("--votes", action="store_true", help="they vote for “more” or “less” of what plays")
    asked.add_argument("--requests", action="store_true", help="they ask for music, which is played next")
    asked.add_argument(
        "--word-filter", metavar="FILE", help="a text file with a word or phrase a line that no request may have"
    )
    parser.add_argument(
        "--log-json",
        action="store_true",
        help="log to stderr, in place of the log file, as lines of JSON: also who joins, pieces, votes, dead air",
    )
    where.add_argument("--json", action="store_true", help="print where it is heard as one JSON object, once it is")
    others = parser.add_argument_group("by other servers")
    others.add_argument(
        "--hls", metavar="FOLDER", help="write the stream as files (HLS) that nginx or any web server offers to many"
    )
    others.add_argument(
        "--icecast",
        action="append",
        default=[],
        metavar="URL",
        help="send the stream to an Icecast server, as icecast://HOST:8000/MOUNT.mp3 (or .opus, .aac, .flac); may be "
        "given several times",
    )
    others.add_argument(
        "--icecast-password-file", metavar="FILE", help="a text file with the password that Icecast asks of a source"
    )
    limits = parser.add_argument_group("limits")
    limits.add_argument(
        "--most-listeners", type=whole, default=4000, metavar="N", help="connections at once, all together (4000)"
    )
    limits.add_argument("--per-address", type=whole, default=64, metavar="N", help="connections of one address (64)")


def run(arguments: argparse.Namespace) -> int:
    """Be on the air until the command is ended by a signal. Raises StudioError."""
    reloads: list[bool] = []
    # From the start on: who has just begun it may have it read its station again, and does not mean to end it.
    with endings.taken(signal.SIGHUP, lambda: reloads.append(True)):
        return _run(arguments, reloads)


def _run(arguments: argparse.Namespace, reloads: list[bool]) -> int:
    load_qt()
    _check(arguments)
    play = _play(arguments)
    plan = _plan(arguments)
    if arguments.dry_run:
        return print_plan(play, in_json=arguments.json)
    _need_parts()
    if arguments.log_json:
        log_json()
    from app.radio_folder import RadioFolder

    plan = replace(plan, token=_token(arguments.token_file), hls_folder=_hls_folder(arguments.hls))
    with contextlib.closing(RadioFolder()) as folder:
        return _be_on_air(arguments, play, replace(plan, folder=str(folder.path)), folder, reloads)


def _be_on_air(
    arguments: argparse.Namespace, play: StationPlay, plan: RadioPlan, folder: RadioFolder, reloads: list[bool]
) -> int:
    from app.radio import RadioStudio

    studio = RadioStudio(play, votes_file=folder.votes_file, reloads=reloads)
    told: list[str] = []

    def opened(url: str) -> None:
        # In a log without the token, which who reads that is not to have.
        where = url.partition("?")[0] if is_json() else terminal.address_to_tell(url, arguments.token_file)
        _tell(f"on the air at {where}")
        if folder.is_another:
            _tell(f"another radio is on the air, too: numbers, history and votes of this one are in “{folder.path}”")
        # Another process that takes over is at the same address.
        if arguments.json and not told:
            told.append(url)
            # With its token: a player has nothing else to show it by.
            page, mark, token = url.partition("?")
            terminal.print_json({"address": url, "stream": f"{page}stream.mp3{mark}{token}"})
            sys.stdout.flush()

    if not arguments.log_json:
        return studio.run(plan, opened, _tell)
    try:
        # What goes wrong is in the log, which is told here.
        return studio.run(plan, opened, lambda _: None)
    except endings.Ended as ended:
        # In the place of the plain line that says so.
        note(_log, "stopped", signal=ended.exit_code - 128)
        return ended.exit_code


def _play(arguments: argparse.Namespace) -> StationPlay:
    """Return what is played, and how. Raises UserError."""
    from app.presets import known_presets, with_preset
    from app.stations import USUAL, StationPlay, station_named, station_of

    settle_remote(arguments)
    settings = terminal.own_settings()
    prompts = [*arguments.prompt, *(prompts_in(arguments.prompts) if arguments.prompts is not None else ())]
    if arguments.preset is not None:
        settings = with_preset(settings, known_presets().named(arguments.preset))
        prompts = prompts or [settings.prompt]
    if prompts:
        if arguments.station is not None:
            raise GivenTwice(name="what is played (by --station, and by prompts)")
        if not all(one.strip() for one in prompts):
            raise EmptyPrompt
        for one in prompts:
            PROMPT.checked(one)
        station = station_of(prompts, minutes=arguments.minutes or MOOD_MINUTES)
    elif arguments.minutes is not None and arguments.station is not None:
        raise GivenTwice(name="how long each has its turn (by --minutes, which is for prompts, and by the station)")
    elif arguments.minutes is not None:
        raise NeedsOption(name="--minutes", option="--prompts")
    else:
        station = station_named(arguments.station or USUAL)
    given = {name: value for name in ("generator", "model") if (value := getattr(arguments, name)) is not None}
    play = StationPlay(station, settings, {**given, **dict(arguments.set)})
    play.check()
    return play


def _plan(arguments: argparse.Namespace) -> RadioPlan:
    """Return how the radio is served, but for what is written first: token and folders. Raises StudioError."""
    from engine.errors import ServingNeedsToken
    from engine.generators.wire.tokens import token_in
    from engine.serving.listening import is_reached_by_others
    from engine.values.radio import RadioPlan

    if arguments.token_file is None and is_reached_by_others(arguments.host):
        raise ServingNeedsToken(host=arguments.host)
    if arguments.token_file is not None and Path(arguments.token_file).expanduser().exists():
        token_in(arguments.token_file)
    return RadioPlan(
        str(RADIO_NAME.checked(arguments.name)),
        arguments.host,
        arguments.port,
        is_public=arguments.public,
        reserve_folder=str(paths.RESOURCES / "starters"),
        pages_folder=str(paths.RESOURCES / "radio"),
        takes_votes=arguments.votes,
        takes_requests=arguments.requests,
        filtered_words=() if arguments.word_filter is None else tuple(words_in(arguments.word_filter)),
        icecast=tuple(arguments.icecast),
        icecast_password=_icecast_password(arguments),
        allowed_origins=_origins(arguments.allow_origin),
        per_address=arguments.per_address,
        most_listeners=arguments.most_listeners,
    )


def _token(file: str | None) -> str:
    """Return the token in a file, which is written where it is not there. Raises TokenUnusable."""
    from engine.generators.wire.tokens import make_token, token_in

    if file is None:
        return ""
    if make_token(file):
        _tell(f"a new token was written to {file}")
    return token_in(file)


def _origins(named: list[str]) -> tuple[str, ...]:
    """Return the origins of other sites whose pages are let in. Raises NotAnOrigin."""
    if not named:
        return ()
    _need_parts()
    from engine.broadcast.origins import origin_of

    return tuple(map(origin_of, named))


def _hls_folder(named: str | None) -> str:
    """Return where the stream is written; the folder is there then. Raises CannotWrite."""
    if named is None:
        return ""
    from engine.library.unwritten import make_folder

    folder = Path(named).expanduser().absolute()
    make_folder(folder)
    return str(folder)


def _icecast_password(arguments: argparse.Namespace) -> str:
    """Return what Icecast asks of a source. Raises NotIcecastAddress, NeedsOption, PasswordUnusable."""
    from engine.broadcast.icecast import icecast_address
    from engine.generators.wire.tokens import password_in

    file = arguments.icecast_password_file
    for one in arguments.icecast:
        icecast_address(one)
    if bool(arguments.icecast) != (file is not None):
        raise NeedsOption(name="--icecast-password-file", option="--icecast")
    return password_in(file) if file is not None else ""


def _check(arguments: argparse.Namespace) -> None:
    """Refuse what is out of bounds, or does nothing. Raises OutOfRange, WrongKind, NeedsOption, PublicNeedsToken."""
    # Of a variable that is not set: files would be written wherever this is run.
    for name, kind in (("name", "a name that players show"), ("hls", "a folder to write into")):
        value = getattr(arguments, name)
        if value is not None and not value.strip():
            raise WrongKind(name=f"--{name}", value=value, kind=kind)
    for name, low, high in (
        ("port", 0, 65535),
        ("minutes", 0.5, 1440.0),
        ("most_listeners", 1, 100_000),
        ("per_address", 1, 100_000),
    ):
        value = getattr(arguments, name)
        if value is not None and not low <= value <= high:
            option = "--" + name.replace("_", "-")
            raise OutOfRange(name=option, value=f"{value:g}", low=f"{low:g}", high=f"{high:g}")
    if arguments.word_filter is not None and not arguments.requests:
        raise NeedsOption(name="--word-filter", option="--requests")
    if arguments.public and arguments.token_file is None:
        raise PublicNeedsToken


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
    if is_json():
        note(_log, line)
    else:
        print(f"infiniloop: {line}", file=sys.stderr, flush=True)
