# SPDX-License-Identifier: GPL-3.0-or-later
"""This module knows scales, chords from Roman numerals, and voice leading, in MIDI note numbers and pitch classes."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from engine.dsp.keynames import key_name

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
}

_NUMERALS = {"i": 0, "ii": 1, "iii": 2, "iv": 3, "v": 4, "vi": 5, "vii": 6}
_NUMERAL = re.compile(r"^([b#]?)([ivIV]+)([^/^]*)(?:/([b#]?[ivIV]+))?(?:\^([357]))?$")
_SUFFIXES: dict[str, tuple[int, ...]] = {
    "maj7": (0, 4, 7, 11),
    "maj9": (0, 4, 7, 11, 14),
    "7": (0, 4, 7, 10),
    "9": (0, 4, 7, 10, 14),
    "m7": (0, 3, 7, 10),
    "m9": (0, 3, 7, 10, 14),
    "m7b5": (0, 3, 6, 10),
    "o7": (0, 3, 6, 9),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "m": (0, 3, 7),
    "maj": (0, 4, 7),
    "aug": (0, 4, 8),
    "7sus4": (0, 5, 7, 10),
    "7b9": (0, 4, 7, 10, 13),
    "13": (0, 4, 7, 10, 21),
    "o": (0, 3, 6),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "add9": (0, 4, 7, 14),
    "5": (0, 7),
}
COLOURS = ("power", "triad", "add9", "seventh", "ninth")


@dataclass(frozen=True, slots=True)
class Key:
    """A key is a tonic and a mode; ``name`` reads "A minor", whatever minor or major mode it is."""

    tonic: int
    mode: str

    @property
    def is_minor(self) -> bool:
        return MODES[self.mode][2] == 3

    @property
    def name(self) -> str:
        return key_name(self.tonic, is_minor=self.is_minor)

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        return tuple((self.tonic + step) % 12 for step in MODES[self.mode])


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord is a root pitch class and its tones in semitones above it (ninths as 14).

    Attributes
    ----------
    bass
        The tone that the bass has, semitones above the root; other than 0 where the chord is inverted.
    """

    root: int
    tones: tuple[int, ...]
    bass: int = 0

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        return tuple((self.root + tone) % 12 for tone in self.tones)

    @property
    def bass_class(self) -> int:
        """Return the pitch class of the bass."""
        return (self.root + self.bass) % 12

    @property
    def third(self) -> int:
        return next((tone for tone in self.tones if tone in {3, 4}), 7)

    @property
    def fifth(self) -> int:
        return next((tone for tone in self.tones if tone in {6, 7, 8}), 7)

    @property
    def seventh(self) -> int:
        return next((tone for tone in self.tones if tone in {10, 11}), 12)


def chord(numeral: str, key: Key, colour: str) -> Chord:
    """Return a chord from a Roman numeral in a key.

    Upper case is major, lower case minor; "b" or "#" before it shifts the root; a suffix ("7", "maj7", "sus4", "o",
    ...) fixes the tones, otherwise ``colour`` ("power", "triad", "add9", "seventh", "ninth") adds the key's own.
    "V7/ii" is the dominant of the key's second degree; "V^3" has its third in the bass ("^5", "^7" likewise).
    """
    match = _NUMERAL.match(numeral)
    if match is None:
        raise ValueError(f"not a Roman numeral: {numeral!r}")
    shift, roman, suffix, target, inversion = match.groups()
    if inversion:
        upright = chord(numeral.rpartition("^")[0], key, colour)
        bass = {"3": upright.third, "5": upright.fifth, "7": upright.seventh % 12}[inversion]
        return replace(upright, bass=bass)
    if target:
        aim = chord(target, key, "triad")
        return chord(numeral.partition("/")[0], Key(aim.root, "minor" if aim.third == 3 else "major"), colour)
    degree = _NUMERALS[roman.lower()]
    scale = MODES[key.mode]
    offset = (MODES["major"][degree] if shift else scale[degree]) + {"": 0, "b": -1, "#": 1}[shift]
    root = (key.tonic + offset) % 12
    if suffix:
        tones = _SUFFIXES[suffix]
        if colour in {"triad", "power", "add9"} and suffix in {"m9", "maj9", "9"}:
            tones = tones[:4]
        return Chord(root, tones)
    major = roman.isupper()
    tones = (0, 4 if major else 3, 7)
    if colour == "power":
        return Chord(root, (0, 7))
    in_scale = {(step - offset) % 12 for step in scale}
    if colour in {"seventh", "ninth"}:
        dominant = (major and degree == 4) or 11 not in in_scale or not major
        tones += (10,) if dominant else (11,)
    if colour in {"ninth", "add9"} and 2 in in_scale:
        tones += (14,)
    return Chord(root, tones)


def lead_voices(chords: list[Chord], centre: int, n_voices: int) -> list[tuple[int, ...]]:
    """Return voicings near ``centre`` in which each voice moves as little as it can, the last chord to the first too.

    The fifth, then the root, are left out first where there are more tones than voices.
    """
    choices = [_voicings(item, centre, n_voices) for item in chords]
    best: tuple[float, list[tuple[int, ...]]] | None = None
    for opening in choices[0][:6]:
        path, cost = [opening], 0.0
        for options in choices[1:]:
            step, chosen = min((_distance(path[-1], option) + _height(option, centre), option) for option in options)
            cost += step
            path.append(chosen)
        cost += _distance(path[-1], opening) + _height(opening, centre)
        if best is None or cost < best[0]:
            best = (cost, path)
    assert best is not None
    return best[1]


def _voicings(item: Chord, centre: int, n_voices: int) -> list[tuple[int, ...]]:
    classes = list(dict.fromkeys(item.pitch_classes))
    for spare in (item.fifth, 0):
        if len(classes) > n_voices:
            classes = [pc for pc in classes if pc != (item.root + spare) % 12]
    classes = classes[:n_voices]
    out = []
    for order in itertools.permutations(classes):
        low = centre - 9 + (order[0] - (centre - 9)) % 12
        voices = [low]
        for pc in order[1:]:
            voices.append(voices[-1] + 1 + (pc - voices[-1] - 1) % 12)
        if len(voices) < n_voices:
            voices.append(voices[0] + 12)
        close_low = any(b - a < 3 and a < 52 for a, b in itertools.pairwise(voices))
        clash = any(b - a < 2 for a, b in itertools.pairwise(voices))
        if voices[-1] - voices[0] <= 19 and not clash and not close_low:
            out.append(tuple(voices))
    out = out or [tuple(sorted(centre - 6 + (pc - centre + 6) % 12 for pc in classes))]
    return sorted(out, key=lambda voices: _height(voices, centre))


def _height(voices: tuple[int, ...], centre: int) -> float:
    return 0.6 * abs(sum(voices) / len(voices) - centre) + 0.08 * (voices[-1] - voices[0])


def _distance(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    return float(sum(abs(x - y) for x, y in zip(a, b, strict=False)) + 4 * abs(len(a) - len(b)))


def nearest(pitch: float, classes: tuple[int, ...]) -> int:
    """Return the pitch nearest to ``pitch`` whose class is among ``classes`` (the lower one of two)."""
    base = round(pitch)
    return min(range(base - 6, base + 7), key=lambda p: (p % 12 not in classes, abs(p - pitch), p))
