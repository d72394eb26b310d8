# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes fragments: a generator's process delivers a clip, of which what lies in a slot is cut."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.fragments.folder import Fragment
from engine.fragments.trimming import fragment_of, refuse_silence, within_full_scale
from engine.generators.base import Generator, GeneratorSettings
from engine.generators.requests import check_request, completed
from engine.library.carried import CUT, Made
from engine.loops.shaped import OVERLAP_MS, LoopShape, shaped_loop
from engine.serving.maker import Maker
from engine.session.clip_recipe import recipe_of_clip
from engine.session.fitting import to_be_measured
from engine.values import Clip, ClipRequest, ClipResult, Progress, Recipe, SaveKind, SavePlan

LOWEST_RATE, USUAL_RATE, HIGHEST_RATE = 8_000, 44_100, 192_000
"""Sample rates of slots, Hz."""


@dataclass(frozen=True, slots=True)
class Making:
    """This says how fragments are made.

    Attributes
    ----------
    request
        A request as it is for every fragment but for its prompt; its seed is that of the archive's first number, and
        each number has the one that follows.
    sample_rate
        Of the slots, Hz.
    shape
        Of loops; None makes trimmed sounds.
    overlap_ms
        Of a loop's seam, where it needs no longer one.
    """

    request: ClipRequest
    generator: Generator
    settings: GeneratorSettings
    sample_rate: int = USUAL_RATE
    shape: LoopShape | None = None
    overlap_ms: float = OVERLAP_MS


@dataclass(frozen=True, eq=False, slots=True)
class MadeFragment:
    """A made fragment: the clip as it was delivered, its recipe, and what lies in a slot."""

    delivered: Clip
    recipe: Recipe
    fragment: Fragment


class FragmentMaker:
    """A fragment maker makes one after the other; what it makes them with belongs to it, until ``close``."""

    def __init__(self, making: Making, maker: Maker) -> None:
        self.making = making
        self._maker = maker
        self._numbers = itertools.count(1)

    def request_for(self, prompt: str, number: int) -> ClipRequest:
        """Return the request for the archive's fragment of that number. Raises UserError for what cannot be made."""
        making = self.making
        seed = making.request.seed
        request = replace(
            making.request,
            job_id=next(self._numbers),
            prompt=prompt,
            seed=None if seed is None else seed + number - 1,
        )
        if making.shape is not None:
            request = replace(request, bars=making.shape.bars, bpm=making.shape.tempo_bpm)
        request = completed(request, making.generator, making.settings)
        check_request(request, making.generator)
        return request

    def make(
        self, request: ClipRequest, tell: Callable[[Progress], None], is_wanted: Callable[[], bool]
    ) -> MadeFragment:
        """Make a fragment. Raises StudioError; SilentClip where nothing is heard, Cancelled where it is not wanted."""
        made = self._maker.make(request, tell, is_wanted)
        refuse_silence(made.clip)
        return self._cut(request, made)

    def close(self) -> None:
        """End all that runs."""
        self._maker.close()

    def _cut(self, request: ClipRequest, made: ClipResult) -> MadeFragment:
        rate, shape = self.making.sample_rate, self.making.shape
        if shape is None:
            recipe = recipe_of_clip(request, made)
            return MadeFragment(made.clip, recipe, Fragment(fragment_of(made.clip, rate), rate, recipe, CUT))
        facts = to_be_measured(request.generator, made.facts)
        loop = shaped_loop(made.clip, shape, rate, facts=facts, overlap_ms=self.making.overlap_ms)
        recipe = recipe_of_clip(request, made, loop.findings)
        cut = Made(SavePlan(SaveKind.LOOP, bits="16", sample_rate=rate), loop.overlap_ms, 1.0)
        return MadeFragment(made.clip, recipe, Fragment(within_full_scale(loop.samples), rate, recipe, cut, shape))
