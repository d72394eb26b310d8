# SPDX-License-Identifier: GPL-3.0-or-later
"""The tour controller leads through the window in the steps of a route, and leaves it as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget

from app.layouts import FACTORY
from app.tour_steps import ROUTES, Route
from widgets.bar.menu_button import Section
from widgets.guide.tour import Tour

if TYPE_CHECKING:
    from app.main_window import MainWindow


class TourController(QObject):
    """The tour controller shows the layout that has a route's places, for as long as that is.

    It is made before what keeps the window's layouts: those are then kept as the person left them, without the tour's.

    Signals
    -------
    started
        A tour begins.
    """

    started = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._tour: Tour | None = None
        self._route, self._at = ROUTES[0], 0
        self._layout, self._state = "", ""
        for route in ROUTES:
            action = QAction(QCoreApplication.translate("TourController", route.entry), self)
            action.triggered.connect(lambda _checked, route=route: self.begin(route))
            window.add_to_menu(Section.HELP, action)
        menu = window.prompt_bar.menu_button
        for about_layouts in (menu.layout_chosen, menu.save_requested, menu.rename_requested, menu.delete_requested):
            about_layouts.connect(self.end)
        window.closing.connect(self.end)

    @Slot()
    def start(self) -> None:
        """Begin the first tour, unless one goes on already."""
        self.begin(ROUTES[0])

    def begin(self, route: Route) -> None:
        """Begin the tour of a route, unless one goes on already."""
        if self._tour is not None:
            return
        self.started.emit()
        self._layout, self._state = self._window.prompt_bar.menu_button.current(), self._window.layout_text()[1]
        self._window.show_layout(route.layout, "")
        self._route = route
        tour = self._tour = Tour(self._window)
        tour.bubble.back_requested.connect(self._back)
        tour.bubble.next_requested.connect(self._next)
        tour.bubble.end_requested.connect(self.end)
        tour.show()
        self._window.activateWindow()
        self._show(0)

    @Slot()
    def end(self) -> None:
        """End the tour, if there is one, and put the window back as it was."""
        if self._tour is None:
            return
        tour, self._tour = self._tour, None
        # Before the bubble is gone: Qt would give the keyboard to what comes next by itself.
        self._window.prompt_bar.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        tour.leave()
        self._window.show_layout(FACTORY.get(self._layout), self._state)

    @Slot()
    def _back(self) -> None:
        self._show(max(self._at - 1, 0))

    @Slot()
    def _next(self) -> None:
        if self._at == len(self._route.steps) - 1:
            self.end()
        else:
            self._show(self._at + 1)

    def _show(self, at: int) -> None:
        if self._tour is None:
            return
        steps = self._route.steps
        self._at, step = at, steps[at]
        parts = [self._window.part(name) for name in step.panels]
        for part in reversed(parts):
            if isinstance(part, QDockWidget):
                part.raise_()
        title, text = (QCoreApplication.translate("Tour", words) for words in (step.title, step.text))
        self._tour.bubble.say(title, text, at, len(steps))
        self._tour.point_at((*step.controls(self._window), *parts))
