# SPDX-License-Identifier: GPL-3.0-or-later
"""This module brings a prompt into plain letters and words, each of which knows where in the prompt it stands."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+|&")
_WRITTEN = re.compile(r"(?<!\w)(?:w/o|e-piano)(?!\w)")
# Of the same length; "e piano" is Italian for "and piano".
_AS_WORDS = {"w/o": "no ", "e-piano": "epiano "}
_LOOKALIKES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": ";", "…": "."})


@dataclass(frozen=True, slots=True)
class Word:
    """A word in plain lower case, with its place in the plain text and what stands between it and the one before."""

    text: str
    start: int
    end: int
    gap: str


class PlainText:
    """A prompt in plain letters: lower case, no accents, no typographic forms.

    Attributes
    ----------
    lower, cased
        The plain text in lower case and as it was written; of the same length.
    words
        All words of ``lower``.
    """

    def __init__(self, prompt: str) -> None:
        lower: list[str] = []
        cased: list[str] = []
        self._starts: list[int] = []
        for at, letter in enumerate(prompt):
            plain = letter if letter.isascii() else _plain(letter)
            low = plain.lower()
            lower.append(low)
            cased.append(plain if len(plain) == len(low) else low)
            self._starts.extend([at] * len(low))
        self._length = len(prompt)
        self.lower, self.cased = _WRITTEN.sub(lambda match: _AS_WORDS[match[0]], "".join(lower)), "".join(cased)
        self.words = plain_words(self.lower)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the prompt the plain text from ``start`` to ``end`` stands."""
        if start >= len(self._starts):
            return self._length, self._length
        # Accents that follow their letter as characters of their own belong to it.
        after = self._starts[end] if end < len(self._starts) else self._length
        return self._starts[start], max(after, self._starts[start] + 1)


def plain_words(lower: str) -> tuple[Word, ...]:
    """Return the words of a plain text in lower case; "&" is one."""
    out, end = [], 0
    for match in _WORD.finditer(lower):
        out.append(Word(match[0], match.start(), match.end(), lower[end : match.start()]))
        end = match.end()
    return tuple(out)


def plain_phrase(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase of a word list as they are looked up in a prompt."""
    letters = phrase if phrase.isascii() else "".join(map(_plain, phrase))
    return tuple(_WORD.findall(letters.lower()))


def _plain(letter: str) -> str:
    parts = unicodedata.normalize("NFKD", letter.translate(_LOOKALIKES))
    return "".join(part for part in parts if not unicodedata.combining(part)).translate(_LOOKALIKES)
