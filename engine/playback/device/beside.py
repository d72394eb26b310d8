# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays beside the mixer's channels: what others lay, and what comes in where that is monitored."""

from __future__ import annotations

from engine.answer_tape import AnswerReader
from engine.playback.mix.fades import Ramp, Workspace
from engine.shared import SharedBlock
from engine.tape import TapeReader
from engine.units import ms_to_samples
from engine.values import FloatArray

MONITOR_RAMP_MS = 30.0
CATCH_RAMP_MS = 3.0
"""Milliseconds of the fade with which a monitor goes on that had to leave something out."""


class Answers:
    """Answers are heard as they lie on the tape, by its frames.

    Parameters
    ----------
    ahead
        What to add to one of the mixer's output samples, before its latency, for its frame on the output's tape.
    """

    is_busy = True

    def __init__(self, block: SharedBlock, ahead: int) -> None:
        self._reader = AnswerReader(block)
        self._ahead = ahead

    def add_to(self, out: FloatArray, sample: int, work: Workspace) -> None:
        self._reader.add_to(out, sample + self._ahead, work.other[: len(out)])


class Monitor:
    """A monitor has the input be heard, a little behind what was written last: both streams take sound in pieces.

    It is busy as long as there is an input, heard or not: takes are placed by an output that goes on.

    Parameters
    ----------
    behind
        By how many frames.
    """

    is_busy = True

    def __init__(self, tape: SharedBlock, behind: int) -> None:
        self._tape = TapeReader(tape)
        self._behind = behind
        self._wants_open = False
        self._gain = Ramp(0.0)
        self._at = -1
        self._ramp_samples = ms_to_samples(MONITOR_RAMP_MS, self._tape.sample_rate)
        self._catch_samples = ms_to_samples(CATCH_RAMP_MS, self._tape.sample_rate)

    @property
    def is_open(self) -> bool:
        """Return whether the input is to be heard."""
        return self._wants_open

    def open(self, *, is_open: bool) -> None:
        """Have the input be heard, or not any more; another thread than the callback's calls this."""
        self._wants_open = is_open

    def add_to(self, out: FloatArray, _sample: int, work: Workspace) -> None:
        wanted = float(self._wants_open)
        if self._gain.target != wanted:
            self._gain.go_to(wanted, self._ramp_samples)
        if not self._gain.left and not wanted:
            self._at = -1
            return
        n, written = len(out), self._tape.n_written
        # Where the clocks of both devices, or a delay, have led too far away, something is left out or heard again.
        if self._at < 0 or not 0 <= written - self._at - n <= 2 * self._behind:
            was_heard, self._at = self._at >= 0, written - n - self._behind
            if self._at < 0:
                return
            if was_heard:
                self._gain.set(0.0)
                self._gain.go_to(wanted, self._catch_samples)
        piece = work.other[:n]
        self._tape.copy(self._at, piece)
        self._at += n
        self._gain.apply(piece, work)
        out += piece
