# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the line to a warm MusicGPT: a connection that is made anew when it is lost."""

from __future__ import annotations

import logging
import time

from engine.errors import GeneratorError
from engine.generators.musicgpt.client import Connection, ConnectionLost, Message, NotMusicGPT
from engine.generators.musicgpt.declared import TITLE
from engine.generators.musicgpt.folder import CHAT_ID
from engine.generators.musicgpt.server import Server, ServerLost

_log = logging.getLogger(__name__)

RETRY_S = 0.5
"""Seconds between two tries to reach a server that runs and does not answer."""


class Line:
    """A line to ``server``. Its methods raise ServerLost when that has ended, or when something else answers for it.

    Attributes
    ----------
    server
        Who is at its other end.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self._tried_s = time.monotonic()
        self._connection = self._connected()

    @property
    def is_up(self) -> bool:
        """Return whether there is a connection."""
        return self._connection is not None

    def say(self, kind: str, **fields: str | int) -> None:
        """Send a message about the studio's chat; what is said while the connection is lost is lost."""
        try:
            if self._connection is not None:
                self._connection.send(kind, chat_id=CHAT_ID, **fields)
        except ConnectionLost as error:
            self._drop(error)

    def hear(self, timeout_s: float) -> Message | None:
        """Return the next message, if there is one in time."""
        self.server.look()
        try:
            if self._connection is not None:
                return self._connection.receive(timeout_s)
        except ConnectionLost as error:
            self._drop(error)
        except NotMusicGPT as error:
            detail = f"its server talks nonsense: {error}"
            raise ServerLost(GeneratorError(generator=TITLE, detail=detail)) from error
        time.sleep(timeout_s)
        if time.monotonic() - self._tried_s >= RETRY_S:
            self.renew()
        return None

    def renew(self) -> None:
        """Make the connection anew, and ask by it what the chat holds: what the old one missed."""
        self.close()
        self._connection = self._connected()
        self.say("GetChat")

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> Connection | None:
        """Return a new connection, None from a server that runs and does not answer."""
        self._tried_s = time.monotonic()
        self.server.look()
        try:
            return self.server.connection()
        except NotMusicGPT as error:
            self.server.look()
            detail = f"another program answers for it: {error}"
            raise ServerLost(GeneratorError(generator=TITLE, detail=detail)) from error
        except ConnectionLost as error:
            self.server.look()
            _log.info("MusicGPT's server does not answer: %s", error)
            return None

    def _drop(self, error: ConnectionLost) -> None:
        _log.info("the connection to MusicGPT's server is lost: %s", error)
        self.close()
