# SPDX-License-Identifier: GPL-3.0-or-later
"""This module keeps MusicGPT warm: one server with its model loaded, changed when another is asked for."""

from __future__ import annotations

import logging
from collections.abc import Generator as Steps

from engine.errors import GeneratorError
from engine.generators.musicgpt import folder
from engine.generators.musicgpt.asking import Asking, JobLost, Pace
from engine.generators.musicgpt.declared import TITLE, Order, Patience
from engine.generators.musicgpt.server import Server, ServerLost, started
from engine.values import Clip, Progress

_log = logging.getLogger(__name__)

ASKED_AT_MOST = 2
"""How often a clip is asked for, where servers end or forget it on the way."""


class Warm:
    """A warm MusicGPT makes clips one after the other, and stays loaded between them until it is closed."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._server: Server | None = None
        self._before: Asking | None = None  # the cancelled clip that the server has perhaps not given up yet
        self._pace: dict[tuple[str, bool], Pace] = {}

    def make(self, order: Order) -> Steps[Progress, None, Clip]:
        """Make a clip, with progress; closing it aborts that, and the server stays.

        Raises ServerCannotRun when there is no server here, GeneratorError and its children when it made no clip.
        """
        error = GeneratorError(generator=TITLE, detail=f"its server forgot the clip {ASKED_AT_MOST} times")
        for _ in range(ASKED_AT_MOST):
            server = yield from self._ready(order)
            try:
                return (yield from self._asked(server, order))
            except JobLost:
                _log.info("MusicGPT's server forgot a clip: it is asked again")
            except ServerLost as lost:
                _log.info("MusicGPT's server is lost: %s", lost)
                error = lost.error
                self.close()
        raise error

    def close(self) -> None:
        """End the server, if there is one, with what it works on."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            folder.remove_chat()
        before, self._before = self._before, None
        if before is not None:
            folder.remove_clip(before.clip_id)

    def _ready(self, order: Order) -> Steps[Progress, None, Server]:
        if self._server is not None and not self._server.serves(order):
            self.close()
        if self._server is None:
            folder.remove_forgotten()
            self._server = yield from started(order, self._patience)
        return self._server

    def _asked(self, server: Server, order: Order) -> Steps[Progress, None, Clip]:
        which = (order.model, order.is_gpu)
        asking = Asking(server, order, self._patience, self._pace.get(which))
        before = self._before
        try:
            clip = yield from asking.make(before)
        finally:
            if asking.is_open:
                self._before = asking
            elif before is not None and not before.is_open:
                self._before = None
        if asking.pace is not None:
            self._pace[which] = asking.pace
        return clip
