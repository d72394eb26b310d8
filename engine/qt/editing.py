# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to the history of edits is this endpoint: what was done to loops and takes, and what is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from engine.session.edits import Edit
    from engine.session.session import Session


class EditingEndpoint(QObject):
    """The editing endpoint tells each edit that a person made, and puts one back or does it again.

    Signals
    -------
    edited(Edit), deletion_ended: takes were deleted, which was told before, or could not be;
    not_put(Happening): an edit could not be put back
    """

    edited = Signal(object)
    deletion_ended = Signal()
    not_put = Signal(object)

    def attach(self, session: Session) -> None:
        """Stand before this session from now on."""
        self._editing = session.editing
        session.editing.edited.connect(self.edited.emit)
        session.editing.deletion_ended.connect(self.deletion_ended.emit)
        session.editing.not_put.connect(self.not_put.emit)

    @Slot(object, bool)
    def put(self, edit: Edit, undone: bool) -> None:
        """Put back what was before an edit, or do it again."""
        self._editing.put(edit, undone=undone)

    @Slot(object)
    def delete_takes(self, take_ids: tuple[str, ...]) -> None:
        """Move takes to the library's trash."""
        self._editing.delete(take_ids)
