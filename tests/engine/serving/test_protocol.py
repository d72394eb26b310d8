# SPDX-License-Identifier: GPL-3.0-or-later
"""The protocol is spoken with a real server as any other program would speak it: by HTTP and WebSocket alone."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from engine.generators.wire import VERSION_HEADER
from tests.engine.serving.asking import error_of, events, heard, made, new_name, submit, wait_for, warm_server
from tests.engine.serving.running import TOKEN, Server, serving, until

HEAD_S = 10.0
"""Seconds that the server gives a client for a request's first lines."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, home: Any) -> Iterator[Server]:
    limits = ("--most-waiting", "2", "--most-megabytes", "1", "--kept-seconds", "2", "--per-minute", "1000")
    with warm_server(tmp_path_factory.mktemp("server"), *limits) as one:
        yield one


def test_what_it_can_do_is_told(http: httpx.Client) -> None:
    said = http.get("/capabilities").json()
    assert (said["protocol"], said["generator"]) == (1, {"name": "slow", "title": "Slow"})
    assert said["models"] == ["small", "large"]
    assert said["licences"]["large"] == {"licence": "CC-BY-NC-4.0: not for commercial use", "is_commercial": False}
    assert [one["name"] for one in said["parameters"]] == ["pitch"]  # no place on that machine
    assert said["waiting"] == 0


def test_a_clip_is_told_part_by_part_and_fetched(server: Server, http: httpx.Client) -> None:
    name = submit(http, "parts=3", model="large", parameters={"pitch": 330}, n_clips=2)
    told = heard(server, name)
    numbers = [one["number"] for one in told if isinstance(one, dict) and "number" in one]
    assert numbers == sorted(set(numbers))
    chunks = [
        soundfile.read(io.BytesIO(one), dtype="float32", always_2d=True)[0] for one in told if isinstance(one, bytes)
    ]
    assert len(chunks) == 3
    assert isinstance(told[-1], dict)
    assert told[-1]["event"] == "done"
    result = http.get(f"/clips/{name}/result").json()
    licence = {"words": "CC-BY-NC-4.0: not for commercial use", "is_commercial": False}
    assert [one["licence"] for one in (result, *result["others"])] == [licence, licence]
    assert result["facts"]["tags"][:2] == ["large", "pitch 330"]
    assert [result["sound"], *(one["sound"] for one in result["others"])] == ["clip", "clip2"]
    wav = http.get(f"/clips/{name}/sounds/clip")
    assert wav.headers["content-type"] == "audio/wav"
    samples, rate = soundfile.read(io.BytesIO(wav.content), dtype="float32", always_2d=True)
    assert rate == 22_050
    np.testing.assert_array_equal(samples, np.concatenate(chunks))
    flac = http.get(f"/clips/{name}/sounds/clip2", headers={"Accept": "audio/flac"})
    assert flac.headers["content-type"] == "audio/flac"
    np.testing.assert_allclose(soundfile.read(io.BytesIO(flac.content), always_2d=True)[0], samples, atol=2.0**-23)
    assert http.delete(f"/clips/{name}").status_code == 204
    assert error_of(http.get(f"/clips/{name}")) == (404, "unknown")


def test_events_go_on_where_they_stopped(server: Server, http: httpx.Client) -> None:
    name = submit(http, "parts=6 pause=0.1")
    before: list[dict[str, Any]] = []
    with events(server, name) as stream:
        while not before or before[-1]["event"] != "chunk":
            before.append(json.loads(stream.recv(timeout=30.0)))
        stream.recv(timeout=30.0)
    after = heard(server, name, before[-1]["number"])
    n_parts = sum(isinstance(one, bytes) for one in after)
    assert n_parts == 5
    # One that comes back at the very end is told the end again, and nothing twice.
    last = after[-1]
    assert isinstance(last, dict)
    assert heard(server, name, last["number"] - 1) == [last]
    assert heard(server, name, last["number"]) == []


def test_the_same_name_makes_one_clip(http: httpx.Client, server: Server) -> None:
    name, body = new_name(), {"prompt": "parts=1", "duration_s": 1.0}
    n_before = server.said.count("of music in")
    answers = [http.put(f"/clips/{name}", json=body) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 200, 200]
    wait_for(http, name)
    assert error_of(http.put(f"/clips/{name}", json={**body, "prompt": "parts=2"})) == (409, "taken")
    assert server.said.count("of music in") == n_before + 1


def test_a_clip_is_cancelled_while_it_waits_and_while_it_is_made(http: httpx.Client, server: Server) -> None:
    first, second = submit(http, "parts=600 pause=0.1"), submit(http, "parts=1")
    wait_for(http, first, "running")
    assert http.get(f"/clips/{second}").json()["waiting"] == 1
    assert http.get("/capabilities").json()["waiting"] == 2
    assert error_of(http.get(f"/clips/{first}/result")) == (409, "not_done")
    assert http.delete(f"/clips/{second}").status_code == 204
    assert http.delete(f"/clips/{first}").status_code == 204
    made(http, "parts=1")  # the same process goes on at once
    assert [one.name() for one in server.children()]


def test_one_that_hears_the_end_of_a_cancelled_clip(http: httpx.Client, server: Server) -> None:
    name = submit(http, "parts=600 pause=0.1")
    with events(server, name) as stream:
        http.delete(f"/clips/{name}")
        said: dict[str, Any] = {}
        while said.get("event") != "cancelled":
            message = stream.recv(timeout=30.0)
            said = json.loads(message) if isinstance(message, str) else said


def test_no_more_wait_than_may(http: httpx.Client) -> None:
    names = [submit(http, "parts=600 pause=0.1")]
    wait_for(http, names[0], "running")
    names += [submit(http, "parts=1") for _ in range(2)]
    answer = http.put(f"/clips/{new_name()}", json={"prompt": "x", "duration_s": 1.0})
    assert error_of(answer) == (503, "busy")
    assert int(answer.headers["retry-after"]) >= 1
    for name in names:
        http.delete(f"/clips/{name}")


def test_what_no_client_asks_for_is_given_up_and_dropped(http: httpx.Client) -> None:
    name = submit(http, "parts=600 pause=0.1")
    wait_for(http, name, "running")
    until(lambda: http.get("/capabilities").json()["waiting"] == 0)
    assert error_of(http.get(f"/clips/{name}")) == (404, "unknown")


def test_one_that_hears_keeps_its_clip(http: httpx.Client, server: Server) -> None:
    name = submit(http, "parts=32 pause=0.1")  # longer than what is not asked for is kept
    assert len(heard(server, name)) > 32
    assert http.get(f"/clips/{name}/result").status_code == 200


@pytest.mark.soak
def test_a_generator_that_fails_is_an_answer(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--generator", "slow") as server,
        httpx.Client(base_url=server.url, trust_env=False, timeout=30.0) as http,
    ):
        for prompt, kind, words in (
            ("fail=1", "GeneratorError", "Slow made no clip: it was told to."),
            ("die=1", "WorkerDied", "exit code 3"),
            ("hang=1", "GeneratorHung", "Slow gave no clip within 2 s and was stopped."),
        ):
            error = wait_for(http, submit(http, prompt))["error"]
            assert error["kind"] == kind
            assert words in error["sentence"]
        made(http, "parts=1")
        # A page in a browser reaches the loopback too.
        assert error_of(http.get("/capabilities", headers={"Origin": "https://example.com"})) == (403, "token")


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"prompt": " "}, "EmptyPrompt"),
        ({"duration_s": 21}, "OutOfRange"),
        ({"seed": 3}, "NotTaken"),
        ({"model": "huge"}, "UnknownChoice"),
        ({"n_clips": 3}, "OutOfRange"),
        ({"parameters": {"pitch": 1}}, "OutOfRange"),
        ({"parameters": {"place": "/etc"}}, "UnknownChoice"),
    ],
)
def test_what_the_generator_does_not_take_is_refused(http: httpx.Client, more: dict[str, Any], kind: str) -> None:
    answer = http.put(f"/clips/{new_name()}", json={"prompt": "x", "duration_s": 1.0, **more})
    assert error_of(answer) == (422, kind)


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer no"}, {"Authorization": TOKEN}, {"Authorization": f"Basic {TOKEN}"}]
)
def test_without_the_token_nothing_is_told(server: Server, headers: dict[str, str]) -> None:
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as stranger:
        name = new_name()
        for answer in (
            stranger.get("/capabilities"),
            stranger.put(f"/clips/{name}", content=b"x" * 100),
            stranger.get(f"/clips/{name}"),
            stranger.delete(f"/clips/{name}"),
            stranger.post("/predict", files={"request": b"x" * 100}),
            stranger.get("/api"),
            stranger.get("/openapi.json"),
        ):
            assert error_of(answer) == (401, "token")
            assert answer.headers["www-authenticate"] == "Bearer"
        assert stranger.get("/docs").status_code == 404
    for path in (f"/clips/{name}/events", "/ws/complete-audio"):
        with pytest.raises(InvalidStatus) as refused, connect(f"ws{server.url[4:]}{path}", proxy=None):
            pass
        assert refused.value.response.status_code == 401
    assert "handshake" not in server.said


def test_its_page_lists_all_that_can_be_asked(http: httpx.Client) -> None:
    described = http.get("/openapi.json").json()
    assert described["openapi"].startswith("3.")
    form = described["paths"]["/predict"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["required"] == ["request"]
    assert {"request", "output_length_in_seconds"} < set(form["properties"])
    page = http.get("/api")
    assert page.headers["content-type"].startswith("text/html")
    assert all(one["description"] for methods in described["paths"].values() for one in methods.values())
    for path in ("/capabilities", "/clips/{name}", "/predict", "/ws/complete-audio"):
        assert path in described["paths"]
        assert f"<code>{path}</code>" in page.text


def test_another_version_is_refused(http: httpx.Client) -> None:
    answer = http.get("/capabilities", headers={VERSION_HEADER: "2"})
    assert error_of(answer) == (426, "version")
    assert answer.json()["error"]["protocol"] == 1


def test_too_large_a_request_is_refused(http: httpx.Client, server: Server) -> None:
    sound = {"wav": "A" * 2**20, "wraps": False}
    answer = http.put(f"/clips/{new_name()}", json={"prompt": "x", "duration_s": 1.0, "restyle": sound})
    assert error_of(answer) == (413, "too_large")

    def without_end() -> Iterator[bytes]:
        for _ in range(64):
            yield b" " * 2**15

    # One that does not say how long it is: it is refused, or cut off while it still sends.
    try:
        answer = http.put(f"/clips/{new_name()}", content=without_end())
    except httpx.WriteError:
        pass
    else:
        assert error_of(answer) == (413, "too_large")
    made(http, "parts=1")


def test_a_sound_comes_along(http: httpx.Client) -> None:
    file = io.BytesIO()
    soundfile.write(file, np.zeros((22_050, 1)), 22_050, format="WAV", subtype="FLOAT")
    sound = {"wav": base64.b64encode(file.getvalue()).decode(), "wraps": True}
    name = made(http, "parts=1", restyle=sound, strength=1.0)
    samples, _ = soundfile.read(io.BytesIO(http.get(f"/clips/{name}/sounds/clip").content))
    assert not samples.any()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "prompt",
    "duration_s",
    "seed",
    "bars",
    "layer",
    "guide",
    "follows",
    "parameters",
    "restyle",
    "n_clips",
    "stems",
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200)
    | VALUES.map(lambda one: json.dumps(one).encode())
    | st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4).map(
        lambda one: json.dumps({"prompt": " ", "duration_s": 1.0, **one}).encode()
    )
)
def test_rubbish_is_refused_in_a_sentence(http: httpx.Client, body: bytes) -> None:
    answer = http.put(f"/clips/{new_name()}", content=body)
    if answer.status_code == 201:
        http.delete(f"/clips/{answer.json()['clip']}")  # by chance it was a request
    else:
        assert error_of(answer)[0] in (400, 422)


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"prompt":' * 20_000, b"1" * 100_000, b"\xff\xfe", b'{"prompt": NaN}']
)
def test_rubbish_that_is_hard_to_parse_is_refused(http: httpx.Client, body: bytes) -> None:
    assert error_of(http.put(f"/clips/{new_name()}", content=body)) == (400, "malformed")


@pytest.mark.parametrize("name", ["x", "0" * 31, "G" * 32, "..%2f..%2fetc", "0" * 400])
def test_names_that_are_none(http: httpx.Client, name: str) -> None:
    assert http.put(f"/clips/{name}", json={"prompt": "x", "duration_s": 1.0}).status_code in (400, 404)
    assert http.get(f"/clips/{name}").status_code == 404


@pytest.mark.soak
def test_rubbish_on_the_wire(server: Server, http: httpx.Client) -> None:
    name = submit(http, "parts=600 pause=0.1")
    with events(server, name) as stream:
        stream.send("who are you?")
        with contextlib.suppress(ConnectionClosed):
            while True:
                stream.recv(timeout=30.0)
        assert stream.protocol.close_code == 1008
    for after in ("-1", "x", "9" * 30):
        with pytest.raises(InvalidStatus) as refused, events(server, name, after=after):  # type: ignore[arg-type]
            pass
        assert refused.value.response.status_code == 400
    http.delete(f"/clips/{name}")
    for rubbish in (b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 50, b"GET /" + b"x" * 100_000):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30.0) as raw:
            raw.sendall(rubbish)
            raw.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                while raw.recv(4096):
                    pass
    assert http.get("/capabilities").status_code == 200
    assert "Traceback" not in server.said


@pytest.mark.soak
def test_clients_that_send_next_to_nothing_are_hung_up_on(server: Server, http: httpx.Client) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
    try:
        for number, one in enumerate(slow):
            one.sendall(b"GET /capabilities HTTP/1.1\r\nHost: x\r\n" if number % 2 else b"")
        assert http.get("/capabilities").status_code == 200
        began_s = time.monotonic()
        for one in slow:
            one.settimeout(HEAD_S + 20.0)
            with contextlib.suppress(ConnectionResetError):
                while one.recv(4096):
                    pass
        assert time.monotonic() - began_s > HEAD_S / 2.0  # not at once: it was given its time
    finally:
        for one in slow:
            one.close()
    assert http.get("/capabilities").status_code == 200
