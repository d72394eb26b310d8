# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``serve`` refuses what it cannot offer in one sentence, and ends cleanly when it is asked to."""

from __future__ import annotations

import importlib.util
import json
import signal
import socket
import stat
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from app.main import main
from engine.generators.base import finished
from engine.generators.service import make_clip
from engine.generators.wire.tokens import make_token, token_in
from tests.engine.serving.running import asked, serving, settings_of, until
from tests.sampling import some


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["serve", *arguments]) in (1, 2)
    told = capsys.readouterr()
    assert told.out == ""
    line = told.err.splitlines()[-1]
    assert line.startswith("infiniloop: ")
    return line.removeprefix("infiniloop: ")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_other_machines_are_not_served_without_a_token(capsys: pytest.CaptureFixture[str], host: str) -> None:
    told = refusal(capsys, "--host", host, "--port", "0")
    assert told.startswith(f"Other machines could reach {host}: name a file with --token-file")


def test_where_it_cannot_listen_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = refusal(capsys, "--port", port)
    assert told.startswith(f"Nothing can be offered at 127.0.0.1, port {port}: another program listens there; --port ")
    assert refusal(capsys, "--port", "65536").startswith("--port is 65536, and must be from 0 to 65535")
    assert "no-such-machine.invalid" in refusal(capsys, "--host", "no-such-machine.invalid")


def test_without_the_extra_it_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fastapi", None)
    assert "“infiniloop models setup serve” puts it in" in refusal(capsys, "--port", "0")


def test_without_ray_it_says_how_to_get_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ray" else find_spec(name))
    told = refusal(capsys, "--port", "0", "--on-ray")
    assert told.startswith("What places a generator on a Ray cluster is not installed: “infiniloop models setup ray”")
    # Without it nothing of the kind is needed.
    told = refusal(capsys, "--port", "0", "--replicas", "2")
    assert told == "--replicas says how --on-ray is done: give both, or neither."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--replicas", "many"), "--replicas is “many”, and must be a number, or two as 1-4"),
        (("--replicas", "4-1"), "--replicas is 4-1, and must be from 1 to 64"),
        (("--replicas", "0"), "--replicas is 0, and must be from 1 to 64"),
        (("--gpus-per-replica", "-1"), "--gpus-per-replica is -1, and must be from 0 to 16"),
    ],
)
def test_replicas_that_cannot_be(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, str], words: str
) -> None:
    # Refused before anything is started, so it need not be here.
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: ModuleSpec("ray", None))
    assert refusal(capsys, "--port", "0", "--on-ray", *arguments).startswith(words)


def test_generators_that_cannot_be_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(capsys, "--generator", "suno").startswith("There is no generator called “suno”")
    # It would have to ask another machine, and none is set here.
    assert refusal(capsys, "--generator", "remote").startswith("Another machine was not found")


@pytest.mark.parametrize("text", ["", "short", "two words that are long enough", "a-tökén-of-more-letters", "x" * 5000])
def test_tokens_that_are_none(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str) -> None:
    (tmp_path / "token").write_text(text, encoding="utf-8")
    assert refusal(capsys, "--token-file", str(tmp_path / "token")).startswith(f"The token in “{tmp_path}/token”")


def test_a_new_token_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "token"
    assert make_token(str(path))
    first = token_in(str(path))
    assert len(first) > 40
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not make_token(str(path))
    assert token_in(str(path)) == first


@pytest.mark.parametrize("number", some([signal.SIGINT, signal.SIGTERM, signal.SIGHUP], every=3))
def test_it_ends_cleanly_in_the_middle_of_a_clip(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path, "--generator", "slow", "--json") as server:
        server.wait_for('"address"')
        (told,) = (json.loads(line) for line in server.said.splitlines() if line.startswith("{"))
        assert told == {"address": server.url, "generator": "slow", "needs_token": False}
        steps = make_clip(asked("parts=600 pause=0.1"), settings_of(server))
        while next(steps).stage != "generating":
            pass
        children = server.children()
        assert children
        assert server.end(number) == 128 + number
        until(lambda: not any(one.is_running() for one in children))
        assert server.said.splitlines()[-1] == "infiniloop: stopped."
        assert "Traceback" not in server.said
        steps.close()


def test_it_is_found_at_an_ipv6_address(tmp_path: Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this system has no IPv6")
    with serving(tmp_path, "--generator", "slow", "--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        made = finished(make_clip(asked("parts=1"), settings_of(server)))
    assert made.clip.n_samples > 0
