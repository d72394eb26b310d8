# SPDX-License-Identifier: GPL-3.0-or-later
"""This module starts MusicGPT under the studio's supervisor and watches what it says."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator as Steps
from pathlib import Path

from engine.errors import GeneratorError, GeneratorHung
from engine.generators.musicgpt.declared import POLL_S, TITLE, Patience
from engine.generators.musicgpt.words import is_downloading, lines_of, shorten
from engine.outside.program import Program
from engine.outside.scratch import ScratchFolder
from engine.values import Progress

_log = logging.getLogger(__name__)

PLAIN = {"NO_COLOR": "1"}
"""Variables of MusicGPT's environment, besides what all programs get: without them, its log is coloured."""
FLOODED = "it wrote more than 256 MB of messages and was stopped"


class WorkClock:
    """A work clock tells for how long MusicGPT has worked; it stands still while a model is downloaded.

    Attributes
    ----------
    work_s
        Seconds of work up to the last look.
    is_downloading
        Whether a model was being downloaded then.
    """

    def __init__(self, patience: Patience) -> None:
        self.work_s = 0.0
        self.is_downloading = False
        self._patience = patience
        self._said = b""
        self._downloading_s = 0.0
        self._looked_s = time.monotonic()

    def look(self, output: bytes) -> None:
        """Take in how late it is, and what it has said by now. Raises GeneratorHung when a download takes too long."""
        if output is not self._said:
            self._said, self.is_downloading = output, is_downloading(lines_of(output))
        now_s = time.monotonic()
        if self.is_downloading:
            self._downloading_s += now_s - self._looked_s
        else:
            self.work_s += now_s - self._looked_s
        self._looked_s = now_s
        if self._downloading_s > self._patience.download_s:
            raise GeneratorHung(generator=TITLE, limit_s=self._patience.download_s)


def start(command: list[str], scratch: ScratchFolder, environment: dict[str, str] | None = None) -> Program:
    """Start a command in the scratch folder. Raises GeneratorError when there is no process for it."""
    try:
        return Program(command, scratch, environment=PLAIN | (environment or {}))
    except OSError as error:
        raise GeneratorError(generator=TITLE, detail=f"no process can be started for it ({error.strerror})") from error


def exit_code_of(program: Program, executable: Path, timeout_s: float) -> int | None:
    """Return how the program ended, None while it runs; waits for that up to ``timeout_s``.

    Raises GeneratorError when it cannot be run, or said too much.
    """
    try:
        exit_code = program.poll(timeout_s)
    except OSError as error:
        detail = f"“{executable}” cannot be run ({error.strerror})"
        raise GeneratorError(generator=TITLE, detail=detail) from error
    if program.has_flooded:
        raise GeneratorError(generator=TITLE, detail=FLOODED)
    return exit_code


def run(command: list[str], scratch: ScratchFolder) -> Steps[bytes, None, tuple[int, list[str]]]:
    """Run a command to its end; yield the last that it said, return its exit code and its last lines.

    Closing it ends the program and all that it started. Raises GeneratorError when it cannot be run or says too much.
    """
    program = start(command, scratch)
    try:
        while (exit_code := exit_code_of(program, Path(command[0]), POLL_S)) is None:
            yield program.output
        return exit_code, lines_of(program.output)
    finally:
        program.close()


class Versions:
    """Versions are what programs say of themselves, each asked once."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._known: dict[Path, str] = {}

    def of(self, executable: Path, job_id: int) -> Steps[Progress, None, str]:
        """Return what ``--version`` says; "" when that is of no use."""
        if executable not in self._known:
            self._known[executable] = ""
            lines = []
            try:
                with ScratchFolder("musicgpt") as scratch:
                    lines = yield from self._ask(executable, job_id, scratch)
            except GeneratorError:
                # The clip is made: that it cannot say its version is no reason to lose it.
                _log.exception("MusicGPT does not say its version")
            # "MusicGPT 0.3.28"
            if lines and lines[0].startswith(f"{TITLE} "):
                self._known[executable] = shorten(lines[0].removeprefix(f"{TITLE} ").strip())
        return self._known[executable]

    def _ask(self, executable: Path, job_id: int, scratch: ScratchFolder) -> Steps[Progress, None, list[str]]:
        asked_s = time.monotonic()
        asking = run([str(executable), "--version"], scratch)
        try:
            while time.monotonic() - asked_s <= self._limit_s:
                next(asking)
                yield Progress(job_id, 1.0, "finishing")
        except StopIteration as end:
            lines: list[str] = end.value[1]
            return lines
        finally:
            asking.close()
        return []
