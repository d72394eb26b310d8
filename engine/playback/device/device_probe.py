# SPDX-License-Identifier: GPL-3.0-or-later
"""The device probe is a process that lists devices anew while the audio process plays: PortAudio cannot do both in one.

Run as ``python -m engine.playback.device.device_probe``: each message that it gets is answered by a tuple of
``OutputDevice``.
"""

from __future__ import annotations

import contextlib
import logging
import time

from engine.errors import DeviceError, WorkerDied
from engine.pipe import Pipe, child_connection
from engine.playback.device.devices import list_devices, refresh_devices
from engine.playback.device.jack import set_store_aside
from engine.processes import ChildProcess
from engine.values import OutputDevice

KEPT_S = 10.0
"""Seconds for which the probe's process is kept after it was last asked."""
ANSWER_LIMIT_S = 10.0

_log = logging.getLogger(__name__)


class DeviceProbe:
    """The probe's asking end is looked at now and then, and never waits for an answer."""

    def __init__(self) -> None:
        self._process: ChildProcess | None = None
        self._asked_at = 0.0
        self.is_asked = False

    def ask(self) -> None:
        """Have devices listed, unless a listing is under way."""
        if self.is_asked:
            return
        try:
            if self._process is None:
                self._process = ChildProcess("engine.playback.device.device_probe")
            self._process.send(None)
        except (OSError, WorkerDied):
            _log.exception("devices cannot be looked for")
            self.close()
            return
        self.is_asked, self._asked_at = True, time.monotonic()

    def take(self) -> tuple[OutputDevice, ...] | None:
        """Return the devices of the last listing, once; None while there is no answer."""
        if self._process is None:
            return None
        quiet_s = time.monotonic() - self._asked_at
        if not self._process.poll():
            if quiet_s > (ANSWER_LIMIT_S if self.is_asked else KEPT_S):
                if self.is_asked:
                    set_store_aside()
                self.close()
            return None
        try:
            devices: tuple[OutputDevice, ...] = self._process.receive()
        except WorkerDied as error:
            _log.info("%s", error)
            self.close()
            return None
        self.is_asked = False
        return devices

    def close(self) -> None:
        """End the probe's process."""
        self.is_asked = False
        process, self._process = self._process, None
        if process is not None:
            process.kill()


def _answer(pipe: Pipe) -> None:
    while True:
        pipe.receive()
        devices: tuple[OutputDevice, ...] = ()
        with contextlib.suppress(DeviceError):
            refresh_devices()
            devices = list_devices()
        pipe.send(devices)


def main() -> None:
    """Answer until the pipe's other end goes."""
    with contextlib.suppress(EOFError, OSError):
        _answer(child_connection())


if __name__ == "__main__":
    main()
