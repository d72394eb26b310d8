# SPDX-License-Identifier: GPL-3.0-or-later
"""The inlet is where sound comes in: the asked-for device, tried again where it is gone, onto the input's tape."""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.errors import InputError
from engine.playback.device.beside import Monitor
from engine.playback.device.howl import BACK_SAMPLES, LOOK_S, LOOK_SAMPLES, HowlGuard
from engine.playback.device.input_stream import InputStream, Stamp
from engine.playback.device.opener import InputClosed, InputsListed, InputTried, Opener
from engine.playback.input_commands import InputLost, InputMessage, InputOpened, Inputs, MonitorClosed, OpenInput
from engine.shared import SharedBlock
from engine.tape import TapeReader
from engine.units import amplitude_to_db
from engine.values.inputs import InputSnapshot

STALLED_S, SETTLE_S = 0.8, 2.5
"""Seconds beyond its latency without a piece after which a stream is dead, and after which a new one is."""
RETRY_S, LAST_RETRY_S = 0.5, 4.0
"""Seconds between tries to get a lost input back, at first and in the end."""
ALIGNED_LOOKS, LEAST_LOOKS = 100, 25
"""Number of looks, 50 a second, whose median says how the input's tape lies to the output's, and the fewest."""
_BEHIND_SHARE, _BEHIND_S = 0.5, 0.006
_NEAR_SHARE = 0.4
_MONITOR_NAMES = ("monitor of ", ".monitor")


@dataclass(frozen=True, slots=True)
class Heard:
    """The outlet says this of a moment: the output tape's frame that was heard at it, and of which stream that is."""

    frame: float
    stream: object


FrameAt = Callable[[float], Heard | None]
"""Returns what was heard at a time of PortAudio's clock; None where nothing was."""


class Inlet:
    """The inlet holds at most one stream, and tells of it by ``tell``; all calls come from one thread."""

    def __init__(self, opener: Opener, tell: Callable[[InputMessage], None]) -> None:
        self._opener, self._tell = opener, tell
        self._asked: OpenInput | None = None
        self._stream: InputStream | None = None
        self._is_trying = False
        self._is_lost = False
        self._retry_at, self._retry_s = 0.0, RETRY_S
        self._last_pieces = (0, 0)
        self._levels = (0.0, 0.0)
        self._aheads: deque[float] = deque(maxlen=ALIGNED_LOOKS)
        self._beside: object = None
        self._stamp: Stamp | None = None
        self._guard = HowlGuard(0)
        self._look_at = 0.0
        self.monitor: Monitor | None = None
        """Has the input be heard; None where none was asked for."""
        self.played: SharedBlock | None = None
        """The output's tape, if there is one."""

    # --- what is asked for --------------------------------------------------------------------------------------------

    def open(self, asked: OpenInput) -> None:
        """Take in from this device from now on."""
        self._release()
        self._asked, self._is_lost, self._retry_s = asked, False, RETRY_S
        rate = TapeReader(asked.tape).sample_rate
        behind = round((_BEHIND_SHARE * asked.latency_s + _BEHIND_S) * rate)
        self.monitor = Monitor(asked.tape, behind)
        self._guard = HowlGuard(round(_NEAR_SHARE * (behind + asked.latency_s * rate)))
        self._try()

    def close(self) -> None:
        """Give the device back."""
        self._release()
        self._asked = self.monitor = None

    def set_gain(self, gain: float) -> None:
        """Take in louder or softer."""
        asked = self._asked
        if asked is not None:
            self._asked = OpenInput(asked.device, asked.side, gain, asked.latency_s, asked.tape)
        if self._stream is not None:
            self._stream.gain = gain

    def hear(self, *, is_heard: bool) -> None:
        """Have the input be heard, or not; what is an output's own monitor never is."""
        if self.monitor is None:
            return
        name = "" if self._stream is None else self._stream.name.lower()
        if is_heard and any(one in name for one in _MONITOR_NAMES):
            self._tell(MonitorClosed())
            return
        self._guard.begin()
        self.monitor.open(is_open=is_heard)

    def list(self) -> None:
        """Have the inputs be told."""
        self._opener.list_inputs()

    # --- what is ------------------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Return whether an input is asked for."""
        return self._asked is not None

    def snapshot(self) -> InputSnapshot | None:
        """Return what comes in since the last call; None where nothing was asked for, or there is no device."""
        stream = self._stream
        if stream is None or self.monitor is None:
            return None
        peak, rms = stream.take_levels()
        ahead = round(statistics.median(self._aheads)) if len(self._aheads) >= LEAST_LOOKS else None
        levels = amplitude_to_db(peak), amplitude_to_db(rms)
        return InputSnapshot(stream.name, *levels, stream.n_lost, stream.latency_s, ahead, self.monitor.is_open)

    # --- what happens -------------------------------------------------------------------------------------------------

    def take_results(self) -> None:
        """Go on with what the opener found; to be called often."""
        while self._opener.input_results:
            result = self._opener.input_results.popleft()
            match result:
                case InputTried():
                    self._on_tried(result)
                case InputClosed(stream):
                    if stream is self._stream:
                        # Devices were listed anew: it is opened again at once.
                        self._stream = None
                        self._retry_at = 0.0
                case InputsListed(devices):
                    self._tell(Inputs(devices))

    def watch(self, frame_at: FrameAt) -> None:
        """Notice a dead stream, try for a lost device, hear a howl; to be called 50 times a second."""
        now, stream = time.monotonic(), self._stream
        if self._asked is None:
            return
        if self._is_trying and not self._opener.is_busy and not self._opener.input_results:
            # The try broke down: its fault is in the log. It is tried again like any other that failed.
            self._is_trying = False
            self._lose(InputError(device="", detail="the attempt to open it failed"))
        if stream is None:
            if not self._is_trying and now >= self._retry_at:
                self._try()
            return
        if self._is_dead(stream):
            self._release()
            self._lose(InputError(device=stream.name, detail="it is gone or gives no sound any more"))
            return
        self._align(stream, frame_at)
        if self.monitor is not None and self.monitor.is_open and now >= self._look_at:
            self._look_at = now + LOOK_S
            self._listen(self._asked, self.monitor)

    def _align(self, stream: InputStream, frame_at: FrameAt) -> None:
        stamp = stream.stamp
        if stamp is None or stamp is self._stamp:
            return
        self._stamp = stamp
        heard = frame_at(stamp.time_s)
        if heard is None:
            return
        if heard.stream is not self._beside:
            self._beside = heard.stream
            self._aheads.clear()
        self._aheads.append(heard.frame - stamp.frame)

    def _listen(self, asked: OpenInput, monitor: Monitor) -> None:
        tape = TapeReader(asked.tape)
        end = tape.n_written
        if end < BACK_SAMPLES:
            return
        samples = np.zeros((BACK_SAMPLES, 2), dtype=np.float32)
        tape.copy(end - BACK_SAMPLES, samples)
        howls = self._guard.howls(samples[-LOOK_SAMPLES:])
        if not howls and self.played is not None and len(self._aheads) >= LEAST_LOOKS:
            played, first = TapeReader(self.played), end - BACK_SAMPLES + round(statistics.median(self._aheads))
            if 0 <= first <= played.n_written - BACK_SAMPLES:
                there = np.zeros_like(samples)
                played.copy(first, there)
                howls = self._guard.comes_back(samples, there)
        if howls:
            monitor.open(is_open=False)
            self._tell(MonitorClosed())

    def _is_dead(self, stream: InputStream) -> bool:
        # Counted in rounds, not in seconds: a machine that stands still stops both.
        n_pieces, rounds = self._last_pieces
        rounds = rounds + 1 if stream.n_callbacks == n_pieces else 0
        self._last_pieces = (stream.n_callbacks, rounds)
        if stream.n_callbacks and not stream.is_active:
            return True
        return rounds > ((STALLED_S if stream.n_callbacks else SETTLE_S) + stream.latency_s) * 50.0

    def _try(self) -> None:
        assert self._asked is not None
        if not self._is_trying:
            self._is_trying = True
            self._opener.open_input(self._asked)

    def _on_tried(self, result: InputTried) -> None:
        self._is_trying = False
        if result.asked is not self._asked:
            # Another was asked for meanwhile, or none.
            if result.stream is not None:
                self._opener.close_input(result.stream)
            return
        if result.stream is None:
            assert result.error is not None
            self._lose(result.error)
            return
        self._stream = result.stream
        self._stream.gain = result.asked.gain
        self._last_pieces = (0, 0)
        self._aheads.clear()
        self._is_lost, self._retry_s = False, RETRY_S
        self._tell(InputOpened(result.stream.name, result.stream.sample_rate, result.stream.latency_s))

    def _lose(self, error: InputError) -> None:
        self._retry_at = time.monotonic() + self._retry_s
        self._retry_s = min(2.0 * self._retry_s, LAST_RETRY_S)
        if not self._is_lost:
            self._is_lost = True
            self._tell(InputLost(error))

    def _release(self) -> None:
        stream, self._stream = self._stream, None
        if self.monitor is not None:
            self.monitor.open(is_open=False)
        if stream is not None:
            stream.detach()
            self._opener.close_input(stream)
