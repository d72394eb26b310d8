# SPDX-License-Identifier: GPL-3.0-or-later
"""MIDI ports of the system, by RtMidi: each that is plugged in is heard, and the studio has one of its own."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.errors import MidiNotInstalled, NoMidi
from engine.values.midi import MidiPorts

_log = logging.getLogger(__name__)

CLIENT, CLOCK = "Infiniloop", "Infiniloop clock"
"""Names of the studio among MIDI's programs: as one that hears, and as one that sends."""
NOT_HEARD = (CLIENT, "Midi Through", "RtMidi", "PipeWire-RT-Event")
"""Beginnings of the names of ports that say again what others say, or ourselves."""
CALL_S = 0.1
"""Seconds that a call from MIDI's thread takes at most."""
_SEQUENCER = Path("/dev/snd/seq")
_SHARED_MEMORY = Path("/dev/shm")

Heard = Callable[[str, bytes, float], None]
"""This function takes a port's name, a message's bytes and when they came (monotonic clock); any thread may call it."""


class Ports:
    """The ports are looked for again and again by ``look``.

    Parameters
    ----------
    heard
        Takes all that comes but system exclusive messages.
    """

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._finder: Any = None
        self._sender: Any = None
        self._own_in: Any = None
        self._own_out: Any = None
        self._inputs: dict[str, Any] = {}
        self._outputs: dict[str, Any] = {}
        self.clock_to = ""
        """Ports whose names hold this text are sent to as well as the studio's own; "" is none."""
        # One thread looks, another one sends.
        self._lock = threading.Lock()

    def look(self) -> MidiPorts:
        """Hear the ports that came, close those that went, and return what there is."""
        trouble = "" if self._finder is not None else self._open()
        if trouble:
            return MidiPorts(trouble=trouble)
        there = [name for name in self._finder.get_ports() if not name.startswith(NOT_HEARD)]
        gone = [self._inputs.pop(name) for name in list(self._inputs) if name not in there]
        _close(*gone)
        for at, name in enumerate(self._finder.get_ports()):
            if name in there and name not in self._inputs:
                self._hear(at, name)
        outputs = tuple(name for name in self._sender.get_ports() if not name.startswith(NOT_HEARD))
        self._open_outputs([one for one in outputs if self.clock_to and self.clock_to.lower() in one.lower()])
        return MidiPorts(tuple(self._inputs), outputs, CLIENT if self._own_out is not None else "")

    def send(self, data: bytes) -> None:
        """Send a message by the studio's own port, and by those that it is to be sent to."""
        with self._lock:
            for one in (self._own_out, *self._outputs.values()):
                if one is not None:
                    one.send_message(data)

    def close(self) -> None:
        """Close all ports."""
        with self._lock:
            outputs = *self._outputs.values(), self._own_out
            self._outputs, self._own_out = {}, None
        _close(*self._inputs.values(), self._own_in, *outputs, self._finder, self._sender)
        self._inputs, self._own_in, self._finder, self._sender = {}, None, None, None

    def _open(self) -> str:
        """Reach the system's MIDI; return why there is none, or ""."""
        try:
            import rtmidi
        except ImportError:
            return MidiNotInstalled.template
        api = _api(rtmidi)
        if api is None:
            return NoMidi.template
        try:
            self._finder = rtmidi.MidiIn(api, name=f"{CLIENT} looks")
            self._sender = rtmidi.MidiOut(api, name=f"{CLIENT} sends")
        except (OSError, RuntimeError, rtmidi.RtMidiError):
            _log.exception("MIDI cannot be reached")
            self.close()
            return NoMidi.template
        try:
            self._own_in = self._made(CLIENT)
            self._own_in.open_virtual_port("in")
            self._own_in.set_callback(self._on_message, CLIENT)
            self._own_out = rtmidi.MidiOut(api, name=CLOCK)
            self._own_out.open_virtual_port("out")
        except (NotImplementedError, RuntimeError, rtmidi.RtMidiError) as error:
            # Windows has none: other programs' ports are heard all the same.
            _log.info("there is no MIDI port of our own: %s", error)
            _close(self._own_in, self._own_out)
            self._own_in = self._own_out = None
        return ""

    def _made(self, name: str) -> Any:
        import rtmidi

        one = rtmidi.MidiIn(_api(rtmidi), name=name)
        one.ignore_types(sysex=True, timing=False, active_sense=True)
        return one

    def _hear(self, at: int, name: str) -> None:
        import rtmidi

        # It may be gone already.
        with contextlib.suppress(OSError, RuntimeError, rtmidi.RtMidiError):
            one = self._made(f"{CLIENT} hears")
            one.open_port(at, "in")
            one.set_callback(self._on_message, name)
            self._inputs[name] = one

    def _open_outputs(self, wanted: list[str]) -> None:
        import rtmidi

        with self._lock:
            gone = [self._outputs.pop(name) for name in list(self._outputs) if name not in wanted]
        _close(*gone)
        for at, name in enumerate(self._sender.get_ports()):
            if name in wanted and name not in self._outputs:
                with contextlib.suppress(OSError, RuntimeError, rtmidi.RtMidiError):
                    one = rtmidi.MidiOut(_api(rtmidi), name=f"{CLIENT} ticks")
                    one.open_port(at, "out")
                    with self._lock:
                        self._outputs[name] = one

    def _on_message(self, event: tuple[list[int], float], port: str) -> None:
        self._heard(port, bytes(event[0]), time.monotonic())


def _api(rtmidi: Any) -> int | None:
    """Return the number of the system's MIDI, as RtMidi has it; None where there is none."""
    compiled = rtmidi.get_compiled_api()
    if sys.platform == "linux":
        # RtMidi and the libraries below it complain at length of what is not there.
        there = {rtmidi.API_LINUX_ALSA: _SEQUENCER.exists(), rtmidi.API_UNIX_JACK: _has_jack()}
        return next((one for one, is_there in there.items() if is_there and one in compiled), None)
    return next((one for one in (rtmidi.API_MACOSX_CORE, rtmidi.API_WINDOWS_MM) if one in compiled), None)


def _has_jack() -> bool:
    """Return whether a JACK server of this user's runs, by the socket at which it is reached."""
    server = os.environ.get("JACK_DEFAULT_SERVER", "default")
    return any(_SHARED_MEMORY.glob(f"jack_{server}_{os.getuid()}_*"))


def _close(*ports: Any) -> None:
    there = [one for one in ports if one is not None]
    hearing = [one for one in there if hasattr(one, "cancel_callback")]
    # A call that waits for the GIL still reads what it was registered with, which cancelling would free under it.
    registered = [gc.get_referents(one) for one in hearing]
    for one in hearing:
        one.cancel_callback()
    if hearing:
        # RtMidi closes a port with the GIL held, and waits for its thread, which may be waiting for the GIL to call.
        time.sleep(CALL_S)
    for one in there:
        one.close_port()
        one.delete()
    del registered
