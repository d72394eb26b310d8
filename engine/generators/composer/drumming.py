# SPDX-License-Identifier: GPL-3.0-or-later
"""Drumming: a style's grooves bar by bar, with strokes that vary, percussion that joins in, and fills that lead on."""

from __future__ import annotations

import numpy as np

from engine.generators.composer.feel import Feel
from engine.generators.composer.form import DRUMS_NEED, PERCUSSION_NEED, PHRASE_BARS
from engine.generators.composer.patterns import (
    ODD_METRE_SHARE,
    SOFTER_DRUMS,
    bar_of,
    double_time,
    events,
    half_time,
    metre_name,
    thinned,
)
from engine.generators.composer.plan import Plan
from engine.generators.composer.score import Hit
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import DrumStyle, Groove

_FORCES = {"X": 1.0, "x": 0.74, "o": 0.36, "?": 0.34}
CORE = frozenset({"kick", "snare", "clap", "rim", "boom", "brush"})
"""Pieces that carry a groove."""
_LATE = frozenset({"snare", "rim", "clap"})
LASTING = frozenset({"kick", "ride", "shaker", "open"})
"""Pieces that go on through a fill."""
_FILL_SHARE = 0.6
_SLOW_BPM, _OFF_BEAT, _OFF_BEAT_SLOW = 100.0, 0.6, 0.35  # force of a hat off the beat
_CRASH_BARS, _OPENING = 8, 0.65
_QUIET_BELOW = 0.36  # energy of a half phrase in which only what keeps time is left


def write_drums(plan: Plan, drums: DrumStyle, streams: Streams) -> list[Hit]:
    """Write the drums: what a style's groove says, as a drummer varies it from bar to bar."""
    grid = plan.grid
    metre = metre_name(grid)
    grooves = drums.grooves_in(metre)
    choosing, varying, filling = streams("groove", "drums"), streams("variation", "drums"), streams("fills")
    order = choosing.permutation(len(grooves))
    main, other = grooves[order[0]], grooves[order[-1]]
    joining = {piece: pattern for piece, pattern in other.lines.items() if piece not in CORE | set(main.lines)}
    lines = {
        piece: _bars(plan, pattern, one)
        for one, table in ((main, main.lines), (other, joining))
        for piece, pattern in table.items()
        if piece not in plan.brief.excluded
    }
    feel = Feel(plan, streams("feel", "drums"))
    # An odd metre is played plainly, or nobody would hear which it is.
    variation = drums.variation * (1.0 if metre == "4/4" else ODD_METRE_SHARE)
    # In a slow piece the beat has to be plain, or twice its tempo is heard.
    off_beat = _OFF_BEAT_SLOW if grid.tempo_bpm < _SLOW_BPM else _OFF_BEAT
    # A cymbal on the first bar alone would say where the loop begins.
    middle = grid.bars // 2 // plan.form.phrase_bars * plan.form.phrase_bars
    # A piece of one phrase may be led on in its middle, too, or each fill would say where the loop ends.
    halfway = grid.bars // 2 if grid.bars == plan.form.phrase_bars == PHRASE_BARS else 0
    begins_struck = False
    out: list[Hit] = []
    for bar in range(grid.bars):
        energy = plan.form.energy_around(bar)
        last, ends = bar == grid.bars - 1, plan.form.ends_phrase(bar) or bar + 1 == halfway
        fills = drums.fill != "none" and grid.bars > 1 and (last or (ends and float(filling.random()) < _FILL_SHARE))
        fill_from = grid.steps_per_bar
        if fills:
            fill_from = grid.beats[-2 if last and len(grid.beats) > 2 else -1]
        for piece, bars in lines.items():
            if not _sounds(piece, energy, grid.bars, joins=piece in joining):
                continue
            steps = _varied(bars[bar], variation, piece, varying) if bar else bars[bar]
            steps = thinned(steps, plan.density, SOFTER_DRUMS, keeps=piece in CORE)
            for step, _length, character in events(steps):
                if step >= fill_from and piece not in LASTING:
                    continue
                if character == "?" and float(varying.random()) < 0.5:
                    continue
                late = drums.late_ms if piece in _LATE else 0.0
                force = _FORCES[character] * (0.85 + 0.2 * energy)
                if piece in {"hat", "shaker"}:
                    force *= 1.0 if step in grid.beats else off_beat
                out.append(Hit(feel.start(bar, step, late), piece, feel.force(force, bar, step)))
                begins_struck |= bar == step == 0
        if fills:
            out.extend(write_fill(plan, drums, bar=bar, fill_from=fill_from, feel=feel, rng=filling))
        lifted = bar > 0 and energy > plan.form.energy_around(bar - 1) + 0.15
        if fills and last and {"hat", "open"} & lines.keys() and begins_struck:
            # Silence before the first bar would say where the loop begins; so would a cymbal that nothing covers.
            step = grid.steps_per_bar - 2
            out.append(Hit(feel.start(bar, step), "open", feel.force(_OPENING, bar, step)))
        marked = bar in {0, middle} or (lifted and bar == plan.form.half_phrase(bar)[0])
        if drums.crash and grid.bars >= _CRASH_BARS and marked:
            out.append(Hit(feel.start(bar, 0), "crash", 0.7))
    return [hit for hit in out if hit.piece not in plan.brief.excluded]


def _bars(plan: Plan, pattern: str, groove: Groove) -> list[str]:
    grid = plan.grid
    out = [bar_of(pattern, bar, grid, held=False, metre=groove.metre) for bar in range(grid.bars)]
    if plan.brief.half_time:
        out = half_time(out) if plan.brief.half_time < 0 else double_time(out)
    return out


def _sounds(piece: str, energy: float, bars: int, *, joins: bool) -> bool:
    """Return whether a drum is in a half phrase of that energy."""
    if bars < 4:
        return not joins
    if energy < _QUIET_BELOW:
        return piece in {"hat", "shaker", "ride", "brush"} and not joins
    if joins:
        return energy >= PERCUSSION_NEED
    return piece in CORE or energy >= DRUMS_NEED


def _varied(steps: str, share: float, piece: str, rng: np.random.Generator) -> str:
    """Return a bar whose soft strokes differ from what is written: some are left out, some more are played."""
    drawn = rng.random((2, len(steps)))
    if piece == "kick" and share < 0.5:
        share *= 0.5
    out = list(steps)
    for step, what in enumerate(steps):
        if what in "ox?" and step % 4 and drawn[0, step] < share:
            out[step] = "."
        elif what == "." and piece in {"hat", "snare", "shaker", "conga_low", "conga_high", "rim", "brush_tap"}:
            beside = steps[step - 1] != "." or steps[(step + 1) % len(steps)] != "."
            if step % 2 and beside and drawn[1, step] < 0.5 * share:
                out[step] = "o"
    return "".join(out)


def write_fill(
    plan: Plan, drums: DrumStyle, *, bar: int, fill_from: int, feel: Feel, rng: np.random.Generator
) -> list[Hit]:
    """Write a fill from step ``fill_from`` to the end of a bar: one of the style's own, or a roll."""
    fill = _fill_of(drums, metre_name(plan.grid), rng)
    if fill is not None:
        return _filled(fill, bar, fill_from, feel, plan.brief.excluded)
    return _rolled(plan, drums.fill, bar=bar, fill_from=fill_from, feel=feel, rng=rng)


def _fill_of(drums: DrumStyle, metre: str, rng: np.random.Generator) -> Groove | None:
    """Return one of the written fills, or None where there is none for the metre."""
    fitting = [fill for fill in drums.fills if fill.metre == metre]
    return fitting[int(rng.integers(len(fitting)))] if fitting else None


def _filled(fill: Groove, bar: int, fill_from: int, feel: Feel, excluded: frozenset[str]) -> list[Hit]:
    """Return a written fill from step ``fill_from`` to the end of the bar."""
    out = []
    for piece, pattern in fill.lines.items():
        for step, _length, character in events(pattern):
            if step >= fill_from and piece not in excluded:
                out.append(Hit(feel.start(bar, step), piece, feel.force(_FORCES[character], bar, step)))
    return out


def _rolled(plan: Plan, kind: str, *, bar: int, fill_from: int, feel: Feel, rng: np.random.Generator) -> list[Hit]:
    """Return a fill from step ``fill_from`` to the end of the bar that grows towards the next downbeat."""
    span = plan.grid.steps_per_bar - fill_from
    out: list[Hit] = []

    def hit(step: float, piece: str, force: float) -> None:
        out.append(Hit(feel.start(bar, step), piece, feel.force(force, bar, step)))

    for i in range(span):
        grow = 0.4 + 0.55 * (i + 1) / span
        step = fill_from + i
        drawn = float(rng.random())
        if kind == "toms":
            if drawn < 0.75 or i % 2 == 0:
                hit(step, ("snare", "tom_high", "tom_mid", "tom_low")[min(3, 4 * i // span)], grow)
        elif kind == "claps":
            if i % 4 in {0, 3} or (drawn < 0.4 and i > span // 2):
                hit(step, "clap", grow)
        elif kind == "hats":
            for half in (0.0, 0.5) if i >= span // 2 else (0.0,):
                hit(step + half, "hat", grow)
        elif drawn < 0.55 or i % 4 == 0:
            hit(step, "snare", grow if i % 2 == 0 else 0.5 * grow)
    return out
