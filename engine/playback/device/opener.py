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

from engine.errors import DeviceError, InputError, NoInput
from engine.playback.commands import Open
from engine.playback.device.anchor import Anchor
from engine.playback.device.devices import list_devices, list_inputs, refresh_devices
from engine.playback.device.input_stream import InputStream
from engine.playback.device.stream import DeviceStream
from engine.playback.input_commands import OpenInput
from engine.tape import TapeWriter
from engine.values import OutputDevice
from engine.values.inputs import InputDevice

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


class InputTried(NamedTuple):
    """An input was tried: the stream, which has begun to take in, or why there is none."""

    asked: OpenInput
    stream: InputStream | None
    error: InputError | None


class InputClosed(NamedTuple):
    """An input was closed, as devices had to be listed anew."""

    stream: InputStream


class InputsListed(NamedTuple):
    """The inputs that PortAudio lists."""

    devices: tuple[InputDevice, ...]


class Opener:
    """The opener takes jobs from one other thread, which finds their outcomes in ``results``.

    A stream that was handed to ``close`` is nobody else's to touch.
    """

    def __init__(self) -> None:
        self.results: deque[Tried | NotStarted | Listed] = deque()
        self.input_results: deque[InputTried | InputClosed | InputsListed] = deque()
        self._anchor = Anchor()
        self._outputs: set[DeviceStream] = set()
        self._inputs: set[InputStream] = set()
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

    def open_input(self, asked: OpenInput) -> None:
        """Try an input, which begins to take in. Answered by ``InputTried``."""
        self._ask(lambda: self._open_input(asked))

    def close_input(self, stream: InputStream) -> None:
        """Give an input back."""
        self._ask(lambda: self._close_input(stream))

    def list_inputs(self) -> None:
        """List inputs, anew where no stream is open. Answered by ``InputsListed``."""
        self._ask(self._list_inputs)

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
            self._outputs.add(stream)
            self._anchor.hold((stream.device.host_api, stream.device.name), asked.latency_s)
        self.results.append(Tried(asked, stream, error))

    def _close(self, stream: DeviceStream, *, drain: bool) -> None:
        self._outputs.discard(stream)
        # A dead device may never let go; another is opened all the same.
        closer = threading.Thread(target=stream.close, kwargs={"drain": drain}, name="closer", daemon=True)
        closer.start()
        closer.join(CLOSE_LIMIT_S)
        self._closers.append(closer)

    def _refresh(self) -> None:
        """List devices anew, unless a device hangs, for which PortAudio's end would wait. Raises NoDevice."""
        for stream in list(self._inputs):
            self._close_input(stream)
            self.input_results.append(InputClosed(stream))
        self._closers = [one for one in self._closers if one.is_alive()]
        self._anchor.release()
        if not self._closers and self._anchor.is_clear:
            refresh_devices()

    def _open_input(self, asked: OpenInput) -> None:
        stream, error = _tried_input(asked)
        if stream is None and not self._outputs:
            # PortAudio lists devices once per initialisation, which would end what plays.
            try:
                self._refresh()
                stream, error = _tried_input(asked)
            except DeviceError as missing:
                error = NoInput(device="", detail=str(missing.fields.get("detail", missing)))
        if stream is not None:
            self._inputs.add(stream)
        self.input_results.append(InputTried(asked, stream, error))

    def _close_input(self, stream: InputStream) -> None:
        self._inputs.discard(stream)
        closer = threading.Thread(target=stream.close, name="closer", daemon=True)
        closer.start()
        closer.join(CLOSE_LIMIT_S)
        self._closers.append(closer)

    def _list_inputs(self) -> None:
        try:
            if not self._outputs and not self._inputs:
                self._refresh()
            self.input_results.append(InputsListed(list_inputs()))
        except DeviceError as error:
            _log.info("no inputs to list: %s", error)
            self.input_results.append(InputsListed(()))

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


def _tried_input(asked: OpenInput) -> tuple[InputStream | None, InputError | None]:
    writer = TapeWriter(asked.tape)
    stream: InputStream | None = None
    try:
        stream = InputStream(
            asked.device, asked.side, sample_rate=writer.sample_rate, latency_s=asked.latency_s, gain=asked.gain
        )
        stream.attach(writer)
        stream.start()
    except InputError as error:
        if stream is not None:
            stream.close()
        return None, error
    return stream, None


def _tried(asked: Open, device: tuple[str, str] | None) -> tuple[DeviceStream | None, DeviceError | None]:
    try:
        return DeviceStream(device, sample_rate=asked.sample_rate, latency_s=asked.latency_s), None
    except DeviceError as error:
        return None, error
