# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP's page about room on the disk: how much of it the takes may hold, and how much they do."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSpinBox, QTabWidget

from engine.units import GB
from engine.values import RoomTaken
from widgets.figures import Figure
from widgets.form import add_row, hint, number_spin, page
from widgets.settings_values import ROOM_HIGH_DAYS, ROOM_HIGH_GB


class RoomPage(QObject):
    """The page, added to ``tabs``.

    Attributes
    ----------
    size_spin, age_spin
        What all takes may hold together, GB, and how old one may become, days; 0 in each is said in words.
    """

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs)
        form = page(tabs, self.tr("Room"))
        self.size_spin = number_spin(0.0, ROOM_HIGH_GB, 1.0, self.tr(" GB"), tabs, decimals=2)
        self.size_spin.setSpecialValueText(self.tr("a quarter of the free disk"))
        add_row(
            form,
            self.tr("Takes &hold at most:"),
            self.tr("How much of the disk the takes may hold together: beyond it the oldest ones are removed for good"),
            self.size_spin,
        )
        self.age_spin = QSpinBox(tabs)
        self.age_spin.setRange(0, ROOM_HIGH_DAYS)
        self.age_spin.setSuffix(self.tr(" days"))
        self.age_spin.setSpecialValueText(self.tr("for ever"))
        add_row(
            form,
            self.tr("Takes are &kept:"),
            self.tr("How old a take may become before it is removed for good"),
            self.age_spin,
        )
        form.addRow("", hint(self.tr("Favourites, loops you set by hand, what you saved and what plays stay."), tabs))
        self.taken_label = hint("", tabs)
        form.addRow("", self.taken_label)

    def show_values(self, room_gb: float, room_days: int) -> None:
        """Show these limits."""
        self.size_spin.setValue(room_gb)
        self.age_spin.setValue(room_days)

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
