# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of other sites may read what the radio tells, and its streams, where their origin was named (CORS); else none.

What asks for something, and what controls the radio, is never open to them.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.broadcast.forms import FORMS
from engine.errors import NotAnOrigin

_READABLE = frozenset(("/current", "/current.mp3", "/history", "/events", *(form.path for form in FORMS)))
_READABLE_FOLDER = "/hls/"
_METHODS, _ASKED = ("GET", "HEAD"), ("Authorization", "Icy-MetaData")
_EXPOSED = ("icy-name", "icy-br", "icy-metaint")
_PORTS = {"http": 80, "https": 443}


def origin_of(text: str) -> str:
    """Return an origin as browsers write it. Raises NotAnOrigin."""
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError) as error:
        raise NotAnOrigin(origin=text) from error
    beyond = parts.path.removeprefix("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _PORTS or not host or "*" in host or beyond:
        raise NotAnOrigin(origin=text)
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, _PORTS[parts.scheme]) else "")


class Origins:
    """Origins stand before an application, and tell browsers which pages may read what it answers.

    Parameters
    ----------
    named
        As ``origin_of`` returns them.
    """

    def __init__(self, app: ASGIApp, named: Sequence[str]) -> None:
        self._app, self._named = app, frozenset(named)
        self._opened = CORSMiddleware(
            app, allow_origins=named, allow_methods=_METHODS, allow_headers=_ASKED, expose_headers=_EXPOSED
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_guest(scope, self._named):
            await self._opened(scope, receive, send)
            return

        async def send_varying(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                # A cache is not to give this answer to a page that may read it, which it does not say.
                MutableHeaders(scope=message).add_vary_header("Origin")
            await send(message)

        await self._app(scope, receive, send_varying if self._named and _is_readable(scope) else send)


def is_guest(scope: Scope, named: Sequence[str] | frozenset[str]) -> bool:
    """Return whether a request comes from another site's page that may read what it asks for."""
    return _is_readable(scope) and Headers(scope=scope).get("origin", "") in named


def stream_headers(scope: Scope, named: Sequence[str]) -> dict[str, str]:
    """Return what the head of a stream says of origins, which is written past the application."""
    if not named:
        return {}
    if not is_guest(scope, named):
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": Headers(scope=scope)["origin"],
        "Access-Control-Expose-Headers": ", ".join(_EXPOSED),
        "Vary": "Origin",
    }


def _is_readable(scope: Scope) -> bool:
    return scope["type"] == "http" and (scope["path"] in _READABLE or scope["path"].startswith(_READABLE_FOLDER))
