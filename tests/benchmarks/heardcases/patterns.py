# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns are what accompanists play in a bar, written as rows of equal steps.

In a row ``.`` is a rest. Of chords ``x`` strikes all tones, a digit one of them (0 is the root), ``o`` holds all to the
bar's end and strikes again where the chord changes; ``r`` and ``f`` are root and fifth in the bass. Of a bass ``r``
and ``f`` are the same, short, ``o`` is a root that is held, ``u`` one an octave up, ``w`` a step of a walk. Of
drums ``x`` is a stroke, ``?`` one that some pieces have. A pattern that lacks a metre is not played in it.
"""

from __future__ import annotations

CHORDS: dict[str, dict[str, str]] = {
    "beats": {"4/4": "xxxx", "3/4": "xxx", "2/4": "xx", "6/8": "xx"},
    "off-beats": {"4/4": ".x.x.x.x", "3/4": ".x.x.x", "2/4": ".x.x", "6/8": "..x..x"},
    "oom-pah": {"4/4": "rxfx", "3/4": "rxx", "2/4": "rxfx", "6/8": "r.xf.x"},
    "after-beats": {"4/4": ".x.x", "3/4": ".xx", "2/4": ".x", "6/8": ".x"},
    "arpeggio": {"4/4": "01210121", "3/4": "012101", "2/4": "0121", "6/8": "012101"},
    "rolling": {"4/4": "0121012101210121", "3/4": "012101210121", "2/4": "01210121", "6/8": "012012"},
    "alberti": {"4/4": "02120212", "3/4": "021212", "2/4": "0212", "6/8": "021021"},
    "held": {"4/4": "o", "3/4": "o", "2/4": "o", "6/8": "o"},
    "stabs": {"4/4": "x...", "3/4": "x..", "2/4": "x.", "6/8": "x....."},
    "syncopated": {"4/4": "x..x..x.", "3/4": "x..x..", "2/4": "x..x", "6/8": "x.x.x."},
    "charleston": {"4/4": "x..x.x..", "3/4": "xxx", "2/4": "x..x", "6/8": "xx"},
    "eighths": {"4/4": "xxxxxxxx", "3/4": "xxxxxx", "2/4": "xxxx", "6/8": "xxxxxx"},
    "habanera": {"4/4": "r..x..x.r..x..x.", "2/4": "r..xr.x."},
}
BASS: dict[str, dict[str, str]] = {
    "roots": {"4/4": "rrrr", "3/4": "rrr", "2/4": "rr", "6/8": "rr"},
    "root and fifth": {"4/4": "r.f.", "3/4": "rf.", "2/4": "rf", "6/8": "rf"},
    "walking": {"4/4": "rwww", "3/4": "rww", "2/4": "rw", "6/8": "rw"},
    "eighths": {"4/4": "rrrrrrrr", "3/4": "rrrrrr", "2/4": "rrrr", "6/8": "rrrrrr"},
    "long": {"4/4": "o", "3/4": "o", "2/4": "o", "6/8": "o"},
    "octaves": {"4/4": "rurururu", "3/4": "rururu", "2/4": "ruru", "6/8": "r.ur.u"},
    "syncopated": {"4/4": "r..r..fr", "3/4": "r..r..", "2/4": "r..r", "6/8": "r.rr.r"},
}
DRUMS: dict[str, dict[str, str]] = {
    "rock": {"metre": "4/4", "kick": "x...x?..", "snare": "..x...x.", "hat": "xxxxxxxx"},
    "four on the floor": {"metre": "4/4", "kick": "x.x.x.x.", "snare": "..x...x.", "hat": ".x.x.x.x"},
    "shuffle": {"metre": "4/4", "ride": "x.xxx.xx", "pedal": "..x...x.", "kick": "?......."},
    "brushes": {"metre": "4/4", "kick": "x...", "snare": ".x.x"},
    "half time": {"metre": "4/4", "kick": "x..?....", "snare": "....x...", "hat": "xxxxxxxx"},
    "sixteenths": {"metre": "4/4", "kick": "x..x......x.....", "snare": "....x.......x...", "hat": "xxxxxxxxxxxxxxxx"},
    "bossa": {"metre": "4/4", "kick": "x..xx..x", "stick": "x..x..x.", "hat": "xxxxxxxx"},
    "hat": {"metre": "4/4", "hat": "xxxxxxxx"},
    "train": {"metre": "4/4", "kick": "x...x...", "snare": "xxxxxxxx"},
    "one drop": {"metre": "4/4", "kick": "....x...", "snare": "....x...", "hat": "xxxxxxxx"},
    "march": {"metre": "2/4", "kick": "x.x.", "snare": ".x.x"},
    "waltz": {"metre": "3/4", "kick": "x..", "snare": ".xx"},
    "waltz hat": {"metre": "3/4", "hat": "xxxxxx"},
    "jig": {"metre": "6/8", "kick": "x.....", "snare": "...x..", "hat": "xxxxxx"},
}
KIT = {
    "kick": (36,),
    "snare": (38, 40, 37, 39),
    "hat": (42, 51, 70, 44, 82),
    "ride": (51,),
    "pedal": (44,),
    "stick": (37,),
}
"""Keys of General MIDI's drum kit; of several, a piece has one."""
FILL = (38, 45, 47, 50)
"""Keys of General MIDI's drum kit that a fill strikes."""

CHORD_PROGRAMS = (0, 1, 4, 5, 6, 11, 15, 16, 19, 21, 24, 25, 26, 27, 28, 46, 48, 50, 62, 88, 89, 90)
BASS_PROGRAMS = (32, 33, 34, 35, 36, 38, 39, 43, 58)
MELODY_PROGRAMS = (
    0, 4, 11, 12, 13, 22, 24, 26, 40, 41, 42, 56, 60, 64, 65, 66, 68, 71, 72, 73, 74, 75, 79, 80, 81, 82, 105,
)  # fmt: skip
"""Programs of General MIDI for each part, counted from 0."""
