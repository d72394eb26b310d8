# SPDX-License-Identifier: GPL-3.0-or-later
"""The server has the radio on the air until it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import resource
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, quote

import uvicorn
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from engine.broadcast.application import Application
from engine.broadcast.asking import REQUESTS, VOTE
from engine.broadcast.connections import Connections, radio_protocol, radio_sockets
from engine.broadcast.forms import FORMS
from engine.broadcast.origins import Origins, is_guest
from engine.broadcast.transmitter import TICK_S, Transmitter
from engine.serving.limits import ServingLimits
from engine.serving.listening import listening_socket, reached_at
from engine.serving.pages import POLICY, Guard, is_of_own_page
from engine.values.radio import ProgrammeState, RadioPlan, RadioState, StudioState

_log = logging.getLogger(__name__)

GRACE_S = 2
"""Seconds that listeners have at the end to take what is on its way."""
TELL_S = 1.0
"""Seconds between two states that the studio is told."""
_WAY_OUT = "name another port; 0 takes any that is free"
_POLICY = f"{POLICY}; manifest-src 'self'"
_STREAMS = frozenset(form.path for form in FORMS)
_CONTROL = "/control"


class RadioServer:
    """A radio server serves one transmitter; ``asks`` is given what listeners ask for.

    Raises ServingNeedsToken, CannotListen.
    """

    def __init__(
        self,
        plan: RadioPlan,
        transmitter: Transmitter,
        *,
        pages: Path | None = None,
        asks: Callable[[object], None] = lambda _: None,
    ) -> None:
        self._plan, self._transmitter = plan, transmitter
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_served = threading.Event()
        self._listening = listening_socket(
            plan.host, plan.port, token=plan.token, way_out=_WAY_OUT, backlog=min(plan.most_listeners, 4096)
        )
        _allow_connections(plan.most_listeners + 256)
        limits = ServingLimits()
        connections = Connections(plan.per_address)
        self._application = Application(plan, transmitter, connections, pages=pages, asks=asks)
        port = int(self._listening.getsockname()[1])
        guard = Guard(
            self._application.app,
            plan.token,
            port,
            policy=_POLICY,
            is_open=self._is_open,
            is_guest=partial(is_guest, named=plan.allowed_origins),
        )
        self._server = uvicorn.Server(
            uvicorn.Config(
                Origins(guard, plan.allowed_origins),
                http=radio_protocol(connections, limits.head_s),
                ws=radio_sockets(connections),
                ws_max_size=64,
                ws_per_message_deflate=False,
                loop="asyncio",
                log_config=None,
                access_log=False,
                server_header=False,
                # Streams are written to the connection, which is known by where it really comes from.
                proxy_headers=False,
                limit_concurrency=plan.most_listeners,
                timeout_graceful_shutdown=GRACE_S,
            )
        )

    @property
    def url(self) -> str:
        """Return the address of the page."""
        asked = f"?token={quote(self._plan.token, safe='')}" if self._plan.token and not self._plan.is_public else ""
        return f"http://{reached_at(self._listening)}/{asked}"

    def follow(self, programme: ProgrammeState) -> None:
        """Take note of how the programme stands."""
        self._application.desk.follow(programme)

    def take_note(self, studio: StudioState) -> None:
        """Take note of how the studio keeps up."""
        self._application.studio = studio

    def serve(self, tells: Callable[[RadioState], None]) -> None:
        """Serve until ``end``; ``tells`` is given the state again and again."""
        # Whoever sends rubbish shall not fill the log with it.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        asyncio.run(self._serve(tells))

    def end(self) -> None:
        """Have ``serve`` end soon; for any thread."""
        self._server.should_exit = True

    def soon(self, act: Callable[..., None], *arguments: object) -> None:
        """Have something done where the radio is served; for any thread, once it is."""
        self._is_served.wait()
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(act, *arguments)

    async def _serve(self, tells: Callable[[RadioState], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._is_served.set()
        carrying = asyncio.create_task(self._carry(tells))
        try:
            await self._server.serve(sockets=[self._listening])
        finally:
            carrying.cancel()
            # The server may have ended between two ticks.
            self._transmitter.close()
            self._listening.close()

    async def _carry(self, tells: Callable[[RadioState], None]) -> None:
        loop = asyncio.get_running_loop()
        due, told = loop.time(), 0.0
        while True:
            try:
                self._transmitter.tick()
                await self._application.tell()
            except Exception:  # noqa: BLE001 - the stream goes on, whatever went wrong with a piece of it
                _log.exception("a piece of the stream was lost")
            if self._server.should_exit:
                self._transmitter.close()
                return
            if due - told >= TELL_S:
                told = due
                tells(self.state)
            due = max(due + TICK_S, loop.time())
            await asyncio.sleep(due - loop.time())

    @property
    def state(self) -> RadioState:
        """Return how the radio stands."""
        watch = self._transmitter.watch
        return RadioState(
            self.url,
            self._application.n_listeners,
            watch.dead_s,
            watch.most_dead_s,
            self._transmitter.is_on_reserve,
            self._transmitter.troubles,
        )

    def _is_open(self, scope: Scope) -> bool:
        """Return whether a request needs no token: everybody may listen, or an address has it for a player."""
        if scope["path"].startswith(_CONTROL):
            return False
        if self._plan.is_public:
            if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
                return True
            # A page of another site is not to speak for those who look at it; of a socket no browser keeps it away.
            is_for_all = scope["type"] == "websocket" or scope["path"] in (VOTE, REQUESTS)
            return is_for_all and is_of_own_page(HTTPConnection(scope).headers)
        shown = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        if not shown or not self._is_token(shown):
            return False
        # A player or a script keeps no cookie; who opens a page, or a list of files, is given one for what comes after.
        leads_on = "text/html" in Headers(scope=scope).get("accept", "") or scope["path"].startswith("/hls/")
        return scope["path"] in _STREAMS or (scope.get("method") in ("GET", "HEAD") and not leads_on)

    def _is_token(self, shown: str) -> bool:
        return hmac.compare_digest(shown.encode("utf-8", "replace"), self._plan.token.encode())


def _allow_connections(n_wanted: int) -> None:
    """Have this process hold so many connections, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < n_wanted:
        most = n_wanted if hard == resource.RLIM_INFINITY else min(n_wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
