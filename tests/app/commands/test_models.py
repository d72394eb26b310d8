# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``models`` lists, fetches, checks and removes what generators need, and says plainly what it may not."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.app.commands.running import ROOT, command
from tests.standins.hub import Hub, sha256

NAME, REPOSITORY = "hum/tenor", "stand-in/hum-tenor"
WEIGHTS = bytes(range(256)) * 1024
FILES = {"config.json": b'{"hidden_size": 16}', "model.safetensors": WEIGHTS}


@pytest.fixture
def tenor(hub: Hub, hum_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """Return a hub with the weights of a generator of another distribution, which the commands find."""
    monkeypatch.setenv("PYTHONPATH", str(hum_folder))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    hub.add(REPOSITORY, dict(FILES), large=("model.safetensors",))
    return hub


def models(*words: str) -> subprocess.CompletedProcess[str]:
    line = command("models", *words)
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)


def told(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what a command said on stderr, without what the broken stand-in makes it say."""
    return [one for one in done.stderr.splitlines() if one.startswith("infiniloop: ") and "broken" not in one]


@pytest.mark.soak
def test_a_model_is_listed_fetched_checked_mended_and_removed(tenor: Hub, tmp_path: Path) -> None:
    folder = str(tmp_path / "models")
    listed = models("list", "--json", "--folder", folder)
    assets = {one["name"]: one for one in json.loads(listed.stdout)["assets"]}
    assert assets[NAME]["held"] == "not here"
    assert assets[NAME]["licence"] == {"words": "CC-BY-NC-4.0: not for commercial use", "is_commercial": False}
    assert assets["serve"]["kind"] == "extra"
    assert assets["serve"]["held"] == "installed"
    got = models("get", NAME, "--folder", folder)
    assert got.returncode == 0, got.stderr
    assert "not for commercial use" in got.stderr
    assert "downloading" not in got.stderr, "progress, where there is no terminal"
    place = Path(got.stdout.strip())
    assert place.parent == Path(folder)
    blob = place / "blobs" / sha256(WEIGHTS)
    assert blob.read_bytes() == WEIGHTS
    assert models("where", NAME, "--folder", folder).stdout == got.stdout
    row = next(one for one in models("list", "--folder", folder).stdout.splitlines() if NAME in one)
    assert row.startswith("* hum/tenor")
    assert "262 kB" in row
    assert "not for commercial use" in row
    assert models("check", NAME, "--folder", folder).stdout == "hum/tenor: right\n"
    blob.write_bytes(WEIGHTS[:-1] + b"?")
    checked = models("check", NAME, "--folder", folder)
    assert (checked.returncode, checked.stdout.count("damaged: model.safetensors")) == (1, 1)
    assert models("get", NAME, "--folder", folder).returncode == 0
    assert blob.read_bytes() == WEIGHTS
    where = json.loads(models("where", NAME, "--folder", folder, "--json").stdout)
    assert where == {"name": NAME, "place": str(place)}
    foretold = json.loads(models("remove", NAME, "--folder", folder, "--dry-run", "--json").stdout)
    assert (foretold["name"], foretold["place"], blob.exists()) == (NAME, str(place), True)
    refused = models("remove", NAME, "--folder", folder)
    assert (refused.returncode, blob.exists()) == (1, True), "without a terminal nobody agrees"
    assert models("remove", NAME, "--folder", folder, "--yes").returncode == 0
    assert not place.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("get", NAME, "--offline"), "set to work offline"),
        (("get", "hum/bass"), "infiniloop models list"),
        (("get", "musicgpt/small"), "fetched by MusicGPT itself"),
        (("remove", NAME, "--yes"), "is not on this machine"),
        (("setup", "musicgen", "--offline"), "set to work offline"),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_what_cannot_be_done_is_one_sentence(tenor: Hub, words: tuple[str, ...], said: str) -> None:
    done = models(*words)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(told(done)) == 1, done.stderr
    assert said in told(done)[0]
    assert tenor.asked == []


@pytest.mark.parametrize(("number", "stays"), [(signal.SIGINT, False), (signal.SIGTERM, True)])
def test_ctrl_c_leaves_nothing_and_another_end_what_came(
    tenor: Hub, tmp_path: Path, number: signal.Signals, stays: bool
) -> None:
    tenor.holds.clear()
    line = command("models", "get", NAME, "--folder", str(tmp_path / "models"))
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT) as process:
        parts = tmp_path / "models" / "models--stand-in--hum-tenor" / "blobs"
        deadline = time.monotonic() + 60.0
        while not any(one.name.endswith("part") and one.stat().st_size for one in _below(parts)):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        assert process.wait(20.0) == 128 + number
        assert process.stderr is not None
        said = process.stderr.read()
        _, licence, after = said.partition(b"the licence of hum/tenor is ")
        assert licence
        assert b"Traceback" not in after
    left = [one.name for one in _below(tmp_path / "models") if one.is_file()]
    assert any(one.endswith("part") for one in left) is stays
    assert (left != []) is stays


def _below(folder: Path) -> list[Path]:
    return list(folder.rglob("*")) if folder.exists() else []


@pytest.mark.soak
def test_a_clip_of_such_a_model_carries_its_licence_and_export_says_it(tenor: Hub, tmp_path: Path) -> None:
    clip, loop = tmp_path / "clip.wav", tmp_path / "loop.wav"
    make = [*command("generate", "a hum", "--generator", "hum", "--model", "tenor", "--duration", "8"), "-o", str(clip)]
    done = subprocess.run(make, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)
    assert done.returncode == 1
    assert "infiniloop models get" in done.stderr, "its weights are not here"
    assert models("get", NAME).returncode == 0
    subprocess.run(make, capture_output=True, text=True, check=True, timeout=120, cwd=ROOT)
    shown = subprocess.run(command("recipe", str(clip)), capture_output=True, text=True, check=True, cwd=ROOT)
    assert "CC-BY-NC-4.0: not for commercial use" in shown.stdout
    export = [*command("export", str(clip), "-o", str(loop))]
    exported = subprocess.run(export, capture_output=True, text=True, check=True, timeout=120, cwd=ROOT)
    assert "CC-BY-NC-4.0: not for commercial use" in exported.stderr
    assert loop.exists()
