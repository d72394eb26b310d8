# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays one-shots beside the mixer's channels, and ducks what plays there while one is heard.

A one-shot is no channel: it has no lead, no clock and no pause. What plays goes on in its place beneath it, only
quieter; where nothing plays, or all stands still, the one-shot is heard alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from engine.playback.commands import AuditionEnded
from engine.playback.mix.fades import MOST_SAMPLES, Ramp, Workspace
from engine.units import db_to_amplitude, ms_to_samples
from engine.values import FloatArray
from engine.values.auditions import DUCKED_DB

DUCK_MS, UNDUCK_MS = 60.0, 250.0
"""Milliseconds within which what plays is ducked when an audition begins, and is as loud as before when it is over."""
CANCEL_MS = 10.0
"""Milliseconds of the fade in which an audition ends that makes way for another, or is ended."""

Tell = Callable[[AuditionEnded, int], None]
"""This function takes the end of an audition, with the output sample before the mixer's latency."""


class Shot:
    """A shot is a one-shot that plays, made ready in the commanding thread and then moved on by ``render`` alone.

    Parameters
    ----------
    samples
        In the mixer's channels, or in one.
    """

    def __init__(self, audition_id: int, samples: FloatArray, times: int, gap_samples: int) -> None:
        self.audition_id = audition_id
        self.has_begun = False
        self._samples = samples
        self._turn_samples = len(samples) + gap_samples
        # Nothing follows the last time.
        self._left = times * self._turn_samples - gap_samples
        self._at = 0
        self._fade: Ramp | None = None

    @property
    def ended(self) -> bool:
        return self._left <= 0 or (self._fade is not None and not self._fade.left)

    def fade_out(self, n_samples: int) -> None:
        """End within ``n_samples``, or sooner where it is about to."""
        if self._fade is None:
            self._fade = Ramp(1.0)
        if self._fade.target or n_samples < self._fade.left:
            self._fade.go_to(0.0, n_samples)

    def straight_samples(self) -> int:
        """Return for how many samples it goes on without a change."""
        n = len(self._samples) if self._at < len(self._samples) else self._turn_samples
        n = min(n - self._at, self._left)
        return n if self._fade is None else min(n, self._fade.left)

    def add_to(self, out: FloatArray, work: Workspace) -> None:
        """Add what comes next to ``out``, at most ``straight_samples()``, and move on."""
        n = len(out)
        self.has_begun = True
        if self._at < len(self._samples):
            piece = self._samples[self._at : self._at + n]
            if self._fade is not None:
                faded = work.other[:n]
                np.multiply(piece, self._fade.gains(n, work)[:, None], out=faded)
                piece = faded
            np.add(out, piece, out=out)
        if self._fade is not None:
            self._fade.move_on(n)
        self._left -= n
        self._at = (self._at + n) % self._turn_samples


class AuditionBus:
    """The audition bus adds one-shots to the channels' sum, ahead of the volume and the limiter.

    One is heard at a time: the next one has the former fade out within ``CANCEL_MS``. What has not begun by then is
    dropped. All but ``is_busy`` and ``quiet_from`` belongs to ``render``.

    Parameters
    ----------
    tell
        Takes the end of each that was played to its end.
    released
        Takes what is not needed any more: it is freed in another thread.

    Attributes
    ----------
    quiet_from
        The output sample, before the mixer's latency, from which on none sounds.
    """

    def __init__(self, sample_rate: int, tell: Tell, released: deque[object]) -> None:
        self.quiet_from = 0
        self._duck = Ramp(1.0)
        self._ducked = db_to_amplitude(DUCKED_DB)
        self._n_duck, self._n_unduck, self._n_cancel = (
            max(1, ms_to_samples(ms, sample_rate)) for ms in (DUCK_MS, UNDUCK_MS, CANCEL_MS)
        )
        self._current: Shot | None = None
        self._shots: list[Shot] = []
        self._tell = tell
        self._released = released

    @property
    def is_busy(self) -> bool:
        """Return whether one sounds, or what it made quieter is not as loud as before."""
        return bool(self._shots) or self._duck.left > 0

    def begin(self, shot: Shot) -> None:
        """Have this one be heard, in the place of what is."""
        self._dismiss(self._n_cancel)
        self._shots.append(shot)
        self._current = shot
        if self._duck.target != self._ducked:
            self._duck.go_to(self._ducked, self._n_duck)

    def end(self, n_samples: int | None = None) -> None:
        """Fade out what is heard within ``n_samples`` (None: ``CANCEL_MS``), and bring back what plays."""
        if self._current is not None:
            self._dismiss(self._n_cancel if n_samples is None else n_samples)
            self._duck.go_to(1.0, self._n_unduck)

    def add_to(self, out: FloatArray, now: int, work: Workspace) -> None:
        """Duck ``out``, float32 of shape ``(at most MOST_SAMPLES, n_channels)``, and add what is heard beside it.

        ``now`` is the output sample of the first one, before the mixer's latency.
        """
        done = 0
        while done < len(out):
            n = min((shot.straight_samples() for shot in self._shots), default=MOST_SAMPLES)
            piece = out[done : done + n]
            self._duck.apply(piece, work)
            for shot in self._shots:
                shot.add_to(piece, work)
            done += len(piece)
            self._take_leave(now + done)

    def _dismiss(self, n_samples: int) -> None:
        """Have the one that is heard fade out; one that has not begun is dropped."""
        current, self._current = self._current, None
        if current is not None and current.has_begun:
            current.fade_out(n_samples)
        elif current is not None:
            self._shots.remove(current)
            self._released.append(current)

    def _take_leave(self, now: int) -> None:
        """Forget those that have ended, and tell of the one that was heard to its end."""
        ended = [shot for shot in self._shots if shot.ended]
        if not ended:
            return
        self._shots = [shot for shot in self._shots if not shot.ended]
        self._released.extend(ended)
        self.quiet_from = now
        if self._current is not None and self._current.ended:
            self._tell(AuditionEnded(self._current.audition_id), now)
            self._current = None
            self._duck.go_to(1.0, self._n_unduck)
