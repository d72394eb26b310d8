# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops are sent to the player, to begin with a line of its clock; what was sent waits on its layer until it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from engine.playback.commands import Began, Play, Retime
from engine.session.jam.layer import JamLayer, Waiting
from engine.session.jam.locks import line_of
from engine.session.ports import Player
from engine.values import BarLock
from engine.values.jam import Groove, JamLoop, LayerName

HELD_BARS = 1000
"""Number of bars before bar 0 at which the clock stands by, until all that begins with it was sent."""


class LoopSender:
    """The sender has a jam's loops begin, one or several, and knows them when the player tells that they did.

    Attributes
    ----------
    bars_over
        Bars that are over on the clock, as they were told last.
    is_starting
        Whether the clock was started, and nothing was told of it yet.
    """

    def __init__(self, player: Player, layers: Mapping[LayerName, JamLayer]) -> None:
        self._player, self._layers = player, layers
        self._sent: dict[int, JamLoop] = {}
        self.bars_over = 0.0
        # Until a bar below 0, or a loop that begins, is told, the place may be that of the clock before: a device takes
        # its time to open.
        self.is_starting = False

    def hold_clock(self, groove: Groove) -> None:
        """Set the clock far before bar 0: what is sent until ``start_clock`` is there in time, however long that is."""
        self.bars_over, self.is_starting = -1.0, True
        self._player.set_clock(groove.exact_bpm, groove.beats_per_bar, bars=Fraction(-HELD_BARS))

    def start_clock(self, groove: Groove, bars: Fraction) -> None:
        """Start the clock at ``bars``, below 0 and above ``-HELD_BARS``."""
        self.bars_over, self.is_starting = float(bars), True
        self._player.set_clock(groove.exact_bpm, groove.beats_per_bar, bars=bars)

    def take_bars(self, bars: float) -> bool:
        """Take note of the bars that are told, and return True; False where they are those of before the start."""
        if self.is_starting and not self.bars_over - 1e-3 <= bars < 0.0:
            return False
        self.bars_over, self.is_starting = bars, False
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
        self.is_starting = False
        layer = self._layers[loop.layer]
        if layer.waiting is not None and layer.waiting.loop.loop_id == loop.loop_id:
            # It may have been given another title while it waited.
            loop = layer.waiting.loop
        layer.lead(loop, message.anchor)
        # What was sent to its layer before will not begin any more.
        for number in [one.loop_id for one in self._sent.values() if one.layer is loop.layer]:
            if number < loop.loop_id:
                del self._sent[number]
        return loop

    def _await(self, loop: JamLoop, lock: BarLock, groove: Groove) -> None:
        self._layers[loop.layer].waiting = Waiting(loop, line_of(lock, self.bars_over, groove))
        self._sent[loop.loop_id] = loop
