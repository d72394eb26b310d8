# SPDX-License-Identifier: GPL-3.0-or-later
"""A change of tempo is prepared while the jam plays: every layer's loop is there for it before any of them changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.errors import StudioError
from engine.session.jam.shaping import Shaper
from engine.values.jam import Groove, JamLoop, LayerName


class Retiming:
    """A retiming has loops stretched to a groove, and those that cannot be made again.

    A layer for which neither can be done keeps its tempo until another loop comes. Of several changes the last one
    counts.

    Parameters
    ----------
    make_again
        Has a loop made again for a groove: ``take`` or ``fail`` answers.
    coming
        Tells what plays on each layer, or comes there.
    done
        Takes the groove, and the loops that are ready for it.
    """

    def __init__(
        self,
        shaper: Shaper,
        make_again: Callable[[JamLoop, Groove], None],
        coming: Callable[[], Sequence[JamLoop]],
        done: Callable[[Groove, list[JamLoop]], None],
    ) -> None:
        self._shaper, self._make_again, self._coming, self._done = shaper, make_again, coming, done
        self.groove: Groove | None = None
        """The groove that is being prepared, or None."""
        # By layer, the loop that is prepared, and what became of it; None while that is not known.
        self._sources: dict[LayerName, JamLoop] = {}
        self._ready: dict[LayerName, JamLoop | None] = {}
        # Layers whose loops are made again, not stretched.
        self._made_again: set[LayerName] = set()

    def prepare(self, groove: Groove) -> None:
        """Have what comes ready for a groove."""
        self.groove, self._sources, self._ready, self._made_again = groove, {}, {}, set()
        self._go_on()

    def cancel(self) -> None:
        """Prepare nothing any more."""
        self.groove, self._sources, self._ready, self._made_again = None, {}, {}, set()

    def take(self, loop: JamLoop) -> bool:
        """Take a loop that is ready, and return True; False where it is not waited for."""
        if self.groove is None or not self._waits_for(loop.layer) or not loop.fits(self.groove):
            return False
        self._ready[loop.layer] = loop
        self._go_on()
        return True

    def fail(self, layer: LayerName) -> None:
        """Go on without this layer's loop."""
        if self._waits_for(layer):
            self._ready[layer] = None
            self._go_on()

    def call_off(self, layer: LayerName) -> None:
        """Go on without this layer's loop if it was to be made again, which it is not any more."""
        if layer in self._made_again:
            self.fail(layer)

    def _waits_for(self, layer: LayerName) -> bool:
        return layer in self._sources and layer not in self._ready

    def _go_on(self) -> None:
        """Prepare what is not prepared yet, also what was queued meanwhile; change where all is ready."""
        groove = self.groove
        if groove is None:
            return
        coming = {loop.layer: loop for loop in self._coming()}
        new = [loop for layer, loop in coming.items() if self._sources.get(layer) is not loop]
        for loop in new:
            self._sources[loop.layer] = loop
            self._ready.pop(loop.layer, None)
            self._made_again.discard(loop.layer)
        for loop in new:
            if self.groove is groove and self._sources.get(loop.layer) is loop:
                self._prepare(loop, groove)
        if self.groove is groove and not any(self._waits_for(layer) for layer in coming):
            ready = [loop for layer, loop in self._ready.items() if layer in coming and loop is not None]
            self.cancel()
            self._done(groove, ready)

    def _prepare(self, loop: JamLoop, groove: Groove) -> None:
        def answer(result: JamLoop | StudioError) -> None:
            if self.groove is not groove or self._sources.get(loop.layer) is not loop:
                return
            if isinstance(result, StudioError):
                self._have_made_again(loop, groove)
            else:
                self.take(result)

        if loop.fits(groove):
            self.take(loop)
        elif loop.groove.metre != groove.metre:
            self._have_made_again(loop, groove)
        else:
            # One that is made again is better than one at half or twice its speed.
            self._shaper.again(loop, groove, answer, folds=False)

    def _have_made_again(self, loop: JamLoop, groove: Groove) -> None:
        self._made_again.add(loop.layer)
        self._make_again(loop, groove)
