# SPDX-License-Identifier: GPL-3.0-or-later
"""An endless layer gets the next bars for ever: two parts ahead, each of which goes on from the one before.

The composer goes on as one piece, from *stay* to *wander*; a model that continues goes on from the sound of the last
part; any other makes another loop of the same words. A part that is late is waited for: the last one repeats.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from engine.generators.registry import generator_named
from engine.session.jam.layer import JamLayer
from engine.values import Clip, ClipRequest, Family
from engine.values.jam import JamLoop, LayerName

PARTS_AHEAD = 2
"""Number of parts that are made before they are heard."""


@dataclass(eq=False)
class _Piece:
    """The piece that a layer plays: where the next part goes on, what waits, and which part was handed over last."""

    wander: float
    last: JamLoop | None = None
    ready: deque[JamLoop] = field(default_factory=deque)
    handed: JamLoop | None = None


class EndlessLayers:
    """The layers of a jam that go on for ever.

    Parameters
    ----------
    make
        Has a part made: what it is comes back by ``take``.
    queue
        Queues a part for the end of what plays.
    """

    def __init__(self, make: Callable[[LayerName], None], queue: Callable[[JamLoop], None]) -> None:
        self._make, self._queue = make, queue
        self._pieces: dict[LayerName, _Piece] = {}

    def wander_of(self, name: LayerName) -> float | None:
        """Return how far a layer's parts move; None for a layer that is not endless."""
        piece = self._pieces.get(name)
        return None if piece is None else piece.wander

    def begin(self, layer: JamLayer, wander: float) -> None:
        """Have a layer go on for ever from what plays on it, or from its prompt."""
        piece = self._pieces.get(layer.name)
        if piece is not None:
            piece.wander = wander
            return
        self._pieces[layer.name] = _Piece(wander, last=layer.playing)
        self._go_on(layer.name)

    def end(self, name: LayerName) -> None:
        """Have a layer repeat what it plays."""
        self._pieces.pop(name, None)

    def clear(self) -> None:
        """Have no layer that goes on."""
        self._pieces.clear()

    def going_on(self, name: LayerName, request: ClipRequest) -> ClipRequest:
        """Return the request for the next part of a layer, or as it is for a layer that is not endless."""
        piece = self._pieces.get(name)
        last = None if piece is None else piece.last
        if piece is None or last is None or last.recipe.generator != request.generator:
            return request
        takes = generator_named(request.generator).capabilities().takes
        family: Family | None = last.recipe.family
        if takes.family and family is not None:
            return replace(request, follows=family, evolve=piece.wander, seed=None)
        if takes.continue_from:
            return replace(request, continue_from=Clip(last.baked.samples, last.baked.sample_rate), seed=None)
        return request

    def take(self, loop: JamLoop) -> bool:
        """Take a part that was made, and return True; False where its layer is not endless."""
        piece = self._pieces.get(loop.layer)
        if piece is None:
            return False
        piece.last = loop
        piece.ready.append(loop)
        self._go_on(loop.layer)
        return True

    def on_began(self, loop: JamLoop) -> None:
        """Go on, as a loop is heard: what was handed over is heard, so that the next one can be."""
        piece = self._pieces.get(loop.layer)
        if piece is None:
            return
        if piece.handed is not None and piece.handed.clip is loop.clip:
            piece.handed = None
        self._go_on(loop.layer)

    def anew(self, name: LayerName) -> None:
        """Forget what waits: other words, or another tempo, count from the next part on."""
        piece = self._pieces.get(name)
        if piece is not None:
            piece.ready.clear()
            piece.handed = None
            self._go_on(name)

    def _go_on(self, name: LayerName) -> None:
        piece = self._pieces[name]
        if piece.handed is None and piece.ready:
            piece.handed = piece.ready.popleft()
            self._queue(piece.handed)
        if len(piece.ready) + (piece.handed is not None) < PARTS_AHEAD:
            self._make(name)
