# SPDX-License-Identifier: GPL-3.0-or-later
"""A radio that is on the air with no studio behind it: its real process, and a tape that a thread fills with a loop."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np
import soundfile

from app.paths import RESOURCES
from engine.broadcast.messages import OpenRadio, PieceBegins, RadioOpened
from engine.processes import ChildProcess
from engine.tape import TapeWriter, tape_block
from engine.values.radio import AirPiece, MusicRequest, ProgrammeState, RadioPlan, Vote

_STEP_S = 0.05
_LOOP = RESOURCES / "starters/starter-lofi.flac"


class OnAir(AbstractContextManager["OnAir"]):
    """A radio on the air, whose process can be killed.

    Parameters
    ----------
    plan
        Where it takes votes and requests, or is limited; names and folders are its own.

    Attributes
    ----------
    url
        Address that is opened first.
    port
        Number of its port, which a radio that follows another keeps.
    """

    def __init__(
        self, folder: Path, log: IO[str], *, token: str = "", port: int = 0, plan: RadioPlan | None = None
    ) -> None:
        samples, rate = soundfile.read(_LOOP, dtype="float32")
        self._samples, self._rate = samples, rate
        self._block = tape_block(rate)
        self._writer = TapeWriter(self._block)
        self._plan = replace(
            plan or RadioPlan(), name="Test radio", port=0, token=token, folder=str(folder),
            reserve_folder=str(_LOOP.parent), pages_folder=str(RESOURCES / "radio"),
        )  # fmt: skip
        self._log = log
        self._is_silent = False
        self._is_over = threading.Event()
        self._filling = threading.Thread(target=self._fill, name="tape")
        self._filling.start()
        self.port = port
        self._process = self._started()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._filling.join()
        self._process.close()

    def begin(
        self,
        title: str,
        artist: str = "",
        prompt: str = "",
        *,
        key: str = "",
        mood: str = "",
        is_requested: bool = False,
    ) -> None:
        """Have a piece be on the air from now on; it is heard when the stream's delay is over."""
        piece = AirPiece(title, artist, prompt, key or title, mood=mood, is_requested=is_requested)
        self._process.send(PieceBegins(self._writer.n_written, piece))

    def follow(self, programme: ProgrammeState) -> None:
        """Tell the radio how the programme stands."""
        self._process.send(programme)

    def asked(self) -> list[Vote | MusicRequest]:
        """Return what listeners asked for since this was called last, the first first."""
        told = list[Vote | MusicRequest]()
        while self._process.poll():
            if isinstance(one := self._process.receive(), Vote | MusicRequest):
                told.append(one)
        return told

    def be_silent(self, is_silent: bool) -> None:
        """Have nothing come from the studio."""
        self._is_silent = is_silent

    def kill(self) -> None:
        """Kill the radio's process, as an accident would."""
        self._process.kill()
        self._process.close()

    def start_again(self) -> None:
        """Start another process at the same address, as the studio does for one that died."""
        self._process = self._started()

    def _started(self) -> ChildProcess:
        process = ChildProcess("engine.broadcast.process", log=self._log)
        process.send(OpenRadio(replace(self._plan, port=self.port), self._block))
        opened = process.receive()
        assert isinstance(opened, RadioOpened), opened
        self.url = opened.url
        self.port = int(opened.url.split(":")[2].split("/")[0])
        return process

    def _fill(self) -> None:
        began_s, at = time.monotonic(), 0
        while not self._is_over.wait(_STEP_S):
            due = int((time.monotonic() - began_s) * self._rate)
            frames = self._samples[np.arange(at, due) % len(self._samples)]
            self._writer.write(np.zeros_like(frames) if self._is_silent else frames)
            at = due
