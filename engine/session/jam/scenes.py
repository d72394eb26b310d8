# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops of several layers come together, with one sample: those of a scene, or those that are made at once.

A scene is what lies in the slots of one number, a loop of each layer that has one there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.errors import StudioError
from engine.session.jam.layer import JamLayer
from engine.session.jam.shaping import Shaper
from engine.values.jam import Groove, JamLoop, LayerName, SwapAt


class Scenes:
    """Loops that are to come together wait for each other until each is there, or failed.

    Of several such orders the last one counts; what was ready for one before comes at once.

    Parameters
    ----------
    groove
        Tells what loops are to fit.
    put_in
        Queues these loops to come together, each in step with the groove.
    failed
        Takes why a loop cannot be had.
    """

    def __init__(
        self,
        layers: Mapping[LayerName, JamLayer],
        shaper: Shaper,
        groove: Callable[[], Groove],
        put_in: Callable[[Sequence[JamLoop], SwapAt | None], None],
        failed: Callable[[StudioError], None],
    ) -> None:
        self._layers, self._shaper, self._groove, self._put_in, self._failed = layers, shaper, groove, put_in, failed
        self._at: SwapAt | None = None
        self._waits: set[LayerName] = set()
        self._ready: dict[LayerName, JamLoop] = {}

    def is_ready(self, name: LayerName) -> bool:
        """Return whether a layer's loop is ready, and waits for those of others."""
        return name in self._ready

    def queue_scene(self, number: int, at: SwapAt | None = None) -> None:
        """Queue what lies in the slots of this number, all together. Raises OutOfRange."""
        loops = [loop for layer in self._layers.values() if (loop := layer.slot(number)) is not None]
        if loops:
            self.await_loops([loop.layer for loop in loops], at)
            for loop in loops:
                self.take(loop)

    def await_loops(self, names: Sequence[LayerName], at: SwapAt | None = None) -> None:
        """Have the next loop of each of these layers wait for the others."""
        self.cancel()
        self._at, self._waits = at, set(names)

    def take(self, loop: JamLoop) -> bool:
        """Take a layer's loop, and return True; False where it is not waited for. One of another tempo is stretched."""
        name, groove = loop.layer, self._groove()
        if name not in self._waits:
            return False
        if loop.fits(groove):
            self._waits.discard(name)
            self._ready[name] = loop
            self._go_on()
        else:
            self._shaper.again(loop, groove, lambda result: self._on_shaped(name, result))
        return True

    def leave_out(self, name: LayerName) -> None:
        """Go on without this layer's loop."""
        if name in self._waits:
            self._waits.discard(name)
            self._go_on()

    def cancel(self) -> None:
        """Wait for nothing more: what is ready comes."""
        self._waits = set()
        self._go_on()

    def _go_on(self) -> None:
        if self._waits or not self._ready:
            return
        ready, self._ready = list(self._ready.values()), {}
        if all(loop.fits(self._groove()) for loop in ready):
            self._put_in(ready, self._at)
            return
        # The tempo changed while they waited for each other.
        self._waits = {loop.layer for loop in ready}
        for loop in ready:
            self.take(loop)

    def _on_shaped(self, name: LayerName, result: JamLoop | StudioError) -> None:
        if isinstance(result, StudioError):
            self._failed(result)
            self.leave_out(name)
        else:
            self.take(result)
