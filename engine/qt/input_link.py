# SPDX-License-Identifier: GPL-3.0-or-later
"""The input's link has every audio process write what comes in to one tape, also one after another that died."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psygnal import SignalInstance

from engine.tape import tape_block
from engine.values.audio import STUDIO_SAMPLE_RATE

if TYPE_CHECKING:
    from engine.playback.player import Player
    from engine.qt.player_link import PlayerLink
    from engine.shared import SharedBlock
    from engine.values.inputs import InputAsked


class InputLink:
    """An input's link remembers what was asked for (``engine.session.live_input.InputPlayer``)."""

    def __init__(self, link: PlayerLink) -> None:
        self._link = link
        self._asked: InputAsked | None = None
        self._tape: SharedBlock | None = None

    @property
    def snapshot_taken(self) -> SignalInstance:
        return self._link.snapshot_taken

    @property
    def received(self) -> SignalInstance:
        return self._link.received

    @property
    def is_open(self) -> bool:
        """Return whether an input is asked for."""
        return self._asked is not None

    @property
    def input_tape(self) -> SharedBlock:
        """Return the tape to which all that comes in is written; made when it is asked for first."""
        if self._tape is None:
            self._tape = tape_block(STUDIO_SAMPLE_RATE)
        return self._tape

    def open_input(self, asked: InputAsked) -> None:
        """Take in what comes from a device from now on, in any process."""
        self._asked = asked
        self._link.command(self.set_up)

    def close_input(self) -> None:
        """Take in nothing any more."""
        self._asked = None
        self._link.command(lambda player: player.close_input())

    def set_input_gain(self, gain: float) -> None:
        """Take in louder or softer, by a linear gain."""
        if self._asked is not None:
            self._asked = replace(self._asked, gain=gain)
        self._link.command(lambda player: player.set_input_gain(gain))

    def set_monitor(self, *, is_heard: bool) -> None:
        """Have what comes in be heard, or not; a process after this one is silent of it."""
        self._link.command(lambda player: player.set_monitor(is_heard=is_heard))

    def list_inputs(self) -> None:
        """Ask for ``Inputs``."""
        self._link.command(lambda player: player.list_inputs())

    def set_up(self, player: Player) -> None:
        """Have a process take in what was asked for, if anything was."""
        asked = self._asked
        if asked is not None:
            player.open_input(
                asked.device, asked.side, gain=asked.gain, latency_s=asked.latency_s, tape=self.input_tape
            )
