# SPDX-License-Identifier: GPL-3.0-or-later
"""This module runs the command line as a user meets it, and makes music to give it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
import soundfile

from app.main import main
from engine.library.soundfiles import open_sound
from engine.values import Clip, FloatArray
from tests.engine.loops.material import groove

ROOT = Path(__file__).parents[3]
RATE = 22_050
TEMPO_BPM = 120.0


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "app.main", *arguments]


def infiniloop(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command line within this process; in one of its own where it gets an environment of its own."""
    words = [*map(str, arguments)]
    if not environment:
        return within(words)
    return subprocess.run(
        command(*words),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env={**os.environ, **environment},
        cwd=ROOT,
    )


def within(words: list[str], folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command line within this process, in a folder, with standard streams of its own whatever writes to them."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with _streams_into(out, err), contextlib.chdir(folder), pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", [str(ROOT / "app/main.py"), *words])
            try:
                code = main(words)
            except SystemExit as end:
                code = int(end.code or 0)
        told = []
        for file in (out, err):
            file.seek(0)
            told.append(file.read().decode())
    return subprocess.CompletedProcess(command(*words), code, *told)


@contextlib.contextmanager
def _streams_into(*files: IO[bytes]) -> Iterator[None]:
    """Have everything that this process prints go into two files, as a process of its own is given two pipes."""
    kept = [os.dup(number) for number in (1, 2)]
    try:
        with pytest.MonkeyPatch.context() as patch:
            for number, name, file in zip((1, 2), ("stdout", "stderr"), files, strict=True):
                os.dup2(file.fileno(), number)
                stream = open(number, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - a number, no path
                # The program puts its own streams where it finds Python's.
                patch.setattr(sys, name, stream)
                patch.setattr(sys, f"__{name}__", stream)
            yield
            sys.stdout.flush()
            sys.stderr.flush()
    finally:
        for number, one in zip((1, 2), kept, strict=True):
            os.dup2(one, number)
            os.close(one)


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
