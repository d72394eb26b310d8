# SPDX-License-Identifier: GPL-3.0-or-later
"""The prompt page: what a station can be asked over HTTP, and a page for a tablet on stage that asks it.

It needs the extra ``serve``. Other programs may ask the same: ``POST taken/3`` says that the performer took one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from engine.errors import StudioError, WrongKind
from engine.fragments.station import MOST_EVERY_S, Station
from engine.values.fragments import FragmentFact, FragmentFailed, FragmentMode, FragmentReady, FragmentsState

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "pages"
BODY_BYTES, BODY_S = 65_536, 10.0
"""Size of the largest request, and seconds within which it has to be there."""
ALIVE_S = 15.0
"""Seconds after which a listener hears a sign of life, where there is nothing else."""
MOST_FACTS = 64
"""Number of facts that wait for a listener which is slow; older ones are dropped."""
_FILES = {
    "": ("fragments.html", "text/html; charset=utf-8"),
    "fragments.css": ("fragments.css", "text/css; charset=utf-8"),
    "fragments.js": ("fragments.js", "text/javascript; charset=utf-8"),
}


class _SlotNumber(Convertor[int]):
    """This converter reads a slot's number; Starlette's own fails at one that is too long for an int."""

    regex = "[0-9]{1,9}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("slot", _SlotNumber())


class _Listener:
    """A listener hears the newest state, and every fact."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.is_due = asyncio.Event()
        self.facts: deque[FragmentFact] = deque(maxlen=MOST_FACTS)
        self.is_changed = True


class FragmentsPage:
    """A fragments page is the application ``app`` of a station; ``close`` ends what it tells."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._listeners: set[_Listener] = set()
        self._is_closed = False
        station.changed.connect(self._on_changed)
        station.told.connect(self._on_told)
        asked: tuple[tuple[str, Callable[[Request, dict[str, Any]], None]], ...] = (
            ("/generate", self._generate),
            ("/stop", lambda _request, _body: station.stop()),
            ("/prompts", self._prompts),
            ("/mode", self._mode),
            ("/taken/{number:slot}", lambda request, _body: station.take(_number(request))),
            ("/slots/{number:slot}/freeze", self._freeze),
            ("/slots/{number:slot}/clear", lambda request, _body: station.clear(_number(request))),
            ("/slots/{number:slot}/prompt", self._prompt),
        )
        self.app = Starlette(
            routes=[
                *(Route(f"/{name}", _file(name)) for name in _FILES),
                Route("/state", self._state),
                Route("/events", self._events),
                Route("/slots/{number:slot}/sound", self._sound),
                *(Route(path, _doing(deed), methods=["POST"]) for path, deed in asked),
            ],
            exception_handlers={StudioError: _on_error, HTTPException: _on_http},
        )

    def close(self) -> None:
        """End the listeners' streams."""
        self._is_closed = True
        self._station.changed.disconnect(self._on_changed)
        self._station.told.disconnect(self._on_told)
        self._wake()

    # --- what is asked ------------------------------------------------------------------------------------------------

    def _generate(self, _request: Request, body: dict[str, Any]) -> None:
        slot = body.get("slot")
        if slot is not None and type(slot) is not int:
            raise WrongKind(name="slot", value=str(slot)[:40], kind="a whole number")
        self._station.generate(_text(body, "prompt"), slot)

    def _prompts(self, _request: Request, body: dict[str, Any]) -> None:
        prompts = body.get("prompts")
        if not isinstance(prompts, list) or not all(isinstance(one, str) for one in prompts):
            raise WrongKind(name="prompts", value=str(prompts)[:40], kind="a list of texts")
        self._station.set_prompts(prompts)

    def _mode(self, _request: Request, body: dict[str, Any]) -> None:
        mode, every_s = _text(body, "mode"), body.get("every_s", 0.0)
        if mode not in set(FragmentMode):
            raise WrongKind(name="mode", value=mode[:40], kind=", ".join(FragmentMode))
        if isinstance(every_s, bool) or not isinstance(every_s, int | float):
            raise WrongKind(name="every_s", value=str(every_s)[:40], kind="a number")
        # Of so many digits that it is no float it is out of range all the same.
        self._station.set_mode(FragmentMode(mode), float(max(min(every_s, 2.0 * MOST_EVERY_S), -1.0)))

    def _freeze(self, request: Request, body: dict[str, Any]) -> None:
        is_frozen = body.get("frozen", True)
        if not isinstance(is_frozen, bool):
            raise WrongKind(name="frozen", value=str(is_frozen)[:40], kind="true or false")
        self._station.freeze(_number(request), is_frozen=is_frozen)

    def _prompt(self, request: Request, body: dict[str, Any]) -> None:
        self._station.set_prompt(_number(request), _text(body, "prompt"))

    # --- what is told -------------------------------------------------------------------------------------------------

    async def _state(self, _request: Request) -> Response:
        return _json(state_as_dict(await asyncio.to_thread(self._station.state)))

    async def _sound(self, request: Request) -> Response:
        def read() -> bytes:
            with self._station.folder.opened(_number(request)) as handle:
                return handle.read()

        return Response(await asyncio.to_thread(read), media_type="audio/wav")

    async def _events(self, _request: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        one = _Listener()
        self._listeners.add(one)
        try:
            while not self._is_closed:
                if one.is_changed:
                    one.is_changed = False
                    yield _event("state", state_as_dict(await asyncio.to_thread(self._station.state)))
                while one.facts:
                    yield _event("fact", fact_as_dict(one.facts.popleft()))
                try:
                    async with asyncio.timeout(ALIVE_S):
                        await one.is_due.wait()
                except TimeoutError:
                    yield ": alive\n\n"
                one.is_due.clear()
        finally:
            self._listeners.discard(one)

    def _on_changed(self, _state: FragmentsState) -> None:
        for one in tuple(self._listeners):
            one.is_changed = True
        self._wake()

    def _on_told(self, fact: FragmentFact) -> None:
        for one in tuple(self._listeners):
            one.facts.append(fact)
        self._wake()

    def _wake(self) -> None:
        for one in tuple(self._listeners):
            # Its loop may have ended.
            with contextlib.suppress(RuntimeError):
                one.loop.call_soon_threadsafe(one.is_due.set)


def state_as_dict(state: FragmentsState) -> dict[str, Any]:
    """Return a state, ready for JSON, without where its files are."""
    said = asdict(state)
    del said["folder"]
    for slot in said["slots"]:
        del slot["path"]
    return said


def fact_as_dict(fact: FragmentFact) -> dict[str, Any]:
    """Return a fact, ready for JSON."""
    if isinstance(fact, FragmentFailed):
        return {"kind": "failed", "prompt": fact.prompt, "error": _error(fact.error)}
    said = {"kind": "silent", "prompt": fact.prompt, "making_s": round(fact.making_s, 2)}
    if isinstance(fact, FragmentReady):
        number = None if fact.slot is None else fact.slot.number
        said |= {"kind": "ready", "slot": number, "archived": fact.archived}
    return said


def _file(name: str) -> Callable[[Request], Response]:
    file, media_type = _FILES[name]

    def answer(_request: Request) -> Response:
        return Response((FOLDER / file).read_bytes(), media_type=media_type)

    return answer


def _doing(deed: Callable[[Request, dict[str, Any]], None]) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        body = await _body(request)
        # It may wait for the disk.
        await asyncio.to_thread(deed, request, body)
        return Response(status_code=204)

    return answer


async def _body(request: Request) -> dict[str, Any]:
    """Return what a request says; nothing of an empty one. Raises HTTPException."""
    parts, n_bytes = [], 0
    try:
        async with asyncio.timeout(BODY_S):
            async for part in request.stream():
                n_bytes += len(part)
                if n_bytes > BODY_BYTES:
                    raise HTTPException(413, "The request is too large.")
                parts.append(part)
    except TimeoutError:
        raise HTTPException(408, "The request did not come whole.") from None
    except ClientDisconnect:
        raise HTTPException(400, "The request broke off.") from None
    content = b"".join(parts)
    if not content.strip():
        return {}
    try:
        body = json.loads(content)
        # Half a character cannot be written down.
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise HTTPException(400, "The request is no JSON.") from None
    if not isinstance(body, dict):
        raise HTTPException(400, "The request is no JSON object.")
    return body


def _number(request: Request) -> int:
    return int(request.path_params["number"])


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise WrongKind(name=name, value=str(value)[:40], kind="a text")
    return value


def _error(error: StudioError) -> dict[str, Any]:
    fields = {name: value if isinstance(value, int | float) else str(value) for name, value in error.fields.items()}
    return {"kind": type(error).__name__, "fields": fields, "message": str(error)}


def _json(content: dict[str, Any], status: int = 200) -> Response:
    # In ASCII: a file's name may hold half characters, which UTF-8 does not know.
    return Response(json.dumps(content), status, media_type="application/json")


def _event(name: str, content: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(content)}\n\n"


def _on_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, StudioError)
    return _json({"error": _error(error)}, 422)


def _on_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = {"kind": "refused", "fields": {}, "message": str(error.detail)}
    return JSONResponse({"error": said}, error.status_code)
