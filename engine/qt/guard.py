# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard: acts when music should be heard and is not."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from engine.errors import AudioSilent
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
        self._missing_since_s: float | None = None

    def lead(self, loop: BakedLoop) -> None:
        """This loop is to be heard: its own silences are no trouble."""
        self._silence_s = longest_silence_s(loop)

    @Slot(object)
    def hear(self, heard: Heard) -> None:
        """What came out."""
        now_s, should_play = time.monotonic(), self._should_play()
        alarm = self._dog.hear(
            now_s,
            n_frames=heard.n_frames,
            peak=heard.peak,
            should_play=should_play and not self._player.is_opening,
            gain=self._player.gain,
            longest_silence_s=self._silence_s,
        )
        if not should_play:
            self._missing_since_s = None
        if self._missing_since_s is not None and self._dog.hears_music:
            fields: dict[str, object] = {"seconds": f"{now_s - self._missing_since_s:.0f}"}
            self.happened.emit(Happening("Sound is back after {seconds} s", fields))
            self._missing_since_s = None
        if alarm is None:
            return
        if self._missing_since_s is None:
            self._missing_since_s = now_s - alarm.lasted_s
        missing_s = now_s - self._missing_since_s
        if alarm.remedy is Remedy.NEW_PROCESS:
            # Which is told as every end of a process is.
            self._player.renew(AudioSilent(seconds=missing_s))
        elif alarm.trouble is Trouble.SILENT:
            self._player.play_on()
            fields = {"seconds": f"{missing_s:.0f}"}
            self.happened.emit(Happening("No sound for {seconds} s: the loop was started again", fields, "warning"))
        # A device that stalled is the audio process's to replace, a process that hangs is noticed by its heart: the
        # first alarm leaves them the time.
