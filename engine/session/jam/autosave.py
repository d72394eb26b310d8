# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam is kept as it is left, a moment after each change, in a folder from which it comes back at the next start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from psygnal import Signal

from engine.errors import CannotWrite, JamElsewhere, JamSetAside, LoopsLost
from engine.session.jam.jam import Jam
from engine.session.jam.keeping import open_project, project_of
from engine.session.ports import NextId, Ports
from engine.values import Clip, JobFailed
from engine.values.jam_project import JamProject, KeptLoop
from engine.worker.jam_jobs import JamRead, JamWritten, ReadJamJob, WriteJamJob

if TYPE_CHECKING:
    from engine.library.locking import OwnFolder

AFTER_S = 1.0
"""Seconds after a change in which further ones are awaited."""
AGAIN_S = 20.0
"""Seconds after which a jam that could not be written is written again: there may be room by now."""


class JamKeeper:
    """The keeper writes the jam into its folder, and opens and keeps jams elsewhere as it is asked to.

    Where another studio runs, which has the jam that was left, this one's is kept in a folder beside that.

    Signals
    -------
    opened(folder), kept(folder), failed(StudioError)
        The folder is "" where the jam is the one that was left.
    """

    opened = Signal(str)
    kept = Signal(str)
    failed = Signal(object)

    def __init__(self, jam: Jam, ports: Ports, next_id: NextId, folder: str) -> None:
        self._jam, self._jobs, self._next_id, self._folder = jam, ports.library, next_id, folder
        self._own: OwnFolder | None = None
        self._written: tuple[object, ...] | None = None
        # What is kept is written over only once it has been read.
        self._is_beginning = self._is_failing = self._is_closed = False
        self._due = ports.clock.timer(self._on_due)
        jam.changed.connect(self._on_changed)

    def begin(self) -> None:
        """Have the jam be again what it was when it was left, if it was ever."""
        if not self._folder:
            return
        first = self._folder
        self._claim()
        if _holds_files(self._folder):
            self._is_beginning = True
            self._read(self._folder, self._begun)
        if self._folder != first:
            self.failed.emit(JamElsewhere(path=self._folder))

    def open(self, folder: str) -> None:
        """Have the jam be the one that a folder keeps: ``opened``."""
        self._read(folder, lambda result: self._opened(result, folder))

    def keep(self, folder: str) -> None:
        """Keep the jam in a folder: ``kept``."""

        def answer(result: JamWritten | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self.failed.emit(result.error)
            else:
                self.kept.emit(folder)

        self._write(folder, project_of(self._jam), answer)

    def _read(self, folder: str, then: Callable[[JamRead | JobFailed], None]) -> None:
        self._jobs.submit(ReadJamJob(self._next_id(), folder), then)

    def _begun(self, result: JamRead | JobFailed) -> None:
        self._is_beginning = False
        if not isinstance(result, JobFailed) and not result.lost:
            self._opened(result, "")
            return
        aside = self._moved_aside()
        if isinstance(result, JobFailed):
            if aside:
                self.failed.emit(JamSetAside(detail=str(result.error), path=aside))
            self._on_changed(None)
        elif aside:
            # Its own recordings lie there now, too.
            self._read(aside, lambda result: self._opened(result, aside))
        else:
            self._opened(result, "")

    def _claim(self) -> None:
        from engine.library.locking import OwnFolder

        if self._own is not None:
            self._own.close()
        self._own = OwnFolder(Path(self._folder))
        self._folder = str(self._own.path)

    def _opened(self, result: JamRead | JobFailed, folder: str) -> None:
        if isinstance(result, JobFailed):
            self.failed.emit(result.error)
            return
        open_project(self._jam, result.project)
        self.opened.emit(folder)
        if result.lost:
            self.failed.emit(LoopsLost(detail=str(result.lost[0]), count=len(result.lost)))

    def _moved_aside(self) -> str:
        """Have what cannot be read lie where nothing is written over it, and return where; else keep nothing."""
        from engine.library.jam_folder import set_aside

        if _holds_files(self._folder):
            try:
                aside = str(set_aside(Path(self._folder)))
            except CannotWrite as error:
                self._folder = ""
                self.failed.emit(error)
            else:
                self._claim()
                return aside
        return ""

    def close(self) -> None:
        """Keep what has not been kept yet."""
        self._is_closed = True
        if self._due.is_active:
            self._due.stop()
            self._on_due()
        if self._own is not None:
            self._own.close()

    def _on_changed(self, _state: object) -> None:
        if self._folder and not self._due.is_active:
            self._due.start(AFTER_S)

    def _on_due(self) -> None:
        if self._is_beginning or not self._folder:
            return
        project = project_of(self._jam)
        if (content := _content(project)) != self._written:
            self._written = content
            self._write(self._folder, project, self._on_written)

    def _on_written(self, result: JamWritten | JobFailed) -> None:
        was_failing, self._is_failing = self._is_failing, isinstance(result, JobFailed)
        if not isinstance(result, JobFailed):
            return
        self._written = None
        if not was_failing:
            self.failed.emit(result.error)
        if not self._is_closed:
            self._due.start(AGAIN_S)

    def _write(self, folder: str, project: JamProject, answer: Callable[[JamWritten | JobFailed], None]) -> None:
        self._jobs.submit(WriteJamJob(self._next_id(), folder, project), answer)


def _holds_files(folder: str) -> bool:
    return any(one.is_file() for one in Path(folder).rglob("*"))


def _content(project: JamProject) -> tuple[object, ...]:
    """Return all by which two projects differ, clips by identity."""
    layers = tuple(
        (
            name,
            layer.prompt,
            layer.mix,
            layer.style,
            tuple(layer.values.items()),
            _clip(layer.playing),
            tuple((at, _clip(one), one.recipe.title) for at, one in layer.slots.items()),
        )
        for name, layer in project.layers.items()
    )
    return (project.groove, project.bars, project.swap_at, project.fade_ms, project.mix, layers, project.takes)


def _clip(loop: KeptLoop | None) -> Clip | None:
    return None if loop is None else loop.clip
