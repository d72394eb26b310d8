# SPDX-License-Identifier: GPL-3.0-or-later
"""Strangers send what they like: nothing falls, nothing is given away, and the music goes on for who listens."""

from __future__ import annotations

import base64
import contextlib
import random
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest
from websockets.sync.client import connect

from engine.broadcast.mount import BURST_S
from engine.values.radio import RadioPlan
from tests.engine.broadcast.airing import Airing
from tests.engine.broadcast.streams import decoded, level_of

PER_ADDRESS = 40
N_RANDOM = 10_000
"""Random requests."""


@pytest.fixture(scope="module")
def airing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airing]:
    pages = tmp_path_factory.mktemp("site") / "pages"
    pages.mkdir()
    (pages / "index.html").write_text("<!doctype html><title>page</title>", encoding="utf-8")
    (pages.parent / "secret.txt").write_text("secret", encoding="utf-8")
    with Airing(RadioPlan(port=0, per_address=PER_ADDRESS), pages=pages) as one:
        one.fill()
        yield one


class _Listening(threading.Thread):
    """Somebody listens all the while."""

    def __init__(self, url: str) -> None:
        super().__init__(name="listening")
        self._url, self._ending, self.content, self.longest_s = url, threading.Event(), b"", 0.0
        self.has_begun = threading.Event()

    def run(self) -> None:
        # Not from where the attacks come: what they take up is their own address's.
        way = httpx.HTTPTransport(local_address="127.0.0.3")
        with (
            httpx.Client(transport=way, timeout=10.0) as client,
            client.stream("GET", self._url) as one,
        ):
            last_s, parts = time.monotonic(), []
            for part in one.iter_raw():
                parts.append(part)
                self.has_begun.set()
                self.longest_s, last_s = max(self.longest_s, time.monotonic() - last_s), time.monotonic()
                if self._ending.is_set():
                    break
        self.content = b"".join(parts)

    def end(self) -> None:
        self._ending.set()
        self.join()


@pytest.fixture(autouse=True)
def _the_music_goes_on(airing: Airing) -> Iterator[None]:
    listening = _Listening(f"{airing.url}/stream.mp3")
    listening.start()
    assert listening.has_begun.wait(5.0)
    began_s = time.monotonic()
    yield
    airing.soon(lambda: time.monotonic() - began_s > 1.5)
    listening.end()
    passed_s = time.monotonic() - began_s
    sound, rate = decoded(listening.content)
    # All of it came, in time to be played from the burst.
    assert len(sound) / rate == pytest.approx(passed_s + BURST_S, abs=1.0)
    assert listening.longest_s < BURST_S - 1.0
    assert level_of(sound[-rate:, 0], rate, 440.0) == pytest.approx(0.285, rel=0.05)
    assert httpx.get(f"{airing.url}/health", trust_env=False).status_code == 200


def _raw(airing: Airing, content: bytes, *, seconds: float = 2.0) -> bytes:
    """Send bytes, and return what comes within so many seconds, or until the connection is closed."""
    with socket.create_connection(("127.0.0.1", airing.port), timeout=seconds) as one:
        answer = b""
        try:
            one.sendall(content)
            while part := one.recv(1 << 16):
                answer += part
                if len(answer) > 1 << 20:
                    break
        except OSError:
            pass
        return answer


def _request(airing: Airing, path: str, more: str = "", method: str = "GET") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{airing.port}\r\nConnection: close\r\n{more}\r\n"
    return _raw(airing, head.encode("latin-1"))


PATHS = (
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/....//secret.txt",
    "/.%00./secret.txt",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/\\..\\secret.txt",
    "/pages/../../secret.txt",
    "http://127.0.0.1/../secret.txt",
)


def test_no_path_leaves_its_folder(airing: Airing) -> None:
    for path in PATHS:
        answer = _request(airing, path)

        assert b"secret" not in answer.partition(b"\r\n\r\n")[2], path
        assert b"root:" not in answer, path
        assert answer[:12] in (b"HTTP/1.1 404", b"HTTP/1.1 400", b"HTTP/1.1 403"), path


def test_giant_heads_and_bodies_are_refused(airing: Airing) -> None:
    assert _request(airing, "/current", "X-Much: " + "a" * 200_000 + "\r\n")[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 431")
    assert _request(airing, "/" + "a" * 200_000)[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 414")
    many = "".join(f"X-{number}: 1\r\n" for number in range(20_000))
    assert _request(airing, "/current", many)[:12] == b"HTTP/1.1 400"
    body = "Content-Length: 99999999999\r\n"
    assert _request(airing, "/current", body, method="POST")[:12] in (b"HTTP/1.1 405", b"HTTP/1.1 413")


def test_who_says_nothing_is_not_waited_for(airing: Airing) -> None:
    """Slow loris, half-open sockets: they take places of their own address alone, and are closed."""
    before = psutil.Process().num_fds()
    slow = []
    for _ in range(PER_ADDRESS + 20):
        one = socket.create_connection(("127.0.0.1", airing.port))
        one.sendall(b"GET /current HTTP/1.1\r\nX-Slow: ")
        slow.append(one)
    time.sleep(0.5)
    try:
        # Those that are too many are closed at once; from another address one is served all the same.
        closed = 0
        for one in slow:
            one.setblocking(False)
            try:
                closed += one.recv(10) == b""
            except BlockingIOError:
                continue
            except OSError:
                closed += 1
        assert closed >= 20
        other = httpx.HTTPTransport(local_address="127.0.0.2")
        with httpx.Client(transport=other, timeout=5.0) as client:
            assert client.get(f"{airing.url}/current").status_code == 200
    finally:
        for one in slow:
            one.close()
    airing.soon(lambda: psutil.Process().num_fds() <= before + 4)


def test_a_flood_is_bounded(airing: Airing) -> None:
    """Hundreds of connections at once, each asking for a stream that it does not read."""
    with contextlib.ExitStack() as greedy:
        for _ in range(300):
            one = greedy.enter_context(socket.create_connection(("127.0.0.1", airing.port)))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.sendall(f"GET /stream.flac HTTP/1.1\r\nHost: 127.0.0.1:{airing.port}\r\n\r\n".encode())
        # Beside them listens one from another address.
        airing.soon(lambda: airing.transmitter.n_listeners > 2)

        assert airing.transmitter.n_listeners <= PER_ADDRESS + 1
    airing.soon(lambda: airing.transmitter.n_listeners <= 1)


FRAMES = (
    b"\x81\xfe\xff\xff" + b"\0" * 40,
    b"\x81\xff" + b"\xff" * 8 + b"\0" * 4,
    b"\x83\x80\0\0\0\0",
    b"\xc1\x80\0\0\0\0",
    b"\x01\x85\0\0\0\0hello" * 50,
    b"\x89\xfe\x01\x00" + b"\0" * 260,
    b"\x82\x84\0\0\0\0\xff\xfe\xfd\xfc",
    b"\x81\x84\0\0\0\0\xff\xfe\xfd\xfc",
    b"\xff" * 4096,
)


def _upgrade(airing: Airing) -> bytes:
    """Return the head of a request for a WebSocket."""
    key = base64.b64encode(bytes(range(16))).decode()
    head = (
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{airing.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    return head.encode()


def test_malformed_frames_close_a_socket_and_nothing_else(airing: Airing) -> None:
    for frames in FRAMES:
        assert _raw(airing, _upgrade(airing) + frames, seconds=0.5).startswith(b"HTTP/1.1 101"), frames[:10]


def test_a_socket_that_is_closed_gives_its_place_back(airing: Airing) -> None:
    for _ in range(PER_ADDRESS + 5):
        with connect(f"ws://127.0.0.1:{airing.port}/ws", proxy=None) as one:
            assert str(one.recv(5.0)).isdecimal()


METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "GE\tT", "\x00"]
RANDOM_PATHS = [
    "/",
    "/current",
    "/current.mp3",
    "/stream.mp3",
    "/stream.opus",
    "/history",
    "/events",
    "/ws",
    "/metrics",
    "/health",
    "/openapi.json",
    "/control/skip",
    "/vote",
    "/requests",
    "/%00",
    "/?token=",
    "*",
    "/ä",
    "//",
]
NAMES = [
    "Host",
    "Range",
    "Icy-MetaData",
    "Content-Length",
    "Transfer-Encoding",
    "Upgrade",
    "Connection",
    "Cookie",
    "Authorization",
    "Origin",
    "Accept",
    "If-Modified-Since",
    "Expect",
    "X",
]
VALUES = [
    "1",
    "-1",
    "bytes=0-",
    "bytes=9-1",
    "chunked",
    "websocket",
    "close",
    "infiniloop=x",
    "Bearer\tx",
    "ÿþ",
    "http://x",
    "100-continue",
]


def _random_request(chance: random.Random, host: str) -> bytes:
    lines = [f"{chance.choice(METHODS)} {chance.choice(RANDOM_PATHS)} {chance.choice(('HTTP/1.1', 'HTTP/1.0', 'X'))}"]
    if chance.random() < 0.8:
        lines.append(f"Host: {host}")
    lines += [f"{chance.choice(NAMES)}: {chance.choice(VALUES)}" for _ in range(chance.randrange(6))]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + chance.randbytes(chance.randrange(40))


def test_random_requests_end_nothing(airing: Airing) -> None:
    chance, statuses = random.Random(16), set()
    for _ in range(N_RANDOM):
        content = _random_request(chance, f"127.0.0.1:{airing.port}")
        with socket.create_connection(("127.0.0.1", airing.port), timeout=5.0) as one:
            one.sendall(content)
            one.settimeout(0.05)
            try:
                statuses.add(one.recv(64)[:12])
            except OSError:
                statuses.add(b"")

    assert b"HTTP/1.1 500" not in statuses
    assert len(statuses) > 3
    airing.soon(lambda: airing.transmitter.n_listeners <= 1)


def test_a_page_says_what_it_may_do(airing: Airing) -> None:
    answer = httpx.get(airing.url, trust_env=False)

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers


def _send_for_ever(one: socket.socket, content: bytes) -> None:
    """Send more than the system holds, again and again, and read nothing."""
    for _ in range(10_000):
        one.sendall(100 * content)


def test_a_socket_that_takes_no_answer_is_dropped(airing: Airing) -> None:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", airing.port))
        one.sendall(_upgrade(airing))
        # A ping has a pong, and nobody waits until it is read.
        with pytest.raises(OSError, match=r"pipe|reset"):
            _send_for_ever(one, b"\x89\xbc" + b"\0" * 4 + b"a" * 60)


def test_a_message_in_endless_empty_pieces_is_not_collected(airing: Airing) -> None:
    with socket.create_connection(("127.0.0.1", airing.port)) as one:
        one.sendall(_upgrade(airing) + b"\x01\x80" + b"\0" * 4)
        with pytest.raises(OSError, match=r"pipe|reset"):
            _send_for_ever(one, b"\0\x80\0\0\0\0")


def test_who_comes_and_goes_all_the_time_busies_nobody_else(airing: Airing) -> None:
    url = f"ws://127.0.0.1:{airing.port}/ws"
    with connect(url, proxy=None) as other, connect(url, proxy=None) as one:
        n_told = 0
        for _ in range(500):
            one.send("listening")
            one.send("paused")
        one.send("listening")
        with contextlib.suppress(TimeoutError):
            while other.recv(1.0):
                n_told += 1
    assert 2 <= n_told < 100
