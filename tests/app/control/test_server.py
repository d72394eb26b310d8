# SPDX-License-Identifier: GPL-3.0-or-later
"""The control server answers every program that asks, waits for none that is slow, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.control import place, server
from app.control.client import Client, connected, running
from app.control.server import ControlServer
from app.control.wire import MOST_CONNECTIONS, MOST_LINE_BYTES, VERSION, Answer, Request
from engine.errors import (
    CannotWrite,
    StudioBusy,
)
from tests.app.control.conftest import LIMIT_S, Raw, Reply, Studio


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
            assert "The line was not understood" in told["error"]["message"]
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
        assert f"longer than {MOST_LINE_BYTES} bytes" in told["error"]["message"]
        told = one.hear()
        assert told is not None
        assert told["id"] == 1
    with connected() as client:
        words = ["/" + "a" * 1000] * 900
        assert client.ask("add", words, limit_s=LIMIT_S)["text"] == " ".join(words)
        assert client.ask("add", words * 2, limit_s=LIMIT_S)["ok"] is False


def test_many_at_once_are_answered_each_and_more_than_that_are_told_so(
    listening: ControlServer,
) -> None:
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connected()) for _ in range(MOST_CONNECTIONS)]
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


@pytest.mark.parametrize("name", ["", "relative/run", "/nowhere/at/all", "long"])
def test_without_a_runtime_folder_that_can_be_it_is_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    if name == "long":
        folder = tmp_path / ("r" * 100)
        folder.mkdir()
        name = str(folder)
    monkeypatch.setenv("XDG_RUNTIME_DIR", name)
    usual = Path(f"/run/user/{os.getuid()}")
    if usual.is_dir() and not name.startswith("/"):
        assert place.folder() == usual / "infiniloop"
    else:
        assert place.folder().name == f"infiniloop-{os.getuid()}"
    assert len(os.fsencode(place.socket_of(2**22))) <= place.MOST_PATH_BYTES
