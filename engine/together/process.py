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
import time
from pathlib import Path

from engine.errors import LinkNotInstalled, MidiMapWrong, cannot_write
from engine.library.midi_map import read_map, write_map
from engine.owner import Owner, OwnerGone
from engine.pipe import Pipe, child_connection
from engine.playback.device.priority import go_first
from engine.together.clock_in import ClockIn
from engine.together.clock_out import JamPlace
from engine.together.echoes import Echoes
from engine.together.link import LinkPeer
from engine.together.messages import KeepMap, OpenTogether, PlayingSet, TempoSet, TogetherPlan
from engine.together.ports import CLIENT, Ports
from engine.together.ticker import Ticker
from engine.values.midi import MidiControl, MidiKind, MidiMap, MidiMessage, MidiPorts, midi_message
from engine.values.together import LeaderState

LOOK_S = 0.5
"""Seconds between two looks at which ports there are."""
LEADER_S = 0.1
"""Seconds between two looks at whom the jam follows."""


class TogetherProcess:
    """The process reads messages, and looks for ports and at the leader in between."""

    def __init__(self, connection: Pipe) -> None:
        self._connection, self._owner = connection, Owner(connection)
        self._waiting: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._plan: TogetherPlan | None = None
        self._ports = Ports(self._on_bytes)
        self._ports_told: MidiPorts | None = None
        self._looked_s = 0.0
        self._ticker = Ticker(self._ports.send)
        self._clock_in, self._echoes, self._lock = ClockIn(), Echoes(CLIENT), threading.Lock()
        self._link: LinkPeer | None = None
        self._leader_told = LeaderState()
        threading.Thread(target=self._tell, name="teller", daemon=True).start()

    def serve(self) -> None:
        """Work until the owner is gone."""
        with contextlib.suppress(OwnerGone):
            while True:
                follows = self._plan is not None and bool(self._plan.follow)
                try:
                    waits = self._connection.poll(LEADER_S if follows else LOOK_S)
                except OSError:
                    break
                if waits:
                    self._do(self._owner.receive())
                self._look(is_due=time.monotonic() - self._looked_s >= LOOK_S)
                self._tell_leader()
        self._ticker.close()
        self._ports.close()

    def _do(self, message: object) -> None:
        match message:
            case OpenTogether(plan):
                self._open(plan)
            case KeepMap(own) if self._plan is not None:
                path = Path(self._plan.own_map)
                try:
                    write_map(path, own)
                except OSError as error:
                    self._waiting.put(cannot_write(path, error))
            case JamPlace():
                self._ticker.tell(message)
                if self._link is not None:
                    self._link.tell(message)
            case TempoSet(bpm) if self._link is not None:
                self._link.set_tempo(bpm)
            case PlayingSet(is_playing) if self._link is not None:
                self._link.set_playing(is_playing=is_playing)

    def _open(self, plan: TogetherPlan) -> None:
        before, self._plan, self._ports_told = self._plan, plan, None
        if before is None or (before.usual_map, before.own_map) != (plan.usual_map, plan.own_map):
            self._waiting.put(self._map(plan))
        self._ports.clock_to = plan.clock_to if plan.clock_out else ""
        if not plan.needs_ports:
            self._ports.close()
        self._ticker.turn(is_on=plan.clock_out)
        with self._lock:
            self._clock_in = ClockIn()
        wants_link = plan.follow == "link"
        is_other = before is not None and before.shares_start != plan.shares_start
        if self._link is not None and (not wants_link or is_other):
            self._link.close()
            self._link = None
        if wants_link and self._link is None:
            try:
                self._link = LinkPeer(shares_start=plan.shares_start)
            except LinkNotInstalled as error:
                self._waiting.put(error)
        self._look(is_due=True)

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

    def _look(self, *, is_due: bool) -> None:
        if self._plan is None or not is_due:
            return
        self._looked_s = time.monotonic()
        ports = self._ports.look() if self._plan.needs_ports else MidiPorts()
        if ports != self._ports_told:
            self._ports_told = ports
            self._waiting.put(ports)

    def _tell_leader(self) -> None:
        state = self._leader()
        # Where it is counts anew at each look.
        if state != self._leader_told:
            self._leader_told = state
            self._waiting.put(state)

    def _leader(self) -> LeaderState:
        if self._link is not None:
            return self._link.state()
        if self._plan is not None and self._plan.follow == "midi":
            with self._lock:
                return self._clock_in.state(time.monotonic())
        return LeaderState()

    def _on_bytes(self, port: str, data: bytes, at_s: float) -> None:
        """Take what a port heard, on a thread of MIDI's."""
        plan = self._plan
        if plan is None:
            return
        with self._lock:
            if self._clock_in.hear(port, data, at_s):
                return
            name = self._echoes.name(port, data, at_s) if plan.midi else None
        message = None if name is None else midi_message(data, at_s, name)
        if message is not None:
            self._waiting.put(message)

    def _tell(self) -> None:
        """Tell the owner from a thread of its own: MIDI's own threads wait for nothing."""
        with contextlib.suppress(OwnerGone):
            while True:
                some = [self._waiting.get()]
                with contextlib.suppress(queue.Empty):
                    while True:
                        some.append(self._waiting.get_nowait())
                for one in without_passed(some):
                    self._owner.send(one)


def without_passed(messages: list[object]) -> list[object]:
    """Return messages without those values of a knob by which it only passed; a button's each press stays.

    An owner that is slower than a hand on a fader is told where that is, not where it was.
    """
    kept: list[object] = []
    after: dict[tuple[str, MidiControl], bool] = {}
    for one in reversed(messages):
        if isinstance(one, MidiMessage) and one.control.kind is not MidiKind.NOTE:
            key = one.port, one.control
            if after.get(key) is one.is_down:
                continue
            after[key] = one.is_down
        kept.append(one)
    return kept[::-1]


def main() -> None:
    """Run the process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    # The clock that is sent waits for no core.
    go_first()
    TogetherProcess(child_connection()).serve()
    # Nothing is waited for: threads of MIDI's libraries may be left.
    os._exit(0)


if __name__ == "__main__":
    main()
