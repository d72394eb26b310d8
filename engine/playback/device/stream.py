# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds what pulls the feed: a PortAudio stream, or a silent clock where there is no device."""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from typing import Any

import numpy as np

from engine.errors import DeviceError
from engine.playback.device import priority
from engine.playback.device.devices import device_index
from engine.playback.device.feed import Adapter, Feed

MAX_CHANNELS = 2
PIECE_S = 0.01
"""Longest piece in seconds that a callback asks for: a command waits no longer for the next callback."""
SETTLING_S = 0.1
"""Seconds of sound beyond its buffer that a stream must take before it counts as playing."""
LEAD_S = 0.03
"""Seconds of silence ahead of the music where a stream starts with an empty buffer, which a server plays at once."""
LATE_S = 0.003
"""Seconds after all given sound was heard from which on a callback is late and sound was lost, underrun told or not."""
CLOCK_BLOCK_S = 0.01
CLOCK_CATCH_UP_S = 1.0
"""Seconds by which a silent clock may fall behind and still catch up; after more (a suspended machine) it goes on."""
_MOST_CLOCK_SAMPLES = 4096
_MOST_PERIODS = 32
_DAC_TIME_SANE_S = 2.0
_FIRST_CALLBACK_LIMIT_S, _FIRST_CALLBACK_LOOK_S = 1.0, 0.002
_DETACH_LIMIT_S = 0.2
_DRY_LOOK_S = 0.002
_DRY_LATE_S = 0.02
"""Seconds that a stream runs on after its clock says all was heard: a server only estimates that clock.

Closed by the clock alone, 2 ms of the music were lost now and then.
"""
_DRY_MARGIN_S = 0.1


class DeviceStream:
    """A PortAudio output stream, made open, then attached to a feed, then started.

    Parameters
    ----------
    device
        (host API, name), or None for the default.
    sample_rate
        Hz, asked for; where the device refuses it, ``self.sample_rate`` is the device's own.
    latency_s
        Asked for; ``self.latency_s`` is what the device reports.

    Raises
    ------
    NoDevice, DeviceError
    """

    def __init__(self, device: tuple[str, str] | None, *, sample_rate: int, latency_s: float) -> None:
        index, found = device_index(device)
        import sounddevice

        self.device = found
        self.name = found.name
        self.n_channels = min(MAX_CHANNELS, found.n_channels)
        self.xruns = 0
        self.n_callbacks = 0
        self._busy_s = 0.0
        self._asked_s = 0.0
        self._load, self._load_since = 0.0, (0.0, 0.0)
        self._adapter: Adapter | None = None
        self._gate = threading.Lock()
        self._first_sample, self._dac_time, self._dry_time = 0, 0.0, 0.0
        self._heard, self._called_at = 0, 0.0
        self._lead_samples: int | None = None
        self._thread_id: int | None = None
        self.is_started = False
        """Whether the stream was told to start; set by the caller that starts it."""
        divide_buffer(latency_s)
        error: Exception | None = None
        for rate in dict.fromkeys((sample_rate, found.default_sample_rate)):
            try:
                # No block size: with one, PortAudio's pieces come in bursts and its buffer grows beyond what was asked.
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

    def attach(self, feed: Feed) -> None:
        """Pull from ``feed`` from now on; nothing else may."""
        adapter = Adapter(feed, self.sample_rate, self.n_channels)
        self._heard = self._first_sample = feed.n_pulled
        self._adapter = adapter

    def detach(self) -> None:
        """Stop pulling: once this returns, silence follows what was pulled."""
        # The callback never waits for the gate; only one that hangs would be waited for in vain.
        is_mine = self._gate.acquire(timeout=_DETACH_LIMIT_S)
        self._adapter = None
        if is_mine:
            self._gate.release()

    def start(self) -> None:
        """Start to pull. A stream started before there is music fills its buffer with silence, to be heard first.

        Raises DeviceError.
        """
        import sounddevice

        priority.hurry_carriers()
        try:
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise DeviceError(device=self.name, detail=str(error)) from error
        threading.Thread(target=self._hurry, name="hurry", daemon=True).start()

    def _is_late(self, now_s: float) -> bool:
        """Return whether all given sound was heard before now: PipeWire plays silence then, and tells no underrun."""
        since_s, self._called_at = now_s - self._called_at, now_s
        # After a stall what is given is soon heard, for a while: one that comes at once is not late again.
        return 0.0 < self._dry_time < now_s - LATE_S and since_s > 0.5 * self.latency_s

    def _hurry(self) -> None:
        """Have the callback's thread go first, and those that carry its samples on, once they are there."""
        give_up = time.monotonic() + _FIRST_CALLBACK_LIMIT_S
        while self._thread_id is None:
            if time.monotonic() > give_up:
                return
            time.sleep(_FIRST_CALLBACK_LOOK_S)
        priority.hurry_all(self._thread_id)

    def _callback(self, out: Any, n_samples: int, times: Any, status: Any) -> None:
        # Only mixes, copies and counts.
        started = time.perf_counter()
        if self.n_callbacks == 0:
            self._thread_id = threading.get_native_id()
            priority.hurry(self._thread_id)
        n_silent = self._take_lead(n_samples, times.outputBufferDacTime - times.currentTime)
        adapter, is_late = None, False
        if n_silent < n_samples and self._gate.acquire(blocking=False):
            adapter = self._adapter
            if adapter is not None:
                is_late = self._is_late(times.currentTime)
                first_sample = adapter.n_given
                out[:n_silent] = 0.0
                adapter.pull(out[n_silent:])
                self._first_sample = first_sample
                self._dac_time = times.outputBufferDacTime + n_silent / self.sample_rate
                self._dry_time = times.outputBufferDacTime + n_samples / self.sample_rate
            self._gate.release()
        if adapter is None:
            out.fill(0.0)
        elif is_late or status.output_underflow or status.output_overflow:
            self.xruns += 1
        self.n_callbacks += 1
        self._busy_s += time.perf_counter() - started
        self._asked_s += n_samples / self.sample_rate

    def _take_lead(self, n_samples: int, waiting_s: float) -> int:
        """Return how many of the next samples are silence ahead of the music, of which ``waiting_s`` wait already.

        A sound server plays the first piece as soon as it has it (PortAudio fills only what it can map with silence).
        Where the second came late, a piece of the music was heard, then nothing for some pieces, then the rest.
        """
        if self._lead_samples is None:
            lead_s = min(LEAD_S, self.latency_s) - max(0.0, waiting_s)
            self._lead_samples = max(0, round(lead_s * self.sample_rate))
        n_silent = min(n_samples, self._lead_samples)
        self._lead_samples -= n_silent
        return n_silent

    @property
    def has_settled(self) -> bool:
        """Return whether the stream took more than its buffer holds; until then, a server may keep it waiting."""
        return self._asked_s > self.latency_s + SETTLING_S

    @property
    def is_active(self) -> bool:
        import sounddevice

        try:
            return bool(self._stream.active)
        except sounddevice.PortAudioError:
            return False

    def heard_sample(self) -> int:
        """Return which of the mixer's samples is at the listener's ear now; it never goes back."""
        adapter = self._adapter
        if adapter is None or not self.n_callbacks:
            return self._heard
        first_sample, behind_s = self._first_sample, self._dac_time - float(self._stream.time)
        if not -_DAC_TIME_SANE_S < behind_s < _DAC_TIME_SANE_S:
            behind_s = self.latency_s
        heard = first_sample - round(behind_s * adapter.feed.sample_rate)
        self._heard = max(self._heard, min(heard, adapter.feed.n_pulled))
        return self._heard

    def sample_at(self, time_s: float) -> float | None:
        """Return which of the mixer's samples is heard at a time of PortAudio's clock; None where that is not known."""
        adapter = self._adapter
        first_sample, dac_time = self._first_sample, self._dac_time
        if adapter is None or not dac_time or not -_DAC_TIME_SANE_S < dac_time - time_s < _DAC_TIME_SANE_S:
            return None
        return first_sample + (time_s - dac_time) * adapter.feed.sample_rate

    def take_load(self) -> float:
        """Return the share of real time that the callback used since the last call, or lately, in [0, 1]."""
        busy_s, asked_s = self._busy_s - self._load_since[0], self._asked_s - self._load_since[1]
        if asked_s > 0.0:
            self._load = min(1.0, busy_s / asked_s)
            self._load_since = (self._load_since[0] + busy_s, self._load_since[1] + asked_s)
        return self._load

    def close(self, *, drain: bool = False) -> None:
        """Give the device back; ``drain`` lets what was rendered be heard first, in a detached stream."""
        # A vanished device may refuse anything: it is closed all the same.
        with contextlib.suppress(Exception):
            if drain and self.n_callbacks:
                self._wait_until_dry()
        with contextlib.suppress(Exception):
            self._stream.close(ignore_errors=True)

    def _wait_until_dry(self) -> None:
        # Not by stopping it: PortAudio on ALSA throws away what waits ("snd_pcm_drain tends to lock up").
        give_up = time.monotonic() + self.latency_s + _DRY_MARGIN_S
        while float(self._stream.time) < self._dry_time + _DRY_LATE_S and time.monotonic() < give_up:
            time.sleep(_DRY_LOOK_S)


class SilentClock:
    """A silent clock pulls from a feed at the pace of real time, so that the music goes on unheard.

    ``speed`` times faster than life: for measuring hours in minutes.
    """

    name = ""
    latency_s = 0.0

    def __init__(self, feed: Feed, *, speed: float = 1.0) -> None:
        self.xruns = 0
        self.sample_rate = feed.sample_rate
        self._feed = feed
        self._speed = speed
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="silent-clock", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        n_samples = min(max(1, round(CLOCK_BLOCK_S * self._speed * self.sample_rate)), _MOST_CLOCK_SAMPLES)
        scratch = np.zeros((n_samples, self._feed.mixer.n_channels), dtype=np.float32)
        block_s = len(scratch) / self.sample_rate / self._speed
        due = time.monotonic()
        while not self._ending.is_set():
            self._feed.pull(scratch)
            due += block_s
            late = time.monotonic() - due
            if late > CLOCK_CATCH_UP_S:
                # Who listens to the tape had nothing meanwhile.
                self.xruns += 1
                due += late
            self._ending.wait(max(0.0, -late))

    def heard_sample(self) -> int:
        return self._feed.n_pulled

    def take_load(self) -> float:
        return 0.0

    def detach(self) -> None:
        """Stop pulling before this returns."""
        self._ending.set()
        self._thread.join()


def divide_buffer(latency_s: float) -> None:
    """Have PortAudio divide its next stream's buffer into pieces of at most ``PIECE_S``, where it can (ALSA).

    Its own choice is four. Powers of two: others make the buffer longer than asked.
    """
    import sounddevice

    n_periods = 4
    while n_periods < _MOST_PERIODS and latency_s / n_periods > PIECE_S:
        n_periods *= 2
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(sounddevice._libname).PaAlsa_SetNumPeriods(n_periods)
