# SPDX-License-Identifier: GPL-3.0-or-later
"""Links are the ways by which other programs reach a station: HTTP and its page, OSC, and opening its files."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.errors import PagesLackPart, StudioError
from engine.fragments.seldom import Seldom

if TYPE_CHECKING:
    from engine.fragments.station import Station

Place = tuple[str, int]
"""Host and port."""


@dataclass(frozen=True, slots=True)
class Links:
    """These are the links that a station is to have; None is none.

    Attributes
    ----------
    http
        Where the page and its requests are served; port 0 is any free one.
    token
        What clients have to show there, or "": then only this machine is served.
    osc_in, osc_out
        Where verbs are heard, and where facts are told.
    watches_opens
        Whether a file that is opened counts as taken.
    """

    http: Place | None = None
    token: str = field(default="", repr=False)
    osc_in: Place | None = None
    osc_out: tuple[Place, ...] = ()
    watches_opens: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """This says where a station is reached: the address of its page ("" without one), and where it hears OSC."""

    url: str = ""
    osc_in: Place | None = None


def need_pages() -> None:
    """Refuse to go on without the extra that serves pages. Raises PagesLackPart."""
    try:
        import starlette
        import uvicorn
    except ImportError as error:
        raise PagesLackPart from error
    del starlette, uvicorn


WAY_OUT = "name another port; 0 takes any that is free"
"""Words on what to do where another program has the page's port."""


def check_places(links: Links) -> None:
    """Refuse the places that ``linked`` would refuse now; nothing listens there afterwards.

    Raises ServingNeedsToken, CannotListen.
    """
    if links.osc_in is not None or links.osc_out:
        from engine.fragments.osc import OscOut, hearing_socket

        for place in links.osc_out:
            OscOut(*place).close()
        if links.osc_in is not None:
            hearing_socket(*links.osc_in).close()
    if links.http is not None:
        from engine.serving.listening import listening_socket

        listening_socket(*links.http, token=links.token, way_out=WAY_OUT).close()


@contextlib.contextmanager
def linked(station: Station, links: Links, refused: Callable[[StudioError], None]) -> Iterator[Linked]:
    """Let others reach a station within the block, and yield where.

    Parameters
    ----------
    refused
        Is told of verbs of OSC that could not be done, from another thread: see ``engine.fragments.seldom``.

    Raises
    ------
    ServingNeedsToken, CannotListen, PagesLackPart, CannotRead
        One of the links cannot be had.
    """
    with contextlib.ExitStack() as stack:
        outs = []
        for place in links.osc_out:
            from engine.fragments.osc import OscOut

            out = OscOut(*place)
            stack.callback(out.close)
            station.told.connect(out.tell)
            stack.callback(station.told.disconnect, out.tell)
            outs.append(out)

        seldom = Seldom(refused)
        stack.callback(seldom.close)

        def refuse(error: StudioError) -> None:
            seldom.refuse(error)
            for one in outs:
                one.refuse(error)

        heard = None
        if links.osc_in is not None:
            from engine.fragments.osc import OscIn

            osc = OscIn(station, *links.osc_in, refuse)
            stack.callback(osc.close)
            osc.open()
            heard = (osc.host, osc.port)
        url = "" if links.http is None else _served(stack, station, links.http, links.token)
        if links.watches_opens:
            from engine.fragments.taken import OpenWatch

            watch = OpenWatch(station.folder.folder, station.take)
            stack.callback(watch.close)
            watch.open()
        yield Linked(url, heard)


def _served(stack: contextlib.ExitStack, station: Station, place: Place, token: str) -> str:
    """Serve the page until the stack ends, and return its address."""
    need_pages()
    from engine.fragments.page import FragmentsPage
    from engine.serving.listening import listening_socket
    from engine.serving.pages import PageServer

    listening = listening_socket(*place, token=token, way_out=WAY_OUT)
    page = FragmentsPage(station)
    server = PageServer({"/fragments": page.app}, listening, token=token)
    stack.callback(server.close)
    stack.callback(page.close)
    server.open()
    return server.url
