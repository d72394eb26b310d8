# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam is kept as it is left, a moment after each change, in a folder from which it comes back at the next start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from psygnal import Signal

from engine.errors import CannotWrite, JamSetAside, LoopsLost
from engine.session.jam.jam import Jam
from engine.session.jam.keeping import open_project, project_of
from engine.session.ports import NextId, Ports
from engine.values import Clip, JobFailed
from engine.values.jam_project import JamProject, KeptLoop
from engine.worker.jam_jobs import JamRead, JamWritten, ReadJamJob, WriteJamJob

AFTER_S = 1.0
"""Seconds after a change in which further ones are awaited."""


class JamKeeper:
    """The keeper writes the jam into its folder, and opens and keeps jams elsewhere as it is asked to.

    Signals
    -------
    opened(folder), kept(folder), failed(StudioError)
    """

    opened = Signal(str)
    kept = Signal(str)
    failed = Signal(object)

    def __init__(self, jam: Jam, ports: Ports, next_id: NextId, folder: str) -> None:
        self._jam, self._jobs, self._next_id, self._folder = jam, ports.library, next_id, folder
        self._written: tuple[object, ...] | None = None
        # What is kept is written over only once it has been read.
        self._is_beginning = False
        self._due = ports.clock.timer(self._on_due)
        jam.changed.connect(self._on_changed)

    def begin(self) -> None:
        """Have the jam be again what it was when it was left, if it was ever."""
        if self._folder and Path(self._folder).is_dir():
            self._is_beginning = True
            self._read(self._folder, self._begun)

    def open(self, folder: str) -> None:
        """Have the jam be the one that a folder keeps: ``opened``."""
        self._read(folder, self._opened)

    def keep(self, folder: str) -> None:
        """Keep the jam in a folder: ``kept``."""
        self._write(folder, project_of(self._jam), tells=True)

    def _read(self, folder: str, then: Callable[[JamRead | JobFailed, str], None]) -> None:
        self._jobs.submit(ReadJamJob(self._next_id(), folder), lambda result: then(result, folder))

    def _begun(self, result: JamRead | JobFailed, folder: str) -> None:
        self._is_beginning = False
        if not isinstance(result, JobFailed) and not result.lost:
            self._opened(result, folder)
            return
        aside = self._moved_aside()
        if isinstance(result, JobFailed):
            if aside:
                self.failed.emit(JamSetAside(detail=str(result.error), path=aside))
            self._on_changed(None)
        elif aside:
            # Its own recordings lie there now, too.
            self._read(aside, self._opened)
        else:
            self._opened(result, folder)

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

        folder = Path(self._folder)
        if any(one.is_file() for one in folder.rglob("*")):
            try:
                return str(set_aside(folder))
            except CannotWrite as error:
                self._folder = ""
                self.failed.emit(error)
        return ""

    def close(self) -> None:
        """Keep what has not been kept yet."""
        if self._due.is_active:
            self._due.stop()
            self._on_due()

    def _on_changed(self, _state: object) -> None:
        if self._folder and not self._due.is_active:
            self._due.start(AFTER_S)

    def _on_due(self) -> None:
        if self._is_beginning or not self._folder:
            return
        project = project_of(self._jam)
        if (content := _content(project)) != self._written:
            self._written = content
            self._write(self._folder, project, tells=False)

    def _write(self, folder: str, project: JamProject, *, tells: bool) -> None:
        def answer(result: JamWritten | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self._written = None
                self.failed.emit(result.error)
            elif tells:
                self.kept.emit(folder)

        self._jobs.submit(WriteJamJob(self._next_id(), folder, project), answer)


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
