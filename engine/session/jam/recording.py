# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam is recorded in whole bars: from a bar's first sample on, or from bar 0 after a count-in, up to a bar's end."""

from __future__ import annotations

import math
from fractions import Fraction

from psygnal import Signal

from engine.recording.recorded_stems import StemPlan, stems_folder
from engine.session.jam.bar_lines import BarLines
from engine.session.jam.jam import Jam
from engine.session.jam.leads import JamLeads
from engine.session.ports import Player
from engine.session.recording import Recording
from engine.stem_tape import stem_block
from engine.units import seconds_to_samples
from engine.values import PlaybackSnapshot
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam import Groove, JamState
from engine.values.jam_recording import JamRecordingOrder, JamRecordingState, JamTake

SOON_S = 0.25
"""Seconds that a bar must be away for a recording to begin or end with it: what is played is on the tape before."""
COUNT_IN_BARS = 1
"""Number of bars that are counted before a jam that stands is recorded."""
_TINY = 1e-3
"""Samples by which a line's place, told in bars, may be wrong for rounding."""


class JamRecorder:
    """The recorder has the studio's recording begin and end with bars.

    Signals
    -------
    changed(JamRecordingState), took(JamTake): a recording began, of which no more is known, or ended
    """

    changed = Signal(object)
    took = Signal(object)

    def __init__(self, jam: Jam, player: Player, recording: Recording) -> None:
        self._jam, self._player, self._recording = jam, player, recording
        self._state = JamRecordingState()
        # What is to begin or end as soon as it is known where the clock is.
        self._waits_to_begin = self._is_counting = False
        player.snapshot_taken.connect(self._on_snapshot)
        self._stems: StemPlan | None = None
        self._leads = JamLeads(
            jam,
            lambda loop, tape_frame: recording.note_lead(tape_frame, loop.recipe, loop.layer),
            recording.note_rest,
        )
        recording.recording_changed.connect(self._on_recording_changed)
        recording.begun.connect(self._on_begun)
        recording.recorded.connect(self._on_recorded)
        self._taking: tuple[str, BarLines] | None = None
        jam.changed.connect(self._on_jam_changed)
        self._last: PlaybackSnapshot | None = None

    @property
    def state(self) -> JamRecordingState:
        """Return what is shown of it."""
        return self._state

    def record(self, order: JamRecordingOrder) -> None:
        """Record to a file from the next bar on; a jam that stands is started, after a count-in of a bar.

        No click of the count-in is recorded.
        """
        if self._state.path:
            return
        path = order.path
        self._waits_to_begin = True
        if order.has_stems:
            self._stems = StemPlan(stem_block(STUDIO_SAMPLE_RATE), stems_folder(path))
            self._player.record_stems(self._stems.block)
        if self._jam.is_running:
            self._tell(JamRecordingState(path))
            self._plan()
        else:
            self._tell(JamRecordingState(path, begins_at=Fraction(0)))
            self._last = None
            self._jam.start(count_in=True)
            if order.has_clicks:
                self._is_counting = True
                self._player.count_in(COUNT_IN_BARS)

    def stop(self) -> None:
        """End the recording with the bar that plays; one that has not begun does not begin."""
        state, last = self._state, self._last
        if not state.path or state.ends_at is not None:
            return
        if last is None or not self._jam.is_running or self._is_yet_to_begin(last):
            self._waits_to_begin = False
            self._recording.stop_recording()
            self._end_stems()
            self._tell(JamRecordingState())
            return
        line = self._next_line(last)
        self._recording.stop_recording(_frame_of(line, last, self._jam.groove))
        self._tell(JamRecordingState(state.path, state.begins_at, line))

    def _is_yet_to_begin(self, last: PlaybackSnapshot) -> bool:
        begins_at = self._state.begins_at
        return self._waits_to_begin or (begins_at is not None and last.bars < begins_at)

    def _plan(self) -> None:
        last = self._last
        if last is None or not self._waits_to_begin:
            return
        self._waits_to_begin = False
        begins_at = self._state.begins_at
        # One that was to begin at bar 0, of which nothing was told in time, begins with the next bar.
        line = self._next_line(last) if begins_at is None or last.bars >= begins_at else begins_at
        frame = _frame_of(line, last, self._jam.groove)
        self._taking = self._state.path, BarLines(int(line), frame)
        self._recording.record(self._state.path, frame, self._stems, keeps_silence=True)
        self._tell(JamRecordingState(self._state.path, line))

    def _next_line(self, last: PlaybackSnapshot) -> Fraction:
        return Fraction(math.ceil(last.bars + SOON_S * STUDIO_SAMPLE_RATE / _bar_samples(self._jam.groove)))

    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        # Bars that are told while the jam starts are those of another clock.
        if self._jam.is_running and not self._jam.sender.is_starting:
            self._last = snapshot
            self._is_counting = self._is_counting and snapshot.bars < 0.0
            if self._taking is not None:
                self._taking[1].follow(snapshot, _bar_samples(self._jam.groove))
            self._plan()

    def _on_jam_changed(self, state: JamState) -> None:
        if self._is_counting and not state.is_running:
            self._is_counting = False
            self._player.count_in(0)

    def _on_recording_changed(self, path: str) -> None:
        if self._state.path and not path:
            self._end_stems()
            self._tell(JamRecordingState())

    def _on_begun(self, path: str) -> None:
        if self._taking is not None and self._taking[0] == path:
            self.took.emit(JamTake(path))

    def _on_recorded(self, path: str, duration_s: float) -> None:
        if self._taking is not None and self._taking[0] == path:
            lines, self._taking = self._taking[1], None
            self.took.emit(JamTake(path, tuple(lines.runs), seconds_to_samples(duration_s, STUDIO_SAMPLE_RATE)))

    def _end_stems(self) -> None:
        if self._stems is not None:
            self._stems = None
            self._player.record_stems(None)

    def _tell(self, state: JamRecordingState) -> None:
        if state != self._state:
            self._state = state
            self.changed.emit(state)


def _bar_samples(groove: Groove) -> float:
    return groove.beats_per_bar * 60.0 * STUDIO_SAMPLE_RATE / groove.bpm


def _frame_of(line: Fraction, told: PlaybackSnapshot, groove: Groove) -> int:
    """Return the frame of the tape with which a line of the clock begins."""
    return told.tape_frame + math.ceil((float(line) - told.bars) * _bar_samples(groove) - _TINY)
