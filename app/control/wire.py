# SPDX-License-Identifier: GPL-3.0-or-later
"""The control protocol's lines are these: one JSON object a line, in UTF-8 (``resources/control.md``)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import StudioError

VERSION = 1
"""Number of the protocol; a studio refuses requests of another one."""
MOST_CONNECTIONS = 32
"""Number of programs that are answered at once; a further one is turned away."""
MOST_LINE_BYTES = 2**20
"""Length of the longest request, bytes."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request tells a studio one thing.

    Attributes
    ----------
    verb
        As in ``app.control.verbs``, or ``follow``.
    words
        What follows it.
    id
        What the answer names, as it was given.
    """

    verb: str
    words: tuple[str, ...] = ()
    id: int | str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer says what became of a request, in words and as data."""

    text: str
    data: Mapping[str, Any] | None = None


def line_of(value: Mapping[str, Any]) -> bytes:
    """Return a value as a line. File names whose bytes are no text are escaped, as in Python (PEP 383)."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"


def request_in(line: bytes) -> Request:
    """Return the request of a line. Raises ValueError, which says what is wrong with it."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is no JSON") from error
    if not isinstance(data, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - a value of a wrong type is a wrong value here
    if data.get("protocol", VERSION) != VERSION:
        raise ValueError(f"its protocol is not {VERSION}")
    verb, words, given = data.get("do"), data.get("with", []), data.get("id")
    if not isinstance(verb, str) or not verb.strip():
        raise ValueError("“do” names no command")
    if isinstance(words, str):
        words = [words]
    if not isinstance(words, list) or not all(isinstance(one, str) and is_nameable(one) for one in words):
        raise ValueError("“with” is no list of texts")
    if isinstance(given, bool) or not isinstance(given, int | str | None):
        raise ValueError("“id” is neither a number nor a text")  # noqa: TRY004 - as above
    return Request(verb, tuple(words), given)


def is_nameable(text: str) -> bool:
    """Return whether a text can name a file: it has no zero, and no half characters but for bytes of a file name."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def request_line(request: Request) -> bytes:
    """Return the line of a request."""
    told = {"protocol": VERSION, "id": request.id, "do": request.verb, "with": list(request.words)}
    return line_of({name: value for name, value in told.items() if value not in (None, [])})


def answer_line(given: int | str | None, answer: Answer | StudioError) -> bytes:
    """Return the line that answers the request of that id."""
    told: dict[str, Any] = {} if given is None else {"id": given}
    if isinstance(answer, StudioError):
        return line_of({**told, "ok": False, "error": error_as_dict(answer)})
    return line_of({**told, "ok": True, "text": answer.text, "data": dict(answer.data or {})})


def error_as_dict(error: StudioError) -> dict[str, str]:
    """Return an error, ready for JSON: its kind, for programs, and its sentence."""
    return {"kind": type(error).__name__, "message": str(error)}
