# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has the keyboard go from panel to panel, and shows the panel that takes it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Qt, SignalInstance, Slot
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

from app.focus_changes import follow_focus_until
from widgets.panel import Panel
from widgets.scrolling import follow_focus


class PanelFocus(QObject):
    """The panel focus brings the keyboard to the next panel and back, by way of the prompt, which is no panel.

    Parameters
    ----------
    home
        The prompt.
    panels
        All panels by name, in the order in which the eye goes.
    docks
        The docks that some of them stand in, by name.
    shown
        Tells the names of the panels that are shown, in the same order.
    """

    def __init__(
        self,
        parent: QObject,
        home: QWidget,
        panels: Mapping[str, Panel],
        docks: Mapping[str, QDockWidget],
        shown: Callable[[], Sequence[str]],
    ) -> None:
        super().__init__(parent)
        self._home, self._panels, self._docks, self._shown = home, panels, docks, shown

    def follow(self, closing: SignalInstance) -> None:
        """Show what takes the keyboard from now on, until the window closes."""
        follow_focus_until(closing, self._on_focus_changed)

    def order_tabs(self, first: Sequence[QWidget], bars: Sequence[QWidget]) -> None:
        """Have Tab go as the eye does: ``first``, what is in the ``bars``, then the panels."""
        stops = [*first, *(one for panel in (*bars, *self._panels.values()) for one in _stops(panel))]
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)

    def go_next(self) -> None:
        """Bring the keyboard to the panel after the one that has it."""
        self._go(1)

    def go_back(self) -> None:
        """Bring the keyboard to the panel before the one that has it."""
        self._go(-1)

    def go_to(self, name: str) -> None:
        """Bring the keyboard to what a panel is about, in front of the panels that share its place."""
        _focus(self._panels[name].main_stop())

    def _go(self, step: int) -> None:
        focus = QApplication.focusWidget()
        panels = [self._panels[name] for name in self._shown()]
        within = [focus is not None and (one.isAncestorOf(focus) or one is focus) for one in panels]
        at = within.index(True) if any(within) else -1
        places = [*panels, None]
        panel = places[(at + step) % len(places)]
        _focus(self._home if panel is None else panel.first_stop())

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        """Show what takes the keyboard: bring its dock to the front of its tabs, and scroll its panel to it."""
        dock = next((one for one in self._docks.values() if now is not None and one.isAncestorOf(now)), None)
        if dock is not None and not dock.isFloating() and dock.visibleRegion().isEmpty():
            dock.raise_()
        follow_focus(before, now)


def _focus(stop: QWidget) -> None:
    if stop.isHidden():
        # The prompt, where the window is a bar of one line.
        return
    stop.window().activateWindow()
    stop.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _stops(panel: QWidget) -> list[QWidget]:
    """Return what Tab stops at in a panel, in the order it was built."""
    header = panel.header.findChildren(QWidget) if isinstance(panel, Panel) else []
    found = [*panel.findChildren(QWidget), *header]
    # A part that hands its focus on (the field of a spin box, a plot's canvas) is no stop of its own.
    stops = [one for one in found if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None]
    return [one for one in dict.fromkeys(stops) if one.window() is panel.window()]
