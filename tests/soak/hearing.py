# SPDX-License-Identifier: GPL-3.0-or-later
"""A process of its own records a sound server's monitor into a file, so that no GIL of ours can lose a sample."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import numpy as np

from engine.values import FloatArray
from tests.soundserver import SINK

SAMPLE_RATE = 44_100
N_CHANNELS = 2
_START_WAIT_S = 20.0
_FRAME_BYTES = 4 * N_CHANNELS


class FileRecording:
    """A file recording is ``parec`` on the monitor of the private server that ``PULSE_SERVER`` names."""

    def __init__(self, *, latency_ms: int = 50, server: str = "", sink: str = SINK) -> None:
        self._latency_ms = latency_ms
        self._sink = sink
        self._server = [f"--server={server}"] if server else []
        self._folder = tempfile.TemporaryDirectory(prefix="heard-")
        self.path = Path(self._folder.name) / "heard.f32"

    def __enter__(self) -> Self:
        with self.path.open("wb") as out:
            self._process = subprocess.Popen(
                [
                    "parec", *self._server, f"--device={self._sink}.monitor", "--raw", "--format=float32le",
                    f"--rate={SAMPLE_RATE}", f"--channels={N_CHANNELS}", f"--latency-msec={self._latency_ms}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
        give_up = time.monotonic() + _START_WAIT_S
        while not self.n_samples:
            assert time.monotonic() < give_up, "the sink's monitor gives no samples"
            assert self._process.poll() is None, "parec ended"
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    @property
    def n_samples(self) -> int:
        """Return how many samples have been recorded."""
        return os.stat(self.path).st_size // _FRAME_BYTES  # noqa: PTH116 - asked hundreds of times a second

    def read(self, first: int = 0, n_samples: int | None = None) -> FloatArray:
        """Return the recording from sample ``first`` on: float32, shape ``(n_samples, 2)``."""
        n = self.n_samples - first if n_samples is None else min(n_samples, self.n_samples - first)
        flat = np.fromfile(self.path, dtype="<f4", count=n * N_CHANNELS, offset=first * _FRAME_BYTES)
        samples: FloatArray = flat.reshape(-1, N_CHANNELS)
        return samples
