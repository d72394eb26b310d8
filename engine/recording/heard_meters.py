# SPDX-License-Identifier: GPL-3.0-or-later
"""The heard meters read off the tape what the meters show, and may rest while no meter is on the screen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.recording.meters import STEP_S, WINDOW_S, OutputMeters
from engine.shared import SharedBlock
from engine.tape import TAPE_CHANNELS, TapeReader
from engine.units import seconds_to_samples
from engine.values import FloatArray, Meters

STANDING_S = 0.3
"""Seconds without new frames after which a tape stands still, and the meters hear silence."""


class HeardMeters:
    """The heard meters follow what is heard of a tape, for one thread.

    Parameters
    ----------
    tape
        It outlives audio processes.
    heard_frame
        Which frame of the tape is heard now: the meters go by it, a device's latency behind the tape.
    """

    def __init__(self, tape: SharedBlock, heard_frame: Callable[[], int]) -> None:
        self._reader = TapeReader(tape)
        self._heard_frame = heard_frame
        self._meters = OutputMeters(self._reader.sample_rate, TAPE_CHANNELS)
        self._standing_s = 0.0
        self._has_rested = False
        self._last_frame = self._reader.position

    def rest(self, elapsed_s: float) -> None:
        """Measure nothing in these seconds."""
        self._has_rested = True
        self._note(elapsed_s)

    def look(self, elapsed_s: float) -> Meters:
        """Return what the meters show, ``elapsed_s`` after the last look or rest.

        After a rest they show the last seconds as if there had been none; true peaks of the time before are not told.
        """
        self._note(elapsed_s)
        if self._has_rested:
            self._has_rested = False
            self._wake()
        elif self._standing_s > STANDING_S:
            self._meters.add(self._silence(min(elapsed_s, 1.0)))
        self._meters.add(self._read(self._last_frame))
        return self._meters.read()

    def _note(self, elapsed_s: float) -> None:
        """Note how long the tape has stood still."""
        before = self._last_frame
        # A process that takes over from another one may tell less for a moment.
        self._last_frame = max(before, self._heard_frame())
        self._standing_s = 0.0 if self._last_frame > before else self._standing_s + elapsed_s

    def _wake(self) -> None:
        """Leave out what is not to be seen any more; the tenth of a second before it is no part of it, only heard."""
        n_seen, n_before = (seconds_to_samples(one, self._reader.sample_rate) for one in (WINDOW_S, STEP_S))
        first = self._last_frame - n_seen
        if self._reader.position < first - n_before:
            self._reader.skip_to(first - n_before)
            self._meters.begin_anew(self._read(first))
        if self._standing_s > STANDING_S:
            self._meters.add(self._read(self._last_frame))
            # A step more than is shown: the weighting rings on.
            self._meters.add(self._silence(min(self._standing_s, WINDOW_S + STEP_S)))
            # That was heard before.
            self._meters.read()

    def _read(self, until: int) -> FloatArray:
        frames = self._reader.read(until)
        np.nan_to_num(frames, copy=False, posinf=0.0, neginf=0.0)
        return frames

    def _silence(self, seconds: float) -> FloatArray:
        return np.zeros((seconds_to_samples(seconds, self._reader.sample_rate), TAPE_CHANNELS), dtype=np.float32)
