# SPDX-License-Identifier: GPL-3.0-or-later
"""Some answers wait: for a file to be written, for devices to be listed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from app.control.wire import Answer
from app.control.words import is_same
from engine.errors import GeneratorError, StudioError, WorkerDied, WorkerHung

if TYPE_CHECKING:
    from engine.qt.studio import StudioEngine
    from engine.values import OutputDevice, TransportState

Reply = Callable[[Answer | StudioError], None]
DEVICES = ""
"""Name of what is waited for where that is no file."""
WAIT_S = 60.0
"""Seconds for which an answer waits."""
LOOK_MS = 250
OF_OTHERS = (GeneratorError, WorkerDied, WorkerHung)
"""Failures that are of no file, and happen while one is written."""


class Until(StrEnum):
    """This says what a wait is for."""

    WRITTEN = "written"
    RECORDING = "recording"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class _Wait:
    """A wait for a file, or for ``DEVICES``, is answered in the words ``late`` if it lasts until ``end_s``."""

    path: str
    reply: Reply
    late: str
    end_s: float
    until: Until


class Waiting(QObject):
    """Waiting replies come when the engine tells what they wait for, or that it failed."""

    def __init__(self, engine: StudioEngine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waits: list[_Wait] = []
        # Files that are still written after those who waited were told so.
        self._late: list[str] = []
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._on_looking_due)
        engine.output.devices_listed.connect(self._on_devices_listed)
        engine.output.recording_begun.connect(self._on_recording_begun)
        engine.transport.changed.connect(self._on_transport_changed)
        engine.notices.saved.connect(self._on_saved)
        engine.notices.failed.connect(self._on_failed)

    def wait(self, path: str, reply: Reply, late: str, until: Until = Until.WRITTEN) -> None:
        """Have ``reply`` called when the file at ``path`` is written, when devices are listed, or with what failed."""
        self._waits.append(_Wait(path, reply, late, time.monotonic() + WAIT_S, until))
        self._looking.start()

    def is_under_way(self, path: str) -> bool:
        """Return whether the file at ``path`` was asked for, and neither written nor told as failed yet."""
        return any(is_same(one, path) for one in (*(wait.path for wait in self._waits), *self._late))

    def stop(self) -> None:
        """Wait for nothing any more."""
        self._looking.stop()
        self._waits.clear()
        self._late.clear()

    def _answer(self, path: str, answer: Answer | StudioError, *until: Until) -> None:
        """Answer those who wait for that file, or for devices."""
        for one in [one for one in self._waits if one.until in until and is_same(one.path, path)]:
            self._waits.remove(one)
            one.reply(answer)

    @Slot(object)
    def _on_transport_changed(self, state: TransportState) -> None:
        ended = [one.path for one in self._waits if one.until is Until.RECORDED and one.path != state.recording]
        for path in ended:
            # One in which something was heard is told of as saved.
            if not Path(path).exists():
                self._answer(path, Answer("nothing was heard, so there is no file", {"file": None}), Until.RECORDED)

    @Slot(str)
    def _on_recording_begun(self, path: str) -> None:
        self._answer(path, Answer(f"recording to {path}", {"file": path}), Until.RECORDING)

    @Slot(str)
    def _on_saved(self, path: str) -> None:
        self._late = [one for one in self._late if not is_same(one, path)]
        self._answer(path, Answer(f"saved as {path}", {"file": path}), Until.WRITTEN, Until.RECORDED)

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        if isinstance(error, OF_OTHERS):
            return
        path = str(error.fields.get("path", ""))
        self._late = [one for one in self._late if not _is_about(path, one)]
        files = [one.path for one in self._waits if one.path]
        named = [one for one in files if _is_about(path, one)]
        # An error that names no file is about the one that was asked for first.
        for one in named or ([] if path else files[:1]):
            self._answer(one, error, *Until)

    @Slot(object)
    def _on_devices_listed(self, _devices: tuple[OutputDevice, ...]) -> None:
        self._answer(DEVICES, Answer("listed"), Until.WRITTEN)

    @Slot()
    def _on_looking_due(self) -> None:
        now_s = time.monotonic()
        for one in [one for one in self._waits if one.end_s < now_s]:
            self._waits.remove(one)
            if one.until is Until.WRITTEN and one.path != DEVICES:
                self._late.append(one.path)
            one.reply(Answer(one.late))
        if not self._waits:
            self._looking.stop()


def _is_about(path: str, file: str) -> bool:
    """Return whether an error of that path is of this file: it names the file or its folder."""
    return is_same(file, path) or is_same(str(Path(file).parent), path)
