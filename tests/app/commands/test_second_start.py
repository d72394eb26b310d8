# SPDX-License-Identifier: GPL-3.0-or-later
"""A second start with words or sounds hands them to the studio that runs; --new, and one that is silent, open another.

There is no display: that another window is opened is told by the sentence that it cannot be.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import main
from app.control import place
from app.control.server import ControlServer
from app.control.wire import Answer, Request
from engine.errors import StudioError, UnknownFormat

OPENS = "infiniloop: There is no display"


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def told(runtime: Path, request: pytest.FixtureRequest) -> Iterator[list[Request]]:
    """Yield what a studio that runs, of the kind of the parameter, is told."""
    requests: list[Request] = []

    def ask(one: Request, reply: Callable[[Answer | StudioError], None]) -> None:
        requests.append(one)
        refuses = one.verb == "add" and one.words[-1].endswith(".txt")
        reply(UnknownFormat(path="a.txt", choices=".wav") if refuses else Answer("done"))

    server = ControlServer({"kind": getattr(request, "param", "studio"), "version": "1.0"}, ask)
    yield requests
    server.close()


def start(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main.main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def does(request: Request) -> tuple[str, ...]:
    return (request.verb, *request.words)


@pytest.mark.parametrize("told", ["studio", "terminal"], indirect=True)
def test_words_and_sounds_go_to_the_studio_that_runs(
    told: list[Request],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b.wav").touch()
    where = " in a terminal" if request.node.callspec.params["told"] == "terminal" else ""
    line = f"the studio{where} that runs already (process {os.getpid()}) plays it; --new opens another one\n"
    for arguments, verbs in (
        (("--prompt", "warm house"), [("start", "warm house")]),
        (("--prompt= rain ",), [("start", "rain")]),
        (("studio", "--prompt", "rain"), [("start", "rain")]),
        (("a b.wav", "."), [("add", f"{tmp_path}/a b.wav", str(tmp_path))]),
        (("studio", "a b.wav", "--prompt", "rain"), [("start", "rain"), ("add", f"{tmp_path}/a b.wav")]),
    ):
        assert start(capsys, *arguments) == (0, line, "")
        assert [does(one) for one in told] == [*verbs, ("show",)]
        told.clear()


def test_what_it_refuses_is_told_and_no_other_is_opened(
    told: list[Request], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").touch()
    code, out, err = start(capsys, str(tmp_path / "a.txt"))
    assert (code, out) == (1, "")
    assert err.startswith(f"infiniloop: The studio that runs already (process {os.getpid()}) refused: “a.txt”")


@pytest.mark.parametrize("arguments", [(), ("studio",), ("--new",), ("--new", "--prompt", "rain"), ("studio", "--new")])
def test_another_one_is_opened_where_that_is_wanted(
    told: list[Request], capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    code, out, err = start(capsys, *arguments)
    assert (code, out) == (1, "")
    assert err.startswith(OPENS)
    assert told == []


def test_without_one_that_runs_one_is_opened(runtime: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = start(capsys, "--prompt", "rain")
    assert (code, out) == (1, "")
    assert err.startswith(OPENS)


@pytest.mark.parametrize(("prompt", "said"), [("  ", "The prompt is empty"), ("la " * 5000, "prompt is “la la")])
def test_words_that_cannot_be_a_prompt_are_told(
    told: list[Request], capsys: pytest.CaptureFixture[str], prompt: str, said: str
) -> None:
    code, out, err = start(capsys, "--prompt", prompt)
    assert (code, out, told) == (2, "", [])
    assert said in err


def test_one_that_does_not_answer_is_told_of_and_another_is_opened(
    runtime: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.control.client.GREETING_S", 0.2)
    place.made_folder()
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(place.socket_of(7)))
        mute.listen(4)
        code, out, err = start(capsys, "--prompt", "rain")
    assert (code, out) == (1, "")
    silent, opens = err.splitlines()
    assert silent == "infiniloop: The studio (process 7) does not answer within 0.2 s. Another one is opened."
    assert opens.startswith(OPENS)
