# SPDX-License-Identifier: GPL-3.0-or-later
"""The shelf: the library's takes and saved loops as the engine thread sees them; the analysis worker does the files."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from engine.errors import AudioFileError
from engine.qt.stage import LoopInHand
from engine.qt.worker_queue import WorkerQueue
from engine.values import BakedLoop, JobFailed, Take
from engine.worker.jobs import Exported, ExportJob, Listed, ListJob, Loaded, LoadJob, Stored, StoreJob


class Shelf(QObject):
    """Keeps, lists and brings back takes; writes loops to files.

    Signals
    -------
    takes_changed(tuple of Take, newest first), loaded(LoopInHand), saved(path), failed(StudioError)
    """

    takes_changed = Signal(object)
    loaded = Signal(object)
    saved = Signal(str)
    failed = Signal(object)

    def __init__(self, worker: WorkerQueue, next_id: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._next_id = next_id
        self._folder = ""
        self._takes: tuple[Take, ...] = ()
        self._wanted_take = ""

    def open(self, folder: str) -> None:
        """This is the library from now on."""
        self._folder = folder
        self._worker.submit(ListJob(self._next_id(), folder), self._on_listed, instead=True)

    def keep(self, loop: LoopInHand) -> None:
        """Add a new take."""
        self._worker.submit(StoreJob(self._next_id(), self._folder, loop.clip, loop.recipe), self._on_stored)

    def load(self, take_id: str) -> None:
        """Bring a take back: ``loaded``, unless another is asked for or it is called off meanwhile."""
        self._wanted_take = take_id

        def answer(result: Loaded | JobFailed) -> None:
            if self._wanted_take == take_id:
                self._wanted_take = ""
                self._on_loaded(result)

        self._worker.submit(LoadJob(self._next_id(), self._folder, take_id), answer, instead=True)

    def call_off(self) -> None:
        """The take asked for is not wanted any more."""
        self._wanted_take = ""

    def save(self, loop: BakedLoop, path: str) -> None:
        """Write a loop to a file."""
        self._worker.submit(ExportJob(self._next_id(), loop, path), self._on_exported)

    def _on_listed(self, result: Listed | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
        else:
            self._takes = result.takes
            self.takes_changed.emit(self._takes)

    def _on_stored(self, result: Stored | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
        else:
            self._takes = (result.take, *self._takes)
            self.takes_changed.emit(self._takes)

    def _on_loaded(self, result: Loaded | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
            return
        take = result.take
        if take.recipe.loop.region.loop_end > result.clip.n_samples:
            self.failed.emit(AudioFileError(path=take.audio_path, detail="it is shorter than the loop of its recipe"))
        else:
            self.loaded.emit(LoopInHand.of_recipe(self._next_id(), result.clip, take.recipe))

    def _on_exported(self, result: Exported | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
        else:
            self.saved.emit(result.path)
