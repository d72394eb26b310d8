# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has a MIDI instrument with a port of its own, which sends what is played and hears what comes."""

from __future__ import annotations

import gc
import sys
import time
from typing import Any

import pytest

if sys.version_info >= (3, 13):
    pytest.importorskip("rtmidi", reason="python-rtmidi comes built for Python up to 3.12")
import rtmidi


class Instrument:
    """An instrument of this name sends real bytes; ``heard`` is what comes, with the monotonic clock’s time."""

    def __init__(self, name: str = "pads") -> None:
        self.name = name
        self.heard: list[tuple[float, bytes]] = []
        self._out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=name)
        self._out.open_virtual_port("out")
        self._in: Any = None

    def play(self, *messages: tuple[int, ...]) -> None:
        for one in messages:
            self._out.send_message(list(one))

    def listen_to(self, port: str, give_up_s: float = 20.0) -> None:
        """Hear the port whose name holds this."""
        self._in = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=f"{self.name} ear")
        self._in.ignore_types(timing=False)
        until = time.monotonic() + give_up_s
        while not (found := [at for at, name in enumerate(self._in.get_ports()) if port in name]):
            assert time.monotonic() < until, self._in.get_ports()
            time.sleep(0.05)
        self._in.set_callback(lambda event, _: self.heard.append((time.monotonic(), bytes(event[0]))))
        self._in.open_port(found[0])

    def close(self) -> None:
        if self._in is not None:
            # As in ``engine.together.ports``: its thread must not be waiting for us, nor read what was freed.
            registered = gc.get_referents(self._in)
            self._in.cancel_callback()
            time.sleep(0.1)
            self._in.close_port()
            self._in.delete()
            del registered
        self._out.close_port()
        self._out.delete()
