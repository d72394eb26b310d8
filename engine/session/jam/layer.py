# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam's layer knows what plays on it, what waits, what was played before, and what lies in its slots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.errors import OutOfRange
from engine.values.jam import N_SLOTS, USUAL_PROMPTS, Groove, JamLoop, LayerMix, LayerName, LayerState
from engine.values.jam_project import KeptLoop

MOST_VERSIONS, FEWEST_VERSIONS = 32, 2
"""Numbers of loops of a layer that one can go back through: as many as have room, but never fewer."""
MOST_VERSION_SAMPLES = 6 * 10**6
"""Number of samples that they may hold together, clips and what was shaped of them: 46 MiB of stereo."""

PLAYS = 0
"""Where a loop lies that plays, beside the slots, which count from 1."""


@dataclass(frozen=True, eq=False, slots=True)
class Waiting:
    """A loop waits to begin at the line ``comes_at``, bars over on the clock; None where that is not known yet."""

    loop: JamLoop
    comes_at: Fraction | None


class JamLayer:
    """A layer's loops, mix and prompt.

    Attributes
    ----------
    anchor
        The line of the clock at which a turn of what plays begins; None while nothing is heard.
    making
        As in ``LayerState``.
    style, values
        As in ``KeptLayer``.
    unshaped
        Loops of a project that are not shaped yet, or cannot be, by their slots; what plays is at 0.
    """

    def __init__(self, name: LayerName) -> None:
        self.name = name
        self.prompt = USUAL_PROMPTS[name]
        self.mix = LayerMix()
        self.playing: JamLoop | None = None
        self.anchor: Fraction | None = None
        self.waiting: Waiting | None = None
        self.making: float | None = None
        self.style: float | None = None
        self.values: dict[str, str] = {}
        self.slots: list[JamLoop | None] = [None] * N_SLOTS
        self.unshaped: dict[int, KeptLoop] = {}
        # Loops in the order in which they were first played, and which of them plays.
        self._versions: list[JamLoop] = []
        self._at = -1

    @property
    def channel(self) -> int:
        return self.name.channel

    def lead(self, loop: JamLoop, anchor: Fraction | None = None) -> None:
        """Take note that this loop plays now, or plays first once the jam starts."""
        self.playing, self.anchor = loop, anchor
        self.unshaped.pop(PLAYS, None)
        if self.waiting is not None and self.waiting.loop.loop_id == loop.loop_id:
            self.waiting = None
        known = next((at for at, one in enumerate(self._versions) if one.clip is loop.clip), None)
        if known is not None:
            self._versions[known], self._at = loop, known
            return
        self._versions.append(loop)
        del self._versions[:-MOST_VERSIONS]
        while len(self._versions) > FEWEST_VERSIONS and _samples_of(self._versions) > MOST_VERSION_SAMPLES:
            del self._versions[0]
        self._at = len(self._versions) - 1

    def stand(self, groove: Groove) -> None:
        """Have nothing come; what was to come with this groove, in the place of a loop of another one, starts next."""
        if self.waiting is not None and self.playing is not None and not self.playing.fits(groove):
            self.lead(self.waiting.loop)
        self.waiting = self.anchor = None

    def leave(self) -> None:
        """Play nothing, and have nothing come."""
        self.playing = self.anchor = self.waiting = None
        self.unshaped.pop(PLAYS, None)

    def clear(self) -> None:
        """Hold no loops any more."""
        self.playing = self.anchor = self.waiting = None
        self.slots = [None] * N_SLOTS
        self.unshaped = {}
        self._versions, self._at = [], -1

    def version(self, by: int) -> JamLoop | None:
        """Return the loop that was played so many before (below 0) or after the one that plays; None: there is none."""
        at = self._at + by
        return self._versions[at] if 0 <= at < len(self._versions) else None

    def slot(self, number: int) -> JamLoop | None:
        """Return what lies in a slot, counted from 1. Raises OutOfRange."""
        return self.slots[self._index(number)]

    def assign(self, number: int, loop: JamLoop | None) -> None:
        """Lay a loop into a slot, counted from 1, or empty it. Raises OutOfRange."""
        self.slots[self._index(number)] = loop
        self.unshaped.pop(number, None)

    def rename(self, number: int, title: str) -> None:
        """Give a slot's loop another title, wherever it is; an empty slot has none. Raises OutOfRange."""
        loop = self.slots[self._index(number)]
        if loop is None:
            return

        def named(one: JamLoop | None) -> JamLoop | None:
            return one if one is None or one.clip is not loop.clip else _titled(one, title)

        self.slots = [named(one) for one in self.slots]
        self.playing = named(self.playing)
        self._versions = [named(one) or one for one in self._versions]
        if self.waiting is not None:
            self.waiting = replace(self.waiting, loop=named(self.waiting.loop) or self.waiting.loop)

    def state(self, wander: float | None, *, is_shaping: bool = False, is_ready: bool = False) -> LayerState:
        """Return what is shown of it: ``wander``, ``is_shaping`` and ``is_ready`` are as in ``LayerState``."""
        return LayerState(
            self.name,
            self.prompt,
            self.mix,
            playing=self.playing,
            anchor=self.anchor,
            waiting=None if self.waiting is None else self.waiting.loop,
            comes_at=None if self.waiting is None else self.waiting.comes_at,
            n_versions=max(0, self._at),
            n_later=len(self._versions) - 1 - self._at,
            making=self.making,
            is_shaping=is_shaping,
            is_ready=is_ready,
            wander=wander,
            style=self.style,
            values=self.values,
            slots=tuple("" if one is None else one.title for one in self.slots),
            playing_slots=self._slots_of(self.playing),
            waiting_slots=self._slots_of(None if self.waiting is None else self.waiting.loop),
        )

    def _slots_of(self, loop: JamLoop | None) -> frozenset[int]:
        """Return the numbers of the slots in which a loop lies, at whatever tempo it was laid there."""
        if loop is None:
            return frozenset()
        return frozenset(at for at, one in enumerate(self.slots, 1) if one is not None and one.clip is loop.clip)

    @staticmethod
    def _index(number: int) -> int:
        if not 1 <= number <= N_SLOTS:
            raise OutOfRange(name="slot", value=number, low=1, high=N_SLOTS)
        return number - 1


def _samples_of(loops: Iterable[JamLoop]) -> int:
    return sum(loop.n_samples for loop in loops)


def _titled(loop: JamLoop, title: str) -> JamLoop:
    return replace(loop, recipe=replace(loop.recipe, title=title))
