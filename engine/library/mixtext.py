# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe of several loops as JSON: the first in full, of each later one what differs (RFC 7386, JSON Merge Patch).

A loop that goes on from the one before differs by its own family alone, and one that comes back is told by its number:
so ten hours of music fit in a comment. What is still too long leaves out chords, metrics and dates first, then the last
loops, and says how many.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.values import Lead, MixKind, MixRecipe, Recipe
from engine.values.checked import Fields

MIX = "mix"
"""Name of the field by which the recipe of a mix is told from that of one loop; its value is the kind."""
MOST_CHARACTERS = 1 << 21
"""Number of characters that the recipe of a mix may have: those of days of music."""
MOST_LEADS = 20_000
"""Largest number of loops in a mix: those of a week."""
MOST_WHOLE_CHARACTERS = 1 << 25
"""Number of characters that the recipes of all loops may have in full: a few in the text may stand for any number."""

_MOST_DEPTH = 8
"""Deepest nesting of an order that is believed; one of this studio's has a depth of two."""

_RATES = (1, 1_000_000)
_DIGITS = 4
"""Decimals of metrics and scores, which are from 0 to 1."""
_HEAD_CHARACTERS = 200
"""Room for all but the loops and the order, characters."""


class MixWriter:
    """A mix writer makes the text of a mix that grows: what was told of the loops before is not made again.

    Parameters
    ----------
    most_characters
        How long the text may be.
    """

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._most = most_characters
        self._is_lean = False
        self._leads: list[Lead] = []
        self._entries: list[str] = []
        # What each of them is in full: the next one is told by what differs from it.
        self._whole: list[dict[str, Any]] = []
        self._n_whole: list[int] = []
        self._known: dict[str, int] = {}

    def text(self, mix: MixRecipe) -> str:
        """Return the recipe's text. Raises ValueError for one with a number that is none."""
        order = "" if mix.order is None else f',"order":{_json(mix.order)}'
        room = self._most - _HEAD_CHARACTERS - len(order)
        self._tell(mix.leads)
        if not self._is_lean and self._n_characters() > room:
            self._is_lean = True
            self._keep(0)
            self._tell(mix.leads)
        n_told = self._n_that_fit(room)
        n_left_out = mix.n_left_out + len(self._entries) - n_told
        head = {MIX: str(mix.kind), "sample_rate": mix.sample_rate, "n_samples": mix.n_samples}
        if n_left_out:
            head["left_out"] = n_left_out
        return f'{_json(head)[:-1]}{order},"loops":[{",".join(self._entries[:n_told])}]}}'

    def _tell(self, leads: tuple[Lead, ...]) -> None:
        n_same = 0
        for told, lead in zip(self._leads, leads, strict=False):
            if told.recipe is not lead.recipe or replace(told, recipe=lead.recipe) != lead:
                break
            n_same += 1
        self._keep(n_same)
        for lead in leads[n_same:]:
            self._add(lead)

    def _keep(self, n_first: int) -> None:
        del self._leads[n_first:], self._entries[n_first:], self._whole[n_first:], self._n_whole[n_first:]
        self._known = {text: number for text, number in self._known.items() if number < n_first}

    def _add(self, lead: Lead) -> None:
        whole = _rounded(lead.recipe, is_lean=self._is_lean)
        number = len(self._entries)
        known = self._known.setdefault(_json(whole), number)
        if known < number:
            entry = {**_place(lead), "as": known}
            read = self._whole[known]
            self._n_whole.append(0)
        else:
            changes, read = _told(self._whole, whole)
            entry = {**_place(lead), "recipe": changes}
            self._n_whole.append(len(_json(read)))
        self._leads.append(lead)
        # As whoever reads it has it.
        self._whole.append(read)
        self._entries.append(_json(entry))

    def _n_characters(self) -> int:
        return sum(len(one) + 1 for one in self._entries)

    def _n_that_fit(self, room: int) -> int:
        room_whole = MOST_WHOLE_CHARACTERS
        for number, (entry, n_whole) in enumerate(zip(self._entries, self._n_whole, strict=True)):
            room -= len(entry) + 1
            room_whole -= n_whole
            if room < 0 or room_whole < 0 or number == MOST_LEADS:
                return number
        return len(self._entries)


def mix_text(mix: MixRecipe, most_characters: int = MOST_CHARACTERS) -> str:
    """Return a mix recipe's text. Raises ValueError for one with a number that is none."""
    return MixWriter(most_characters).text(mix)


def mix_of(data: Mapping[str, Any]) -> MixRecipe:
    """Return the mix recipe in the JSON of its text. Raises ValueError, or RecursionError for deep nesting."""
    fields = Fields.of(data)
    kind = MixKind(fields.text(MIX))
    entries = fields.parts("loops")
    if len(entries) > MOST_LEADS:
        raise ValueError(f"“loops” has {len(entries)} entries")
    whole: list[Any] = []
    leads: list[Lead] = []
    recipes: list[Recipe] = []
    room = MOST_WHOLE_CHARACTERS
    for number, entry in enumerate(entries):
        if entry.has("as"):
            known = entry.whole("as", 0, number - 1)
            whole.append(whole[known])
            recipes.append(recipes[known])
        else:
            whole.append(_changed(_next_to(whole), entry.part("recipe").data))
            room -= len(_json(whole[-1]))
            if room < 0:
                raise ValueError("the recipes of “loops” are too long")
            recipes.append(Recipe.from_dict(_as_texts(whole[-1])))
        at = entry.whole("at", 0)
        layer = entry.text("layer") if entry.has("layer") else ""
        is_beside = bool(layer) or kind is MixKind.JAM
        if leads and (at < leads[-1].frame or (at == leads[-1].frame and not is_beside)):
            raise ValueError("“loops” do not follow one another")
        leads.append(Lead(at, recipes[-1], layer, entry.whole("until", at) if entry.has("until") else None))
    return MixRecipe(
        kind,
        fields.whole("sample_rate", *_RATES),
        fields.whole("n_samples", 1),
        tuple(leads),
        fields.whole("left_out", 0) if fields.has("left_out") else 0,
        _order(fields.part("order").data) if fields.has("order") else None,
    )


def _place(lead: Lead) -> dict[str, Any]:
    """Return where a loop leads."""
    layer = {"layer": lead.layer} if lead.layer else {}
    return {"at": lead.frame, **layer, **({} if lead.until is None else {"until": lead.until})}


def _order(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order that can be shown and sent on, whatever it asks for. Raises ValueError."""
    _json(data)  # a number that is none
    if _is_deeper(data, _MOST_DEPTH):
        raise ValueError("“order” is nested too deeply")
    return dict(data)


def _is_deeper(data: object, depth: int) -> bool:
    within = data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ()
    return depth < 0 or any(_is_deeper(one, depth - 1) for one in within)


def _rounded(recipe: Recipe, *, is_lean: bool) -> dict[str, Any]:
    whole = recipe.as_dict()
    loop = whole["loop"]
    loop["score"] = round(loop["score"], _DIGITS)
    loop["metrics"] = {name: 0.0 if is_lean else round(one, _DIGITS) for name, one in loop["metrics"].items()}
    if is_lean:
        whole.pop("chords", None)
        whole["created_utc"] = ""
    return whole


def _told(before: list[dict[str, Any]], whole: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what differs from the loops before, and what is made of that when it is read."""
    last = _next_to(before)
    parsed = _with_memories(whole, _parsed)
    changes = _changes(last, parsed)
    read = _changed(last, changes)
    if _memories(_as_texts(read)) != _memories(whole):
        # The order of its parts matters to nobody but its generator, and null means nothing to a merge patch.
        changes = _changes(last, whole)
        read = _changed(last, changes)
    return changes, read


def _next_to(before: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the next loop's recipe is a change of: the last one's, had it been asked to go on from itself."""
    if not before:
        return {}
    last = before[-1]
    if "family" not in last:
        return last
    return {**last, "asked": {**last.get("asked", {}), "follows": last["family"]}}


def _with_memories(whole: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a recipe with each generator's own text changed: of its family, and of the one that it goes on from."""
    made = dict(whole)
    if isinstance(family := made.get("family"), Mapping):
        made["family"] = {**family, "memory": change(family.get("memory"))}
    asked = made.get("asked")
    if isinstance(asked, Mapping) and isinstance(follows := asked.get("follows"), Mapping):
        made["asked"] = {**asked, "follows": {**follows, "memory": change(follows.get("memory"))}}
    return made


def _memories(whole: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = []
    _with_memories(whole, found.append)
    return found


def _parsed(memory: Any) -> Any:
    """Return a generator's own text as what it is, where that is an object in JSON: few parts of it change."""
    try:
        parsed = json.loads(memory)
    except (ValueError, RecursionError):
        return memory
    return parsed if isinstance(parsed, dict) and _json(parsed) == memory else memory


def _as_texts(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recipe with its memories as texts again."""
    return _with_memories(whole, lambda memory: _json(memory) if isinstance(memory, dict) else memory)


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return the merge patch that makes ``now`` of ``before``; null is what is not there."""
    changes: dict[str, Any] = {name: None for name in before if name not in now and before[name] is not None}
    for name, value in now.items():
        old = before.get(name)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            within = _changes(old, value)
            if within:
                changes[name] = within
        elif value != old or type(value) is not type(old):
            changes[name] = value
    return changes


def _changed(before: Any, changes: Any) -> Any:
    """Return what a merge patch makes of ``before`` (RFC 7386, 2)."""
    if not isinstance(changes, Mapping):
        return changes
    now = dict(before) if isinstance(before, Mapping) else {}
    for name, value in changes.items():
        if value is None:
            now.pop(name, None)
        else:
            now[name] = _changed(now.get(name), value)
    return now


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"))
