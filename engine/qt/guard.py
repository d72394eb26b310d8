# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard: acts when music should be heard and is not."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from engine.playback.watchdog import Remedy, Trouble, Watchdog, longest_silence_s
from engine.qt.options import Happening
from engine.qt.player_link import PlayerLink
from engine.recording.machine import Heard
from engine.tape import TapeReader
from engine.values import BakedLoop


class Guard(QObject):
    """Has the watchdog judge what comes out, and does what it says.

    Signals
    -------
    happened(Happening)

    Parameters
    ----------
    should_play
        Whether music should be heard now.
    """

    happened = Signal(object)

    def __init__(self, player: PlayerLink, should_play: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._player = player
        self._should_play = should_play
        self._dog = Watchdog(TapeReader(player.tape).sample_rate)
        self._silence_s = 0.0

    def lead(self, loop: BakedLoop) -> None:
        """This loop is to be heard: its own silences are no trouble."""
        self._silence_s = longest_silence_s(loop)

    @Slot(object)
    def hear(self, heard: Heard) -> None:
        """What came out."""
        alarm = self._dog.hear(
            time.monotonic(),
            n_frames=heard.n_frames,
            peak=heard.peak,
            should_play=self._should_play() and not self._player.is_opening,
            gain=self._player.gain,
            longest_silence_s=self._silence_s,
        )
        if alarm is None:
            return
        if alarm.remedy is Remedy.NEW_PROCESS:
            # Which is told as every end of a process is.
            self._player.renew()
        elif alarm.trouble is Trouble.SILENT:
            self._player.play_on()
            fields: dict[str, object] = {"seconds": f"{alarm.lasted_s:.0f}"}
            self.happened.emit(Happening("No sound for {seconds} s: the loop was started again", fields, "warning"))
        # A device that stalled is the audio process's to replace, a process that hangs is noticed by its heart: the
        # first alarm leaves them the time.
