# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller has what is heard measured while the music runs and the live panel, or another picture, is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

from engine.recording.live import LiveListener
from widgets.live.panel import FRAME_MS, LivePanel

if TYPE_CHECKING:
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine

LOOK_MS: Final = 250
"""Milliseconds between two looks whether a panel that is shown can be seen: a tab in front of it tells nothing."""


class LiveController(QObject):
    """The live controller starts and stops the listener, and hands its readings to the panel."""

    def __init__(self, panel: LivePanel, engine: StudioEngine, store: SettingsStore) -> None:
        super().__init__(panel)
        self._panel = panel
        self._store = store
        self.listener = LiveListener(engine.tape, engine.heard_frame)
        self._running = self._is_wanted = False
        self._looking, self._frames = QTimer(self), QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._look)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self._on_frame)
        panel.installEventFilter(self)
        panel.set_hold(store.settings.live_hold)
        panel.hold_toggled.connect(self._on_hold_toggled)
        panel.reset_requested.connect(self.listener.reset_average)
        engine.transport.running_changed.connect(self._on_running_changed)

    @Slot()
    def stop(self) -> None:
        """Measure no more: the window closes."""
        self._running = self._is_wanted = False
        self._looking.stop()
        self._look()

    @Slot(bool)
    def want(self, is_wanted: bool) -> None:
        """Have what is heard measured, for another than the panel to look at ``listener.latest``, or no more."""
        self._is_wanted = is_wanted
        self._look()

    @Slot(bool)
    def _on_running_changed(self, running: bool) -> None:
        self._running = running
        self._look_while_shown(self._panel.isVisible())

    def eventFilter(self, _panel: QObject, event: QEvent) -> bool:
        """Rest while the panel is hidden."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._look_while_shown(event.type() == QEvent.Type.Show)
        return False

    def _look_while_shown(self, is_shown: bool) -> None:
        if self._running and is_shown:
            self._looking.start()
        else:
            self._looking.stop()
        self._look()

    @Slot()
    def _look(self) -> None:
        is_seen = self._running and self._panel.is_seen()
        is_wanted = is_seen or (self._running and self._is_wanted)
        if is_seen and not self._frames.isActive():
            self._frames.start()
        elif not is_seen and self._frames.isActive():
            self._frames.stop()
            self._panel.set_reading(None)
        if is_wanted:
            self.listener.start()
        else:
            self.listener.stop()

    @Slot()
    def _on_frame(self) -> None:
        self._panel.set_reading(self.listener.latest)

    @Slot(bool)
    def _on_hold_toggled(self, holds: bool) -> None:
        self._store.remember(replace(self._store.settings, live_hold=holds))
