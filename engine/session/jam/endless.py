# SPDX-License-Identifier: GPL-3.0-or-later
"""An endless layer gets the next bars for ever: two parts ahead, each of which goes on from the one before.

The composer goes on as one piece, from *stay* to *wander*; a model that continues goes on from the sound of the last
part; a machine that plays endless music is asked for its next part, from the mix on; any other makes another loop of
the same words. A part that is late is waited for: the last one repeats. One that fails is asked for again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import uuid4

from engine.generators.registry import generator_named
from engine.session.jam.layer import JamLayer
from engine.session.ports import Clock
from engine.values import Clip, ClipRequest, EndlessMusic
from engine.values.jam import JamLoop, LayerName

PARTS_AHEAD = 2
"""Number of parts that are made before they are heard."""
AGAIN_S = 3.0
"""Seconds after which a part that failed is asked for again."""
MOST_FAILURES = 3
"""Number of failures in a row after which a layer repeats what it plays."""


@dataclass(eq=False)
class _Piece:
    """The piece that a layer plays: where the next part goes on, what waits, and which part was handed over last.

    Attributes
    ----------
    seed, is_sent
        The sound that the next part goes on from instead of the last part, and whether it was asked for so.
    player, music
        Name of the generator that plays it as endless music, "" for none, and what that music is called there.
    """

    wander: float
    last: JamLoop | None = None
    ready: deque[JamLoop] = field(default_factory=deque)
    handed: JamLoop | None = None
    seed: Clip | None = None
    is_sent: bool = False
    n_reseeded: int = 0
    player: str = ""
    music: str = ""
    n_failures: int = 0


class EndlessLayers:
    """The layers of a jam that go on for ever.

    Parameters
    ----------
    make
        Has a part made: what it is comes back by ``take``.
    queue
        Queues a part for the end of what plays.
    mix
        Returns what all layers play together, or None while nothing plays.
    leave
        Has a generator end the endless music of a name.
    """

    def __init__(
        self,
        make: Callable[[LayerName], None],
        queue: Callable[[JamLoop], None],
        mix: Callable[[], Clip | None],
        leave: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._make, self._queue, self._mix, self._leave = make, queue, mix, leave
        self._pieces: dict[LayerName, _Piece] = {}
        self._again = clock.timer(self._on_again)

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
        piece = self._pieces.pop(name, None)
        if piece is not None:
            self._play_by(piece, "")

    def clear(self) -> None:
        """Have no layer that goes on."""
        for name in tuple(self._pieces):
            self.end(name)

    def reseed(self, name: LayerName) -> None:
        """Have an endless layer go on from what all layers play together now, with its next part."""
        piece, mix = self._pieces.get(name), self._mix()
        if piece is not None and mix is not None:
            piece.seed, piece.is_sent, piece.n_reseeded = mix, False, piece.n_reseeded + 1
            self.anew(name)

    def going_on(self, name: LayerName, request: ClipRequest) -> ClipRequest:
        """Return the request for the next part of a layer, or as it is for a layer that is not endless."""
        piece = self._pieces.get(name)
        if piece is None:
            return request
        takes = generator_named(request.generator).capabilities().takes
        self._play_by(piece, request.generator if takes.endless else "")
        last = piece.last if piece.last is not None and piece.last.recipe.generator == request.generator else None
        before, piece.is_sent = piece.seed, piece.seed is not None
        if before is None and last is not None:
            before = Clip(last.baked.samples, last.baked.sample_rate)
        if takes.endless:
            # What begins goes on from all that plays.
            before = self._mix() if before is None else before
            request = replace(request, part_of=EndlessMusic(piece.music, piece.n_reseeded), evolve=piece.wander)
        family = last.recipe.family if last is not None and piece.seed is None else None
        if takes.family and family is not None:
            request = replace(request, follows=family, evolve=piece.wander, seed=None)
            before = before if takes.endless else None
        if before is None or not takes.continue_from:
            return request
        return replace(request, continue_from=before, seed=None)

    def fail(self, name: LayerName) -> None:
        """Ask again for a part that was not made, a little later; give up a layer of which none is."""
        piece = self._pieces.get(name)
        if piece is None:
            return
        piece.n_failures += 1
        if piece.n_failures >= MOST_FAILURES:
            self.end(name)
        else:
            self._again.start(AGAIN_S)

    def take(self, loop: JamLoop) -> bool:
        """Take a part that was made, and return True; False where its layer is not endless."""
        piece = self._pieces.get(loop.layer)
        if piece is None:
            return False
        piece.last, piece.n_failures = loop, 0
        if piece.is_sent:
            piece.seed, piece.is_sent = None, False
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

    def _play_by(self, piece: _Piece, player: str) -> None:
        """Take note which generator plays a piece as endless music; one that did before ends it."""
        if player == piece.player:
            return
        if piece.player:
            self._leave(piece.music)
        piece.player, piece.music = player, uuid4().hex if player else ""

    def _on_again(self) -> None:
        for name in tuple(self._pieces):
            self._go_on(name)
