# SPDX-License-Identifier: GPL-3.0-or-later
"""This module chooses the style and the second style that a prompt names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.generators.composer.reading.items import Item
from engine.generators.composer.reading.lexicon import Meaning, lexicon
from engine.generators.composer.styles import Style

_AT_MOST = 2


@dataclass(frozen=True)
class NamedStyles:
    """The styles that a prompt names.

    Attributes
    ----------
    chosen
        At most two names, the leading one first, each with the item that names it.
    too_many
        What would be a third.
    mentioned
        Items that name or hint at a chosen style, or one too many.
    excluded
        Names of styles that must not be.
    """

    chosen: tuple[tuple[str, Item], ...] = ()
    too_many: tuple[tuple[str, Item], ...] = ()
    mentioned: frozenset[Item] = frozenset()
    excluded: frozenset[str] = frozenset()

    @property
    def style(self) -> str | None:
        """The style that leads."""
        return self.chosen[0][0] if self.chosen else None

    @property
    def fusion(self) -> str | None:
        """The style of which something is taken."""
        return self.chosen[1][0] if len(self.chosen) > 1 else None

    def is_chosen(self, item: Item) -> bool:
        """Whether this item is the one that named a style."""
        return any(item is one for _name, one in self.chosen)

    def is_mentioned(self, item: Item) -> bool:
        """Whether this item speaks of a style that was named."""
        return item in self.mentioned


def named_styles(items: list[Item], every: Mapping[str, Style]) -> NamedStyles:
    """Return the styles, among these, that ``items`` name.

    Plain names come before words that mean something else too, and hints last.
    """
    plain: list[tuple[str, Item]] = []
    second: list[tuple[str, Item]] = []
    hints: list[tuple[str, Item]] = []
    near: list[tuple[str, Item]] = []
    excluded: set[str] = set()
    for item in items:
        meaning = item.meaning
        if meaning is None or item.ignored or item.figure is not None:
            continue
        if item.negated:
            excluded |= {meaning.style} - {""}
        elif meaning.style:
            (second if _means_more(meaning) else plain).append((meaning.style, item))
        elif meaning.hint:
            hints.append((meaning.hint, item))
        elif meaning.near_styles and (name := lexicon(every).style_of(meaning)):
            near.append((name, item))
    named = plain + [pair for pair in hints if plain and _is_adjective(pair[1], every[pair[0]])]
    if not plain:
        named = sorted(second + hints[:1], key=lambda pair: pair[1].start)
    named = [pair for pair in [*named, *near] if pair[0] not in excluded]
    first = dict(reversed([(name, item) for name, item in named]))
    order = list(dict.fromkeys(name for name, _item in named))
    chosen = tuple((name, first[name]) for name in order[:_AT_MOST])
    too_many = tuple((name, first[name]) for name in order[_AT_MOST:])
    mentioned = frozenset(item for name, item in [*named, *second, *hints] if name in order)
    return NamedStyles(chosen, too_many, mentioned, frozenset(excluded))


def _means_more(meaning: Meaning) -> bool:
    return bool(meaning.feeling or meaning.sound or meaning.metre)


def _is_adjective(item: Item, style: Style) -> bool:
    """Whether a hint is the adjective of its style's own name: "jazzy", "funky"."""
    return any(item.text.startswith(word) for word in style.words)
