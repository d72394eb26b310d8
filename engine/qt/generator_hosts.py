# SPDX-License-Identifier: GPL-3.0-or-later
"""Each generator has a host process: started when a clip is asked of it, ended when it is idle or memory is short.

One more makes clips again for SALVA, by any generator, and ends with each: what comes next never waits for it.

What a model does to its process (it runs out of memory, hangs, crashes) is nothing to the others: the composer, the
last resort, has a process of its own.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from psygnal import Signal
from PySide6.QtCore import QObject, QTimer, Slot

from engine.generators.jobs import GenerateJob
from engine.generators.registry import generators
from engine.qt.links import ChildLink, Link
from engine.session.ports import JAM_MAKER, PART_MAKER
from engine.values import Progress

if TYPE_CHECKING:
    from engine.errors import StudioError

MODULE = "engine.generators.host"
IDLE_S = 300.0
"""Seconds without a clip to make after which a host ends."""
LOOK_S = 10.0
"""Seconds between two looks for hosts that are idle."""
LEAST_FREE = 0.05
"""Share of the memory that must be free; with less, hosts that are idle end at once."""

LATE_S = 1.0
"""Seconds that a process which is started for a message at once is younger than what it was sent, at most."""

_MEMORY = Path("/proc/meminfo")


class HostLink(ChildLink):
    """A host's link runs its process only while it is needed: it is started by what it is sent."""

    def __init__(self, name: str, parent: QObject, *, log: IO[str] | None = None, module: str = MODULE) -> None:
        super().__init__(module, name, parent, log=log)
        self._is_wanted = False
        self.received.connect(self._on_answered)

    @Slot()
    def start(self) -> None:
        """Start the process if a message waits for it."""
        if self._held or self._is_wanted:
            super().start()

    def warm(self) -> None:
        """Start the process before a clip is asked of it."""
        self._is_wanted = True
        self.start()

    def send(self, message: object) -> None:
        """Hand a message over, to a process that is started for it where there is none."""
        super().send(message)
        # One that died young is waited for: see ``Link``.
        if not self._restart.isActive():
            self.start()

    def give_up(self, error: StudioError) -> None:
        """End the process, which hangs; one that was waited for has all its time from its start on."""
        limit_s = float(error.fields.get("limit_s", 0.0))
        if time.monotonic() - self._started_s > limit_s - LATE_S:
            super().give_up(error)

    def retire(self) -> None:
        """End the process; what is sent later starts another."""
        self._is_wanted = False
        process = self._let_go()
        if process is not None:
            threading.Thread(target=process.close, name="closing", daemon=True).start()

    def _on_answered(self, _message: object) -> None:
        # It got up: should it die at its work, the next one need not wait.
        self.n_deaths = 0


class GeneratorHosts(QObject):
    """Generator hosts are every generator's host (``engine.session.ports.Generators``).

    Signals
    -------
    received(Progress | ClipResult | JobFailed), died(generator's name, StudioError)
    """

    received = Signal(object)
    died = Signal(str, object)

    def __init__(self, parent: QObject, *, log: IO[str] | None = None) -> None:
        super().__init__(parent)
        # All of them, running or not: once the window lives nothing is connected any more.
        names = (*(one.name for one in generators()), PART_MAKER, JAM_MAKER)
        self._hosts = {name: HostLink(name, self, log=log) for name in names}
        self._busy: dict[str, int] = {}
        self._idle_s = dict.fromkeys(self._hosts, 0.0)
        for name, host in self._hosts.items():
            host.received.connect(partial(self._on_received, name))
            host.died.connect(partial(self._on_died, name))
        self._looking = QTimer(self)
        self._looking.setInterval(round(1000.0 * LOOK_S))
        self._looking.timeout.connect(self._on_looking_due)

    @property
    def links(self) -> tuple[Link, ...]:
        """Return one link for each generator, the part maker's and the jam maker's, whether its process runs or not."""
        return tuple(self._hosts.values())

    def begin(self, generator: str) -> None:
        """Have the host of the generator that is used first ready."""
        self._host(generator).warm()
        self._looking.start()

    def end(self) -> None:
        """Stop every timer."""
        self._looking.stop()

    def send(self, generator: str, message: object) -> None:
        """Hand a message to a generator's host; one that is unknown is refused by another generator's."""
        host = self._host(generator)
        if isinstance(message, GenerateJob):
            self._busy[host.name] = message.request.job_id
        host.send(message)

    def give_up(self, generator: str, error: StudioError) -> None:
        """End a host, which hangs, at once."""
        self._host(generator).give_up(error)

    def _host(self, generator: str) -> HostLink:
        return self._hosts.get(generator) or next(iter(self._hosts.values()))

    def _on_received(self, name: str, message: Any) -> None:
        self._idle_s[name] = 0.0
        if not isinstance(message, Progress) and self._busy.get(name) == message.job_id:
            del self._busy[name]
            if name == PART_MAKER:
                self._hosts[name].retire()
        self.received.emit(message)

    def _on_died(self, name: str, error: StudioError) -> None:
        self._busy.pop(name, None)
        self.died.emit(name, error)

    @Slot()
    def _on_looking_due(self) -> None:
        is_short = memory_is_short()
        for name, host in self._hosts.items():
            if host.pid is None or name in self._busy:
                self._idle_s[name] = 0.0
                continue
            self._idle_s[name] += LOOK_S
            if is_short or self._idle_s[name] >= IDLE_S:
                host.retire()


def memory_is_short() -> bool:
    """Return whether less than ``LEAST_FREE`` of the memory is available; False where the system does not tell."""
    try:
        told = dict(line.split(":", 1) for line in _MEMORY.read_text(encoding="ascii").splitlines())
        available, total = (int(told[name].split()[0]) for name in ("MemAvailable", "MemTotal"))
    except (OSError, ValueError, KeyError, IndexError):
        return False
    return available < LEAST_FREE * total
