# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds what a prompt says no to, how far each "no" reaches, and what is to play alone.

A "no" reaches over the noun after it with its adjectives, and over all of a list: "no drums, bass or lead". It ends
with the clause, at a comma that is not of such a list, and at words such as "only", "with" and "but".
"""

from __future__ import annotations

from engine.generators.composer.reading.items import Item

_DENIES = {"no", "not"}
_JOINS = {"and", "or"}
_ARTICLES = ("a", "un")
_NOR = ("nor", "ne")
_SKIPPED = {"stop", "more", "less", "opposite"}


def mark_negated(items: list[Item]) -> None:
    """Mark all items that must not be, and those that only describe them."""
    at = 0
    while at < len(items):
        item = items[at]
        if item.grammar in _DENIES and at + 1 < len(items):
            after = items[at + 1]
            if after.grammar in _DENIES | {"only"} and after.gap == "":
                # "not without strings", "not only piano" ask for them.
                if after.grammar == "only":
                    after.ignored = True
                at += 2
                continue
            at = _deny(items, at)
            continue
        if item.grammar == "except":
            # "no synths except pads" wants pads, "all except drums" no drums.
            at = at + 1 if at and items[at - 1].negated and item.gap != "stop" else _deny(items, at)
            continue
        if item.grammar == "free" and at and item.gap == "" and _is_heard(items[at - 1]):
            items[at - 1].negated = True
        at += 1


def _is_heard(item: Item) -> bool:
    """Return whether an item is something that is heard, which a piece can be free of: "drum-free", "rain-free"."""
    feeling = item.meaning.feeling if item.meaning is not None else None
    return item.category == "sound" or (feeling is not None and feeling.rain > 0.0)


def _deny(items: list[Item], at: int) -> int:
    """Mark what the "no" at ``at`` reaches; return where it ends."""
    is_repeated = at > 0 and any(one.negated for one in items[max(0, at - 3) : at])
    reached = _Reach(items[at].grammar)
    list_end = 0
    is_closed = False  # "no piano or drums" is a list that has had its last noun
    for i in range(at + 1, len(items)):
        item = items[i]
        if item.gap == "stop" or item.grammar in _DENIES | {"except", "only", "ends"}:
            return i
        if item.gap == "comma" and i >= list_end:
            goes_on = reached.noun and not reached.joined and not is_closed
            list_end = _list_end(items, i, reached.noun, is_repeated=is_repeated) if goes_on else 0
            if not list_end:
                return i
        if i < list_end or item.gap == "slash":
            reached.joined = "or"
        if item.grammar in _JOINS:
            reached.joined = item.grammar
        elif item.category:
            if not reached.goes_on_to(item):
                return i
            is_closed = is_closed or (bool(reached.joined) and i >= list_end - 1)
            reached.take(item)
        elif item.grammar not in _SKIPPED and reached.noun and not reached.joined:
            return i  # a word that is not known begins something new
    return len(items)


class _Reach:
    """The reach of a "no" so far.

    Parameters
    ----------
    denial
        "no" or "not".
    """

    def __init__(self, denial: str) -> None:
        self._denial = denial
        self._described: list[Item] = []
        self.noun = ""
        self.joined = ""

    def goes_on_to(self, item: Item) -> bool:
        """Whether it reaches this item too."""
        if not self.noun:
            return True
        if self.joined == "or":
            return item.category != "figure"
        if self.joined == "and":
            return item.category == self.noun
        # An adjective before its noun: "no heavy drums", but "not dark techno".
        return bool(self._described) and self._denial == "no" and item.category in {"sound", "style"}

    def take(self, item: Item) -> None:
        """Reach this item."""
        if item.category == "sound":
            if not self.joined:
                # "no heavy drums": it is the drums that must not be.
                for one in self._described:
                    one.negated, one.ignored = False, True
            self._described = []
        elif item.category != "figure":
            self._described = [*(() if self.joined else self._described), item]
        item.negated = True
        self.noun, self.joined = item.category, ""


def _list_end(items: list[Item], at: int, noun: str, *, is_repeated: bool) -> int:
    """Return where the list of things like ``noun`` that the comma before ``at`` goes on with ends; 0 if it is none.

    A list ends with "or" or "and" and a last noun: "no drums, bass or lead".
    """
    if items[at].grammar in _JOINS:
        return _after_noun(items, at + 1, noun) if items[at].grammar == "or" else 0
    last_was_noun = False
    for i in range(at, len(items)):
        item = items[i]
        if item.gap == "stop":
            return 0
        if last_was_noun and (item.grammar in _JOINS or item.text in _NOR or item.gap == "slash"):
            end = _after_noun(items, i if item.category else i + 1, noun)
            takes_it_back = end < len(items) and items[end].gap == "" and items[end].grammar in {"only", "ends"}
            return 0 if takes_it_back or (item.grammar == "and" and is_repeated) else end
        if item.category == noun:
            if last_was_noun and item.gap != "comma":
                return 0
            last_was_noun = True
        elif item.grammar not in _SKIPPED:
            return 0
    return 0


def _after_noun(items: list[Item], at: int, noun: str) -> int:
    """Return the place after the noun that stands at ``at``; 0 where none does."""
    while at < len(items) and items[at].grammar in _SKIPPED and items[at].gap == "":
        at += 1
    return at + 1 if at < len(items) and items[at].category == noun else 0


def alone(items: list[Item]) -> list[Item] | None:
    """Return the sounds that are to play alone, none where it is not said which; None where nothing is to."""
    said = False
    for at, item in enumerate(items):
        if item.grammar != "only" or item.ignored:
            continue
        if item.text == "solo" and _is_among_others(items, at):
            continue
        targets = _after(items, at) or _before(items, at)
        if targets is None:
            continue
        if targets:
            return targets
        said = True
    return [] if said else None


def _is_among_others(items: list[Item], at: int) -> bool:
    """Whether the "solo" at ``at`` is a part of a piece: "with a solo of the sax", but not "con solo piano"."""
    return at >= 2 and items[at - 1].text in _ARTICLES and items[at - 2].grammar == "ends" and items[at].gap == ""


def _after(items: list[Item], at: int) -> list[Item]:
    """Return the sounds of the list that "only" begins: "only drums and bass"."""
    out: list[Item] = []
    joined = False
    for item in items[at + 1 :]:
        # A comma ends it, but not within a list.
        if item.gap == "stop" or (item.gap == "comma" and not out) or item.negated:
            break
        if item.category == "sound":
            # "just a lofi beat" is any piece of that style.
            is_beat = item.meaning is not None and item.meaning.sound is not None and item.text.startswith("beat")
            if is_beat and items[at + 1] is not item and not out:
                described = items[at + 1 : items.index(item)]
                if any(one.category for one in described):
                    break
            if out and not joined and item.gap not in {"comma", "slash"}:
                break
            out.append(item)
            joined = False
        elif item.grammar in _JOINS:
            joined = True
        elif item.grammar in _SKIPPED or (item.category in {"feeling", "style"} and not out):
            continue
        else:
            break
    return out


def _before(items: list[Item], at: int) -> list[Item] | None:
    """Return the sounds of the list that "only" ends: "piano and strings only"; None after "with", "a guitar solo"."""
    out: list[Item] = []
    joined, is_list = True, False
    i = at
    while i > 0:
        item, right = items[i - 1], items[i]
        if right.gap == "stop" or item.negated or (right.gap == "comma" and not is_list):
            break
        joined = joined or right.gap in {"comma", "slash"}
        if item.category == "sound" and joined:
            out.insert(0, item)
            joined = False
        elif item.grammar in _JOINS:
            joined = is_list = True
        elif item.grammar == "ends" and out and items[at].text == "solo":
            return None
        elif item.grammar not in _SKIPPED:
            break
        i -= 1
    return out
