# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller joins the score map to the engine and to the settings."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.engine_settings import metric_weights
from app.settings import Settings
from engine.units import bar_seconds
from engine.values.auditions import Audition
from engine.values.options import MIN_LOOP

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.session.options import LoopView
    from engine.values import LoopRegion, MetricWeights


class ScoreMapController(QObject):
    """The score map controller shows the map of what plays while it is looked at, and has loops of it played."""

    candidate_wanted = Signal(int)
    region_wanted = Signal(object)
    map_wanted = Signal(bool)
    refine_wanted = Signal(object)
    audition_wanted = Signal(object)
    audition_end_wanted = Signal()

    def __init__(self, window: MainWindow, engine: StudioEngine, store: SettingsStore) -> None:
        super().__init__(window)
        self._window, self._store = window, store
        self._view: LoopView | None = None
        panel = self._panel = window.score_map_panel
        panel.region_changing.connect(self._on_region_changing)
        panel.region_changed.connect(self._on_region_chosen)
        panel.region_chosen.connect(self._on_region_chosen)
        panel.weights_changed.connect(self._on_weights_changed)
        panel.lengths_limited.connect(self._on_lengths_limited)
        panel.lengths_freed.connect(self._on_lengths_freed)
        panel.map_wanted.connect(self.map_wanted)
        panel.refine_requested.connect(self.refine_wanted)
        panel.audition_requested.connect(self._on_audition_requested)
        panel.audition_ended.connect(self.audition_end_wanted)
        self.candidate_wanted.connect(engine.loop.choose_candidate)
        self.region_wanted.connect(engine.loop.set_region)
        self.map_wanted.connect(engine.loop.want_map)
        self.refine_wanted.connect(engine.loop.refine_map)
        self.audition_wanted.connect(engine.loop.audition)
        self.audition_end_wanted.connect(engine.loop.end_audition)
        engine.loop.changed.connect(self._on_loop_changed)
        engine.loop.map_changed.connect(panel.set_maps)
        store.changed.connect(self._show_settings)
        self._show_settings(store.settings)

    @Slot(object)
    def _show_settings(self, settings: Settings) -> None:
        self._panel.set_weights(metric_weights(settings))
        self._panel.set_limits(settings.min_loop_s, settings.max_loop_s)

    @Slot(object)
    def _on_loop_changed(self, view: LoopView) -> None:
        self._view = view
        facts = view.recipe.facts
        bar_samples = None
        if facts.tempo_bpm and facts.beats_per_bar:
            bar_samples = bar_seconds(facts.tempo_bpm, facts.beats_per_bar) * view.sample_rate
        self._panel.set_bars(bar_samples)
        self._panel.set_loops(view.region, view.candidates, -1 if view.current is None else view.current)

    @Slot(object)
    def _on_audition_requested(self, region: LoopRegion) -> None:
        self.audition_wanted.emit(Audition(region))

    @Slot(object)
    def _on_region_changing(self, region: LoopRegion) -> None:
        # The pictures' edges follow the hand; the sound follows when the cross is released.
        if self._view is None or self._view.peaks is None:
            return
        self._window.waveform_panel.set_region(region)
        self._window.spectrogram_panel.set_region(region)

    @Slot(object)
    def _on_region_chosen(self, region: LoopRegion) -> None:
        candidates = () if self._view is None else self._view.candidates
        at = next((index for index, one in enumerate(candidates) if one.region == region), None)
        if at is None:
            self.region_wanted.emit(region)
        else:
            self.candidate_wanted.emit(at)

    @Slot(object)
    def _on_weights_changed(self, weights: MetricWeights) -> None:
        spectral, waveform, beat, phase = astuple(weights)
        self._store.change(weight_spectral=spectral, weight_waveform=waveform, weight_beat=beat, weight_phase=phase)

    @Slot(float, float)
    def _on_lengths_limited(self, min_s: float, max_s: float) -> None:
        self._store.change(min_loop_s=min_s, max_loop_s=max_s)

    @Slot()
    def _on_lengths_freed(self) -> None:
        self._store.change(min_loop_s=MIN_LOOP.default_number, max_loop_s=0.0)
