# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers to what cannot be done: a status, and one sentence in JSON."""

from __future__ import annotations

import json
from typing import Any

from fastapi.responses import JSONResponse

from engine.generators.wire import VERSION, VERSION_HEADER
from engine.generators.wire.failures import failure_as_dict


class Answer(JSONResponse):
    """This answer is JSON in ASCII: half characters, which UTF-8 does not know, cross as what was asked wrote them."""

    def render(self, content: Any) -> bytes:
        """Return what is sent."""
        return as_json(content).encode("ascii")


def as_json(content: Any) -> str:
    """Return JSON in ASCII. Raises ValueError for a number that is none."""
    return json.dumps(content, allow_nan=False, separators=(",", ":"))


class Refusal(Exception):
    """A refusal ends a request with a status and a sentence.

    Parameters
    ----------
    kind
        One word for a program: “token”, “version”, “rate”, “busy” …
    """

    def __init__(self, status: int, kind: str, sentence: str, *, retry_s: float | None = None, **more: Any) -> None:
        super().__init__(sentence)
        self.status, self.retry_s = status, retry_s
        self.error: dict[str, Any] = {"kind": kind, "fields": {}, "sentence": sentence, **more}

    @classmethod
    def of(cls, error: Exception) -> Refusal:
        """Return the refusal of a request that cannot be made."""
        refusal = cls(422, "", str(error))
        refusal.error = failure_as_dict(error)
        return refusal

    def response(self) -> Answer:
        """Return what is answered."""
        headers = {VERSION_HEADER: str(VERSION)}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if self.retry_s is not None:
            headers["Retry-After"] = str(max(1, round(self.retry_s)))
        return Answer({"error": self.error}, self.status, headers=headers)
