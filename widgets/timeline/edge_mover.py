# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge mover moves an edge of a loop region within its clip, and tells of it now and then, and once at the end."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from engine.units import ms_to_samples
from engine.values import LoopRegion

MIN_REGION_MS: Final = 10.0
REGION_CHANGING_MS: Final = 40
"""Milliseconds between two ``changing`` signals, at least, while an edge moves."""
START, END = 0, 1
START_KEYS: Final = (Qt.Key.Key_BracketLeft, Qt.Key.Key_I)
END_KEYS: Final = (Qt.Key.Key_BracketRight, Qt.Key.Key_O)
"""Keys for the end edge, I and O being in and out in editors; Italian and German keyboards lack easy brackets."""


class EdgeMover(QObject):
    """The edge mover holds the region that is shown, which while a hand moves an edge of it is the hand's.

    Signals
    -------
    shown()
        The region is another: by the hand, or as it was told.
    changing(LoopRegion)
        The hand has moved an edge, at most every ``REGION_CHANGING_MS``.
    changed(LoopRegion)
        The hand has let go of an edge that moved.
    """

    shown = Signal()
    changing = Signal(LoopRegion)
    changed = Signal(LoopRegion)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.region: LoopRegion | None = None
        self.edge: int | None = None
        """Edge that keys move: ``START``, ``END``, or None before one was chosen."""
        self.is_moving = False
        self._n_samples = self._sample_rate = 0
        self._before: LoopRegion | None = None
        self._unsaid = False
        self._rate_limit = QTimer(self)
        self._rate_limit.setSingleShot(True)
        self._rate_limit.setInterval(REGION_CHANGING_MS)
        self._rate_limit.timeout.connect(self._on_rate_limit)

    def set_clip(self, n_samples: int, sample_rate: int) -> None:
        """Move edges within a clip of this length; its region is to be told."""
        self._stop()
        self.region = None
        self._n_samples, self._sample_rate = n_samples, sample_rate

    def set_region(self, region: LoopRegion | None) -> None:
        """Show a region, unless the hand moves an edge: then it is what giving up goes back to."""
        if self.is_moving:
            self._before = region
        else:
            self._show(region)

    @property
    def sample(self) -> int:
        """Return where the edge is that keys move, the start before one was chosen; 0 without a region."""
        region = self.region
        return 0 if region is None else (region.loop_end if self.edge == END else region.loop_start)

    def begin(self) -> None:
        """Take hold of the region: from now on it is the hand's."""
        if not self.is_moving:
            self.is_moving, self._before = True, self.region

    def move(self, edge: int, sample: float) -> None:
        """Put an edge at ``sample``, or as near as the clip's ends, the other edge and the shortest region permit."""
        region = self.region
        if region is None:
            return
        shortest = min(max(ms_to_samples(MIN_REGION_MS, self._sample_rate), 1), self._n_samples)
        if edge == START:
            start = max(0, min(round(sample), region.loop_end - shortest))
            moved = LoopRegion(start, max(region.loop_end, start + shortest))
        else:
            end = min(self._n_samples, max(round(sample), region.loop_start + shortest))
            moved = LoopRegion(min(region.loop_start, end - shortest), end)
        if moved == region:
            return
        self._show(moved)
        if self._rate_limit.isActive():
            self._unsaid = True
        else:
            self.changing.emit(moved)
            self._rate_limit.start()

    def settle(self) -> None:
        """End a movement, and tell where the region is now, if an edge moved."""
        self._stop()
        if self.region is not None and self.region != self._before:
            self.changed.emit(self.region)

    def give_up(self) -> None:
        """Put everything back as it was when the region was taken hold of."""
        has_moved = self.region != self._before
        self._stop()
        self._show(self._before)
        if has_moved and self._before is not None:
            self.changing.emit(self._before)

    def _show(self, region: LoopRegion | None) -> None:
        self.region = region
        self.shown.emit()

    def _stop(self) -> None:
        self.is_moving = self._unsaid = False
        self._rate_limit.stop()

    def _on_rate_limit(self) -> None:
        if self._unsaid and self.region is not None:
            self._unsaid = False
            self.changing.emit(self.region)
            self._rate_limit.start()
