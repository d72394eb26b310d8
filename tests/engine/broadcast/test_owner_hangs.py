# SPDX-License-Identifier: GPL-3.0-or-later
"""The radio's process tells its studio how it stands, and never waits for one that hangs."""

from __future__ import annotations

import contextlib
import socket

from engine.broadcast.process import RadioProcess
from engine.pipe import Pipe
from engine.values.radio import RadioState


def test_a_studio_that_reads_nothing_keeps_the_radio_from_nothing() -> None:
    ours, theirs = socket.socketpair()
    with contextlib.closing(Pipe(theirs)), contextlib.closing(Pipe(ours)) as connection:
        process = RadioProcess(connection)
        n_told = 0
        while connection.is_writable():
            process._tell(RadioState("http://127.0.0.1:8430/", n_told))
            n_told += 1
            assert n_told < 100_000
        # It would wait here for ever.
        process._tell(RadioState("http://127.0.0.1:8430/", n_told))
        assert n_told > 10
