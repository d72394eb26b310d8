# SPDX-License-Identifier: GPL-3.0-or-later
"""The transition's plot shows how the next loop takes over, on a time axis whose zero is the entry."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from engine.values import TransitionPicture
from widgets.seam_scope.plot import SeamAxis
from widgets.timeline.axes import time_label
from widgets.timeline.edge_mover import END_KEYS, START_KEYS
from widgets.timeline.time_plot import TimePlot
from widgets.timeline.time_view import TimeView
from widgets.transition.item import Edge, TransitionItem

MIN_SPAN_S: Final = 0.5
"""Length of the deepest zoom in seconds."""
FIRST_AHEAD_S: Final = 5.0
"""Seconds before the entry that are in view at first, or as much as the crossfade lasts."""
END_ROOM: Final = 1.1
"""Part of the view from the entry on that is kept, as a multiple of the crossfade's length, where its end was seen."""
GRAB_PX: Final = 8.0
"""Distance in pixels between cursor and edge within which the edge can be taken hold of."""
LEAP: Final = 4
"""Number of places, or bars, that Shift and an arrow move an edge by."""


class EntryAxis(SeamAxis):
    """The axis of a transition shows seconds from the entry, which is ``joint_s`` after the picture's start."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        del scale
        shown = [round((value - self.joint_s) / spacing) * spacing for value in values]
        return [f"{'+' if one > 0 else '−'}{time_label(abs(one), spacing)}" if one else "0 s" for one in shown]


class TransitionPlot(TimePlot):
    """The transition's plot is a ``TimePlot`` with two edges; it tells what mouse and keys ask of them.

    Keyboard: ``I`` and ``O`` (``[`` and ``]``) choose the entry or the end, the arrows move it, with Shift farther;
    Home brings the entry to the middle, Escape puts back what is being dragged; zoom and pan are a ``TimePlot``'s.

    Signals
    -------
    edge_dragged(Edge, sample of the picture), stepped(Edge, steps), released(), given_up(), reset_requested()
    """

    edge_dragged = Signal(object, float)
    stepped = Signal(object, int)
    released = Signal()
    given_up = Signal()
    reset_requested = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        axis = EntryAxis()
        super().__init__(hint, parent, time_axis=axis)
        self._axis = axis
        view = TimeView(self, min_span_s=MIN_SPAN_S)
        self.item = TransitionItem(view)
        self.box.addItem(self.item, ignoreBounds=True)
        self.box.setYRange(0.0, 1.0, padding=0)
        self.set_time_view(view)
        self.viewport().setMouseTracking(True)
        self.edge = Edge.ENTRY
        """Edge that keys move."""
        self._dragged: Edge | None = None
        self._grab_offset = 0.0
        self._is_stepping = False

    # --- values ---

    def set_picture(self, picture: TransitionPicture | None) -> None:
        """Show another picture; what is in view around the entry stays where it was not all, and the end in view."""
        before, self.item.picture = self.item.picture, picture
        view = self.time_view
        if picture is not None:
            was_all = before is None or view.width >= view.n_samples
            around = None if before is None else (view.first - before.before_samples, view.last - before.before_samples)
            if before is not None and around is not None and around[1] >= before.fade_samples:
                # The end that was in view stays in view, however long the crossfade is now.
                around = around[0], max(around[1], END_ROOM * picture.fade_samples)
            self._axis.joint_s = picture.before_samples / picture.sample_rate
            self.item.prepareGeometryChange()
            view.set_length(picture.n_samples, picture.sample_rate)
            if before is None:
                ahead = max(FIRST_AHEAD_S * picture.sample_rate, float(picture.fade_samples))
                view.set_span(max(picture.before_samples - ahead, 0.0), float(picture.n_samples))
            if around is not None and not was_all:
                view.set_span(*(one + picture.before_samples for one in around))
        self.set_has_content(picture is not None)

    def set_edges(self, entry_at: float, end_at: float, movable: frozenset[Edge]) -> None:
        """Show where in the picture the crossfade begins and ends, and which of both can be moved."""
        item = self.item
        if (entry_at, end_at, movable) == (item.entry_at, item.end_at, item.movable):
            return
        item.entry_at, item.end_at, item.movable = entry_at, end_at, movable
        if self._dragged is not None and self._dragged not in movable:
            # It has begun: nothing is in the hand any more.
            self._dragged = None
        self.invalidate()

    # --- edges ---

    def _light(self, edge: Edge | None) -> None:
        if edge is not self.item.lit:
            self.item.lit = edge
            self.invalidate()

    def _edge_near(self, x: float) -> Edge | None:
        item = self.item
        if item.picture is None:
            return None
        places = {Edge.ENTRY: item.entry_at, Edge.END: item.end_at}
        near = {edge: abs(self.x_of(places[edge]) - x) for edge in Edge if edge in item.movable}
        # Where both are as near, the side of the cursor decides.
        best = min(
            near, key=lambda edge: (near[edge], (edge is Edge.ENTRY) == (x > self.x_of(item.end_at))), default=None
        )
        return best if best is not None and near[best] <= GRAB_PX else None

    # --- mouse ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        edge = self._edge_near(x) if event.button() == Qt.MouseButton.LeftButton else None
        if edge is None:
            super().mousePressEvent(event)
            return
        self._dragged = self.edge = edge
        row = self.item.entry_at if edge is Edge.ENTRY else self.item.end_at
        # The edge stays where it was under the cursor: taking hold of it moves nothing.
        self._grab_offset = row - self.sample_at(x)
        self._light(edge)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._dragged is not None:
            self.edge_dragged.emit(self._dragged, self.sample_at(x) + self._grab_offset)
        elif self._pan_from is not None:
            super().mouseMoveEvent(event)
        else:
            edge = self._edge_near(x)
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor if edge is None else Qt.CursorShape.SizeHorCursor)
            self._light(edge if edge is not None else (self.edge if self.hasFocus() else None))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = None
            self.released.emit()
        super().mouseReleaseEvent(event)

    # --- keys ---

    def zoom_centre(self) -> float:
        """Return the sample that the keyboard zooms about: the entry when it is in view, else the middle."""
        view, entry = self.time_view, self.item.entry_at
        return entry if view.first <= entry <= view.last else (view.first + view.last) / 2.0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, view = event.key(), self.time_view
        leap = LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if self.item.picture is None:
            super().keyPressEvent(event)
            return
        if key in START_KEYS or key in END_KEYS:
            self.edge = Edge.ENTRY if key in START_KEYS else Edge.END
            self._light(self.edge)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._is_stepping = True
            self.stepped.emit(self.edge, -leap if key == Qt.Key.Key_Left else leap)
        elif key == Qt.Key.Key_Home:
            view.pan(self.item.entry_at - (view.first + view.last) / 2.0)
        elif key == Qt.Key.Key_Backspace:
            self.reset_requested.emit()
        elif key == Qt.Key.Key_Escape and self._dragged is not None:
            self._dragged, self._pan_from = None, None
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.isAutoRepeat() and self._is_stepping:
            self._let_go()
            event.accept()
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._light(self.edge)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._let_go()
        self._light(None)

    def _let_go(self) -> None:
        if self._is_stepping:
            self._is_stepping = False
            self.released.emit()
