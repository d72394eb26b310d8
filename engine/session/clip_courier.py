# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip courier takes jobs to a worker process so that a clip crosses once, and is named from then on."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from typing import Any

from psygnal import Signal

from engine.errors import StudioError
from engine.session.ports import WorkerProcess
from engine.values import Clip
from engine.worker.named_clips import ClipsLost, NamedJob, name_clips

KEPT_CLIPS = 4
"""Number of clips that the worker holds: what leads, what comes, and the next two."""
KEPT_BYTES = 2**27
"""Bytes of samples that the worker holds, unless one clip alone has more."""


class ClipCourier:
    """The courier stands between a job queue and its worker process, and looks like one (``ports.WorkerProcess``).

    A clip goes with the first job about it; later jobs say its name. The worker drops those that were named least
    recently. A process that has died took its clips with it, and one that misses a clip says so: either way the job
    about a clip takes it along again. One job is on its way at a time, as ``JobQueue`` has it.

    Signals
    -------
    received(message), died(StudioError): as the process has them
    """

    received = Signal(object)
    died = Signal(object)

    def __init__(self, process: WorkerProcess) -> None:
        self._process = process
        self._names = itertools.count(1)
        # What the worker holds, by its name, that which was named least recently first.
        self._held: OrderedDict[int, Clip] = OrderedDict()
        self._underway: Any = None
        process.received.connect(self._on_received)
        process.died.connect(self._on_died)

    @property
    def name(self) -> str:
        return self._process.name

    def send(self, message: Any) -> None:
        """Hand a job over; its clip goes along if the worker lacks it."""
        if not isinstance(getattr(message, "clip", None), Clip):
            self._process.send(message)
            return
        self._underway = message
        lacking: dict[int, Clip] = {}

        def name_of(clip: Clip) -> int:
            # By identity: a clip does not change, and what is in hand is that very one.
            name = next((name for name, held in self._held.items() if held is clip), None)
            if name is None:
                name = next(self._names)
                lacking[name] = clip
            self._held[name] = clip
            self._held.move_to_end(name)
            return name

        body, named = name_clips(message, name_of)
        while len(self._held) > len(named) and (len(self._held) > KEPT_CLIPS or self._n_bytes() > KEPT_BYTES):
            self._held.popitem(last=False)
        self._process.send(NamedJob(message.job_id, body, lacking, frozenset(self._held)))

    def give_up(self, error: StudioError) -> None:
        """End the process, which hangs, at once and start another."""
        self._process.give_up(error)

    def _n_bytes(self) -> int:
        return sum(clip.samples.nbytes for clip in self._held.values())

    def _on_received(self, message: Any) -> None:
        if not isinstance(message, ClipsLost):
            self.received.emit(message)
        elif self._underway is not None and message.job_id == self._underway.job_id:
            self._held.clear()
            self.send(self._underway)

    def _on_died(self, error: StudioError) -> None:
        self._held.clear()
        self.died.emit(error)
