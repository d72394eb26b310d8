# SPDX-License-Identifier: GPL-3.0-or-later
"""A radio on the air: its streams, what it tells, and who is let in."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from engine.broadcast.forms import FORMS, StreamForm
from engine.broadcast.mount import BURST_S
from engine.errors import ServingNeedsToken
from engine.values.radio import AirPiece, RadioPlan, StudioState
from tests.engine.broadcast.airing import Airing
from tests.engine.broadcast.streams import decoded, level_of

TOKEN = "open-sesame"


@pytest.fixture(scope="module")
def radio() -> Iterator[Airing]:
    with Airing(RadioPlan("Test “Radio”", port=0)) as airing:
        airing.fill()
        airing.server.soon(airing.transmitter.log.expect, 0, AirPiece("A piece", "Band", "calm <b>rain</b>", "one"))
        airing.server.soon(airing.transmitter.log.look_forward, AirPiece("What follows"))
        airing.soon(lambda: airing.transmitter.log.encoded is not None)
        yield airing


@pytest.fixture
def http(radio: Airing) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=radio.url, trust_env=False, timeout=10.0) as client:
        yield client


def _heard(client: httpx.Client, path: str, seconds: float, **headers: str) -> tuple[bytes, httpx.Headers]:
    """Return what comes of a stream within so many seconds, and what was said of it."""
    parts, began_s = [], time.monotonic()
    with client.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200
        for part in answer.iter_raw():
            parts.append(part)
            if time.monotonic() - began_s > seconds:
                break
        return b"".join(parts), answer.headers


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.name)
def test_a_stream_is_heard_from_the_last_seconds_on(http: httpx.Client, form: StreamForm) -> None:
    # A busy machine takes a while for the seconds that are sent at once: they are more than time itself would bring.
    content, headers = _heard(http, form.path, 0.75 * BURST_S)

    sound, rate = decoded(content)

    assert headers["content-type"] == form.media_type
    assert "transfer-encoding" not in headers
    assert len(sound) / rate > BURST_S
    assert level_of(sound[rate : 4 * rate, 0], rate, 440.0) == pytest.approx(0.3, rel=0.06)


def test_titles_come_with_the_stream_to_who_asks(http: httpx.Client) -> None:
    content, headers = _heard(http, "/stream.mp3", 0.6, **{"Icy-MetaData": "1"})

    every = int(headers["icy-metaint"])
    n_title = 16 * content[every]
    assert content[every + 1 : every + 1 + n_title].rstrip(b"\0") == b"StreamTitle='Band - A piece';"
    assert headers["icy-name"] == "Test ?Radio?"
    assert headers["icy-br"] == "128"


def test_who_joins_late_hears_what_all_hear(http: httpx.Client, radio: Airing) -> None:
    def at_s() -> float:
        return radio.transmitter.streamed_s

    late, moments = b"", [at_s()]
    with http.stream("GET", "/stream.mp3") as first, httpx.Client(base_url=radio.url, trust_env=False) as other:
        moments.append(at_s())
        early = b""
        for part in first.iter_raw():
            early += part
            if not late and at_s() > moments[1] + 1.5:
                moments.append(at_s())
                late, _ = _heard(other, "/stream.mp3", 0.5)
                moments.append(at_s())
            if late and at_s() > moments[3] + 0.5:
                break

    at = early.find(late[:4000])
    assert at > 0
    # By then the first one, who began a burst behind, too, had heard just as much: as far as is known when they joined.
    began_by_s, begun_s, joined_by_s, joined_s = moments
    assert joined_by_s - begun_s - 0.5 < at * 8.0 / 128_000 < joined_s - began_by_s + 0.5


def test_what_plays_is_told(http: httpx.Client) -> None:
    told = http.get("/current").json()

    assert (told["title"], told["artist"], told["prompt"]) == ("A piece", "Band", "calm <b>rain</b>")
    assert (told["number"], told["recycled"], told["on_reserve"]) == (1, False, False)
    assert told["next"]["title"] == "What follows"
    assert told["station"] == "Test “Radio”"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told["since"])
    assert [one["title"] for one in http.get("/history").json()] == ["A piece"]


def test_events_tell_what_is_and_what_changes(http: httpx.Client, radio: Airing) -> None:
    seen: dict[str, object] = {}
    with http.stream("GET", "/events") as answer, httpx.Client(base_url=radio.url, trust_env=False) as other:
        assert answer.headers["content-type"].startswith("text/event-stream")
        kind = ""
        lines = answer.iter_lines()
        for line in lines:
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: "):
                seen[kind] = json.loads(line[6:])
            if seen.get("listeners") == 0 and "current" in seen:
                break
        with other.stream("GET", "/stream.aac"):
            for line in lines:
                if line.startswith("data: ") and json.loads(line[6:]) == 1:
                    break


def test_health_and_metrics(http: httpx.Client) -> None:
    health = http.get("/health")
    assert health.status_code == 200
    assert health.json()["healthy"]
    assert health.json()["most_dead_air_s"] < 1.0

    metrics = http.get("/metrics").text
    assert "infiniloop_radio_listeners 0.0" in metrics
    assert 'infiniloop_radio_stream_listeners{form="opus"} 0.0' in metrics
    assert "_created" not in metrics


def test_what_the_studio_tells_is_among_the_metrics(http: httpx.Client, radio: Airing) -> None:
    radio.server.soon(radio.server.take_note, StudioState(prepared_s=42.0, made_s=60.0, making_s=5.0, xruns=3))

    radio.soon(lambda: "infiniloop_radio_prepared_seconds 42.0" in http.get("/metrics").text)

    metrics = http.get("/metrics").text
    assert "infiniloop_radio_made_music_seconds_total 60.0" in metrics
    assert "infiniloop_radio_making_seconds_total 5.0" in metrics
    assert "infiniloop_radio_xruns_total 3.0" in metrics
    assert 'infiniloop_radio_stream_waiting_bytes{form="flac"} 0.0' in metrics


def test_it_describes_itself(http: httpx.Client) -> None:
    paths = http.get("/openapi.json").json()["paths"]

    page = http.get("/api").text
    assert "&lt;b&gt;" not in page
    assert all(f"<code>{path}</code>" in page for path in paths)
    assert "Test “Radio”" in page
    assert {"/current", "/current.mp3", "/history", "/events", "/health", "/stream.mp3", "/stream.opus"} <= set(paths)


def test_heads_of_streams_come_without_music(http: httpx.Client) -> None:
    answer = http.head("/stream.mp3")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.content == b""


def test_heads_of_what_is_on_the_air_come_without_it(http: httpx.Client) -> None:
    for path in ("/current", "/current.mp3", "/history", "/health", "/metrics"):
        told, head = http.get(path), http.head(path)
        assert (head.status_code, head.content) == (told.status_code, b"")
        assert head.headers["content-type"] == told.headers["content-type"]


@pytest.mark.parametrize(
    ("asked", "status", "kind", "words"),
    [
        ("GET /curent", 404, "nothing_there", "/api says what there is"),
        ("POST /history", 405, "nothing_there", "POST is not answered at this address"),
        ("GET /position", 422, "query", "lacks “id”"),
        ("GET /position?id=nobody", 404, "id", "Nobody of this id listens"),
        ("POST /control/mood", 400, "malformed", "no JSON object: /api says"),
    ],
)
def test_whatever_is_refused_is_told_in_one_shape(
    http: httpx.Client, asked: str, status: int, kind: str, words: str
) -> None:
    method, path = asked.split()
    answer = http.request(method, path, content=b"{not json" if method == "POST" else None)
    error = answer.json()["error"]
    assert (answer.status_code, error["kind"], error["fields"]) == (status, kind, {})
    assert words in error["message"]


def test_infinifis_clients_are_served(http: httpx.Client, radio: Airing) -> None:
    minute = http.get("/current.mp3")
    assert minute.headers["content-type"] == "audio/mpeg"
    assert np.abs(decoded(minute.content)[0]).max() > 0.2

    with connect(f"ws://127.0.0.1:{radio.port}/ws", proxy=None) as one:
        assert one.recv(5.0) == "0"
        one.send("listening")
        assert one.recv(5.0) == "1"
        with connect(f"ws://127.0.0.1:{radio.port}/ws", proxy=None) as other:
            assert other.recv(5.0) == "1"
            other.send("listening")
            assert one.recv(5.0) == "2"
            other.send("listening")
            other.send("paused")
            assert one.recv(5.0) == "1"
            other.send("listening")
            assert one.recv(5.0) == "2"
        # Who goes without a word is counted no more.
        assert one.recv(5.0) == "1"
        one.send("something else")
        one.send("paused")
        assert one.recv(5.0) == "0"


def test_who_takes_the_place_of_another_is_counted_and_told(radio: Airing) -> None:
    for _ in range(3):
        # Each goes without a word, and the next comes before anybody was told of it.
        with connect(f"ws://127.0.0.1:{radio.port}/ws", proxy=None) as one:
            assert one.recv(5.0) == "0"
            one.send("listening")
            assert one.recv(5.0) == "1"


def test_a_player_of_the_kitchen_is_served(radio: Airing) -> None:
    """The player speaks HTTP/1.0, knows no chunks, and hangs up as it likes."""
    with socket.create_connection(("127.0.0.1", radio.port)) as player:
        player.sendall(f"GET /stream.mp3 HTTP/1.0\r\nHost: 127.0.0.1:{radio.port}\r\nIcy-MetaData:1\r\n\r\n".encode())
        content = b""
        while len(content) < 40_000:
            content += player.recv(1 << 16)
    head, _, body = content.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"icy-metaint: 16000" in head
    assert body[0] == 0xFF
    radio.soon(lambda: radio.transmitter.n_listeners == 0)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", ""])
def test_other_names_of_this_machine_are_not_let_in(http: httpx.Client, host: str) -> None:
    for path in ("/stream.mp3", "/current", "/"):
        assert http.get(path, headers={"Host": host}).status_code == 403


def test_other_sites_pages_are_not_let_in(http: httpx.Client, radio: Airing) -> None:
    assert http.get("/current", headers={"Origin": "https://evil.example"}).status_code == 403
    url = f"ws://127.0.0.1:{radio.port}/ws"
    with pytest.raises(InvalidStatus), connect(url, origin=Origin("http://evil.example"), proxy=None):
        pass


@pytest.fixture(scope="module", params=[False, True], ids=["private", "public"])
def guarded(request: pytest.FixtureRequest) -> Iterator[tuple[Airing, bool]]:
    """A radio that others reach: for who has the token, or for all, the token being for control."""
    with Airing(RadioPlan(host="0.0.0.0", port=0, token=TOKEN, is_public=request.param)) as airing:
        yield airing, request.param


def test_only_who_may_is_let_in(guarded: tuple[Airing, bool]) -> None:
    airing, is_public = guarded
    open_status = 200 if is_public else 401
    with httpx.Client(base_url=airing.url, trust_env=False, timeout=5.0) as client:
        for path in ("/current", "/history", "/openapi.json"):
            assert client.get(path).status_code == open_status
        for path, status in (
            ("/stream.mp3", open_status),
            (f"/stream.mp3?token={TOKEN}", 200),
            ("/stream.mp3?token=wrong", open_status),
        ):
            with client.stream("GET", path) as answer:
                assert answer.status_code == status
        assert client.post("/control/skip").status_code == 401
        assert client.get("/current", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        if not is_public:
            # A script is answered, and given nothing to keep.
            assert client.get(f"/current?token={TOKEN}").json()["station"] == "Infiniloop"
            assert client.get("/current?token=wrong").status_code == 401
            assert client.post(f"/vote?token={TOKEN}").status_code == 401
            assert client.get("/current").status_code == 401
            # A browser is given a field for it.
            page = client.get("/", headers={"Accept": "text/html", "Accept-Language": "it-IT,it"})
            assert (page.status_code, "<input id=token name=token" in page.text) == (401, True)
            assert "Il token di questa pagina" in page.text
            assert "Non era quello" not in page.text
            wrong = client.get("/?token=wrong", headers={"Accept": "text/html", "Accept-Language": "it-IT,it"})
            assert "Non era quello" in wrong.text
            # A browser's first visit: the token leaves the address, and a cookie lets it in from then on.
            browser = {"Accept": "text/html,application/xhtml+xml"}
            assert client.get(f"/current?token={TOKEN}", headers=browser).status_code == 303
            assert client.get("/current").status_code == 200


def test_other_sites_pages_are_no_listeners_of_a_public_radio(guarded: tuple[Airing, bool]) -> None:
    airing, is_public = guarded
    url = f"ws://127.0.0.1:{airing.port}/ws"
    for origin in ("http://evil.example", "null"):
        with pytest.raises(InvalidStatus), connect(url, origin=Origin(origin), proxy=None):
            pass
    if is_public:
        for own in (None, Origin(airing.url)):
            with connect(url, origin=own, proxy=None) as one:
                assert one.recv(5.0) == "0"


def test_a_radio_for_others_needs_a_token() -> None:
    with pytest.raises(ServingNeedsToken):
        Airing(RadioPlan(host="0.0.0.0", port=0))


def test_at_the_end_listeners_get_what_is_on_its_way() -> None:
    with Airing(RadioPlan(port=0)) as airing:
        airing.fill()
        with httpx.stream("GET", f"{airing.url}/stream.mp3", trust_env=False, timeout=5.0) as answer:
            airing.server.end()
            # The connection ends by itself, in order.
            content = b"".join(answer.iter_raw())
    sound, rate = decoded(content)
    assert len(sound) / rate > BURST_S - 0.5


def test_the_stream_goes_on_when_what_plays_cannot_be_told(expected_logs: list[str]) -> None:
    expected_logs.append("a piece of the stream was lost")
    with Airing(RadioPlan(port=0)) as airing:
        # Of no calendar: what comes before a listener is told fails each time.
        airing.server.soon(setattr, airing.transmitter.log, "encoded", AirPiece("one", since_s=1e300))
        began_s = airing.transmitter.streamed_s
        airing.soon(lambda: airing.transmitter.streamed_s > began_s + 2.0)
