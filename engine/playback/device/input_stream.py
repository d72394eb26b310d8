# SPDX-License-Identifier: GPL-3.0-or-later
"""An input stream is PortAudio's, from a device onto a tape."""

from __future__ import annotations

import contextlib
import threading
from typing import Any, NamedTuple

import numpy as np

from engine.errors import InputError
from engine.playback.device import priority
from engine.playback.device.devices import input_index
from engine.playback.device.stream import divide_buffer
from engine.tape import TAPE_CHANNELS, TapeWriter
from engine.values import FloatArray
from engine.values.inputs import InputSide

_MOST_SAMPLES = 8192
"""Number of samples of a device that are taken in one go."""
_ADC_TIME_SANE_S = 2.0


class Stamp(NamedTuple):
    """A stamp says when a frame of the tape was played, by PortAudio's clock."""

    frame: int
    time_s: float


class InputStream:
    """A stream that is made open, then attached to a tape, then started.

    Parameters
    ----------
    device
        (host API, name), or None for the default.
    sample_rate
        Hz, asked for, and that of the tape; where the device refuses it, what comes in is resampled (soxr).
    latency_s
        Asked for; ``self.latency_s`` is what the device reports.

    Attributes
    ----------
    n_lost
        How often sound was lost: the device overflowed.
    stamp
        Of the latest piece; None before the first.

    Raises
    ------
    NoInput, InputError
    """

    def __init__(
        self, device: tuple[str, str] | None, side: InputSide, *, sample_rate: int, latency_s: float, gain: float = 1.0
    ) -> None:
        index, found = input_index(device)
        import sounddevice

        self.device = found
        self.name = found.name
        self.gain = gain
        self.n_lost = 0
        self.n_callbacks = 0
        self.stamp: Stamp | None = None
        self._column = 1 if side is InputSide.RIGHT and found.n_channels > 1 else 0
        self._is_wide = side is InputSide.BOTH and found.n_channels > 1
        self._writer: TapeWriter | None = None
        self._gate = threading.Lock()
        self._work = np.zeros((_MOST_SAMPLES, TAPE_CHANNELS), dtype=np.float32)
        self._peak, self._power, self._n_metered = 0.0, 0.0, 0
        self._resampler: Any = None
        divide_buffer(latency_s)
        error: Exception | None = None
        for rate in dict.fromkeys((sample_rate, found.default_sample_rate)):
            try:
                self._stream = sounddevice.InputStream(
                    samplerate=rate,
                    device=index,
                    channels=min(TAPE_CHANNELS, found.n_channels),
                    dtype="float32",
                    latency=latency_s,
                    callback=self._callback,
                )
            except sounddevice.PortAudioError as refused:
                error = refused
            else:
                self.sample_rate = rate
                self.latency_s = float(self._stream.latency)
                if rate != sample_rate:
                    import soxr

                    self._resampler = soxr.ResampleStream(rate, sample_rate, TAPE_CHANNELS, dtype="float32")
                return
        raise InputError(device=self.name, detail=str(error)) from error

    def attach(self, writer: TapeWriter) -> None:
        """Write onto a tape from now on; nothing else may."""
        self._writer = writer

    def detach(self) -> None:
        """Write no more once this returns."""
        # The callback never waits for the gate.
        with self._gate:
            self._writer = None

    def start(self) -> None:
        """Start to take in. Raises InputError."""
        import sounddevice

        try:
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise InputError(device=self.name, detail=str(error)) from error

    @property
    def is_active(self) -> bool:
        import sounddevice

        try:
            return bool(self._stream.active)
        except sounddevice.PortAudioError:
            return False

    def take_levels(self) -> tuple[float, float]:
        """Return the peak and the RMS, linear, since the last call."""
        peak, power, n = self._peak, self._power, self._n_metered
        self._peak, self._power, self._n_metered = 0.0, 0.0, 0
        return peak, (power / n) ** 0.5 if n else 0.0

    def close(self) -> None:
        """Give the device back."""
        # A vanished device may refuse anything: it is closed all the same.
        with contextlib.suppress(Exception):
            self._stream.close(ignore_errors=True)

    def _callback(self, samples: Any, _n_samples: int, times: Any, status: Any) -> None:
        # Only copies and counts.
        if self.n_callbacks == 0:
            priority.hurry(threading.get_native_id())
        if status.input_overflow or status.input_underflow:
            self.n_lost += 1
        adc_s = times.inputBufferAdcTime
        if not -_ADC_TIME_SANE_S < times.currentTime - adc_s < _ADC_TIME_SANE_S:
            adc_s = times.currentTime - self.latency_s
        if self._gate.acquire(blocking=False):
            if self._writer is not None:
                self._take(self._writer, samples, adc_s)
            self._gate.release()
        self.n_callbacks += 1

    def _take(self, writer: TapeWriter, samples: Any, adc_s: float) -> None:
        first = writer.n_written
        waiting = 0.0 if self._resampler is None else float(self._resampler.delay())
        for at in range(0, len(samples), _MOST_SAMPLES):
            writer.write(self._taken(samples[at : at + _MOST_SAMPLES]))
        # What the resampler still holds was played before the piece, and comes after what is written.
        self.stamp = Stamp(first + round(waiting), adc_s)

    def _taken(self, samples: Any) -> FloatArray:
        """Return a piece as it is written, and measure it."""
        n = len(samples)
        piece = self._work[:n]
        if self._is_wide:
            np.multiply(samples, self.gain, out=piece)
        else:
            np.multiply(samples[:, self._column], self.gain, out=piece[:, 0])
            np.copyto(piece[:, 1], piece[:, 0])
        self._peak = max(self._peak, float(piece.max()), -float(piece.min()))
        flat = piece.reshape(-1)
        self._power += float(np.dot(flat, flat))
        self._n_metered += len(flat)
        if self._resampler is None:
            return piece
        resampled: FloatArray = self._resampler.resample_chunk(piece)
        return resampled
