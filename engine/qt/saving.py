# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to SALVA is this endpoint: the loop that plays as a file, with its notes and its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.session.session import Session
    from engine.values import SavePlan


class SavingEndpoint(QObject):
    """The saving endpoint writes the loop that plays, and tells how far what is written beside it is.

    Signals
    -------
    progressed(title of the loop, Progress | None): the clip that is made again for its notes and parts,
    files_progressed(title, fraction | None, whether they are being proved), files_written(tuple of WrittenFile),
    score_saved(ScoreWritten), dragged(tuple of paths): the files of what was dragged last are there
    """

    progressed = Signal(str, object)
    files_progressed = Signal(str, object, bool)
    files_written = Signal(object)
    dragged = Signal(object)
    score_saved = Signal(object)

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        self._session = session
        session.saving.progressed.connect(self.progressed.emit)
        session.saving.files.progressed.connect(self.files_progressed.emit)
        session.saving.files.written.connect(self.files_written.emit)
        session.saving.dragging.ready.connect(self.dragged.emit)
        session.notices.score_saved.connect(self.score_saved.emit)

    @Slot()
    def set_aside(self) -> None:
        """Keep what plays now for ``save`` to write, whatever plays by then."""
        self._session.presenter.set_aside()

    @Slot(str)
    @Slot(str, bool, bool)
    def save(self, path: str, notes: bool = False, parts: bool = False) -> None:
        """Write the loop that was set aside (SALVA), else the one that plays; then its notes and its parts."""
        self._session.saving.save(path, notes=notes, parts=parts)

    @Slot(str, str, object, bool, bool)
    def save_files(self, folder: str, name: str, plan: SavePlan, notes: bool, parts: bool) -> None:
        """Write the files of a plan under this name, and a number where it is taken; then notes and parts."""
        self._session.saving.save_files(folder, name, plan, notes=notes, parts=parts)

    @Slot()
    def cancel_files(self) -> None:
        """Stop the writing of files: nothing of them is left."""
        self._session.saving.files.cancel()

    @Slot()
    def cancel(self) -> None:
        """Write no notes and no parts of the loop whose clip is being made again for them."""
        self._session.saving.cancel()

    @Slot(str)
    def tidy_dragged(self, folder: str) -> None:
        """Remove what was dragged long ago from this folder."""
        self._session.saving.dragging.tidy(folder)

    @Slot(str, object)
    def drag_loop(self, folder: str, candidate: int | None) -> None:
        """Have a file of the loop that plays, or of one of its candidates: ``dragged``."""
        self._session.saving.dragging.drag_loop(folder, candidate)

    @Slot(str, object)
    def drag_takes(self, folder: str, take_ids: tuple[str, ...]) -> None:
        """Have a file of each take: ``dragged``."""
        self._session.saving.dragging.drag_takes(folder, take_ids)
