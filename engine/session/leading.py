# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what is told when another loop leads."""

from __future__ import annotations

from dataclasses import dataclass

from engine.session.baking import LoopInHand
from engine.session.handed import Handed
from engine.session.now_playing import NowPlaying


@dataclass(frozen=True, eq=False, slots=True)
class Led:
    """This value tells that another loop leads, or that the music begins.

    Attributes
    ----------
    now
        The loop that leads, as baked.
    before
        The loop that led until now, as it played; None where the music begins.
    handed
        How it was handed to the audio process; None where the music begins.
    tape_frame
        The frame of the tape from which on it leads; None where the music begins, as the audio process tells later.
    """

    now: NowPlaying
    before: LoopInHand | None = None
    handed: Handed | None = None
    tape_frame: int | None = None

    @property
    def loop_id(self) -> int:
        return self.now.playing.loop_id

    @property
    def playing(self) -> LoopInHand:
        """Return the loop that leads, as it plays."""
        return self.now.playing

    @property
    def goes_back(self) -> bool:
        """Return whether the loop led before and the person went back to it."""
        return self.handed is not None and self.handed.goes_back
