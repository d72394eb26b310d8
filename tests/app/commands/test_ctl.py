# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ctl prints what a studio answers, ends with the code that a script expects, and names whole paths."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import main
from app.commands.ctl import TOLD, event_words
from app.control.server import ControlServer
from app.control.verbs import VERBS
from app.control.wire import Answer, Request
from engine.errors import NothingPlays, StudioError


@pytest.fixture
def asked(runtime: Path) -> Iterator[list[Request]]:
    """Yield what a studio was told; it answers at once, and ends when it is told to quit."""
    requests: list[Request] = []

    def ask(request: Request, reply: Callable[[Answer | StudioError], None]) -> None:
        requests.append(request)
        if request.verb == "hold":
            reply(NothingPlays())
            return
        if request.verb == "start":
            reply(Answer("playing “\x1b]0;owned\x07\x9b31mrain\u202e”, naïve 👩\u200d🚀\nnow"))
            return
        server.tell({"event": "led", "at": "2026-01-01T00:00:00.000+00:00", "title": "Rain"})
        server.tell({"event": "said", "at": "2026-01-01T00:00:00.000+00:00", "text": "Rain plays", "level": "info"})
        reply(Answer(f"{request.verb}: done", {"n": len(requests)}))

    server = ControlServer({"kind": "terminal", "version": "1.0"}, ask)
    yield requests
    server.close()


def ctl(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return the exit code, and what was printed where."""
    try:
        code = main.main(["ctl", *arguments])
    except SystemExit as ended:
        code = int(ended.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_it_prints_the_answer_in_words_or_as_json(asked: list[Request], capsys: pytest.CaptureFixture[str]) -> None:
    assert ctl(capsys, "NEXT") == (0, "next: done\n", "")
    code, out, err = ctl(capsys, "status", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"id": 1, "ok": True, "text": "status: done", "data": {"n": 2}}
    assert ctl(capsys, "set", "volume", "-6")[0] == 0
    assert ctl(capsys, "set", "volume", "--", "-6,5 dB")[0] == 0
    assert [one.words for one in asked] == [(), (), ("volume", "-6"), ("volume", "-6,5 dB")]


def test_what_is_refused_is_one_sentence_and_exit_code_1(
    asked: list[Request], capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "infiniloop: Nothing plays that could be meant: start the music first.\n"
    assert ctl(capsys, "hold", "on") == (1, "", sentence)
    code, out, err = ctl(capsys, "hold", "--json")
    assert (code, err, json.loads(out)["error"]["kind"]) == (1, sentence, "NothingPlays")


def test_what_is_told_steers_no_terminal(asked: list[Request], capsys: pytest.CaptureFixture[str]) -> None:
    assert ctl(capsys, "start", "x") == (0, "playing “ ]0;owned  31mrain ”, naïve 👩\u200d🚀\nnow\n", "")
    assert main.main(["analyze", "no\x1b[2J.wav"]) == 1
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("line", [(), ("--json",), ("fly",), ("help",), ("next", "--pid", "x"), ("next", "--loud")])
def test_wrong_usage_is_exit_code_2(
    asked: list[Request], capsys: pytest.CaptureFixture[str], line: tuple[str, ...]
) -> None:
    code, out, err = ctl(capsys, *line)
    assert (code, out) == (2, "")
    assert "usage" in err
    assert asked == []


def test_without_a_studio_it_says_how_one_is_opened(runtime: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in (("next",), ("--follow",), ("status", "--json"), ("stop", "--pid", "1")):
        code, out, err = ctl(capsys, *line)
        assert code == 1
        assert ("NoStudioRuns" in out, bool(out)) == ("--json" in line, "--json" in line)
        assert err.startswith("infiniloop: No studio runs: “")
        assert err.count("\n") == 1
    code, out, err = ctl(capsys, "list")
    assert (code, out) == (1, "")
    assert err.startswith("infiniloop: No studio runs: ")
    code, out, err = ctl(capsys, "list", "--json")
    assert (code, json.loads(out)) == (1, {"studios": []})
    assert err.startswith("infiniloop: No studio runs: ")


def test_the_studios_that_run_are_listed_and_one_is_meant(
    asked: list[Request], capsys: pytest.CaptureFixture[str]
) -> None:
    pid = os.getpid()
    assert ctl(capsys, "list") == (0, f"{pid}  terminal\n", "")
    told = json.loads(ctl(capsys, "list", "--json")[1])
    assert told == {"studios": [{"pid": pid, "kind": "terminal", "version": "1.0"}]}
    assert ctl(capsys, "next", "--pid", str(pid))[0] == 0
    code, _, err = ctl(capsys, "next", "--pid", "1")
    assert (code, err) == (1, f"infiniloop: No studio runs as process 1: these do: {pid}.\n")


def test_files_are_named_from_the_root_on(
    asked: list[Request], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for line in (
        ("save", "my", "loop.wav"),
        ("save", "../x.wav"),
        ("save", "~/x.wav"),
        ("save", "/x.wav"),
        ("save",),
        ("record", "off"),
        ("record", "./off"),
        ("keep", "a.flac"),
        ("add", "a b.wav", "music"),
        ("start", "a.wav"),
    ):
        assert ctl(capsys, *line)[0] == 0
    home = os.environ["HOME"]
    assert [one.words for one in asked] == [
        (f"{tmp_path}/my loop.wav",),
        (f"{tmp_path.parent}/x.wav",),
        (f"{home}/x.wav",),
        ("/x.wav",),
        (),
        ("off",),
        (f"{tmp_path}/off",),
        (f"{tmp_path}/a.flac",),
        (f"{tmp_path}/a b.wav", f"{tmp_path}/music"),
        ("a.wav",),
    ]


@pytest.mark.parametrize("as_json", [False, True])
def test_what_follows_is_printed_line_by_line_until_the_studio_ends(
    runtime: Path, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    def ask(_request: Request, reply: Callable[[Answer | StudioError], None]) -> None:
        server.tell({"event": "led", "title": "Rain"})
        server.tell({"event": "said", "text": "Rain plays", "level": "info"})
        reply(Answer("leaving"))
        server.tell({"event": "failed", "error": {"kind": "X", "message": "No."}})
        server.tell({"event": "paused", "on": True})
        server.tell({"event": "stopped"})
        is_over.set()

    def end() -> None:
        is_over.wait(30.0)
        server.close()

    is_over = threading.Event()
    server = ControlServer({}, ask)
    ended = threading.Thread(target=end, name="ends")
    ended.start()
    code, out, err = ctl(capsys, "quit", "--follow", *(["--json"] if as_json else []))
    ended.join()
    assert (code, err) == (0, "")
    lines = out.splitlines()
    if as_json:
        told = [json.loads(line).get("event", "answer") for line in lines]
        assert told == ["answer", "led", "said", "failed", "paused", "stopped"]
    else:
        assert lines == ["leaving", "plays “Rain”", "failed: No.", "paused: on True", "the music stops"]


def test_every_verb_is_explained() -> None:
    parser = main.build_parser("infiniloop")
    text = parser._subparsers._group_actions[0].choices["ctl"].format_help()  # type: ignore[union-attr, index]
    assert [name for name in TOLD if VERBS[name].help not in text] == []
    assert "debug" not in TOLD
    assert event_words({"event": "device", "at": "x", "device": ""}) == "device: device "
