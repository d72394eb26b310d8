# SPDX-License-Identifier: GPL-3.0-or-later
"""A listener with a name can ask where it is in the stream, for as long as it listens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from engine.broadcast.mount import BURST_S
from engine.broadcast.transmitter import TICK_S
from tests.e2e.on_air import OnAir


@pytest.fixture(scope="module")
def radio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnAir]:
    folder: Path = tmp_path_factory.mktemp("radio")
    with (folder / "radio.log").open("w", encoding="utf-8") as log, OnAir(folder, log) as one:
        yield one


@pytest.fixture
def http(radio: OnAir) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=radio.url, trust_env=False, timeout=30.0) as client:
        deadline = time.monotonic() + 60.0
        while client.get("/health").json()["streamed_s"] < BURST_S + 1.0:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield client


def position(http: httpx.Client, name: str) -> dict[str, float] | None:
    answer = http.get("/position", params={"id": name})
    if answer.status_code == 404:
        return None
    said: dict[str, float] = answer.raise_for_status().json()
    return said


def until_known(http: httpx.Client, name: str, *, is_known: bool = True) -> None:
    deadline = time.monotonic() + 30.0
    while (position(http, name) is not None) != is_known:
        assert time.monotonic() < deadline, name
        time.sleep(0.05)


def test_a_listener_is_told_where_its_burst_began_and_where_the_stream_is(http: httpx.Client) -> None:
    assert position(http, "Anna1") is None
    with http.stream("GET", "/stream.mp3", params={"id": "Anna1"}) as stream:
        content = stream.iter_raw()
        until_known(http, "Anna1")
        first = position(http, "Anna1")
        assert first is not None
        # The burst that it was sent is what lies between, but for what has come since.
        assert first["stream_s"] - first["began_s"] >= BURST_S
        n_bytes = 0
        while n_bytes / 16_000 < BURST_S + 1.0:
            n_bytes += len(next(content))
        later = position(http, "Anna1")
        assert later is not None
        assert later["began_s"] == first["began_s"]
        # What was received lies between where it began and where the stream is.
        assert later["began_s"] + n_bytes / 16_000 <= later["stream_s"] + 2 * TICK_S
        assert position(http, "Bruno2") is None
    until_known(http, "Anna1", is_known=False)


def test_who_has_a_name_keeps_it(http: httpx.Client) -> None:
    with http.stream("GET", "/stream.mp3", params={"id": "Carla3"}):
        until_known(http, "Carla3")
        first = position(http, "Carla3")
        time.sleep(2 * TICK_S)
        with http.stream("GET", "/stream.aac", params={"id": "Carla3"}):
            again = position(http, "Carla3")
            assert first is not None
            assert again is not None
            assert again["began_s"] == first["began_s"]
        # The other was nameless: with it nothing is forgotten.
        deadline = time.monotonic() + 30.0
        while http.get("/health").json()["listeners"] != 1:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert position(http, "Carla3") is not None
    until_known(http, "Carla3", is_known=False)


@pytest.mark.parametrize("name", ["", "a" * 65, "a b", "../x", "à", "a\n"])
def test_other_names_are_none(http: httpx.Client, name: str) -> None:
    with http.stream("GET", "/stream.mp3", params={"id": name}) as stream:
        assert next(stream.iter_raw())
        assert position(http, name) is None
