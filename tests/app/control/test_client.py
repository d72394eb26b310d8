# SPDX-License-Identifier: GPL-3.0-or-later
"""The control client finds the studios that run, hears what they say, and says what is wrong with one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.control import place
from app.control.client import Client, connected, running
from app.control.server import ControlServer
from engine.errors import (
    NoStudioRuns,
    NoStudioThere,
    StudioLeft,
    StudioSilent,
    StudioSpeaksOther,
)
from tests.app.control.conftest import LIMIT_S, Studio

ROOT = Path(__file__).parents[3]


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


def test_an_answer_that_never_comes_is_told_by_the_asker_and_the_others_are_answered(
    listening: ControlServer, studio: Studio
) -> None:
    with connected() as patient, connected() as client:
        with pytest.raises(StudioSilent, match=r"does not answer within 0\.2 s"):
            patient.ask("never", (), limit_s=0.2)
        assert client.ask("say", ("hello",), limit_s=LIMIT_S)["text"] == "hello"


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
