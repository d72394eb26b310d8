# SPDX-License-Identifier: GPL-3.0-or-later
"""The opener is a thread for every PortAudio call that a slow or dead device may hold up, one after the other."""

from __future__ import annotations

import gc
import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from engine.errors import DeviceError
from engine.playback.commands import Open
from engine.playback.device.anchor import Anchor
from engine.playback.device.devices import list_devices, refresh_devices
from engine.playback.device.stream import DeviceStream
from engine.values import OutputDevice

CLOSE_LIMIT_S = 1.0
"""Seconds for which a device may take to close; it takes its latency, and some tens of milliseconds."""

_log = logging.getLogger(__name__)


class Tried(NamedTuple):
    """A device was tried: the open stream, not started, if there is one; and why it is not the asked-for one."""

    asked: Open
    stream: DeviceStream | None
    error: DeviceError | None


class NotStarted(NamedTuple):
    """A stream refused to start."""

    stream: DeviceStream
    error: DeviceError


class Listed(NamedTuple):
    """The devices that PortAudio lists."""

    devices: tuple[OutputDevice, ...]


class Opener:
    """The opener takes jobs from one other thread, which finds their outcomes in ``results``.

    A stream that was handed to ``close`` is nobody else's to touch.
    """

    def __init__(self) -> None:
        self.results: deque[Tried | NotStarted | Listed] = deque()
        self._anchor = Anchor()
        self._closers: list[threading.Thread] = []
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._n_asked = 0
        self._n_done = 0
        threading.Thread(target=self._run, name="opener", daemon=True).start()

    @property
    def is_busy(self) -> bool:
        """Return whether a job is not done yet."""
        return self._n_done < self._n_asked

    def open(self, asked: Open, *, alone: bool, may_stand_in: bool) -> None:
        """Try the asked-for device. Answered by ``Tried``.

        ``alone``: no stream is open, but what was handed to ``close``; then devices are listed anew where the
        asked-for one is not found, and if it ``may_stand_in`` the default stands in for a named one that is not there.
        """
        self._ask(lambda: self._open(asked, alone=alone, may_stand_in=may_stand_in))

    def expect(self, device: tuple[str, str] | None, latency_s: float) -> None:
        """Have this device ready to be opened and to sound at once."""
        self._ask(lambda: self._anchor.hold(device, latency_s))

    def start(self, stream: DeviceStream) -> None:
        """Start a stream. Answered, where it fails, by ``NotStarted``."""
        self._ask(lambda: self._start(stream))

    def close(self, stream: DeviceStream, *, drain: bool) -> None:
        """Give a device back; ``drain`` lets what was rendered be heard first."""
        self._ask(lambda: self._close(stream, drain=drain))

    def list(self) -> None:
        """List devices anew; no stream may be open but those handed to ``close``. Answered by ``Listed``."""
        self._ask(self._list)

    def _ask(self, job: Callable[[], None]) -> None:
        self._n_asked += 1
        self._jobs.put(job)

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            except Exception:  # noqa: BLE001
                # The thread's boundary: a fault in one job must not end the others.
                _log.exception("a device's job failed")
            del job
            # Streams and errors hold themselves, and nobody else collects; what is younger than the process is little.
            gc.collect()
            self._n_done += 1

    def _open(self, asked: Open, *, alone: bool, may_stand_in: bool) -> None:
        stream, error = _tried(asked, asked.device)
        if stream is None and alone:
            # PortAudio lists devices once per initialisation.
            try:
                self._refresh()
            except DeviceError as missing:
                self.results.append(Tried(asked, None, missing))
                return
            stream, error = _tried(asked, asked.device)
            if stream is None and asked.device is not None and may_stand_in:
                stream, _ = _tried(asked, None)
        if stream is not None:
            self._anchor.hold((stream.device.host_api, stream.device.name), asked.latency_s)
        self.results.append(Tried(asked, stream, error))

    def _close(self, stream: DeviceStream, *, drain: bool) -> None:
        # A dead device may never let go; another is opened all the same.
        closer = threading.Thread(target=stream.close, kwargs={"drain": drain}, name="closer", daemon=True)
        closer.start()
        closer.join(CLOSE_LIMIT_S)
        self._closers.append(closer)

    def _refresh(self) -> None:
        """List devices anew, unless a device hangs, for which PortAudio's end would wait. Raises NoDevice."""
        self._closers = [one for one in self._closers if one.is_alive()]
        self._anchor.release()
        if not self._closers and self._anchor.is_clear:
            refresh_devices()

    def _start(self, stream: DeviceStream) -> None:
        try:
            stream.start()
        except DeviceError as error:
            self.results.append(NotStarted(stream, error))

    def _list(self) -> None:
        try:
            self._refresh()
            self.results.append(Listed(list_devices()))
        except DeviceError as error:
            _log.info("no devices to list: %s", error)
            self.results.append(Listed(()))


def _tried(asked: Open, device: tuple[str, str] | None) -> tuple[DeviceStream | None, DeviceError | None]:
    try:
        return DeviceStream(device, sample_rate=asked.sample_rate, latency_s=asked.latency_s), None
    except DeviceError as error:
        return None, error
