# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog of the companion asks how to play along with a recording, and lets both be heard against each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from engine.values import Parameter, ParameterValue
from engine.values.along_options import (
    ALONG_FILE,
    ALONG_FROM,
    ALONG_LEVEL,
    ALONG_OPTIONS,
    ALONG_SECONDS,
    ALONG_TO,
    ALONG_WAY,
)
from engine.values.play_along import Along
from widgets.controls import GAP_PX, describe, set_role
from widgets.dialogs.settings_pages.rows import Rows
from widgets.form import PAGE_MARGIN_PX, ROOM_AROUND_PX, align_fields, button, form_of, note
from widgets.guide.explained import explain_by
from widgets.hear_button import HearButton
from widgets.parameter_rows import ParameterRows

SIZE: Final = QSize(620, 520)
NOTE_LINES: Final = 3
ONLY_FOR: Final[Mapping[Parameter, Along]] = {
    ALONG_SECONDS: Along.CONTINUE,
    ALONG_LEVEL: Along.ACCOMPANY,
    ALONG_FROM: Along.FILL,
    ALONG_TO: Along.FILL,
}
"""Parameters that matter for one way alone."""
OWN, JOINED, NEW = "own", "joined", "new"
"""Names of what can be heard: the recording, the whole, the new music alone."""


class AlongDialog(QDialog):
    """The dialog of the companion.

    Parameters
    ----------
    values
        As they were set last, by the options' names.

    Signals
    -------
    option_changed(name, value)
    make_requested(values), cancel_requested()
        By the parameters' names; not while something is made.
    hear_requested(which), hush_requested()
        ``OWN``, ``JOINED`` or ``NEW``.
    save_requested(), play_requested()
        What was made is to be kept in a file, or played by the studio.
    """

    option_changed = Signal(str, object)
    make_requested = Signal(object)
    cancel_requested = Signal()
    hear_requested = Signal(str)
    hush_requested = Signal()
    save_requested = Signal()
    play_requested = Signal()

    def __init__(self, values: Mapping[str, ParameterValue], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Play along"))
        self.setAcceptDrops(True)
        explain_by(self, "play_along")
        form = form_of(None)
        self.rows = ParameterRows()
        placed = Rows(form)
        self.rows.add((ALONG_FILE, *ALONG_OPTIONS[:3], ALONG_FROM, ALONG_TO, *ALONG_OPTIONS[3:]), self, placed.place)
        self.rows.show_values(values)
        self.rows.changed.connect(self._on_changed)
        align_fields(form)
        self.note = note(NOTE_LINES, self)
        self.note.setAccessibleName(self.tr("What was heard and made"))
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        describe(self.progress, self.tr("Progress"), self.tr("It listens, and has the music made"))
        self.hear_buttons = {
            OWN: HearButton(self.tr("Recording"), self),
            JOINED: HearButton(self.tr("Joined"), self),
            NEW: HearButton(self.tr("New alone"), self),
        }
        tips = {
            OWN: self.tr("Hear the recording, from shortly before the new music on"),
            JOINED: self.tr("Hear both together, from shortly before the new music on"),
            NEW: self.tr("Hear the new music alone"),
        }
        for which, one in self.hear_buttons.items():
            describe(one, self.tr("Hear: {what}").format(what=one.text()), tips[which])
            one.hear_requested.connect(lambda which=which: self.hear_requested.emit(which))
            one.end_requested.connect(self.hush_requested)
        self.save_button = button(
            self.tr("Save &as…"), self.tr("Save as"), self.tr("Keep what was made in a file"), self
        )
        self.play_button = button(
            self.tr("Pla&y in the studio"),
            self.tr("Play in the studio"),
            self.tr("Have the studio find its loop and play it on"),
            self,
        )
        self.make_button = button(
            self.tr("&Make it"), self.tr("Make it"), self.tr("Listen to the recording, and play along"), self
        )
        self.make_button.setDefault(True)
        self.cancel_button = button(self.tr("Cancel"), self.tr("Cancel"), self.tr("Make it no further"), self)
        self.close_button = button(self.tr("Close"), self.tr("Close"), self.tr("Close this window"), self)
        self.make_button.clicked.connect(self._on_make)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.save_button.clicked.connect(self.save_requested)
        self.play_button.clicked.connect(self.play_requested)
        self.close_button.clicked.connect(self.reject)
        page = QVBoxLayout(self)
        page.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        page.setSpacing(GAP_PX + 4)
        page.addLayout(form)
        page.addStretch(1)
        page.addWidget(self.note)
        page.addWidget(self.progress)
        page.addLayout(_in_a_row(QLabel(self.tr("Hear:"), self), *self.hear_buttons.values(), None))
        page.addLayout(_in_a_row(self.save_button, self.play_button, None))
        page.addLayout(_in_a_row(None, self.make_button, self.cancel_button, self.close_button))
        self.resize(SIZE.boundedTo(self.screen().availableSize() - ROOM_AROUND_PX))
        self._is_making, self._is_made = False, False
        self.show_made(is_made=False)

    def file(self) -> str:
        """Return the path of the recording."""
        return str(self.rows.controls[ALONG_FILE.name].value())

    def set_file(self, path: str) -> None:
        """Show another recording."""
        self.rows.controls[ALONG_FILE.name].set_value(path)
        self.show_made(is_made=False)

    def show_making(self, words: str) -> None:
        """Show that it is being made."""
        self._is_making = True
        self._enable()
        self._tell(words, "dim")

    def show_made(self, words: str = "", *, is_made: bool, is_failed: bool = False) -> None:
        """Show that nothing is being made any more, what was, and whether that can be heard."""
        self._is_making, self._is_made = False, is_made
        self._enable()
        self._tell(words, "warning" if is_failed else "dim")

    def set_heard(self, which: str) -> None:
        """Show what is heard; "" is nothing."""
        for name, one in self.hear_buttons.items():
            one.set_heard(name == which)

    def show_words(self, words: str, *, is_failed: bool = False) -> None:
        """Show a sentence."""
        self._tell(words, "warning" if is_failed else "dim")

    def _tell(self, words: str, role: str) -> None:
        set_role(self.note, role)
        self.note.setText(words)

    def _enable(self) -> None:
        way = Along(str(self.rows.controls[ALONG_WAY.name].value()))
        for name, control in self.rows.controls.items():
            only = next((one for parameter, one in ONLY_FOR.items() if parameter.name == name), None)
            for one in (control.widget, control.browse):
                if one is not None:
                    one.setEnabled(not self._is_making and only in (None, way))
        has_file = bool(self.file())
        self.progress.setRange(0, 0 if self._is_making else 1)
        self.progress.setValue(0)
        self.make_button.setEnabled(has_file and not self._is_making)
        self.cancel_button.setEnabled(self._is_making)
        self.hear_buttons[OWN].setEnabled(has_file and not self._is_making)
        for made in (self.hear_buttons[JOINED], self.hear_buttons[NEW], self.save_button, self.play_button):
            made.setEnabled(self._is_made and not self._is_making)

    @Slot()
    def _on_make(self) -> None:
        self.make_requested.emit(self.rows.values())

    def _on_changed(self, name: str, value: ParameterValue) -> None:
        if name in (one.name for one in ALONG_OPTIONS):
            self.option_changed.emit(name, value)
        if name == ALONG_FILE.name:
            self._is_made = False
        self._enable()

    # --- a file that is dropped ---------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self._is_making and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.set_file(files[0])


def _in_a_row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return a row; None is what stretches."""
    row = QHBoxLayout()
    row.setSpacing(GAP_PX)
    for one in widgets:
        if one is None:
            row.addStretch(1)
        else:
            row.addWidget(one, 0, Qt.AlignmentFlag.AlignVCenter)
    return row
