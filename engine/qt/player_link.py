# SPDX-License-Identifier: GPL-3.0-or-later
"""The audio process seen from the engine thread: commands that cannot fail, and the same music again after it died."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from PySide6.QtCore import QObject, QTimer, Slot

from engine.errors import WorkerDied, WorkerHung
from engine.playback.player import Player
from engine.qt.links import Endpoint, Link
from engine.values import BakedLoop

START_FADE_MS = 10.0
STOP_FADE_MS = 100.0
QUIET_LIMIT_S = 10.0
"""While it plays it tells where it is 50 times a second; opening a device that is slow to answer may take seconds."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What sound goes to: see ``engine.playback.commands.Open``."""

    device: tuple[str, str] | None
    sample_rate: int
    latency_s: float
    silent: bool
    speed: float


class PlayerLink(Link):
    """Remembers the volume, the opening and what leads, so that a new process goes on where the old one ended."""

    def __init__(self, parent: QObject, *, log: IO[str] | None = None) -> None:
        super().__init__("audio", parent)
        self._log_file = log
        self._volume = 1.0
        self._opening: Opening | None = None
        self._leading: tuple[int, BakedLoop] | None = None
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(round(QUIET_LIMIT_S * 1000))
        self._quiet.timeout.connect(self._on_quiet)
        self.received.connect(self._on_received)

    # --- commands -------------------------------------------------------------------------------------------------

    def set_volume(self, gain: float) -> None:
        """Linear gain in [0, 1]."""
        self._volume = gain
        self._command(lambda player: player.set_volume(gain))

    def open(self, opening: Opening) -> None:
        """Play there from now on."""
        self._opening = opening
        self._command(
            lambda player: player.open(
                opening.device,
                sample_rate=opening.sample_rate,
                latency_s=opening.latency_s,
                silent=opening.silent,
                speed=opening.speed,
            )
        )

    def play(self, loop_id: int, loop: BakedLoop) -> None:
        """Play a loop from its start, at once."""
        self._leading = loop_id, loop
        self._quiet.start()
        self._command(lambda player: player.play(loop_id, loop, fade_ms=START_FADE_MS))

    def replace(self, loop_id: int, loop: BakedLoop) -> None:
        """Go on with a re-baked loop."""
        if self._leading is not None and self._leading[0] == loop_id:
            self._leading = loop_id, loop
        self._command(lambda player: player.replace(loop_id, loop))

    def take_over(self, loop_id: int, loop: BakedLoop, *, overlap_ms: float, entries: tuple[int, ...]) -> None:
        """Blend into a loop at the next entry. Forgotten by a process that dies before."""
        self._command(lambda player: player.take_over(loop_id, loop, overlap_ms=overlap_ms, entries=entries))

    def lead(self, loop_id: int, loop: BakedLoop) -> None:
        """A takeover was heard: this loop leads now."""
        self._leading = loop_id, loop

    def stop(self) -> None:
        """Fade everything out."""
        self._leading = None
        self._quiet.stop()
        self._command(lambda player: player.stop(STOP_FADE_MS))

    def list_devices(self) -> None:
        """Ask for ``Devices``."""
        self._command(lambda player: player.list_devices())

    def release(self) -> Endpoint | None:
        self._quiet.stop()
        return super().release()

    # --- life -----------------------------------------------------------------------------------------------------

    def _launch(self) -> Endpoint:
        return Player(log=self._log_file)

    def _on_started(self) -> None:
        self.set_volume(self._volume)
        if self._leading is not None and self._opening is not None:
            self.open(self._opening)
            self.play(*self._leading)

    def _command(self, command: Callable[[Player], None]) -> None:
        # If it is gone, the watch is about to tell; what matters is said again to the next one.
        if self._process is not None:
            with contextlib.suppress(WorkerDied):
                command(self._process)

    @Slot(object)
    def _on_received(self, _message: Any) -> None:
        if self._leading is not None:
            self._quiet.start()

    @Slot()
    def _on_quiet(self) -> None:
        if self._leading is not None:
            # Again, should a message have come after all, or the next process be quiet too.
            self._quiet.start()
            self.give_up(WorkerHung(worker=self.name, limit_s=QUIET_LIMIT_S))
