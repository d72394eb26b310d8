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
class Phrase:
    """A phrase is a short text whose parts are known, so that a window may say it in the person's language.

    Attributes
    ----------
    template
        English, with the fields below in braces: "no {names}".
    said
        What stays as it is: figures, a word as it was typed.
    names
        Names that have a translation, such as "drums".
    """

    template: str
    said: str = ""
    names: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the phrase in English."""
        return self.template.format(said=self.said, names=", ".join(self.names))


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
    phrase, why
        The text and the note by their parts, for a window in another language; None where they stay as they are.
    """

    text: str
    kind: ReadingKind = ReadingKind.TAKEN
    note: str = ""
    without: str | None = None
    phrase: Phrase | None = None
    why: Phrase | None = None
