# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads what a prompt says in figures: tempo, metre, key, number of bars, swing in per cent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from engine.dsp.keynames import SYLLABLES, pitch_class
from engine.generators.composer.reading.text import PlainText
from engine.generators.composer.reading.wordlists import word_lists
from engine.values import Phrase

MIN_TEMPO_BPM, MAX_TEMPO_BPM = 30.0, 300.0
MAX_BARS = 64
METRES = ((2, 4), (3, 4), (4, 4), (5, 4), (6, 4), (7, 4), (5, 8), (6, 8), (7, 8), (9, 8), (12, 8))
"""Metres that the composer can write in, as beats and the note that is one."""

_NUMBER = r"(\d{1,4}(?:[.,]\d{1,3})?)"
_BPM = r"(?:bpm|b\.p\.m\.?|beats (?:per|a) minute|battiti(?: al minuto)?)(?![a-z])"
_TEMPO_RANGE = re.compile(rf"(?<![\d.,/]){_NUMBER} ?(?:-|to|a|and|e) ?{_NUMBER} ?-?{_BPM}")
_TEMPO = re.compile(rf"(?<![\d.,/]){_NUMBER} ?-?{_BPM}")
_TEMPO_AFTER = re.compile(rf"(?:\b(?:bpm|tempo(?: di| of)?) ?[:=]? ?|[@♩♪] ?=? ?){_NUMBER}(?![\d/.%])")
_TEMPO_AT = re.compile(r"\b(?:at|a) (\d{2,3})(?=$|[,;:)]| (?:in|with|and|con|e|no|without|senza)\b|\.(?!\d))")
_METRE = re.compile(r"(?<![\d/.])(\d{1,2}) ?/ ?(1|2|4|8|16|32)(?![\d/])")
_METRE_IN = re.compile(r"\bin ([34567])(?=$|[,;.)]| (?:at|with|and|con|a|e)\b)")
_SWING = re.compile(
    r"(\d{1,3}) ?% (?:of |di )?(?:swing|shuffle)\b|\b(?:swing|shuffle)(?: at| of| al| del)?[ :=]*(\d{1,3}) ?%"
)
_SYLLABLE = "|".join(SYLLABLES)
_ACCIDENTAL = r"(?:[ -]?(sharp|flat|diesis|bemolle)(?![a-z])|(#|♯|♭|b(?![a-z])))?"
_SHORT_KEY = re.compile(r"(?<![\w#'&])([A-G])(#|♯|♭|b)?m(?![\w'])")
_TONIC_ONLY = re.compile(
    rf"\b(?:in|key of|tonality of|tonalita di) ([A-G]){_ACCIDENTAL}(?=$|[,.;:)]| (?:at|with|and|con|a|e)\b)"
)
_SYLLABLE_ONLY = re.compile(rf"\b(?:in|key of|tonalita di) ({_SYLLABLE}){_ACCIDENTAL}(?=$|[,.;:)]| con\b)")

TEMPO_REFUSAL = (
    "{said} bpm is out of range",
    f"{MIN_TEMPO_BPM:g}–{MAX_TEMPO_BPM:g}; the style's own tempo is used",
)
METRE_REFUSAL = ("{said} is not a metre it knows", ", ".join(f"{beats}/{unit}" for beats, unit in METRES))
BARS_REFUSAL = ("{said} bars are out of range", f"1–{MAX_BARS}; the number of bars follows from the length")
SWING_REFUSAL = ("{said} % swing is out of range", "0–100; the style's own swing is used")

FigureKind = Literal["tempo", "near", "metre", "key", "bars", "swing", "refused"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure is read in ``lower[start:end]`` of the plain text.

    Attributes
    ----------
    number
        Beats per minute, bars, or swing in [0, 1].
    metre
        Where it is one.
    tonic, mode
        Where it is a key; either may be None.
    refusal
        Where it is refused: that it cannot be had, and the whole sentence with the reason.
    """

    kind: FigureKind
    start: int
    end: int
    number: float = 0.0
    metre: tuple[int, int] = (4, 4)
    tonic: int | None = None
    mode: str | None = None
    refusal: tuple[Phrase, Phrase] | None = None


def read_figures(text: PlainText) -> list[Figure]:
    """Return the figures in ``text`` that do not overlap, in order; of each kind only the first counts."""
    found: list[Figure] = []
    taken: set[int] = set()
    for figure in (*_tempos(text), *_metres(text), *_bars(text), *_swings(text), *_keys(text)):
        places = range(figure.start, figure.end)
        if taken.isdisjoint(places):
            taken.update(places)
            found.append(figure)
    return sorted(found, key=lambda figure: figure.start)


def tempo_figure(value: float, start: int, end: int, kind: FigureKind = "tempo") -> Figure:
    """Return a tempo, refused where it is out of range."""
    if MIN_TEMPO_BPM <= value <= MAX_TEMPO_BPM:
        return Figure(kind, start, end, value)
    return _refused(start, end, f"{value:g}", *TEMPO_REFUSAL)


def _refused(start: int, end: int, said: str, short: str, reason: str) -> Figure:
    return Figure("refused", start, end, refusal=(Phrase(short, said), Phrase(f"{short}: {reason}", said)))


def _value(text: str) -> float:
    return float(text.replace(",", "."))


def _tempos(text: PlainText) -> Iterator[Figure]:
    for match in _TEMPO_RANGE.finditer(text.lower):
        yield tempo_figure((_value(match[1]) + _value(match[2])) / 2.0, match.start(), match.end(), "near")
    for pattern in (_TEMPO, _TEMPO_AFTER, _TEMPO_AT):
        for match in pattern.finditer(text.lower):
            yield tempo_figure(_value(match[1]), match.start(), match.end())


def _metres(text: PlainText) -> Iterator[Figure]:
    for match in _METRE.finditer(text.lower):
        metre = int(match[1]), int(match[2])
        if metre in METRES:
            yield Figure("metre", match.start(), match.end(), metre=metre)
        else:
            yield _refused(match.start(), match.end(), f"{match[1]}/{match[2]}", *METRE_REFUSAL)
    for match in _METRE_IN.finditer(text.lower):
        yield Figure("metre", match.start(), match.end(), metre=(int(match[1]), 4))


@lru_cache(maxsize=1)
def _bars_pattern() -> re.Pattern[str]:
    numbers = "|".join(sorted(word_lists().numbers, key=len, reverse=True))
    return re.compile(rf"(?<![\w.,/])(\d{{1,4}}|{numbers})[ -]?(?:bars?|battut[ae]|misur[ae]|measures?)(?![a-z])")


def _bars(text: PlainText) -> Iterator[Figure]:
    for match in _bars_pattern().finditer(text.lower):
        bars = int(match[1]) if match[1].isdigit() else word_lists().numbers[match[1]]
        if 1 <= bars <= MAX_BARS:
            yield Figure("bars", match.start(), match.end(), bars)
        else:
            yield _refused(match.start(), match.end(), str(bars), *BARS_REFUSAL)


def _swings(text: PlainText) -> Iterator[Figure]:
    for match in _SWING.finditer(text.lower):
        percent = int(match[1] or match[2])
        if percent > 100:
            yield _refused(match.start(), match.end(), str(percent), *SWING_REFUSAL)
        else:
            # Drum machines count from 50 (straight) to 75, and 66 is a triplet; below 50 it is a share of the most.
            yield Figure(
                "swing",
                match.start(),
                match.end(),
                min(1.0, round(percent / 25 - 2, 3)) if percent >= 50 else percent / 100,
            )


@lru_cache(maxsize=1)
def _key_pattern() -> re.Pattern[str]:
    modes = "|".join(re.escape(mode) for mode in sorted(word_lists().modes, key=len, reverse=True))
    before = r"(?:(?:in|(?:in (?:the )?)?key of|(?:in )?tonalita di) )?"
    return re.compile(rf"(?<![\w&']){before}({_SYLLABLE}|[a-g]){_ACCIDENTAL}[ -]?({modes})(?![a-z])")


def _keys(text: PlainText) -> Iterator[Figure]:
    for match in _key_pattern().finditer(text.lower):
        name, word, sign, mode = match.groups()
        is_written_large = text.cased[match.start(1)].isupper()
        # "e minore" is Italian for "and minor"; "E minore" is a key.
        if len(name) == 1 and mode.endswith("e") and not is_written_large:
            continue
        # "in a minor key" names no tonic, "in A minor" does.
        follows = text.lower[match.end() :]
        article = name == "a" and not (word or sign) and re.match(r" (?:key|mode|mood|scale|feel|chord)", follows)
        tonic = None if article and not is_written_large else pitch_class(name, word or sign)
        yield Figure("key", match.start(), match.end(), tonic=tonic, mode=word_lists().modes[mode])
    for match in _SHORT_KEY.finditer(text.cased):
        yield Figure("key", match.start(), match.end(), tonic=pitch_class(match[1], match[2]), mode="minor")
    for pattern, written in ((_TONIC_ONLY, text.cased), (_SYLLABLE_ONLY, text.lower)):
        for match in pattern.finditer(written):
            tonic = pitch_class(match[1], match[2] or match[3])
            yield Figure("key", match.start(), match.end(), tonic=tonic)
