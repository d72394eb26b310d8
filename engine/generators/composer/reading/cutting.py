# SPDX-License-Identifier: GPL-3.0-or-later
"""This module takes one thing out of a prompt, with the words that only serve it; the rest is read as before."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from engine.generators.composer.reading.asked import Chip
from engine.generators.composer.reading.clauses import mark_negated
from engine.generators.composer.reading.items import Item, read_items
from engine.generators.composer.reading.reader import chips
from engine.generators.composer.reading.text import PlainText
from engine.generators.composer.styles import Style, styles
from engine.values import Reading, ReadingKind

_KINDS = {
    "excluded": ReadingKind.EXCLUDED,
    "nearest": ReadingKind.NEAREST,
    "refused": ReadingKind.REFUSED,
    "unknown": ReadingKind.UNKNOWN,
}
_DESCRIBES = {"more", "less", "opposite"}
_LEADS = {"no", "not", "except", "ends"}
_JOINS = {"and", "or"}
_LONGEST_SMALL_WORD = 4
"""Letters of the longest word, such as "with" or "alla", that goes with the word after it."""
MOST_CUT = 24
"""Number of things of one prompt that can be taken back: each is read anew without it."""
_PLACES = re.compile(r"\s*([,;])[\s,;]*|\s{2,}")


def readings(prompt: str, known: Mapping[str, Style] | None = None) -> tuple[Reading, ...]:
    """Return what the composer reads in ``prompt``, each with the prompt without it, in the order they are shown.

    What is refused comes first: it must not be what a narrow window leaves out. The styles that are ``known`` are the
    built-in ones where none are given.
    """
    known = styles() if known is None else known
    every = chips(prompt, known)
    out = []
    for at, chip in enumerate(every):
        kind = _KINDS.get(chip.kind, ReadingKind.TAKEN)
        note = chip.why.text if chip.why is not None else ""
        rest = without(prompt, chip, every, known) if at < MOST_CUT else None
        out.append(Reading(chip.text, kind, note, rest, chip.phrase, chip.why))
    return tuple(sorted(out, key=lambda one: one.kind is not ReadingKind.REFUSED))


def without(prompt: str, chip: Chip, every: tuple[Chip, ...], known: Mapping[str, Style]) -> str:
    """Return the prompt without what ``chip``, one of ``every``, was read in; the rest is read as before if it can be.

    A word more or less may change what is beside it: of the ways to cut, the first that changes least is taken.
    """
    wanted = {(one.text, one.kind) for one in every} - {(chip.text, chip.kind)}
    best, fewest = "", math.inf
    for start, end, put in _cuts(prompt, chip, known):
        text = _tidy(prompt[:start] + put + prompt[end:])
        n_changed = len(wanted ^ {(one.text, one.kind) for one in chips(text, known)})
        if n_changed < fewest:
            best, fewest = text, n_changed
        if not n_changed:
            break
    return best


def _cuts(prompt: str, chip: Chip, every: Mapping[str, Style]) -> list[tuple[int, int, str]]:
    """Return ways to take the chip's words out: from where, to where, and what is put there."""
    text = PlainText(prompt)
    items = read_items(text, every)
    mark_negated(items)
    # Where each stands in the prompt itself.
    spans = [text.span(item.start, item.end) for item in items]
    at = next((i for i, (start, end) in enumerate(spans) if start <= chip.start < end), None)
    if at is None:
        return [(chip.start, chip.end, "")]
    first = last = at
    while first and items[first].gap == "" and _only_serves(items[first - 1]):
        first -= 1
    if last + 1 < len(items) and items[last + 1].grammar == "free":
        last += 1
    before = items[first - 1] if first else None
    after = items[last + 1] if last + 1 < len(items) else None
    goes_on = after is not None and (after.grammar in _JOINS or (after.negated and items[at].negated))
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    cuts = []
    if before is not None and items[first].gap == "" and before.grammar in _JOINS:
        if first > 2 and items[first - 2].gap == "comma":
            # "no drums, bass or lead" less the lead is "no drums or bass".
            kept = prompt[starts[first - 2] : ends[first - 2]]
            cuts.append((ends[first - 3], ends[last], f" {before.text} {kept}"))
        cuts.append((starts[first - 1], ends[last], ""))
    elif before is not None and items[first].gap == "" and before.grammar in _LEADS:
        if goes_on and after is not None:
            # What leads it leads the next one too.
            skipped = last + 2 if after.grammar in _JOINS and last + 2 < len(items) else last + 1
            cuts.append((starts[first], starts[skipped], ""))
        while first and items[first].gap == "" and items[first - 1].grammar in _LEADS:
            first -= 1
        cuts.append((starts[first], ends[last], ""))
    elif goes_on and before is not None and before.negated:
        # "no drums, bass or lead" less the bass is "no drums or lead".
        cuts.append((ends[first - 1], ends[last], ""))
    return [*cuts, (starts[first], ends[last], ""), (starts[at], ends[at], "")]


def _only_serves(item: Item) -> bool:
    is_small = item.grammar == "stop" and len(item.text) <= _LONGEST_SMALL_WORD
    return item.grammar in _DESCRIBES or item.ignored or is_small


def _tidy(prompt: str) -> str:
    """Return the prompt with one blank between words, and no mark at its ends or beside another."""
    return _PLACES.sub(lambda match: f"{match[1]} " if match[1] else " ", prompt).strip(" ,;")
