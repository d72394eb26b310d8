# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages for a person's own browser: several may share one server, each at a path of its own, behind one guard.

The server runs in a thread beside whatever it shows. On the loopback it asks for no token, but lets no other web site's
page in; elsewhere it asks for one, which the address that is opened first carries, and a cookie from then on.
"""

from __future__ import annotations

import asyncio
import hmac
import http.cookies
import logging
import socket
import threading
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs, quote

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from engine.serving.limits import ServingLimits
from engine.serving.listening import reached_at
from engine.serving.patient import patient_protocol
from engine.serving.token_page import token_page

GRACE_S = 1
"""Seconds that open connections have at the end."""
COOKIE = "infiniloop"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of all pages: they ask nothing of others, and stand in no frame."""
_NO_TOKEN = (
    "The token is missing or wrong: send the line in its file as a bearer (“Authorization: Bearer …”), or open the "
    "page with “?token=…” behind its address."
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


class Guard:
    """A guard stands before pages.

    Parameters
    ----------
    token
        What has to be shown, in the address once, or as a bearer; "" asks for none, and takes requests to the
        loopback's names alone.
    port
        That the pages are served at.
    policy
        Their Content-Security-Policy.
    is_open
        Says of a request whether it is let in without the token, from wherever it comes.
    is_guest
        Says of a request whether it is let in as one of this server's own pages is, though another site's asks.
    """

    def __init__(
        self,
        app: ASGIApp,
        token: str,
        port: int,
        *,
        policy: str = POLICY,
        is_open: Callable[[Scope], bool] = lambda _scope: False,
        is_guest: Callable[[Scope], bool] = lambda _scope: False,
    ) -> None:
        self._app, self._token, self._is_open, self._is_guest = app, token.encode(), is_open, is_guest
        self._headers = ((b"content-security-policy", policy.encode()), *_HEADERS)
        self._own_hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        if port == 80:
            self._own_hosts |= {"127.0.0.1", "localhost", "[::1]"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        answer = None if self._is_open(scope) else self._answer(scope)
        if answer is not None:
            refused = WebSocketClose(code=1008) if scope["type"] == "websocket" else answer
            await refused(scope, receive, send)
            return

        async def send_guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                # What an answer says itself holds: a cache may keep some.
                own = {name.lower() for name, _value in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in self._headers if one[0] not in own)]
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _answer(self, scope: Scope) -> Response | None:
        """Return why a request is not let in, or a way on with a cookie; None lets it in."""
        request = HTTPConnection(scope)
        host = request.headers.get("host", "").lower()
        # A name that another site has lead to this machine (DNS rebinding) is none of ours.
        if not self._token and host not in self._own_hosts:
            return _refusal(403, "This address is not one of this machine’s own.")
        # Without a token the loopback's names are no secret, and with one the browser sends the cookie by itself.
        if not is_of_own_page(request.headers) and not self._is_guest(scope):
            return _refusal(403, "Other web sites’ pages are not let in.")
        if not self._token or self._is_token(_bearer_of(request)):
            return None
        shown = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        if scope.get("method") == "GET" and self._is_token(shown):
            way_on = RedirectResponse(request.url.path, 303, headers={"Cache-Control": "no-store"})
            way_on.set_cookie(COOKIE, shown, max_age=30 * 86_400, httponly=True, samesite="strict")
            return way_on
        if self._is_token(_cookie_of(request)):
            return None
        return _asking_for_token(request, is_wrong=bool(shown))

    def _is_token(self, shown: str) -> bool:
        return hmac.compare_digest(shown.encode("utf-8", "replace"), self._token)


def is_of_own_page(headers: Headers) -> bool:
    """Return whether a request comes from a page of this server, or from no page at all."""
    host, origin = headers.get("host", "").lower(), headers.get("origin")
    return origin is None or origin.lower() in (f"http://{host}", f"https://{host}")


class PageServer:
    """A page server answers at a socket, from ``open`` to ``close``.

    Parameters
    ----------
    pages
        Applications by their paths, as “/fragments”; the first is where “/” leads.
    listening
        Closed with the server.
    """

    def __init__(
        self, pages: Mapping[str, ASGIApp], listening: socket.socket, *, token: str, limits: ServingLimits | None = None
    ) -> None:
        limits = limits or ServingLimits()
        self._listening, self._token = listening, token
        self._first = next(iter(pages))
        routes: list[BaseRoute] = [Mount(path, app) for path, app in pages.items()]
        routes.append(Route("/", lambda _request: RedirectResponse(f"{self._first}/", 303)))
        port = int(listening.getsockname()[1])
        config = uvicorn.Config(
            Guard(Starlette(routes=routes), token, port),
            http=patient_protocol(limits.head_s),
            ws="none",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=limits.connections,
            timeout_graceful_shutdown=GRACE_S,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="pages", daemon=True)

    @property
    def url(self) -> str:
        """Return the address to open first; it carries the token where there is one."""
        asked = f"?token={quote(self._token, safe='')}" if self._token else ""
        return f"http://{reached_at(self._listening)}{self._first}/{asked}"

    def open(self) -> None:
        """Begin to answer."""
        # Whoever sends rubbish shall not fill the log with it.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._thread.start()

    def close(self) -> None:
        """Answer nothing any more."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._listening.close()

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._listening]))


def _refusal(status: int, sentence: str) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse({"error": {"kind": "refused", "fields": {}, "message": sentence}}, status, headers=headers)


def _asking_for_token(request: HTTPConnection, *, is_wrong: bool) -> Response:
    if request.scope.get("method") == "GET" and "text/html" in request.headers.get("accept", ""):
        return token_page(request.headers.get("accept-language", ""), is_wrong=is_wrong)
    return _refusal(401, _NO_TOKEN)


def _bearer_of(request: HTTPConnection) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _cookie_of(request: HTTPConnection) -> str:
    try:
        found = http.cookies.SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
    except http.cookies.CookieError:
        return ""
    return "" if found is None else found.value
