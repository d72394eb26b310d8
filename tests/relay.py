# SPDX-License-Identifier: GPL-3.0-or-later
"""A relay carries what one sink of a private server plays into another one, later by as many frames as it is told."""

from __future__ import annotations

import os
import subprocess
import threading
from typing import Self

from tests.soundserver import N_CHANNELS, SINK, SoundServer

_FRAME_BYTES = 4 * N_CHANNELS
_PIECE_FRAMES = 256


class Relay:
    """A relay runs while it is open; what waits in it is so much that a busy machine never lets it run dry.

    Parameters
    ----------
    level
        Linear gain.
    """

    def __init__(self, server: SoundServer, target: str, source: str = SINK, *, level: float = 1.0) -> None:
        self._server, self._target, self._source, self._level = server, target, source, level
        self._n_more = 0

    def __enter__(self) -> Self:
        environment = {**os.environ, **self._server.pulse_environment}
        form = ["--raw", "--format=float32le", f"--rate={self._server.sample_rate}", f"--channels={N_CHANNELS}"]
        self._from = subprocess.Popen(
            ["parec", f"--device={self._source}.monitor", "--latency-msec=20", *form],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._into = subprocess.Popen(
            [
                "pacat",
                f"--device={self._target}",
                "--latency-msec=400",
                f"--volume={round(65536 * self._level)}",
                *form,
            ],
            env=environment,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._thread = threading.Thread(target=self._run, name="relay")
        self._thread.start()
        return self

    def delay(self, n_frames: int) -> None:
        """Be later by so many frames more from now on."""
        self._n_more += n_frames

    def __exit__(self, *_: object) -> None:
        self._from.kill()
        self._from.wait()
        self._thread.join()
        self._into.kill()
        self._into.wait()
        for pipe in (self._from.stdout, self._into.stdin):
            assert pipe is not None
            pipe.close()

    def _run(self) -> None:
        assert self._from.stdout is not None
        assert self._into.stdin is not None
        while piece := self._from.stdout.read(_PIECE_FRAMES * _FRAME_BYTES):
            more, self._n_more = self._n_more, 0
            try:
                self._into.stdin.write(bytes(more * _FRAME_BYTES) + piece)
                self._into.stdin.flush()
            except OSError:
                return
