# SPDX-License-Identifier: GPL-3.0-or-later
"""Trouble for playing: a thread that holds the GIL, analyses and generators without end, a window that repaints."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.library.audiofile import read_clip
from engine.processes import ChildProcess
from engine.repeating import Repeating
from engine.values import Algorithm, LoopSearch
from engine.worker.jobs import DrawJob, FindJob

HOLD_S = 0.5
EVERY_S = 3.0
_ANSWER_LIMIT_S = 60.0


class GilHolder(Repeating):
    """A thread of this process keeps the interpreter to itself for ``hold_s`` of every ``every_s`` seconds.

    Attributes
    ----------
    held_s
        How long each hold took.
    """

    def __init__(self, *, hold_s: float = HOLD_S, every_s: float = EVERY_S) -> None:
        self.held_s: list[float] = []
        super().__init__("gil holder", every_s - hold_s)
        self._hold_us = round(hold_s * 1e6)
        # PyDLL, unlike CDLL, does not let go of the GIL around a call.
        self._sleep = ctypes.PyDLL(None).usleep

    def _again(self) -> None:
        began = time.monotonic()
        self._sleep(self._hold_us)
        self.held_s.append(time.monotonic() - began)


@contextmanager
def analysing(sound: Path) -> Iterator[list[float]]:
    """Run an analysis worker beside the studio's own that finds loops in ``sound`` and draws it, again and again.

    Yields the list to which the time of each round is added.
    """
    rounds: list[float] = []
    clip = read_clip(sound)
    worker = ChildProcess("engine.worker.process")
    ending = threading.Event()

    def run() -> None:
        job_id = 0
        while not ending.is_set():
            began = time.monotonic()
            for job in (
                FindJob(job_id + 1, clip, LoopSearch(Algorithm.ADVANCED, 2.0)),
                DrawJob(job_id + 2, clip),
            ):
                worker.send(job)
                while not worker.poll(0.1) and not ending.is_set():
                    assert time.monotonic() - began < _ANSWER_LIMIT_S, "the analysis does not end"
                if ending.is_set():
                    return
                worker.receive()
            job_id += 2
            rounds.append(time.monotonic() - began)

    thread = threading.Thread(target=run, name="analysing")
    thread.start()
    try:
        yield rounds
    finally:
        ending.set()
        thread.join()
        worker.kill()


@contextmanager
def generating() -> Iterator[None]:
    """Run a generator beside the studio's own that makes clips without end."""
    with tempfile.TemporaryDirectory(prefix="made-") as folder:
        prompts = Path(folder) / "prompts.txt"
        prompts.write_text("house, 124 bpm\nslow jazz\ndrum and bass, 174 bpm\n", encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "app.main",
            "generate",
            "--from",
            str(prompts),
            "-o",
            folder,
            "--count",
            "3333",
        ]
        maker = subprocess.Popen([*command, "--duration", "8"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield
            assert maker.poll() is None, "the generator has ended"
        finally:
            maker.kill()
            maker.wait()
