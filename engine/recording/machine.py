# SPDX-License-Identifier: GPL-3.0-or-later
"""The tape machine is a thread that takes what was played off the tape, to the ring, the recording and the meters."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.errors import NothingHeard, StudioError
from engine.recording.cuesheet import WasHeard
from engine.recording.heard_meters import HeardMeters
from engine.recording.messages import Begun, Heard, MachineListener, Recorded
from engine.recording.open_recording import OpenRecording
from engine.recording.recorded_stems import StemPlan
from engine.recording.ring import KEPT_S, DiskRing
from engine.shared import SharedBlock
from engine.tape import TapeReader
from engine.values import FloatArray, Lead, Recipe
from engine.values.mixes import with_change, with_lead, with_rest

logger = logging.getLogger(__name__)

TICK_S = 0.1
"""Seconds between two looks at the tape."""
UNWATCHED_S = 0.2
"""Seconds between two looks at the tape while no meter is on the screen."""
RING_AGAIN_S = 5.0
"""Seconds between tries to begin anew a ring that could not be written, as there may be room by now."""

_STOP_WAIT_S = 10.0


class TapeMachine:
    """The tape machine takes everything played off the tape, ten times a second; any thread may call its methods.

    Parameters
    ----------
    tape
        It outlives audio processes.
    folder
        For the disk ring.
    heard_frame
        Which frame of the tape is heard now: the meters go by it, a device's latency behind the tape.
    is_resting
        Whether nothing plays (paused or stopped): the silence of that time is neither kept nor recorded.
    """

    def __init__(
        self,
        tape: SharedBlock,
        folder: Path,
        listener: MachineListener,
        *,
        heard_frame: Callable[[], int],
        is_resting: Callable[[], bool] = lambda: False,
        kept_s: float = KEPT_S,
    ) -> None:
        self._lock = threading.Lock()
        self._leads: list[Lead] = []
        self._works = _Works(
            tape,
            folder,
            listener,
            heard_frame=heard_frame,
            is_resting=is_resting,
            kept_s=kept_s,
            leads=self._kept_leads,
        )
        self._heard_frame = heard_frame
        # A daemon: a studio that ends without stopping it is not held up, and its files are whole at any moment.
        self._thread = threading.Thread(target=self._works.run, name="tape machine", daemon=True)

    def start(self) -> None:
        """Begin with what is played from now on; to be called once."""
        self._thread.start()

    def stop(self) -> None:
        """Finish a recording, remove the ring and end. Stopping twice does no harm."""
        self._works.order(None)
        if self._thread.is_alive():
            self._thread.join(_STOP_WAIT_S)

    def record(self, path: str, at: int | None = None, stems: StemPlan | None = None) -> None:
        """Record what is played to a FLAC file, in place of an old one; this ends another recording.

        From now on, or from frame ``at`` of the tape on, which is yet to be played; with each layer of a jam beside it
        where ``stems`` are planned.
        """
        self._works.order(path, at, stems)

    def stop_recording(self, at: int | None = None) -> None:
        """Finish the recording, if there is one; ``on_recorded`` tells of it.

        With what was played by now, and one that is yet to begin does not; or with the frame before ``at``.
        """
        self._works.order("", at)

    def watch(self, *, is_watched: bool) -> None:
        """Read the meters, or have them rest while none is on the screen: they are half of the machine's work.

        As they are looked at again, they show the last seconds as if they had never rested; true peaks of the time
        before are not told.
        """
        self._works.is_watched = is_watched

    def note_lead(self, tape_frame: int, recipe: Recipe, layer: str = "") -> None:
        """Note that this loop leads from that frame of the tape on, on a layer of a jam or ("") in the studio."""
        with self._lock:
            first, _ = self._works.span
            self._leads = with_lead(self._leads, tape_frame, recipe, layer)
            # Of those that led before what is kept only the last still leads in it.
            before = [lead for lead in self._leads if self._works.kept_frame(lead.frame) <= first]
            for lead in [one for one in before if one.layer == layer][:-1]:
                self._leads.remove(lead)

    def note_rest(self, layer: str = "") -> None:
        """Note that nothing leads on a layer from the next played sound on."""
        with self._lock:
            self._leads = with_rest(self._leads, self._works.n_written, layer)

    def note_change(self, recipe: Recipe) -> None:
        """Note that the leading loop has this recipe from the next played sound on; the same region always had it."""
        with self._lock:
            self._leads = with_change(self._leads, self._works.n_written, recipe)

    def was_heard(self) -> WasHeard:
        """Return the last ten minutes up to what is heard now, and the loops in them.

        Raises
        ------
        NothingHeard
        CannotWrite
            The ring cannot be written: what ``on_error`` told. Whether it can by now is looked at at once.
        """
        path, error = self._works.ring_path, self._works.ring_error
        if error is not None:
            self._works.try_ring_soon()
            raise error
        first, end = self._works.span
        end = min(end, self._works.kept_frame(self._heard_frame()))
        if first >= end:
            raise NothingHeard
        return WasHeard(path, first, end, self._kept_leads())

    def _kept_leads(self) -> tuple[Lead, ...]:
        """Return the leads by frames of what is kept; for any thread."""
        with self._lock:
            kept = self._works.kept_frame
            return tuple(
                replace(lead, frame=kept(lead.frame), until=None if lead.until is None else kept(lead.until))
                for lead in self._leads
            )


@dataclass(frozen=True, eq=False, slots=True)
class _Order:
    """An order is a path to record to, "" to end the recording, or None to end all.

    It counts from frame ``at`` on, which was the next one when it was given where ``is_now``.
    """

    path: str | None
    at: int
    is_now: bool
    stems: StemPlan | None = None


class _Works:
    """The works of the tape machine run in its thread."""

    def __init__(
        self,
        tape: SharedBlock,
        folder: Path,
        listener: MachineListener,
        *,
        heard_frame: Callable[[], int],
        is_resting: Callable[[], bool],
        kept_s: float,
        leads: Callable[[], tuple[Lead, ...]],
    ) -> None:
        self._orders: queue.SimpleQueue[_Order] = queue.SimpleQueue()
        self._planned: list[_Order] = []
        self.ring_error: StudioError | None = None
        self.ring_path = ""
        self.span = (0, 0)
        """Span of frames that the ring holds, counted without those that were left out."""
        # Stretches of the tape that were left out: first frame, number of frames.
        self._rests: tuple[tuple[int, int], ...] = ()
        self._reader = TapeReader(tape)
        self._folder = folder
        self._listener = listener
        self._is_resting = is_resting
        self._kept_s = kept_s
        self._meters = HeardMeters(tape, heard_frame)
        self._ring: DiskRing | None = None
        self._ring_again_s = 0.0
        self._recording: OpenRecording | None = None
        self._leads = leads
        self.is_watched = True
        """Whether the meters are looked at; set by any thread."""

    def order(self, path: str | None, at: int | None = None, stems: StemPlan | None = None) -> None:
        self._orders.put(_Order(path, self._reader.n_written if at is None else at, at is None, stems))

    @property
    def n_written(self) -> int:
        """Return the number of the tape's frames that were played; for any thread."""
        return self._reader.n_written

    def try_ring_soon(self) -> None:
        """Have a ring that could not be written begun anew with the next sound; for any thread."""
        self._ring_again_s = 0.0

    def kept_frame(self, tape_frame: int) -> int:
        """Return where a frame of the tape is in the ring; for any thread."""
        return tape_frame - sum(max(0, min(n, tape_frame - first)) for first, n in self._rests)

    def run(self) -> None:
        self._open_ring()
        try:
            last_s = time.monotonic()
            while True:
                order = self._next_order()
                until = self._reader.n_written
                # Looked at again: no frame is taken that was played after an order was given.
                order = order or self._next_order(wait_s=0.0)
                if order is not None and order.path is None:
                    self._go_to(order.at, last_s)
                    return
                if order is not None:
                    self._plan(order)
                last_s = self._go_to(until, last_s)
        finally:
            self._end_recording()
            if self._ring is not None:
                self._ring.close()

    def _go_to(self, until: int, last_s: float) -> float:
        """Take what was played up to a frame, beginning and ending recordings on their way; return the time."""
        while True:
            due = self._planned[0] if self._planned and self._planned[0].at <= until else None
            now_s = time.monotonic()
            self._tick(until if due is None else max(due.at, self._reader.position), now_s - last_s)
            last_s = now_s
            if due is None:
                return last_s
            self._planned.pop(0)
            self._end_recording()
            if due.path:
                self._begin_recording(due.path, due.stems)

    def _plan(self, order: _Order) -> None:
        """Record, or end that, from a frame on; to end it now calls off what is yet to begin."""
        kept = [] if order.is_now and not order.path else self._planned
        self._planned = sorted([*kept, order], key=lambda one: one.at)

    def _next_order(self, wait_s: float | None = None) -> _Order | None:
        if wait_s is None:
            wait_s = TICK_S if self.is_watched else UNWATCHED_S
        try:
            return self._orders.get(timeout=wait_s)
        except queue.Empty:
            return None

    def _tick(self, until: int, elapsed_s: float) -> None:
        n_missed = self._reader.n_missed
        frames = self._reader.read(until)
        if self._reader.n_missed > n_missed:
            logger.warning(
                "%d frames of the tape were overwritten before they were read", self._reader.n_missed - n_missed
            )
        # Nothing of what follows could judge or write what is no number.
        np.nan_to_num(frames, copy=False, posinf=0.0, neginf=0.0)
        peak = float(np.abs(frames).max(initial=0.0))
        first = self._reader.position - len(frames)
        if peak == 0.0 and self._is_resting():
            self._leave_out(first, len(frames))
        elif len(frames):
            self._to_ring(self.kept_frame(first), frames)
            self._to_recording(first, frames)
        self._listener.on_heard(Heard(len(frames), peak))
        if self.is_watched:
            self._listener.on_meters(self._meters.look(elapsed_s))
        else:
            self._meters.rest(elapsed_s)

    def _leave_out(self, first: int, n_frames: int) -> None:
        if self._rests and sum(self._rests[-1]) == first:
            first, n_before = self._rests[-1]
            self._rests = (*self._rests[:-1], (first, n_before + n_frames))
        elif n_frames:
            self._rests = (*self._rests, (first, n_frames))

    # --- the ring -----------------------------------------------------------------------------------------------------

    def _open_ring(self) -> None:
        try:
            self._ring = DiskRing(self._folder, self._reader.sample_rate, kept_s=self._kept_s)
            self.ring_path, self.ring_error = str(self._ring.path), None
        except StudioError as error:
            self._give_up_ring(error)

    def _to_ring(self, first: int, frames: FloatArray) -> None:
        if self._ring is None and time.monotonic() >= self._ring_again_s:
            self._open_ring()
        if self._ring is None:
            return
        try:
            self._ring.write(first, frames)
            self.span = self._ring.span
        except StudioError as error:
            self._ring.close()
            self._ring = None
            self._give_up_ring(error)

    def _give_up_ring(self, error: StudioError) -> None:
        is_news = self.ring_error is None
        self.ring_error, self._ring_again_s = error, time.monotonic() + RING_AGAIN_S
        if is_news:
            self._listener.on_error(error)

    # --- the recording ------------------------------------------------------------------------------------------------

    def _begin_recording(self, path: str, stems: StemPlan | None) -> None:
        first, rate = self.kept_frame(self._reader.position), self._reader.sample_rate
        try:
            self._recording = OpenRecording(path, stems, rate, first, self._listener.on_error)
        except StudioError as error:
            self._listener.on_error(error)
            self._listener.on_recorded(Recorded(path, 0.0))
        else:
            self._listener.on_begun(Begun(path))

    def _to_recording(self, first: int, frames: FloatArray) -> None:
        if self._recording is not None:
            try:
                self._recording.take(first, frames, self._leads())
            except StudioError as error:
                self._tell_recorded(error)

    def _end_recording(self) -> None:
        if self._recording is not None:
            try:
                self._recording.close(self._leads())
            except StudioError as error:
                self._tell_recorded(error)
            else:
                self._tell_recorded(None)

    def _tell_recorded(self, error: StudioError | None) -> None:
        recording, self._recording = self._recording, None
        if error is not None:
            self._listener.on_error(error)
        if recording is not None:
            self._listener.on_recorded(Recorded(recording.path, recording.duration_s))
