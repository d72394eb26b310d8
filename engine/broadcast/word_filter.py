# SPDX-License-Identifier: GPL-3.0-or-later
"""The word filter finds unwanted words in what listeners write, however these are dressed up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_DRESSED = str.maketrans("i01345789@$€+", "loleastbgaset")
"""Signs in the place of letters, and the letters; a 1 may be an i or an l, so these are one."""
_BARS = re.compile(r"[!|](?=\w)")
"""Signs that are a letter within a word, and none at its end."""
_APART = re.compile(r"[\W_]+")


class WordFilter:
    """A word filter knows words, and phrases of several; an empty one finds nothing."""

    def __init__(self, words: Iterable[str]) -> None:
        self._phrases = {phrase for word in words for phrase in _readings(word) if phrase.strip()}

    def finds(self, text: str) -> bool:
        """Return whether one of the words is in a text, whole."""
        return any(phrase in reading for reading in _readings(text) for phrase in self._phrases)


def _readings(text: str) -> tuple[str, str]:
    """Return a text as plain words between spaces: as it is written, and with signs read as letters."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    # No accents, and nothing that is not seen.
    plain = "".join(one for one in letters if unicodedata.category(one) not in ("Mn", "Me", "Cf"))
    return _apart(plain), _apart(_BARS.sub("l", plain).translate(_DRESSED))


def _apart(text: str) -> str:
    return f" {_APART.sub(' ', text).strip()} "
