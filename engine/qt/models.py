# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's way to the models on this machine, by a process that runs only while something is asked of it.

What it is sent is declared in a module that is imported then: the window's start does not wait for what is seldom used.
"""

from __future__ import annotations

import itertools
from typing import IO, TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.errors import Cancelled, StudioError
from engine.qt.generator_hosts import HostLink

if TYPE_CHECKING:
    from engine.generators.base import GeneratorSettings
    from engine.worker.asset_jobs import CheckAsset, GetAsset

MODULE = "engine.worker.asset_process"
IDLE_S = 60.0
"""Seconds without a job after which the process ends."""
CANCEL_S = 3.0
"""Seconds that a download has to give up: then its process is ended, and another clears away what it left."""


class ModelsEndpoint(QObject):
    """The window's way to the models on this machine, and the owner of the process that fetches them.

    Signals
    -------
    listed(AssetsListed)
    progressed(FetchProgress)
    done(AssetDone): an asset was brought, removed or checked
    failed(name, StudioError): it was not; ``Cancelled`` where that was asked for
    """

    listed = Signal(object)
    progressed = Signal(object)
    done = Signal(object)
    failed = Signal(str, object)

    def __init__(self, parent: QObject, *, log: IO[str] | None = None) -> None:
        super().__init__(parent)
        self.link = HostLink("models", self, log=log, module=MODULE)
        self._ids = itertools.count(1)
        # What is fetched or checked: the first now, the others waiting; whether the first can be broken off.
        self._jobs: dict[str, GetAsset | CheckAsset] = {}
        self._can_cancel = True
        self._idle, self._cancelling = (self._timer(seconds) for seconds in (IDLE_S, CANCEL_S))
        self._idle.timeout.connect(self._on_idle)
        self._cancelling.timeout.connect(self._on_unheeded)
        self.link.received.connect(self._on_message)
        self.link.died.connect(self._on_died)

    def _timer(self, seconds: float) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(round(1000.0 * seconds))
        return timer

    def end(self) -> None:
        """Stop every timer."""
        self._idle.stop()
        self._cancelling.stop()

    def cancel_after(self, seconds: float) -> None:
        """Give a download another time to give up than ``CANCEL_S``."""
        self._cancelling.setInterval(round(1000.0 * seconds))

    # --- commands -----------------------------------------------------------------------------------------------------

    @Slot(object)
    def look(self, settings: GeneratorSettings) -> None:
        """Ask what is here; answered by ``listed``."""
        from engine.worker.asset_jobs import ListAssets

        self._send(ListAssets(next(self._ids), settings))

    @Slot(str, object)
    def get(self, name: str, settings: GeneratorSettings) -> None:
        """Bring an asset here, after those that were asked for before."""
        from engine.worker.asset_jobs import GetAsset

        self._ask(GetAsset(next(self._ids), name, settings))

    @Slot(str, object)
    def check(self, name: str, settings: GeneratorSettings) -> None:
        """Hold an asset against its checksums, after what was asked for before."""
        from engine.worker.asset_jobs import CheckAsset

        self._ask(CheckAsset(next(self._ids), name, settings))

    @Slot(str, object)
    def remove(self, name: str, settings: GeneratorSettings) -> None:
        """Remove an asset from this machine."""
        from engine.worker.asset_jobs import RemoveAsset

        self._send(RemoveAsset(next(self._ids), name, settings))

    @Slot(str)
    def cancel(self, name: str) -> None:
        """Fetch or check no more of an asset."""
        from engine.worker.asset_jobs import StopFetching

        if name in self._jobs:
            self._send(StopFetching(name))
            if name == next(iter(self._jobs)):
                self._cancelling.start()

    def _ask(self, job: GetAsset | CheckAsset) -> None:
        if job.name not in self._jobs:
            self._jobs[job.name] = job
            self._send(job)

    def _send(self, message: object) -> None:
        self._idle.stop()
        self.link.send(message)

    # --- answers ------------------------------------------------------------------------------------------------------

    def _on_message(self, message: Any) -> None:
        from engine.values.assets import FetchProgress
        from engine.worker.asset_jobs import AssetDone, AssetFailed, AssetsListed

        if isinstance(message, FetchProgress):
            if message.name == next(iter(self._jobs), ""):
                self._can_cancel = message.can_cancel
            self.progressed.emit(message)
            return
        if isinstance(message, AssetsListed):
            self.listed.emit(message)
        elif isinstance(message, AssetDone):
            self._forget(message.name)
            if message.deed != "discarded":
                self.done.emit(message)
        elif isinstance(message, AssetFailed):
            self._forget(message.name)
            error = message.error
            self.failed.emit(message.name, error if isinstance(error, StudioError) else StudioError(detail=str(error)))
        if not self._jobs:
            self._idle.start()

    def _forget(self, name: str) -> None:
        if name == next(iter(self._jobs), ""):
            self._cancelling.stop()
            self._can_cancel = True
        self._jobs.pop(name, None)

    @Slot()
    def _on_unheeded(self) -> None:
        """End a process that waits for a server, say, and have another clear away what it left and do the rest."""
        from engine.worker.asset_jobs import DiscardAsset

        if not self._jobs or not self._can_cancel:
            return
        stopped, *others = self._jobs.values()
        self._jobs = {one.name: one for one in others}
        self.link.retire()
        self._send(DiscardAsset(next(self._ids), stopped.name, stopped.settings))
        for one in others:
            self._send(one)
        self.failed.emit(stopped.name, Cancelled())

    def _on_died(self, error: StudioError) -> None:
        self._cancelling.stop()
        lost, self._jobs = self._jobs, {}
        for name in lost:
            self.failed.emit(name, error)

    @Slot()
    def _on_idle(self) -> None:
        self.link.retire()
