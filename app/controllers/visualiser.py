# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller opens the visualiser, shows it what is heard while it is seen, and has its keys do what they do."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QScreen, QShortcut
from PySide6.QtWidgets import QAbstractButton

from app.controllers.loop import bars_of
from engine.values import PlaybackSnapshot, TransportState
from widgets.bar.menu_button import Section
from widgets.controls import keys_of

if TYPE_CHECKING:
    from app.controllers.live import LiveController
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.session.options import LoopView
    from widgets.visualiser.scene import Heard, VisualLoop
    from widgets.visualiser.window import Visualiser


class VisualiserController(QObject):
    """The visualiser's controller makes the window when it is first asked for, and drops it when it is left.

    Parameters
    ----------
    live
        Measures what is heard.

    Attributes
    ----------
    visualiser
        The window while it is open; else None.

    Signals
    -------
    pause_wanted(bool)
        The music is to pause, or to go on.
    seen_changed(bool)
        Whether the visualiser is on the screen.
    """

    pause_wanted = Signal(bool)
    seen_changed = Signal(bool)

    def __init__(self, window: MainWindow, engine: StudioEngine, store: SettingsStore, live: LiveController) -> None:
        super().__init__(window)
        self._window, self._store, self._live = window, store, live
        self.visualiser: Visualiser | None = None
        # A loop that another one takes over from is seen for a while yet.
        self._views: deque[LoopView] = deque(maxlen=2)
        self._state = TransportState()
        self._snapshot: PlaybackSnapshot | None = None
        self._heard_s = 0.0
        action = QAction(self.tr("&Visualiser, full screen"), self)
        action.setShortcut(QKeySequence("F11"))
        action.setAutoRepeat(False)
        action.triggered.connect(lambda _checked: self.toggle())
        window.add_to_menu(Section.VIEW, action)
        window.closing.connect(self.leave)
        engine.loop.changed.connect(self._on_loop_changed)
        engine.output.snapshot_taken.connect(self._on_snapshot_taken)
        engine.transport.changed.connect(self._on_transport_changed)

    @Slot()
    def toggle(self) -> None:
        """Open the visualiser, or leave it."""
        if self.visualiser is None:
            self._open()
        else:
            self.leave()

    @Slot()
    def leave(self) -> None:
        """Close the visualiser, where it is open."""
        if self.visualiser is not None:
            self.visualiser.close()

    def _open(self) -> None:
        # Loaded when it is first wanted: many never do.
        from widgets.visualiser.window import Visualiser

        opened = self.visualiser = Visualiser(self._store.settings.visual_view)
        for view in self._views:
            opened.set_loop(self._shown_loop(view))
        opened.set_state(self._state)
        opened.frame_due.connect(self._on_frame_due)
        opened.seen_changed.connect(self._live.want)
        opened.seen_changed.connect(self.seen_changed)
        opened.view_changed.connect(self._on_view_changed)
        opened.left.connect(self._on_left)
        bar = self._window.transport_bar
        opened.pause_requested.connect(bar.pause_button.click)
        opened.next_requested.connect(bar.next_button.click)
        opened.previous_requested.connect(bar.previous_button.click)
        for button in (*bar.findChildren(QAbstractButton), self._window.prompt_bar.start_button):
            for key in keys_of(button):
                shortcut = QShortcut(key, opened)
                shortcut.setAutoRepeat(False)
                shortcut.activated.connect(button.click)
        opened.show_on(self._screen())

    def _screen(self) -> QScreen:
        """Return the screen that the visualiser was left on, where that is another than the window's and is there."""
        name = self._store.settings.visual_screen
        known = (one for one in QGuiApplication.screens() if one.name() == name)
        return next(known, self._window.screen())

    @Slot()
    def _on_left(self) -> None:
        left, self.visualiser = self.visualiser, None
        if left is None:
            return
        self._live.want(False)
        self.seen_changed.emit(False)
        name = left.screen().name()
        name = "" if name == self._window.screen().name() else name
        self._store.remember(replace(self._store.settings, visual_screen=name))
        left.deleteLater()
        self._window.activateWindow()

    @Slot(str)
    def _on_view_changed(self, view: str) -> None:
        self._store.remember(replace(self._store.settings, visual_view=view))

    # --- the engine's facts -------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_loop_changed(self, view: LoopView) -> None:
        if self._views and self._views[-1].loop_id == view.loop_id:
            self._views[-1] = view
        else:
            self._views.append(view)
        if self.visualiser is not None:
            self.visualiser.set_loop(self._shown_loop(view))

    @Slot(object)
    def _on_transport_changed(self, state: TransportState) -> None:
        self._state = state
        if not state.is_running:
            self._snapshot = None
        if self.visualiser is not None:
            self.visualiser.set_state(state)

    @Slot(object)
    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        self._snapshot, self._heard_s = snapshot, time.monotonic()

    @Slot()
    def _on_frame_due(self) -> None:
        opened = self.visualiser
        if opened is None:
            return
        runs = self._state.is_running
        opened.set_reading(self._live.listener.latest if runs and self._live.listener.is_on else None)
        if runs and self._snapshot is not None:
            opened.set_heard(self._heard(self._snapshot))

    def _heard(self, snapshot: PlaybackSnapshot) -> Heard:
        from widgets.visualiser.scene import Heard

        told = snapshot.endless
        view = next((one for one in self._views if one.loop_id == told.loop_id), None)
        if view is None:
            return Heard(None, 0.0, told.incoming_id, told.fade, self._heard_s)
        sample = view.region.loop_start + view.in_region(told.position_samples)
        return Heard(told.loop_id, sample, told.incoming_id, told.fade, self._heard_s)

    def _shown_loop(self, view: LoopView) -> VisualLoop:
        from widgets.visualiser.scene import VisualLoop

        card, recipe = self._window.now_playing_panel, replace(view.recipe, loop=view.candidate)
        words = recipe.title, card.origin_of(recipe), " · ".join(card.facts_of(recipe))
        return VisualLoop(view.loop_id, view.sample_rate, view.region, view.peaks, bars_of(view), *words)
