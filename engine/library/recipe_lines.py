# SPDX-License-Identifier: GPL-3.0-or-later
"""A recipe as lines, a name and a value each, and two recipes held against each other line by line."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.library.carried import Carried

NAMES = {
    "title": "title",
    "artist": "artist",
    "prompt": "prompt",
    "asked.negative_prompt": "without",
    "generator": "generator",
    "model": "model",
    "seed": "seed",
    "asked.variation": "variation",
    "duration_s": "duration asked for, s",
    "asked.bars": "bars asked for",
    "asked.bpm": "tempo asked for, bpm",
    "asked.key": "key asked for",
    "asked.metre": "metre asked for",
    "asked.layer": "layer",
    "asked.evolve": "evolution",
    "facts.tempo_bpm": "tempo, bpm",
    "facts.key": "key",
    "facts.beats_per_bar": "beats in a bar",
    "facts.bars": "bars",
    "facts.tags": "heard in it",
    "loop.loop_start": "loop from, sample",
    "loop.loop_end": "loop to, sample",
    "loop.bars": "bars of the loop",
    "loop.score": "score",
    "made.kind": "file",
    "made.turns": "turns",
    "made.length_s": "length, s",
    "made.fade_s": "fade, s",
    "made.sample_rate": "sample rate, Hz",
    "made.overlap_ms": "overlap, ms",
    "made.gain": "gain",
    "made.part": "part",
    "created_utc": "made on",
}
"""Names of the lines, in their order, by where they stand in the recipe; other lines follow under their own."""

_LEFT_OUT = ("chords", "asked.follows", "asked.guide", "family.", "loop.metrics", "versions.python", "algorithm")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of two recipes: its name and both values, "" for what a recipe does not say."""

    name: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Return whether the values differ."""
        return self.left != self.right


def recipe_lines(carried: Carried) -> dict[str, str]:
    """Return the lines of a recipe, name and value, in their order."""
    flat = _flattened({**carried.recipe.as_dict(), "made": carried.made.as_dict()})
    known = {NAMES[place]: flat[place] for place in NAMES if flat.get(place)}
    others = {
        place.removeprefix("asked.parameters."): text
        for place, text in flat.items()
        if text and place not in NAMES and not place.startswith(_LEFT_OUT)
    }
    return {**known, **others}


def compared(left: Carried, right: Carried) -> tuple[Line, ...]:
    """Return two recipes line by line, in the order of the first, with the lines that only the second has behind."""
    a, b = recipe_lines(left), recipe_lines(right)
    names = dict.fromkeys(itertools.chain(a, b))
    return tuple(Line(name, a.get(name, ""), b.get(name, "")) for name in names)


def _flattened(data: Mapping[str, Any], place: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in data.items():
        here = f"{place}{name}"
        if isinstance(value, Mapping):
            flat |= _flattened(value, f"{here}.")
        else:
            flat[here] = _text_of(value)
    return flat


def _text_of(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(_text_of(one) for one in value)
    return str(value)
