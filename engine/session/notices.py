# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices tell what a person should read: what happened, what failed, what was saved."""

from __future__ import annotations

import logging
from typing import Protocol

from psygnal import Signal, SignalInstance

from engine.errors import StudioError, WorkerDied, WorkerHung
from engine.session.options import Happening
from engine.worker.score_saving import ScoreWritten

_log = logging.getLogger(__name__)


class Talks(Protocol):
    """A part that talks tells what happened and what failed."""

    @property
    def happened(self) -> SignalInstance: ...

    @property
    def failed(self) -> SignalInstance: ...


class Notices:
    """The notices pass on what the parts of the session tell in words.

    Signals
    -------
    happened(Happening), failed(StudioError), recovered(StudioError): what was told by failed is true no more,
    saved(path): a file was written, score_saved(ScoreWritten): a loop's notes or parts were
    """

    happened = Signal(object)
    failed = Signal(object)
    recovered = Signal(object)
    saved = Signal(str)
    score_saved = Signal(object)

    def follow(self, part: Talks) -> None:
        """Pass on what this part tells."""
        part.happened.connect(self.happened.emit)
        part.failed.connect(self.report)

    def report(self, error: Exception) -> None:
        """Tell what failed, but for the end of a process: its link tells of that, whatever the process was doing."""
        if not isinstance(error, WorkerDied | WorkerHung):
            self.tell_failure(error if isinstance(error, StudioError) else StudioError(detail=str(error)))

    def tell_failure(self, error: StudioError) -> None:
        """Tell this failure, whatever it is, and log it."""
        _log.warning("%s", error)
        self.failed.emit(error)

    def tell_latency_raised(self, asked_s: float) -> None:
        """Tell that the latency that was asked for, in seconds, does not hold here."""
        fields: dict[str, object] = {"latency_ms": round(1000.0 * asked_s)}
        self.happened.emit(
            Happening(
                "At {latency_ms} ms of latency sound was lost again and again: it is longer until all is calm",
                fields,
                "warning",
            )
        )

    def tell_saved(self, path: str) -> None:
        """Tell that a loop was written."""
        self.saved.emit(path)
        self.happened.emit(Happening("Saved {path}", {"path": path}))

    def tell_score_saved(self, written: ScoreWritten) -> None:
        """Tell that a loop's notes or parts were written."""
        self.score_saved.emit(written)
        if written.midi_path:
            self.happened.emit(Happening("Saved {path}", {"path": written.midi_path}))
        if written.stems_folder:
            self.happened.emit(Happening("Saved the parts in {path}", {"path": written.stems_folder}))

    def tell_kept(self, path: str, seconds: float) -> None:
        """Tell that the last minutes that were heard were written."""
        self.saved.emit(path)
        self.happened.emit(Happening("Kept the last {minutes:.1f} min in {path}", _written(path, seconds)))

    def tell_recorded(self, path: str, seconds: float) -> None:
        """Tell that a recording was finished; one that is empty is not told of."""
        if seconds > 0.0:
            self.saved.emit(path)
            self.happened.emit(Happening("Recorded {minutes:.1f} min to {path}", _written(path, seconds)))


def _written(path: str, seconds: float) -> dict[str, object]:
    return {"path": path, "minutes": seconds / 60.0}
