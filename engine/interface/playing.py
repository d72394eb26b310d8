# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays a loop in the background, in an audio process of its own, while a script or a notebook goes on."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.dsp.mixdown import mix_down
from engine.errors import DeviceError, StudioError
from engine.playback import commands
from engine.playback.file.streaming import Streamer
from engine.playback.player import Player
from engine.values import BakedLoop

LATENCY_S = 0.2
STOP_FADE_MS = 100.0
_POLL_S = 0.05
_STOP_LIMIT_S = 5.0


class Playing:
    """A loop that plays until ``stop``, or to the end of a ``with`` block; it ends with the program at the latest.

    Parameters
    ----------
    device
        Part of the name of a sound output, as “infiniloop devices” lists it; None is the default.

    Attributes
    ----------
    error
        Why nothing is heard now: the device is gone, and comes back by itself, or the audio process died. None where
        all is well.

    Raises
    ------
    DeviceError, UnknownChoice, WorkerHung, WorkerDied
        No sound can be played.
    """

    def __init__(self, loop: BakedLoop, device: str | None = None) -> None:
        self.error: StudioError | None = None
        with Path(os.devnull).open("w", encoding="utf-8") as nothing:
            # Its messages are no words for a notebook; what matters of them comes as an error.
            self._player = Player(log=nothing)
        try:
            streamer = Streamer(self._player)
            place = None if device is None else streamer.device_named(device)
            streamer.open(place, sample_rate=loop.sample_rate, latency_s=LATENCY_S)
            self._player.play(1, _playable(loop), fade_ms=0.0)
        except BaseException:
            self._player.close()
            raise
        self._is_to_end = threading.Event()
        # From here on the player is this thread's alone.
        self._thread = threading.Thread(target=self._attend, name="playing", daemon=True)
        self._thread.start()

    @property
    def is_playing(self) -> bool:
        """Return whether it has not been stopped, by anything."""
        return self._thread.is_alive() and not self._is_to_end.is_set()

    def stop(self) -> None:
        """Fade out, and return when that was heard; once more does nothing."""
        self._is_to_end.set()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def _attend(self) -> None:
        try:
            while not self._is_to_end.is_set():
                self._take(_POLL_S)
            self._player.stop(STOP_FADE_MS)
            for _ in range(round(_STOP_LIMIT_S / _POLL_S)):
                if isinstance(self._take(_POLL_S), commands.Stopped):
                    return
        except StudioError as error:
            self.error = error
        finally:
            self._player.close()

    def _take(self, timeout_s: float) -> commands.Message | None:
        if not self._player.poll(timeout_s):
            return None
        message = self._player.receive()
        if isinstance(message, commands.DeviceLost):
            self.error = message.error
        elif isinstance(message, commands.Opened) and isinstance(self.error, DeviceError):
            self.error = None
        return message


def _playable(loop: BakedLoop) -> BakedLoop:
    """Return the loop in at most two channels."""
    samples = mix_down(loop.samples)
    if samples is loop.samples:
        return loop
    return BakedLoop(samples, loop.sample_rate, loop.region, loop.overlap_samples, loop.correlation, loop.limit)
