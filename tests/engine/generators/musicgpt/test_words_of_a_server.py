# SPDX-License-Identifier: GPL-3.0-or-later
"""Words from MusicGPT's port are messages, nothing, or told to be no MusicGPT's."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.sync.server import ServerConnection, serve

from engine.generators.musicgpt.client import Connection, NotMusicGPT

GREETING = json.dumps({"Info": {"model": "MusicGen", "device": "Cpu"}})
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries({"id": ANY}, optional={"progress": ANY, "relpath": ANY, "error": ANY})
EVENTS = st.dictionaries(st.sampled_from(["Start", "Progress", "Result", "Error"]), FIELDS | ANY, max_size=2)
TOLD = st.dictionaries(
    st.sampled_from(["Info", "Generation", "Chats", "Chat", "Error", "Other"]),
    EVENTS | ANY | st.tuples(ANY, st.lists(st.dictionaries(st.sampled_from(["User", "Ai"]), FIELDS, max_size=1))),
    max_size=2,
)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """Return a connection to what greets as MusicGPT does, and sends back whatever else it is sent."""

    def greet(socket: ServerConnection) -> None:
        socket.send(GREETING)
        for message in socket:
            socket.send(json.loads(message)["Say"]["words"])

    with serve(greet, "127.0.0.1", 0, compression=None, max_size=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        one = Connection(server.socket.getsockname()[1])
        yield one
        one.close()
        server.shutdown()
        thread.join()


def said(connection: Connection, words: str) -> object:
    connection.send("Say", words=words)
    return connection.receive(10.0)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TOLD.map(json.dumps) | ANY.map(json.dumps) | st.text(max_size=30))
def test_any_words(connection: Connection, words: str) -> None:
    with contextlib.suppress(NotMusicGPT):
        said(connection, words)


@pytest.mark.parametrize(
    "words", ["[" * 100_000, '{"Generation": {"Progress": {"id": "x", "progress": 1%s}}}' % ("0" * 400)], ids=len
)
def test_words_that_are_hard_to_understand(connection: Connection, words: str) -> None:
    with pytest.raises(NotMusicGPT):
        said(connection, words)
