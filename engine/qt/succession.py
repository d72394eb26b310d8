# SPDX-License-Identifier: GPL-3.0-or-later
"""The succession: which loop comes after the one that plays, when it is handed over, and when it is heard to lead."""

from __future__ import annotations

from engine.qt.player_link import PlayerLink
from engine.qt.stage import LoopInHand, Stage
from engine.values import PlaybackSnapshot


class Succession:
    """A loop is ready, then coming (handed to the audio process), then heard to lead.

    Attributes
    ----------
    ready
        Made or loaded, and not handed over yet.
    hurry
        The loop that is awaited (another prompt's, a take) is to come in at the next bar, not in its time.
    """

    def __init__(self, player: PlayerLink) -> None:
        self._player = player
        self.ready: LoopInHand | None = None
        self.hurry = False
        # Oldest first: only the last still waits, those before it may just be being heard.
        self._coming: dict[int, LoopInHand] = {}
        self._coming_hurries = False

    def clear(self) -> None:
        """Nothing comes."""
        self.ready, self.hurry, self._coming = None, False, {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is ready or coming."""
        return self.ready is None and not self._coming

    def loop_ids(self) -> set[int]:
        """Of what is ready or coming."""
        return set(self._coming) | ({self.ready.loop_id} if self.ready is not None else set())

    def consider(self, stage: Stage, snapshot: PlaybackSnapshot, *, min_play_s: float, overlap_ms: float) -> None:
        """Hand over what is ready if its time has come."""
        ready = self.ready
        if ready is None or snapshot.loop_id != stage.playing.loop_id:
            return
        # A loop that is awaited comes instead of one that waits, others after it.
        if self._coming and not self.hurry:
            return
        hurries = self.hurry or stage.playing.is_starter
        if hurries or stage.played_s(snapshot) >= min_play_s:
            self.ready, self.hurry, self._coming_hurries = None, False, hurries
            self._coming[ready.loop_id] = ready
            self._send(ready, stage, overlap_ms)

    def send_again(self, stage: Stage, overlap_ms: float) -> None:
        """What plays or the overlap changed: what was handed over is handed over anew."""
        for loop in self._coming.values():
            self._send(loop, stage, overlap_ms)

    def took_over(self, loop_id: int) -> LoopInHand | None:
        """The loop that was heard to come in, or None if it is of no interest any more."""
        if loop_id not in self._coming:
            return None
        order = list(self._coming)
        later = order[order.index(loop_id) + 1 :]
        loop, self._coming = self._coming[loop_id], {key: self._coming[key] for key in later}
        return loop

    def call_back(self) -> None:
        """The audio process died, and with it what was handed over: the latest is ready again."""
        if self._coming:
            self.hurry = self.hurry or self._coming_hurries
            self.ready = self.ready or list(self._coming.values())[-1]
            self._coming = {}

    def _send(self, loop: LoopInHand, stage: Stage, overlap_ms: float) -> None:
        entries = stage.bar_starts() if self._coming_hurries else ()
        self._player.take_over(loop.loop_id, loop.bake(overlap_ms), overlap_ms=overlap_ms, entries=entries)
