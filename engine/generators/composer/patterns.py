# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns: rhythms of a style read as events, and fitted to the metre of a piece."""

from __future__ import annotations

from collections.abc import Mapping

from engine.generators.composer.plan import Grid
from engine.generators.composer.style_text import METRE_STEPS

ODD_METRE_SHARE = 0.3
"""How much of what varies from bar to bar is left in other metres than 4/4."""
_BEAT_STEPS = 4
_LEAST_DENSITY = 0.2
SOFTER_DRUMS = {"X": "x", "x": "o"}
"""Strokes of drums, and those beside them that are softer."""
SOFTER_NOTES = {"X": "x", "R": "r", "8": "r", "a": "r", "3": "r", "5": "r", "7": "r"}
"""Strokes of a bass or of chords, and those beside them that are softer."""
# Which beats of a 4/4 pattern stand for the beats of a metre with that many felt beats.
_BORROWED_BEATS = {1: (0,), 2: (0, 1), 3: (0, 1, 3), 4: (0, 1, 2, 3), 5: (0, 1, 3, 0, 1), 6: (0, 1, 2, 3, 2, 3)}


def bar_of(pattern: str, bar: int, grid: Grid, *, held: bool, metre: str = "4/4") -> str:
    """Return what a pattern of whole bars has in this bar, fitted where ``metre``, the pattern's, is not the grid's.

    ``held`` patterns hold on in longer beats.
    """
    length = METRE_STEPS[metre]
    at = bar % (len(pattern) // length) * length
    steps = pattern[at : at + length]
    if metre == metre_name(grid):
        return steps
    return fit_bar((steps + 4 * steps[-_BEAT_STEPS:])[:16], grid, held=held)


def metre_name(grid: Grid) -> str:
    """Return the metre as it is written: "3/4"."""
    return f"{grid.metre[0]}/{grid.metre[1]}"


def fit_bar(steps: str, grid: Grid, *, held: bool) -> str:
    """Return a 16-step bar fitted to the grid's metre, beat by beat; ``held`` patterns hold on in longer beats."""
    beats = len(grid.beats)
    borrowed = _BORROWED_BEATS.get(beats) or tuple(beat % 4 for beat in range(beats))
    out = []
    for i, beat in enumerate(borrowed):
        piece = steps[beat * _BEAT_STEPS : (beat + 1) * _BEAT_STEPS]
        end = grid.beats[i + 1] if i + 1 < beats else grid.steps_per_bar
        for extra in range(end - grid.beats[i] - _BEAT_STEPS):
            if held:
                piece += "-" if piece[-1] != "." else "."
            else:
                # A steady pulse goes on through the third eighth; anything else leaves it free.
                piece += piece[extra].replace("X", "x") if piece[0] != "." and piece[0] == piece[2] else "."
        out.append(piece)
    return "".join(out)


def events(steps: str) -> list[tuple[int, int, str]]:
    """Return (step, length in steps, character) for every character that is not a hold or a rest."""
    out = []
    for step, character in enumerate(steps):
        if character in "-.":
            continue
        end = step + 1
        while end < len(steps) and steps[end] == "-":
            end += 1
        out.append((step, end - step, character))
    return out


def half_time(patterns: list[str]) -> list[str]:
    """Return bars played at half their pace: each takes half of a written one, every step twice as long."""
    out = []
    for bar, steps in enumerate(patterns):
        half = len(steps) // 2
        part = steps[:half] if bar % 2 == 0 else steps[half : 2 * half]
        slow = "".join(one + ("-" if one not in ".-" or one == "-" else ".") for one in part)
        out.append(slow + "." * (len(steps) - len(slow)))
    return out


def double_time(patterns: list[str]) -> list[str]:
    """Return bars played at twice their pace: each has all of a written one, twice."""
    out = []
    for steps in patterns:
        half = len(steps) // 2
        fast = "".join(one if one not in ".-" else two for one, two in zip(steps[::2], steps[1::2], strict=False))
        out.append((fast[:half] * 2).ljust(len(steps), "."))
    return out


def thinned(steps: str, density: float, softer: Mapping[str, str], *, keeps: bool) -> str:
    """Return a bar with fewer strokes where ``density``, in [-1, 1], is low, and with more where it is high.

    Of what is thinned the strokes off the beat go first, the soft ones before the others; ``keeps`` has those that are
    not soft stay. More strokes, those that ``softer`` names, fall beside those there are.
    """
    if abs(density) < _LEAST_DENSITY:
        return steps
    out = list(steps)
    if density < 0.0:
        for step, what in enumerate(steps):
            soft = what in "o?r1234567"
            off = step % 4 != 0 if density < -0.5 else step % 2 != 0
            if what not in "-." and off and (soft or not keeps):
                # What was held before it goes on.
                out[step] = "-" if step and out[step - 1] != "." and not keeps else "."
        return "".join(out)
    gap = 1 if density >= 0.5 else 2
    for step in range(gap, len(steps), gap * 2 if gap == 2 else 1):
        here, before = steps[step], steps[step - gap]
        if here in ".-" and before not in ".-":
            out[step] = softer.get(before, before)
    return "".join(out)
