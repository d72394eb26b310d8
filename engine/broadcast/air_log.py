# SPDX-License-Identifier: GPL-3.0-or-later
"""The air log knows which piece is on the air, which come, and which were: numbered, and kept across restarts."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.errors import StudioError
from engine.library.atomic import free_name, write_bytes
from engine.values.radio import AirPiece

_log = logging.getLogger(__name__)

FILE_NAME = "on-air.json"
KEPT = 200
"""Number of pieces that the history has."""
_MOST_COMING = 64
_LATE_S = 1.0
"""Seconds by which a clock is corrected unnoticed."""
_MOST_PIECES = 10**15
"""Number of pieces that no radio comes to: a file that says more is damaged."""


class AirLog:
    """An air log is told which piece begins where on the tape, and how the stream comes along.

    Parameters
    ----------
    folder
        Where it is kept; None keeps it in memory alone.
    delay_s
        Seconds by which the stream is heard after it is encoded.
    wall_s
        The seconds since 1970.

    Attributes
    ----------
    encoded
        The piece that is encoded now; listeners hear it after the delay.
    upcoming
        What follows, as far as that is known.
    """

    def __init__(self, folder: Path | None, *, delay_s: float = 0.0, wall_s: Callable[[], float] = time.time) -> None:
        self._path = None if folder is None else folder / FILE_NAME
        self._delay_s, self._wall_s = delay_s, wall_s
        self._coming: deque[tuple[int, AirPiece]] = deque(maxlen=_MOST_COMING)
        self._last_number = self._n_begun = 0
        self._history: deque[AirPiece] = deque(maxlen=KEPT)
        self._read()
        self.encoded: AirPiece | None = None
        self.upcoming: AirPiece | None = None

    @property
    def history(self) -> tuple[AirPiece, ...]:
        """Return what was on the air, the newest first, with what is."""
        now_s = self._wall_s()
        return tuple(one for one in reversed(self._history) if one.since_s <= now_s)

    @property
    def current(self) -> AirPiece | None:
        """Return what listeners hear; None before this radio's first piece."""
        if self._n_begun <= 1 or self._was_put_back():
            # Before it there was nothing but what another run played, or nobody knows when that was.
            return self.encoded
        return next(iter(self.history), None)

    def _was_put_back(self) -> bool:
        """Return whether the clock was, since what is encoded began: nothing is heard later than after the delay."""
        return self.encoded is not None and self.encoded.since_s > self._wall_s() + self._delay_s + _LATE_S

    def expect(self, tape_frame: int, piece: AirPiece) -> None:
        """Have a piece be on the air from a frame of the tape on; one that is past is at once."""
        while self._coming and self._coming[-1][0] >= tape_frame:
            self._coming.pop()
        self._coming.append((tape_frame, piece))

    def look_forward(self, piece: AirPiece | None) -> None:
        """Take note of what follows, or that it is not known."""
        self.upcoming = piece

    def go_to(self, tape_frame: int) -> bool:
        """Take note that this frame of the tape is encoded; return whether another piece began."""
        due: AirPiece | None = None
        while self._coming and self._coming[0][0] <= tape_frame:
            due = self._coming.popleft()[1]
        if due is None or (self.encoded is not None and due.key and due.key == self.encoded.key):
            return False
        self._begin(due)
        return True

    def _begin(self, piece: AirPiece) -> None:
        before = next((one for one in reversed(self._history) if piece.key and one.key == piece.key), None)
        if before is None:
            self._last_number += 1
        number, since_s = self._last_number if before is None else before.number, self._wall_s() + self._delay_s
        # What was on when the process before this one died goes on, and is as new as it was.
        goes_on = self.encoded is None and before is not None and before is self._history[-1]
        is_recycled = piece.is_recycled or (before is not None and (before.is_recycled or not goes_on))
        self.encoded = replace(piece, number=number, since_s=since_s, is_recycled=is_recycled)
        self._history.append(self.encoded)
        self._n_begun += 1
        if self.upcoming is not None and self.upcoming.key == piece.key:
            self.upcoming = None
        self._write()

    def _read(self) -> None:
        if self._path is None:
            return
        try:
            last_number, history = _kept(json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
            _log.warning("%s cannot be read, and the numbers begin anew: %s", self._path, error)
            with contextlib.suppress(OSError):
                # It may be worth a look: nothing is written over it.
                self._path.replace(free_name(self._path.with_stem(f"{self._path.stem} (damaged)")))
            return
        self._last_number = last_number
        self._history.extend(history)

    def _write(self) -> None:
        if self._path is None:
            return
        told = {"last_number": self._last_number, "history": [asdict(one) for one in self._history]}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(self._path, json.dumps(told, ensure_ascii=False, indent=1).encode())
        except (OSError, StudioError) as error:
            _log.warning("the history is not kept: %s", error)


def _kept(told: dict[str, Any]) -> tuple[int, list[AirPiece]]:
    """Return the last number and the history of a file. Raises what comes of a file that says something else."""
    last_number, history = told["last_number"], [AirPiece(**one) for one in told["history"]]
    if not isinstance(last_number, int) or not 0 <= last_number <= _MOST_PIECES:
        raise ValueError("there is no last number")
    for piece in history:
        for name, value in asdict(AirPiece("")).items():
            if type(getattr(piece, name)) is not type(value):
                raise TypeError(f"“{name}” is none")
        if not 0 <= piece.number <= _MOST_PIECES:
            raise ValueError("there is no such number")
        # What cannot be told to a listener is found now, and not whenever it is told.
        datetime.fromtimestamp(piece.since_s, UTC)
        "".join((piece.title, piece.artist, piece.prompt, piece.key, piece.mood)).encode()
    return last_number, history
