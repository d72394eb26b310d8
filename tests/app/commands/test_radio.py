# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``radio`` is on the air until it is ended, says where, and goes on where it ended."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import pytest

from app.main import main
from app.paths import log_file
from tests.app.commands.running import command
from tests.engine.broadcast.streams import decoded
from tests.engine.broadcast.webservers import PASSWORD, icecast


def _refusal(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    code = main(["radio", *map(str, arguments)])
    told = capsys.readouterr()
    assert told.out == ""
    return code, told.err.splitlines()[-1].removeprefix("infiniloop: ")


def test_what_cannot_be_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for arguments, code, words in (
        (("--port", "70000"), 2, "65535"),
        (("--minutes", "0"), 2, "0.5"),
        (("--per-address", "0"), 2, "per-address"),
        (("--prompts", tmp_path / "none.txt"), 1, "none.txt"),
        (("--preset", "none"), 2, "none"),
        (("--set", "addresses=http://127.0.0.1:1"), 1, "addresses"),
        (("--hls", Path(__file__) / "hls"), 1, "cannot be written"),
        (("--allow-origin", "https://example.org/page"), 2, "without a path"),
        (("--icecast", "icecast://127.0.0.1/a.mp3"), 1, "--icecast-password-file"),
        (("--icecast-password-file", __file__), 1, "--icecast"),
        (("caf\udce9 calm",), 2, "prompt"),
        (("--name", "caf\udce9"), 2, "radio_name"),
        (("--icecast", "icecast://127.0.0.1/a.wav", "--icecast-password-file", __file__), 1, "a.wav"),
        (("--icecast", "icecast://127.0.0.1/a.mp3", "--icecast-password-file", tmp_path / "no"), 1, "no"),
    ):
        assert (_refusal(capsys, *arguments)[0], words in _refusal(capsys, *arguments)[1]) == (code, True), arguments


def test_blanks_around_a_prompt_are_none_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["radio", " calm rain ", "--dry-run"]) == 0
    assert "calm rain" in capsys.readouterr().out


def test_parameters_of_the_generator_are_set_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    machine = ("--generator", "remote", "--set", "addresses=http://127.0.0.1:1", "--set", "duration=20")
    assert main(["radio", "calm rain", *machine, "--dry-run"]) == 0
    assert "calm rain" in capsys.readouterr().out
    assert "duration" in _refusal(capsys, "--set", "duration=long")[1]


@contextmanager
def _radio(*arguments: str, home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Have a radio on the air, and yield its process and its address."""
    folders = {f"XDG_{name}_HOME": str(home / name) for name in ("DATA", "CONFIG", "CACHE")}
    process = subprocess.Popen(
        command("radio", "--port", "0", "--json", *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **folders},
    )
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert told["stream"].replace("stream.mp3", "") == told["address"]
        with httpx.stream("GET", told["stream"], trust_env=False) as stream:
            assert (stream.status_code, stream.headers["content-type"]) == (200, "audio/mpeg")
        yield process, told["address"]
    finally:
        process.kill()
        process.communicate()


def test_a_radio_plays_at_once_ends_in_order_and_goes_on(tmp_path: Path) -> None:
    with _radio("calm piano, 70 bpm", "--name", "Kitchen", home=tmp_path) as (process, url):
        parts, began_s = [], time.monotonic()
        with httpx.stream("GET", f"{url}stream.mp3", trust_env=False, timeout=10.0) as answer:
            for part in answer.iter_raw():
                parts.append(part)
                if len(parts) == 6:
                    process.send_signal(signal.SIGTERM)
        # The stream ended in order, once what was on its way had come.
        heard, rate = decoded(b"".join(parts))
        assert np.abs(heard[rate:]).max() > 0.01
        assert time.monotonic() - began_s < 30.0
        _, told = process.communicate(timeout=30.0)
        assert process.returncode in (-signal.SIGTERM, 128 + signal.SIGTERM)
        assert told == f"infiniloop: on the air at {url}\ninfiniloop: stopped.\n"
    kept = json.loads((tmp_path / "DATA" / "infiniloop" / "radio" / "on-air.json").read_text(encoding="utf-8"))
    assert kept["last_number"] >= 1

    with _radio("calm piano, 70 bpm", home=tmp_path) as (_, url):
        give_up = time.monotonic() + 60.0
        while not (current := httpx.get(f"{url}current", trust_env=False).json())["title"]:
            assert time.monotonic() < give_up
            time.sleep(0.1)
        # A starter that was heard before is known again; what is new has the next number.
        assert current["recycled"] == (current["number"] <= kept["last_number"])
        assert re.fullmatch(r"\d{4}-.*\+00:00", current["since"])


def test_what_is_told_where_nobody_sits_has_no_token(tmp_path: Path) -> None:
    file = tmp_path / "token"
    with _radio("calm piano, 70 bpm", "--token-file", str(file), home=tmp_path) as (process, url):
        where, _, secret = url.partition("?token=")
        assert secret == file.read_text("ascii").strip()
        assert process.stderr is not None
        told = [process.stderr.readline() for _ in range(2)]
    assert told[0] == f"infiniloop: a new token was written to {file}\n"
    assert told[1] == f"infiniloop: on the air at {where}, with the token in {file}\n"


def test_a_station_is_read_again_as_soon_as_the_radio_has_begun(tmp_path: Path) -> None:
    station, token = tmp_path / "mine.toml", tmp_path / "token"
    head = 'format = 1\ntitle = "Mine"\n'
    station.write_text(f'{head}[[mood]]\ntitle = "rain"\nprompts = ["calm rain"]\n', "utf-8")
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("DATA", "CONFIG", "CACHE")}
    words = command("radio", "--port", "0", "--json", "--station", str(station), "--token-file", str(token))
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **folders}
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            # The station is read by then, and nothing is on the air.
            assert "a new token was written" in process.stderr.readline()
            station.write_text(f'{head}[[mood]]\ntitle = "night"\nprompts = ["calm night"]\n', "utf-8")
            process.send_signal(signal.SIGHUP)
            url = json.loads(process.stdout.readline())["address"].partition("?")[0]
            shown = {"Authorization": f"Bearer {token.read_text('ascii').strip()}"}
            give_up_s = time.monotonic() + 60.0
            while (
                httpx.post(f"{url}control/mood", json={"title": "night"}, headers=shown, trust_env=False).status_code
                != 202
            ):
                assert time.monotonic() < give_up_s
                time.sleep(0.1)
        finally:
            process.kill()


def test_other_servers_pass_it_on_and_no_list_of_processes_has_the_password(tmp_path: Path) -> None:
    secret, hls = tmp_path / "password", tmp_path / "hls"
    secret.write_text(f"{PASSWORD}\n")
    with icecast(tmp_path) as server:
        mount = f"127.0.0.1:{server.port}/calm.mp3"
        files = ("--hls", str(hls), "--icecast", f"icecast://{mount}", "--icecast-password-file", str(secret))
        with _radio("calm piano, 70 bpm", *files, home=tmp_path) as (process, url):
            give_up_s = time.monotonic() + 60.0
            health: dict[str, Any] = {}
            while not (hls / "stream.m3u8").exists() or health.get("icecast") != {mount: "connected"}:
                assert time.monotonic() < give_up_s, health
                time.sleep(0.1)
                health = httpx.get(f"{url}health", trust_env=False).json()
            family = [process.pid, *(one.pid for one in psutil.Process(process.pid).children(recursive=True))]
            assert PASSWORD not in "".join(Path(f"/proc/{one}/cmdline").read_text() for one in family)
            assert httpx.get(f"{url}hls/stream.m3u8", trust_env=False).text.startswith("#EXTM3U")
            assert health["hls"] == "written"
    log = log_file().read_text(encoding="utf-8")
    assert f"Icecast at {mount} takes the stream" in log
    assert PASSWORD not in log
