# SPDX-License-Identifier: GPL-3.0-or-later
"""These values say which loops are heard in a sound one after another: a recording, or music that was rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from engine.values.takes import Recipe


class MixKind(StrEnum):
    """A kind says how several loops came to be one sound."""

    RECORDED = "recording"
    """This sound was recorded while it was played, with all that the person did meanwhile."""
    HEARD = "heard"
    """This sound is the last minutes of what was played."""
    RENDERED = "render"
    """This sound was made by ``infiniloop render``; by its order it can be made again as a whole."""
    JAM = "jam"
    """This sound is a jam: several loops may begin with the same frame, on layers of their own."""
    CUT = "part of a mix"
    """This sound was cut of another mix."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A loop that began to lead at a frame (of the tape, of a ring, or of a file).

    Attributes
    ----------
    layer
        The layer of a jam on which it leads; "" is the endless studio.
    until
        The frame from which on nothing leads there; None where it leads until another one does.
    """

    frame: int
    recipe: Recipe
    layer: str = ""
    until: int | None = None


@dataclass(frozen=True, slots=True)
class MixRecipe:
    """A mix recipe lists the loops of a sound, in order.

    Attributes
    ----------
    sample_rate
        Hz, of the sound.
    n_samples
        How long the sound is; of a recording that was interrupted, how long it was when the last loop was noted.
    leads
        From which sample on each of them leads, rising; the first from 0 on. On layers of their own several lead at
        once, and may begin with the same sample.
    n_left_out
        Number of further loops at the end for which there was no room in the file.
    order
        What ``render`` was asked for, as ``engine.session.render_order`` writes and reads it; None of all other kinds.
    """

    kind: MixKind
    sample_rate: int
    n_samples: int
    leads: tuple[Lead, ...]
    n_left_out: int = 0
    order: Mapping[str, Any] | None = None


def at_rate(mix: MixRecipe, sample_rate: int) -> MixRecipe:
    """Return the recipe of the same sound at another sample rate, Hz."""

    def there(frame: int) -> int:
        return round(frame * sample_rate / mix.sample_rate)

    leads = (
        replace(lead, frame=there(lead.frame), until=None if lead.until is None else there(lead.until))
        for lead in mix.leads
    )
    return replace(mix, sample_rate=sample_rate, n_samples=max(1, there(mix.n_samples)), leads=tuple(leads))


def kind_of(leads: Iterable[Lead], kind: MixKind) -> MixKind:
    """Return the kind of a sound that was played: a jam where any of it is, else ``kind``."""
    return MixKind.JAM if any(lead.layer for lead in leads) else kind


def leads_within(leads: Iterable[Lead], first: int, end: int) -> tuple[Lead, ...]:
    """Return the leads within ``[first, end)``, counted from ``first``; one that began before leads from 0 on.

    A loop that leads on, as another turn of it or the same region of the same clip, is one lead. All this is so for
    each layer by itself.
    """
    within: list[Lead | None] = []
    # Where in that list those of each layer are.
    places: dict[str, list[int]] = {}
    for lead in sorted(leads, key=lambda lead: lead.frame):
        if lead.frame >= end:
            break
        own = places.setdefault(lead.layer, [])
        until = None if lead.until is None or lead.until >= end else lead.until - first
        here = Lead(max(lead.frame - first, 0), lead.recipe, lead.layer, until)
        before = within[own[-1]] if own else None
        if before is not None and before.frame == here.frame:
            within[own.pop()] = None
            before = within[own[-1]] if own else None
        if until is not None and until <= 0:
            continue
        if before is not None and before.until is None and here.recipe == before.recipe:
            within[own[-1]] = replace(before, until=until)
        else:
            own.append(len(within))
            within.append(here)
    return tuple(lead for lead in within if lead is not None)


def with_change(leads: Iterable[Lead], frame: int, recipe: Recipe) -> list[Lead]:
    """Return the leads where what the studio plays has this recipe from ``frame`` on; the same region always had it."""
    changed = list(leads)
    at = _last_of("", changed)
    if at is None:
        return changed
    if changed[at].recipe.loop.region == recipe.loop.region:
        changed[at] = replace(changed[at], recipe=recipe)
    else:
        changed.append(Lead(frame, recipe))
    return changed


def with_lead(leads: Iterable[Lead], frame: int, recipe: Recipe, layer: str = "") -> list[Lead]:
    """Return the leads where another loop leads from ``frame`` on; what was to change after that was not heard."""
    return [*(lead for lead in leads if lead.layer != layer or lead.frame <= frame), Lead(frame, recipe, layer)]


def with_rest(leads: Iterable[Lead], frame: int, layer: str = "") -> list[Lead]:
    """Return the leads where nothing leads on a layer from ``frame`` on."""
    rested = list(leads)
    at = _last_of(layer, rested)
    if at is not None and rested[at].until is None:
        rested[at] = replace(rested[at], until=max(frame, rested[at].frame))
    return rested


def _last_of(layer: str, leads: list[Lead]) -> int | None:
    return next((at for at in range(len(leads) - 1, -1, -1) if leads[at].layer == layer), None)


def named_as(leads: Iterable[Lead], earlier: Iterable[Lead]) -> tuple[Lead, ...]:
    """Return the leads of music that was made again, each with title, artist and date of the loop that it is again."""
    names = {one.frame: one.recipe for one in earlier}
    named = []
    for lead in leads:
        was, now = names.get(lead.frame), lead.recipe
        if was is not None and (was.seed, was.prompt, was.generator) == (now.seed, now.prompt, now.generator):
            now = replace(now, title=was.title, artist=was.artist, created_utc=was.created_utc)
        named.append(Lead(lead.frame, now))
    return tuple(named)
