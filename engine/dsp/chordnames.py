# SPDX-License-Identifier: GPL-3.0-or-later
"""This module knows the kinds of chords by their names, and reads chords as musicians write them: “Am7”, “F/A”."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from engine.dsp.keynames import FLATS, SHARPS, SYLLABLES, pitch_class
from engine.errors import UnknownChoice

KINDS: dict[tuple[int, ...], str] = {
    (0, 7): "5",
    (0, 4, 7): "",
    (0, 3, 7): "m",
    (0, 3, 6): "dim",
    (0, 4, 8): "aug",
    (0, 2, 7): "sus2",
    (0, 5, 7): "sus4",
    (0, 4, 7, 9): "6",
    (0, 3, 7, 9): "m6",
    (0, 4, 7, 10): "7",
    (0, 3, 7, 10): "m7",
    (0, 4, 7, 11): "maj7",
    (0, 3, 7, 11): "m(maj7)",
    (0, 3, 6, 9): "dim7",
    (0, 3, 6, 10): "m7b5",
    (0, 5, 7, 10): "7sus4",
    (0, 4, 7, 14): "add9",
    (0, 3, 7, 14): "m(add9)",
    (0, 4, 7, 10, 13): "7b9",
    (0, 4, 7, 10, 14): "9",
    (0, 3, 7, 10, 14): "m9",
    (0, 4, 7, 11, 14): "maj9",
    (0, 3, 7, 11, 14): "m(maj9)",
    (0, 4, 7, 10, 21): "13",
    (0, 4, 7, 9, 14): "69",
    (0, 3, 7, 9, 14): "m69",
    (0, 4, 6, 10): "7b5",
    (0, 4, 8, 10): "7#5",
    (0, 4, 7, 10, 15): "7#9",
    (0, 4, 7, 10, 18): "7#11",
    (0, 4, 8, 11): "maj7#5",
    (0, 4, 7, 11, 18): "maj7#11",
    (0, 7, 10, 14, 17): "11",
    (0, 3, 7, 10, 17): "m11",
    (0, 3, 7, 10, 21): "m13",
    (0, 4, 7, 11, 21): "maj13",
    (0, 5, 7, 10, 14): "9sus4",
    (0, 5, 7, 10, 21): "13sus4",
    (0, 4, 7, 10, 20): "7b13",
    (0, 4, 8, 10, 13): "7alt",
    (0, 4, 7, 17): "add11",
    (0, 3, 7, 10, 13): "m7b9",
    (0, 3, 7, 8): "mb6",
}
"""Names of the kinds, by their tones in semitones above the root (ninths as 14)."""

# Other ways to write parts of a kind, the longer ones first; what stands before a digit or the end alone.
_OTHER_WAYS = (
    (r"[\s()\[\],:]", ""),
    ("♭", "b"),
    ("♯", "#"),
    (r"\^", "maj"),
    ("[Δ△]7?", "maj7"),
    (r"ø7?|Ø7?|hdim7?|m7-5|min7b5|-7b5", "m7b5"),
    (r"°|º|^o(?=7|$)", "dim"),
    (r"^(minor|min|mi|-)", "m"),
    (r"(?<!m)(major|maj|Maj|MAJ|ma|Ma|M)(?=\d|$)|(?<=m)(major|maj|Maj|MAJ|ma|Ma|M)(?=7|9)", "maj"),
    (r"\+|augmented|#5$", "aug"),
    (r"diminished|diminuita", "dim"),
    (r"^dom", ""),
    (r"6/?9|69", "69"),
    (r"sus$", "sus4"),
    (r"^sus4?7$|^7sus4?$", "7sus4"),
    (r"^2$", "add9"),
    (r"^(m?)add2$", r"\1add9"),
)
_ALIKE = {"maj": "", "aug7": "7#5", "7aug": "7#5", "majaug7": "maj7#5", "maj7aug": "maj7#5", "4": "sus4", "maj6": "6"}

_SIGN = rf"({'|'.join((*SHARPS, *FLATS))})?"
# “Do” is a syllable, not D diminished; apart from it letters come first, as in “Fadd9”.
_NAMES = (
    re.compile(rf"(do){_SIGN}(.*)", re.IGNORECASE),
    re.compile(rf"([a-g]){_SIGN}(.*)", re.IGNORECASE),
    re.compile(rf"({'|'.join(SYLLABLES)}){_SIGN}(.*)", re.IGNORECASE),
)
_NONE = re.compile(r"n\.?\s?c\.?|n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadChord:
    """A chord that was read: root and bass as pitch classes (0 is C), tones in semitones above the root."""

    root: int
    tones: tuple[int, ...]
    bass: int


def _plain(kind: str) -> str:
    for pattern, plain in _OTHER_WAYS:
        kind = re.sub(pattern, plain, kind)
    return _ALIKE.get(kind, kind)


_TONES = {_plain(name): tones for tones, name in KINDS.items()}


def read_chord(name: str) -> ReadChord | None:
    """Return the chord of a name; None for one that says that there is none ("N.C.").

    A letter or a syllable, a sharp or a flat, a kind in any usual spelling ("m7", "-7", "min7"), and behind a stroke
    the bass. Raises UnknownChoice.
    """
    text = name.strip()
    if _NONE.fullmatch(text):
        return None
    upper, stroke, low = text.rpartition("/")
    if not stroke or low.strip() == "9":
        upper, low = text, ""
    chord, bass = _read(upper), _read(low) if low else None
    if chord is None or (low and (bass is None or bass.tones != _TONES[""])):
        raise UnknownChoice(
            name="chord", value=text[:40], choices="the usual names, such as Am, F#m7, Bbmaj7, D/F# or N.C."
        )
    return chord if bass is None else replace(chord, bass=bass.root)


def _read(text: str) -> ReadChord | None:
    for pattern in _NAMES:
        found = pattern.fullmatch(text.strip())
        if found is not None and (tones := _TONES.get(_plain(found[3]))) is not None:
            root = pitch_class(found[1], found[2])
            return ReadChord(root, tones, root)
    return None
