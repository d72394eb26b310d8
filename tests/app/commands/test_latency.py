# SPDX-License-Identifier: GPL-3.0-or-later
"""The command that measures latency keeps it for its devices, and says in a sentence what is in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.library.latencies import DevicePair, kept_trips, trip_between
from tests.app.commands.running import infiniloop
from tests.app.commands.test_json import is_as_documented
from tests.soundserver import SoundServer


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.mark.audio
def test_a_latency_is_measured_told_and_kept(sound_server: SoundServer, tmp_path: Path) -> None:
    done = infiniloop("latency", "--rounds", "3", "--json", "--progress")
    assert done.returncode == 0, done.stderr
    *fractions, told_line = done.stdout.splitlines()
    assert [float(one) for one in fractions][-1] == 1.0
    told = json.loads(told_line)
    assert is_as_documented(told, "`latency`")
    assert 60.0 < told["latency_ms"] < 200.0
    assert len(told["rounds_ms"]) == told["rounds"] == 3
    (file,) = (tmp_path / "data").rglob("latencies.json")
    kept = trip_between(file, DevicePair("default", "default", told["output_ms"], told["input_ms"]))
    assert kept is not None
    assert 1000.0 * kept.latency_s == pytest.approx(told["latency_ms"])
    again = infiniloop("latency", "--rounds", "3", "--output", "default", "--input", "ALSA: default")
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("default → default: ")
    assert len(kept_trips(file)) == 1


@pytest.mark.audio
def test_a_name_that_no_device_has_is_told_with_those_there_are(sound_server: SoundServer) -> None:
    done = infiniloop("latency", "--input", "theremin")
    assert done.returncode == 2
    assert "theremin" in done.stderr
    assert "ALSA: default" in done.stderr
    listed = infiniloop("devices").stdout
    assert "Inputs:\n* ALSA: default (" in listed


def test_without_a_sound_server_it_says_so(no_sound: None) -> None:
    done = infiniloop("latency")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
