# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP's page about language."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget

from engine.values.options import LANGUAGE
from widgets.settings_pages.options_page import OptionsPage


class LanguagePage(OptionsPage):
    """The page about the window's language."""

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs, tabs.tr("Language"))
        self.add(LANGUAGE)
        self.add_hint(self.tr("Takes effect at the next start."))
