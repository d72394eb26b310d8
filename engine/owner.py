# SPDX-License-Identifier: GPL-3.0-or-later
"""A child process that works on jobs talks with its owner here, and is told by one exception that the owner is gone."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Sequence

from engine.pipe import Pipe

_log = logging.getLogger(__name__)


class OwnerGone(Exception):
    """The owner of the process has ended, and no answer reaches it any more."""


class Owner:
    """The owner of a child process, at the other end of its connection.

    Each method raises OwnerGone when the owner has ended.
    """

    def __init__(self, connection: Pipe) -> None:
        self._connection = connection

    def poll(self) -> bool:
        """Return whether a message waits."""
        try:
            return self._connection.poll()
        except OSError as error:
            raise OwnerGone from error

    def receive(self) -> object:
        """Return the next message, waiting for it."""
        try:
            return self._connection.receive()
        except (EOFError, OSError) as error:
            raise OwnerGone from error

    def send(self, message: object) -> None:
        """Hand a message over."""
        try:
            self._connection.send(message)
        except OSError as error:
            raise OwnerGone from error

    def warm_up(self, modules: Sequence[str]) -> None:
        """Import what jobs will need, while none waits."""
        for module in modules:
            if self.poll():
                return
            try:
                importlib.import_module(module)
            except ImportError:
                # The job that needs it will tell; the others go on.
                _log.exception("%s cannot be imported", module)
