# SPDX-License-Identifier: GPL-3.0-or-later
"""Harmony: a style's progressions laid over the bars, so that they say their key and lead back to where they began."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.generators.composer.progressions import in_mode
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import Style
from engine.generators.composer.theory import Chord, Key, chord

_TURNS = {
    "major": ("V7", "ii,V7", "IV,V7", "V7sus4,V7"),
    "lydian": ("V7", "II,V7"),
    "mixolydian": ("bVII", "v,bVII", "IV,bVII"),
    "minor": ("V7", "iv,V7", "iim7b5,V7"),
    "dorian": ("V7", "IV,V7", "VII,V7"),
    "phrygian": ("II", "vii,II"),
    "locrian": ("V7",),
    "harmonic minor": ("V7", "iv,V7"),
    "melodic minor": ("V7", "IV,V7"),
    "phrygian dominant": ("II", "vii,II"),
}
"""Chords that lead back to the first bar, by mode, where a style does not say."""
_PLAIN = {
    "major": ("I IV I V", "I vi ii V"),
    "lydian": ("I II I V", "I I II I"),
    "mixolydian": ("I VII IV I", "I v VII I"),
    "minor": ("i iv i V7", "i VI iv V7"),
    "dorian": ("i IV i V7", "i i IV i"),
    "phrygian": ("i II i vii", "i i II i"),
    "locrian": ("i II i V7",),
    "harmonic minor": ("i iv i V7", "i VI iv V7"),
    "melodic minor": ("i IV i V7", "i ii V7 i"),
    "phrygian dominant": ("I II I vii", "I iv I II"),
}
"""Progressions that no ear takes for another key's, by mode: used where a style's own do not say the key."""
_DOMINANTS = ("V", "V7", "V7sus4", "V9", "V13", "V7b9")
_PASSING_SHARE = 0.6  # of the places where an inversion lets the bass step on, those in which it does


@dataclass(frozen=True, slots=True)
class Change:
    """A change of harmony: the chord that sounds from ``step`` of a bar on."""

    step: int
    chord: Chord


Harmony = tuple[tuple[Change, ...], ...]
"""The changes of every bar, the first of them at step 0."""


def write_harmony(style: Style, key: Key, bars: int, middle_step: int, streams: Streams, *, take: int) -> Harmony:
    """Write the harmony of ``bars`` bars; a bar of two chords changes at ``middle_step``.

    The progression is repeated, in the third phrase of four another one where the style has it. The last bar is a
    turnaround: it leads back to the first. ``take`` counts tries: each has another progression, plain ones at the end.
    """
    choices = in_mode(style.minor if key.is_minor else style.major, key)
    rng = streams("progression")
    order = rng.permutation(len(choices))
    colour, is_plain = style.colour, take >= len(choices)
    if not is_plain:
        order = np.roll(order, -take)
        main = choices[order[0]].split()
    else:
        plain = _PLAIN[key.mode]
        main = plain[(take + int(rng.integers(len(plain)))) % len(plain)].split()
        # A seventh on every chord, or a third on none, is what makes a key doubtful.
        colour = {"seventh": "add9", "ninth": "add9", "power": "triad"}.get(colour, colour)
    per = style.bars_per_chord if bars >= style.bars_per_chord * 2 else 1
    out = []
    for bar in range(bars):
        numerals = main
        phrase = bar // max(4, per * len(main))
        if bars >= 12 and phrase % 4 == 2 and len(choices) > 1:
            numerals = choices[order[1 % len(order)]].split()
        out.append(numerals[bar // per % len(numerals)])
    if bars > 1:
        turns = (style.turns_minor if key.is_minor else style.turns_major) or _TURNS[key.mode]
        if is_plain:
            turns = tuple(one for one in turns if one.split(",")[-1] in _DOMINANTS) or ("V7",)
        out[-1] = turns[int(streams("turnaround").integers(len(turns)))]
    chords = [tuple(chord(one, key, colour) for one in bar.split(",")) for bar in out]
    chords = _walked(chords, streams("inversions"))
    return tuple(
        tuple(Change(step, one) for step, one in zip((0, middle_step), bar[:2], strict=False)) for bar in chords
    )


def _walked(bars: list[tuple[Chord, ...]], rng: np.random.Generator) -> list[tuple[Chord, ...]]:
    """Return the chords with some inverted where the bass can then step from one neighbour to the next.

    The first chord stays upright: there the key is said.
    """
    flat = [(bar, i) for bar, chords in enumerate(bars) for i in range(len(chords))]
    out = [list(chords) for chords in bars]
    for place in range(1, len(flat) - 1):
        before, here, after = (out[bar][i] for bar, i in flat[place - 1 : place + 2])
        draw = float(rng.random())
        if here.bass or len(here.tones) < 3 or draw > _PASSING_SHARE:
            continue
        upright = _step(before.bass_class, here.root) + _step(here.root, after.bass_class)
        for tone in (here.third, here.fifth):
            low = (here.root + tone) % 12
            down, on = _step(before.bass_class, low), _step(low, after.bass_class)
            if 0 < min(down, on) <= 2 and max(down, on) <= 4 and down + on < upright:
                bar, i = flat[place]
                out[bar][i] = replace(here, bass=tone)
                break
    return [tuple(chords) for chords in out]


def _step(one: int, other: int) -> int:
    """Return how far apart two pitch classes are, semitones, 0 to 6."""
    away = (one - other) % 12
    return min(away, 12 - away)
