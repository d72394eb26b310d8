# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``stats`` measures the composer for real, keeps what it measured, tells it and forgets it."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from engine.library.pace_file import keep
from engine.values import PaceRun
from tests.app.commands.running import ROOT, command, fails, infiniloop, tells, works


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of the statistics, in a data folder of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "infiniloop" / "statistics.json"


@pytest.mark.soak
def test_the_composer_is_measured_and_its_clips_are_noted(kept: Path) -> None:
    assert "Nothing was measured yet" in works("stats")
    assert not kept.exists()
    (told,) = tells("stats", "--measure", "composer", "--durations", "5,10", "--clips", "1")
    assert told["file"] == str(kept)
    assert [(one["generator"], one["about_s"], one["runs"]) for one in told["paces"]] == [
        ("composer", 5, 1),
        ("composer", 10, 1),
    ]
    for one in told["paces"]:
        assert 0.0 < one["making_s"] < 120.0
        assert one["pace"] == pytest.approx(one["making_s"] / one["clip_s"], abs=1e-3)
    assert len(keep(kept).pace.runs) == 2


def test_the_table_says_what_was_measured_and_a_reset_forgets_it(kept: Path) -> None:
    runs = [PaceRun("musicgpt", "small", 20.0, making_s, 12.5) for making_s in (60.0, 62.0, 70.0)]
    keep(kept, [*runs, PaceRun("composer", "", 20.0, 1.0)])
    head, *rows = (line.split() for line in works("stats").splitlines())
    assert head == ["generator", "model", "clip", "runs", "usual", "last", "takes", "loading"], "no device was told"
    assert rows[0] == ["composer", "20.0", "s", "1", "0.05", "0.05", "1.0", "s"]
    assert rows[1] == ["musicgpt", "small", "20.0", "s", "3", "3.1", "3.5", "62.0", "s", "12.5", "s"]
    done = infiniloop("stats", "--reset")
    assert (done.returncode, done.stderr) == (0, "Forgotten: 4 clips that were measured.\n")
    assert keep(kept).pace.runs == ()


def test_what_cannot_be_measured_is_told_and_nothing_is_forgotten(kept: Path) -> None:
    keep(kept, [PaceRun("composer", "", 20.0, 1.0)])
    for asked, words in (
        (("composer", "huge"), "takes no model"),
        (("nobody",), "nobody"),
        (("composer", "--durations", "900"), "900"),
    ):
        fails("stats", "--reset", "--measure", *asked, words=(words,))
    assert len(keep(kept).pace.runs) == 1


def test_a_damaged_file_is_told_and_set_aside(kept: Path) -> None:
    kept.parent.mkdir()
    kept.write_text("{")
    done = infiniloop("stats", "--json")
    assert done.returncode == 0
    assert "cannot be read" in done.stderr
    assert json.loads(done.stdout)["paces"] == []
    assert infiniloop("stats").stderr == "", "once"


def test_a_measurement_that_is_ended_keeps_what_it_has_and_leaves_nothing(kept: Path) -> None:
    arguments = command("stats", "--measure", "composer", "--durations", "5", "--clips", "100")
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        while not kept.exists():
            time.sleep(0.05)
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert told == "infiniloop: stopped.\n"
    assert 1 <= len(keep(kept).pace.runs) < 100
    assert list(kept.parent.iterdir()) == [kept]
