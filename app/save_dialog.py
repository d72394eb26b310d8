# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog of SALVA asks where the loop goes, under which name, in which format, and what is saved beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeView,
    QWidget,
)

from app.window_place import FRAME_GUESS
from engine.library.names import fitting
from widgets.controls import describe, text_width

FORMATS = {".wav": "WAV (*.wav)", ".flac": "FLAC (*.flac)", ".ogg": "OGG Vorbis (*.ogg)"}
SIZE = QSize(860, 520)
"""Size of the dialog in pixels, where the screen has room: names, sizes and dates are whole side by side."""
LEAST_LETTERS = 5
"""Least width of a column in letters, however little is in it."""
CHECK_GAP_PX = 24


@dataclass(frozen=True, slots=True)
class Beside:
    """This value says what is to be saved beside a loop, and why that cannot be, "" where it can."""

    notes: bool = False
    parts: bool = False
    no_notes: str = ""
    no_parts: str = ""


class SaveDialog(QFileDialog):
    """The dialog proposes a title in a folder (else in the home folder), and the format of an ending.

    Attributes
    ----------
    notes_check, parts_check
        What is saved beside the loop.
    """

    def __init__(self, parent: QWidget, title: str, folder: str, ending: str, beside: Beside | None = None) -> None:
        super().__init__(parent, QCoreApplication.translate("save_dialog", "Save the loop that plays"))
        ending = ending if ending in FORMATS else ".wav"
        name = re.sub(r"[^\w \-]", "", title).strip() or "loop"
        self.setObjectName("save_dialog")
        # Qt's own dialog, so that the format chosen and the name's ending go together everywhere.
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setLabelText(QFileDialog.DialogLabel.LookIn, QCoreApplication.translate("save_dialog", "Look in:"))
        self.setLabelText(QFileDialog.DialogLabel.FileType, QCoreApplication.translate("save_dialog", "Format:"))
        self.setNameFilters(list(FORMATS.values()))
        self.selectNameFilter(FORMATS[ending])
        self.setDefaultSuffix(ending[1:])
        self.setDirectory(folder if Path(folder).is_dir() else str(Path.home()))
        self.selectFile(fitting(name, ending))
        self._add_checks(beside or Beside())
        self.resize(SIZE.boundedTo(parent.screen().availableSize().shrunkBy(FRAME_GUESS)))
        files = self.findChild(QTreeView, "treeView")
        if isinstance(files, QTreeView):
            # Qt's columns are a fixed number of pixels wide, too few for names and sizes in the studio's type.
            header = files.header()
            header.setStretchLastSection(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            header.setMinimumSectionSize(text_width(files, "M" * LEAST_LETTERS))
        self.filterSelected.connect(lambda words: _follow_format(self, _ending_of(words)))

    def _add_checks(self, beside: Beside) -> None:
        """Add the row that says what is saved beside the loop, below the format."""
        self.notes_check = _check(
            self,
            QCoreApplication.translate("save_dialog", "Notes (&MIDI)"),
            QCoreApplication.translate("save_dialog", "Notes, as a MIDI file"),
            beside.no_notes
            or QCoreApplication.translate(
                "save_dialog", "A MIDI file of the same name, with a track for each part and the drums"
            ),
        )
        self.parts_check = _check(
            self,
            QCoreApplication.translate("save_dialog", "&Parts (stems)"),
            QCoreApplication.translate("save_dialog", "Parts, as stems"),
            beside.no_parts
            or QCoreApplication.translate(
                "save_dialog", "A folder with a WAV file for each part, which together are the loop"
            ),
        )
        for check, wanted, refusal in (
            (self.notes_check, beside.notes, beside.no_notes),
            (self.parts_check, beside.parts, beside.no_parts),
        ):
            check.setEnabled(not refusal)
            check.setChecked(wanted and not refusal)
        grid = self.layout()
        assert isinstance(grid, QGridLayout)
        row, at = QHBoxLayout(), grid.rowCount()
        row.setSpacing(CHECK_GAP_PX)
        row.addWidget(self.notes_check)
        row.addWidget(self.parts_check)
        row.addStretch(1)
        grid.addWidget(QLabel(QCoreApplication.translate("save_dialog", "Also save:"), self), at, 0)
        grid.addLayout(row, at, 1)
        # Tab goes on from the format.
        format_combo = self.findChild(QComboBox, "fileTypeCombo")
        if format_combo is not None:
            QWidget.setTabOrder(format_combo, self.notes_check)
            QWidget.setTabOrder(self.notes_check, self.parts_check)


def _check(parent: QWidget, words: str, name: str, tip: str) -> QCheckBox:
    check = QCheckBox(words, parent)
    describe(check, name, tip)
    return check


def _follow_format(dialog: QFileDialog, ending: str) -> None:
    """Give the name in the dialog the ending of the format chosen."""
    dialog.setDefaultSuffix(ending[1:])
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    if isinstance(name, QLineEdit) and Path(name.text()).suffix.lower() in FORMATS:
        name.setText(str(Path(name.text()).with_suffix(ending)))


def _ending_of(words: str) -> str:
    return next(ending for ending, shown in FORMATS.items() if shown == words)
