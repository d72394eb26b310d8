# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes figures and keys as the person's language does."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

# What the name of a key is made of, beside its accidental.
NAMES = (
    QT_TRANSLATE_NOOP("Key", "A"),
    QT_TRANSLATE_NOOP("Key", "B"),
    QT_TRANSLATE_NOOP("Key", "C"),
    QT_TRANSLATE_NOOP("Key", "D"),
    QT_TRANSLATE_NOOP("Key", "E"),
    QT_TRANSLATE_NOOP("Key", "F"),
    QT_TRANSLATE_NOOP("Key", "G"),
)
MODES = (
    QT_TRANSLATE_NOOP("Key", "major"),
    QT_TRANSLATE_NOOP("Key", "minor"),
    QT_TRANSLATE_NOOP("Key", "dorian"),
    QT_TRANSLATE_NOOP("Key", "phrygian"),
    QT_TRANSLATE_NOOP("Key", "lydian"),
    QT_TRANSLATE_NOOP("Key", "mixolydian"),
    QT_TRANSLATE_NOOP("Key", "locrian"),
    QT_TRANSLATE_NOOP("Key", "harmonic minor"),
    QT_TRANSLATE_NOOP("Key", "melodic minor"),
    QT_TRANSLATE_NOOP("Key", "phrygian dominant"),
)


class Figure(float):
    """A number whose formatted text has the language's decimal sign and a true minus."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec).replace(".", QLocale().decimalPoint()).replace("-", "−")


def size_words(n_bytes: float) -> str:
    """Return a size as disks are sold, in the person's language: “1.9 GB”, “340 MB”, “12 kB”."""
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if n_bytes >= unit:
            amount = n_bytes / unit
            return f"{Figure(amount):.1f} {name}" if amount < 10.0 else f"{amount:.0f} {name}"
    return f"{n_bytes / 1e3:.0f} kB"


def key_name(key: str) -> str:
    """Return a key ("F# minor", "D dorian") in the person's language; any other text stays as it is."""
    tonic, _, mode = key.partition(" ")
    if tonic[:1] not in NAMES or tonic[1:] not in ("", "#", "b") or mode not in MODES:
        return key
    note, mode = (QCoreApplication.translate("Key", word) for word in (tonic[:1], mode))
    return f"{note}{tonic[1:]} {mode}"
