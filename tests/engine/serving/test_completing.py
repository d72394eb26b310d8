# SPDX-License-Identifier: GPL-3.0-or-later
"""Music is sent block by block as GigMate's own client sends it, and what comes back is judged by listening to it."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from engine.errors import GeneratorHung, NoPulse
from engine.listening.listen import listen
from engine.serving.completing import MOST_MESSAGE_BYTES, block_in
from engine.serving.limits import ServingLimits
from engine.serving.recordings import played_at
from engine.values import Clip
from tests.engine.companion.pieces import BPM, RELATIVES, off_the_beat_s, piece
from tests.engine.serving.asking import HEADERS
from tests.engine.serving.companions import ToldCompanion, told_server
from tests.engine.serving.running import TOKEN, serving, until

RATE, BLOCK_S = 22_050, 0.5
N_BLOCK = round(BLOCK_S * RATE)


def talking(url: str, **more: Any) -> ClientConnection:
    client: ClientConnection = connect(f"ws{url[4:]}/ws/complete-audio", proxy=None, max_size=2**24, **more)
    return client


def block(number: int, samples: Any = None) -> str:
    """Return a block as GigMate's client writes it: a list of lists, and a start that is a little early."""
    audio = [[0.25]] * N_BLOCK if samples is None else [[float(one)] for one in samples]
    start_s = number * BLOCK_S
    return json.dumps({"audio": audio, "startTime": start_s - 0.02, "endTime": start_s + BLOCK_S})


def send(client: ClientConnection, first: int, n_blocks: int) -> None:
    for number in range(first, first + n_blocks):
        client.send(block(number))


def answer(client: ClientConnection) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(client.recv(timeout=60.0))
    return said


def sentence(client: ClientConnection) -> str:
    error = answer(client)["error"]
    assert error["sentence"].endswith(".")
    assert "Traceback" not in error["sentence"]
    return f"{error['kind']}: {error['sentence']}"


@pytest.fixture
def told() -> Iterator[tuple[str, ToldCompanion]]:
    with told_server(ServingLimits(most_played_with=3)) as one:
        yield one


@pytest.fixture
def client(told: tuple[str, ToldCompanion]) -> Iterator[ClientConnection]:
    url, _ = told
    with talking(url) as one:
        yield one


def test_what_comes_back_fits_the_music_that_was_sent(tmp_path: Path, home: Any) -> None:
    music = played_at(piece(), RATE, 1).samples[:, 0]
    blocks = [music[at : at + N_BLOCK] for at in range(0, len(music) - N_BLOCK, N_BLOCK)][:32]
    with serving(tmp_path, token=TOKEN) as server, talking(server.url, additional_headers=HEADERS) as client:
        starts: list[float] = []
        for number, samples in enumerate(blocks):
            client.send(block(number, samples))
            heard_s = (number + 1) * BLOCK_S
            # From six seconds on there is a beat to hear: the plan after each four blocks is waited for.
            while (number + 1) % 4 == 0 and heard_s >= 6.0 and (not starts or starts[-1] < heard_s):
                said = answer(client)
                assert set(said) == {"startTime", "endTime", "data"}
                assert len(said["data"]) <= 8 * RATE
                assert said["startTime"] == said["endTime"]
                starts.append(said["startTime"])
                played = Clip(np.array(said["data"], np.float32)[:, None], RATE)
                beats = listen(played).beats
                assert beats is not None
                assert beats.tempo_bpm == pytest.approx(BPM, rel=0.01)
                assert listen(played).key in RELATIVES
                assert off_the_beat_s(played, said["startTime"]) < 0.03
        assert starts[-1] == 16.0
        assert starts == sorted(set(starts))
        server.end()
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=30.0)
        assert "Traceback" not in server.said


def test_a_plan_is_made_after_each_four_blocks_of_the_last_twelve(
    told: tuple[str, ToldCompanion], client: ClientConnection
) -> None:
    _, companion = told
    for plan in range(1, 6):
        send(client, 4 * (plan - 1), 4)
        companion.play()
        said = answer(client)
        assert (said["startTime"], said["endTime"], len(said["data"])) == (2.0 * plan, 2.0 * plan, 8 * RATE)
        assert said["data"][4 * RATE] == 0.5
    assert companion.heard == [2.0, 4.0, 6.0, 6.0, 6.0]


def test_the_latest_wins_and_what_is_begun_is_played_to_its_end(
    told: tuple[str, ToldCompanion], client: ClientConnection
) -> None:
    _, companion = told
    send(client, 0, 4)
    until(lambda: companion.heard == [2.0])
    send(client, 4, 8)
    client.send("x")  # answered once all before it were heard
    assert sentence(client).startswith("malformed")
    companion.play(2)
    assert [answer(client)["startTime"] for _ in range(2)] == [2.0, 6.0]
    assert companion.heard == [2.0, 6.0]


def test_music_that_begins_elsewhere_is_other_music(told: tuple[str, ToldCompanion], client: ClientConnection) -> None:
    _, companion = told
    send(client, 0, 3)
    send(client, 100, 4)
    companion.play()
    assert answer(client)["startTime"] == 52.0
    assert companion.heard == [2.0]


def test_where_no_beat_is_heard_it_listens_on(told: tuple[str, ToldCompanion], client: ClientConnection) -> None:
    _, companion = told
    companion.error = NoPulse()
    send(client, 0, 4)
    companion.play()
    until(lambda: companion.heard == [2.0])
    companion.error = GeneratorHung(generator="The companion", limit_s=180.0)
    send(client, 4, 4)
    companion.play()
    assert sentence(client) == "failed: The companion gave no clip within 180 s and was stopped."
    companion.error = None
    send(client, 8, 4)
    companion.play()
    assert answer(client)["startTime"] == 6.0


GOOD = {"audio": [0.0], "startTime": 0.0, "endTime": 0.5}


@pytest.mark.parametrize(
    "message",
    [
        "",
        "hello",
        "null",
        "[]",
        "{}",
        b"\x00\x01",
        "[" * 50_000,
        json.dumps({**GOOD, "audio": []}),
        json.dumps({**GOOD, "audio": "0.1"}),
        json.dumps({**GOOD, "audio": ["0.1"]}),
        json.dumps({**GOOD, "audio": [True]}),
        json.dumps({**GOOD, "audio": [None]}),
        json.dumps({**GOOD, "audio": [[0.1, 0.2]]}),
        json.dumps({**GOOD, "audio": [[[0.1]]]}),
        json.dumps({**GOOD, "audio": [[]]}),
        json.dumps({**GOOD, "audio": [math.nan]}),
        json.dumps({**GOOD, "audio": [math.inf]}),
        json.dumps({**GOOD, "audio": [1e39]}),
        json.dumps({**GOOD, "audio": [10**400]}),
        json.dumps({**GOOD, "audio": [0] * (RATE + 1)}),
        json.dumps({**GOOD, "startTime": "0"}),
        json.dumps({**GOOD, "startTime": None}),
        json.dumps({**GOOD, "endTime": -1.0}),
        json.dumps({**GOOD, "startTime": 0.6}),
        json.dumps({**GOOD, "endTime": 10**400}),
        json.dumps({**GOOD, "endTime": math.nan}),
        json.dumps({"audio": [0.0], "startTime": 0.0}),
    ],
)
def test_malformed_messages_are_answered_with_a_sentence_and_the_next_counts(
    told: tuple[str, ToldCompanion], client: ClientConnection, message: str | bytes
) -> None:
    client.send(message)
    assert sentence(client).startswith("malformed: The message cannot be read: ")
    send(client, 0, 4)
    told[1].play()
    assert answer(client)["startTime"] == 2.0


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(GOOD)), VALUES, max_size=3).map(lambda own: json.dumps({**GOOD, **own})))
def test_any_message_is_a_block_or_refused(message: str) -> None:
    try:
        found = block_in(message)
    except ValueError:
        return
    assert np.isfinite(found.samples).all()
    assert math.isfinite(found.end_s)


def test_too_large_a_message_ends_the_connection(client: ClientConnection) -> None:
    client.send("x" * (MOST_MESSAGE_BYTES + 1))
    with pytest.raises(ConnectionClosed):
        client.recv(timeout=30.0)
    assert client.protocol.close_code == 1009


def test_a_flood_of_blocks_ends_the_connection(told: tuple[str, ToldCompanion], client: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        for _ in range(2000):
            client.send("{}")
    with contextlib.suppress(ConnectionClosed):
        while True:
            client.recv(timeout=30.0)
    assert client.protocol.close_code == 1008
    assert "1200 blocks a minute" in str(client.protocol.close_reason)
    with talking(told[0]) as another:
        another.send("{}")
        assert sentence(another).startswith("malformed")


def test_a_flood_of_connections_is_refused_and_those_that_go_make_room(told: tuple[str, ToldCompanion]) -> None:
    url, _ = told
    with contextlib.ExitStack() as all_of_them:
        for _ in range(3):
            all_of_them.enter_context(talking(url)).send("{}")
        for _ in range(50):
            with pytest.raises(InvalidStatus) as refused, talking(url):
                pass
            assert refused.value.response.status_code == 503
        assert httpx.get(f"{url}/capabilities", trust_env=False).status_code == 200

    def is_let_in() -> bool:
        try:
            with talking(url):
                return True
        except InvalidStatus:
            return False

    until(is_let_in)


def test_gigmates_client_is_let_in_that_says_it_comes_from_here(told: tuple[str, ToldCompanion]) -> None:
    with talking(told[0], origin=told[0]) as client:
        client.send("{}")
        assert sentence(client).startswith("malformed")


@pytest.mark.parametrize("origin", ["https://example.com", "http://127.0.0.1:1", "null", "http://localhost"])
def test_a_page_of_another_site_is_not_let_in(told: tuple[str, ToldCompanion], origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused, talking(told[0], origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_another_sites_name_that_leads_here_is_not_let_in(told: tuple[str, ToldCompanion]) -> None:
    place = "example.com:8000"
    headers = {"Host": place, "Origin": f"http://{place}"}
    assert httpx.post(f"{told[0]}/predict", headers=headers, trust_env=False).status_code == 403


def test_one_that_says_nothing_makes_room() -> None:
    with told_server(ServingLimits(unheard_s=0.3)) as (url, _), talking(url) as client:
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=30.0)
        assert client.protocol.close_code == 1013
        assert client.protocol.close_reason == "Nothing was sent for 0.3 s."
