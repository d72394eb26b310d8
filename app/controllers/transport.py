# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller joins the transport, the meters, a takeover's progress and what comes next to the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.recordings import Recordings
from app.translations import sentence
from engine.errors import StudioError
from engine.session.options import NextState
from engine.values import Entry, Meters, MusicInHand, PlaybackSnapshot, Progress, TransportState
from widgets.controls import Level

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.qt.studio import StudioEngine
    from engine.values.jam_recording import JamRecordingState


class TransportController(QObject):
    """The transport controller turns what a listener asks of the music into commands, and shows what comes of it.

    Parameters
    ----------
    save_folder
        Tells where recordings go; "" is the system's music folder.

    Signals
    -------
    failed(StudioError)
        A recording cannot go where it should.
    """

    failed = Signal(object)
    keep_wanted = Signal(str)
    recording_wanted = Signal(str)
    recording_end_wanted = Signal()
    jam_recording_end_wanted = Signal()

    def __init__(self, window: MainWindow, engine: StudioEngine, save_folder: Callable[[], str]) -> None:
        super().__init__(window)
        self._window = window
        self._save_folder = save_folder
        # What the studio records to, and what its jam is recorded to; both go by one tape.
        self._recording = self._jam_recording = ""
        self._recordings = Recordings()
        self._running = False
        self._progress: Progress | None = None
        self._next = NextState("idle")
        self._connect(engine)

    def _connect(self, engine: StudioEngine) -> None:
        bar = self._window.transport_bar
        bar.previous_requested.connect(engine.transport.previous)
        bar.next_requested.connect(engine.transport.next)
        bar.pause_requested.connect(engine.transport.set_paused)
        bar.hold_requested.connect(engine.transport.hold)
        bar.favourite_requested.connect(engine.transport.set_favourite)
        bar.never_requested.connect(engine.transport.never_again)
        bar.sleep_requested.connect(engine.transport.sleep_after)
        bar.keep_requested.connect(self._on_keep_requested)
        bar.record_requested.connect(self._on_record_requested)
        self.keep_wanted.connect(engine.output.keep_heard)
        self.recording_wanted.connect(engine.output.start_recording)
        self.recording_end_wanted.connect(engine.output.stop_recording)
        self.jam_recording_end_wanted.connect(engine.jam.stop_recording)
        engine.jam.recording_changed.connect(self._on_jam_recording_changed)
        engine.transport.changed.connect(self._on_transport_changed)
        engine.output.meters_taken.connect(self._on_meters_taken)
        engine.generation.hand_changed.connect(self._on_hand_changed)
        engine.output.snapshot_taken.connect(self._on_snapshot_taken)
        engine.generation.progress_changed.connect(self._on_progress_changed)
        engine.generation.next_changed.connect(self._on_next_changed)
        loops = self._window.next_panel.ready_loops
        engine.generation.ready_changed.connect(loops.set_loops)
        loops.hear_requested.connect(engine.generation.hear)
        loops.keep_requested.connect(engine.generation.keep)
        loops.drop_requested.connect(engine.generation.drop)
        self._window.closing.connect(self._on_closing)

    # --- wishes ---------------------------------------------------------------------------------------------------

    @Slot()
    def _on_keep_requested(self) -> None:
        if path := self._new_file():
            self.keep_wanted.emit(path)

    @Slot(bool)
    def _on_record_requested(self, wanted: bool) -> None:
        if not wanted and self._jam_recording:
            self.jam_recording_end_wanted.emit()
        elif not wanted:
            self.recording_end_wanted.emit()
        elif path := self._new_file():
            self.recording_wanted.emit(path)

    def _new_file(self) -> str:
        """Return a file's name that is free, in a folder that is there; "" where that cannot be."""
        try:
            return self._recordings.new_file(self._save_folder())
        except StudioError as error:
            self.failed.emit(error)
            return ""

    # --- the engine's facts ---------------------------------------------------------------------------------------

    @Slot(object)
    def _on_transport_changed(self, state: TransportState) -> None:
        window = self._window
        window.transport_bar.set_state(state)
        window.now_playing_panel.set_state(state)
        if state.recording != self._recording:
            self._recording = state.recording
            # What it was written to is told when it is.
            window.notice_bar.clear_notice("recording")
            # The jam's own panel tells of its recording.
            if state.recording and state.recording != self._jam_recording:
                told = self.tr("Recording to {path}").format(path=state.recording)
                window.notice_bar.show_notice(told, Level.INFO, "recording")
        self._running = state.is_running
        if not self._running:
            window.overlap_panel.set_progress(None)
            window.output_panel.set_meters(None)
            window.next_panel.set_hand(None)

    @Slot(object)
    def _on_jam_recording_changed(self, state: JamRecordingState) -> None:
        self._jam_recording = state.path
        self._window.transport_bar.set_jam_recording(state.path)

    @Slot(object)
    def _on_meters_taken(self, meters: Meters) -> None:
        self._window.output_panel.set_meters(meters if self._running else None)

    @Slot(object)
    def _on_hand_changed(self, hand: MusicInHand) -> None:
        self._window.next_panel.set_hand(hand if self._running else None)

    @Slot(object)
    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        coming = self._running and snapshot.endless.incoming_id is not None
        self._window.overlap_panel.set_progress(snapshot.endless.fade if coming else None)

    @Slot(object)
    def _on_progress_changed(self, progress: Progress | None) -> None:
        self._progress = progress
        self._show_next()

    @Slot(object)
    def _on_next_changed(self, state: NextState) -> None:
        self._next = state
        if state.kind == "ready":
            self._window.notice_bar.clear_notice("generator")
        self._show_next()

    def _show_next(self) -> None:
        """Show the clip that is being made, or what became of the last one."""
        panel, state = self._window.next_panel, self._next
        if state.kind == "ready" and state.entry is not None:
            # Asked for, it may still be a while: the loop that plays is long.
            panel.set_waiting(self._entry_words(state.entry).format(title=state.title))
        elif self._progress is not None or state.kind in ("idle", "making"):
            panel.set_progress(self._progress)
        elif state.kind == "ready":
            panel.set_waiting(self.tr("“{title}” is ready").format(title=state.title))
        else:
            panel.set_failed(sentence(state.error) if state.error is not None else "", state.retry_s)

    def _entry_words(self, entry: Entry) -> str:
        match entry:
            case Entry.LOOP_END:
                return self.tr("“{title}” comes in at the loop's end")
            case Entry.NEXT_BAR:
                return self.tr("“{title}” comes in at the next bar")
            case Entry.NOW:
                return self.tr("“{title}” comes in now")

    @Slot()
    def _on_closing(self) -> None:
        # Its clock stops with it.
        self._window.transport_bar.set_state(TransportState())
