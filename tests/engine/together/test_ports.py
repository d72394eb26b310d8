# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports are closed while they are played, on a machine that is busy, and nothing falls."""

from __future__ import annotations

import threading
import time

import pytest

from engine.together.ports import Ports
from tests.engine.together.instruments import Instrument

ROUNDS, SOAK_ROUNDS = 5, 50


@pytest.mark.parametrize("rounds", [ROUNDS, pytest.param(SOAK_ROUNDS, marks=pytest.mark.soak)])
def test_ports_that_are_played_are_closed_again_and_again(jack_server: str, rounds: int) -> None:
    """The process falls by a fault of memory where a closed port frees what a call still reads."""
    pads, ends, heard = Instrument(), threading.Event(), 0

    def play() -> None:
        while not ends.wait(0.0002):
            pads.play((0x99, 36, 100))

    def compute() -> None:
        while not ends.is_set():
            sum(range(2000))

    def on_message(_port: str, _data: bytes, _time_s: float) -> None:
        nonlocal heard
        heard += 1

    threads = [threading.Thread(target=one) for one in (play, compute)]
    for one in threads:
        one.start()
    try:
        for _ in range(rounds):
            ports = Ports(on_message)
            assert ports.look().inputs == ("pads:out",)
            time.sleep(0.05)
            ports.close()
    finally:
        ends.set()
        for one in threads:
            one.join()
        pads.close()
    assert heard
