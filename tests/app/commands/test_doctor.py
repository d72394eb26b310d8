# SPDX-License-Identifier: GPL-3.0-or-later
"""``doctor`` tells a verdict a line, and a way out for what is amiss; its rehearsal kills every part and measures."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.commands.health import Verdict
from app.commands.rehearsal import GIVE_UP_S, TapeWatch
from engine.library.indexed_folder import INDEX_NAME, TAKES_NAME
from engine.tape import TapeWriter, tape_block
from tests.app.commands.running import ROOT, command, infiniloop
from tests.soundserver import SoundServer
from tests.standins.realtimekit import RealtimeKit, without_rights

RATE = 44_100
LIBRARIES = ("numpy", "PySide6", "pedalboard", "sounddevice", "soundfile", "soxr")


def examined(*arguments: str, **environment: str) -> dict[str, Any]:
    """Return the findings by name."""
    done = infiniloop("doctor", "--json", *arguments, **environment)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["verdict"] in {"ok", "warning"}
    return {one["name"]: one for one in told["findings"]}


def finding(name: str, doctor: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """Return one of the findings of a doctor that is started like this."""
    done = subprocess.run(
        doctor, env={**os.environ, **environment}, cwd=ROOT, capture_output=True, text=True, check=True, timeout=240
    )
    return next(one for one in json.loads(done.stdout)["findings"] if one["name"] == name)


def settle(home: Path, **settings: object) -> dict[str, str]:
    """Return an environment in which the studio has these settings."""
    config = home / "config"
    (config / "infiniloop").mkdir(parents=True)
    (config / "infiniloop" / "settings.json").write_text(json.dumps(settings))
    return {"XDG_CONFIG_HOME": str(config)}


@pytest.mark.soak
def test_every_line_is_a_verdict_and_warnings_have_a_way_out(no_sound: None, tmp_path: Path) -> None:
    done = infiniloop("doctor", "--quick")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) > 10
    assert {line.split()[0] for line in lines} <= {str(one) for one in Verdict}
    assert "Traceback" not in done.stdout + done.stderr
    assert "Warnings: " in done.stderr
    found = examined("--quick")
    assert len(found) == len(lines)
    assert found["devices"]["verdict"] == "warning"
    assert "sound server" in found["devices"]["way_out"]
    assert found["sound server"]["figures"] == {"server": "", "version": ""}
    assert "output" not in found


def test_versions_generators_disk_and_library_are_told(no_sound: None, tmp_path: Path) -> None:
    found = examined("--quick", **settle(tmp_path, data_folder=str(tmp_path / "data")))
    for name in LIBRARIES:
        assert found[name]["verdict"] == "ok"
        assert found[name]["figures"]["version"][0].isdigit()
    assert "PortAudio" in found["sounddevice"]["told"]
    assert "libsndfile" in found["soundfile"]["told"]
    assert found["generator composer"]["figures"]["is_there"]
    assert "synthesised instruments" in found["instruments"]["told"]
    assert not found["generator musicgpt"]["figures"]["is_there"]
    assert found["generator musicgpt"]["verdict"] == "note", "it was not chosen"
    # Its packages alone make no clip, where they are here.
    assert found["generator musicgen"]["verdict"] == "note"
    assert "“infiniloop models " in found["generator musicgen"]["told"]
    assert found["data folder"]["figures"]["free_gib"] > 0.0
    assert found["library"]["figures"]["n_takes"] == 0
    assert not (tmp_path / "data").exists(), "looking left something behind"


def test_what_is_amiss_is_a_warning(no_sound: None, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / INDEX_NAME).touch()
    own = tmp_path / "styles"
    own.mkdir()
    (own / "mine.toml").write_text("not a style")
    (data / TAKES_NAME).touch()  # where a folder should be
    environment = settle(
        tmp_path,
        data_folder=str(data),
        generator="musicgpt",
        generator_parameters={
            "musicgpt": {"path": str(tmp_path / "nothing")},
            "composer": {"soundfont": str(data / INDEX_NAME), "styles": str(own)},
        },
    )
    found = examined("--quick", **environment)
    assert found["generator musicgpt"]["verdict"] == "warning"
    assert found["instruments"]["verdict"] == "warning"
    assert str(data / INDEX_NAME) in found["instruments"]["told"]
    assert found["instruments"]["figures"]["instruments"] == "synthesised"
    assert found["styles"]["verdict"] == "warning"
    assert "mine.toml" in found["styles"]["told"]
    assert found["library"]["verdict"] == "warning"
    assert str(data) in found["library"]["told"]
    assert found["library"]["way_out"]


@pytest.mark.soak
def test_who_gives_the_sound_its_priority_is_told(no_sound: None, tmp_path: Path) -> None:
    doctor = without_rights(*command("doctor", "--quick", "--json")[1:])
    with RealtimeKit(tmp_path) as kit:
        granted = finding("priority", doctor, kit.environment)
        assert granted["verdict"] == "ok"
        assert "by RealtimeKit" in granted["told"]
        assert not granted["way_out"]
    # Now nobody answers there.
    ordinary = finding("priority", doctor, kit.environment)
    assert ordinary["verdict"] == "warning"
    assert "ordinary priority" in ordinary["told"]
    assert "rtkit" in ordinary["way_out"]


@pytest.mark.audio
def test_the_output_is_tried_with_silence(sound_server: SoundServer, tmp_path: Path) -> None:
    with sound_server.recording() as recording:
        found = examined(**settle(tmp_path, latency_ms=60))
        assert not recording.samples.any(), "the doctor made a noise"
    assert found["sound server"]["figures"]["server"] == "PulseAudio"
    assert re.match(r"\d+\.", found["sound server"]["figures"]["version"])
    output = found["output"]
    assert output["figures"]["asked_latency_ms"] == 60
    assert 0.0 < output["figures"]["latency_ms"] < 1000.0
    assert output["figures"]["device"]
    assert output["figures"]["sample_rate"] == RATE
    assert found["devices"]["verdict"] == "ok"


@pytest.mark.soak
@pytest.mark.audio
def test_an_output_that_is_not_there_is_told(sound_server: SoundServer, tmp_path: Path) -> None:
    found = examined(**settle(tmp_path, device=["ALSA", "the old headphones"]))
    for name in ("devices", "output"):
        assert found[name]["verdict"] == "warning"
        assert "the old headphones" in found[name]["told"]
    assert "stands in" in found["output"]["told"]


# --- the rehearsal ----------------------------------------------------------------------------------------------------

STEPS = ("nothing", "audio process is killed", "audio process is stopped", "analysis", "composer")


def rehearsed() -> dict[str, Any]:
    done = infiniloop("doctor", "--rehearse", "--json")
    told: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if told["verdict"] == "ok" else 1), done.stderr
    for words in STEPS:
        assert any(words in one["step"] for one in told["steps"])
    # The figures are the benchmark's business: a busy machine is slower. What must not be is that it stays silent.
    for one in told["steps"]:
        assert 0.0 < one["silent_s"] < GIVE_UP_S / 2, told
        assert not one["disturbed"], told
    killed = next(one for one in told["steps"] if "audio process is killed" in one["step"])
    assert killed["silent_s"] < 5.0
    return told


@pytest.mark.soak
@pytest.mark.audio
@pytest.mark.alone
def test_the_rehearsal_kills_every_part_and_the_music_comes_back(sound_server: SoundServer) -> None:
    told = rehearsed()
    assert told["device"]
    assert any("sound server" in one["step"] for one in told["steps"])


@pytest.mark.alone
def test_the_rehearsal_needs_no_device(no_sound: None) -> None:
    assert rehearsed()["device"] == ""


def test_the_watch_measures_what_is_not_heard() -> None:
    tape = tape_block(RATE)
    writer = TapeWriter(tape)
    noise = np.full((RATE // 100, 2), 0.1, dtype=np.float32)

    def play(seconds: float, samples: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            writer.write(samples)
            time.sleep(0.01)

    with TapeWatch(tape) as watch:
        play(0.3, noise)
        watch.begin()
        play(0.5, noise)
        assert watch.silent_s < 0.5
        play(0.6, np.zeros_like(noise))
        assert watch.silent_s >= 0.55, "blank tape is silence"
        play(0.3, noise)
        watch.begin()
        time.sleep(0.6)
        assert watch.silent_s >= 0.55, "so is a tape that stands still"
        assert watch.well_s < 0.5
        play(0.3, noise)
        watch.begin()
        watch.has_device = False
        play(0.6, noise)
        assert watch.silent_s >= 0.55, "and one that no device plays"
