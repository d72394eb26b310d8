# SPDX-License-Identifier: GPL-3.0-or-later
"""A family of clips is one piece: what each keeps of the one before, and how far it moves from there.

What is kept is written as text into the clip's ``Family``: the style, key and tempo, and for each concern (the motif,
the progression, the cast, the groove …) the seed that its random stream had. A concern that is renewed takes the seed
of the new clip. All that is not kept, such as how the motif is varied, is new in each clip: none repeats another.
"""

from __future__ import annotations

import json
import math
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass, field, replace

from engine.generators.composer.plan import Plan
from engine.generators.composer.prompt import Brief
from engine.generators.composer.streams import Streams
from engine.generators.composer.theory import MODES, Key
from engine.values import Family

# Chance that a concern is renewed from one clip to the next: at "stay", and how much more at "wander".
_RENEWED = {
    "progression": (0.08, 0.8),
    "turnaround": (0.3, 0.5),
    "inversions": (0.3, 0.5),
    "motif": (0.0, 0.7),
    "groove": (0.05, 0.6),
    "cast": (0.0, 0.6),
    "sound": (0.0, 0.3),
    "drum": (0.0, 0.3),
    "room": (0.0, 0.2),
    "mode": (0.0, 0.0),
}
_RELATED_SHARE = 0.45  # of the clips at "wander" that move to a related key
_TEMPO_SPREAD = 0.04  # of a step in tempo at "wander", as a share of it
_LEAST_PERIOD, _MOST_PERIOD = 7, 12
_SWING, _BREAKDOWN = 0.55, -0.9  # of the energy over a period of clips, in [-1, 1]


@dataclass(frozen=True, slots=True)
class Memory:
    """A memory is what a clip leaves to the next."""

    style: str
    tonic: int
    mode: str
    tempo_bpm: float
    metre: tuple[int, int]
    take: int
    seeds: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A beginning is what a clip starts from.

    Attributes
    ----------
    brief
        The request's, with what the family keeps where the words leave it open.
    streams
        The clip's own, with the family's for what is kept.
    take
        Which progression is tried first.
    """

    brief: Brief
    streams: Streams
    take: int
    name: str
    age: int
    seeds: dict[str, int]


def begin(brief: Brief, seed: int, follows: Family | None, evolve: float, every: Container[str]) -> Beginning:
    """Return what a clip starts from: nothing but its seed, or the clip before it.

    ``evolve`` is in [0, 1]. A memory that cannot be read, or whose style is none of ``every``, counts as none.
    """
    memory = _read(follows.memory) if follows is not None else None
    if follows is None or memory is None or memory.style not in every:
        seeds = dict.fromkeys(_RENEWED, seed)
        return Beginning(brief, Streams(seed, seeds), 0, f"{abs(seed):x}", 0, seeds)
    age = follows.age + 1
    drawing = Streams(seed)
    seeds = dict(memory.seeds)
    for concern, (least, more) in _RENEWED.items():
        if float(drawing("evolve", concern).random()) < least + more * evolve**1.5:
            seeds[concern] = seed
    renews = seeds.get("progression") == seed
    brief = _kept(brief, memory, drawing, evolve)
    brief = replace(brief, energy=min(1.0, max(-1.0, brief.energy + _energy(follows.name, age))))
    return Beginning(brief, Streams(seed, seeds), 0 if renews else memory.take, follows.name, age, seeds)


def family_of(beginning: Beginning, plan: Plan) -> Family:
    """Return the family of the clip that was made of ``plan``, for the next to go on from."""
    memory = Memory(
        style=plan.style.name,
        tonic=plan.key.tonic,
        mode=plan.key.mode,
        tempo_bpm=plan.grid.tempo_bpm,
        metre=plan.grid.metre,
        take=plan.take,
        seeds=beginning.seeds,
    )
    return Family(beginning.name, beginning.age, json.dumps(asdict(memory), separators=(",", ":")))


def _kept(brief: Brief, memory: Memory, drawing: Streams, evolve: float) -> Brief:
    """Return the brief with the family's style, key and tempo wherever the words leave them open."""
    if brief.style is None and not brief.instruments:
        brief = replace(brief, style=memory.style)
    same_style = brief.style == memory.style
    if brief.tonic is None:
        key = _moved(Key(memory.tonic, memory.mode), drawing, evolve)
        mode = brief.mode or (key.mode if same_style else None)
        brief = replace(brief, tonic=key.tonic, mode=mode)
    if brief.tempo_bpm is None and brief.near_bpm is None and not brief.pace and same_style:
        step = float(drawing("evolve", "tempo").normal()) * _TEMPO_SPREAD * evolve**1.5
        brief = replace(brief, tempo_bpm=memory.tempo_bpm * math.exp(max(-0.06, min(0.06, step))))
    if brief.metre is None and same_style:
        brief = replace(brief, metre=memory.metre)
    return brief


def _moved(key: Key, drawing: Streams, evolve: float) -> Key:
    """Return the key, or now and then a related one: the relative, the dominant's or the subdominant's."""
    rng = drawing("evolve", "key")
    drawn, pick = float(rng.random()), int(rng.integers(4))
    if drawn >= _RELATED_SHARE * evolve**1.5:
        return key
    if pick < 2:
        return Key((key.tonic + (7, 5)[pick]) % 12, key.mode)
    relative = (key.tonic + (3 if key.is_minor else 9)) % 12
    return Key(relative, "major" if key.is_minor else "minor")


def _energy(name: str, age: int) -> float:
    """Return how much more happens in a clip than the style has it: it rises and falls over a period of clips.

    The last of a period breaks down, so that the next begins again.
    """
    rng = Streams(int(name, 16) if all(one in "0123456789abcdef" for one in name) and name else 0)("energy")
    period = int(rng.integers(_LEAST_PERIOD, _MOST_PERIOD))
    place = age % period
    if place == period - 1:
        return _BREAKDOWN
    return _SWING * math.sin(math.pi * (place / (period - 1)) - 0.35)


def _read(text: str) -> Memory | None:
    """Return the memory in a text, or None where there is none: recipes are files, and people edit files."""
    try:
        data = json.loads(text)
        memory = Memory(
            style=str(data["style"]),
            tonic=int(data["tonic"]) % 12,
            mode=str(data["mode"]),
            tempo_bpm=float(data["tempo_bpm"]),
            metre=(int(data["metre"][0]), int(data["metre"][1])),
            take=max(0, min(99, int(data["take"]))),
            seeds=_seeds(data["seeds"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, RecursionError):
        return None
    if memory.mode not in MODES or not 20.0 <= memory.tempo_bpm <= 400.0:
        return None
    return memory


def _seeds(data: Mapping[str, object]) -> dict[str, int]:
    return {name: value for name, value in data.items() if name in _RENEWED and isinstance(value, int)}
