# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP's page about folders: where takes are kept and where recordings go."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QTabWidget

from engine.values.model_options import MODELS_FOLDER, OFFLINE
from engine.values.options import DATA_FOLDER, KEEP_DROPPED, SAVE_FOLDER
from widgets.dialogs.settings_pages.options_page import OptionsPage


class FoldersPage(OptionsPage):
    """The page about folders; an empty one is the usual place, which is shown in its stead."""

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs, tabs.tr("Folders"))
        self.add(DATA_FOLDER)
        self.add_hint(self.tr("Takes made so far stay where they are."))
        self.add(KEEP_DROPPED)
        self.add(SAVE_FOLDER)
        self.add(MODELS_FOLDER)
        self.add(OFFLINE)

    def set_usual_places(self, data_folder: str, save_folder: str) -> None:
        """Show where things go while nothing is chosen."""
        for option, folder in ((DATA_FOLDER, data_folder), (SAVE_FOLDER, save_folder)):
            edit = self.control_of(option).widget
            assert isinstance(edit, QLineEdit)
            edit.setPlaceholderText(folder)
