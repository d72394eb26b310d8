# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP's page about room on the disk: how much of it the takes may hold, and how much they do."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget

from engine.units import GB
from engine.values import RoomTaken
from engine.values.options import ROOM_DAYS, ROOM_GB
from widgets.dialogs.settings_pages.options_page import OptionsPage
from widgets.figures import Figure


class RoomPage(OptionsPage):
    """The page about room on the disk.

    Attributes
    ----------
    taken_label
        How much of the disk the takes hold now.
    """

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs, tabs.tr("Room"))
        self.add(ROOM_GB, ROOM_DAYS)
        self.add_hint(self.tr("Favourites, loops you set by hand, what you saved and what plays stay."))
        self.taken_label = self.add_hint("")

    def set_taken(self, taken: RoomTaken) -> None:
        """Say how much of the disk the takes hold now."""
        used, limit = Figure(taken.used_bytes / GB), Figure(taken.limit_bytes / GB)
        words = self.tr("Takes now: {n}, {used:.2f} GB of {limit:.1f} GB.").format(
            n=taken.n_takes, used=used, limit=limit
        )
        if taken.free_bytes is not None:
            free = Figure(taken.free_bytes / GB)
            words += " " + self.tr("{free:.1f} GB of their disk are free.").format(free=free)
        self.taken_label.setText(words)
