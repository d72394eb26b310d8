# SPDX-License-Identifier: GPL-3.0-or-later
"""An inquiry asks all machines at once what they can do."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from collections.abc import Generator as Steps

from engine.errors import RemoteError, RemoteSilent
from engine.generators.remote.aside import Aside
from engine.generators.remote.speaker import Machine, Offer, Speaker
from engine.values import Progress

LATE_S = 0.5
"""Seconds that the other machines have to answer once one did."""
NAMING_S = 2.0
"""Seconds beyond a machine's own limit after which it is given up: to look a name up has no limit of its own."""
CONNECTING = "connecting"
"""Stage in which machines are asked."""


class Inquiry:
    """An inquiry goes on, in threads, until every machine has answered or has had its time.

    Attributes
    ----------
    failures
        What the machines failed with that gave no offer, so far.
    """

    def __init__(self, speakers: Mapping[Machine, Speaker]) -> None:
        self.failures: list[RemoteError] = []
        self._asking: Aside[Machine, Offer] = Aside({machine: one.capabilities for machine, one in speakers.items()})
        self._began_s = time.monotonic()
        self._machines = tuple(speakers)
        self._open = set(speakers)
        self._offers: dict[Machine, Offer] = {}

    def answers(self, job_id: int, *, besides: Collection[Machine]) -> Steps[Progress, None, dict[Machine, Offer]]:
        """Return the offers of machines other than those; nothing where no more come.

        Yields progress while it waits. Raises what else than a RemoteError a machine was asked with.
        """
        first_s: float | None = None
        while True:
            self._take_in()
            # In the order in which they were named.
            new = {one: self._offers[one] for one in self._machines if one in self._offers and one not in besides}
            now_s = time.monotonic()
            if new and first_s is None:
                first_s = now_s
            if not self._open or (first_s is not None and now_s - first_s > LATE_S):
                return new
            self._asking.wait()
            yield Progress(job_id, None, CONNECTING)

    def _take_in(self) -> None:
        for machine in tuple(self._open):
            if machine in self._asking:
                told = self._asking[machine]
            elif time.monotonic() - self._began_s > machine.connect_s + NAMING_S:
                told = RemoteSilent(machine=machine.place, limit_s=machine.connect_s)
            else:
                continue
            self._open.discard(machine)
            if isinstance(told, Offer):
                self._offers[machine] = told
            elif isinstance(told, RemoteError):
                self.failures.append(told)
            else:
                raise told
