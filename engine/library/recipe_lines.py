# SPDX-License-Identifier: GPL-3.0-or-later
"""A recipe as lines, a name and a value each, and two recipes held against each other line by line.

The recipe of a mix has a line for each of its loops, which has lines of its own: two mixes are held against each other
loop by loop.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.library.carried import CUT, AnyCarried, Carried
from engine.library.filerecipe import FILE
from engine.library.texts import on_one_line
from engine.values import Lead, MixRecipe, Recipe

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
    "asked.speed": "stretched to the tempo, speed",
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
    "made.limited": "limited",
    "wraps": "loops as a whole",
    "loop.tempo_bpm": "tempo of the loop, bpm",
    "loop.origin": "the loop is",
    "loop.weak": "its seam can be heard",
    "loop.played_through": "played through",
    "loop.overlap_ms": "overlap of the seam, ms",
    "loops": "loops",
    "left_out": "loops that are not listed",
    "made_from.title": "made from",
    "made_from.prompt": "its prompt",
    "made_from.generator": "its generator",
    "made_from.seed": "its seed",
    "min_play_s": "minimum play time, s",
    "transition.entry": "comes in",
    "transition.overlap_ms": "crossfade, ms",
    "transition.bars": "transition, bars",
    "transition.curve": "curve of the crossfade",
    "transition.beat_match": "beats matched",
    "transition.reach": "tempo reach",
    "transition.bass_swap": "bass swap",
    "max_play_s": "maximum play time, s",
    "min_loop_s": "shortest loop, s",
    "max_loop_s": "longest loop, s",
    "make_again": "weak loops are made again",
    "misfit": "when tempo or key differ",
    "target_lufs": "loudness, LUFS",
    "created_utc": "made on",
    "making_s": "making took, s",
    "licence.words": "licence of the model",
}
"""Names of the lines, in their order, by where they stand in the recipe; other lines follow under their own."""

_OF_ORDER = (
    "min_play_s",
    "max_play_s",
    "min_loop_s",
    "max_loop_s",
    "make_again",
    "misfit",
    "target_lufs",
    "transition.entry",
    "transition.overlap_ms",
    "transition.bars",
    "transition.curve",
    "transition.beat_match",
    "transition.reach",
    "transition.bass_swap",
)
"""Places of what a render was asked for beside its clips: these lines stand behind the loops."""

LOOP = "loop"
"""Name of a line that stands for a loop of a mix; its number follows."""

_NO_LIMIT = ("max_play_s", "max_loop_s")
_LEFT_OUT = (
    "chords",
    "asked.follows",
    "asked.guide",
    "family.",
    "loop.metrics",
    "versions.python",
    "algorithm",
    "made_from.",
    "weights.",
    "licence.is_commercial",
)


_BEHIND = frozenset(NAMES[place] for place in _OF_ORDER)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of two recipes: its name and both values, "" for what a recipe does not say.

    Attributes
    ----------
    number
        Of the loop that it stands for, in the list of a mix's loops, from 1 on; 0 for every other line.
    """

    name: str
    left: str
    right: str = ""
    number: int = 0

    @property
    def differs(self) -> bool:
        """Return whether the values differ."""
        return self.left != self.right

    @property
    def label(self) -> str:
        """Return the name, with the loop's number."""
        return f"{self.name} {self.number}" if self.number else self.name


def recipe_lines(carried: Carried) -> dict[str, str]:
    """Return the lines of a recipe, name and value, in their order."""
    data = {**carried.recipe.as_dict(), "made": carried.made.as_dict()}
    if not carried.recipe.loop.score:
        del data["loop"]["score"]  # set by hand: nobody judged it
    if carried.recipe.generator == FILE:
        del data["prompt"]  # a file's title again
    return _in_order(_flattened(data))


def lines_of(carried: AnyCarried) -> tuple[Line, ...]:
    """Return the lines of a recipe; those of a mix end with its loops."""
    if isinstance(carried, MixRecipe):
        return _lines_of_mix(carried)
    return tuple(Line(name, text) for name, text in recipe_lines(carried).items())


def compared(left: AnyCarried, right: AnyCarried) -> tuple[Line, ...]:
    """Return two recipes line by line, in the order of the first, with the lines that only the second has behind.

    Of one clip and a mix, the clip is held against the loop of the mix that is most like it.
    """
    if isinstance(left, MixRecipe) != isinstance(right, MixRecipe):
        left, right = _alike(left, right), _alike(right, left)
    a, b = ({one.label: one for one in lines_of(side)} for side in (left, right))
    lines = (a.get(label) or b[label] for label in dict.fromkeys(itertools.chain(a, b)))

    def text(side: Mapping[str, Line], one: Line) -> str:
        return side[one.label].left if one.label in side else ""

    told = [Line(one.name, text(a, one), text(b, one), one.number) for one in lines]
    return tuple(sorted(told, key=_place))


def _place(line: Line) -> tuple[int, int]:
    """Return where a line stands: what a mix is, its loops, then how they came one after the other."""
    if line.number:
        return 1, line.number
    return (2, 0) if line.name in _BEHIND else (0, 0)


def loop_of(mix: MixRecipe, number: int) -> Carried | None:
    """Return the recipe of a mix's loop, numbered from 1 on; None where there is no such loop."""
    return Carried(mix.leads[number - 1].recipe, CUT) if 1 <= number <= len(mix.leads) else None


def nearest_loop(mix: MixRecipe, carried: Carried) -> int:
    """Return the number of the mix's loop whose recipe is most like another one; 0 where it has none."""
    wanted = _traits(carried.recipe)

    def n_alike(number: int) -> int:
        found = _traits(mix.leads[number - 1].recipe)
        return sum(one == other for one, other in zip(found, wanted, strict=True))

    return max(range(1, len(mix.leads) + 1), key=n_alike, default=0)


def _traits(recipe: Recipe) -> tuple[object, ...]:
    """Return what tells one recipe from another: cheap, as a mix may have a thousand loops."""
    facts = recipe.facts
    asked = (recipe.prompt, recipe.generator, recipe.model, recipe.duration_s, recipe.seed)
    return (*asked, recipe.title, recipe.artist, facts.tempo_bpm, facts.key, recipe.loop.region, recipe.created_utc)


def _alike(one: AnyCarried, other: AnyCarried) -> AnyCarried:
    if isinstance(one, MixRecipe) and isinstance(other, Carried):
        return loop_of(one, nearest_loop(one, other)) or one
    return one


def _lines_of_mix(mix: MixRecipe) -> tuple[Line, ...]:
    order = {name: value for name, value in (mix.order or {}).items() if value or name not in _NO_LIMIT}
    parameters = order.pop("parameters", {})
    if isinstance(wish := order.get("transition"), Mapping):
        order["transition"] = {name: _spaced(value) for name, value in wish.items()}
    order.pop("seeds", None)
    told = _in_order(
        _flattened(
            {
                **order,
                "asked": {"parameters": parameters},
                "made": {
                    "kind": str(mix.kind),
                    "length_s": round(mix.n_samples / mix.sample_rate, 3),
                    "sample_rate": mix.sample_rate,
                },
                "loops": len(mix.leads) + mix.n_left_out,
                "left_out": mix.n_left_out or None,
            }
        )
    )

    def at(lead: Lead) -> str:
        return clock(lead.frame / mix.sample_rate)

    general = tuple(Line(name, text) for name, text in told.items())
    loops = (
        Line(LOOP, " · ".join(filter(None, (at(lead), lead.layer, _summary(Carried(lead.recipe))))), number=number)
        for number, lead in enumerate(mix.leads, 1)
    )
    return tuple(sorted((*general, *loops), key=_place))


def _spaced(value: object) -> object:
    return value.replace("_", " ") if isinstance(value, str) else value


def clock(seconds: float) -> str:
    """Return a time as hours, minutes and seconds: "1:02:05", "2:05"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _summary(carried: Carried) -> str:
    recipe, facts = carried.recipe, carried.recipe.facts
    tempo_bpm = recipe.loop.tempo_bpm or facts.tempo_bpm
    words = [
        on_one_line(recipe.title),
        "" if recipe.seed is None else f"seed {recipe.seed}",
        "" if tempo_bpm is None else f"{tempo_bpm:.4g} bpm",
        on_one_line(facts.key or ""),
        on_one_line(recipe.generator),
    ]
    return " · ".join(filter(None, words))


def _in_order(flat: Mapping[str, str]) -> dict[str, str]:
    known = {NAMES[place]: flat[place] for place in NAMES if flat.get(place)}
    others = {
        on_one_line(place.removeprefix("asked.parameters.").removeprefix("versions.")): text
        for place, text in flat.items()
        if text and place not in NAMES and not place.startswith(_LEFT_OUT)
    }
    return {**known, **others}


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
    return on_one_line(str(value))
