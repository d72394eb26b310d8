# SPDX-License-Identifier: GPL-3.0-or-later
"""This module judges whether what comes out is the music that should play, and what to do if it is not.

It knows no clock, thread or process: it is told what was heard, and says when to act.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.units import db_to_amplitude, samples_to_seconds
from engine.values import BakedLoop

SILENCE_DBFS = -60.0
"""Level in dBFS, with the volume taken off, below which nothing is heard."""
AUDIBLE_DBFS = -50.0
"""Level in dBFS below which a volume is meant to be silence."""
SILENCE_MARGIN_S = 1.0
"""Seconds of silence beyond the loop's own that do not count as the music's."""
STALL_S = 1.0
"""Seconds without a move after which the tape counts as standing still."""
WELL_S = 10.0
"""Seconds of music that end a bout of trouble: the next alarm is a first one again."""
FIRST_PATIENCE_S = 5.0
"""Seconds in which a new process must be heard; each further one has twice as long, to ``LONGEST_PATIENCE_S``."""
LONGEST_PATIENCE_S = 60.0

# Between two calls more may have passed (the computer slept, the studio was stopped), but nobody listened.
_LONGEST_STEP_S = 0.5


class Trouble(StrEnum):
    """A trouble is what is wrong with the output."""

    SILENT = "silent"
    STALLED = "stalled"


class Remedy(StrEnum):
    """A remedy is what to do about a trouble."""

    RESTART_LOOP = "restart_loop"
    NEW_PROCESS = "new_process"


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm asks for action now: ``trouble`` has lasted for ``lasted_s`` seconds."""

    trouble: Trouble
    remedy: Remedy
    lasted_s: float


class Watchdog:
    """The watchdog is told some ten times a second what came out, and alarms when music should play and does not.

    The first alarm of a bout asks for the loop to be started again, every further one for a new audio process, with
    ever longer patience between them. A bout ends with ``WELL_S`` of music, or when none should play.

    Parameters
    ----------
    sample_rate
        Hz, of the tape.

    Attributes
    ----------
    hears_music
        Whether what it was told last was music.
    """

    def __init__(self, sample_rate: int) -> None:
        self.hears_music = False
        self._sample_rate = sample_rate
        self._audible = db_to_amplitude(AUDIBLE_DBFS)
        self._silence = db_to_amplitude(SILENCE_DBFS)
        self._last_s: float | None = None
        self._quiet_s = self._still_s = self._well_s = self._patience_s = 0.0
        # What the music's own silences may come to: those of the loop that led as it fell quiet, and of the next one.
        self._allowed_s: tuple[float, ...] = ()
        self._n_alarms = 0

    def hear(
        self,
        now_s: float,
        *,
        n_frames: int,
        peak: float,
        should_play: bool,
        gain: float,
        longest_silence_s: float,
    ) -> Alarm | None:
        """Judge what came out since the last call.

        Parameters
        ----------
        now_s
            Of a clock that only goes forward.
        n_frames
            By how many frames the tape moved on.
        peak
            The highest absolute sample of these, linear.
        should_play
            Whether music should be heard: running, not paused or stopped, and not while a device is being opened.
        gain
            Linear, all volumes together.
        longest_silence_s
            Of the loop that leads, at full volume (``longest_silence_s``).
        """
        step_s = 0.0 if self._last_s is None else min(now_s - self._last_s, _LONGEST_STEP_S)
        self._last_s = now_s
        self.hears_music = False
        if not should_play:
            self._quiet_s = self._still_s = self._well_s = self._patience_s = 0.0
            self._n_alarms = 0
            return None
        self._patience_s = max(0.0, self._patience_s - step_s)
        self._still_s = 0.0 if n_frames else self._still_s + step_s
        if n_frames:
            self._listen(n_frames, peak, gain, longest_silence_s)
        if self._patience_s > 0.0:
            return None
        if self._still_s > STALL_S:
            return self._alarm(Trouble.STALLED, self._still_s)
        if self._quiet_s > sum(self._allowed_s) + SILENCE_MARGIN_S:
            return self._alarm(Trouble.SILENT, self._quiet_s)
        return None

    def _listen(self, n_frames: int, peak: float, gain: float, longest_silence_s: float) -> None:
        heard_s = samples_to_seconds(n_frames, self._sample_rate)
        if gain < self._audible:
            self._quiet_s = 0.0  # as asked
        elif peak >= self._silence * gain:
            self.hears_music = True
            self._quiet_s = 0.0
            self._well_s += heard_s
            if self._well_s >= WELL_S:
                self._n_alarms = 0
        else:
            if not self._quiet_s:
                self._allowed_s = (longest_silence_s,)
            elif longest_silence_s not in self._allowed_s:
                self._allowed_s = (self._allowed_s[0], longest_silence_s)
            self._quiet_s += heard_s

    def _alarm(self, trouble: Trouble, lasted_s: float) -> Alarm:
        self._quiet_s = self._still_s = self._well_s = 0.0
        remedy = Remedy.NEW_PROCESS if self._n_alarms else Remedy.RESTART_LOOP
        if remedy is Remedy.NEW_PROCESS:
            # The exponent, too, is bounded: bouts may last for days.
            self._patience_s = min(FIRST_PATIENCE_S * 2.0 ** min(self._n_alarms - 1, 10), LONGEST_PATIENCE_S)
        self._n_alarms += 1
        return Alarm(trouble, remedy, lasted_s)


def longest_silence_s(loop: BakedLoop) -> float:
    """Return the longest stretch in seconds, across the seam too, with all channels below ``SILENCE_DBFS``.

    Of a loop that is silent throughout it is infinite.
    """
    threshold = np.float32(db_to_amplitude(SILENCE_DBFS))
    is_loud = np.zeros(loop.n_samples, dtype=bool)
    # By channels: numpy is ten times slower across the short axis.
    for channel in loop.samples.T:
        is_loud |= channel >= threshold
        is_loud |= channel <= -threshold
    heard = np.flatnonzero(is_loud)
    if not heard.size:
        return math.inf
    longest = np.diff(heard, append=heard[0] + loop.n_samples).max() - 1
    return samples_to_seconds(int(longest), loop.sample_rate)
