# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of speakers share these: a request, and all that comes of submitting it."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from engine.generators.base import finished
from engine.generators.remote.speaker import Machine, Speaker
from engine.values import ClipRequest, ClipResult, Parameters, ParameterValue, Progress


def request(prompt: str = "calm piano", duration_s: float = 8.0, **fields: Any) -> ClipRequest:
    return ClipRequest(7, prompt, "remote", "", duration_s, **fields)


def values(**own: ParameterValue) -> Mapping[str, Any]:
    """Return the field of a request with these values of the other generator's own parameters."""
    return {"parameters": Parameters(own)}


def made(speaker: Speaker, asked: ClipRequest) -> tuple[list[Progress], ClipResult]:
    """Ask what is offered, then for the clip; return its progress and its result."""
    told: list[Progress] = []
    return told, finished(speaker.submit(asked, speaker.capabilities()), told)


def at(url: str, token: str = "") -> Machine:
    return Machine(url, token, connect_s=2.0)


@contextmanager
def deaf() -> Iterator[str]:
    """Give the address of a port that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def free_address() -> str:
    """Return an address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"
