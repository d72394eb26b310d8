# SPDX-License-Identifier: GPL-3.0-or-later
"""The live listener is a thread that measures what is heard, off the tape, for as long as it is looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

import numpy as np

from engine.recording.spectrum import LiveSpectrum
from engine.recording.stereo import StereoMeter
from engine.shared import SharedBlock
from engine.tape import TAPE_CHANNELS, TapeReader
from engine.units import seconds_to_samples
from engine.values import FloatArray
from engine.values.live import LiveReading

TICK_S: Final = 1.0 / 30.0
STANDING_S: Final = 0.2
"""Seconds without new frames after which the tape stands still, and silence is measured."""


class LiveMeter:
    """A live meter measures a stereo stream: spectrum and stereo image together."""

    def __init__(self, sample_rate: int) -> None:
        self._spectrum, self._stereo = LiveSpectrum(sample_rate), StereoMeter(sample_rate)

    @property
    def n_window(self) -> int:
        """Return how many samples the longest window holds."""
        return self._spectrum.n_window

    def add(self, samples: FloatArray) -> None:
        """Take the next samples, shape ``(n_samples, 2)``."""
        self._spectrum.add(samples)
        self._stereo.add(samples)

    def reset_average(self) -> None:
        """Begin the long-term average anew."""
        self._spectrum.reset_average()

    def read(self) -> LiveReading:
        """Return what the last moment holds."""
        bands_db, average_db, curve_db = self._spectrum.read()
        return LiveReading(bands_db, average_db, curve_db, self._stereo.correlation, self._stereo.picture())


class LiveListener:
    """A live listener measures what is heard, thirty times a second between ``start`` and ``stop``.

    Parameters
    ----------
    tape
        It outlives audio processes.
    heard_frame
        Which frame of the tape is heard now.

    Attributes
    ----------
    latest
        The last reading, or None before the first; for any thread to look at.
    """

    def __init__(self, tape: SharedBlock, heard_frame: Callable[[], int]) -> None:
        self._tape = tape
        self._heard_frame = heard_frame
        self.latest: LiveReading | None = None
        self._meter: LiveMeter | None = None
        self._is_reset_asked = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_on(self) -> bool:
        """Return whether it measures."""
        return self._thread is not None

    def start(self) -> None:
        """Begin to measure, unless it does; the long-term average goes on from where it was."""
        if self._thread is None:
            self._ending.clear()
            self.latest = None
            # A daemon: a studio that ends without stopping it is not held up.
            self._thread = threading.Thread(target=self._run, name="live listener", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End, within a tick."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._ending.set()
            thread.join()

    def reset_average(self) -> None:
        """Begin the long-term average anew with the next reading."""
        self._is_reset_asked.set()

    def _run(self) -> None:
        reader = TapeReader(self._tape)
        meter = self._meter = self._meter or LiveMeter(reader.sample_rate)
        # What was just heard is there at once.
        reader.position = max(0, self._heard_frame() - meter.n_window)
        standing_s = 0.0
        while not self._ending.wait(TICK_S):
            if self._is_reset_asked.is_set():
                self._is_reset_asked.clear()
                meter.reset_average()
            frames = reader.read(self._heard_frame())
            standing_s = 0.0 if len(frames) else standing_s + TICK_S
            if standing_s > STANDING_S:
                frames = np.zeros((seconds_to_samples(TICK_S, reader.sample_rate), TAPE_CHANNELS), dtype=np.float32)
            if len(frames):
                np.nan_to_num(frames, copy=False, posinf=0.0, neginf=0.0)
                meter.add(frames)
                self.latest = meter.read()
