# SPDX-License-Identifier: GPL-3.0-or-later
"""Remaking has a clip that plays made again with something changed, to go on with it just before a bar line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from psygnal import Signal

from engine.errors import Cancelled
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.playback.mix.fades import SWAP_MS
from engine.session.baking import LoopInHand, Part
from engine.session.ports import NextId, Ports
from engine.units import ms_to_samples
from engine.values import ClipRequest, ClipResult, JobFailed, Progress

WAIT_S = 0.3
"""Seconds after which it is looked again whether the music that comes is made."""
LONGEST_WAIT_S = 10.0
"""Seconds until a clip that was asked for and does not come is given up."""
BEFORE_BAR_MS = 25.0
"""Milliseconds before a bar line at which the crossfade is over: people play up to that early."""
LEAST_LEAD_S = 0.7
"""Seconds, beside the latency, that the audio process is told in advance of a place."""


@dataclass(frozen=True, eq=False, slots=True)
class Remake:
    """A remake is what is asked for: the request, and the loop that it is a change of."""

    request: ClipRequest
    made_of: LoopInHand
    settings: GeneratorSettings


class Remaking:
    """Clips are made again one at a time; of several that are asked for only the last is made.

    The music that comes goes first: what it cancels is asked for again after it.

    Attributes
    ----------
    is_making
        Tells whether a generator is busy with the music that comes.

    Signals
    -------
    ended
        A clip was made again, or is not going to be.
    """

    ended = Signal()

    def __init__(self, ports: Ports, next_id: NextId, is_making: Callable[[], bool]) -> None:
        self.next_id, self.is_making = next_id, is_making
        self._generators = ports.generators
        self._remake: Remake | None = None
        self._make: Callable[[], Remake | None] | None = None
        self._answer: Callable[[Remake, ClipResult], None] | None = None
        self._waiting = ports.clock.timer(self._begin)
        self._patience = ports.clock.timer(self._end)
        ports.generators.received.connect(self._on_received)

    @property
    def is_busy(self) -> bool:
        """Return whether a clip is being made again, or is to be."""
        return self._make is not None

    def ask(self, make: Callable[[], Remake | None], answer: Callable[[Remake, ClipResult], None]) -> None:
        """Have a clip made again.

        Parameters
        ----------
        make
            Called when it can begin; None says that it is not wanted any more.
        answer
            Called with a clip that is exactly as long as the one that it is to replace; not called where none is made.
        """
        self.give_up()
        self._make, self._answer = make, answer
        self._begin()

    def give_up(self) -> None:
        """Wait for nothing any more."""
        self._waiting.stop()
        self._patience.stop()
        self._remake, self._make, self._answer = None, None, None

    def _begin(self) -> None:
        if self._make is None:
            return
        if self.is_making():
            # The generator makes one clip at a time, and the music must not run out.
            self._waiting.start(WAIT_S)
            return
        remake = self._make()
        if remake is None:
            self._end()
            return
        self._remake = remake
        self._patience.start(LONGEST_WAIT_S)
        self._generators.send(remake.request.generator, GenerateJob(remake.request, remake.settings))

    def _on_received(self, message: Any) -> None:
        remake, answer = self._remake, self._answer
        if remake is None or answer is None or isinstance(message, Progress):
            return
        if message.job_id != remake.request.job_id:
            return
        if isinstance(message, JobFailed) and isinstance(message.error, Cancelled):
            # Another clip was asked for meanwhile: after that one.
            self._remake = None
            self._patience.stop()
            self._waiting.start(WAIT_S)
            return
        self.give_up()
        if isinstance(message, ClipResult) and _is_alike(message, remake.made_of):
            answer(remake, message)
        self.ended.emit()

    def _end(self) -> None:
        self.give_up()
        self.ended.emit()


def bar_places(part: Part) -> list[int]:
    """Return the places in a loop, in samples, at which another version of it may go on: just before its bar lines.

    Where the bars are not known, only the loop's start is one. Begun there, the crossfade is over before the bar is.
    """
    n_samples, rate = part.baked.n_samples, part.baked.sample_rate
    early = ms_to_samples(BEFORE_BAR_MS + SWAP_MS, rate)
    first, bar = (0.0, float(n_samples)) if part.grid is None else (part.grid.first_samples, part.grid.bar_samples)
    n_bars = max(1, int((n_samples - first) / bar + 1e-6))
    return [round(first + i * bar - early) % n_samples for i in range(n_bars)]


def _is_alike(made: ClipResult, made_of: LoopInHand) -> bool:
    """Return whether the place in one clip is the place in the other."""
    clip, old = made.clip, made_of.clip
    return (clip.samples.shape, clip.sample_rate) == (old.samples.shape, old.sample_rate)
