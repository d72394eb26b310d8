# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller fills Mini and the small window, and has the engine tell little while nothing moves in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.layouts import Form
from engine.units import samples_to_seconds
from widgets.figures import Figure

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.qt.studio import StudioEngine
    from engine.session.options import LoopView
    from engine.values import PlaybackSnapshot

STATUS_MS: Final = 1000
"""Milliseconds between two looks at what STATUS says, which is told in seconds."""


class CompactController(QObject):
    """The compact controller says in little what the panels, which are hidden then, say at length.

    Parameters
    ----------
    view
        Tells which loop is shown.
    look
        Brings up to date what the card says of the time that a loop has played.

    Signals
    -------
    watch_wanted(bool)
        Whether anything that moves often is on the screen.
    """

    watch_wanted = Signal(bool)

    def __init__(
        self, window: MainWindow, engine: StudioEngine, view: Callable[[], LoopView | None], look: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._window, self._view, self._look = window, view, look
        self._running = self._is_wanted = False
        self._looking = QTimer(self)
        self._looking.setInterval(STATUS_MS)
        self._looking.timeout.connect(self._show)
        self.watch_wanted.connect(engine.output.watch)
        window.compact.changed.connect(self._on_form_changed)
        window.compact.status_toggled.connect(self._follow_status)
        window.closing.connect(self._looking.stop)
        engine.transport.running_changed.connect(self._on_running_changed)
        engine.transport.changed.connect(self._show)
        engine.loop.changed.connect(self._show)
        engine.output.snapshot_taken.connect(self._on_snapshot_taken)

    @Slot(bool)
    def want(self, is_wanted: bool) -> None:
        """Have what is heard be told as often as ever, for a window beside this one, or no more."""
        self._is_wanted = is_wanted
        self._watch()

    @Slot(object)
    def _on_form_changed(self, _form: Form) -> None:
        self._watch()
        self._follow_status()

    def _watch(self) -> None:
        self.watch_wanted.emit(self._is_wanted or self._window.compact.form is Form.FULL)

    @Slot()
    def _follow_status(self) -> None:
        """Look again and again while STATUS is read."""
        compact = self._window.compact
        if compact.form is Form.SMALL and compact.small is not None and compact.small.shows_status():
            self._looking.start()
        else:
            self._looking.stop()
        self._show()

    @Slot(bool)
    def _on_running_changed(self, running: bool) -> None:
        self._running = running
        self._show()

    @Slot(object)
    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        playing, view = self._window.compact.playing, self._view()
        if self._window.compact.form is not Form.MINI or playing is None or view is None or not self._running:
            return
        heard = snapshot.endless
        place = view.in_region(heard.position_samples) if heard.loop_id == view.loop_id else 0
        playing.set_fraction(place / view.region.n_samples)

    @Slot()
    def _show(self) -> None:
        compact, window = self._window.compact, self._window
        if not compact.is_on:
            return
        what, how = window.now_playing_panel.words()
        if compact.form is Form.MINI and compact.playing is not None:
            words = what if self._running else " · ".join(filter(None, (what, how)))
            compact.playing.set_words(words, is_running=self._running)
        elif compact.small is not None and compact.small.shows_status():
            self._look()
            what, how = window.now_playing_panel.words()
            compact.small.set_status(
                (
                    (window.now_playing_panel.windowTitle(), what),
                    (self.tr("Loop"), " · ".join(filter(None, (self._length(), how)))),
                    (window.next_panel.windowTitle(), window.next_panel.words()),
                    (window.output_panel.windowTitle(), window.output_panel.words()),
                    (window.console_panel.windowTitle(), window.console_panel.last_line()),
                )
            )

    def _length(self) -> str:
        view = self._view()
        if view is None:
            return ""
        seconds = samples_to_seconds(view.region.n_samples, view.sample_rate)
        return self.tr("{seconds} s long").format(seconds=f"{Figure(seconds):.1f}")
