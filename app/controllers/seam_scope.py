# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller joins the seam scope to the engine: what plays is drawn while it is seen, what is nudged plays."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.values import LoopRegion, Snap
from engine.values.auditions import Audition
from engine.values.seam_options import SEAM_SNAP
from widgets.seam_scope.panel import AUDITION_TIMES, OPTION_OF

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.session.options import LoopView


class SeamScopeController(QObject):
    """The seam scope's controller has seams drawn while the panel is seen, of regions that are being chosen too.

    Signals
    -------
    seam_wanted(bool), seam_looked_at(LoopRegion), region_wanted(LoopRegion), audition_wanted(Audition)
        To the engine: whether the panel is seen, where an edge is being moved to, what is to play, and what to hear.
    painter_wanted()
        To the engine: it is to be looked who could mend the seam.
    """

    seam_wanted = Signal(bool)
    seam_looked_at = Signal(object)
    region_wanted = Signal(object)
    audition_wanted = Signal(object)
    painter_wanted = Signal()

    def __init__(self, window: MainWindow, engine: StudioEngine, store: SettingsStore) -> None:
        super().__init__(window)
        self._window, self._panel, self._store = window, window.seam_scope_panel, store
        self._view: LoopView | None = None
        self._is_seen = False
        panel = self._panel
        panel.set_snap(Snap(store.settings.seam_snap))
        panel.snap_changed.connect(self._on_snap_changed)
        for layer, option in OPTION_OF.items():
            panel.layer_buttons[layer].setChecked(getattr(store.settings, option.name))
            panel.layer_buttons[layer].toggled.connect(partial(self._remember, option.name))
        panel.seen_changed.connect(self.seam_wanted)
        panel.region_changing.connect(self._on_region_changing)
        window.waveform_panel.region_changing.connect(self.seam_looked_at)
        panel.region_changed.connect(self.region_wanted)
        panel.audition_requested.connect(self._on_audition_requested)
        panel.audition_ended.connect(engine.loop.end_audition)
        self.seam_wanted.connect(engine.loop.want_seam)
        self.seam_looked_at.connect(engine.loop.look_at_seam)
        self.region_wanted.connect(engine.loop.set_region)
        self.audition_wanted.connect(engine.loop.audition)
        engine.loop.changed.connect(self._on_loop_changed)
        engine.loop.seam_drawn.connect(panel.set_picture)
        engine.loop.audition_changed.connect(self._on_audition_changed)
        panel.seen_changed.connect(self._on_seen_changed)
        panel.mend_button.mend_requested.connect(engine.loop.mend_seam)
        panel.mend_button.mend_cancelled.connect(engine.loop.cancel_mending)
        self.painter_wanted.connect(engine.loop.look_who_mends)
        engine.loop.mending_changed.connect(panel.mend_button.set_state)
        engine.models.done.connect(self._look_who_mends)

    @Slot(bool)
    def _on_seen_changed(self, is_seen: bool) -> None:
        self._is_seen = is_seen
        self._look_who_mends()

    @Slot()
    def _look_who_mends(self) -> None:
        """Look who could mend the seam while the panel is seen: a model may have been fetched or removed."""
        if self._is_seen:
            self.painter_wanted.emit()

    def _remember(self, name: str, value: object) -> None:
        changes: dict[str, Any] = {name: value}
        self._store.remember(replace(self._store.settings, **changes))

    @Slot(object)
    def _on_snap_changed(self, snap: Snap) -> None:
        self._remember(SEAM_SNAP.name, str(snap))

    @Slot(object)
    def _on_loop_changed(self, view: LoopView) -> None:
        before, self._view = self._view, view
        if before is None or before.loop_id != view.loop_id:
            self._panel.set_clip(view.n_samples, view.sample_rate)
            self._look_who_mends()
        self._panel.set_region(view.region, view.proof)

    @Slot(object, int)
    def _on_audition_requested(self, region: LoopRegion, times: int) -> None:
        self.audition_wanted.emit(Audition(region, times=times))

    @Slot(object)
    def _on_audition_changed(self, audition: Audition | None) -> None:
        # A candidate's seam that is heard once, from its list, is not this button's.
        self._panel.set_audition(audition is not None and audition.times == AUDITION_TIMES)

    @Slot(object)
    def _on_region_changing(self, region: LoopRegion) -> None:
        # The other pictures' edges follow the hand; the sound follows when it lets go.
        self._window.waveform_panel.set_region(region)
        self._window.spectrogram_panel.set_region(region)
        self.seam_looked_at.emit(region)
