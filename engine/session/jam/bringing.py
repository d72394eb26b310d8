# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops are brought to a jam: takes of the library and files, in the jam's key where that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.errors import StudioError
from engine.session.jam.shaping import Answer, Material, Shaper, unless_failed
from engine.session.ports import NextId, Ports
from engine.values import Clip, JobFailed, Recipe
from engine.values.jam import JAM_BARS, Groove, JamLoop, LayerName
from engine.worker.jam_jobs import LoopFileRead, ReadLoopJob, Transposed, TransposeJob

UNPITCHED = (LayerName.DRUMS, LayerName.NOISE)
"""Layers that are in no key."""


class Bringing:
    """Bringing reads loops for a jam's layers.

    Parameters
    ----------
    layout
        Tells what loops are shaped for, and how many bars one has that does not say.
    take
        Queues a loop of a layer that is ready, or lays it into a slot.
    failed
        Takes why a loop cannot be had.
    """

    def __init__(
        self,
        ports: Ports,
        next_id: NextId,
        shaper: Shaper,
        *,
        layout: Callable[[], tuple[Groove, int]],
        take: Callable[[LayerName, JamLoop, int | None], None],
        failed: Callable[[StudioError], None],
    ) -> None:
        self._library, self._analysis, self._next_id, self._shaper = ports.library, ports.analysis, next_id, shaper
        self._layout, self._take, self._failed = layout, take, failed

    def bring_file(self, name: LayerName, path: str, slot: int | None = None, *, is_transposed: bool = False) -> None:
        """Read a file, and queue its loop on a layer, or lay it into a slot (from 1).

        ``is_transposed`` moves it to the jam's key, where there is one and the layer has pitches.
        """

        def read(result: LoopFileRead | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self._fail(result.error)
            elif is_transposed and self._layout()[0].key and name not in UNPITCHED:
                self._transpose(name, result, slot)
            else:
                self.bring(name, result.clip, result.recipe, slot)
            self._shaper.end(name)

        self._shaper.begin(name)
        self._library.submit(ReadLoopJob(self._next_id(), path), read)

    def bring(self, name: LayerName, clip: Clip, recipe: Recipe, slot: int | None = None) -> None:
        """Shape a clip for a layer, and queue it, or lay it into a slot."""
        groove, usual = self._layout()
        bars = min((one for one in JAM_BARS if one >= (recipe.facts.bars or usual)), default=usual)
        material = Material(name, clip, recipe, recipe.facts, bars)
        self._shaper.shape(material, groove, self._unless_failed(name, slot), folds=True)

    def _transpose(self, name: LayerName, read: LoopFileRead, slot: int | None) -> None:
        def moved(result: Transposed | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self._fail(result.error)
            else:
                recipe = read.recipe
                if result.clip is not read.clip:
                    # Its chords are others now.
                    recipe = replace(recipe, facts=replace(recipe.facts, key=result.key), chords=())
                self.bring(name, result.clip, recipe, slot)
            self._shaper.end(name)

        self._shaper.begin(name)
        job = TransposeJob(self._next_id(), read.clip, read.recipe.facts.key, self._layout()[0].key)
        self._analysis.submit(job, moved)

    def _unless_failed(self, name: LayerName, slot: int | None) -> Answer:
        return unless_failed(self._failed, lambda loop: self._take(name, loop, slot))

    def _fail(self, error: Exception) -> None:
        self._failed(error if isinstance(error, StudioError) else StudioError(detail=str(error)))
