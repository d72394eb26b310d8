# SPDX-License-Identifier: GPL-3.0-or-later
"""These routes take what is asked of the radio: votes and requests of listeners, and its control."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from engine.broadcast.addresses import address_in
from engine.broadcast.desk import MOST_CHARACTERS, MOST_WAITING, REQUESTS_PER_HOUR, Desk
from engine.log_lines import note
from engine.serving.answers import Refusal
from engine.serving.door import Door, parsed
from engine.serving.limits import ServingLimits
from engine.values.radio import MoodChoice, RadioPlan, Skip

_log = logging.getLogger(__name__)

VOTE, REQUESTS = "/vote", "/requests"
_NO_JSON = "The request is no JSON object: /api says what it is to say."
_VOTE_WORDS = 'More, or less, of what plays: {"value": "more", "number": 7}, the number that /current tells.'
_SKIP_WORDS = 'The next piece comes now, or the next mood: {"what": "mood"}; for the token.'
_LIMITS = ServingLimits(body_bytes=4096, body_s=10.0)


class Asking:
    """Asking answers at an application's routes; what is not switched on has none.

    Parameters
    ----------
    tell
        Told what the one who controls the radio asks for: ``Skip``, ``MoodChoice``.
    """

    def __init__(self, plan: RadioPlan, desk: Desk, tell: Callable[[object], None]) -> None:
        self._plan, self._desk, self._tell = plan, desk, tell
        self._door = Door("", _LIMITS)

    def add_to(self, app: FastAPI) -> None:
        """Have an application answer here."""
        takes_votes, takes_requests = self._plan.takes_votes, self._plan.takes_requests
        for is_on, path, method, answer, words in (
            (takes_votes, VOTE, "POST", self._vote, _VOTE_WORDS),
            (takes_requests, REQUESTS, "POST", self._request, 'Ask for music: {"prompt": "slow cello, 60 bpm"}.'),
            (takes_requests, REQUESTS, "GET", self._requests, "The requests that wait."),
            (True, "/control/skip", "POST", self._skip, _SKIP_WORDS),
            (True, "/control/mood", "POST", self._mood, 'This mood comes now: {"title": "rain"}; for the token.'),
        ):
            if is_on:
                app.add_api_route(path, answer, methods=[method], description=words)
            else:
                app.add_api_route(path, _OFF[path], methods=[method], include_in_schema=False)

    async def _vote(self, request: Request) -> Response:
        said = await self._said(request)
        piece = self._desk.vote(address_of(request), said.get("number"), said.get("value"))
        note(_log, "a listener votes", number=piece.number, mood=piece.mood, value=said["value"])
        return JSONResponse({"number": piece.number, "mood": piece.mood, "value": said["value"]})

    async def _request(self, request: Request) -> Response:
        said = await self._said(request)
        prompt, place = self._desk.request(address_of(request), said.get("prompt"))
        note(_log, "a listener asks for music", prompt=prompt, place=place)
        return JSONResponse({"place": place, "prompt": prompt}, 202)

    async def _requests(self) -> Response:
        limits = {"characters": MOST_CHARACTERS, "waiting": MOST_WAITING, "per_hour": REQUESTS_PER_HOUR}
        return JSONResponse({**self._desk.queue, "limits": limits})

    async def _skip(self, request: Request) -> Response:
        what = (await self._said(request)).get("what", "piece")
        if what not in ("piece", "mood"):
            raise Refusal(422, "what", "“what” says “piece” or “mood”.")
        note(_log, "the radio is told to go on", what=what)
        self._tell(Skip(is_mood=what == "mood"))
        return JSONResponse({"skipped": what}, 202)

    async def _mood(self, request: Request) -> Response:
        title = (await self._said(request)).get("title")
        moods = {one.casefold(): one for one in self._desk.programme.moods}
        found = moods.get(title.strip().casefold()) if isinstance(title, str) else None
        if found is None:
            raise Refusal(422, "mood", f"“title” names one of these moods: {', '.join(moods.values())}.")
        note(_log, "the radio is told a mood", mood=found)
        self._tell(MoodChoice(found))
        return JSONResponse({"mood": found}, 202)

    async def _said(self, request: Request) -> dict[str, Any]:
        """Return what a request says. Raises Refusal."""
        body = await self._door.body(request)
        try:
            said = parsed(body) if body.strip() else {}
        except ValueError as error:
            raise Refusal(400, "malformed", _NO_JSON) from error
        if not isinstance(said, dict):
            raise Refusal(400, "malformed", _NO_JSON)
        return said


async def _no_votes() -> Response:
    raise Refusal(404, "off", "This radio takes no votes: it was started without --votes.")


async def _no_requests() -> Response:
    raise Refusal(404, "off", "This radio takes no requests: it was started without --requests.")


_OFF = {VOTE: _no_votes, REQUESTS: _no_requests}


def address_of(request: Request) -> str:
    """Return who asks: where a web server on this machine passes requests on, the one that it names."""
    host = "" if request.client is None else request.client.host
    address = address_in(host)
    if address is None or not address.is_loopback:
        return host
    # The last one is of the web server; those before it are what it was told.
    return ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()[:64] or host


def network_of(text: str) -> str:
    """Return the network that an address is of, which is not one listener's own; "" where it is no address."""
    address = address_in(text)
    if address is None:
        return ""
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))
