# SPDX-License-Identifier: GPL-3.0-or-later
"""A change of tempo is prepared while the jam plays: every layer's loop is there for it before any of them changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.errors import StudioError
from engine.session.jam.shaping import Shaper
from engine.values.jam import Groove, JamLoop, LayerName


class Retiming:
    """A retiming has loops stretched to a groove, and those that cannot be made again.

    A layer for which neither can be done falls silent with the change. Of several changes the last one counts.

    Parameters
    ----------
    make_again
        Has a loop made again for a groove: ``take`` or ``fail`` answers.
    done
        Takes the groove, and the loops that are ready for it.
    """

    def __init__(
        self,
        shaper: Shaper,
        make_again: Callable[[JamLoop, Groove], None],
        done: Callable[[Groove, list[JamLoop]], None],
    ) -> None:
        self._shaper, self._make_again, self._done = shaper, make_again, done
        self.groove: Groove | None = None
        """The groove that is being prepared, or None."""
        self._missing: set[LayerName] = set()
        self._ready: dict[LayerName, JamLoop] = {}

    def prepare(self, groove: Groove, loops: Sequence[JamLoop]) -> None:
        """Have these loops ready for a groove."""
        self.groove, self._ready = groove, {}
        self._missing = {loop.layer for loop in loops}
        for loop in loops:
            if loop.fits(groove):
                self.take(loop)
            elif loop.groove.metre != groove.metre:
                self._make_again(loop, groove)
            else:
                self._shape(loop, groove)

    def set_key(self, key: str) -> None:
        """Have the groove that is being prepared in another key."""
        if self.groove is not None:
            self.groove = replace(self.groove, key=key)

    def cancel(self) -> None:
        """Prepare nothing any more."""
        self.groove, self._ready, self._missing = None, {}, set()

    def take(self, loop: JamLoop) -> bool:
        """Take a loop that is ready, and return True; False where it is not waited for."""
        if self.groove is None or loop.layer not in self._missing or not loop.fits(self.groove):
            return False
        self._ready[loop.layer] = loop
        self._settle(loop.layer)
        return True

    def fail(self, layer: LayerName) -> None:
        """Go on without this layer's loop."""
        if layer in self._missing:
            self._settle(layer)

    def _shape(self, loop: JamLoop, groove: Groove) -> None:
        def answer(result: JamLoop | StudioError) -> None:
            if self.groove is None or not _same(self.groove, groove):
                return
            if isinstance(result, StudioError):
                self._make_again(loop, groove)
            else:
                self.take(result)

        self._shaper.again(loop, groove, answer)

    def _settle(self, layer: LayerName) -> None:
        self._missing.discard(layer)
        groove = self.groove
        if groove is not None and not self._missing:
            ready = list(self._ready.values())
            self.cancel()
            self._done(groove, ready)


def _same(one: Groove, other: Groove) -> bool:
    return (one.bpm, one.metre) == (other.bpm, other.metre)
