# SPDX-License-Identifier: GPL-3.0-or-later
"""A true piece is music of which all that a listener should tell is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from engine.dsp.keynames import tonic_name
from engine.values import Clip

Source = Literal["composer", "song", "arranged"]
SOURCES: tuple[Source, ...] = get_args(Source)

TempoKind = Literal["steady", "drift", "rubato", "step"]
TEMPO_KINDS: tuple[TempoKind, ...] = get_args(TempoKind)
"""Ways in which the tempo moves: not at all, slowly one way, to and fro within phrases, once at a beat."""


@dataclass(frozen=True, eq=False, slots=True)
class TruePiece:
    """A clip, with the truth about it.

    Attributes
    ----------
    beats_s
        When the felt beats fall, seconds; in 6/8 these are the dotted quarters.
    end_s
        When the last beat ends.
    downbeats
        Numbers of the beats on which bars begin.
    chords
        Each chord's first second and its name as "F#m"; None where it is neither major nor minor.
    key
        As "A minor"; a mode counts as the major or minor that has its third.
    swing
        Where within a beat its second half falls: 0.5 is straight.
    parts
        Into how many a felt beat falls: 3 in 6/8.
    """

    name: str
    source: Source
    clip: Clip
    beats_s: tuple[float, ...]
    end_s: float
    downbeats: tuple[int, ...]
    chords: tuple[tuple[float, str | None], ...]
    key: str
    tempo_kind: TempoKind
    swing: float
    parts: int = 2


def triad_name(root: int, tones: Sequence[int]) -> str | None:
    """Return the major or minor triad, as "F#m", that a chord has, or None.

    ``root`` is a pitch class, ``tones`` are semitones above it. A fifth that is altered makes another chord of it.
    """
    classes = {tone % 12 for tone in tones}
    for third in (4, 3):
        if {third, 7} <= classes:
            is_minor = third == 3
            return tonic_name(root, is_minor=is_minor) + ("m" if is_minor else "")
    return None
