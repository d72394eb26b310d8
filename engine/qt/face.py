# SPDX-License-Identifier: GPL-3.0-or-later
"""The conductor's face: its signals, and the commands that it hands on to one of its parts as they are."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal, Slot

from engine.errors import DeviceError, StudioError, WorkerDied, WorkerHung
from engine.qt.guard import Guard
from engine.qt.making import Making
from engine.qt.options import Happening, StudioOptions
from engine.qt.player_link import PlayerLink
from engine.qt.room_keeper import RoomKeeper
from engine.qt.shelf import Shelf
from engine.qt.showing import Showing
from engine.qt.tape_keeper import TapeKeeper
from engine.qt.transport import Transport
from engine.values import BakedLoop, LoopCandidate, LoopRegion, Mark, Recipe

_log = logging.getLogger(__name__)


class Face(QObject):
    """Commands come in as slots, facts go out as signals.

    Signals
    -------
    running_changed(bool), loop_changed(LoopView), snapshot_taken(PlaybackSnapshot), progress_changed(Progress | None),
    next_changed(NextState), failed(StudioError), device_changed(str, StudioError | None),
    takes_changed(newest takes, ids of all), takes_read(ids that were asked for, takes), devices_listed(tuple of
    OutputDevice), saved(str), happened(Happening), transport_changed(TransportState), meters_taken(Meters),
    hand_changed(MusicInHand), room_taken(RoomTaken), library_opened(folder), recovered(StudioError): what was told by
    failed is true no more
    """

    running_changed = Signal(bool)
    loop_changed = Signal(object)
    snapshot_taken = Signal(object)
    progress_changed = Signal(object)
    next_changed = Signal(object)
    failed = Signal(object)
    device_changed = Signal(str, object)
    takes_changed = Signal(object, object)
    takes_read = Signal(object, object)
    devices_listed = Signal(object)
    saved = Signal(str)
    happened = Signal(object)
    transport_changed = Signal(object)
    meters_taken = Signal(object)
    hand_changed = Signal(object)
    room_taken = Signal(object)
    library_opened = Signal(str)
    recovered = Signal(object)

    _running: bool
    _options: StudioOptions
    _player: PlayerLink
    _showing: Showing
    _shelf: Shelf
    _making: Making
    _transport: Transport
    _tape: TapeKeeper
    _guard: Guard
    _room: RoomKeeper
    _aside: tuple[int, BakedLoop, Recipe] | None = None

    def _hand_on(self) -> None:
        """Let out as they are the facts that the parts tell."""
        self._making.progress_changed.connect(self.progress_changed)
        self._making.next_changed.connect(self.next_changed)
        self._making.hand_changed.connect(self.hand_changed)
        self._showing.loop_changed.connect(self.loop_changed)
        self._showing.chosen.connect(self._on_chosen)
        self._shelf.takes_changed.connect(self.takes_changed)
        self._shelf.takes_read.connect(self.takes_read)
        self._room.taken.connect(self.room_taken)
        self._shelf.saved.connect(self._on_saved)
        self._transport.changed.connect(self.transport_changed)
        self._tape.meters_taken.connect(self.meters_taken)
        self._tape.kept.connect(self._on_kept)
        self._tape.recorded.connect(self._on_recorded)
        self._tape.recording_changed.connect(self._on_recording_changed)
        for keeper in (self._shelf, self._room):
            keeper.recovered.connect(self.recovered)
        for teller in (self._making, self._transport, self._guard, self._room):
            teller.happened.connect(self.happened)

    # --- the loop that plays --------------------------------------------------------------------------------------

    @Slot(int)
    def choose_candidate(self, index: int) -> None:
        """Play another of the loop finder's candidates."""
        self._showing.choose_candidate(index)

    @Slot(object)
    def set_region(self, region: LoopRegion) -> None:
        """Play the region that the person dragged, and judge it."""
        self._showing.set_region(region)
        if self._showing.stage is not None:
            self._shelf.mark(self._showing.stage.playing.loop_id, Mark.REGION)

    @Slot(int, object)
    def _on_chosen(self, loop_id: int, loop: LoopCandidate) -> None:
        self._shelf.set_loop(loop_id, loop)
        if self._running and self._showing.stage is not None:
            self._tape.note_change(self._showing.stage.recipe)

    @Slot()
    def set_aside(self) -> None:
        """What plays now is what ``save`` is to write, whatever plays by then."""
        if self._showing.stage is not None:
            self._aside = self._showing.stage.saved()

    @Slot(str)
    def save(self, path: str) -> None:
        """SALVA: write the loop that was set aside, else the one that plays."""
        aside, self._aside = self._aside, None
        if aside is None and self._showing.stage is not None:
            aside = self._showing.stage.saved()
        if aside is not None:
            loop_id, baked, recipe = aside
            self._shelf.save(baked, recipe, path)
            self._shelf.mark(loop_id, Mark.SAVED)

    @Slot(object)
    def read_takes(self, take_ids: tuple[str, ...]) -> None:
        """Tell of these takes: ``takes_read``."""
        self._shelf.read(take_ids)

    @Slot()
    def list_devices(self) -> None:
        """Ask for ``devices_listed``."""
        self._player.list_devices()

    # --- the transport --------------------------------------------------------------------------------------------

    @Slot(bool)
    def set_paused(self, paused: bool) -> None:
        """Stand still, or go on."""
        self._transport.pause(paused)

    @Slot()
    def next(self) -> None:
        """Go on to the next loop, by the person's entry rule; pressed again, sooner."""
        self._transport.next(self._options.transition)
        self._making.tell_next()

    @Slot()
    def previous(self) -> None:
        """Go back to the loop that led before."""
        self._transport.previous(self._options.transition)

    @Slot(bool)
    def hold(self, held: bool) -> None:
        """Stay on this loop until it is let go, or the person asks for another."""
        self._transport.hold(held)

    @Slot()
    def never_again(self) -> None:
        """On to the next loop at once; this one does not come back."""
        self._transport.never_again()
        self._making.tell_next()

    @Slot(bool)
    def set_favourite(self, is_favourite: bool) -> None:
        """Rate the take that plays."""
        self._transport.favourite(is_favourite)

    @Slot(float)
    def sleep_after(self, minutes: float) -> None:
        """Fade out slowly and stop, so many minutes from now; 0 is never."""
        self._transport.sleep_after(minutes)

    # --- what was heard -------------------------------------------------------------------------------------------

    @Slot(str)
    def keep_heard(self, path: str) -> None:
        """Write what was heard in the last ten minutes, and which loops they were: ``saved``."""
        self._tape.keep(path)

    @Slot(str)
    def start_recording(self, path: str) -> None:
        """Record to this FLAC file what is heard from now on."""
        self._tape.record(path)

    @Slot()
    def stop_recording(self) -> None:
        """Finish the recording: ``saved``."""
        self._tape.stop_recording()

    # --- files that were written ----------------------------------------------------------------------------------

    @Slot(str)
    def _on_saved(self, path: str) -> None:
        self.saved.emit(path)
        self.happened.emit(Happening("Saved {path}", {"path": path}))

    @Slot(str, float)
    def _on_kept(self, path: str, seconds: float) -> None:
        self.saved.emit(path)
        self.happened.emit(Happening("Kept the last {minutes:.1f} min in {path}", _written(path, seconds)))

    @Slot(str, float)
    def _on_recorded(self, path: str, seconds: float) -> None:
        if seconds > 0.0:
            self.saved.emit(path)
            self.happened.emit(Happening("Recorded {minutes:.1f} min to {path}", _written(path, seconds)))

    @Slot()
    def _on_recording_changed(self) -> None:
        self._transport.set_recording(self._tape.recording)

    # --- failures -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _report(self, error: Exception) -> None:
        # The end of a process is told by its link, whatever it was doing.
        if not isinstance(error, WorkerDied | WorkerHung):
            self._tell_failure(error if isinstance(error, StudioError) else StudioError(detail=str(error)))

    def _tell_failure(self, error: StudioError) -> None:
        if not isinstance(error, DeviceError):
            _log.warning("%s", error)
        self.failed.emit(error)


def _written(path: str, seconds: float) -> dict[str, object]:
    return {"path": path, "minutes": seconds / 60.0}
