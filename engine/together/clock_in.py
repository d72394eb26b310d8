# SPDX-License-Identifier: GPL-3.0-or-later
"""MIDI's clock as it is heard: the tempo once it has settled, the place in the song, and whether that runs."""

from __future__ import annotations

from collections import deque
from itertools import islice

from engine.together.clock_out import (
    CONTINUE,
    POSITION,
    START,
    STOP,
    TICK,
    TICKS_PER_BEAT,
    TICKS_PER_SIXTEENTH,
)
from engine.values.jam import HIGHEST_JAM_BPM, LOWEST_JAM_BPM
from engine.values.together import LeaderState

SHORT_BEATS, LONG_BEATS, LONGEST_BEATS = 2, 8, 16
"""Beats over which the tempo is measured: if the first two agree, the clock has settled; by the last it is refined."""
AGREES = 0.0012
"""Part of the tempo by which both may differ: ticks come with jitter."""
NEW, FINER = 0.004, 0.0004
"""Parts of the tempo from which on a settled one is another than before, and a refined one."""
WHOLE, REFINED_WHOLE = 0.001, 0.0003
"""Parts of the tempo by which a whole number of beats a minute is taken for what is measured, at first and later."""
GAP = 3.0
"""Length of a gap, in ticks, after which the measure begins anew."""
LOST_S = 1.0
"""Seconds without a tick after which there is no clock."""


class ClockIn:
    """The clock that is heard, of one port: that which ticked first, until it falls silent."""

    def __init__(self) -> None:
        self._port = ""
        self._ticks: deque[float] = deque(maxlen=LONGEST_BEATS * TICKS_PER_BEAT + 1)
        self._bpm: float | None = None
        # Ticks since the song's begin; the next tick has this number.
        self._number = 0
        # Ticks since the tempo was set, or refined.
        self._n_since = 0
        self._is_playing: bool | None = None
        self._refused: float | None = None

    def hear(self, port: str, data: bytes, at_s: float) -> bool:
        """Take a message, and return whether it was one of the clock."""
        if not data or data[:1] not in (TICK, START, CONTINUE, STOP, bytes((POSITION,))):
            return False
        if self._port not in ("", port) and self._ticks and at_s - self._ticks[-1] < LOST_S:
            return True
        self._port = port
        if data[:1] == TICK:
            self._on_tick(at_s)
        elif data[:1] == START:
            self._number, self._is_playing = 0, True
        elif data[:1] == CONTINUE:
            self._is_playing = True
        elif data[:1] == STOP:
            self._is_playing = False
        elif len(data) == 3:
            self._number = TICKS_PER_SIXTEENTH * (data[1] + 128 * data[2])
        return True

    def state(self, now_s: float) -> LeaderState:
        """Return what is known of it."""
        if not self._ticks or now_s - self._ticks[-1] > LOST_S:
            self._ticks.clear()
            self._bpm = self._refused = None
            return LeaderState("midi")
        return LeaderState(
            "midi",
            self._bpm,
            at_s=self._smooth_s(),
            # The last tick that came has the number before the next one's.
            beats=(self._number - 1) / TICKS_PER_BEAT,
            is_playing=self._is_playing,
            n_peers=1,
            refused_bpm=self._refused,
        )

    def _on_tick(self, at_s: float) -> None:
        ticks = self._ticks
        if len(ticks) > 1:
            period_s = (ticks[-1] - ticks[0]) / (len(ticks) - 1)
            if at_s - ticks[-1] > GAP * period_s:
                ticks.clear()
        ticks.append(at_s)
        if self._is_playing is not False:
            self._number += 1
        self._n_since += 1
        if self._n_since % TICKS_PER_SIXTEENTH:
            return
        short = self._measured(SHORT_BEATS)
        long = self._measured(LONG_BEATS)
        if short is None or long is None or abs(short / long - 1.0) > AGREES:
            return
        if not LOWEST_JAM_BPM * (1.0 - AGREES) <= long <= HIGHEST_JAM_BPM * (1.0 + AGREES):
            self._bpm, self._refused = None, round(long, 1)
            return
        self._refused = None
        if self._bpm is None or abs(long / self._bpm - 1.0) > NEW:
            self._set(_plain(long, WHOLE))
        elif self._n_since >= LONGEST_BEATS * TICKS_PER_BEAT:
            longest = self._measured(LONGEST_BEATS)
            if longest is not None and abs(longest / self._bpm - 1.0) > FINER:
                self._set(_plain(longest, REFINED_WHOLE))
            else:
                self._n_since = 0

    def _set(self, bpm: float) -> None:
        self._bpm, self._n_since = min(max(bpm, LOWEST_JAM_BPM), HIGHEST_JAM_BPM), 0

    def _measured(self, beats: int) -> float | None:
        """Return the tempo over the last beats, or None while fewer came, or all at once."""
        n_ticks = beats * TICKS_PER_BEAT
        if len(self._ticks) <= n_ticks:
            return None
        # The straight line through all of them: each came with some jitter.
        middle, total, squares = n_ticks / 2.0, 0.0, 0.0
        for number, at_s in enumerate(islice(self._ticks, len(self._ticks) - n_ticks - 1, None)):
            total += (number - middle) * (at_s - self._ticks[-1])
            squares += (number - middle) ** 2
        # Ticks that come all at once (a flood, a port that was held up) have no tempo.
        return 60.0 / TICKS_PER_BEAT * squares / total if total > 0.0 else None

    def _smooth_s(self) -> float:
        """Return when the last tick was due, by those of the last two beats: each came with some jitter."""
        n_ticks = min(len(self._ticks), SHORT_BEATS * TICKS_PER_BEAT)
        if self._bpm is None or n_ticks < TICKS_PER_BEAT:
            return self._ticks[-1]
        period_s = 60.0 / self._bpm / TICKS_PER_BEAT
        return sum(self._ticks[-1 - at] + at * period_s for at in range(n_ticks)) / n_ticks


def _plain(bpm: float, part: float) -> float:
    """Return a tempo that was measured as one would have set it: whole where it is as good as that."""
    whole = round(bpm)
    return float(whole) if abs(bpm / whole - 1.0) < part else round(bpm, 1)
