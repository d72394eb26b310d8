# SPDX-License-Identifier: GPL-3.0-or-later
"""The choice of a station lists what plays here, all stations, and a file of the person's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from widgets.controls import Combo


class StationChoice(Combo):
    """The choice is a name, the path of a file, or "": what plays here.

    Parameters
    ----------
    titles
        Of the stations that have one, by their names.

    Signals
    -------
    chosen(station)
        A person chose another; ``set_station`` is silent.
    """

    chosen = Signal(str)

    def __init__(self, titles: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self._station = ""
        self.activated.connect(self._on_activated)
        self.set_station("")

    @property
    def station(self) -> str:
        """Return what is chosen."""
        return self._station

    def set_station(self, station: str) -> None:
        """Show that this is chosen; what has no title stands there as it is named."""
        self._station = station
        rows = {"": self.tr("What plays here"), **self._titles}
        rows.setdefault(station, Path(station).name)
        with QSignalBlocker(self):
            self.clear()
            for name, title in rows.items():
                self.addItem(title, name)
            self.addItem(self.tr("A station’s file…"), None)
            self.setCurrentIndex(list(rows).index(station))

    @Slot(int)
    def _on_activated(self, at: int) -> None:
        station = self.itemData(at)
        if station is None:
            folder = str(Path(self._station).parent) if "/" in self._station else ""
            station, _ = QFileDialog.getOpenFileName(
                self, self.tr("A station’s file"), folder, self.tr("Stations (*.toml)")
            )
            station = station or self._station
        is_other = station != self._station
        self.set_station(station)
        if is_other:
            self.chosen.emit(station)
