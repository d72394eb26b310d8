# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks a real server as any other program would: for clips, for what becomes of them, and for its words."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.engine.serving.running import TOKEN, Server, serving, until

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@contextlib.contextmanager
def warm_server(folder: Path, *arguments: str) -> Iterator[Server]:
    """Yield a server of the slow generator, whose process is there."""
    with serving(folder, "--generator", "slow", *arguments, token=TOKEN) as one:
        with httpx.Client(base_url=one.url, headers=HEADERS, trust_env=False) as http:
            made(http, "parts=1")
        yield one


def new_name() -> str:
    return uuid.uuid4().hex


def submit(http: httpx.Client, prompt: str, **more: Any) -> str:
    name = new_name()
    answer = http.put(f"/clips/{name}", json={"prompt": prompt, "duration_s": 1.0, **more})
    assert answer.status_code == 201, answer.text
    return name


def wait_for(http: httpx.Client, name: str, *states: str) -> dict[str, Any]:
    states = states or ("done", "failed", "cancelled")
    until(lambda: http.get(f"/clips/{name}").json()["state"] in states)
    said: dict[str, Any] = http.get(f"/clips/{name}").json()
    return said


def made(http: httpx.Client, prompt: str, **more: Any) -> str:
    name = submit(http, prompt, **more)
    assert wait_for(http, name)["state"] == "done"
    return name


def error_of(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert error["sentence"].endswith(".")
    return answer.status_code, error["kind"]


def events(server: Server, name: str, after: int = 0) -> Any:
    url = server.url.replace("http", "ws")
    return connect(f"{url}/clips/{name}/events?after={after}", additional_headers=HEADERS, proxy=None)


def heard(server: Server, name: str, after: int = 0) -> list[dict[str, Any] | bytes]:
    """Return all that is told of a clip after an event, to its end."""
    out: list[dict[str, Any] | bytes] = []
    with events(server, name, after) as stream, contextlib.suppress(ConnectionClosed):
        while True:
            message = stream.recv(timeout=30.0)
            out.append(message if isinstance(message, bytes) else json.loads(message))
    return out
