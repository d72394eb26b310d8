# SPDX-License-Identifier: GPL-3.0-or-later
"""A warm peer is a program of others, in a process of the benchmarks' own environment, that answers line by line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".venv-bench"
PYTHON = ENVIRONMENT / "bin" / "python"


class PeerMissing(Exception):
    """The peers' environment is not there, or one of their processes died; the sentence says the way out."""


class WarmPeer:
    """A warm peer is asked one thing at a time."""

    def __init__(self, name: str, process: subprocess.Popen[str], requests: IO[str], answers: IO[str]) -> None:
        self._name, self._process, self._requests, self._answers = name, process, requests, answers

    def ask(self, request: Mapping[str, Any], about: object) -> dict[str, Any]:
        """Return the answer to a request. Raises PeerMissing, which names what it is ``about``, when it died."""
        print(json.dumps(request), file=self._requests, flush=True)
        line = self._answers.readline()
        if not line:
            raise PeerMissing(f"{self._name}'s process ended (exit code {self._process.wait()}) at {about}")
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def warm_peer(name: str, service: Path, log: Path, target: str) -> Iterator[WarmPeer]:
    """Yield the peer of this name that a script starts, whose output goes to ``log``.

    ``target`` is the Makefile's that makes its environment. Raises PeerMissing.
    """
    if not PYTHON.exists():
        raise PeerMissing(f"There is no {ENVIRONMENT.name}: “make {target}” makes it")
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [str(PYTHON), str(service)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield WarmPeer(name, process, process.stdin, process.stdout)
        finally:
            process.stdin.close()
            process.terminate()
