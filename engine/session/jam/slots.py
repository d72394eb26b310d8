# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops lie in the slots of layers: they are laid there, given titles, and queued."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.session.jam.layer import JamLayer
from engine.values.jam import JamLoop, LayerName, SwapAt

MOST_TITLE_CHARACTERS = 120
"""Length at which a title is cut."""


class JamSlots:
    """The slots of all layers of a jam, each counted from 1. Each method raises OutOfRange for one that is none.

    Parameters
    ----------
    swap
        Queues a loop on a layer.
    tell
        Is called when something changed.
    """

    def __init__(
        self,
        layers: Mapping[LayerName, JamLayer],
        swap: Callable[[LayerName, JamLoop, SwapAt | None], None],
        tell: Callable[[], None],
    ) -> None:
        self._layers, self._swap, self._tell = layers, swap, tell

    def assign(self, name: LayerName, slot: int) -> None:
        """Lay what plays on a layer into one of its slots, or empty that while nothing plays."""
        self._layers[name].assign(slot, self._layers[name].playing)
        self._tell()

    def name(self, name: LayerName, slot: int, title: str) -> None:
        """Give a slot's loop another title, on one line; none at all leaves the one it has."""
        words = " ".join(title.split())[:MOST_TITLE_CHARACTERS]
        if words:
            self._layers[name].rename(slot, words)
            self._tell()

    def queue(self, name: LayerName, slot: int, at: SwapAt | None = None) -> None:
        """Queue what lies in a slot; where nothing does, do nothing."""
        loop = self._layers[name].slot(slot)
        if loop is not None:
            self._swap(name, loop, at)
