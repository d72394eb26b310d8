# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops are sent to the player, to begin with a line of its clock; what was sent waits on its layer until it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from engine.playback.commands import Began, Play, Retime
from engine.session.jam.layer import JamLayer, Waiting
from engine.session.jam.locks import line_of
from engine.session.ports import Clock, Player
from engine.values import BarLock
from engine.values.jam import Groove, JamLoop, LayerName

LATE_S = 2.0
"""Seconds after a start from which on whatever the clock tells is of that start."""


class LoopSender:
    """The sender has a jam's loops begin, one or several, and knows them when the player tells that they did.

    Attributes
    ----------
    bars_over
        Bars that are over on the clock, as they were told last.
    """

    def __init__(self, player: Player, clock: Clock, layers: Mapping[LayerName, JamLayer]) -> None:
        self._player, self._clock, self._layers = player, clock, layers
        self._sent: dict[int, JamLoop] = {}
        self.bars_over = 0.0
        self._started_s: float | None = None

    def start_clock(self, groove: Groove, bars: Fraction) -> None:
        """Start the clock at ``bars``, below 0."""
        self.bars_over, self._started_s = float(bars), self._clock.now_s()
        self._player.set_clock(groove.exact_bpm, groove.beats_per_bar, bars=bars)

    def take_bars(self, bars: float) -> bool:
        """Take note of the bars that are told, and return True; False where they are those of before the start."""
        started_s = self._started_s
        if started_s is not None and bars >= 0.0 and self._clock.now_s() - started_s < LATE_S:
            return False
        self.bars_over, self._started_s = bars, None
        return True

    def send(self, loop: JamLoop, lock: BarLock, groove: Groove) -> None:
        """Have a loop begin at a line of its own."""
        self._await(loop, lock, groove)
        self._player.play(loop.loop_id, loop.baked, channel=loop.layer.channel, lock=lock)

    def send_together(self, loops: Sequence[JamLoop], locks: Sequence[BarLock], line: BarLock, groove: Groove) -> None:
        """Have loops begin with one sample, at a line of the lock ``line``, from which on the clock has this groove.

        Of each loop's own lock, length and anchor count.
        """
        for loop in loops:
            self._await(loop, line, groove)
        plays = tuple(
            Play(loop.loop_id, loop.baked, lock.fade_ms, channel=loop.layer.channel, lock=lock)
            for loop, lock in zip(loops, locks, strict=True)
        )
        self._player.retime(Retime(groove.exact_bpm, groove.beats_per_bar, plays, line.every, line.first))

    def begun_by(self, message: Began) -> JamLoop | None:
        """Return the loop that has begun, which leads on its layer from now on; None for one of others."""
        loop = self._sent.get(message.loop_id)
        if loop is None:
            return None
        self._started_s = None
        self._layers[loop.layer].lead(loop, message.anchor)
        # What was sent to its layer before will not begin any more.
        for number in [one.loop_id for one in self._sent.values() if one.layer is loop.layer]:
            if number < loop.loop_id:
                del self._sent[number]
        return loop

    def _await(self, loop: JamLoop, lock: BarLock, groove: Groove) -> None:
        self._layers[loop.layer].waiting = Waiting(loop, line_of(lock, self.bars_over, groove))
        self._sent[loop.loop_id] = loop
