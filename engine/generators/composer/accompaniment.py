# SPDX-License-Identifier: GPL-3.0-or-later
"""The accompaniment: bass lines, chords, broken chords and pads, from a style's patterns over the harmony."""

from __future__ import annotations

import itertools
import math

import numpy as np

from engine.generators.composer.feel import Feel
from engine.generators.composer.form import is_in
from engine.generators.composer.patterns import (
    ODD_METRE_SHARE,
    SOFTER_NOTES,
    bar_of,
    double_time,
    events,
    half_time,
    metre_name,
    thinned,
)
from engine.generators.composer.plan import Plan
from engine.generators.composer.score import Note
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import PartStyle
from engine.generators.composer.theory import Chord, lead_voices, nearest

_PUSH_SHARE = 0.35  # of the bars whose last off-beat already has the next chord
_VARIED_SHARE = 0.45
_LOWEST_BASS = 28


def sounds_in(plan: Plan, part: PartStyle, bar: int, reluctance: float) -> bool:
    """Return whether the part is heard in this bar."""
    bars = plan.grid.bars
    if bars < 4:
        return True
    own = range(math.ceil(part.bars[0] * bars), math.ceil(part.bars[1] * bars))
    return bar in own and is_in(part.role, plan.form, bar, own, reluctance=reluctance)


def write_bass(plan: Plan, part: PartStyle, streams: Streams, index: int) -> list[Note]:
    """Write the bass: it says each chord's root, or the tone that an inversion puts there, and walks to the next."""
    grid = plan.grid
    feel = Feel(plan, streams("feel", "bass", index))
    patterns = _bars_of(plan, part, streams, index)
    reluctance = _reluctance(streams, part, index)
    # Only where the harmony is rich do walks to the next chord leave the key.
    chromatic = plan.style.colour == "ninth" and plan.style.lead.scale == "full"
    ways_in = tuple(range(12)) if chromatic else plan.key.pitch_classes
    out: list[Note] = []
    root = part.centre
    for bar in range(grid.bars):
        if not sounds_in(plan, part, bar, reluctance):
            continue
        for step, length, character in _bass_strokes(plan, bar, patterns[bar]):
            chord = plan.chord_at(bar, step)
            root = nearest(0.4 * root + 0.6 * part.centre, (chord.root,))
            following = plan.chord_at(bar, step + length)
            target = nearest(root, (following.bass_class,))
            pitch = root + _bass_interval(character, chord, root, target, ways_in)
            while pitch < _LOWEST_BASS:
                pitch += 12
            gate_s = (length - 0.12) * grid.step_s
            force = feel.force(0.55 if character == "r" else 0.85, bar, step)
            out.append(Note(feel.start(bar, step), gate_s, pitch, force))
    return out


def _bass_interval(character: str, chord: Chord, root: int, target: int, ways_in: tuple[int, ...]) -> int:
    if character == "a":
        if target == root:
            return chord.fifth
        away = -1 if target > root else 1
        near = target + away if (target + away) % 12 in ways_in else target + 2 * away
        return near - root
    if character in "Rr":
        return chord.bass - 12 if chord.bass > 6 else chord.bass
    return {"3": chord.third, "5": chord.fifth, "7": chord.seventh, "8": 12}.get(character, 0)


def write_chords(plan: Plan, part: PartStyle, streams: Streams, index: int) -> list[Note]:
    """Write chords, broken chords or a pad: voices move little, and now and then the next chord comes early."""
    grid = plan.grid
    feel = Feel(plan, streams("feel", part.role, index))
    rng = streams("comping", part.role, index)
    patterns = _bars_of(plan, part, streams, index)
    reluctance = _reluctance(streams, part, index)
    flat = [change.chord for changes in plan.harmony for change in changes]
    voicings = dict(zip(_places(plan), lead_voices(flat, part.centre, part.voices), strict=True))
    pushes = rng.random(grid.bars) < (_PUSH_SHARE if plan.style.human_ms > 4 and part.role == "chords" else 0.0)
    out: list[Note] = []
    for bar in range(grid.bars):
        if not sounds_in(plan, part, bar, reluctance):
            continue
        for step, length, character in _strokes(plan, bar, patterns[bar]):
            early = bool(pushes[bar]) and not plan.has_given_chords and step >= grid.steps_per_bar - 2
            place = ((bar + 1) % grid.bars, 0) if early else _place(plan, bar, step)
            voices = voicings[place]
            gate_s = (length - 0.08) * grid.step_s
            if character in "Xx":
                strum_ms = 9.0 if part.role == "chords" and plan.style.human_ms > 5 else 0.0
                base = 0.86 if character == "X" else 0.62
                for i, midi in enumerate(voices):
                    # The top of a chord is what is heard of it.
                    top = 0.05 if i == len(voices) - 1 else 0.0
                    force = feel.force(base + top, bar, step)
                    out.append(Note(feel.start(bar, step, strum_ms * i), gate_s, midi, force))
            else:
                voice = int(character) - 1
                midi = voices[voice % len(voices)] + 12 * (voice // len(voices))
                ringing = gate_s * (2.0 if part.role == "arp" and length > 1 else 1.0)
                accent = 0.8 if step in grid.beats else 0.64
                out.append(Note(feel.start(bar, step), ringing, midi, feel.force(accent, bar, step)))
    return out


def _strokes(plan: Plan, bar: int, pattern: str) -> list[tuple[int, int, str]]:
    """Return the strokes of a bar; with given chords, one that is held is struck again at each change."""
    strokes = events(pattern)
    if not plan.has_given_chords:
        return strokes
    out = []
    for step, length, character in strokes:
        edges = [step, *(one.step for one in plan.harmony[bar] if step < one.step < step + length), step + length]
        out += [(begin, end - begin, character) for begin, end in itertools.pairwise(edges)]
    return out


def _bass_strokes(plan: Plan, bar: int, pattern: str) -> list[tuple[int, int, str]]:
    """Return the strokes of a bar's bass, which says each given chord where that begins."""
    changes = {one.step for one in plan.harmony[bar]} if plan.has_given_chords else set()
    return [
        (step, length, "R" if step in changes and character != "r" else character)
        for step, length, character in _strokes(plan, bar, pattern)
    ]


def _places(plan: Plan) -> list[tuple[int, int]]:
    return [(bar, change.step) for bar, changes in enumerate(plan.harmony) for change in changes]


def _place(plan: Plan, bar: int, step: int) -> tuple[int, int]:
    return bar, [change.step for change in plan.harmony[bar] if change.step <= step][-1]


def _reluctance(streams: Streams, part: PartStyle, index: int) -> float:
    return float(streams("presence", part.role, index).uniform(-0.1, 0.1))


def _bars_of(plan: Plan, part: PartStyle, streams: Streams, index: int) -> list[str]:
    """Return a part's pattern for every bar: one all along, another where a phrase turns, and strokes that vary."""
    grid = plan.grid
    metre = metre_name(grid) if metre_name(grid) in part.metres else "4/4"
    choices = part.metres.get(metre, part.patterns)
    rng, varying = streams("groove", part.role, index), streams("variation", part.role, index)
    order = rng.permutation(len(choices))
    main, other = choices[order[0]], choices[order[-1]]
    turns = rng.random(grid.bars) < 0.6
    out = [
        bar_of(other if bar % 4 == 3 and turns[bar] else main, bar, grid, held=True, metre=metre)
        for bar in range(grid.bars)
    ]
    if plan.brief.half_time:
        out = half_time(out) if plan.brief.half_time < 0 else double_time(out)
    if part.role == "pad":
        return out
    share = _VARIED_SHARE * (1.0 if metre_name(grid) == "4/4" else ODD_METRE_SHARE)
    softer = SOFTER_NOTES if part.role == "bass" else {"X": "x"}
    out = [thinned(steps, plan.density, softer, keeps=False) for steps in out]
    return [_varied(steps, share, varying) if bar else steps for bar, steps in enumerate(out)]


def _varied(steps: str, share: float, rng: np.random.Generator) -> str:
    """Return a bar with perhaps one stroke between the beats left out, or held on through."""
    drawn, pick = float(rng.random()), float(rng.random())
    inner = [step for step, _length, _what in events(steps) if step > 0]
    if drawn > share or len(inner) < 2:
        return steps
    at = inner[int(pick * len(inner))]
    return steps[:at] + ("-" if steps[at - 1] != "." else ".") + steps[at + 1 :]
