# SPDX-License-Identifier: GPL-3.0-or-later
"""The radio as a source of a real Icecast, and of servers that are gone, refuse, or hang."""

from __future__ import annotations

import contextlib
import html
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from engine.broadcast.forms import FLAC, MP3, OPUS
from engine.broadcast.icecast import IcecastSource, Waits, icecast_address
from engine.errors import NotIcecastAddress
from engine.values.radio import AirPiece, RadioPlan
from tests.engine.broadcast.airing import Airing
from tests.engine.broadcast.streams import decoded, level_of
from tests.engine.broadcast.webservers import PASSWORD, WebServer, free_port, icecast

SOON = Waits(0.1, 0.2, 60.0, 1.0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    with icecast(tmp_path_factory.mktemp("icecast")) as running:
        yield running


@pytest.fixture(scope="module")
def radio(server: WebServer) -> Iterator[Airing]:
    mounts = tuple(f"icecast://127.0.0.1:{server.port}/{name}" for name in ("calm.mp3", "calm.opus", "calm.flac"))
    with Airing(RadioPlan("Café Calm", port=0, icecast=mounts, icecast_password=PASSWORD)) as airing:
        airing.soon(lambda: not any(one.trouble for one in airing.transmitter.icecast))
        airing.server.soon(airing.transmitter.log.expect, 0, AirPiece("Après la pluie", "Band"))
        yield airing


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    give_up_s = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_s, "it did not come about"
        time.sleep(0.02)


def heard(port: int, path: str, seconds: float) -> tuple[bytes, httpx.Headers]:
    content, began_s = b"", time.monotonic()
    with httpx.stream("GET", f"http://127.0.0.1:{port}{path}", trust_env=False, timeout=10.0) as answer:
        assert answer.status_code == 200
        for part in answer.iter_raw():
            content += part
            if time.monotonic() - began_s > seconds:
                break
        return content, answer.headers


def stats(port: int) -> str:
    told = httpx.get(f"http://127.0.0.1:{port}/admin/stats", auth=("admin", "boss"), trust_env=False)
    return html.unescape(told.text)


@pytest.mark.parametrize(
    ("path", "kind"), [("/calm.mp3", "audio/mpeg"), ("/calm.opus", "audio/ogg"), ("/calm.flac", "audio/ogg")]
)
def test_what_icecast_passes_on_is_the_stream(radio: Airing, server: WebServer, path: str, kind: str) -> None:
    content, headers = heard(server.port, path, 3.0)
    sound, rate = decoded(content)
    assert headers["content-type"] == kind
    assert len(sound) / rate > 2.0
    assert level_of(sound[rate // 2 : 2 * rate, 0], rate, 440.0) == pytest.approx(0.3, rel=0.06)
    assert level_of(sound[rate // 2 : 2 * rate, 1], rate, 660.0) == pytest.approx(0.3, rel=0.06)


def test_icecast_tells_titles_and_name_and_is_in_no_directory(radio: Airing, server: WebServer) -> None:
    until(lambda: "Band - Après la pluie" in stats(server.port))
    [mount] = re.findall(r'<source mount="/calm.mp3">(.*?)</source>', stats(server.port), re.DOTALL)
    assert "<server_name>Café Calm</server_name>" in mount
    assert "<public>0</public>" in mount
    assert "ice-samplerate=44100;ice-channels=2;ice-bitrate=128" in mount
    assert radio.transmitter.n_listeners == 0, "the server is no listener of the radio's own"


def test_another_icecast_relays_it_to_more(radio: Airing, server: WebServer, tmp_path: Path) -> None:
    relay = f"<relay> <server>127.0.0.1</server> <port>{server.port}</port> <mount>/calm.mp3</mount> </relay>"
    with icecast(tmp_path, more=relay) as more:
        until(lambda: 'mount="/calm.mp3"' in stats(more.port))
        sound, rate = decoded(heard(more.port, "/calm.mp3", 2.0)[0])
    assert level_of(sound[rate // 2 : 3 * rate // 2, 0], rate, 440.0) == pytest.approx(0.3, rel=0.06)


def test_how_it_stands_is_told(radio: Airing, server: WebServer) -> None:
    name = f"127.0.0.1:{server.port}/calm.mp3"
    with httpx.Client(base_url=radio.url, trust_env=False) as http:
        assert http.get("/health").json()["icecast"][name] == "connected"
        assert f'infiniloop_radio_icecast_connected{{mount="{name}"}} 1.0' in http.get("/metrics").text


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.fixture
def expected_logs() -> list[str]:
    return ["Icecast at"]


@contextlib.contextmanager
def source(port: int, *, password: str = PASSWORD, path: str = "/other.mp3") -> Iterator[IcecastSource]:
    """Feed a source pieces of a kilobyte, a hundred a second."""
    one = IcecastSource(icecast_address(f"icecast://127.0.0.1:{port}{path}"), password, "Test", 44_100, waits=SOON)
    ended = threading.Event()

    def feed() -> None:
        while not ended.wait(0.01):
            one.feed(b"", b"\xff" * 1024, "A title")

    feeding = threading.Thread(target=feed)
    feeding.start()
    try:
        yield one
    finally:
        ended.set()
        feeding.join()
        one.close()


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage().partition(": ")[2] for one in caplog.records if "Icecast at" in one.getMessage()]


def test_a_wrong_password_is_told_once_and_seldom_tried(server: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    with source(server.port, password="guessed-it") as one:
        until(lambda: "password" in one.trouble)
        time.sleep(0.6)
        assert one.trouble == "it refuses the password (see --icecast-password-file)"
    assert said(caplog) == [one.trouble]
    assert "guessed-it" not in caplog.text


def test_a_server_that_is_killed_has_the_stream_again_once_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with icecast(tmp_path, port=free_port()) as server, source(server.port) as one:
        until(lambda: not one.trouble)
        server.end(kill=True)
        until(lambda: one.trouble != "")
        until(lambda: "refused" in one.trouble)
        server.start()
        until(lambda: not one.trouble)
        until(lambda: 'mount="/other.mp3"' in stats(server.port))
    messages = [record.getMessage() for record in caplog.records if "Icecast at" in record.getMessage()]
    assert sum("takes the stream" in line for line in messages) == 2
    assert len(messages) == len({*messages}) + 1, "each change is told once"


def test_a_mount_that_another_source_has_is_taken_once_it_is_free(server: WebServer) -> None:
    with source(server.port, path="/both.mp3") as first:
        until(lambda: not first.trouble)
        with source(server.port, path="/both.mp3") as second:
            until(lambda: "403" in second.trouble)
            first.close()
            until(lambda: not second.trouble)


@pytest.mark.parametrize("way", ["silent", "reads nothing", "rubbish", "hangs up"])
def test_a_server_that_hangs_is_never_waited_for(way: str) -> None:
    answer = {"reads nothing": b"HTTP/1.0 200 OK\r\n\r\n", "rubbish": b"\0\1\2\n\n"}.get(way, b"")
    taken: list[socket.socket] = []
    longest_s = 0.0
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listening.settimeout(20.0)
        address = icecast_address(f"icecast://127.0.0.1:{listening.getsockname()[1]}/a.flac")
        one = IcecastSource(address, PASSWORD, "Test", 44_100, waits=SOON)
        try:
            while len(taken) < 3:
                end, _ = listening.accept()
                taken.append(end)
                end.sendall(answer)
                if way == "hangs up":
                    end.close()
                if way == "reads nothing":
                    until(lambda: not one.trouble)
                    while not one.trouble:
                        began_s = time.monotonic()
                        one.feed(b"", bytes(65_536), "A title")
                        longest_s = max(longest_s, time.monotonic() - began_s)
                        time.sleep(0.002)
        finally:
            one.close()
            for end in taken:
                end.close()
    assert one.trouble
    assert longest_s < 0.5


def test_a_name_of_several_lines_is_one_and_no_header_of_its_own() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20.0)
        address = icecast_address(f"icecast://127.0.0.1:{listening.getsockname()[1]}/a.mp3")
        one = IcecastSource(address, PASSWORD, "Calm\r\nice-public: 1", 44_100, waits=SOON)
        with listening.accept()[0] as end:
            head = end.recv(4096)
            one.close()
    assert b"\r\nice-name: Calm ice-public: 1\r\n" in head


def test_a_host_that_no_name_can_be_is_told_and_tried_again() -> None:
    one = IcecastSource(icecast_address("icecast://a..b/a.mp3"), PASSWORD, "Test", 44_100, waits=SOON)
    until(lambda: "not connected" not in one.trouble)
    assert one.trouble
    one.close()


def test_an_address_says_what_is_sent_where() -> None:
    assert icecast_address("icecast://radio.example.org/calm.mp3").port == 8000
    assert str(icecast_address("icecast://me@[::1]:9000/a.ogg")) == "[::1]:9000/a.ogg"
    assert [icecast_address(f"icecast://h/a.{one}").form for one in ("mp3", "opus", "ogg", "flac")] == [
        MP3, OPUS, OPUS, FLAC,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "", "calm.mp3", "http://h/a.mp3", "icecast:///a.mp3", "icecast://h/", "icecast://h/a", "icecast://h/a.wav",
        "icecast://h:99999/a.mp3", "icecast://h/a.mp3?x=1", "icecast://h/a b.mp3", "icecast://h/a\r\nX: y.mp3",
        "icecast://h/../a.mp3", "icecast://[::1/a.mp3",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(NotIcecastAddress):
        icecast_address(address)


def test_a_password_stands_in_no_address_and_is_not_repeated() -> None:
    with pytest.raises(NotIcecastAddress) as refused:
        icecast_address("icecast://source:sesame@h/a.mp3")
    assert "sesame" not in str(refused.value)
    assert "icecast://…@h/a.mp3" in str(refused.value)
    assert "sesame" not in repr(RadioPlan(icecast_password="sesame"))
