# SPDX-License-Identifier: GPL-3.0-or-later
"""This module cuts a prompt into items: figures, known phrases, and words that mean nothing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.generators.composer.reading.figures import Figure, read_figures, tempo_figure
from engine.generators.composer.reading.lexicon import Meaning, lexicon
from engine.generators.composer.reading.text import PlainText
from engine.generators.composer.styles import Style

_FULL_STOP = re.compile(r"[;:!?()\[\]\n\r|\"]|\.(?=\s|$)")
_WEIGHTS = {"more": 1.5, "less": 0.5, "opposite": -0.7}
_LEAST_BARE_BPM, _MOST_BARE_BPM = 40, 250

Gap = Literal["", "comma", "slash", "stop"]


@dataclass(slots=True, eq=False)
class Item:
    """An item is what one phrase of the prompt stands for.

    Attributes
    ----------
    text, start, end
        The phrase and its place in the plain text.
    gap
        What divides it from the item before: nothing, a comma, a slash, or the end of a clause.
    meaning, figure
        What it means; both are None for an unknown word.
    is_slip
        Whether it was misspelt.
    negated
        Whether it must not be.
    ignored
        Whether it only describes something else, which must not be: "heavy" in "no heavy drums".
    weight
        How much of a feeling: 1, more after "very", less after "a bit", below 0 after "less".
    """

    text: str
    start: int
    end: int
    gap: Gap
    meaning: Meaning | None = None
    figure: Figure | None = None
    is_slip: bool = False
    negated: bool = False
    ignored: bool = False
    weight: float = 1.0

    @property
    def grammar(self) -> str:
        """Return what it does for the words around it (see ``wordlists.GRAMMAR``), or ""."""
        return self.meaning.grammar if self.meaning is not None else ""

    @property
    def category(self) -> str:
        """Return "sound", "style", "feeling", "figure", or "" for what only holds the prompt together or is unknown."""
        if self.figure is not None:
            return "figure"
        if (meaning := self.meaning) is None or meaning.grammar:
            return ""
        if meaning.sound or meaning.absent:
            return "sound"
        return "style" if meaning.style or meaning.near_styles else "feeling"


def read_items(text: PlainText, every: Mapping[str, Style]) -> list[Item]:
    """Return all items of ``text``, in order, where there are these styles."""
    figures = read_figures(text)
    known = lexicon(every)
    items: list[Item] = []
    end, at, words = 0, 0, text.words
    while at < len(words):
        word = words[at]
        while figures and figures[0].start < word.end:
            figure = figures.pop(0)
            said = text.lower[figure.start : figure.end]
            items.append(Item(said, figure.start, figure.end, _gap(text.lower[end : figure.start]), figure=figure))
            end = figure.end
        if word.start < end:
            at += 1
            continue
        found = known.longest(words, at)
        # A phrase does not reach into a figure.
        if found is not None and figures and words[at + found[0] - 1].end > figures[0].start:
            found = None
        if found is not None and found[1].style and items and items[-1].text == "solo":
            # A "solo piano jazz" is no "piano jazz", which is a trio's.
            single = [known.longest(words[: i + 1], i) for i in range(at, at + found[0])]
            found = single[0] if any(one is not None and one[1].sound for one in single) else found
        count, meaning = found or (1, None)
        is_slip = False
        if meaning is None and word.text.isalpha():
            meaning = known.misspelt(word.text)
            is_slip = meaning is not None
        last = words[at + count - 1].end
        said = text.lower[word.start : last]
        items.append(Item(said, word.start, last, _gap(text.lower[end : word.start]), meaning, is_slip=is_slip))
        end, at = last, at + count
    _read_bare_tempo(items)
    for before, item in itertools.pairwise(items):
        item.weight = _WEIGHTS.get(before.grammar, 1.0) if item.gap == "" else 1.0
    return items


def _gap(between: str) -> Gap:
    if _FULL_STOP.search(between):
        return "stop"
    if "," in between or " - " in between:
        return "comma"
    return "slash" if "/" in between or "+" in between else ""


def _read_bare_tempo(items: list[Item]) -> None:
    """Take a bare number beside a style, or at the very end, for a tempo: "dnb 174"."""
    if any(item.figure is not None and item.figure.kind in {"tempo", "near"} for item in items):
        return
    for at, item in enumerate(items):
        if item.meaning is not None or item.figure is not None or not re.fullmatch(r"\d{2,3}", item.text):
            continue
        after = items[at + 1] if at + 1 < len(items) else None
        if not _LEAST_BARE_BPM <= int(item.text) <= _MOST_BARE_BPM or (after is not None and after.grammar == "units"):
            continue
        beside = (items[at - 1] if at else None, after)
        if after is None or any(one is not None and one.category == "style" for one in beside):
            item.figure = tempo_figure(float(item.text), item.start, item.end)
            return
