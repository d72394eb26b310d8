# SPDX-License-Identifier: GPL-3.0-or-later
"""Links are the ways by which other programs reach a station of fragments: HTTP, OSC, and opening its files."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.commands.fragment_stand import tell

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from engine.errors import StudioError
    from engine.fragments.osc import OscOut
    from engine.fragments.station import Station


def add_link_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--http``, ``--osc-in`` and what belongs to them."""
    links = parser.add_argument_group(
        "other programs", "a PLACE is a port of this machine alone, as 8421, or ADDRESS:PORT, as 0.0.0.0:8421"
    )
    links.add_argument("--http", metavar="PLACE", help="serve the prompt page, and requests as POST …/taken/3")
    links.add_argument(
        "--token-file",
        metavar="FILE",
        help="a text file with the token that other machines have to show; where there is none, it is written",
    )
    links.add_argument("--osc-in", metavar="PLACE", help="hear /generate, /prompt, /taken, /freeze … by OSC")
    links.add_argument(
        "--osc-out", action="append", default=[], metavar="PLACE", help="tell /fragment/ready N path … by OSC"
    )


def check_links(arguments: argparse.Namespace) -> None:
    """Refuse places that are none, and what is not installed. Raises WrongKind, NeedsOption, PagesLackPart."""
    from engine.errors import NeedsOption, PagesLackPart

    for name, texts in (("http", [arguments.http]), ("osc-in", [arguments.osc_in]), ("osc-out", arguments.osc_out)):
        for text in texts:
            if text is not None:
                _place(f"--{name}", text)
    if arguments.token_file is not None and arguments.http is None:
        raise NeedsOption(name="--token-file", option="--http")
    if arguments.http is not None:
        try:
            import starlette
            import uvicorn
        except ImportError as error:
            raise PagesLackPart from error
        del starlette, uvicorn


@contextlib.contextmanager
def linked(station: Station, arguments: argparse.Namespace) -> Iterator[None]:
    """Let others reach the station within the block. Raises StudioError."""
    with contextlib.ExitStack() as stack:
        outs = [_osc_out(stack, station, text) for text in arguments.osc_out]
        if arguments.osc_in is not None:
            _hear_osc(stack, station, arguments.osc_in, outs)
        if arguments.http is not None:
            _serve(stack, station, arguments)
        if arguments.when_taken and not arguments.ignore_opens:
            from engine.fragments.taken import OpenWatch

            watch = OpenWatch(station.folder.folder, station.take)
            stack.callback(watch.close)
            watch.open()
        yield


def _osc_out(stack: contextlib.ExitStack, station: Station, text: str) -> OscOut:
    from engine.fragments.osc import OscOut

    out = OscOut(*_place("--osc-out", text))
    station.told.connect(out.tell)
    stack.callback(out.close)
    stack.callback(station.told.disconnect, out.tell)
    return out


def _hear_osc(stack: contextlib.ExitStack, station: Station, text: str, outs: list[OscOut]) -> None:
    from engine.fragments.osc import OscIn

    def refused(error: StudioError) -> None:
        tell(str(error))
        for out in outs:
            out.refuse(error)

    osc = OscIn(station, *_place("--osc-in", text), refused)
    stack.callback(osc.close)
    osc.open()
    tell(f"OSC is heard at {osc.host}, port {osc.port}")


def _serve(stack: contextlib.ExitStack, station: Station, arguments: argparse.Namespace) -> None:
    from engine.fragments.page import FragmentsPage
    from engine.generators.wire.tokens import make_token, token_in
    from engine.serving.listening import listening_socket
    from engine.serving.pages import PageServer

    token = ""
    if arguments.token_file is not None:
        if make_token(arguments.token_file):
            tell(f"a new token was written to {arguments.token_file}")
        token = token_in(arguments.token_file)
    host, port = _place("--http", arguments.http)
    listening = listening_socket(host, port, token=token, way_out="--http names another place; port 0 is any free one")
    page = FragmentsPage(station)
    server = PageServer({"/fragments": page.app}, listening, token=token)
    stack.callback(server.close)
    stack.callback(page.close)
    server.open()
    tell(f"the prompt page is at {server.url}")


def _place(name: str, text: str) -> tuple[str, int]:
    from engine.errors import WrongKind
    from engine.fragments.osc import place_of

    try:
        return place_of(text)
    except ValueError:
        raise WrongKind(name=name, value=text[:60], kind="a port, or ADDRESS:PORT") from None
