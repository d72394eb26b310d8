# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP's page about folders: where takes are kept and where recordings go."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QLineEdit, QTabWidget

from widgets.form import add_row, button, hint, page


class FoldersPage(QObject):
    """The page, added to ``tabs``.

    Attributes
    ----------
    data_edit, save_edit
        The folder of the takes and that of recordings; empty is the usual place, which is shown in its stead.
    data_browse, save_browse
        Buttons that choose them.
    """

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs)
        self._tabs = tabs
        form = page(tabs, self.tr("Folders"))
        self.data_edit = QLineEdit(tabs)
        self.data_browse = button(
            self.tr("&Browse…"),
            self.tr("Browse for the data folder"),
            self.tr("Choose the folder where takes are kept"),
            tabs,
        )
        add_row(form, self.tr("Data &folder:"), self.tr("Where takes are kept"), self.data_edit, self.data_browse)
        form.addRow("", hint(self.tr("Takes made so far stay where they are."), tabs))
        self.save_edit = QLineEdit(tabs)
        self.save_browse = button(
            self.tr("B&rowse…"),
            self.tr("Browse for the music folder"),
            self.tr("Choose the folder for what you record and keep"),
            tabs,
        )
        add_row(
            form,
            self.tr("&Music folder:"),
            self.tr("Where recordings and what you keep of what you heard are written, and where SALVA begins"),
            self.save_edit,
            self.save_browse,
        )
        self.set_usual_places("", "")
        self.data_browse.clicked.connect(self._on_browse_data)
        self.save_browse.clicked.connect(self._on_browse_save)

    def show_values(self, data_folder: str, save_folder: str) -> None:
        """Show these folders; "" is the usual place."""
        self.data_edit.setText(data_folder)
        self.save_edit.setText(save_folder)

    def set_usual_places(self, data_folder: str, save_folder: str) -> None:
        """Where things go while nothing is chosen; "" where that is not known."""
        self.data_edit.setPlaceholderText(data_folder or self.tr("The system's usual place"))
        self.save_edit.setPlaceholderText(save_folder or self.tr("The system's music folder"))

    def _on_browse_data(self) -> None:
        self._choose(self.tr("Choose the data folder"), self.data_edit)

    def _on_browse_save(self) -> None:
        self._choose(self.tr("Choose the music folder"), self.save_edit)

    def _choose(self, title: str, edit: QLineEdit) -> None:
        folder = QFileDialog.getExistingDirectory(self._tabs.window(), title, edit.text())
        if folder:
            edit.setText(folder)
