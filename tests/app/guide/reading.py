# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads the pages of help: their headings, their links, and the keys that their tables name."""

from __future__ import annotations

import re

from PySide6.QtGui import QKeySequence

from app.paths import RESOURCES

HELP = RESOURCES / "help"
LANGUAGES = ("en", "it")
ENGLISH = {
    "Invio": "Return",
    "Sinistra": "Left",
    "Destra": "Right",
    "Su": "Up",
    "Giù": "Down",
    "Spazio": "Space",
    "Canc": "Del",
    "Fine": "End",
}
"""Names of keys as Italian pages, and Italian windows, have them."""
_KEYS = re.compile(r"^\| ((?:`[^`]+`(?:, )?)+) \|", re.MULTILINE)


def pages(language: str) -> dict[str, str]:
    """Return the texts of all pages in a language, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((HELP / language).glob("*.md"))}


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ (.*)$", text, re.MULTILINE)


def levels(text: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", text)


def keys(text: str) -> list[str]:
    """Return the keys in the first column of a page's tables, as Qt writes them."""
    named = [one for row in _KEYS.findall(text) for one in re.findall(r"`([^`]+)`", row)]
    return [as_qt_has_it(one) for one in named]


def panels_by_key(index: str) -> dict[str, str]:
    """Return the page to which each key of the index's table of panels belongs."""
    rows = re.findall(r"^\| `([^`]+)` \| \[[^\]]+\]\((\w+)\.md\)", index, re.MULTILINE)
    return {page: as_qt_has_it(key) for key, page in rows}


def as_qt_has_it(key: str) -> str:
    """Return a key that a page names in its language as Qt writes it, "" where that is none."""
    words = [ENGLISH.get(word, word) for word in key.split("+")] if key != "+" else ["+"]
    return QKeySequence("+".join(words)).toString()
