# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``midi``: list MIDI's ports, and print what comes in and what it does in a jam."""

from __future__ import annotations

import argparse
import queue
import sys
import time
from typing import TYPE_CHECKING

from app import paths
from app.commands import endings, terminal
from app.commands.numbers import number
from engine.errors import MidiNotInstalled, NoMidi

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.values.midi import MidiMap, MidiMessage

LOOK_S = 0.5
"""Seconds between two looks at which ports there are."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--listen", action="store_true", help="print each control that is moved, until Ctrl+C")
    parser.add_argument("--seconds", type=number, metavar="N", help="listen for so long")
    parser.add_argument("--json", action="store_true", help="print ports and controls as JSON, an object a line")


def run(arguments: argparse.Namespace) -> int:
    """List the ports, and listen. Raises NoMidi, MidiNotInstalled, MidiMapWrong."""
    from engine.together.ports import Ports
    from engine.values.midi import midi_message

    heard: queue.SimpleQueue[MidiMessage] = queue.SimpleQueue()

    def hear(port: str, data: bytes, at_s: float) -> None:
        message = midi_message(data, at_s, port)
        if message is not None:
            heard.put(message)

    ports = Ports(hear)
    try:
        there = ports.look()
        if there.trouble:
            raise next(one for one in (MidiNotInstalled, NoMidi) if one.template == there.trouble)
        if arguments.json:
            terminal.print_json({"inputs": there.inputs, "outputs": there.outputs, "own": there.own})
        else:
            for name in there.inputs:
                print(f"hears {name}")
            for name in there.outputs:
                print(f"sends {name}")
            if not there.inputs and not there.outputs:
                connect = f"; other programs connect to “{there.own}”" if there.own else ""
                print(f"No instrument is plugged in{connect}.", file=sys.stderr)
        if arguments.listen or arguments.seconds is not None:
            _listen(ports.look, heard, arguments)
    finally:
        ports.close()
    return 0


def _listen(look: Callable[[], object], heard: queue.SimpleQueue[MidiMessage], arguments: argparse.Namespace) -> None:
    until_s = None if arguments.seconds is None else time.monotonic() + arguments.seconds
    midi_map = _map()
    with endings.held():
        while until_s is None or time.monotonic() < until_s:
            endings.checkpoint()
            try:
                _print(heard.get(timeout=LOOK_S), midi_map, as_json=arguments.json)
            except queue.Empty:
                look()


def _map() -> MidiMap:
    from engine.library.midi_map import read_map
    from engine.values.midi import MidiMap

    own = paths.midi_map()
    return MidiMap(read_map(paths.RESOURCES / "midi.toml"), read_map(own) if own.exists() else {})


def _print(message: MidiMessage, midi_map: MidiMap, *, as_json: bool) -> None:
    found = midi_map.found(message.control)
    does = found[1] if found is not None else ""
    if as_json:
        terminal.print_json(
            {"port": message.port, "control": str(message.control), "value": round(message.value, 4), "does": does}
        )
    else:
        print(f"{message.port}: {message.control} = {round(127 * message.value)}" + (f" → {does}" if does else ""))
    sys.stdout.flush()
