# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog of SALVA asks where the loop goes, under which name, in which format."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QFileDialog, QHeaderView, QLineEdit, QTreeView, QWidget

from app.window_place import FRAME_GUESS
from engine.library.names import fitting
from widgets.controls import text_width

FORMATS = {".wav": "WAV (*.wav)", ".flac": "FLAC (*.flac)", ".ogg": "OGG Vorbis (*.ogg)"}
SIZE = QSize(860, 520)
"""Size of the dialog in pixels, where the screen has room: names, sizes and dates are whole side by side."""
LEAST_LETTERS = 5
"""Least width of a column in letters, however little is in it."""


def save_dialog(parent: QWidget, title: str, folder: str, ending: str) -> QFileDialog:
    """Return a dialog that proposes ``title`` in ``folder`` (else in the home folder) and the format of ``ending``."""
    ending = ending if ending in FORMATS else ".wav"
    name = re.sub(r"[^\w \-]", "", title).strip() or "loop"
    dialog = QFileDialog(parent, QCoreApplication.translate("save_dialog", "Save the loop that plays"))
    dialog.setObjectName("save_dialog")
    # Qt's own dialog, so that the format chosen and the name's ending go together everywhere.
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, QCoreApplication.translate("save_dialog", "Look in:"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, QCoreApplication.translate("save_dialog", "Format:"))
    dialog.setNameFilters(list(FORMATS.values()))
    dialog.selectNameFilter(FORMATS[ending])
    dialog.setDefaultSuffix(ending[1:])
    dialog.setDirectory(folder if Path(folder).is_dir() else str(Path.home()))
    dialog.selectFile(fitting(name, ending))
    dialog.resize(SIZE.boundedTo(parent.screen().availableSize().shrunkBy(FRAME_GUESS)))
    files = dialog.findChild(QTreeView, "treeView")
    if isinstance(files, QTreeView):
        # Qt's columns are a fixed number of pixels wide, too few for names and sizes in the studio's type.
        header = files.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(text_width(files, "M" * LEAST_LETTERS))
    dialog.filterSelected.connect(lambda words: _follow_format(dialog, _ending_of(words)))
    return dialog


def _follow_format(dialog: QFileDialog, ending: str) -> None:
    """Give the name in the dialog the ending of the format chosen."""
    dialog.setDefaultSuffix(ending[1:])
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    if isinstance(name, QLineEdit) and Path(name.text()).suffix.lower() in FORMATS:
        name.setText(str(Path(name.text()).with_suffix(ending)))


def _ending_of(words: str) -> str:
    return next(ending for ending, shown in FORMATS.items() if shown == words)
