# SPDX-License-Identifier: GPL-3.0-or-later
"""The fallback chain says what to make while the chosen generator fails: one step down at a time, and back up again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.errors import (
    BarsTooLong,
    EmptyPrompt,
    GeneratorMissing,
    ModelMissing,
    PromptTooLong,
    RemoteError,
    StudioError,
)
from engine.generators.registry import default_generator, generator_named
from engine.session.options import Happening, StudioOptions

TRIES_OF_THE_WISHED = 2
"""Number of tries of the chosen clip before something else is made; each step below it is tried once."""
WISHED_AGAIN_S = 300.0
"""Seconds between tries of the chosen generator while something else is made."""
REMOTE_AGAIN_S = 16.0
"""Seconds between tries of another machine: to ask costs next to nothing, and it may be there again soon."""


@dataclass(frozen=True, slots=True)
class FallbackStep:
    """A fallback step says what to make: a generator's name, its model, the length of the clip, and without what.

    Attributes
    ----------
    without_bars
        Whether the number of bars that is set is left out: they were too long for a clip.
    """

    generator: str
    model: str
    duration_s: float
    without_bars: bool = False


class FallbackChain:
    """The fallback chain says what to make next, for one choice of generator, model and length.

    Attributes
    ----------
    steps
        The wished one first, the default generator last; those that would change nothing are left out.
    """

    def __init__(self, options: StudioOptions) -> None:
        self.steps = _steps(options)
        self._at = 0
        self._failures = 0
        self._again_at_s: float | None = None
        self._tries_wished = True
        self._leaves_out_bars = False
        # What the chain has just come down to is tried before the wished clip is again.
        self._owes_a_try = False
        # All of its own steps failed, with nothing else to come down to.
        self._went_round = False

    @property
    def is_down(self) -> bool:
        """Return whether something else than the chosen clip is made."""
        return self._at > 0

    def next_step(self, now_s: float) -> FallbackStep:
        """Return what to make now."""
        is_due = self._again_at_s is not None and now_s >= self._again_at_s and not self._owes_a_try
        self._tries_wished, self._owes_a_try = self._at == 0 or is_due, False
        if self._tries_wished:
            return self.steps[0]
        return replace(self.steps[self._at], without_bars=self._leaves_out_bars)

    def worked(self) -> Happening | None:
        """Note that ``next_step`` made a clip; return a line to tell when the chosen one works again."""
        self._failures = 0
        if not self._tries_wished or not (self._at or self._went_round):
            return None
        self._at, self._again_at_s, self._went_round = 0, None, False
        return Happening("{generator} works again", {"generator": title_of(self.steps[0])})

    def failed(
        self,
        error: Exception,
        now_s: float,
        *,
        is_late: Callable[[FallbackStep], bool] = lambda _: False,
        keeps_to_own: bool = False,
    ) -> Happening | None:
        """Note that no clip was made; return a line to tell when that leads down.

        Parameters
        ----------
        is_late
            Says whether a step's clip is expected to come too late: then a quicker one, further down, is made.
        keeps_to_own
            Whether no other generator is to make any, as there is something else to play: then what its own steps
            lead to is the wished clip again.
        """
        if self._tries_wished and self._at > 0:
            self._again_at_s, self._owes_a_try = now_s + _again_s(error), True
            return None
        self._failures += 1
        if isinstance(error, EmptyPrompt | PromptTooLong) or self._at == len(self.steps) - 1:
            return None
        if isinstance(error, GeneratorMissing):
            # No other clip of it can be made either.
            self._at = len(self.steps) - 1
        elif isinstance(error, ModelMissing):
            # A shorter clip needs the same weights; those of another model may be here.
            others = range(self._at + 1, len(self.steps) - 1)
            self._at = next((n for n in others if not self._is_alike(n)), len(self.steps) - 1)
        elif isinstance(error, BarsTooLong) or self._failures >= (TRIES_OF_THE_WISHED if self._at == 0 else 1):
            # What is too long once always is.
            self._leaves_out_bars = self._leaves_out_bars or isinstance(error, BarsTooLong)
            self._at += 1
            # Another machine that fails does so whatever the length of a clip is.
            while self._at < len(self.steps) - 1 and (isinstance(error, RemoteError) or is_late(self.steps[self._at])):
                self._at += 1
        else:
            return None
        if keeps_to_own and self.steps[self._at].generator != self.steps[0].generator:
            self._at, self._failures, self._again_at_s, self._owes_a_try = 0, 0, None, False
            self._went_round = True
            return None
        self._failures, self._again_at_s, self._owes_a_try = 0, now_s + _again_s(error), True
        is_told = self._went_round and self.steps[self._at].generator == self.steps[0].generator
        return None if is_told else self._told()

    def _is_alike(self, at: int) -> bool:
        """Return whether a step needs the same weights as the one that is tried now."""
        one, now = self.steps[at], self.steps[self._at]
        return (one.generator, one.model) == (now.generator, now.model)

    def _told(self) -> Happening:
        wished, step = self.steps[0], self.steps[self._at]
        fields: dict[str, object] = {
            "generator": title_of(wished),
            "model": step.model,
            "seconds": f"{step.duration_s:g}",
        }
        if step.generator != wished.generator:
            return Happening("{generator} makes nothing: the composer does, until it works again", fields, "warning")
        if step.model != wished.model:
            return Happening("{generator} makes nothing: its model “{model}” is tried", fields, "warning")
        return Happening("{generator} makes nothing: a clip of {seconds} s is tried", fields, "warning")


def _again_s(error: Exception) -> float:
    return REMOTE_AGAIN_S if isinstance(error, RemoteError) else WISHED_AGAIN_S


def _steps(options: StudioOptions) -> tuple[FallbackStep, ...]:
    wished = FallbackStep(options.generator, options.model, options.duration_s)
    try:
        capabilities = generator_named(options.generator).capabilities()
    except StudioError:
        return wished, last_resort(options)
    low_s, high_s = capabilities.min_duration_s, capabilities.max_duration_s
    shorter_s = min(max(low_s, options.duration_s / 2.0), high_s)
    smallest = capabilities.smallest_model
    steps = [wished, FallbackStep(options.generator, options.model, shorter_s)]
    if (options.model or capabilities.usual_model) != smallest:
        steps.append(FallbackStep(options.generator, smallest, shorter_s))
    if options.generator != default_generator().name:
        steps.append(last_resort(options))
    return tuple(dict.fromkeys(steps))


def last_resort(options: StudioOptions) -> FallbackStep:
    """Return the step that works on every machine: a clip by the default generator, of the length that is set."""
    generator = default_generator()
    can = generator.capabilities()
    return FallbackStep(generator.name, "", min(max(options.duration_s, can.min_duration_s), can.max_duration_s))


def title_of(step: FallbackStep) -> str:
    """Return the title of a step's generator, or its name where there is none of that name."""
    try:
        return generator_named(step.generator).title
    except StudioError:
        return step.generator
