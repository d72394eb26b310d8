# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads a file as one loop: what it is tagged or recorded to play, else all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.library.carried import AnyCarried, Carried, carried_by
from engine.library.filerecipe import known_facts, recipe_of_cut
from engine.library.importing import Imported, import_sound
from engine.values import Clip, LoopRegion, MusicFacts, Recipe

OVERLAP_MS = 30.0
"""Crossfade of a loop's seam that asks for no longer one, milliseconds."""
WHOLE_BARS_WITHIN = 0.02
"""Distance in bars from a whole number of them within which a loop lasts that many."""


@dataclass(frozen=True, eq=False, slots=True)
class LoopFile:
    """A file's loop: a clip that goes round where the file says how, and how it was made."""

    clip: Clip
    recipe: Recipe
    facts: MusicFacts


def read_loop(path: str) -> LoopFile:
    """Return the loop in a file. Raises what ``import_sound`` raises: the file lasts ten minutes at most."""
    new, carried = import_sound(path), carried_by(path)
    facts = known_facts(new, carried)
    region = _region_of(new, carried)
    clip = new.clip
    if region is not None and not clip.wraps:
        clip = _cut(new, region, carried)
    if clip.wraps:
        facts = _with_bars(facts, clip)
    if isinstance(carried, Carried):
        recipe = replace(carried.recipe, facts=replace(carried.recipe.facts, bars=facts.bars), wraps=clip.wraps)
        if clip is not new.clip or not carried.made.is_clip:
            # Its chords lie elsewhere.
            recipe = replace(recipe, chords=())
    else:
        whole = LoopRegion(0, clip.n_samples)
        stem = Path(path).stem
        recipe = recipe_of_cut(stem, new.metadata, clip.duration_s, whole, candidate=None, facts=facts)
        recipe = replace(recipe, wraps=clip.wraps)
    return LoopFile(clip, recipe, facts)


def _region_of(new: Imported, carried: AnyCarried | None) -> LoopRegion | None:
    """Return the region that the file plays, by its tags or by the recipe of the clip that it is."""
    tagged: Sequence[LoopRegion] = new.loops
    if tagged:
        return tagged[0]
    if isinstance(carried, Carried) and carried.made.is_clip:
        region = carried.recipe.loop.region
        if 0 <= region.loop_start < region.loop_end <= new.clip.n_samples:
            return region
    return None


def _cut(new: Imported, region: LoopRegion, carried: AnyCarried | None) -> Clip:
    from engine.dsp.seam import bake

    is_whole = region == LoopRegion(0, new.clip.n_samples)
    if is_whole and isinstance(carried, Carried) and carried.recipe.wraps:
        return replace(new.clip, wraps=True)
    overlap_ms = OVERLAP_MS
    if isinstance(carried, Carried) and carried.recipe.loop.region == region:
        overlap_ms = carried.recipe.loop.overlap_beyond(overlap_ms)
    baked = bake(new.clip, region, overlap_ms=overlap_ms)
    return Clip(baked.samples, baked.sample_rate, wraps=True)


def _with_bars(facts: MusicFacts, clip: Clip) -> MusicFacts:
    """Return facts with the number of bars that a loop lasts by its tempo, where that is a whole one."""
    if not facts.tempo_bpm or not facts.beats_per_bar:
        return facts
    bars = clip.duration_s * facts.tempo_bpm / 60.0 / facts.beats_per_bar
    is_whole = round(bars) >= 1 and abs(bars - round(bars)) <= WHOLE_BARS_WITHIN
    return replace(facts, bars=round(bars) if is_whole else None)
