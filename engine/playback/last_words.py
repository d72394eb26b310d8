# SPDX-License-Identifier: GPL-3.0-or-later
"""This module keeps what was last said to an audio process and heard of it, for the process that replaces it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.values import SILENT_CHANNEL, Automation, BakedLoop, BarLock, ChannelParameter, ChannelSnapshot, Effects

if TYPE_CHECKING:
    from engine.playback.player import Player


_SOON = Fraction(1, 64)
"""Bars between the lines with which what was heard before is heard again."""


class ChannelWords:
    """These words of one channel are its loop, gain, mute, effects and oscillators, and where it was heard last.

    A takeover that still waits is not remembered: whoever asked for it asks again.

    Attributes
    ----------
    leading
        The loop that leads, with its id; None where nothing does.
    """

    def __init__(self, number: int) -> None:
        self.leading: tuple[int, BakedLoop] | None = None
        self._number = number
        self._heard = SILENT_CHANNEL
        # With which line of the clock the loop was to begin, or began; None is at once.
        self._lock: BarLock | None = None
        # Turns of the loop that led when the process before this one died.
        self._turned: tuple[int | None, int] = (None, 0)
        self._gain = 1.0
        self._is_muted = False
        self._effects = Effects()
        self._automations: dict[ChannelParameter, Automation] = {}

    # --- what was said ------------------------------------------------------------------------------------------------

    def play(self, loop_id: int, loop: BakedLoop, lock: BarLock | None) -> None:
        """Note that this loop was started, or is to begin with a line of the bar clock."""
        self.leading, self._turned, self._lock = (loop_id, loop), (None, 0), lock

    def replace(self, loop_id: int, loop: BakedLoop) -> None:
        """Note that this loop was baked anew."""
        if self.leading is not None and self.leading[0] == loop_id:
            self.leading = loop_id, loop

    def lead(self, loop_id: int, loop: BakedLoop) -> None:
        """Note that a takeover was heard: this loop leads now."""
        self.leading = loop_id, loop

    def stop(self) -> None:
        """Note that nothing plays on the channel any more."""
        self.leading = None

    def set_gain(self, gain: float) -> None:
        self._gain = gain

    def set_mute(self, *, is_muted: bool) -> None:
        self._is_muted = is_muted

    def set_effects(self, effects: Effects) -> None:
        self._effects = effects

    def automate(self, parameter: ChannelParameter, automation: Automation | None) -> None:
        self._automations.pop(parameter, None)
        if automation is not None:
            self._automations[parameter] = automation

    def begin(self, loop_id: int, anchor: Fraction | None) -> None:
        """Note that this loop began, with a turn of it at the line ``anchor``."""
        if self._lock is not None and self.leading is not None and self.leading[0] == loop_id:
            # A new process has it come in at its place as soon as may be.
            self._lock = replace(self._lock, anchor=anchor, every=_SOON, first=Fraction(0))

    # --- what was heard -----------------------------------------------------------------------------------------------

    def hear(self, told: ChannelSnapshot) -> ChannelSnapshot:
        """Note what is heard and return it as if there were one process for ever: turns go on being counted."""
        loop_id, turns = self._turned
        if told.loop_id != loop_id and told.loop_id is not None:
            turns = 0
            self._turned = None, 0
        self._heard = replace(told, turns=told.turns + turns) if turns else told
        return self._heard

    # --- what is said again -------------------------------------------------------------------------------------------

    def set_up(self, player: Player) -> None:
        """Tell a new process how the channel is set."""
        if self._gain != 1.0:
            player.set_gain(self._number, self._gain, 0.0)
        if self._is_muted:
            player.set_mute(self._number, is_muted=True, ramp_ms=0.0)
        if self._effects != Effects():
            player.set_effects(self._number, self._effects, 0.0)
        for parameter, automation in self._automations.items():
            player.automate(self._number, parameter, automation)

    def play_on(self, player: Player, fade_ms: float) -> None:
        """Begin what leads where it was last heard."""
        if self.leading is None:
            return
        loop_id, loop = self.leading
        heard, position = self._heard, 0
        if heard.loop_id == loop_id:
            position = heard.position_samples % loop.n_samples
            # What begins again has played before.
            self._turned = loop_id, heard.turns
        player.play(loop_id, loop, fade_ms=fade_ms, position=position, channel=self._number, lock=self._lock)


@dataclass(frozen=True, slots=True)
class ClockWords:
    """These words of the bar clock are its tempo and metre as they were last set."""

    bpm: Fraction
    beats_per_bar: int

    def set_up(self, player: Player, bars: float) -> None:
        """Tell a new process tempo and metre, with so many bars over."""
        player.set_clock(self.bpm, self.beats_per_bar, bars=Fraction(bars))


@dataclass(frozen=True, slots=True)
class FaderWords:
    """These words of a fader say that it left ``before`` at ``begun_s`` and is at ``target`` after ``ramp_s``."""

    before: float = 1.0
    target: float = 1.0
    ramp_s: float = 0.0
    begun_s: float = 0.0

    def gain(self, now_s: float) -> float:
        """Return the linear gain at a time."""
        if now_s >= self.begun_s + self.ramp_s:
            return self.target
        return self.before + (self.target - self.before) * (now_s - self.begun_s) / self.ramp_s

    def set_up(self, player: Player, now_s: float) -> None:
        """Tell a new process to go on from where the gain is now."""
        player.set_fader(self.gain(now_s), 0.0)
        player.set_fader(self.target, 1000.0 * max(0.0, self.begun_s + self.ramp_s - now_s))
