# SPDX-License-Identifier: GPL-3.0-or-later
"""The control server answers every program that asks, waits for none that is slow, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.control import place, server
from app.control.client import Client, connected, running
from app.control.server import ControlServer
from app.control.wire import MOST_CONNECTIONS, MOST_LINE_BYTES, VERSION, Answer, Request
from engine.errors import (
    CannotWrite,
    NoStudioRuns,
    NoStudioThere,
    NothingPlays,
    StudioBusy,
    StudioError,
    StudioLeft,
    StudioSilent,
    StudioSpeaksOther,
)

ROOT = Path(__file__).parents[3]
LIMIT_S = 30.0

Reply = Callable[[Answer | StudioError], None]


class Studio:
    """This stands in for the studio behind the server: another thread answers, later or never.

    ``never`` is not answered until ``free`` is set, ``no`` is refused, and everything else is echoed.
    """

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.free = threading.Event()
        self.pool = ThreadPoolExecutor(4, "programs")

    def ask(self, request: Request, reply: Reply) -> None:
        self.asked.append(request)
        self.pool.submit(self._answer, request, reply)

    def _answer(self, request: Request, reply: Reply) -> None:
        if request.verb == "never":
            self.free.wait(LIMIT_S)
        reply(NothingPlays() if request.verb == "no" else Answer(" ".join(request.words), {"verb": request.verb}))


@pytest.fixture
def studio() -> Iterator[Studio]:
    one = Studio()
    yield one
    one.free.set()
    one.pool.shutdown()


@pytest.fixture
def listening(runtime: Path, studio: Studio) -> Iterator[ControlServer]:
    one = ControlServer({"kind": "studio", "version": "1.0"}, studio.ask)
    yield one
    one.close()
    assert not one.path.exists()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("control")] == []


class Raw:
    """This is a program that speaks bytes to the socket."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(LIMIT_S)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rb")

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def say(self, line: bytes) -> None:
        self.socket.sendall(line)

    def hear(self) -> dict[str, Any] | None:
        line = self.file.readline()
        return json.loads(line) if line else None

    def hear_all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file]


def test_it_greets_and_answers_in_the_folder_of_its_user_alone(
    listening: ControlServer, studio: Studio, runtime: Path
) -> None:
    assert listening.path == runtime / "infiniloop" / f"{os.getpid()}.sock"
    assert stat.S_IMODE(listening.path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(listening.path.stat().st_mode) == 0o600
    assert [one.name for one in listening.path.parent.iterdir()] == [listening.path.name]
    assert running() == [os.getpid()]
    with connected() as client:
        greeting = {"protocol": VERSION, "pid": os.getpid(), "kind": "studio", "version": "1.0"}
        assert client.greeting == greeting
        told = client.ask("say", ("caffè", "🎵"), limit_s=LIMIT_S)
        assert (told["ok"], told["text"], told["data"]) == (True, "caffè 🎵", {"verb": "say"})
        told = client.ask("no", (), limit_s=LIMIT_S)
        assert (told["ok"], told["error"]["kind"]) == (False, "NothingPlays")
    assert studio.asked[0].words == ("caffè", "🎵")


def test_a_program_that_said_all_and_shut_its_half_still_gets_its_answers(listening: ControlServer) -> None:
    with Raw(listening.path) as one:
        one.say(b'{"do":"one","id":1}\n{"do":"two","id":2}')
        one.socket.shutdown(socket.SHUT_WR)
        told = one.hear_all()
    assert sorted(each["id"] for each in told[1:]) == [1, 2]
    with Raw(listening.path) as one:
        one.socket.shutdown(socket.SHUT_WR)
        assert [each["protocol"] for each in one.hear_all()] == [VERSION]


def test_what_is_no_request_is_refused_and_what_follows_is_answered(listening: ControlServer) -> None:
    bad = [b"next", b"\xff\xfe", b"\0", b'{"do":"save","with":["a\\u0000"]}', b"[" * 50_000, b"GET / HTTP/1.1\r"]
    with Raw(listening.path) as one:
        assert one.hear() is not None
        for line in bad:
            one.say(line + b"\n")
            told = one.hear()
            assert told is not None
            assert told["ok"] is False
            assert "the line was not understood" in told["error"]["text"]
        one.say(b"\n  \r\n" + b'{"do":"next","id":"x"}\n')
        told = one.hear()
        assert told is not None
        assert (told["ok"], told["id"]) == (True, "x")


def test_a_line_that_is_too_long_is_refused_once(listening: ControlServer) -> None:
    with Raw(listening.path) as one:
        assert one.hear() is not None
        one.say(b"x" * (3 * MOST_LINE_BYTES) + b"\n" + b'{"do":"next","id":1}\n')
        told = one.hear()
        assert told is not None
        assert f"longer than {MOST_LINE_BYTES} bytes" in told["error"]["text"]
        told = one.hear()
        assert told is not None
        assert told["id"] == 1
    with connected() as client:
        words = ["/" + "a" * 1000] * 900
        assert client.ask("add", words, limit_s=LIMIT_S)["text"] == " ".join(words)
        assert client.ask("add", words * 2, limit_s=LIMIT_S)["ok"] is False


def test_many_at_once_are_answered_each_and_more_than_that_are_told_so(
    listening: ControlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connected()) for _ in range(MOST_CONNECTIONS - 1)]
        clients.append(stack.enter_context(Client(os.getpid())))
        for _ in range(8):
            with pytest.raises(StudioBusy, match=f"answers {MOST_CONNECTIONS} programs already"):
                Client(os.getpid())
        with ThreadPoolExecutor(8, "programs") as pool:
            told = list(pool.map(lambda one: one[1].ask("say", (str(one[0]),), limit_s=LIMIT_S), enumerate(clients)))
        assert [one["text"] for one in told] == [str(at) for at in range(MOST_CONNECTIONS)]
    # Those that left have made room.
    _until_answered()


def _until_answered() -> None:
    for _ in range(500):
        try:
            with connected() as client:
                assert client.ask("say", ("hello",), limit_s=LIMIT_S)["text"] == "hello"
                return
        except StudioBusy:
            threading.Event().wait(0.01)
    pytest.fail("there is no room")


def test_followers_that_are_gone_make_room_though_nothing_happens(listening: ControlServer) -> None:
    for _ in range(2 * MOST_CONNECTIONS):
        with contextlib.suppress(StudioBusy), connected() as client:
            client.ask("follow", (), limit_s=LIMIT_S)
    _until_answered()


def test_a_follower_hears_what_happens_even_before_an_answer(listening: ControlServer, studio: Studio) -> None:
    with connected() as client:
        assert client.ask("follow", (), limit_s=LIMIT_S)["text"] == "following"
        listening.tell({"event": "led", "title": "One"})
        assert client.ask("next", (), limit_s=LIMIT_S)["ok"]
        listening.tell({"event": "led", "title": "Two"})
        events = client.events()
        assert [next(events)["title"] for _ in range(2)] == ["One", "Two"]
        listening.close()
        assert list(events) == []
    with pytest.raises(NoStudioRuns):
        connected()


def test_a_half_closed_follower_hears_on(listening: ControlServer) -> None:
    with Raw(listening.path) as one:
        one.say(b'{"do":"follow"}\n')
        one.socket.shutdown(socket.SHUT_WR)
        assert [one.hear() is not None for _ in range(2)] == [True, True]
        for at in range(3):
            listening.tell({"event": "made", "n": at})
        assert [(one.hear() or {})["n"] for _ in range(3)] == [0, 1, 2]


def test_a_follower_that_reads_nothing_is_left_and_keeps_none_waiting(listening: ControlServer) -> None:
    with Raw(listening.path) as deaf, connected() as client:
        deaf.say(b'{"do":"follow"}\n')
        assert [deaf.hear() is not None for _ in range(2)] == [True, True]
        client.ask("follow", (), limit_s=LIMIT_S)
        events = client.events()
        for at in range(2000):
            listening.tell({"event": "made", "n": at, "text": "x" * 1000})
            assert next(events)["n"] == at
        assert len(deaf.hear_all()) < 2000


def test_requests_without_a_reader_wait_and_keep_none_waiting(
    listening: ControlServer, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = b'{"do":"say","with":["' + b"x" * 50_000 + b'"]}\n'
    with Raw(listening.path) as greedy, connected() as client:
        greedy.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            greedy.say(long * 2000)
        assert len(studio.asked) < 200, "what it did not read is not asked for again and again"
        assert client.ask("say", ("hello",), limit_s=LIMIT_S)["text"] == "hello"


def test_a_program_that_reads_nothing_is_left_after_a_while(
    listening: ControlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "UNREAD_S", 1)
    with Raw(listening.path) as greedy:
        long = b'{"do":"say","with":["' + b"x" * 50_000 + b'"]}\n'
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            greedy.say(long * 2000)


def test_an_answer_that_never_comes_is_told_by_the_asker_and_the_others_are_answered(
    listening: ControlServer, studio: Studio
) -> None:
    with connected() as patient, connected() as client:
        with pytest.raises(StudioSilent, match=r"does not answer within 0\.2 s"):
            patient.ask("never", (), limit_s=0.2)
        assert client.ask("say", ("hello",), limit_s=LIMIT_S)["text"] == "hello"


def test_it_closes_while_programs_hang_on_it(listening: ControlServer, studio: Studio) -> None:
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(Raw(listening.path)) for _ in range(5)]
        waiting = [stack.enter_context(Raw(listening.path)) for _ in range(3)]
        for one in waiting:
            one.say(b'{"do":"never"}\n' * 20)
        deaf = stack.enter_context(Raw(listening.path))
        deaf.say(b'{"do":"follow"}\n')
        assert [deaf.hear() is not None for _ in range(2)] == [True, True]
        for _ in range(500):
            listening.tell({"event": "made", "text": "x" * 2000})
        listening.close()
        listening.close()
        for one in (*silent, *waiting):
            assert len(one.hear_all()) == 1, "the greeting alone"
        listening.tell({"event": "led"})
    # Too late, and to no one.
    studio.free.set()


def test_an_answer_that_was_given_is_written_though_it_closes(runtime: Path) -> None:
    replies: list[Reply] = []
    asked = threading.Event()

    def ask(_request: Request, reply: Reply) -> None:
        replies.append(reply)
        asked.set()

    one = ControlServer({}, ask)
    with Raw(one.path) as raw:
        raw.say(b'{"do":"quit"}\n')
        assert asked.wait(LIMIT_S)
        replies[0](Answer("leaving"))
        one.close()
        assert [each.get("text") for each in raw.hear_all()] == [None, "leaving"]


def test_an_answer_that_is_no_json_is_a_failure(runtime: Path, caplog: pytest.LogCaptureFixture) -> None:
    one = ControlServer({}, lambda _request, reply: reply(Answer("so", {"score": float("nan")})))
    try:
        with connected() as client:
            told = client.ask("status", (), limit_s=LIMIT_S)
        assert told["ok"] is False
    finally:
        one.close()


@pytest.fixture
def expected_logs(request: pytest.FixtureRequest) -> list[str]:
    return ["is no JSON"] if "no_json" in request.node.name else []


def test_a_folder_that_is_not_the_users_alone_is_refused(runtime: Path, studio: Studio) -> None:
    folder = runtime / "infiniloop"
    for mode in (0o750, 0o707, 0o701):
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
        with pytest.raises(CannotWrite, match="others than you"):
            ControlServer({}, studio.ask)
    folder.rmdir()
    (runtime / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(runtime / "elsewhere")
    with pytest.raises(CannotWrite, match="others than you"):
        ControlServer({}, studio.ask)
    folder.unlink()
    folder.touch(0o600)
    with pytest.raises(CannotWrite):
        ControlServer({}, studio.ask)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(runtime: Path, studio: Studio) -> None:
    folder = runtime / "infiniloop"
    folder.mkdir(mode=0o700)
    os.chown(folder, 12345, 12345)
    with pytest.raises(CannotWrite, match="others than you"):
        ControlServer({}, studio.ask)


@pytest.mark.parametrize("name", ["", "relative/run", "/" + "r" * 100])
def test_without_a_runtime_folder_that_can_be_it_is_beside_temporary_files(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", name)
    assert place.folder().name == f"infiniloop-{os.getuid()}"
    assert len(os.fsencode(place.socket_of(2**22))) <= place.MOST_PATH_BYTES


HELD = """
import sys, time
from app.control.server import ControlServer
ControlServer({"kind": "studio"}, lambda request, reply: print(request.verb, flush=True))
print("listens", flush=True)
time.sleep(100)
"""


def test_the_socket_of_a_killed_studio_is_removed_and_who_waits_for_it_is_told(
    listening: ControlServer, studio: Studio
) -> None:
    with subprocess.Popen([sys.executable, "-c", HELD], cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "listens\n"
        left = place.socket_of(other.pid)
        assert running() == [other.pid, os.getpid()], "the one that was started last is first"
        with pytest.raises(NoStudioThere, match=f"No studio runs as process 1: these do: {other.pid}, {os.getpid()}"):
            connected(1)
        with connected() as client, ThreadPoolExecutor(1, "programs") as pool:
            assert client.pid == other.pid
            answer = pool.submit(client.ask, "status", (), limit_s=LIMIT_S)
            assert other.stdout.readline() == "status\n"
            other.send_signal(signal.SIGKILL)
            with pytest.raises(StudioLeft, match="ended"):
                answer.result(LIMIT_S)
        other.wait(LIMIT_S)
        assert left.exists()
        with connected() as client:
            assert client.pid == os.getpid()
        assert not left.exists()
        with pytest.raises(NoStudioThere):
            connected(other.pid)


def test_a_stopped_studio_is_told_of_as_silent(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.control.client.GREETING_S", 0.3)
    place.made_folder()
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(place.socket_of(7)))
        mute.listen(0)
        with pytest.raises(StudioSilent, match="process 7"):
            connected()


def test_another_version_is_refused_in_words(runtime: Path) -> None:
    place.made_folder()

    def speak(line: bytes) -> None:
        connection, _ = other.accept()
        connection.sendall(line)
        connection.close()

    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(place.socket_of(7)))
        other.listen(4)
        for line in (b'{"protocol":2}\n', b"SSH-2.0\n", b"[]\n"):
            with ThreadPoolExecutor(1, "programs") as pool:
                pool.submit(speak, line)
                with pytest.raises(StudioSpeaksOther, match="process 7"):
                    Client(7)
        with ThreadPoolExecutor(1, "programs") as pool:
            pool.submit(speak, b"")
            with pytest.raises(StudioLeft):
                Client(7)
