# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio's facts are what its engine tells, kept for who asks and told to who follows."""

from __future__ import annotations

import time
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.control.wire import error_as_dict
from engine.session.options import NextState
from engine.units import samples_to_seconds
from engine.values import MusicInHand, OutputDevice, PlaybackSnapshot, Progress, ReadyLoop, Take, TransportState

if TYPE_CHECKING:
    from engine.errors import StudioError
    from engine.qt.studio import StudioEngine
    from engine.session.options import Happening, LoopView

MOST_LINES = 500
"""Number of console lines that are kept."""


def tempo_of(view: LoopView) -> float | None:
    """Return the tempo of the loop that is shown, beats a minute to a thousandth; None where none is known."""
    tempo_bpm = view.candidate.tempo_bpm or view.recipe.facts.tempo_bpm
    return round(tempo_bpm, 3) if tempo_bpm else None


class StudioFacts(QObject):
    """The studio's facts are up to date as long as the thread that made them handles events.

    Signals
    -------
    happened(dict)
        Something happened, ready for JSON: ``event`` names its kind (``resources/control.md`` lists them).
    said(text, level)
        A line for a console.

    Attributes
    ----------
    view, snapshot
        The loop that is shown, and how it is heard; None until the engine told of one.
    snapshot_s
        When the snapshot came, on the monotonic clock.
    lines
        The last console lines, with their levels, oldest first.
    """

    happened = Signal(object)
    said = Signal(str, str)

    def __init__(self, engine: StudioEngine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view: LoopView | None = None
        self.snapshot: PlaybackSnapshot | None = None
        self.snapshot_s = 0.0
        self.is_running = False
        self.transport = TransportState()
        self.next = NextState("idle")
        self.progress: Progress | None = None
        self.hand: MusicInHand | None = None
        self.ready: tuple[ReadyLoop, ...] = ()
        self.devices: tuple[OutputDevice, ...] = ()
        self.device = ""
        self.lines: deque[tuple[str, str]] = deque(maxlen=MOST_LINES)
        self._led_id: int | None = None
        self._newest: set[str] | None = None
        engine.loop.changed.connect(self._on_loop_changed)
        engine.output.snapshot_taken.connect(self._on_snapshot_taken)
        engine.output.device_changed.connect(self._on_device_changed)
        engine.output.devices_listed.connect(self._on_devices_listed)
        engine.transport.running_changed.connect(self._on_running_changed)
        engine.transport.changed.connect(self._on_transport_changed)
        engine.generation.next_changed.connect(self._on_next_changed)
        engine.generation.progress_changed.connect(self._on_progress_changed)
        engine.generation.hand_changed.connect(self._on_hand_changed)
        engine.generation.ready_changed.connect(self._on_ready_changed)
        engine.library.takes_changed.connect(self._on_takes_changed)
        engine.notices.happened.connect(self._on_happened)
        engine.notices.failed.connect(self._on_failed)
        engine.notices.recovered.connect(self._on_recovered)
        engine.notices.saved.connect(self._on_saved)

    # --- what is known ------------------------------------------------------------------------------------------------

    @property
    def heard(self) -> tuple[int, float]:
        """Return in which turn the loop that is shown is, from 0 on, and where in it: a share of the loop, in [0, 1).

        Between two snapshots the place goes on with the clock.
        """
        view, snapshot = self.view, self.snapshot
        if view is None or snapshot is None or snapshot.endless.loop_id != view.loop_id:
            return 0, 0.0
        turn_s = self.turn_s
        place_s = samples_to_seconds(view.in_region(snapshot.endless.position_samples), view.sample_rate)
        if self.is_running and not self.transport.is_paused:
            place_s += min(max(time.monotonic() - self.snapshot_s, 0.0), 0.5)
        more, place_s = divmod(place_s, turn_s)
        return snapshot.endless.turns + int(more), place_s / turn_s

    @property
    def turn_s(self) -> float:
        """Return how long a turn of the loop that is shown takes, seconds; 1 where there is none."""
        view = self.view
        return 1.0 if view is None else max(samples_to_seconds(view.region.n_samples, view.sample_rate), 1e-3)

    # --- what the engine tells ----------------------------------------------------------------------------------------

    def tell(self, event: str, **data: Any) -> None:
        """Tell those who follow."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.happened.emit({"event": event, "at": at, **data})

    def say(self, text: str, level: str = "info") -> None:
        """Write a console line."""
        self.lines.append((text, level))
        self.said.emit(text, level)

    @Slot(object)
    def _on_loop_changed(self, view: LoopView) -> None:
        self.view = view
        self._tell_led()

    def _tell_led(self) -> None:
        """Tell of the loop that leads, once, while the music runs."""
        view = self.view
        if view is None or not self.is_running or view.loop_id == self._led_id:
            return
        self._led_id = view.loop_id
        recipe = view.recipe
        self.tell(
            "led",
            title=recipe.title,
            artist=recipe.artist,
            prompt=recipe.prompt,
            generator=recipe.generator,
            bars=view.candidate.bars,
            tempo_bpm=tempo_of(view),
            key=recipe.facts.key,
            score=round(view.candidate.score, 4),
            starter=view.is_starter,
        )

    @Slot(object)
    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        self.snapshot, self.snapshot_s = snapshot, time.monotonic()

    @Slot(str, object)
    def _on_device_changed(self, device: str, error: StudioError | None) -> None:
        if error is None and device != self.device:
            self.say(f"Sound goes to {device}" if device else "Without sound: the music goes on")
            self.tell("device", device=device)
        self.device = device

    @Slot(object)
    def _on_devices_listed(self, devices: tuple[OutputDevice, ...]) -> None:
        self.devices = devices

    @Slot(bool)
    def _on_running_changed(self, is_running: bool) -> None:
        self.is_running = is_running
        self.tell("started" if is_running else "stopped")
        if not is_running:
            self._led_id = None
        self._tell_led()

    @Slot(object)
    def _on_transport_changed(self, state: TransportState) -> None:
        before, self.transport = self.transport, state
        for name, value in (("paused", state.is_paused), ("held", state.is_held), ("favourite", state.is_favourite)):
            if value != getattr(before, f"is_{name}"):
                self.tell(name, on=value)
        if state.recording != before.recording:
            self.tell("recording", file=state.recording or None)

    @Slot(object)
    def _on_next_changed(self, state: NextState) -> None:
        self.next = state

    @Slot(object)
    def _on_progress_changed(self, progress: Progress | None) -> None:
        self.progress = progress

    @Slot(object)
    def _on_hand_changed(self, hand: MusicInHand) -> None:
        self.hand = hand

    @Slot(object)
    def _on_ready_changed(self, ready: tuple[ReadyLoop, ...]) -> None:
        known = {one.loop_id for one in self.ready}
        self.ready = ready
        for one in ready:
            if one.loop_id not in known:
                recipe = one.recipe
                self.tell("made", title=recipe.title, prompt=recipe.prompt, generator=recipe.generator)

    @Slot(object, object)
    def _on_takes_changed(self, newest: tuple[Take, ...], _ids: tuple[str, ...]) -> None:
        before, self._newest = self._newest, {one.take_id for one in newest}
        if before is None:
            return
        for one in newest:
            if one.take_id in before:
                return
            self.tell("kept", take=one.take_id, title=one.recipe.title)

    @Slot(object)
    def _on_happened(self, happening: Happening) -> None:
        self.say(str(happening), happening.level)
        self.tell("said", text=str(happening), level=happening.level)

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        self.say(str(error), "warning")
        self.tell("failed", error=error_as_dict(error))

    @Slot(object)
    def _on_recovered(self, error: StudioError) -> None:
        self.tell("recovered", error=error_as_dict(error))

    @Slot(str)
    def _on_saved(self, path: str) -> None:
        self.tell("saved", file=path)
