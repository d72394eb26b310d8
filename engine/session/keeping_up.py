# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says what to make so that music stays in hand, by how long clips take on this machine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.errors import UnknownChoice
from engine.generators.registry import default_generator, generator_named
from engine.generators.standard import BARS
from engine.session.fallback_chain import FallbackChain, FallbackStep, last_resort, title_of
from engine.session.options import Happening, StudioOptions
from engine.session.pace_meter import model_of
from engine.values import MachinePace
from engine.values.options import DURATION

if TYPE_CHECKING:
    from engine.session.pace_book import PaceBook

PLAY_SHARE = 0.85
"""Share of a loop's minimum play time in which the next clip is to be made: its loop has to be found in it, too."""


def length_that_keeps_up(
    pace: MachinePace, generator: str, model: str, *, asked_s: float, play_s: float
) -> float | None:
    """Return the longest clip that is made while a loop plays, no longer than asked for; None where none is.

    It is never shorter than a clip that can be asked for: there is hardly a loop to be found in less.

    Parameters
    ----------
    asked_s
        How long a clip is asked for, seconds.
    play_s
        How long a loop plays at least, seconds.
    """
    try:
        least_s = max(generator_named(generator).capabilities().min_duration_s, DURATION.low)
    except UnknownChoice:
        return asked_s
    limit_s = PLAY_SHARE * play_s
    return pace.longest_within(generator, model_of(generator, model), asked_s, least_s=least_s, limit_s=limit_s)


class KeepingUp:
    """Keeping up shortens what comes too late, as far as the options say so, and has the composer bridge the rest.

    Attributes
    ----------
    in_hand_s
        How long the music lasts if nothing more is made; None while that is not known.
    is_bridge
        Whether the step that was chosen last bridges the time until a slower one's clip is there.
    """

    def __init__(self, book: PaceBook) -> None:
        self._book = book
        self.in_hand_s: float | None = None
        self.is_bridge = False
        # By generator, the model that its process holds.
        self._loaded: dict[str, str] = {}
        self._has_bridged = self._is_told = False

    def begin_anew(self) -> None:
        """Forget what was bridged: other clips are asked for."""
        self.is_bridge = self._has_bridged = self._is_told = False

    def total_s(self, step: FallbackStep) -> float | None:
        """Return how long the clip of a step takes, its model's loading included where it is not there yet; or None."""
        expected = self._book.expected(step)
        if expected is None:
            return None
        is_there = self._loaded.get(step.generator) == model_of(step.generator, step.model)
        return expected.making_s + (0.0 if is_there else expected.load_s)

    def is_late(self, step: FallbackStep, play_s: float) -> bool:
        """Return whether a step's clip is expected to come after a loop has played a whole minimum time too long."""
        total_s = self.total_s(step)
        in_hand_s = play_s if self.in_hand_s is None else self.in_hand_s
        return total_s is not None and total_s > in_hand_s + play_s

    def choose(self, chain: FallbackChain, now_s: float, options: StudioOptions) -> FallbackStep:
        """Return what to make now: the chain's next step, shortened so that it keeps up, or what bridges it."""
        step = chain.next_step(now_s)
        self.is_bridge = False
        if not options.keep_up or options.generators.of(step.generator).get(BARS.name):
            return step
        length_s = length_that_keeps_up(
            self._book.pace, step.generator, step.model, asked_s=step.duration_s, play_s=options.least_play_s
        )
        if length_s is not None:
            step = replace(step, duration_s=length_s)
        is_slower = step.generator != default_generator().name
        if is_slower and not self._has_bridged and self.is_late(step, options.least_play_s):
            self.is_bridge = self._has_bridged = True
            return last_resort(options)
        return step

    def told(self, chain: FallbackChain) -> Happening | None:
        """Return a line that tells, once for the same clips, that another generator bridges."""
        if not self.is_bridge or self._is_told:
            return None
        self._is_told = True
        wished, total_s = chain.steps[0], self.total_s(chain.steps[0])
        fields: dict[str, object] = {"generator": title_of(wished), "seconds": f"{total_s or 0.0:.0f}"}
        return Happening("{generator} takes about {seconds} s: the composer bridges until its clip is there", fields)

    def made(self, step: FallbackStep) -> None:
        """Note that a step's clip was made: its model is there, and the next one may be bridged again."""
        self._loaded[step.generator] = model_of(step.generator, step.model)
        if not self.is_bridge:
            self._has_bridged = False

    def lost(self, generator: str) -> None:
        """Note that a generator's process is gone, and its model with it."""
        self._loaded.pop(generator, None)
