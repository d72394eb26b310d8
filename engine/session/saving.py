# SPDX-License-Identifier: GPL-3.0-or-later
"""SALVA writes the loop that plays, and where asked its notes and its parts, for which the clip is made again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psygnal import Signal

from engine.errors import Cancelled, OnlyLoopSaved, StudioError, WorkerHung
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import CancelJob, GenerateJob
from engine.generators.registry import limits_of
from engine.library.filerecipe import own_of
from engine.session.dragging import Dragging
from engine.session.file_saving import FileSaving
from engine.session.made_again import request_again
from engine.session.now_playing import SetAside
from engine.session.ports import PART_MAKER, NextId, Ports
from engine.session.presenter import LoopPresenter
from engine.session.recipe_making import RecipeMaking
from engine.session.take_store import TakeStore
from engine.values import ClipRequest, ClipResult, JobFailed, Mark, Progress, SavePlan, WrittenFile
from engine.worker.save_jobs import SaveJob
from engine.worker.score_saving import ScoreWritten, WriteScoreJob

NOT_AGAIN = "it cannot be made again from its recipe"
STOPPED = "its generator stopped"
NO_PARTS = "its generator gave no parts"


@dataclass(frozen=True, eq=False, slots=True)
class _Saved:
    """A loop was saved, and more of it is wanted."""

    aside: SetAside
    path: str
    notes: bool
    parts: bool

    @property
    def title(self) -> str:
        return self.aside.recipe.title


class Saving:
    """Saving makes clips again in a process of its own, one at a time, so that the music that comes never waits.

    Signals
    -------
    saved(path), score_saved(ScoreWritten), failed(StudioError), progressed(title of the loop, Progress | None): how far
    its clip is that is being made again

    Parameters
    ----------
    settings
        Tells what is set of the generators.

    Attributes
    ----------
    files
        Has the files themselves written and proved.
    dragging
        Has files made of what is dragged out of the window.
    recipes
        Has clips made from recipes.
    """

    saved = Signal(str)
    score_saved = Signal(object)
    failed = Signal(object)
    progressed = Signal(str, object)

    def __init__(
        self,
        ports: Ports,
        next_id: NextId,
        presenter: LoopPresenter,
        takes: TakeStore,
        settings: Callable[[], GeneratorSettings],
    ) -> None:
        self._generators, self._jobs, self._next_id = ports.generators, ports.library, next_id
        self._presenter, self._takes, self._settings = presenter, takes, settings
        self.files = FileSaving(ports.library, next_id)
        self.dragging = Dragging(ports.library, next_id, presenter, takes)
        self.recipes = RecipeMaking(ports, next_id, takes, settings=settings, is_free=lambda: self._making is None)
        self.recipes.rested.connect(self._next)
        for failing in (self.files, self.dragging, self.recipes):
            failing.failed.connect(self.failed.emit)
        self._waiting: deque[_Saved] = deque()
        self._making: _Saved | None = None
        self._request: ClipRequest | None = None
        self._silence_s = 0.0
        self._silence = ports.clock.timer(self._on_silence)
        # A clip that was cancelled and is still being made.
        self._cancelled: int | None = None
        self._unheeded = ports.clock.timer(self._on_silence)
        ports.generators.received.connect(self._on_received)
        ports.generators.died.connect(self._on_died)

    def close(self) -> None:
        """Cancel without waiting for anything."""
        self.files.close()
        self.recipes.cancel()
        self._waiting.clear()
        self.cancel()
        self._unheeded.stop()

    def save(self, path: str, *, notes: bool = False, parts: bool = False) -> None:
        """Write the loop that was set aside, else the one that plays; then its notes and its parts beside it.

        What is at ``path`` stays, and is told as NameTaken. The file says what the loop's recipe does, and carries it.
        """
        place = Path(path)
        plan = SavePlan(ending=place.suffix.lower())
        self.save_files(str(place.parent), place.stem, plan, notes=notes, parts=parts, is_exact=True)

    def save_files(
        self,
        folder: str,
        name: str,
        plan: SavePlan,
        *,
        notes: bool = False,
        parts: bool = False,
        is_exact: bool = False,
    ) -> None:
        """Write the files of a plan, of what was set aside, else of what plays, as ``SaveJob`` says."""
        aside = self._presenter.take_aside()
        if aside is None:
            return
        key = aside.part.key
        job = SaveJob(
            self._next_id(),
            folder,
            name,
            plan,
            aside.loop.clip,
            key.region,
            key.overlap_ms,
            key.gain,
            aside.recipe,
            is_exact,
            aside.loop.metadata or own_of(self._takes.take_of(aside.loop.loop_id)),
        )

        def then(files: tuple[WrittenFile, ...]) -> None:
            for one in files:
                self.saved.emit(one.path)
            self.files.written.emit(files)
            if files and (notes or parts):
                self._waiting.append(_Saved(aside, files[0].path, notes, parts))
                self._next()

        self.files.save(job, then)
        self._takes.mark(aside.loop.loop_id, Mark.SAVED)

    def cancel(self) -> None:
        """Stop making a clip again: of its loop nothing more is written."""
        if self._request is None:
            return
        request = self._request
        self._generators.send(PART_MAKER, CancelJob(request.job_id))
        self._cancelled = request.job_id
        self._unheeded.start(limits_of(request.generator).cancel_s)
        self._done()

    def _next(self) -> None:
        """Go on with the loop that has waited for longest, unless a clip is being made."""
        if self._making is not None or self.recipes.is_busy:
            return
        if not self._waiting:
            self.recipes.go_on()
            return
        one = self._waiting.popleft()
        if not one.parts and one.aside.loop.score is not None:
            # Its notes are known since it was made.
            self._write(one, None)
            self._next()
            return
        request = request_again(self._next_id(), one.aside.recipe, self._settings(), stems=one.parts)
        if request is None:
            self.failed.emit(OnlyLoopSaved(title=one.title, detail=NOT_AGAIN))
            self._next()
            return
        self._making, self._request = one, request
        self._listen_for(limits_of(request.generator).load_s)
        self.progressed.emit(one.title, Progress(request.job_id, None, "starting"))
        self._generators.send(PART_MAKER, GenerateJob(request, self._settings()))

    def _on_received(self, message: Any) -> None:
        if message.job_id == self._cancelled and not isinstance(message, Progress):
            self._cancelled = None
            self._unheeded.stop()
        making, request = self._making, self._request
        if making is None or request is None or message.job_id != request.job_id:
            return
        if isinstance(message, Progress):
            self._listen_for(limits_of(request.generator).silence_s)
            self.progressed.emit(making.title, message)
            return
        if isinstance(message, ClipResult):
            self._write(making, message)
        elif not isinstance(message.error, Cancelled):
            # Told as what it means here: of a generator's failure alone nobody would see what is missing.
            self.failed.emit(OnlyLoopSaved(title=making.title, detail=str(message.error).removesuffix(".")))
        self._done()

    def _on_died(self, process: str, _error: StudioError) -> None:
        if process != PART_MAKER:
            return
        self._cancelled = None
        self._unheeded.stop()
        if self._making is not None:
            # What became of the process is told by its link.
            self.failed.emit(OnlyLoopSaved(title=self._making.title, detail=STOPPED))
            self._done()

    def _done(self) -> None:
        making, self._making, self._request = self._making, None, None
        self._silence.stop()
        if making is not None:
            self.progressed.emit(making.title, None)
        self._next()

    def _listen_for(self, seconds: float) -> None:
        self._silence_s = seconds
        self._silence.start(seconds)

    def _on_silence(self) -> None:
        if self._making is not None:
            self._silence.start(self._silence_s)
        self._generators.give_up(PART_MAKER, WorkerHung(worker=PART_MAKER, limit_s=self._silence_s))

    def _write(self, one: _Saved, made: ClipResult | None) -> None:
        """Have the notes and the parts of a loop written, as far as they are wanted."""
        loop, part = one.aside.loop, one.aside.part
        score = made.score if made is not None else loop.score
        if made is not None and one.parts and not made.stems:
            self.failed.emit(OnlyLoopSaved(title=one.title, detail=NO_PARTS))
            return
        job = WriteScoreJob(
            self._next_id(),
            one.path,
            one.title,
            part.baked,
            loop.clip,
            part.key.region,
            part.key.overlap_ms,
            part.key.gain,
            made=made.clip if made is not None else None,
            score=score if one.notes else None,
            stems=made.stems if made is not None and one.parts else {},
            recipe=one.aside.recipe,
        )

        def answer(result: ScoreWritten | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
            else:
                self.score_saved.emit(result)

        self._jobs.submit(job, answer)
