# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that listeners are shown have one line, and no characters that change how their neighbours are read."""

from __future__ import annotations

import unicodedata

_ORDERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn round what follows them, beyond their own text (Unicode, annex 9)."""


def in_one_line(text: str) -> str:
    """Return a text in one line, without what cannot be written down or read."""
    kept = (" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text)
    shown = (one for one in kept if one not in _ORDERS and unicodedata.category(one) not in ("Cs", "Co", "Cn"))
    return " ".join("".join(shown).split())


def says_something(text: str) -> bool:
    """Return whether anything is seen of a text: marks alone, and what joins letters, are not."""
    return any(unicodedata.category(one)[0] not in "CMZ" for one in text)
