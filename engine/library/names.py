# SPDX-License-Identifier: GPL-3.0-or-later
"""This module shortens file names to what a file system takes: at most 255 bytes, cut between whole letters."""

from __future__ import annotations

import os
import unicodedata

MAX_NAME_BYTES = 255
"""Number of bytes that Linux' file systems take of a name, and most others; a letter of UTF-8 has up to four."""

_SIGNS = " -'"
_JOINER = "\N{ZERO WIDTH JOINER}"


def plain(text: str, limit: int, *, signs: str = "") -> str:
    """Return a word for a file's name: letters, digits, spaces, hyphens, apostrophes and ``signs``, at most ``limit``.

    What has a meaning in paths, or none on a screen, is left out.
    """
    kept = (letter for letter in text if letter.isalnum() or letter == "_" or letter in _SIGNS + signs)
    return " ".join("".join(kept)[:limit].split())


def fitting(stem: str, rest: str = "", *, limit: int = MAX_NAME_BYTES) -> str:
    """Return ``stem + rest``, the stem cut at its end where the name would have more than ``limit`` bytes.

    It is cut between letters: an accent stays with its letter, a joined emoji is whole or gone. Bytes of a name that
    is not UTF-8 (as surrogates, PEP 383) count as one each.
    """
    room = limit - _n_bytes(rest)
    if _n_bytes(stem) <= room:
        return stem + rest
    kept, n_bytes = 0, 0
    for start, end in _letters(stem):
        n_bytes += _n_bytes(stem[start:end])
        if n_bytes > room:
            break
        kept = end
    return stem[:kept].rstrip() + rest


def _n_bytes(text: str) -> int:
    try:
        return len(os.fsencode(text))
    except UnicodeEncodeError:  # half a letter, which no name of a file holds; or a file system of another encoding
        return len(text.encode("utf-8", "surrogatepass"))


def _letters(text: str) -> list[tuple[int, int]]:
    """Return where each letter begins and ends; what is combined with a letter belongs to it (much of UAX 29)."""
    starts = [0] if text else []
    n_flags = 0
    for i in range(1, len(text)):
        before, letter = text[i - 1], text[i]
        n_flags = n_flags + 1 if _is_flag(before) else 0
        is_second_of_flag = _is_flag(letter) and n_flags % 2 == 1
        if not (_extends(letter) or before == _JOINER or is_second_of_flag or _is_syllable(before, letter)):
            starts.append(i)
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _extends(letter: str) -> bool:
    code = ord(letter)
    return (
        unicodedata.category(letter) in ("Mn", "Me", "Mc")
        or letter in (_JOINER, "\N{ZERO WIDTH NON-JOINER}")
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0xE0020 <= code <= 0xE007F  # tags of a region's flag
    )


def _is_flag(letter: str) -> bool:
    return 0x1F1E6 <= ord(letter) <= 0x1F1FF


def _is_syllable(before: str, letter: str) -> bool:
    """Return whether both are of one Hangul syllable that is written in parts."""
    a, b = ord(before), ord(letter)
    is_leading, is_vowel = 0x1100 <= a <= 0x115F, 0x1160 <= b <= 0x11A7
    is_tail = 0x11A8 <= b <= 0x11FF
    return (is_leading and (is_vowel or 0x1100 <= b <= 0x115F)) or (0x1160 <= a <= 0x11FF and (is_tail or is_vowel))
