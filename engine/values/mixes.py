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
    """A loop that began to lead at a frame (of the tape, of a ring, or of a file)."""

    frame: int
    recipe: Recipe


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
        From which sample on each of them leads, rising; the first from 0 on.
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


def leads_within(leads: Iterable[Lead], first: int, end: int) -> tuple[Lead, ...]:
    """Return the leads within ``[first, end)``, counted from ``first``; one that began before leads from 0 on.

    A loop that leads on, as another turn of it or the same region of the same clip, is one lead.
    """
    within: list[Lead] = []
    for lead in sorted(leads, key=lambda lead: lead.frame):
        here = Lead(max(lead.frame - first, 0), lead.recipe)
        if lead.frame >= end:
            break
        if within and here.frame == within[-1].frame:
            within.pop()
        if not within or here.recipe != within[-1].recipe:
            within.append(here)
    return tuple(within)


def with_change(leads: Iterable[Lead], frame: int, recipe: Recipe) -> list[Lead]:
    """Return the leads where what leads has this recipe from ``frame`` on; the same region always had it."""
    changed = list(leads)
    if changed and changed[-1].recipe.loop.region == recipe.loop.region:
        changed[-1] = Lead(changed[-1].frame, recipe)
    elif changed:
        changed.append(Lead(frame, recipe))
    return changed


def with_lead(leads: Iterable[Lead], frame: int, recipe: Recipe) -> list[Lead]:
    """Return the leads where another loop leads from ``frame`` on; what was to change after that was not heard."""
    return [*(lead for lead in leads if lead.frame <= frame), Lead(frame, recipe)]


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
