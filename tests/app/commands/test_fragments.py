# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``fragments`` fills slots as it is told, says what it did, and ends cleanly."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import soundfile
from pythonosc.osc_message import OscMessage
from pythonosc.udp_client import SimpleUDPClient

from app.main import main
from engine.fragments.folder import SlotFolder
from engine.library.looptags import read_loop_tags
from engine.values import LoopRegion
from tests.app.commands.running import ROOT, command, infiniloop, tells
from tests.engine.fragments.making import until

SHORT = ("--duration", "5", "--set", "sounds=synthesised", "--seed", "3")


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["fragments", *map(str, arguments)]) in (1, 2)
    told = capsys.readouterr()
    assert told.out == ""
    line = told.err.splitlines()[-1]
    return line.removeprefix("infiniloop: ")


def test_two_at_once_and_a_restart_goes_on(tmp_path: Path) -> None:
    first = tells("fragments", tmp_path, "drums, 120 bpm", "wind", "--once", "2", "--slots", "3", *SHORT)
    assert [one["slot"] for one in first] == [1, 2]
    assert [one["prompt"] for one in first] == ["drums, 120 bpm", "wind"]
    done = infiniloop("fragments", tmp_path, "drums", "--once", "1", "--slots", "3", "--freeze", "1", *SHORT)
    assert (done.returncode, done.stdout) == (0, "")
    lines = done.stderr.splitlines()
    assert lines[0] == "infiniloop: slot 1 is left out of the circle"
    assert len(lines) == 2
    assert " s → output03.wav (archive/output003.wav), " in lines[1]
    assert lines[1].endswith(" s long: “drums”")
    assert soundfile.info(tmp_path / "output03.wav").subtype == "PCM_16"
    assert json.loads((tmp_path / "archive" / "output003.json").read_text(encoding="utf-8"))["seed"] == 5


@pytest.mark.soak
def test_loops_last_whole_bars_to_the_sample(tmp_path: Path) -> None:
    loops = ("--loops", "--bars", "2", "--bpm", "133", "--rate", "48000")
    (told,) = tells("fragments", tmp_path, "house", "--once", "1", *loops)
    n_samples = round(2 * 4 * 60 / 133 * 48_000)
    assert told["duration_s"] == n_samples / 48_000
    info = soundfile.info(told["file"])
    assert (info.frames, info.samplerate) == (n_samples, 48_000)
    assert read_loop_tags(told["file"])[0] == LoopRegion(0, n_samples)


def test_lines_that_are_piped_in_are_prompts_and_verbs(tmp_path: Path) -> None:
    lines = "drums, 120 bpm\n/freeze 2\n/freeze 9\n/explode\nwind\n\n"
    done = subprocess.run(
        command("fragments", str(tmp_path), "--json", "--slots", "3", *SHORT),
        input=lines,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        cwd=ROOT,
    )
    assert done.returncode == 1, "two lines could not be done"
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["slot"] for one in told if "slot" in one] == [1, 3]
    errors = [one["error"] for one in told if "error" in one]
    assert errors[0]["message"].startswith("slot is 9, and must be from 1 to 3")
    assert errors[1]["message"].startswith("There is no verb called “explode”: choose one of generate, prompt, ")
    assert [one["kind"] for one in errors] == ["OutOfRange", "UnknownChoice"]


@pytest.mark.soak
def test_by_itself_until_it_is_interrupted(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("fragments", str(tmp_path), "drums, 120 bpm", "--every", "1", "--slots", "2", *SHORT),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ,
    ) as process:
        assert process.stderr is not None
        until((tmp_path / "archive" / "output002.json").exists)
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
        assert process.wait(60.0) == 130
    assert told.splitlines()[-1] == "infiniloop: stopped."
    assert "Traceback" not in told
    assert (tmp_path / "output01.wav").exists()


def test_what_cannot_be_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(capsys, tmp_path, "x", "--slots", "100").startswith("--slots is 100, and must be from 1 to 99")
    assert refusal(capsys, tmp_path, "x", "--rate", "5").startswith("--rate is 5, and must be from 8000 to 192000")
    assert refusal(capsys, tmp_path, "x", "--every", "0").startswith("--every is 0, and must be from 1 to 86400")
    assert refusal(capsys, tmp_path, "house", "--loops").startswith("Loops last whole bars at the tempo of the set")
    assert refusal(capsys, tmp_path, "x", "--generator", "none").startswith("There is no generator called “none”")
    assert refusal(capsys, tmp_path / "a", "x", "--slot-prompt", "rain").startswith("--slot-prompt is “rain”")
    frozen = [word for number in (1, 2) for word in ("--freeze", str(number))]
    told = refusal(capsys, tmp_path, "x", "--once", "1", "--slots", "2", *frozen)
    assert told == "All 2 slots are frozen: release one, and the next fragment has a place."
    assert refusal(capsys, tmp_path, "x", "--once", "1", "--slots", "2", "--clear", "1").startswith("Slot 1 is frozen")


def test_a_dry_run_does_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "new"
    assert main(["fragments", str(place), "house", "--loops", "--bpm", "120", "--dry-run", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["dry_run"] is True
    assert (said["exists"], said["next_slot"], said["loop_s"], said["prompts"]) == (False, 1, 8.0, ["house"])
    assert main(["fragments", str(place), "--freeze", "3", "--clear", "2", "house", "rain", "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["would leave slot 3 out of the circle", "would remove output02.wav", lines[2]]
    assert lines[2].startswith("would fill 8 slots in")
    assert lines[-2:] == ["would ask for “house”", "would ask for “rain”"]
    assert not place.exists()


def test_a_dry_run_fails_where_the_command_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "new"
    assert refusal(capsys, place, "--once", "1", "--dry-run").startswith("The prompt is empty")
    assert refusal(capsys, place, "x", "--freeze", "9", "--dry-run") == "slot is 9, and must be from 1 to 8."
    assert refusal(capsys, place, "x", "--slot-prompt", "3", "--dry-run").startswith("--slot-prompt is “3”")
    (tmp_path / "file").touch()
    assert "cannot be written" in refusal(capsys, tmp_path / "file", "x", "--dry-run")
    held = SlotFolder(place, 8)
    assert refusal(capsys, place, "x", "--dry-run").startswith("Another station writes fragments into")
    held.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as heard, socket.create_server(("127.0.0.1", 0)) as served:
        heard.bind(("127.0.0.1", 0))
        udp, tcp = str(heard.getsockname()[1]), str(served.getsockname()[1])
        assert "Address already in use" in refusal(capsys, place, "x", "--osc-in", udp, "--dry-run")
        assert "another program listens there" in refusal(capsys, place, "x", "--http", tcp, "--dry-run")
        assert "could reach 0.0.0.0" in refusal(capsys, place, "x", "--http", "0.0.0.0:0", "--dry-run")
        token = tmp_path / "token"
        links = ("--osc-in", "0", "--osc-out", udp, "--http", "0.0.0.0:0", "--token-file", str(token))
        assert main(["fragments", str(place), "x", *links, "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "would hear OSC at 127.0.0.1, any port that is free",
        f"would tell OSC to 127.0.0.1, port {udp}",
        "would serve the prompt page at 0.0.0.0, any port that is free",
        f"would write a new token to {token}",
    ]
    assert not token.exists()
    assert main(["fragments", str(place), "x", "--dry-run"]) == 0
    SlotFolder(place, 8).close()


@pytest.mark.soak
def test_other_programs_ask_by_http_and_osc_and_hear_by_osc(tmp_path: Path) -> None:
    links = ("--slots", "2", "--http", "0", "--osc-in", "0")
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear,
        subprocess.Popen(
            command("fragments", str(tmp_path), *SHORT, *links, "--osc-out", str(_bound(ear))),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as process,
    ):
        assert process.stderr is not None
        osc_port = int(process.stderr.readline().rpartition(" ")[2])
        url = process.stderr.readline().split()[-1]
        assert httpx.post(f"{url}generate", json={"prompt": "drums"}, trust_env=False).status_code == 204
        message = OscMessage(ear.recv(65_535))
        assert (message.address, next(iter(message))) == ("/fragment/ready", 1)
        client = SimpleUDPClient("127.0.0.1", osc_port)
        client.send_message("/generate", [2, "wind"])
        assert next(iter(OscMessage(ear.recv(65_535)))) == 2
        client.send_message("/generate", [9])
        assert OscMessage(ear.recv(65_535)).address == "/fragment/failed"
        client._sock.close()
        process.send_signal(signal.SIGTERM)
        told = process.stderr.read()
        assert process.wait(60.0) == 128 + signal.SIGTERM
    assert "slot is 9, and must be from 1 to 2" in told
    assert "Traceback" not in told


def _bound(ear: socket.socket) -> int:
    ear.bind(("127.0.0.1", 0))
    ear.settimeout(60.0)
    return int(ear.getsockname()[1])


def test_what_reaches_no_other_program_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(capsys, tmp_path, "x", "--osc-in", "x").startswith("--osc-in is “x”, and must be a port, or ADDRESS")
    assert refusal(capsys, tmp_path, "x", "--http", "0.0.0.0:0").startswith("Other machines could reach 0.0.0.0")
    assert refusal(capsys, tmp_path, "x", "--token-file", "t").startswith("--token-file says how --http is done")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = refusal(capsys, tmp_path, "x", "--http", str(taken.getsockname()[1]))
    assert "another program listens there; name another port" in told


def test_without_the_extra_it_says_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert "“infiniloop models setup serve” puts it in" in refusal(capsys, tmp_path, "x", "--http", "0")
