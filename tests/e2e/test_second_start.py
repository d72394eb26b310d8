# SPDX-License-Identifier: GPL-3.0-or-later
"""Two real starts: the first opens the window with its music running, the second hands it what it was started with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.control.client import connected, running
from tests.e2e.test_processes import ROOT, until, windows

pytestmark = pytest.mark.gui

LIMIT_S = 30.0


def status(pid: int) -> dict[str, Any]:
    with connected(pid) as client:
        told: dict[str, Any] = client.ask("status", (), limit_s=LIMIT_S)["data"]
    return told


def test_a_second_start_hands_its_words_to_the_studio_that_runs(display: str, no_sound: None, tmp_path: Path) -> None:
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    environment = {**os.environ, **folders}

    def infiniloop(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "app.main", *arguments]

    def ran(*arguments: str) -> str:
        done = subprocess.run(
            infiniloop(*arguments), cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    with subprocess.Popen(infiniloop("--prompt", "jazz, 120 bpm"), cwd=ROOT, env=environment) as studio:
        try:
            until(lambda: running() == [studio.pid], "it listens")
            until(lambda: status(studio.pid)["running"], "its music runs")
            assert status(studio.pid)["settings"]["prompt"] == "jazz, 120 bpm"
            assert len(windows(studio.pid)) == 1, "no page is in the way"
            told = ran("--prompt", "lofi, 85 bpm")
            assert told == f"the studio that runs already (process {studio.pid}) plays it; --new opens another one\n"
            assert status(studio.pid)["settings"]["prompt"] == "lofi, 85 bpm"
            assert ran("ctl", "quit") == "leaving\n"
            assert studio.wait(LIMIT_S) == 0
            assert running() == []
        finally:
            studio.kill()
