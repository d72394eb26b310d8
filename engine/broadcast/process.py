# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that has the radio: it reads the tape, and the music never waits for it.

It reads ``engine.broadcast.messages``. When the channel closes, it goes off the air and exits.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from engine.broadcast.messages import CloseRadio, OpenRadio, PieceBegins, PieceComes, RadioOpened, RadioRefused
from engine.errors import StudioError
from engine.owner import Owner, OwnerGone
from engine.pipe import Pipe, child_connection
from engine.values.radio import ProgrammeState, StudioState

if TYPE_CHECKING:
    from engine.broadcast.server import RadioServer
    from engine.broadcast.transmitter import Transmitter

_log = logging.getLogger(__name__)

_NEEDED = (
    "engine.broadcast.server", "engine.broadcast.transmitter", "engine.broadcast.metrics", "segno",
    "uvicorn.lifespan.on",
)  # fmt: skip
"""Modules that a radio needs, or loads itself once it serves: a spare process has them before it is needed."""


class RadioProcess:
    """A radio process serves one radio, for as long as its owner is there."""

    def __init__(self, connection: Pipe) -> None:
        self._connection, self._owner = connection, Owner(connection)

    def serve(self) -> None:
        """Wait for a plan, and be on the air by it until the owner says that it is over, or is gone."""
        try:
            self._owner.warm_up(_NEEDED)
            while not isinstance(message := self._owner.receive(), OpenRadio):
                # What was meant for a radio that is gone.
                _log.debug("not now: %r", message)
            self._be_on_air(message)
        except OwnerGone:
            _log.debug("the connection closed")

    def _be_on_air(self, order: OpenRadio) -> None:
        # Imported now: what is missing is told as the reason why there is no radio.
        from engine.broadcast.server import RadioServer
        from engine.broadcast.transmitter import Transmitter

        transmitter = Transmitter(order.plan, order.tape, goes_on=order.goes_on)
        pages = Path(order.plan.pages_folder) if order.plan.pages_folder else None
        try:
            server = RadioServer(order.plan, transmitter, pages=pages, asks=self._tell)
        except StudioError as error:
            self._owner.send(RadioRefused(error))
            return
        listening = threading.Thread(target=self._listen, args=(server, transmitter), name="owner", daemon=True)
        listening.start()
        self._owner.send(RadioOpened(server.url, code_of(server.url)))
        server.serve(self._tell)

    def _listen(self, server: RadioServer, transmitter: Transmitter) -> None:
        try:
            while True:
                match message := self._owner.receive():
                    case CloseRadio():
                        break
                    case PieceBegins(tape_frame, piece):
                        server.soon(transmitter.log.expect, tape_frame, piece)
                    case PieceComes(piece):
                        server.soon(transmitter.log.look_forward, piece)
                    case ProgrammeState():
                        server.soon(server.follow, message)
                    case StudioState():
                        server.soon(server.take_note, message)
                    case other:
                        _log.error("not a message: %r", other)
        except OwnerGone:
            _log.debug("the connection closed")
        server.end()

    def _tell(self, message: object) -> None:
        # A studio that hangs reads nothing: the music does not wait for it, and the next state is newer anyway.
        if not self._connection.is_writable():
            return
        try:
            self._owner.send(message)
        except OwnerGone:
            _log.debug("nobody is told")


def code_of(url: str) -> tuple[str, ...]:
    """Return an address as a QR code, row by row: “1” is dark."""
    import segno

    return tuple("".join(str(int(bool(one))) for one in row) for row in segno.make(url, micro=False).matrix)


def main() -> None:
    """Have a radio until the parent closes the channel."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s radio: %(message)s")
    RadioProcess(child_connection()).serve()


if __name__ == "__main__":
    main()
