# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads guides as people write them: chords bar by bar, and beats as a list of times."""

from __future__ import annotations

import os
from pathlib import Path

from engine.dsp.chordnames import read_chord
from engine.errors import CannotRead, WrongKind
from engine.values import GivenBeats, GivenChord, Guide
from engine.values.guide import CHORDS_WANTED

MOST_BYTES = 2**20
"""Size of the largest file of beats that is read."""
_GOES_ON = frozenset({".", "%", "-"})
_NOTHING = "."


def chords_read(text: str) -> Guide:
    """Return the guide of chords as “Am | F C | G7”: between bar lines they share the bar evenly.

    Without bar lines each chord has a bar. A point, a “%” or an empty bar goes on with the chord before. Raises
    UnknownChoice for what is no chord, WrongKind where there is none, OutOfRange for too many bars.
    """
    plain = text.replace("||", "|").replace("‖", "|").strip().strip("|:").strip()
    bars = [bar.split() for bar in plain.split("|")] if "|" in text else [[one] for one in plain.split()]
    chords: list[GivenChord] = []
    for number, bar in enumerate(bars):
        names = bar or [_NOTHING]
        for i, name in enumerate(names):
            if name in _GOES_ON:
                continue
            if not chords or chords[-1].name != name:
                chords.append(GivenChord(number + i / len(names), name))
    guide = Guide(tuple(chords), max(1, len(bars)))
    check_guide(guide)
    return guide


def read_beats(path: str | os.PathLike[str], *, metre: str | None = None) -> GivenBeats:
    """Return the beats in a text file: a line for each, with its seconds and, where it is known, its number in the bar.

    That is how beat trackers and editors of labels write them; further words of a line are not read. The last beat is
    as long as the one before it. A ``metre`` that is not given is the highest number of a beat in quarters, or 4/4.
    Raises CannotRead, WrongKind, OutOfRange.
    """
    times_s: list[float] = []
    numbers: list[int] = []
    for at, line in enumerate(_lines(path), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            times_s.append(float(words[0].replace(",", ".")))
        except ValueError:
            kind = "seconds, and perhaps the number of the beat in its bar, as “1.25 3”"
            raise WrongKind(name=f"line {at} of “{path}”", value=line.strip()[:40], kind=kind) from None
        number = words[-1].removesuffix(".0") if len(words) > 1 else ""
        numbers.append(int(number) if number.isascii() and number.isdigit() and len(number) < 3 else 0)
    if len(times_s) < 2:
        raise WrongKind(
            name=f"“{path}”", value="no beat" if not times_s else "one beat", kind="a list of two beats or more"
        )
    highest = max(numbers)
    metre = metre or (f"{highest}/4" if highest > 1 else "4/4")
    downbeats = tuple(i for i, number in enumerate(numbers) if number == 1) if highest > 1 else ()
    return GivenBeats(tuple(times_s), 2.0 * times_s[-1] - times_s[-2], metre, downbeats)


def on_beats(guide: Guide | None, beats: GivenBeats) -> Guide:
    """Return chords along a recording's beats, again from the first as often as there are bars; None are left open."""
    n_bars = len(beats.bars())
    if guide is None:
        return Guide((), n_bars, beats)
    turns = range(-(-n_bars // guide.bars))
    chords = (GivenChord(turn * guide.bars + one.at, one.name) for turn in turns for one in guide.chords)
    return Guide(tuple(one for one in chords if one.at < n_bars), n_bars, beats)


def check_guide(guide: Guide) -> None:
    """Refuse a guide with a chord that is none, or with nothing but rests. Raises UnknownChoice, WrongKind."""
    names = tuple(dict.fromkeys(one.name for one in guide.chords))
    if not [name for name in names if read_chord(name) is not None] and (names or guide.beats is None):
        raise WrongKind(name="chords", value=", ".join(names), kind=CHORDS_WANTED)


def _lines(path: str | os.PathLike[str]) -> list[str]:
    try:
        with Path(path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise CannotRead(path=str(path), detail=f"it has more than {MOST_BYTES} bytes, and beats at most that")
        return data.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise CannotRead(path=str(path), detail=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise CannotRead(path=str(path), detail="it is no text") from error
