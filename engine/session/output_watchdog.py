# SPDX-License-Identifier: GPL-3.0-or-later
"""The output watchdog acts when music should be heard and is not."""

from __future__ import annotations

from collections.abc import Callable

from psygnal import Signal

from engine.errors import AudioSilent
from engine.recording.messages import Heard
from engine.session.leading import Led
from engine.session.options import Happening
from engine.session.ports import Clock, Player
from engine.session.running import Running
from engine.session.watchdog import Remedy, Trouble, Watchdog, longest_silence_s
from engine.values import BakedLoop
from engine.values.audio import STUDIO_SAMPLE_RATE


class OutputWatchdog:
    """The output watchdog has what comes out judged, and does what the judgement says.

    Signals
    -------
    happened(Happening)

    Parameters
    ----------
    duck
        The linear gain of the music beneath what else is heard: music that is ducked has not fallen silent.
    """

    happened = Signal(object)

    def __init__(self, player: Player, running: Running, clock: Clock, duck: Callable[[], float] = lambda: 1.0) -> None:
        self._player = player
        self._running = running
        self._clock = clock
        self._duck = duck
        self._judgement = Watchdog(STUDIO_SAMPLE_RATE)
        self._silence_s = 0.0
        self._missing_since_s: float | None = None

    def on_led(self, led: Led) -> None:
        """Watch over another loop."""
        self.follow(led.now.baked)

    def follow(self, loop: BakedLoop) -> None:
        """Watch over this loop as it is baked now; its own silences are no trouble."""
        self._silence_s = longest_silence_s(loop)

    def hear(self, heard: Heard) -> None:
        """Take in what came out."""
        now_s, should_play = self._clock.now_s(), self._running.should_be_heard
        alarm = self._judgement.hear(
            now_s,
            n_frames=heard.n_frames,
            peak=heard.peak,
            should_play=should_play and not self._player.is_opening,
            gain=self._player.gain * self._duck(),
            longest_silence_s=self._silence_s,
        )
        if not should_play:
            self._missing_since_s = None
        if self._missing_since_s is not None and self._judgement.hears_music:
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
