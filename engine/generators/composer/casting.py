# SPDX-License-Identifier: GPL-3.0-or-later
"""Casting: who plays a piece, and on what."""

from __future__ import annotations

from dataclasses import replace

from engine.generators.composer import vocabulary as words
from engine.generators.composer.patterns import metre_name
from engine.generators.composer.plan import Plan
from engine.generators.composer.streams import Streams
from engine.generators.composer.style_text import METRE_STEPS
from engine.generators.composer.styles import DrumStyle, Groove, PartStyle

_GUEST = {"room": 0.3, "echo": 0.15}
_COUNTER_BARS, _COUNTER_SHARE = 8, 0.5
_HELD = ("strings", "flute", "clarinet", "soft lead", "choir", "warm pad")
# What a piece plays that the prompt names and the style does not have.
_NAMED_PIECE = "x...x...x...x..."
_NAMED_PIECES = {
    "shaker": "xoxoxoxoxoxoxoxo",
    "cabasa": "xoxoxoxoxoxoxoxo",
    "tambourine": "..x...x...x...x.",
    "clap": "....x.......x...",
    "handclap": "....x.......x...",
    "snap": "....x.......x...",
    "snare": "....X.......X...",
    "rim": "....x.......x...",
    "hat": "x.o.x.o.x.o.x.o.",
    "open": "..x...x...x...x.",
    "ride": "x...x.x.x...x.x.",
    "kick": "X.....x...X.....",
    "conga_high": "...x..x....x..x.",
    "conga_low": "x.......x.x.....",
    "bongo_high": "x.oxx.o.x.oxx.o.",
    "bongo_low": "..x...x...x...x.",
    "cowbell": "x...x...x...x...",
    "brush": "x...x...x...x...",
    "triangle": "x.......x.......",
    "crash": "X...............",
}
Cast = list[tuple[PartStyle, str]]
"""Players, each with its instrument."""


def choose_cast(plan: Plan, streams: Streams) -> Cast:
    """Return the style's parts with an instrument each; instruments named in the prompt take the best roles."""
    brief = plan.brief
    cast: Cast = []
    for i, part in enumerate(plan.style.parts):
        allowed = tuple(name for name in part.instruments if name not in brief.excluded)
        # Drawn among all, so that one that is left out moves no other choice.
        drawn = part.instruments[int(streams("cast", part.role, i).integers(len(part.instruments)))]
        if drawn not in brief.excluded:
            cast.append((part, drawn))
        elif allowed:
            cast.append((part, allowed[int(streams("cast", part.role, i, "instead").integers(len(allowed)))]))
    cast = _with_counter(cast, plan, streams)
    chordal = [name for name in brief.instruments if name not in words.BASS_INSTRUMENTS | words.LEAD_INSTRUMENTS]
    guests: dict[str, list[str]] = {
        "bass": [name for name in brief.instruments if name in words.BASS_INSTRUMENTS],
        "lead": [name for name in brief.instruments if name in words.LEAD_INSTRUMENTS],
        "pad": [name for name in chordal if name in words.PAD_INSTRUMENTS],
        "chords": [name for name in chordal if name not in words.PAD_INSTRUMENTS],
    }
    for role, names in guests.items():
        for name in names:
            cast = _seat(cast, role, name, plan)
    if brief.solo and brief.instruments:
        cast = _solo(cast, brief.instruments)
    elif brief.solo:
        cast = [(part, name) for part, name in cast if part.role in brief.wanted]
    return [(part, name) for part, name in cast if part.role not in brief.without]


def _with_counter(cast: Cast, plan: Plan, streams: Streams) -> Cast:
    """Return the cast with a second voice where there is a melody, and room for it."""
    roles = {part.role for part, _ in cast}
    rng = streams("cast", "counter")
    drawn, pick = float(rng.random()), float(rng.random())
    if "counter" in roles or "lead" not in roles or plan.grid.bars < _COUNTER_BARS or drawn > _COUNTER_SHARE:
        return cast
    lead = next(name for part, name in cast if part.role == "lead")
    choices = [name for name in _HELD if name not in plan.brief.excluded and name != lead]
    if not choices:
        return cast
    part = PartStyle("counter", tuple(choices), centre=64, level_db=-3.0, pan=-0.3, room=0.4)
    return [*cast, (part, choices[int(pick * len(choices))])]


def _seat(cast: Cast, role: str, name: str, plan: Plan) -> Cast:
    """Return ``cast`` with ``name`` playing: where it already does, in a fitting role, or as one more player."""
    roles = {"chords": ("chords", "arp"), "pad": ("pad", "chords")}.get(role, (role,))
    taken = set(plan.brief.instruments)
    for wanted in roles:
        for i, (part, old) in enumerate(cast):
            if part.role == wanted and (old == name or old not in taken):
                # A guest is as loud as anybody.
                seated = replace(part, bars=(0.0, 1.0), level_db=max(part.level_db, 0.0))
                return [*cast[:i], (seated, name), *cast[i + 1 :]]
    centre = {"bass": 36, "lead": 74, "pad": 64}.get(role, 62)
    pattern = {"bass": "R-------5---a---", "pad": "X---------------"}.get(role, "X---..x---..x---")
    part = PartStyle(role, (name,), (pattern,), centre, room=_GUEST["room"], echo=_GUEST["echo"])
    return [*cast, (part, name)]


def _solo(cast: Cast, names: tuple[str, ...]) -> Cast:
    """Return only the named players; one that was left alone plays accompaniment, bass and melody."""
    kept = [(part, name) for part, name in cast if name in names]
    if len(names) != 1:
        return kept
    alone = names[0]
    roles = {part.role for part, _name in kept}
    if alone not in words.BASS_INSTRUMENTS:
        for part, _name in cast:
            if part.role in {"lead", "arp", "chords"} and part.role not in roles:
                kept.append((replace(part, bars=(0.0, 1.0)), alone))
                roles.add(part.role)
    return kept


def choose_drummer(plan: Plan) -> DrumStyle | None:
    """Return who drums, without the drums that are not wanted; None where there are to be none."""
    brief, drums = plan.brief, plan.style.drums
    metre = metre_name(plan.grid)
    lines = {piece: _NAMED_PIECES.get(piece, _NAMED_PIECE) for piece in brief.pieces}
    named = Groove(metre if metre in METRE_STEPS else "4/4", lines)
    named = replace(named, lines=_fitting(named, named))
    if "drums" in brief.without or (brief.solo and not brief.drums):
        # "no percussion but a shaker" has its shaker.
        return DrumStyle(brief.kit or "acoustic", (named,), fill="none", crash=False) if brief.pieces else None
    if drums is None and (brief.drums or brief.pieces):
        groove = Groove("4/4", {"kick": "X.....x...x.....", "rim": "....x.......x..."}) if brief.drums else named
        drums = DrumStyle("lofi", (groove,), level_db=-3, fill="none")
    if drums is None:
        return None
    patterns = tuple(Groove(one.metre, {**_fitting(named, one), **one.lines}) for one in drums.grooves_in(metre))
    kit = brief.kit or drums.kit
    return replace(drums, kit=kit if kit not in brief.excluded else "acoustic", patterns=patterns)


def _fitting(named: Groove, groove: Groove) -> dict[str, str]:
    """Return the lines of the pieces that were named, cut to the length of a groove's bar."""
    steps = METRE_STEPS[groove.metre]
    return {piece: (line * 2)[:steps] for piece, line in named.lines.items()}
