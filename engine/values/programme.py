# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of a radio's programme: its stations with their moods, and what is on at a time."""

from __future__ import annotations

from dataclasses import dataclass

MOOD_MINUTES = 10.0
"""Minutes that a mood lasts where none are named."""
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Mood:
    """A mood is what sounds alike for some minutes.

    Attributes
    ----------
    prompts
        They take turns, one each time the mood comes; without any, the preset's own is played.
    preset
        Name of the preset whose settings it has, or "".
    minutes
        How long it lasts.
    weight
        How often it comes, beside the others' weights.
    """

    title: str
    prompts: tuple[str, ...] = ()
    preset: str = ""
    minutes: float = MOOD_MINUTES
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey is a sequence of moods.

    Attributes
    ----------
    steps
        Titles of moods, each with its minutes.
    goes_round
        Whether it begins again at its end; otherwise its last mood stays.
    """

    title: str
    steps: tuple[tuple[str, float], ...]
    goes_round: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours say what is on at these times of a week: moods that rotate, or a journey.

    Attributes
    ----------
    when
        As a person writes it ("22:00-06:00 mon-fri"); "" is always.
    days
        On which they begin, 0 is Monday.
    begin_min, end_min
        Minutes since midnight, by the clock on the wall; an end that is not after the begin is on the next day.
    journey
        Its title; where there is none, ``moods`` rotate.
    """

    when: str = ""
    days: frozenset[int] = frozenset(range(7))
    begin_min: int = 0
    end_min: int = DAY_MINUTES
    moods: tuple[str, ...] = ()
    journey: str = ""


@dataclass(frozen=True, slots=True)
class Station:
    """A station says what a radio plays, and when.

    Attributes
    ----------
    name
        Its file's name without the ending, by which the command knows it.
    moods
        At least one. They rotate whenever no ``hours`` say otherwise.
    hours
        The first that hold at a time count.
    seed
        Of the rotation's order; None takes the moods as they stand.
    file
        Where it was read; "" where it was made on the spot.
    """

    name: str
    title: str
    moods: tuple[Mood, ...]
    hours: tuple[Hours, ...] = ()
    journeys: tuple[Journey, ...] = ()
    words: str = ""
    seed: int | None = 0
    file: str = ""


def title_key(title: str) -> str:
    """Return what two titles have in common that name the same."""
    return title.strip().casefold()


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of the programme says what is on from a time until another, both seconds since 1970.

    Attributes
    ----------
    title
        The mood's; "" is a listener's request.
    prompt
        What is to be heard; "" is the preset's own prompt.
    """

    title: str
    prompt: str
    preset: str
    begins_s: float
    ends_s: float

    @property
    def is_requested(self) -> bool:
        """Return whether a listener asked for it."""
        return not self.title
