# SPDX-License-Identifier: GPL-3.0-or-later
"""The process of a station, for the window: it reads ``engine.fragments.messages`` and tells what becomes of them.

The generator has a process below this one. When the channel closes, the station is closed and the process exits.
"""

from __future__ import annotations

import contextlib
import logging
import threading

from engine.errors import StudioError
from engine.fragments.folder import SlotFolder
from engine.fragments.links import linked
from engine.fragments.making import FragmentMaker, Making
from engine.fragments.messages import (
    Clear,
    CloseStation,
    Command,
    Freeze,
    Generate,
    OpenStation,
    SetMode,
    SetPrompts,
    SetSlotPrompt,
    StationOpened,
    StationRefused,
    Stop,
    Take,
)
from engine.fragments.station import Station
from engine.generators.registry import generator_named
from engine.owner import Owner, OwnerGone
from engine.pipe import Pipe, child_connection
from engine.serving.maker import HostMaker

_log = logging.getLogger(__name__)


class StationProcess:
    """A station process serves one channel until it closes."""

    def __init__(self, connection: Pipe) -> None:
        self._owner = Owner(connection)
        self._sending = threading.Lock()
        self._station: Station | None = None
        self._open = contextlib.ExitStack()

    def serve(self) -> None:
        """Do what is asked until the other end closes the channel, then return."""
        try:
            while True:
                self._take(self._owner.receive())
        except OwnerGone:
            _log.debug("the connection closed")
        finally:
            self._open.close()

    def _take(self, message: object) -> None:
        try:
            match message:
                case OpenStation():
                    self._close()
                    self._open_station(message)
                case CloseStation():
                    self._close()
                case _ if self._station is not None and isinstance(message, Command):
                    _do(self._station, message)
                case _:
                    _log.error("not a message: %r", message)
        except StudioError as error:
            assert isinstance(message, OpenStation | Command)
            self._tell(StationRefused(message, error))

    def _open_station(self, message: OpenStation) -> None:
        generator = generator_named(message.request.generator)
        generator.check(message.settings)
        making = Making(message.request, generator, message.settings, message.sample_rate, message.shape)
        with contextlib.ExitStack() as stack:
            folder = SlotFolder(message.folder, message.n_slots)
            maker = FragmentMaker(making, HostMaker(generator, message.settings))
            station = Station(folder, maker, prompts=message.prompts)
            stack.callback(station.close)
            station.set_mode(message.mode, message.every_s)
            where = stack.enter_context(
                linked(station, message.links, lambda error: self._tell(StationRefused(None, error)))
            )
            self._tell(StationOpened(str(folder.folder), where.url))
            station.changed.connect(self._tell)
            station.told.connect(self._tell)
            self._tell(station.state())
            station.open()
            self._station, self._open = station, stack.pop_all()

    def _close(self) -> None:
        self._station = None
        self._open.close()

    def _tell(self, message: object) -> None:
        # The owner that is gone is noticed where it is read.
        with self._sending, contextlib.suppress(OwnerGone):
            self._owner.send(message)


def _do(station: Station, command: Command) -> None:
    """Have a station do what is asked. Raises StudioError."""
    match command:
        case Generate(prompt, slot):
            station.generate(prompt, slot)
        case Stop():
            station.stop()
        case Freeze(slot, is_frozen):
            station.freeze(slot, is_frozen=is_frozen)
        case Clear(slot):
            station.clear(slot)
        case Take(slot):
            station.take(slot)
        case SetSlotPrompt(slot, prompt):
            station.set_prompt(slot, prompt)
        case SetPrompts(prompts):
            station.set_prompts(prompts)
        case SetMode(mode, every_s):
            station.set_mode(mode, every_s)


def main() -> None:
    """Run the station's process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s fragments: %(message)s")
    StationProcess(child_connection()).serve()


if __name__ == "__main__":
    main()
