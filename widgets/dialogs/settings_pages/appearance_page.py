# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP's page about how the window looks and speaks."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget

from engine.values.options import ACCENT, LANGUAGE, REDUCED_MOTION, TEXT_SIZE, THEME
from widgets.dialogs.settings_pages.options_page import OptionsPage


class AppearancePage(OptionsPage):
    """The page about the window's colours, text size, motion and language."""

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs, tabs.tr("Appearance"))
        self.add(THEME, ACCENT, REDUCED_MOTION, TEXT_SIZE, LANGUAGE)
        self.add_hint(self.tr("Text size and language take effect at the next start."))
