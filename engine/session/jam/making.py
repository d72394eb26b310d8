# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam's maker has clips made for layers, one after the other, by a process that is the jam's alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from psygnal import Signal

from engine.errors import Cancelled, GeneratorError, WorkerHung
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import CancelJob, GenerateJob, LeaveJob
from engine.generators.registry import limits_of
from engine.session.ports import JAM_MAKER, Ports
from engine.values import ClipRequest, ClipResult, Progress
from engine.values.jam import LayerName


@dataclass(frozen=True, eq=False, slots=True)
class Order:
    """An order is a layer's request; ``bars`` long is its loop to be."""

    layer: LayerName
    request: ClipRequest
    bars: int


class JamMaker:
    """The maker has one order at a time made; a layer's next order takes the place of one that waits.

    Signals
    -------
    made(Order, ClipResult), progressed(LayerName, fraction): in [0, 1], or -1 where it cannot be told; None is over,
    failed(LayerName, StudioError)
    """

    made = Signal(object, object)
    progressed = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, ports: Ports, settings: Callable[[], GeneratorSettings]) -> None:
        self._ports, self._settings = ports, settings
        self._waiting: deque[Order] = deque()
        self._order: Order | None = None
        self._silence_s = 0.0
        self._silence = ports.clock.timer(self._on_silence)
        ports.generators.received.connect(self._on_received)
        ports.generators.died.connect(self._on_died)

    def is_making(self, layer: LayerName) -> bool:
        """Return whether something is made for a layer, or waits to be."""
        return any(one.layer is layer for one in (*self._waiting, self._order) if one is not None)

    def make(self, order: Order) -> None:
        """Have this made, after what other layers wait for."""
        self.cancel(order.layer)
        self._waiting.append(order)
        self.progressed.emit(order.layer, -1.0)
        self._go_on()

    def cancel(self, layer: LayerName) -> None:
        """Make nothing more for a layer."""
        if not self.is_making(layer):
            return
        self._waiting = deque(one for one in self._waiting if one.layer is not layer)
        if self._order is not None and self._order.layer is layer:
            self._ports.generators.send(JAM_MAKER, CancelJob(self._order.request.job_id))
            self._end()
        else:
            self.progressed.emit(layer, None)

    def leave(self, music: str) -> None:
        """Have endless music ended by whichever generator plays it."""
        self._ports.generators.send(JAM_MAKER, LeaveJob(music))

    def close(self) -> None:
        """Make nothing more."""
        for layer in LayerName:
            self.cancel(layer)

    def _go_on(self) -> None:
        if self._order is not None or not self._waiting:
            return
        self._order = order = self._waiting.popleft()
        self._listen_for(limits_of(order.request.generator).load_s)
        self._ports.generators.send(JAM_MAKER, GenerateJob(order.request, self._settings()))

    def _on_received(self, message: Any) -> None:
        order = self._order
        if order is None or message.job_id != order.request.job_id:
            return
        if isinstance(message, Progress):
            self._listen_for(limits_of(order.request.generator).silence_s)
            self.progressed.emit(order.layer, -1.0 if message.fraction is None else message.fraction)
            return
        if isinstance(message, ClipResult):
            # What is told of it may ask for the next one. Only then is this over: it was on its way until now.
            self._order = None
            self._silence.stop()
            self.made.emit(order, message)
            self._tell_over(order.layer)
            return
        self._end()
        if not isinstance(message.error, Cancelled):
            self.failed.emit(order.layer, message.error)

    def _on_died(self, process: str, _error: object) -> None:
        order = self._order
        if process == JAM_MAKER and order is not None:
            self.failed.emit(
                order.layer, GeneratorError(generator=order.request.generator, detail="its process stopped")
            )
            self._end()

    def _end(self) -> None:
        order, self._order = self._order, None
        self._silence.stop()
        if order is not None:
            self._tell_over(order.layer)

    def _tell_over(self, layer: LayerName) -> None:
        if not self.is_making(layer):
            self.progressed.emit(layer, None)
        self._go_on()

    def _listen_for(self, seconds: float) -> None:
        self._silence_s = seconds
        self._silence.start(seconds)

    def _on_silence(self) -> None:
        self._silence.start(self._silence_s)
        self._ports.generators.give_up(JAM_MAKER, WorkerHung(worker=JAM_MAKER, limit_s=self._silence_s))
