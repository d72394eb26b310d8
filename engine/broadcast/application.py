# SPDX-License-Identifier: GPL-3.0-or-later
"""The application answers listeners: the stream in its forms, what is on the air, and the page."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response, WebSocket
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from engine.broadcast.asking import Asking, address_of, network_of
from engine.broadcast.connections import Connections
from engine.broadcast.desk import Desk
from engine.broadcast.forms import FORMS, StreamForm
from engine.broadcast.hls_pages import hls_file
from engine.broadcast.listener import TITLE_EVERY_BYTES, Listener
from engine.broadcast.news import News
from engine.broadcast.origins import stream_headers
from engine.broadcast.playlist import PLAYLIST
from engine.broadcast.refusals import answer_refusals
from engine.broadcast.transmitter import Transmitter
from engine.log_lines import note
from engine.serving.answers import Refusal
from engine.serving.api_page import api_page
from engine.values.radio import AirPiece, RadioPlan, StudioState

_log = logging.getLogger(__name__)

LONGEST_DEAD_S = 5.0
"""Seconds of dead air from which on the radio is not healthy."""
_MOST_HISTORY = 100
_NAME = re.compile(r"[0-9A-Za-z]{1,64}")
_HLS = "/hls"


class Application:
    """An application is what the radio's server answers, by its ``app``.

    Attributes
    ----------
    studio
        How the studio keeps up, as it told last.
    """

    def __init__(
        self,
        plan: RadioPlan,
        transmitter: Transmitter,
        connections: Connections,
        *,
        pages: Path | None,
        asks: Callable[[object], None] = lambda _: None,
    ) -> None:
        self._plan, self._transmitter, self._connections = plan, transmitter, connections
        self.desk = Desk(plan, transmitter.log, asks)
        self.news = News()
        self.studio = StudioState()
        self._sockets: dict[WebSocket, int] = {}
        self._began_s: dict[str, float] = {}
        self._n_clients = 0
        self.app = FastAPI(
            title=plan.name, docs_url=None, redoc_url=None, redirect_slashes=False,
            description="The radio of an Infiniloop Studio: endless music, one programme for all who listen.",
        )  # fmt: skip
        for form in FORMS:
            self._add_stream(form)
        for path, answer, words in (
            ("/current", self._current, "What listeners hear now, since when, what comes, and how many listen."),
            ("/current.mp3", self._minute, "The last whole minute of the stream as a file, as infinifi has it."),
            ("/position", self._position, "Where the stream is, and where it began for the listener of this id."),
            ("/history", self._history, "What was on the air, the newest first."),
            ("/events", self._events, "The same as it changes, as server-sent events: current, listeners, requests."),
            ("/health", self._health, "Whether music is on the air: 200, or 503."),
            ("/metrics", self._metrics, "Figures for Prometheus."),
        ):
            self.app.add_api_route(path, answer, methods=["GET"], description=words)
            if answer != self._events:
                # What is told there never ends.
                self.app.add_api_route(path, answer, methods=["HEAD"], include_in_schema=False)
        self.app.add_api_route("/api", self._api, methods=["GET"], include_in_schema=False)
        Asking(plan, self.desk, asks).add_to(self.app)
        answer_refusals(self.app)
        self.app.add_api_websocket_route("/ws", self._socket)
        if transmitter.hls is not None:
            self._add_hls(transmitter.hls.folder)
        if pages is not None:
            self.app.mount("/", StaticFiles(directory=pages, html=True))

    @property
    def n_listeners(self) -> int:
        """Return how many listen: to a stream, or minute by minute."""
        return self._transmitter.n_listeners + self._n_clients

    async def tell(self) -> None:
        """Tell those who follow what has changed."""
        current = self._transmitter.log.current
        self.news.tell("current", {**_as_dict(current), "on_reserve": self._transmitter.is_on_reserve})
        self.news.tell("listeners", self.n_listeners)
        if self._plan.takes_requests:
            self.news.tell("requests", self.desk.queue)
        # Each by what it was told itself: who has just come knows a number that others do not know yet.
        await asyncio.gather(*(self._tell_number(one) for one in list(self._sockets)))

    async def _tell_number(self, socket: WebSocket) -> None:
        number = self.n_listeners
        if self._sockets.get(socket, number) != number:
            self._sockets[socket] = number
            with contextlib.suppress(RuntimeError, OSError, WebSocketDisconnect):
                await socket.send_text(str(number))

    # --- the stream -------------------------------------------------------------------------------------------------

    def _add_stream(self, form: StreamForm) -> None:
        async def stream(request: Request) -> Response:
            return _StreamResponse(self, form, request)

        self.app.add_api_route(
            form.path,
            stream,
            methods=["GET"],
            name=form.name,
            description=f"The stream as {form.media_type}.",
            response_class=Response,
            responses={200: {"content": {form.media_type: {}}}},
        )
        self.app.add_api_route(form.path, stream, methods=["HEAD"], include_in_schema=False)

    def _add_hls(self, folder: Path) -> None:
        async def file(name: str) -> Response:
            return await hls_file(folder, name)

        words = f"The stream as files (HLS); {PLAYLIST} names the others."
        path = f"{_HLS}/{{name}}"
        self.app.add_api_route(path, file, methods=["GET"], description=words, response_class=Response)
        self.app.add_api_route(path, file, methods=["HEAD"], include_in_schema=False)

    async def stream_to(
        self, form: StreamForm, request: Request, receive: Receive, *, has_titles: bool, name: str = ""
    ) -> None:
        """Write the stream to a connection until it ends; a listener with a name may ask where it is."""
        client = request.scope["client"]
        transport = None if client is None else self._connections.transport_of(tuple(client))
        if transport is None:
            return
        listener = Listener(transport, has_titles=has_titles)
        transport.write(self._head_of(form, request.scope, has_titles=has_titles))
        began_s = self._transmitter.join(form.name, listener)
        # Who has a name first has it: another of the same listens without one, and each is forgotten with its listener.
        is_named = _NAME.fullmatch(name) is not None and name not in self._began_s
        if is_named:
            self._began_s[name] = began_s
        # Not whose it is: that is nobody's business who reads the log.
        who, joined_s = {"form": form.name, "network": network_of(address_of(request))}, time.monotonic()
        note(_log, "a listener joins", **who, listeners=self.n_listeners)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._transmitter.mounts[form.name].leave(listener)
            if is_named:
                del self._began_s[name]
            seconds = round(time.monotonic() - joined_s, 1)
            note(_log, "a listener leaves", **who, seconds=seconds, dropped=listener.was_dropped)

    def headers_of(self, form: StreamForm, *, has_titles: bool) -> dict[str, str]:
        """Return what is said of a stream before it begins."""
        headers = {
            "Content-Type": form.media_type,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Accept-Ranges": "none",
            "icy-name": _header_words(self._plan.name),
            "icy-pub": "0",
        }
        if form.bit_rate is not None:
            headers["icy-br"] = str(form.bit_rate // 1000)
        if has_titles:
            headers["icy-metaint"] = str(TITLE_EVERY_BYTES)
        return headers

    def _head_of(self, form: StreamForm, scope: Scope, *, has_titles: bool) -> bytes:
        # Not in chunks, as uvicorn would send it: kitchen radios do not know them.
        lines = ["HTTP/1.1 200 OK", "Connection: close"]
        headers = {**self.headers_of(form, has_titles=has_titles), **stream_headers(scope, self._plan.allowed_origins)}
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    # --- what is on the air -------------------------------------------------------------------------------------------

    async def _current(self) -> Response:
        log = self._transmitter.log
        said = {
            "station": self._plan.name,
            **_as_dict(log.current),
            "on_reserve": self._transmitter.is_on_reserve,
            "next": None if log.upcoming is None else _as_dict(log.upcoming),
            "listeners": self.n_listeners,
            "votes": self._plan.takes_votes,
            "requests": self._plan.takes_requests,
            "streams": {form.name: form.path for form in FORMS},
        }
        if self._transmitter.hls is not None:
            said["streams"]["hls"] = f"{_HLS}/{PLAYLIST}"
        return JSONResponse(said)

    async def _minute(self) -> Response:
        content = self._transmitter.minutes.latest
        if not content:
            raise Refusal(503, "early", "Nothing was on the air yet: come again in a second.", retry_s=1.0)
        return Response(content, media_type="audio/mpeg")

    async def _position(
        self, name: Annotated[str, Query(alias="id", description="As in the stream’s address.")]
    ) -> Response:
        began_s = self._began_s.get(name)
        if began_s is None:
            raise Refusal(404, "id", "Nobody of this id listens: it is the “id” of a stream’s address.")
        return JSONResponse({"began_s": round(began_s, 4), "stream_s": round(self._transmitter.position_s, 4)})

    async def _history(self) -> Response:
        return JSONResponse([_as_dict(one) for one in self._transmitter.log.history[:_MOST_HISTORY]])

    async def _events(self) -> Response:
        return StreamingResponse(self._told(), media_type="text/event-stream")

    async def _told(self) -> AsyncIterator[str]:
        async for news in self.news.follow():
            yield ": alive\n\n" if news is None else f"event: {news[0]}\ndata: {news[1]}\n\n"

    async def _health(self) -> Response:
        watch = self._transmitter.watch
        is_well = watch.dead_s < LONGEST_DEAD_S and self._transmitter.streamed_s > 0.0
        said = {
            "healthy": is_well,
            "dead_air_s": round(watch.dead_s, 3),
            "most_dead_air_s": round(watch.most_dead_s, 3),
            "on_reserve": self._transmitter.is_on_reserve,
            # Why it fails may name machines, which are nobody's business who listens: the log says it.
            "generator": "failing" if self.studio.is_generator_failing else "working",
            "streamed_s": round(self._transmitter.streamed_s, 1),
            "listeners": self.n_listeners,
            "icecast": {str(one.address): one.trouble or "connected" for one in self._transmitter.icecast},
        }
        if self._transmitter.hls is not None:
            said["hls"] = self._transmitter.hls.trouble or "written"
        return JSONResponse(said, 200 if is_well else 503)

    async def _metrics(self) -> Response:
        # A spare process has it; one that begins cold has a stream first.
        from engine.broadcast.metrics import metrics_text

        return metrics_text(self._transmitter, self._connections, self.n_listeners, self.studio)

    async def _api(self) -> Response:
        return HTMLResponse(api_page(self.app.openapi(), style="/api.css"))

    async def _socket(self, socket: WebSocket) -> None:
        """Tell the number of listeners, as infinifi's page asks for it; “listening” and “paused” count its own."""
        await socket.accept()
        self._sockets[socket], is_listening = -1, False
        try:
            await self._tell_number(socket)
            while True:
                said = await socket.receive_text()
                if said in ("listening", "paused") and is_listening != (said == "listening"):
                    is_listening = not is_listening
                    # Told with the stream's next piece: who comes and goes all the time busies nobody else.
                    self._n_clients += 1 if is_listening else -1
        except (WebSocketDisconnect, KeyError, RuntimeError):
            # KeyError: bytes, which nobody is to send.
            with contextlib.suppress(RuntimeError, OSError):
                await socket.close(1003)
        finally:
            self._sockets.pop(socket, None)
            self._n_clients -= is_listening


class _StreamResponse(Response):
    """This answer writes to the connection itself, from its head on, for as long as somebody listens."""

    def __init__(self, application: Application, form: StreamForm, request: Request) -> None:
        has_titles = form.has_titles and request.headers.get("icy-metadata", "").strip() == "1"
        super().__init__(headers=application.headers_of(form, has_titles=has_titles))
        self._application, self._form, self._has_titles = application, form, has_titles
        self._request, self._name = request, request.query_params.get("id", "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await super().__call__(scope, receive, send)
        else:
            await self._application.stream_to(
                self._form, self._request, receive, has_titles=self._has_titles, name=self._name
            )


def _as_dict(piece: AirPiece | None) -> dict[str, Any]:
    """Return what everybody may know of a piece."""
    if piece is None:
        piece = AirPiece("")
    since = datetime.fromtimestamp(piece.since_s, UTC).isoformat(timespec="milliseconds") if piece.since_s else None
    return {
        "title": piece.title,
        "artist": piece.artist,
        "prompt": piece.prompt,
        "number": piece.number,
        "since": since,
        "recycled": piece.is_recycled,
        "mood": piece.mood,
        "requested": piece.is_requested,
    }


def _header_words(words: str) -> str:
    """Return words as a header may have them."""
    return "".join(one if " " <= one <= "~" else "?" for one in words)[:200]
