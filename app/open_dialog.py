# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialogs of Open: one for sounds, several at once, and one for a folder of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.library.sound_folders import ENDINGS


def open_files(parent: QWidget, folder: str, then: Callable[[list[str]], None]) -> QFileDialog:
    """Ask which sounds are to be played, and call ``then`` with their paths; nothing waits meanwhile."""
    dialog = _dialog(parent, QCoreApplication.translate("open_dialog", "Open sounds"), folder, then)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    sounds = QCoreApplication.translate("open_dialog", "Sounds")
    every = QCoreApplication.translate("open_dialog", "All files")
    patterns = " ".join(f"*{one}" for one in sorted(ENDINGS))
    dialog.setNameFilters([f"{sounds} ({patterns})", f"{every} (*)"])
    # A list of forty endings says nothing to anybody.
    dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
    dialog.open()
    return dialog


def open_folder(parent: QWidget, folder: str, then: Callable[[list[str]], None]) -> QFileDialog:
    """Ask for a folder whose sounds are to be played, and call ``then`` with its path."""
    dialog = _dialog(parent, QCoreApplication.translate("open_dialog", "Open a folder of sounds"), folder, then)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, folder: str, then: Callable[[list[str]], None]) -> QFileDialog:
    dialog = QFileDialog(parent, title, folder)
    dialog.setObjectName("open_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.filesSelected.connect(then)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
