# SPDX-License-Identifier: GPL-3.0-or-later
"""What pulls sound out of the mixer: a PortAudio stream, or a silent clock where there is no device."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import Any

import numpy as np

from engine.errors import DeviceError
from engine.playback.devices import device_index
from engine.playback.mixer import Mixer

MAX_CHANNELS = 2
CLOCK_BLOCK_S = 0.02
CLOCK_CATCH_UP_S = 1.0
"""A silent clock that fell behind by more than this (a suspended machine) goes on from where it is."""
_DAC_TIME_SANE_S = 2.0
_CALLBACK_PRIORITY = 5


class DeviceStream:
    """A PortAudio output stream: made open, then given the mixer that fits its rate and channels, then started.

    Parameters
    ----------
    device
        (host API, name), or None for the default.
    sample_rate
        Hz, wished; where the device refuses it, ``self.sample_rate`` is the device's own.
    latency_s
        Asked for; ``self.latency_s`` is what the device reports.

    Raises
    ------
    NoDevice, DeviceError
    """

    def __init__(self, device: tuple[str, str] | None, *, sample_rate: int, latency_s: float) -> None:
        index, found = device_index(device)
        import sounddevice

        self.name = found.name
        self.n_channels = min(MAX_CHANNELS, found.n_channels)
        self.xruns = 0
        self.n_callbacks = 0
        self._busy_s = 0.0
        self._asked_s = 0.0
        self._load, self._load_since = 0.0, (0.0, 0.0)
        self._mixer: Mixer | None = None
        self._first_sample, self._dac_time = 0, 0.0
        self._heard = 0
        self.is_started = False
        error: Exception | None = None
        for rate in dict.fromkeys((sample_rate, found.default_sample_rate)):
            try:
                self._stream = sounddevice.OutputStream(
                    samplerate=rate,
                    device=index,
                    channels=self.n_channels,
                    dtype="float32",
                    latency=latency_s,
                    clip_off=True,
                    dither_off=True,
                    callback=self._callback,
                )
            except sounddevice.PortAudioError as refused:
                error = refused
            else:
                self.sample_rate = rate
                self.latency_s = float(self._stream.latency)
                return
        raise DeviceError(device=self.name, detail=str(error)) from error

    def attach(self, mixer: Mixer) -> None:
        """Pull from ``mixer`` (of this stream's rate and channels) once started."""
        self._mixer = mixer
        self._heard = self._first_sample = mixer.rendered_samples

    def start(self) -> None:
        """Pull from now on. A stream started before there is music fills its buffer with silence, to be heard first.

        Raises DeviceError.
        """
        import sounddevice

        self.is_started = True
        try:
            self._stream.start()
        except sounddevice.PortAudioError as error:
            self.close()
            raise DeviceError(device=self.name, detail=str(error)) from error

    def _callback(self, out: Any, n_samples: int, times: Any, status: Any) -> None:
        # Only mixes, copies and counts.
        started = time.perf_counter()
        mixer = self._mixer
        if self.n_callbacks == 0:
            _raise_thread_priority()
        first_sample = mixer.rendered_samples  # type: ignore[union-attr]
        mixer.render(out)  # type: ignore[union-attr]
        self._first_sample, self._dac_time = first_sample, times.outputBufferDacTime
        if status.output_underflow or status.output_overflow:
            self.xruns += 1
        self.n_callbacks += 1
        self._busy_s += time.perf_counter() - started
        self._asked_s += n_samples / self.sample_rate

    @property
    def is_active(self) -> bool:
        import sounddevice

        try:
            return bool(self._stream.active)
        except sounddevice.PortAudioError:
            return False

    def heard_sample(self) -> int:
        """Which of the mixer's samples is at the listener's ear now; never goes back."""
        assert self._mixer is not None
        if not self.n_callbacks:
            return self._heard
        first_sample, behind_s = self._first_sample, self._dac_time - float(self._stream.time)
        if not -_DAC_TIME_SANE_S < behind_s < _DAC_TIME_SANE_S:
            behind_s = self.latency_s
        heard = first_sample - round(behind_s * self.sample_rate)
        self._heard = max(self._heard, min(heard, self._mixer.rendered_samples))
        return self._heard

    def take_load(self) -> float:
        """Share of real time the callback used since the last call (or lately, if it was not called), in [0, 1]."""
        busy_s, asked_s = self._busy_s - self._load_since[0], self._asked_s - self._load_since[1]
        if asked_s > 0.0:
            self._load = min(1.0, busy_s / asked_s)
            self._load_since = (self._load_since[0] + busy_s, self._load_since[1] + asked_s)
        return self._load

    def close(self, *, drain: bool = False) -> None:
        """Give the device back; ``drain`` lets what was rendered be heard first."""
        # A vanished device may refuse anything: it is closed all the same.
        with contextlib.suppress(Exception):
            if drain:
                self._stream.stop(ignore_errors=True)
        with contextlib.suppress(Exception):
            self._stream.close(ignore_errors=True)


class SilentClock:
    """Pulls from the mixer at the pace of real time and throws it away, so that the music goes on unheard.

    ``speed`` times faster than life: for measuring hours in minutes.
    """

    name = ""
    latency_s = 0.0
    xruns = 0
    is_active = True

    def __init__(self, mixer: Mixer, *, speed: float = 1.0) -> None:
        self.sample_rate = mixer.sample_rate
        self.n_callbacks = 0
        self._mixer = mixer
        self._speed = speed
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="silent-clock", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        scratch = np.zeros((max(1, round(CLOCK_BLOCK_S * self.sample_rate)), self._mixer.n_channels), dtype=np.float32)
        block_s = len(scratch) / self.sample_rate / self._speed
        due = time.monotonic()
        while not self._ending.is_set():
            self._mixer.render(scratch)
            self.n_callbacks += 1
            due += block_s
            late = time.monotonic() - due
            if late > CLOCK_CATCH_UP_S:
                due += late
            self._ending.wait(max(0.0, -late))

    def heard_sample(self) -> int:
        return self._mixer.rendered_samples

    def take_load(self) -> float:
        return 0.0

    def close(self, *, drain: bool = False) -> None:  # noqa: ARG002  # nothing is heard, so nothing drains
        self._ending.set()
        self._thread.join()


def _raise_thread_priority() -> None:
    """Let the calling thread go before ordinary ones, where the system permits it."""
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_CALLBACK_PRIORITY))
