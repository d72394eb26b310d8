# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells what leads on which layer of a jam, as it begins and as its layer falls silent."""

from __future__ import annotations

from collections.abc import Callable

from engine.session.jam.jam import Jam
from engine.values.jam import JamLoop, JamState, LayerName


class JamLeads:
    """The leads of a jam.

    Parameters
    ----------
    on_lead
        Takes a loop that begins, and the frame of the tape.
    on_rest
        Takes a layer on which nothing plays from now on.
    """

    def __init__(self, jam: Jam, on_lead: Callable[[JamLoop, int], None], on_rest: Callable[[LayerName], None]) -> None:
        self._on_lead, self._on_rest = on_lead, on_rest
        self._leading: set[LayerName] = set()
        jam.began.connect(self._on_began)
        jam.changed.connect(self._on_changed)

    def _on_began(self, loop: JamLoop, tape_frame: int) -> None:
        self._leading.add(loop.layer)
        self._on_lead(loop, tape_frame)

    def _on_changed(self, state: JamState) -> None:
        for layer in state.layers:
            if layer.name in self._leading and not (state.is_running and layer.playing is not None):
                self._leading.discard(layer.name)
                self._on_rest(layer.name)
