# SPDX-License-Identifier: GPL-3.0-or-later
"""A reading is one thing that a generator reads in a prompt, as the window shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReadingKind(StrEnum):
    """A kind says what becomes of what was read."""

    TAKEN = "taken"
    EXCLUDED = "excluded"
    NEAREST = "nearest"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading is a short text for one thing in a prompt, and the prompt without it.

    Attributes
    ----------
    text
        Such as "85 bpm", "no piano", "thunderstorm → dark, wet".
    kind
        Taken as it is, kept out ("no piano"), taken for something near, refused, or not known.
    note
        A sentence on why it is refused, or "".
    without
        The prompt without what it was read in, for a person who takes it back; None where that cannot be told.
    """

    text: str
    kind: ReadingKind = ReadingKind.TAKEN
    note: str = ""
    without: str | None = None
