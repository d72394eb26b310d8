# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer is PyMusicLooper, kept warm in a process of its own environment."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.values import LoopRegion

ROOT = Path(__file__).parents[3]
ENVIRONMENT = ROOT / ".venv-bench"
PYTHON = ENVIRONMENT / "bin" / "python"
COMMAND = ENVIRONMENT / "bin" / "pymusiclooper"


class PeerMissing(Exception):
    """PyMusicLooper's environment is not there, or its process died; the sentence says the way out."""


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """The answer of PyMusicLooper for a file.

    Attributes
    ----------
    regions
        Best first, half open, at most 10; empty where it found none.
    nothing
        Why it found none, in its words.
    find_ms, whole_ms
        Of each run: finding in a file that was read, reading and finding.
    """

    regions: tuple[LoopRegion, ...] = ()
    scores: tuple[float, ...] = ()
    nothing: str = ""
    find_ms: tuple[float, ...] = ()
    whole_ms: tuple[float, ...] = ()


class Peer:
    """A peer asks one process, one file at a time."""

    def __init__(self, process: subprocess.Popen[str], requests: IO[str], answers: IO[str]) -> None:
        self._process = process
        self._requests = requests
        self._answers = answers

    def find(self, path: Path, options: dict[str, float], repeats: int = 1) -> PeerAnswer:
        """Find loops of a file, with ``options`` for ``find_loop_pairs``. Raises PeerMissing when the process died."""
        request = {"path": str(path), "options": options, "repeats": repeats}
        print(json.dumps(request), file=self._requests, flush=True)
        line = self._answers.readline()
        if not line:
            raise PeerMissing(f"PyMusicLooper's process ended (exit code {self._process.wait()}) at {path}")
        told = json.loads(line)
        # A pair whose ends were snapped to one place, or past each other, is no loop.
        pairs = zip(told["regions"], told["scores"], strict=True)
        good = [(LoopRegion(start, end), score) for (start, end), score in pairs if 0 <= start < end]
        return PeerAnswer(
            tuple(region for region, _ in good),
            tuple(score for _, score in good),
            told["nothing"],
            tuple(told["find_ms"]),
            tuple(told["whole_ms"]),
        )


@contextmanager
def peer(log: Path) -> Iterator[Peer]:
    """Yield a warm PyMusicLooper, whose output goes to ``log``. Raises PeerMissing."""
    if not PYTHON.exists():
        raise PeerMissing(f"There is no {ENVIRONMENT.name}: “make bench-loops” makes it")
    command = [str(PYTHON), str(Path(__file__).with_name("peer_service.py"))]
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Peer(process, process.stdin, process.stdout)
        finally:
            process.stdin.close()
            process.terminate()
