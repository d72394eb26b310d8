# SPDX-License-Identifier: GPL-3.0-or-later
"""The player: the audio process as its parent holds it. Commands in, messages out; no Qt, no sound library."""

from __future__ import annotations

from typing import IO

from engine.playback import commands
from engine.processes import ChildProcess
from engine.values import BakedLoop


class Player:
    """Starts the audio process; ``close`` ends it. Every method raises WorkerDied if it is gone.

    While sound (or silence) flows, a ``PlaybackSnapshot`` comes 50 times a second; after five silent seconds the device
    is given back and nothing comes until the next ``play``. A parent that does not read misses snapshots, nothing else.
    """

    def __init__(self, *, log: IO[str] | None = None) -> None:
        self._process = ChildProcess("engine.playback.audio_process", log=log)

    def open(
        self,
        device: tuple[str, str] | None,
        *,
        sample_rate: int,
        latency_s: float,
        silent: bool = False,
        speed: float = 1.0,
    ) -> None:
        """Play on this device from now on (see ``commands.Open``). Must come before the first ``play``.

        Answered by ``Opened``; if there is no sound, by ``DeviceLost`` and, once the device is there, ``Opened``.
        """
        self._process.send(commands.Open(device, sample_rate, latency_s, silent, speed))

    def play(self, loop_id: int, loop: BakedLoop, *, fade_ms: float) -> None:
        """Play a loop from its start, at once, fading out whatever plays."""
        self._process.send(commands.Play(loop_id, loop, fade_ms))

    def replace(self, loop_id: int, loop: BakedLoop) -> None:
        """Go on with a re-baked loop of the same clip, keeping the place in the clip."""
        self._process.send(commands.Replace(loop_id, loop))

    def take_over(self, loop_id: int, loop: BakedLoop, *, overlap_ms: float, entries: tuple[int, ...] = ()) -> None:
        """At the leading loop's next seam, blend into this loop; ``TookOver`` tells when its middle was heard."""
        self._process.send(commands.TakeOver(loop_id, loop, overlap_ms, entries))

    def set_volume(self, gain: float) -> None:
        """Linear gain in [0, 1]."""
        self._process.send(commands.SetVolume(gain))

    def stop(self, fade_ms: float) -> None:
        """Fade everything out; ``Stopped`` tells when its end was heard."""
        self._process.send(commands.Stop(fade_ms))

    def close_device(self) -> None:
        """Give the device back; the next ``open`` takes it again."""
        self._process.send(commands.Close())

    def list_devices(self) -> None:
        """Ask for ``commands.Devices``."""
        self._process.send(commands.ListDevices())

    def fileno(self) -> int:
        """For a select or a socket notifier: readable when a message waits."""
        return self._process.fileno()

    def poll(self, timeout_s: float = 0.0) -> bool:
        """Whether ``receive`` would return at once."""
        return self._process.poll(timeout_s)

    def receive(self) -> commands.Message:
        """The next message. Raises WorkerDied."""
        message: commands.Message = self._process.receive()
        return message

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        """Fade out, give the device back, end the process."""
        self._process.close()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
