# SPDX-License-Identifier: GPL-3.0-or-later
"""The door lets requests in that show the token, speak this version, and come neither too often nor too large."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from typing import Any

from fastapi import Request
from fastapi.requests import HTTPConnection
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect

from engine.generators.wire import VERSION, VERSION_HEADER
from engine.serving.answers import Refusal
from engine.serving.limits import RateLimit, ServingLimits

_BEARER = "bearer "
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class Door:
    """A door stands before everything that the server answers.

    Parameters
    ----------
    token
        What a client has to show, or "" where none is asked for: then no web page is let in either.
    """

    def __init__(self, token: str, limits: ServingLimits) -> None:
        self._token, self._limits = token.encode(), limits
        self._asked = RateLimit(limits.per_minute)

    def admit(self, connection: HTTPConnection) -> None:
        """Let a client in. Raises Refusal."""
        if self._token:
            shown = connection.headers.get("authorization", "")
            is_bearer = shown[: len(_BEARER)].lower() == _BEARER
            token = shown[len(_BEARER) :].strip().encode("utf-8", "replace") if is_bearer else b""
            if not hmac.compare_digest(token, self._token):
                raise Refusal(401, "token", "The token is missing or wrong.")
        elif "origin" in connection.headers and not _is_of_here(connection.headers):
            # A page in a browser on this machine reaches the loopback too, and knows no token here.
            raise Refusal(403, "token", "Web pages are let in with a token only.")
        theirs = connection.headers.get(VERSION_HEADER, str(VERSION))
        if theirs != str(VERSION):
            sentence = f"This machine speaks version {VERSION} of the protocol, not {theirs[:20]}."
            raise Refusal(426, "version", sentence, protocol=VERSION)

    def count(self, connection: HTTPConnection) -> None:
        """Count a clip that is asked for. Raises Refusal where there were too many."""
        wait_s = self._asked.take(_name_of(connection))
        if wait_s > 0.0:
            sentence = f"More than {self._limits.per_minute} clips a minute were asked for from your address."
            raise Refusal(429, "rate", sentence, retry_s=wait_s)

    async def body(self, request: Request) -> bytes:
        """Return a request's body. Raises Refusal for one that is too large, or comes too slowly."""
        most = self._limits.body_bytes
        too_large = Refusal(413, "too_large", f"A request has {most / 2**20:g} MiB at most.")
        declared = request.headers.get("content-length", "0")
        # A number of thousands of digits is refused by Python itself.
        if len(declared) > 15 or (declared.isdecimal() and int(declared) > most):
            raise too_large
        parts, n_bytes = [], 0
        try:
            async with asyncio.timeout(self._limits.body_s):
                async for part in request.stream():
                    n_bytes += len(part)
                    if n_bytes > most:
                        raise too_large
                    parts.append(part)
        except TimeoutError:
            sentence = f"The request was not there whole within {self._limits.body_s:g} s."
            raise Refusal(408, "too_slow", sentence) from None
        except ClientDisconnect:
            raise Refusal(400, "malformed", "The request broke off.") from None
        return b"".join(parts)


def parsed(body: bytes) -> Any:
    """Return what a body says. Raises ValueError for what is no JSON."""

    def refuse(word: str) -> Any:
        raise ValueError(f"{word} is no number")

    text = body.decode("utf-8")
    try:
        value = json.loads(text, parse_constant=refuse)
        if _HALF.search(text):
            # Escaped, half a character would come as far as the model, which cannot write it down.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("it holds half a character") from None
    return value


def _is_of_here(headers: Headers) -> bool:
    """Return whether a client says that it comes from this server, by one of the loopback's names.

    Some clients that are no browsers do. A browser says so for pages of ours alone: those of another site, whose name
    was led to this machine, come by that name.
    """
    host = headers.get("host", "").lower()
    is_loopback = host.rpartition(":")[0] in ("127.0.0.1", "localhost", "[::1]")
    return is_loopback and headers["origin"].lower() == f"http://{host}"


def _name_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client is not None else ""
