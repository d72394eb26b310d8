# SPDX-License-Identifier: GPL-3.0-or-later
"""The score map's plot is the picture of all loops that the hand moves about in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine.values import LoopRegion, ScoreMaps
from widgets.controls import is_enter
from widgets.score_map.canvas import Cell, ScoreMapCanvas
from widgets.timeline.time_plot import WHEEL_ZOOM

REST_MS: Final = 400
"""Milliseconds that the pointer rests on a cell before its seam is asked for."""
CHANGING_MS: Final = 40
"""Milliseconds between two ``region_changing`` signals, at least, while the cross is dragged."""
REFINE_MS: Final = 250
"""Milliseconds for which the view must not change before it is asked for more finely."""
GRAB_PX: Final = 9.0
"""Distance in pixels from the cross at which it can be taken hold of."""
DRAG_PX: Final = 4.0
"""Way in pixels from which on a press is a drag and no click."""
LEAP: Final = 8
"""Number of cells that Shift and an arrow go."""
ARROWS: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
}
"""Rows and columns that each arrow goes."""


class ScoreMapPlot(ScoreMapCanvas):
    """The score map's plot is a ``ScoreMapCanvas`` with a hand.

    A click or Enter plays the loop of a cell, the cross is dragged to another; a drag along the lengths' axis limits
    them; the wheel zooms about the pointer, a drag pans, a double click shows all.

    Signals
    -------
    region_chosen(LoopRegion), region_changing(LoopRegion), region_changed(LoopRegion)
        A cell was chosen; the cross is being dragged; it was released.
    audition_requested(LoopRegion), audition_ended()
    limits_changed(object)
        The lengths were limited, to a pair of samples, or None.
    layer_wanted()
        The colours are to tell the next thing.
    refine_requested(MapWindow | None)
        More of the cells in view are wished, or those of all of the clip will do.
    """

    region_chosen = Signal(LoopRegion)
    region_changing = Signal(LoopRegion)
    region_changed = Signal(LoopRegion)
    audition_requested = Signal(LoopRegion)
    audition_ended = Signal()
    limits_changed = Signal(object)
    refine_requested = Signal(object)
    layer_wanted = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(hint, parent)
        self.viewport().setMouseTracking(True)
        self._pressed: QPointF | None = None
        self._panned_from: tuple[float, float] | None = None
        self._held: LoopRegion | None = None
        self._limiting: float | None = None
        self._is_hearing = False
        self._rest = self._timer(REST_MS, self._hear)
        self._rate_limit = self._timer(CHANGING_MS, self._on_rate_limit)
        self._refining = self._timer(REFINE_MS, self._ask_finer)
        self._clicking = self._timer(QApplication.doubleClickInterval(), self._click)
        self.time_view.changed.connect(self._ask_soon)
        self.length_view.changed.connect(self._ask_soon)

    def _timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    def set_maps(self, maps: ScoreMaps | None) -> None:
        if maps is None:
            self.end_audition()
            self._stop()
        super().set_maps(maps)
        if maps is not None and maps is self._whole:
            # What is in view may be a part already.
            self._ask_soon()

    def _ask_soon(self) -> None:
        if self.isVisible():
            self._refining.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_soon()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.end_audition()
        self._stop()
        for timer in (self._refining, self._clicking):
            timer.stop()

    def _ask_finer(self) -> None:
        window = self.window_in_view()
        if self._whole is not None and (self._finer is None or self._finer.window != window):
            self.refine_requested.emit(window)

    # --- pointing and hearing ---

    def point(self, cell: Cell | None) -> None:
        before = self.cell
        super().point(cell)
        if self.cell is not before:
            self.end_audition()

    def _hear(self) -> None:
        if self.cell is not None:
            self._is_hearing = True
            self.audition_requested.emit(self.cell.region)

    def end_audition(self) -> None:
        """Stop what is heard of the cell that was pointed at."""
        self._rest.stop()
        if self._is_hearing:
            self._is_hearing = False
            self.audition_ended.emit()

    def _zoom(self, factor: float, start: float, length: float) -> None:
        self.end_audition()
        self.time_view.zoom(factor, start)
        self.length_view.zoom(factor, length)

    # --- mouse ---

    def _is_on_cross(self, place: QPointF) -> bool:
        if self._region is None or not self.plot_rect().contains(place):
            return False
        apart = self.place(self._region.loop_start, self._region.n_samples) - place
        return bool(apart.manhattanLength() <= GRAB_PX * 1.4)

    def _is_on_lengths(self, place: QPointF) -> bool:
        plot = self.plot_rect()
        return bool(place.x() < plot.left() and plot.top() <= place.y() <= plot.bottom())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if event.button() == Qt.MouseButton.LeftButton and self._whole is not None:
            self.end_audition()
            self._pressed = place
            if self._is_on_cross(place):
                self._held = self._moved = self._region
            elif self._is_on_lengths(place):
                self._limiting = self.length_at(place.y())
            else:
                self._panned_from = self.sample_at(place.x()), self.length_at(place.y())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._pressed is None:
            self._hover(place)
        elif (place - self._pressed).manhattanLength() > DRAG_PX or self._moved != self._held:
            if self._held is not None:
                self._drag_to(place)
            elif self._limiting is not None:
                low, high = sorted((self._limiting, self.length_at(place.y())))
                n_samples = float(self.time_view.n_samples)
                self.set_limits((min(max(low, 1.0), n_samples), min(max(high, 1.0), n_samples)))
            elif self._panned_from is not None and self.is_zoomed:
                start, length = self._panned_from
                self.time_view.pan(start - self.sample_at(place.x()))
                self.length_view.pan(length - self.length_at(place.y()))
        event.accept()

    def _hover(self, place: QPointF) -> None:
        on_cross, on_axis = self._is_on_cross(place), self._is_on_lengths(place)
        shape = Qt.CursorShape.CrossCursor if self.plot_rect().contains(place) else Qt.CursorShape.ArrowCursor
        shape = Qt.CursorShape.SizeAllCursor if on_cross else Qt.CursorShape.SizeVerCursor if on_axis else shape
        self.viewport().setCursor(shape)
        self.point(self.cell_at(place))
        if self.cell is not None and not self._is_hearing:
            self._rest.start()

    def _drag_to(self, place: QPointF) -> None:
        cell = self.cell_at(place)
        if cell is None or cell.region == self._moved:
            return
        self._moved = cell.region
        self.point(cell)
        self.viewport().update()
        if not self._rate_limit.isActive():
            self.region_changing.emit(cell.region)
            self._rate_limit.start()

    def _on_rate_limit(self) -> None:
        if self._moved is not None:
            self.region_changing.emit(self._moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        dragged = (event.position() - self._pressed).manhattanLength() > DRAG_PX
        held, moved, limiting, panned = self._held, self._moved, self._limiting, self._panned_from
        self._stop()
        if held is not None:
            if moved is not None and moved != held:
                self._region = moved
                self.region_changed.emit(moved)
        elif limiting is not None:
            self.limits_changed.emit(self._limits if dragged else None)
        elif panned is not None and not dragged:
            self.point(self.cell_of(*panned))
            # A second click shows all: where that is something else, the first one waits for it.
            if self.is_zoomed:
                self._clicking.start()
            else:
                self._click()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._clicking.stop()
        self._stop()
        self.show_all()
        event.accept()

    def _click(self) -> None:
        if self.cell is not None:
            self.end_audition()
            self.region_chosen.emit(self.cell.region)

    def _stop(self) -> None:
        self._pressed = self._panned_from = self._held = self._moved = self._limiting = None
        self._rate_limit.stop()
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        # Whoever rests on a loop hears its seam and reads its numbers, which the tooltip would hide.
        if event.type() == QEvent.Type.ToolTip and self.cell is not None:
            return True
        return bool(super().viewportEvent(event))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self._pressed is None and not self.hasFocus():
            self.point(None)
        self.end_audition()

    def wheelEvent(self, event: QWheelEvent) -> None:
        place = event.position()
        if self._whole is not None and event.angleDelta().y():
            factor = WHEEL_ZOOM ** (-event.angleDelta().y() / 120.0)
            self._zoom(factor, self.sample_at(place.x()), self.length_at(place.y()))
        event.accept()

    # --- keys ---

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.end_audition()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, cell = Qt.Key(event.key()), self.cell or self.playing_cell()
        if key == Qt.Key.Key_Escape and self._held is not None:
            held = self._held
            self._stop()
            self.region_changing.emit(held)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_A):
            self.show_all()
        elif key == Qt.Key.Key_L:
            self.layer_wanted.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._limits is not None:
            self.limits_changed.emit(None)
        elif cell is None or not self._act_on(cell, key, event):
            event.ignore()
            return
        event.accept()

    def _act_on(self, cell: Cell, key: Qt.Key, event: QKeyEvent) -> bool:
        """Do what a key says with the cell that is pointed at; return whether it says anything."""
        if key in ARROWS:
            leaps = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._step(cell, *ARROWS[key], LEAP if leaps else 1)
        elif is_enter(event):
            self.point(cell)
            self._click()
        elif key == Qt.Key.Key_P:
            self.point(cell)
            self._hear()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(1 / WHEEL_ZOOM, *cell.middle)
        elif key == Qt.Key.Key_Minus:
            self._zoom(WHEEL_ZOOM, *cell.middle)
        elif key in (Qt.Key.Key_I, Qt.Key.Key_O):
            low, high = self._limits or (1.0, float(self.time_view.n_samples))
            length = float(cell.region.n_samples)
            limits = (length, high) if key == Qt.Key.Key_I else (low, length)
            self.limits_changed.emit((min(limits), max(limits)))
        else:
            return False
        return True

    def _step(self, cell: Cell, rows: int, columns: int, n: int) -> None:
        """Point so many rows and columns further, as far as there are cells."""
        for step in range(n, 0, -1):
            other = self.cell_in(cell.maps, cell.row + rows * step, cell.column + columns * step)
            if other is not None:
                self.point(other)
                return
        # The first arrow shows at least where it is pointed.
        self.point(cell)
