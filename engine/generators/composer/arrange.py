# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes the score: it plays a style's patterns over the plan's chords, humanised, filled and developed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.generators.composer import vocabulary as words
from engine.generators.composer.melody import write_melody
from engine.generators.composer.plan import Grid, Plan
from engine.generators.composer.score import Hit, Note, Part, Score
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import DrumStyle, PartStyle
from engine.generators.composer.theory import Chord, lead_voices, nearest
from engine.values import Layer

_BEAT_STEPS = 4
# Which beats of a 4/4 pattern stand for the beats of a metre with that many felt beats.
_BORROWED_BEATS = {1: (0,), 2: (0, 1), 3: (0, 1, 3), 4: (0, 1, 2, 3), 5: (0, 1, 3, 0, 1), 6: (0, 1, 2, 3, 2, 3)}
_FORCES = {"X": 1.0, "x": 0.74, "o": 0.36, "?": 0.34}
_GUEST = {"room": 0.3, "echo": 0.15}


def write_score(plan: Plan, streams: Streams) -> Score:
    """Write the whole piece, note by note."""
    parts = []
    for i, (style, instrument) in enumerate(_cast(plan, streams)):
        rng = streams("part", style.role, i)
        if style.role == "bass":
            notes = _bass(plan, style, rng)
        elif style.role == "lead":
            notes = _lead(plan, style, rng)
        else:
            notes = _harmony(plan, style, rng)
        if notes:
            parts.append(Part(style, instrument, tuple(notes)))
    drums = _drummer(plan)
    hits = _drums(plan, drums, streams("drums")) if drums is not None else []
    return Score(plan, tuple(parts), tuple(hits), drums.kit if drums is not None else "acoustic")


def layer_of(score: Score, layer: Layer) -> Score:
    """The drums or the instruments of a piece alone: note by note what they play in the whole of it."""
    if layer is Layer.DRUMS:
        return replace(score, parts=())
    return replace(score, hits=()) if layer is Layer.INSTRUMENTS else score


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


def _bar_of(pattern: str, bar: int, grid: Grid, *, held: bool) -> str:
    n_bars = len(pattern) // 16
    at = bar % n_bars * 16
    return fit_bar(pattern[at : at + 16], grid, held=held)


def _events(steps: str) -> list[tuple[int, int, str]]:
    """Yield (step, length in steps, character) for every character that is not a hold or a rest."""
    out = []
    for step, character in enumerate(steps):
        if character in "-.":
            continue
        end = step + 1
        while end < len(steps) and steps[end] == "-":
            end += 1
        out.append((step, end - step, character))
    return out


# --- who plays --------------------------------------------------------------------------------------------------------


def _cast(plan: Plan, streams: Streams) -> list[tuple[PartStyle, str]]:
    """Return the style's parts with an instrument each; instruments named in the prompt take the best roles."""
    brief = plan.brief
    cast = [
        (part, part.instruments[int(streams("cast", part.role, i).integers(len(part.instruments)))])
        for i, part in enumerate(plan.style.parts)
    ]
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


def _seat(cast: list[tuple[PartStyle, str]], role: str, name: str, plan: Plan) -> list[tuple[PartStyle, str]]:
    """Return ``cast`` with ``name`` playing: where it already does, in a fitting role, or as one more player."""
    roles = {"chords": ("chords", "arp"), "pad": ("pad", "chords")}.get(role, (role,))
    taken = set(plan.brief.instruments)
    for wanted in roles:
        for i, (part, old) in enumerate(cast):
            if part.role == wanted and (old == name or old not in taken):
                # A guest is heard from the first bar to the last, as loud as anybody.
                seated = replace(part, bars=(0.0, 1.0), level_db=max(part.level_db, 0.0))
                return [*cast[:i], (seated, name), *cast[i + 1 :]]
    centre = {"bass": 36, "lead": 74, "pad": 64}.get(role, 62)
    pattern = {"bass": "R-------5---a---", "pad": "X---------------"}.get(role, "X---..x---..x---")
    return [*cast, (PartStyle(role, (name,), (pattern,), centre, **_GUEST), name)]  # type: ignore[arg-type]


def _solo(cast: list[tuple[PartStyle, str]], names: tuple[str, ...]) -> list[tuple[PartStyle, str]]:
    """Return only the named players; one that was left alone plays accompaniment, bass and melody."""
    kept = [(part, name) for part, name in cast if name in names]
    if len(names) > 1:
        return kept
    alone = names[0]
    roles = {part.role for part, _name in kept}
    if alone not in words.BASS_INSTRUMENTS:
        for part, _name in cast:
            if part.role in {"lead", "arp", "chords"} and part.role not in roles:
                kept.append((replace(part, bars=(0.0, 1.0)), alone))
                roles.add(part.role)
    return kept


def _drummer(plan: Plan) -> DrumStyle | None:
    brief, drums = plan.brief, plan.style.drums
    if "drums" in brief.without or (brief.solo and not brief.drums):
        return None
    if drums is None and brief.drums:
        groove = {"kick": "X.....x...x.....", "rim": "....x.......x...", "shaker": "xoxoxoxoxoxoxoxo"}
        return DrumStyle("lofi", (groove,), level_db=-3)
    return drums


# --- pitched parts ----------------------------------------------------------------------------------------------------


class _Feel:
    """The feel of a piece: swing, humanised timing and force."""

    def __init__(self, plan: Plan, rng: np.random.Generator) -> None:
        self._plan = plan
        self._rng = rng

    def start(self, bar: int, step: float, late_ms: float = 0.0) -> int:
        grid, style = self._plan.grid, self._plan.style
        unit = 16 // style.swing_unit
        swung = style.swing * unit / 2 if grid.metre[1] == 4 and step % (2 * unit) == unit else 0.0
        # Swung eighths take the sixteenths around them along.
        if unit == 2 and grid.metre[1] == 4 and step % 4 in {1, 3}:
            swung = style.swing * 0.5
        human = float(self._rng.normal(0.0, style.human_ms / 1000.0 / 2.0))
        return grid.at(bar, step + swung) + round((human + late_ms / 1000.0) * grid.sample_rate)

    def force(self, force: float) -> float:
        loose = 0.03 + 0.004 * self._plan.style.human_ms
        return float(min(1.0, max(0.12, force * (1 + self._rng.normal(0.0, loose)))))


def _sounds_in(part: PartStyle, bar: int, bars: int) -> bool:
    if bars < 4:
        return True
    return part.bars[0] * bars <= bar < part.bars[1] * bars


def _bars_of(part: PartStyle, grid: Grid, rng: np.random.Generator) -> list[str]:
    """Return a part's pattern for every bar: one all along, another now and then where a phrase turns."""
    order = rng.permutation(len(part.patterns))
    main, other = part.patterns[order[0]], part.patterns[order[-1]]
    turns = rng.random(grid.bars) < 0.6
    return [_bar_of(other if bar % 4 == 3 and turns[bar] else main, bar, grid, held=True) for bar in range(grid.bars)]


def _bass(plan: Plan, part: PartStyle, rng: np.random.Generator) -> list[Note]:
    grid, feel = plan.grid, _Feel(plan, rng)
    patterns = _bars_of(part, grid, rng)
    out: list[Note] = []
    root = part.centre
    # Only where the harmony is rich do walks to the next chord leave the key.
    chromatic = plan.style.colour == "ninth" and plan.style.lead.scale == "full"
    for bar in range(grid.bars):
        if not _sounds_in(part, bar, grid.bars):
            continue
        chord, following = plan.chords[bar], plan.chords[(bar + 1) % grid.bars]
        root = nearest(0.5 * (root + part.centre), (chord.root,))
        target = nearest(root, (following.root,))
        ways_in = tuple(range(12)) if chromatic else plan.key.pitch_classes
        for step, length, character in _events(patterns[bar]):
            pitch = root + _bass_interval(character, chord, root, target, ways_in)
            while pitch < 28:
                pitch += 12
            gate_s = (length - 0.12) * grid.step_s
            out.append(Note(feel.start(bar, step), gate_s, pitch, feel.force(0.55 if character == "r" else 0.85)))
    return out


def _bass_interval(character: str, chord: Chord, root: int, target: int, ways_in: tuple[int, ...]) -> int:
    if character == "a":
        if target == root:
            return chord.fifth
        away = -1 if target > root else 1
        near = target + away if (target + away) % 12 in ways_in else target + 2 * away
        return near - root
    return {"3": chord.third, "5": chord.fifth, "7": chord.seventh, "8": 12}.get(character, 0)


def _harmony(plan: Plan, part: PartStyle, rng: np.random.Generator) -> list[Note]:
    grid, feel = plan.grid, _Feel(plan, rng)
    patterns = _bars_of(part, grid, rng)
    voicings = lead_voices(list(plan.chords), part.centre, part.voices)
    out: list[Note] = []
    for bar in range(grid.bars):
        if not _sounds_in(part, bar, grid.bars):
            continue
        voices = voicings[bar]
        for step, length, character in _events(patterns[bar]):
            gate_s = (length - 0.08) * grid.step_s
            if character in "Xx":
                strum_ms = 9.0 if part.role == "chords" and plan.style.human_ms > 5 else 0.0
                base = 0.86 if character == "X" else 0.62
                for i, midi in enumerate(voices):
                    out.append(Note(feel.start(bar, step, strum_ms * i), gate_s, midi, feel.force(base)))
            else:
                index = int(character) - 1
                midi = voices[index % len(voices)] + 12 * (index // len(voices))
                ringing = gate_s * (2.0 if part.role == "arp" and length > 1 else 1.0)
                accent = 0.8 if step in grid.beats else 0.64
                out.append(Note(feel.start(bar, step), ringing, midi, feel.force(accent)))
    return out


def _lead(plan: Plan, part: PartStyle, rng: np.random.Generator) -> list[Note]:
    grid, feel = plan.grid, _Feel(plan, rng)
    return [
        Note(feel.start(tune.bar, tune.step), (tune.steps - 0.15) * grid.step_s, tune.midi, feel.force(tune.force))
        for tune in write_melody(plan, part.centre, rng)
        if _sounds_in(part, tune.bar, grid.bars)
    ]


# --- drums ------------------------------------------------------------------------------------------------------------


def _drums(plan: Plan, drums: DrumStyle, rng: np.random.Generator) -> list[Hit]:
    """Yield the groove, its second half thickened by another groove's percussion, with fills at the ends of phrases."""
    grid, feel = plan.grid, _Feel(plan, rng)
    order = rng.permutation(len(drums.patterns))
    groove = dict(drums.patterns[order[0]])
    richer = dict(groove)
    for piece, pattern in drums.patterns[order[-1]].items():
        if piece not in {"kick", "snare", "clap", "boom"}:
            richer.setdefault(piece, pattern)
    out: list[Hit] = []
    for bar in range(grid.bars):
        last, phrase_end = bar == grid.bars - 1, bar % 4 == 3
        fill_from = grid.steps_per_bar
        if drums.fill != "none" and grid.bars > 1 and (last or (phrase_end and float(rng.random()) < 0.6)):
            fill_from = grid.beats[-2 if last and len(grid.beats) > 2 else -1]
        lines = richer if grid.bars >= 4 and bar >= grid.bars // 2 else groove
        for piece, pattern in lines.items():
            for step, _length, character in _events(_bar_of(pattern, bar, grid, held=False)):
                if character == "?" and float(rng.random()) < 0.5:
                    continue
                if step >= fill_from and piece not in {"kick", "ride", "shaker", "open"}:
                    continue
                late = drums.late_ms if piece in {"snare", "rim", "clap"} else 0.0
                force = _FORCES[character]
                if piece in {"hat", "shaker"}:
                    force *= 1.0 if step in grid.beats else 0.86
                out.append(Hit(feel.start(bar, step, late), piece, feel.force(force)))
        out.extend(_fill(plan, drums.fill, bar=bar, fill_from=fill_from, feel=feel, rng=rng))
        if bar == 0 and grid.bars >= 4 and drums.crash:
            out.append(Hit(feel.start(0, 0), "crash", 0.7))
    return out


def _fill(plan: Plan, kind: str, *, bar: int, fill_from: int, feel: _Feel, rng: np.random.Generator) -> list[Hit]:
    """Yield a fill from step ``fill_from`` to the end of the bar, growing towards the next downbeat."""
    grid = plan.grid
    span = grid.steps_per_bar - fill_from
    out: list[Hit] = []
    for i in range(span):
        grow = 0.4 + 0.55 * (i + 1) / span
        step = fill_from + i
        drawn = float(rng.random())
        if kind == "toms":
            if drawn < 0.75 or i % 2 == 0:
                piece = ("snare", "tom_high", "tom_mid", "tom_low")[min(3, 4 * i // span)]
                out.append(Hit(feel.start(bar, step), piece, feel.force(grow)))
        elif kind == "snare":
            if drawn < 0.55 or i % 4 == 0:
                out.append(Hit(feel.start(bar, step), "snare", feel.force(grow if i % 2 == 0 else 0.5 * grow)))
        elif kind == "claps":
            if i % 4 in {0, 3} or (drawn < 0.4 and i > span // 2):
                out.append(Hit(feel.start(bar, step), "clap", feel.force(grow)))
        elif kind == "hats":
            halves = (0.0, 0.5) if i >= span // 2 else (0.0,)
            out.extend(Hit(feel.start(bar, step + half), "hat", feel.force(grow)) for half in halves)
    return out
