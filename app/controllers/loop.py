# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller joins the panels that show the loop that plays to the engine."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.choices import studio_options
from engine.session.playtime import least_play_s
from engine.units import bar_seconds, samples_to_seconds
from engine.values.auditions import Audition
from engine.values.options import SHOW_CHORDS, SHOW_NOTES
from engine.values.picture_options import PICTURE_OPTIONS, SPECTROGRAM_WINDOW
from widgets.timeline.music_grid import Bars

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine
    from engine.session.options import LoopView
    from engine.values import LoopCandidate, LoopRegion, PlaybackSnapshot

CARD_INTERVAL_MS = 250
"""Milliseconds between two looks at the card's clock, which shows seconds."""


class LoopController(QObject):
    """The loop controller shows the loop that plays in card, pictures, metrics and meter, and has others chosen.

    Parameters
    ----------
    store
        Tells what is set now.

    Attributes
    ----------
    view
        What is shown; None before the first loop.
    """

    candidate_wanted = Signal(int)
    region_wanted = Signal(object)
    audition_wanted = Signal(object)

    def __init__(self, window: MainWindow, engine: StudioEngine, store: SettingsStore) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self.view: LoopView | None = None
        self._snapshot: PlaybackSnapshot | None = None
        self._running = False
        self._device: str | None = None
        self._card = QTimer(self)
        self._card.setInterval(CARD_INTERVAL_MS)
        self._card.timeout.connect(self.show_card)
        window.now_playing_panel.seen_changed.connect(self._on_card_seen_changed)
        self._is_card_seen = True
        window.waveform_panel.region_changing.connect(self._on_region_changing)
        window.waveform_panel.region_changed.connect(self.region_wanted)
        window.candidates_panel.candidate_chosen.connect(self.candidate_wanted)
        window.candidates_panel.audition_requested.connect(self._on_audition_requested)
        window.candidates_panel.end_audition_requested.connect(engine.loop.end_audition)
        for shown, name in (
            (window.waveform_panel.chords_button, SHOW_CHORDS.name),
            (window.spectrogram_panel.notes_button, SHOW_NOTES.name),
        ):
            shown.setChecked(getattr(store.settings, name))
            shown.toggled.connect(partial(self._remember, name))
        for option in PICTURE_OPTIONS:
            window.spectrogram_panel.set_display(option.name, getattr(store.settings, option.name))
        window.spectrogram_panel.display_chosen.connect(self._on_display_chosen)
        window.closing.connect(self._card.stop)
        self.candidate_wanted.connect(engine.loop.choose_candidate)
        self.region_wanted.connect(engine.loop.set_region)
        self.audition_wanted.connect(engine.loop.audition)
        engine.loop.audition_changed.connect(self._on_audition_changed)
        engine.transport.running_changed.connect(self._on_running_changed)
        engine.loop.changed.connect(self._on_loop_changed)
        engine.output.snapshot_taken.connect(self._on_snapshot_taken)

    def set_device(self, device: str) -> None:
        """Show the device that was asked for, until the first snapshot tells what it gives."""
        self._device = device
        self._snapshot = None
        self._window.output_panel.set_device(device, self._store.settings.latency_ms / 1000.0)

    def _remember(self, name: str, value: bool | str) -> None:
        changes: dict[str, Any] = {name: value}
        self._store.remember(replace(self._store.settings, **changes))

    # --- the engine's facts ---------------------------------------------------------------------------------------

    @Slot(bool)
    def _on_running_changed(self, running: bool) -> None:
        self._running = running
        self._follow_card()
        if not running:
            self._snapshot = None
            self._window.waveform_panel.set_position(None)
            self._window.spectrogram_panel.set_position(None)
            self._window.output_panel.set_levels((-120.0, -120.0), (-120.0, -120.0))
            self._window.now_playing_panel.set_stopped()

    @Slot(object)
    def _on_loop_changed(self, view: LoopView) -> None:
        before, self.view = self.view, view
        window = self._window
        if before is None or _card_of(before) != _card_of(view):
            # The recipe as it plays: another candidate has other bars.
            window.now_playing_panel.set_recipe(replace(view.recipe, loop=view.candidate), view.is_starter, view.fit)
            if self._running:
                self.show_card()
            else:
                window.now_playing_panel.set_stopped()
        if before is None or before.peaks is not view.peaks:
            window.waveform_panel.set_clip(view.peaks)
            window.spectrogram_panel.set_image(view.spectrogram)
            window.waveform_panel.set_facts(view.recipe.facts)
            for panel in (window.waveform_panel, window.spectrogram_panel):
                panel.set_chords(view.recipe.chords if view.peaks is not None else ())
            window.spectrogram_panel.set_score(view.score if view.spectrogram is not None else None)
        elif view.spectrogram is not None and before.spectrogram is not view.spectrogram:
            window.spectrogram_panel.replace_image(view.spectrogram)
        if view.peaks is not None:
            self._show_region(view)
        window.metrics_panel.set_candidate(view.candidate, view.proof, view.algorithm)
        if before is None or before.candidates is not view.candidates:
            window.candidates_panel.set_candidates(view.candidates, view.sample_rate, view.algorithm)
        window.candidates_panel.set_current(-1 if view.current is None else view.current)
        own_ms = view.candidate.overlap_ms
        window.overlap_panel.set_own_overlap(own_ms if (own_ms or 0.0) > self._store.settings.overlap_ms else None)
        window.overlap_panel.set_seam(view.correlation, view.overlap_ms, view.overlap_limit)
        window.prompt_bar.set_can_save(True)

    def _show_region(self, view: LoopView) -> None:
        """Show the loop's edges, and the bar lines counted from its start."""
        window = self._window
        window.waveform_panel.set_region(view.region)
        window.spectrogram_panel.set_region(view.region)
        bars = bars_of(view)
        window.spectrogram_panel.set_bars(bars)
        if bars is None:
            window.waveform_panel.set_grid(None, 0)
        else:
            window.waveform_panel.set_grid(bars.bar_samples, bars.first_sample)

    @Slot(object)
    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        window, view = self._window, self.view
        window.output_panel.set_levels(snapshot.peak_db, snapshot.rms_db)
        if self._snapshot is None or self._snapshot.xruns != snapshot.xruns:
            window.output_panel.set_xruns(snapshot.xruns)
        # A device that was closed has no latency to tell.
        if snapshot.latency_s > 0.0 and (self._snapshot is None or self._snapshot.latency_s != snapshot.latency_s):
            window.output_panel.set_device(self._device, snapshot.latency_s)
        self._snapshot = snapshot
        if not self._running or view is None or snapshot.endless.loop_id != view.loop_id:
            return
        position = view.region.loop_start + view.in_region(snapshot.endless.position_samples)
        window.waveform_panel.set_position(position)
        window.spectrogram_panel.set_position(position)

    @Slot(object)
    def _on_audition_changed(self, audition: Audition | None) -> None:
        self._window.candidates_panel.set_heard(None if audition is None else audition.region)

    @Slot(bool)
    def _on_card_seen_changed(self, is_seen: bool) -> None:
        self._is_card_seen = is_seen
        self._follow_card()

    def _follow_card(self) -> None:
        """Have the card's clock go while somebody sees it."""
        if self._running and self._is_card_seen:
            self._card.start()
        else:
            self._card.stop()
        if self._running:
            self.show_card()

    @Slot()
    def show_card(self) -> None:
        """Bring up to date what the card says of the time that the loop has played."""
        snapshot, view = self._snapshot, self.view
        if view is None:
            return
        # A loop that was not heard yet is about to be.
        turns, position = 0, 0
        if snapshot is not None and snapshot.endless.loop_id == view.loop_id:
            turns, position = snapshot.endless.turns, view.in_region(snapshot.endless.position_samples)
        played = turns * view.region.n_samples + position
        minimum_s = None
        if not view.is_starter:
            turn_s = samples_to_seconds(view.region.n_samples, view.sample_rate)
            minimum_s = least_play_s(view.candidate, turn_s, studio_options(self._store.settings).least_play_s)
        self._window.now_playing_panel.set_progress(turns, samples_to_seconds(played, view.sample_rate), minimum_s)

    @Slot(str, str)
    def _on_display_chosen(self, name: str, choice: str) -> None:
        if name == SPECTROGRAM_WINDOW.name:
            # The engine draws another picture.
            self._store.change(**{name: choice})
        else:
            self._remember(name, choice)

    # --- the hand ----------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_audition_requested(self, candidate: LoopCandidate) -> None:
        self.audition_wanted.emit(Audition(candidate.region))

    @Slot(object)
    def _on_region_changing(self, region: LoopRegion) -> None:
        # The spectrogram's lines follow the hand; the sound follows when the edge is let go.
        self._window.spectrogram_panel.set_region(region)


def bars_of(view: LoopView) -> Bars | None:
    """Return where the bars of a loop's clip lie; None where they are not known."""
    facts = view.recipe.facts
    if not facts.tempo_bpm or not facts.beats_per_bar:
        return None
    # The best that was found begins a bar; what was set by hand, and is a take's loop since, need not.
    found = view.found or view.recipe.loop
    bar_samples = bar_seconds(facts.tempo_bpm, facts.beats_per_bar) * view.sample_rate
    return Bars(bar_samples, found.region.loop_start, facts.beats_per_bar)


def _card_of(view: LoopView) -> tuple[object, ...]:
    """Return what the card shows of a loop."""
    return view.loop_id, view.candidate.bars, view.candidate.played_through
