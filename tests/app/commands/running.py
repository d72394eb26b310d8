# SPDX-License-Identifier: GPL-3.0-or-later
"""This module runs the command line as a user meets it, and makes music to give it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import soundfile

from engine.library.soundfiles import open_sound
from engine.values import Clip, FloatArray
from tests.engine.loops.material import groove

ROOT = Path(__file__).parents[3]
RATE = 22_050
TEMPO_BPM = 120.0


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "app.main", *arguments]


def infiniloop(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*map(str, arguments)),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env={**os.environ, **environment},
        cwd=ROOT,
    )


def works(*arguments: str | Path) -> str:
    """Run a command that works, and return what it prints on stdout."""
    done = infiniloop(*arguments)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def tells(*arguments: str | Path) -> list[Any]:
    """Run a command that works, and return the JSON objects it prints, one a line."""
    return [json.loads(line) for line in works(*arguments, "--json").splitlines()]


def fails(*arguments: str | Path, words: tuple[str, ...] = (), n_sentences: int = 1) -> str:
    """Run a command that fails with so many sentences on stderr that hold the words; return stdout.

    Which of the exit codes 1 and 2 it is, ``test_exit_codes`` shows.
    """
    done = infiniloop(*arguments)
    assert done.returncode in (1, 2), (done.returncode, done.stderr)
    assert len(done.stderr.strip().splitlines()) == n_sentences, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    return done.stdout


def music(*, n_bars: float = 9.0, n_channels: int = 2, intro_s: float = 0.7, seed: int = 0) -> Clip:
    """Return bars of two seconds that repeat every four, after an intro."""
    return groove(RATE, TEMPO_BPM, n_bars=n_bars, n_channels=n_channels, intro_s=intro_s, seed=seed)


def write(path: Path, clip: Clip, subtype: str = "PCM_16") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, clip.samples, clip.sample_rate, subtype=subtype)
    return path


def read(path: Path | str) -> FloatArray:
    with open_sound(path) as sound:
        return sound.read(0, sound.n_samples)
