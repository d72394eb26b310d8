# SPDX-License-Identifier: GPL-3.0-or-later
"""The source has what goes on the air: what is played, off the tape, or the reserve where nothing comes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.broadcast.reserve import Reserve
from engine.tape import TapeReader
from engine.units import seconds_to_samples
from engine.values import FloatArray

QUIET = 1e-3
"""Peak below which nothing is heard: -60 dB."""
QUIET_S = 2.0
"""Seconds of silence after which the reserve comes in."""
STALLED_S = 1.0
"""Seconds without a frame of the tape after which the stream goes on without it."""
MOST_DUE_S = 5.0
"""Seconds that are made up for at most: a machine that was asleep leaves the rest out."""
COMES_IN_S, GOES_OUT_S = 0.5, 2.0
"""Seconds in which the reserve comes in, and in which it makes way for the music."""


class Taken(NamedTuple):
    """These frames are the stream's next ones; ``tape_frame`` is where the first came from, None: from no tape."""

    frames: FloatArray
    tape_frame: int | None


class Source:
    """A source is asked some ten times a second for what came since.

    Parameters
    ----------
    now_s
        Of a steady clock, as of ``take``.

    Attributes
    ----------
    reserve
        What is heard where nothing comes; None is silence, until there is one.
    is_on_reserve
        Whether the reserve is heard, or about to be.
    """

    def __init__(self, tape: TapeReader, now_s: float, reserve: Reserve | None = None) -> None:
        self._tape, self.reserve = tape, reserve
        self.sample_rate = tape.sample_rate
        self.is_on_reserve = False
        self._share = 0.0
        self._n_silent = 0
        # When all that was due by then had been taken.
        self._even_s = self._came_s = now_s

    @property
    def is_quiet(self) -> bool:
        """Return whether nothing was heard lately in what was taken."""
        return self._n_silent > seconds_to_samples(0.5, self.sample_rate) and not self._share

    def take(self, now_s: float) -> Taken:
        """Return what the stream goes on with; nothing, where nothing is due yet."""
        frames: FloatArray = self._tape.read()
        first: int | None = self._tape.position - len(frames)
        if len(frames):
            self._came_s = now_s
            np.nan_to_num(frames, copy=False, posinf=0.0, neginf=0.0)
        elif now_s - self._came_s > STALLED_S:
            # By the clock: players go on playing, whatever the studio does.
            n_due = seconds_to_samples(min(now_s - self._even_s, MOST_DUE_S), self.sample_rate)
            frames, first = np.zeros((n_due, 2), dtype=np.float32), None
        if len(frames):
            self._even_s = now_s
        return Taken(self._with_reserve(frames), first)

    def _with_reserve(self, frames: FloatArray) -> FloatArray:
        loud = np.flatnonzero(np.abs(frames).max(axis=1, initial=0.0) > QUIET)
        self._n_silent = self._n_silent + len(frames) if not len(loud) else len(frames) - 1 - int(loud[-1])
        if self._n_silent > seconds_to_samples(QUIET_S, self.sample_rate):
            self.is_on_reserve = self.reserve is not None
        elif len(loud):
            self.is_on_reserve = False
        if self.reserve is None or not (self.is_on_reserve or self._share) or not len(frames):
            return frames
        length_s = COMES_IN_S if self.is_on_reserve else -GOES_OUT_S
        steps = np.arange(1, len(frames) + 1, dtype=np.float32) / np.float32(length_s * self.sample_rate)
        shares = np.clip(np.float32(self._share) + steps, 0.0, 1.0)
        self._share = float(shares[-1])
        mixed: FloatArray = frames + self.reserve.take(len(frames)) * np.sin(0.5 * np.pi * shares)[:, None]
        return np.clip(mixed, -1.0, 1.0, out=mixed)
