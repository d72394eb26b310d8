# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP's page about loops: how long they are and play, and which are matched or made again."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget

from engine.values.judging_options import MEND_SEAMS, MISFIT
from engine.values.options import MAKE_AGAIN, MAX_LOOP, MAX_PLAY, MIN_LOOP, MIN_PLAY, TEMPO_REACH
from widgets.dialogs.settings_pages.options_page import OptionsPage


class LoopsPage(OptionsPage):
    """The page about loops."""

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs, tabs.tr("Loops"))
        self.add(MIN_LOOP, MAX_LOOP, MIN_PLAY, MAX_PLAY, TEMPO_REACH, MAKE_AGAIN, MISFIT, MEND_SEAMS)
