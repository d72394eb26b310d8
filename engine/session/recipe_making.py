# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipe making has a clip made from a recipe, the same again or another from a new seed, to be played next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from psygnal import Signal

from engine.errors import Cancelled, GeneratorError, NotTaken, WorkerHung
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import CancelJob, GenerateJob
from engine.generators.registry import limits_of
from engine.session.baking import LoopInHand
from engine.session.clip_recipe import recipe_of_clip
from engine.session.fitting import to_be_measured
from engine.session.made_again import request_again
from engine.session.ports import PART_MAKER, NextId, Ports
from engine.session.take_store import TakeStore
from engine.values import ClipRequest, ClipResult, JobFailed, LoopSearch, Progress, Recipe
from engine.worker.jobs import FindJob, Found
from engine.worker.recipe_jobs import RecipeJob, RecipeRead


@dataclass(frozen=True, slots=True)
class _Wanted:
    recipe: Recipe
    is_varied: bool


class RecipeMaking:
    """Recipe making uses the process that makes clips again for SALVA, while that is free; the music never waits.

    Signals
    -------
    read(path, Carried | None): the recipe that a sound carries, progressed(title, Progress | None), made(LoopInHand):
    it is kept as a take, and to be played, failed(StudioError), rested: the process is free again

    Parameters
    ----------
    settings
        Tells what is set of the generators.
    is_free
        Tells whether the process is.
    """

    read = Signal(str, object)
    progressed = Signal(str, object)
    made = Signal(object)
    failed = Signal(object)
    rested = Signal()

    def __init__(
        self,
        ports: Ports,
        next_id: NextId,
        takes: TakeStore,
        *,
        settings: Callable[[], GeneratorSettings],
        is_free: Callable[[], bool],
    ) -> None:
        self._ports, self._next_id, self._takes = ports, next_id, takes
        self._settings, self._is_free = settings, is_free
        self._waiting: _Wanted | None = None
        self._making: _Wanted | None = None
        self._request: ClipRequest | None = None
        self._silence_s = 0.0
        self._silence = ports.clock.timer(self._on_silence)
        ports.generators.received.connect(self._on_received)
        ports.generators.died.connect(self._on_died)

    @property
    def is_busy(self) -> bool:
        """Return whether a clip is being made, or its loop looked for."""
        return self._making is not None

    def read_file(self, path: str) -> None:
        """Read the recipe that a sound carries: ``read``."""

        def answer(result: RecipeRead | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
            else:
                self.read.emit(result.path, result.carried)

        self._ports.library.submit(RecipeJob(self._next_id(), path), answer)

    def make(self, recipe: Recipe, *, is_varied: bool) -> None:
        """Make the clip of a recipe again, or another from a new seed; the last one that is asked for counts."""
        self.cancel()
        self._waiting = _Wanted(recipe, is_varied)
        self.go_on()

    def cancel(self) -> None:
        """Make nothing more."""
        self._waiting = None
        if self._request is not None:
            self._ports.generators.send(PART_MAKER, CancelJob(self._request.job_id))
        if self.is_busy:
            self._end()

    def go_on(self) -> None:
        """Begin with what waits, if the process is free."""
        if self._waiting is None or self.is_busy or not self._is_free():
            return
        wanted, self._waiting = self._waiting, None
        recipe = wanted.recipe
        request = request_again(self._next_id(), recipe, self._settings())
        if request is None:
            name = "recipe to make this clip again"
            self.failed.emit(NotTaken(generator=recipe.generator, name=name, value=recipe.title))
            return
        self._making = wanted
        self._request = request = replace(request, seed=None, speed=1.0) if wanted.is_varied else request
        self._listen_for(limits_of(request.generator).load_s)
        self.progressed.emit(recipe.title, Progress(request.job_id, None, "starting"))
        self._ports.generators.send(PART_MAKER, GenerateJob(request, self._settings()))

    def _on_received(self, message: Any) -> None:
        making, request = self._making, self._request
        if making is None or request is None or message.job_id != request.job_id:
            return
        if isinstance(message, Progress):
            self._listen_for(limits_of(request.generator).silence_s)
            self.progressed.emit(making.recipe.title, message)
        elif isinstance(message, ClipResult):
            self._silence.stop()
            self._find(making, request, message)
        else:
            if not isinstance(message.error, Cancelled):
                self.failed.emit(message.error)
            self._end()

    def _find(self, making: _Wanted, request: ClipRequest, made: ClipResult) -> None:
        recipe, n_samples = making.recipe, made.clip.n_samples
        if not making.is_varied and recipe.loop.region.loop_end <= n_samples:
            # Its loop is known: the one that was chosen.
            same = replace(recipe, versions=made.versions)
            self._hand_on(replace(LoopInHand.of_recipe(self._next_id(), made.clip, same), score=made.score))
            return
        search = LoopSearch(recipe.algorithm, facts=to_be_measured(request.generator, made.facts))

        def answer(result: Found | JobFailed) -> None:
            if self._request is not request:
                return
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
                self._end()
                return
            found = recipe_of_clip(request, made, result.findings)
            self._hand_on(
                LoopInHand(self._next_id(), made.clip, found, result.findings, score=made.score),
            )

        self._ports.analysis.submit(FindJob(self._next_id(), made.clip, search), answer)

    def _hand_on(self, loop: LoopInHand) -> None:
        self._end()
        self._takes.keep(loop)
        self.made.emit(loop)

    def _on_died(self, process: str, _error: object) -> None:
        if process == PART_MAKER and self._request is not None and self._making is not None:
            detail = "its process stopped"
            self.failed.emit(GeneratorError(generator=self._request.generator, detail=detail))
            self._end()

    def _end(self) -> None:
        making, self._making, self._request = self._making, None, None
        self._silence.stop()
        if making is not None:
            self.progressed.emit(making.recipe.title, None)
        self.rested.emit()

    def _listen_for(self, seconds: float) -> None:
        self._silence_s = seconds
        self._silence.start(seconds)

    def _on_silence(self) -> None:
        self._silence.start(self._silence_s)
        self._ports.generators.give_up(PART_MAKER, WorkerHung(worker=PART_MAKER, limit_s=self._silence_s))
