# SPDX-License-Identifier: GPL-3.0-or-later
"""Tunes are read from ABC notation, as people write folk songs down: of it, what ``songs.abc`` uses.

Headers X, T, M, L, Q, K, and R, whose words here name an arrangement and a kind of tempo. Then notes (``C, C c c'``)
with accidentals ``^ _ =``, lengths (``2``, ``/``, ``3/2``), rests ``z``, bars, and chords in quotes where they begin. A
first bar that is short is a pick-up. See abcnotation.com, standard 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from engine.dsp.chordnames import read_chord
from engine.dsp.keynames import pitch_class
from tests.benchmarks.heardcases.leadsheets import METRES, Change, LeadSheet, Sung

_LETTERS = "CDEFGAB"
_STEPS = dict(zip(_LETTERS, (0, 2, 4, 5, 7, 9, 11), strict=True))
_SHARPENED, _FLATTENED = "FCGDAEB", "BEADGCF"
_SIGNS = {"^": 1, "_": -1, "=": 0}
_TOKEN = re.compile(
    r'"(?P<chord>[^"]+)"|(?P<bar>\|\]|\|)|(?P<sign>[\^_=]?)(?P<note>[A-Ga-gz])(?P<octave>[,\']*)(?P<length>[\d/]*)|\s+'
)
_KEY = re.compile(r"([A-G])([#b]?)(m?)")


@dataclass(frozen=True, slots=True)
class Song:
    """A song is a lead sheet with its title, tempo in felt beats a minute, and how it is played.

    Attributes
    ----------
    manner
        Words of the header R.
    """

    title: str
    bpm: float
    manner: tuple[str, ...]
    sheet: LeadSheet


def read_songs(path: Path) -> list[Song]:
    """Return the songs of a file. Raises ValueError for what cannot be read, as a bar that is too long."""
    text = re.sub(r"^%.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [_song(one) for one in re.split(r"^(?=X:)", text, flags=re.MULTILINE) if one.strip()]


def _song(text: str) -> Song:
    headers = dict(re.findall(r"^([A-Z]):\s*(.+?)\s*$", text, re.MULTILINE))
    body = "".join(line + "\n" for line in text.splitlines() if not re.match(r"[A-Z]:", line))
    title, metre = headers["T"], headers["M"]
    # Places are counted in quarters until they are turned into felt beats.
    quarters = Fraction(metre) * 4
    unit = Fraction(headers["L"]) * 4
    tonic, is_minor, altered = _signature(headers["K"])
    beat = quarters / METRES[metre].beats
    sung: list[tuple[Fraction, Fraction, int]] = []
    chords: list[tuple[Fraction, str]] = []
    at = begins = Fraction(0)
    in_bar = dict(altered)
    n_bars = 0
    for token in _tokens(body, title):
        if token["chord"]:
            chords.append((at, token["chord"]))
        elif token["bar"]:
            if at == begins:
                continue
            if n_bars == 0 and at - begins < quarters:
                # The band plays a whole bar in which the pick-up is sung.
                late = quarters - (at - begins)
                sung = [(one + late, length, pitch) for one, length, pitch in sung]
                at += late
            if at - begins != quarters:
                raise ValueError(
                    f"{title}: bar {n_bars + 1} lasts {float(at - begins):g} quarters, not {float(quarters):g}"
                )
            begins, n_bars, in_bar = at, n_bars + 1, dict(altered)
        elif token["note"]:
            length = unit * _length(token["length"])
            if token["note"] != "z":
                letter = token["note"].upper()
                if token["sign"]:
                    in_bar[letter] = _SIGNS[token["sign"]]
                octave = 12 * (token["note"].islower() + token["octave"].count("'") - token["octave"].count(","))
                sung.append((at, length, 60 + _STEPS[letter] + in_bar.get(letter, 0) + octave))
            at += length
    if at != begins:
        raise ValueError(f"{title}: the last bar has no bar line")
    melody = tuple(Sung(float(one / beat), float(length / beat), pitch) for one, length, pitch in sung)
    sheet = LeadSheet(metre, n_bars, tonic, is_minor, _changes(chords, beat, title), melody)
    return Song(title, float(headers["Q"]), tuple(headers["R"].split(", ")), sheet)


def _tokens(body: str, title: str) -> Iterator[dict[str, str]]:
    at = 0
    while at < len(body):
        found = _TOKEN.match(body, at)
        if found is None:
            raise ValueError(f"{title}: “{body[at : at + 12]}” cannot be read")
        yield {name: text or "" for name, text in found.groupdict().items()}
        at = found.end()


def _length(text: str) -> Fraction:
    over, stroke, under = text.partition("/")
    return Fraction(int(over or 1), int(under or 2) if stroke else 1)


def _signature(key: str) -> tuple[int, bool, dict[str, int]]:
    """Return the tonic, whether the key is minor, and how its signature alters letters."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"The key “{key}” cannot be read")
    tonic, is_minor = pitch_class(found[1], found[2]), bool(found[3])
    fifths = (7 * (tonic + (3 if is_minor else 0)) + 5) % 12 - 5
    letters = _SHARPENED[:fifths] if fifths > 0 else _FLATTENED[:-fifths]
    return tonic, is_minor, dict.fromkeys(letters, 1 if fifths > 0 else -1)


def _changes(chords: list[tuple[Fraction, str]], beat: Fraction, title: str) -> tuple[Change, ...]:
    out: list[Change] = []
    for at, name in chords:
        chord = read_chord(name)
        if chord is None:
            raise ValueError(f"{title}: the band plays a chord everywhere, not “{name}”")
        # What sounds in the bar of the pick-up is the first chord.
        out.append(Change(float(at / beat) if out else 0.0, chord.root, chord.tones))
    return tuple(out)
