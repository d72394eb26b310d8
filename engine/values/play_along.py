# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds what is asked of the companion, who plays along with a recording, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from engine.values.audio import Clip
from engine.values.checked import Fields
from engine.values.heard_music import HeardMusic
from engine.values.jobs import ClipRequest, ClipResult
from engine.values.layers import Layer


class Along(StrEnum):
    """These are the ways to play along."""

    CONTINUE = "continue"
    """Go on after the recording."""
    ACCOMPANY = "accompany"
    """Add parts that are heard with it."""
    FILL = "fill"
    """Play in a gap of it."""
    VARY = "vary"
    """Play its music in another way."""


CONTINUE_S = (1.0, 60.0)
"""Seconds by which a recording can be continued."""
USUAL_CONTINUE_S = 20.0
LEVEL_LU = (-24.0, 12.0)
"""Range of the loudness of an accompaniment, against the recording's."""
USUAL_LEVEL_LU = -3.0
_HASH_CHARACTERS = 64
LONGEST_S = 600.0
"""Seconds of the longest recording that is played along with."""


@dataclass(frozen=True, slots=True)
class AlongOrder:
    """An order says how to play along.

    Attributes
    ----------
    style
        What it is to sound like, in words; "" is what suits the recording.
    layer
        Which parts are played.
    seconds
        By how much to continue.
    from_s, to_s
        The gap that is filled, seconds from the recording's start.
    level_lu
        How loud an accompaniment is against the recording, LU.
    seed
        Of the music; None is any.
    generator, model
        Who plays, "" for the composer.
    """

    way: Along
    style: str = ""
    layer: Layer = Layer.EVERYTHING
    seconds: float = USUAL_CONTINUE_S
    from_s: float = 0.0
    to_s: float = 0.0
    level_lu: float = USUAL_LEVEL_LU
    seed: int | None = None
    generator: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class AlongMade:
    """This value says of a file what was played along with, and how.

    Attributes
    ----------
    source
        ``content_hash`` of the recording.
    is_joined
        Whether the file holds the recording, too.
    seconds, from_s, to_s, level_lu
        As in ``AlongOrder``.
    """

    way: Along
    source: str
    is_joined: bool
    seconds: float
    from_s: float
    to_s: float
    level_lu: float

    @classmethod
    def of(cls, order: AlongOrder, source: str, *, is_joined: bool) -> Self:
        """Return what a file says of an order."""
        return cls(order.way, source, is_joined, order.seconds, order.from_s, order.to_s, order.level_lu)

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "kind": "along",
            "way": str(self.way),
            "source": self.source,
            "joined": self.is_joined,
            "seconds": self.seconds,
            "from_s": self.from_s,
            "to_s": self.to_s,
            "level_lu": self.level_lu,
        }

    @classmethod
    def from_fields(cls, data: Fields) -> Self:
        """Return the inverse of ``as_dict``. Raises ValueError."""
        return cls(
            Along(data.text("way")),
            data.text("source")[:_HASH_CHARACTERS],
            data.flag("joined"),
            data.number("seconds", *CONTINUE_S),
            data.number("from_s", 0.0, LONGEST_S),
            data.number("to_s", 0.0, LONGEST_S),
            data.number("level_lu", *LEVEL_LU),
        )


@dataclass(frozen=True, slots=True)
class Join:
    """A join is where the recording goes over into new music, or back.

    Attributes
    ----------
    at_s
        Of the beat on which it is, seconds from the recording's start.
    fade_ms
        Length of the crossfade, which ends with that beat.
    step_lu
        By how much the new side is louder, over ``engine.companion.joining.LEVEL_S``; None beside silence.
    centre_hz
        The middle of the spectrum before and after: the timbre's drift.
    """

    at_s: float
    fade_ms: float
    step_lu: float | None
    centre_hz: tuple[float, float]

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "at_s": round(self.at_s, 6),
            "fade_ms": round(self.fade_ms, 1),
            "step_lu": None if self.step_lu is None else round(self.step_lu, 2),
            "centre_hz": [round(one) for one in self.centre_hz],
        }


@dataclass(frozen=True, eq=False, slots=True)
class PlayedAlong:
    """Played along is a recording with what was added.

    Attributes
    ----------
    joined
        The recording and the new music as one.
    new
        The new music alone, as long as ``joined`` and where it is heard there.
    stems
        The parts of ``new`` by name, each as long; none from a generator that has no stems.
    request, made
        What was asked of the generator, and what it told, of the whole clip that it made.
    zero_s
        When in ``joined`` that clip begins, most often before its first sample that is heard; it may be below 0.
    starts_s
        When in ``joined`` the new music begins.
    heard
        What was heard of the recording.
    joins
        None of an accompaniment.
    gain_db
        By how much everything is turned down, so that nothing is cut off; 0 or less.
    """

    joined: Clip
    new: Clip
    stems: dict[str, Clip]
    request: ClipRequest
    made: ClipResult
    zero_s: float
    starts_s: float
    heard: HeardMusic
    joins: tuple[Join, ...]
    gain_db: float
