# SPDX-License-Identifier: GPL-3.0-or-later
"""This module turns a loop in hand into samples to play: with its overlap, and as loud as every other loop."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from engine.dsp.loudness import loudness_gain
from engine.dsp.seam import bake, fit_rate
from engine.library.metadata import Metadata
from engine.playback.plan.beatmatch import bar_grid
from engine.session.options import ProvedSeam
from engine.values import BakedLoop, BarGrid, Clip, LoopCandidate, LoopFindings, LoopRegion, PlayedScore, Recipe
from engine.values.audio import STUDIO_SAMPLE_RATE

KEPT_PARTS = 4
"""Number of baked loops that stay in memory: what leads, what comes, and the next two."""
KEPT_LOUDNESSES = 500
STEADY_DB = 0.5
"""Difference in dB below which a loudness that was measured anew changes nothing."""


@dataclass(frozen=True, eq=False, slots=True)
class LoopInHand:
    """A loop in hand is a clip with its loop, ready to be baked and played.

    Attributes
    ----------
    findings
        What the loop finder found; of a starter or a take, at first only the recipe's loop.
    proved
        Its seam, where that was measured when it was found.
    chosen
        The region the person chose when it played last, or None for the recipe's.
    score
        What is played in the clip, where it was made in this session and its generator tells it; else None.
    variation
        Which variation of the recipe's clip it is; 0 is the clip as it is written, which all that is known is of.
    metadata
        Tags and cover of the file that the person brought it from, in this session; None for all other loops.
    is_growing
        Whether more of its clip is still being made: nothing is looked for in it until then.
    """

    loop_id: int
    clip: Clip
    recipe: Recipe
    findings: LoopFindings
    is_starter: bool = False
    proved: ProvedSeam | None = None
    chosen: LoopCandidate | None = None
    score: PlayedScore | None = None
    variation: int = 0
    metadata: Metadata | None = None
    is_growing: bool = False

    @property
    def is_brought(self) -> bool:
        """Return whether the person brought it from a file, in this session."""
        return self.metadata is not None

    @classmethod
    def of_recipe(cls, loop_id: int, clip: Clip, recipe: Recipe, *, is_starter: bool = False) -> LoopInHand:
        """Return a loop that was found before: a starter or a take."""
        findings = LoopFindings(recipe.algorithm, (recipe.loop,), recipe.facts)
        return cls(loop_id, clip, recipe, findings, is_starter)

    @property
    def candidate(self) -> LoopCandidate:
        """Return the candidate that plays: the one that was chosen, else the recipe's."""
        return self.chosen or self.recipe.loop


@dataclass(frozen=True, slots=True)
class PartKey:
    """A part key holds all that a baked loop depends on."""

    loop_id: int
    region: LoopRegion
    overlap_ms: float
    gain: float
    has_grid: bool
    variation: int = 0

    def sounds_like(self, other: PartKey) -> bool:
        """Return whether both keys lead to the same samples."""
        return replace(self, has_grid=False) == replace(other, has_grid=False)


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """A part is a loop as it is played: baked, at the studio's rate, with its bars where they are known."""

    key: PartKey
    baked: BakedLoop
    grid: BarGrid | None

    @property
    def loop_id(self) -> int:
        return self.key.loop_id


class Baker:
    """The baker bakes loops, and remembers how loud each was measured to be.

    Baking here, on the engine thread, costs a slice and a short crossfade (about 5 ms for a 30 s clip): less than
    sending the clip to another process and back.
    """

    def __init__(self, overlap_ms: float, target_lufs: float) -> None:
        self.overlap_ms = overlap_ms
        self.target_lufs = target_lufs
        self._lufs: dict[int, float] = {}
        self._parts: OrderedDict[PartKey, Part] = OrderedDict()

    def learn(self, loop_id: int, lufs: float) -> None:
        """Take in how loud a loop is, by BS.1770."""
        known = self._lufs.get(loop_id)
        if known is None or abs(lufs - known) >= STEADY_DB:
            self._lufs[loop_id] = lufs
            if len(self._lufs) > KEPT_LOUDNESSES:
                del self._lufs[next(iter(self._lufs))]

    def forget(self, loop_id: int) -> None:
        """Forget what was baked of a loop and how loud it was: its clip is another one now."""
        self._lufs.pop(loop_id, None)
        for key in [key for key in self._parts if key.loop_id == loop_id]:
            del self._parts[key]

    def knows(self, loop_id: int) -> bool:
        """Return whether a loop's loudness was measured."""
        return loop_id in self._lufs

    def key(self, loop: LoopInHand) -> PartKey:
        """Return the key of the loop as it would be baked now."""
        lufs = self._lufs.get(loop.loop_id)
        gain = 1.0 if lufs is None else loudness_gain(lufs, self.target_lufs)
        overlap_ms = loop.candidate.overlap_beyond(self.overlap_ms)
        has_grid = loop.findings.grid is not None
        return PartKey(loop.loop_id, loop.candidate.region, overlap_ms, gain, has_grid, loop.variation)

    def part(self, loop: LoopInHand) -> Part:
        """Return the loop baked with the overlap and loudness that the options ask for."""
        key = self.key(loop)
        part = self._parts.get(key) or self._bake(loop, key)
        self._parts[key] = part
        self._parts.move_to_end(key)
        while len(self._parts) > KEPT_PARTS:
            self._parts.popitem(last=False)
        return part

    def _bake(self, loop: LoopInHand, key: PartKey) -> Part:
        baked = bake(loop.clip, key.region, overlap_ms=key.overlap_ms, gain=key.gain)
        facts, grid = loop.findings.facts, loop.findings.grid
        baked = fit_rate(baked, STUDIO_SAMPLE_RATE)
        return Part(key, baked, bar_grid(baked, facts, loop.candidate, grid))
