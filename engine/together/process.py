# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that plays together with others: MIDI's ports are heard there, and nothing waits for the window.

It reads ``engine.together.messages``. When the channel closes, it ends.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
from pathlib import Path

from engine.errors import MidiMapWrong, cannot_write
from engine.library.midi_map import read_map, write_map
from engine.owner import Owner, OwnerGone
from engine.pipe import Pipe, child_connection
from engine.together.messages import KeepMap, OpenTogether, TogetherPlan
from engine.together.ports import Ports
from engine.values.midi import MidiMap, MidiPorts, midi_message

LOOK_S = 0.5
"""Seconds between two looks at which ports there are."""


class TogetherProcess:
    """The process reads messages, and looks for ports in between."""

    def __init__(self, connection: Pipe) -> None:
        self._connection, self._owner = connection, Owner(connection)
        self._waiting: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._plan: TogetherPlan | None = None
        self._ports = Ports(self._on_bytes)
        self._told: MidiPorts | None = None
        threading.Thread(target=self._tell, name="teller", daemon=True).start()

    def serve(self) -> None:
        """Work until the owner is gone."""
        with contextlib.suppress(OwnerGone):
            while True:
                try:
                    waits = self._connection.poll(LOOK_S)
                except OSError:
                    break
                if waits:
                    self._do(self._owner.receive())
                self._look()
        self._ports.close()

    def _do(self, message: object) -> None:
        if isinstance(message, OpenTogether):
            self._open(message.plan)
        elif isinstance(message, KeepMap) and self._plan is not None:
            path = Path(self._plan.own_map)
            try:
                write_map(path, message.own)
            except OSError as error:
                self._waiting.put(cannot_write(path, error))

    def _open(self, plan: TogetherPlan) -> None:
        before, self._plan, self._told = self._plan, plan, None
        if before is None or (before.usual_map, before.own_map) != (plan.usual_map, plan.own_map):
            self._waiting.put(self._map(plan))
        if not plan.midi:
            self._ports.close()

    def _map(self, plan: TogetherPlan) -> MidiMap:
        """Return the map of MIDI; what of it cannot be read is told."""
        bindings = []
        for path in (Path(plan.usual_map), Path(plan.own_map)):
            read = {}
            try:
                read = read_map(path) if path.exists() else {}
            except MidiMapWrong as error:
                self._waiting.put(error)
            bindings.append(read)
        return MidiMap(*bindings)

    def _look(self) -> None:
        if self._plan is None:
            return
        ports = self._ports.look() if self._plan.midi else MidiPorts()
        if ports != self._told:
            self._told = ports
            self._waiting.put(ports)

    def _on_bytes(self, port: str, data: bytes, at_s: float) -> None:
        message = midi_message(data, at_s, port)
        if message is not None:
            self._waiting.put(message)

    def _tell(self) -> None:
        """Tell the owner from a thread of its own: MIDI's own threads wait for nothing."""
        with contextlib.suppress(OwnerGone):
            while True:
                self._owner.send(self._waiting.get())


def main() -> None:
    """Run the process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    TogetherProcess(child_connection()).serve()
    # Nothing is waited for: threads of MIDI's libraries may be left.
    os._exit(0)


if __name__ == "__main__":
    main()
