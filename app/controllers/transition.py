# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller joins the transition panel to the engine: what comes is told and drawn while the panel is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.qt.studio import StudioEngine
    from engine.values import ComingTransition, PlaybackSnapshot


class TransitionController(QObject):
    """The transition controller shows how the next loop takes over, and has it made as the person drags it.

    Signals
    -------
    transition_wanted(bool), edit_wanted(TransitionEdit)
        To the engine: whether the panel is seen, and how this one transition is to be made.
    """

    transition_wanted = Signal(bool)
    edit_wanted = Signal(object)

    def __init__(self, window: MainWindow, engine: StudioEngine) -> None:
        super().__init__(window)
        self._panel = panel = window.transition_panel
        self._coming: ComingTransition | None = None
        self._is_seen = False
        panel.seen_changed.connect(self._on_seen_changed)
        panel.edited.connect(self.edit_wanted)
        self.transition_wanted.connect(engine.transport.want_transition)
        self.edit_wanted.connect(engine.transport.edit_transition)
        engine.transport.transition_changed.connect(self._on_transition_changed)
        engine.transport.transition_drawn.connect(panel.set_picture)
        engine.output.snapshot_taken.connect(self._on_snapshot_taken)

    @Slot(bool)
    def _on_seen_changed(self, is_seen: bool) -> None:
        self._is_seen = is_seen
        self.transition_wanted.emit(is_seen)

    @Slot(object)
    def _on_transition_changed(self, coming: ComingTransition | None) -> None:
        self._coming = coming
        self._panel.set_coming(coming)

    @Slot(object)
    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        coming, heard = self._coming, snapshot.endless
        if coming is None or not self._is_seen:
            return
        if coming.is_sounding and heard.incoming_id == coming.incoming_id:
            self._panel.set_played(None, heard.fade)
        elif heard.loop_id == coming.lead_id:
            self._panel.set_played(heard.turns * coming.turn_samples + heard.position_samples)
