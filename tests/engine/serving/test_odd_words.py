# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd words of clients and of generators are refused or left out, and the server goes on with the next clip."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.engine.serving.asking import error_of, heard, made, new_name, submit, wait_for, warm_server
from tests.engine.serving.running import TOKEN, Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, home: Any) -> Iterator[Server]:
    with warm_server(tmp_path_factory.mktemp("server")) as one:
        yield one


def test_a_client_that_goes_while_it_asks_is_no_news(server: Server, http: httpx.Client) -> None:
    n_said = len(server.said)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10.0) as going:
        head = f"PUT /clips/{new_name()} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        going.sendall(head.encode() + b"Content-Length: 1000\r\n\r\n{")
        assert http.get("/capabilities").status_code == 200  # by now the server waits for the rest
    made(http, "parts=1")
    assert "Traceback" not in server.said[n_said:]


@pytest.mark.parametrize("body", [b'{"prompt": "\\ud83d", "duration_s": 1.0}', b'{"\\ud83d": 1}', b'"\xed\xa0\x80"'])
def test_half_a_character_is_refused(http: httpx.Client, body: bytes) -> None:
    assert error_of(http.put(f"/clips/{new_name()}", content=body)) == (400, "malformed")


def test_a_whole_character_in_two_halves_is_one(http: httpx.Client) -> None:
    name = new_name()
    body = b'{"prompt": "parts=1 \\ud83d\\ude00", "duration_s": 1.0}'
    assert http.put(f"/clips/{name}", content=body).status_code == 201
    assert wait_for(http, name)["state"] == "done"


def test_what_a_generator_tells_that_makes_no_sense_is_left_out(http: httpx.Client, server: Server) -> None:
    name = submit(http, "parts=1 pause=0.1 odd=words")
    told = [one for one in heard(server, name) if isinstance(one, dict) and one["event"] == "progress"]
    assert (told[-1]["fraction"], told[-1]["stage"], told[-1]["left_s"]) == (1.0, "half ?", None)
    result = http.get(f"/clips/{name}/result").json()
    assert result["facts"] == {"tempo_bpm": None, "key": "?", "beats_per_bar": 4, "bars": None, "tags": []}
    assert result["versions"] == {"odd": "?"}


def test_what_is_no_clip_is_a_failure_and_the_next_one_is_made(http: httpx.Client) -> None:
    said = wait_for(http, submit(http, "odd=result"))
    assert said["error"]["sentence"] == "Slow made a clip that cannot be used: instead of a clip it returned str."
    made(http, "parts=1")
