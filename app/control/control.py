# SPDX-License-Identifier: GPL-3.0-or-later
"""A control is a running studio's way for other programs to steer it: its facts, its verbs and its socket."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app import VERSION
from app.control.facts import StudioFacts
from app.control.server import ControlServer
from app.control.steering import Steering
from engine.errors import StudioError

if TYPE_CHECKING:
    from app.control.owner import SettingsOwner
    from engine.qt.studio import StudioEngine

_log = logging.getLogger(__name__)


class Control(QObject):
    """The control is made before the engine is started: while that runs, nothing of it is connected.

    Parameters
    ----------
    kind
        What the studio says that it is: ``studio`` or ``terminal``.
    leave
        Ends the studio.
    show
        Brings its window to the front; None where it has none.
    """

    def __init__(
        self,
        engine: StudioEngine,
        owner: SettingsOwner,
        leave: Callable[[], None],
        *,
        kind: str,
        parent: QObject | None = None,
        show: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self._server: ControlServer | None = None
        self.facts = StudioFacts(engine, self)
        self.steering = Steering(engine, self.facts, owner, leave, self, show=show)
        self.facts.happened.connect(self._tell)

    def listen(self) -> None:
        """Let other programs in from now on; a studio that cannot is one that is not steered, and its log says why."""
        try:
            self._server = ControlServer({"kind": self._kind, "version": VERSION}, self.steering.ask)
        except StudioError as error:
            _log.info("the studio is not steered by other programs: %s", error)

    def close(self) -> None:
        """Leave every program; once more does nothing."""
        self.steering.stop()
        if self._server is not None:
            self._server.close()
            self._server = None

    def _tell(self, event: dict[str, object]) -> None:
        if self._server is not None:
            self._server.tell(event)
