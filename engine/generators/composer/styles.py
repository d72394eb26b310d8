# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads styles from ``resources/styles/*.toml`` (the README there says how to add one)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.generators.composer.drums import KITS, PIECES
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.theory import COLOURS, MODES

STYLES_FOLDER = Path(__file__).resolve().parents[3] / "resources" / "styles"
ROLES = ("bass", "chords", "arp", "pad", "lead", "counter")
_STEPS = 16


@dataclass(frozen=True, slots=True)
class PartStyle:
    """A player's style: what it may play on, how, and where it stands in the mix; the lead has no ``patterns``."""

    role: str
    instruments: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    centre: int = 60
    voices: int = 4
    level_db: float = 0.0
    pan: float = 0.0
    room: float = 0.0
    echo: float = 0.0
    duck: float = 0.0
    low_pass_hz: float = 0.0
    high_pass_hz: float = 0.0
    bars: tuple[float, float] = (0.0, 1.0)
    metres: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Groove:
    """A groove is a bar or more of drums, written for a metre: each drum with its pattern."""

    metre: str
    lines: dict[str, str]


@dataclass(frozen=True, slots=True)
class DrumStyle:
    """The drums' style: a kit, its grooves (piece to pattern), how it fills, whether a cymbal marks the first bar."""

    kit: str
    patterns: tuple[Groove, ...]
    level_db: float = 0.0
    fill: str = "snare"
    late_ms: float = 0.0
    crash: bool = True
    variation: float = 0.25
    fills: tuple[Groove, ...] = ()

    def grooves_in(self, metre: str) -> tuple[Groove, ...]:
        mine = tuple(one for one in self.patterns if one.metre == metre)
        return mine or tuple(one for one in self.patterns if one.metre == "4/4")


@dataclass(frozen=True, slots=True)
class LeadStyle:
    """The lead's style: notes in a busy bar, the share of bars that rest, and the scale: "full" or "pentatonic"."""

    notes: int
    rest: float
    scale: str


@dataclass(frozen=True, slots=True)
class MixStyle:
    """The mix's style: room (decay in seconds, damping corner in Hz), drive into the master, echo, wear, wind."""

    room_s: float
    room_hz: float
    drive: float
    echo_steps: float = 3.0
    echo: float = 0.0
    low_pass_hz: float = 0.0
    crackle: float = 0.0
    air: float = 0.0
    wobble: float = 0.0


@dataclass(frozen=True, slots=True)
class Style:
    """A style is a way of making music; the fields are those of its TOML file."""

    name: str
    title: str
    words: tuple[str, ...]
    hints: tuple[str, ...]
    moods: tuple[str, ...]
    tempo: tuple[float, float]
    swing: float
    human_ms: float
    modes: tuple[str, ...]
    colour: str
    bright: float
    minor: tuple[str, ...]
    major: tuple[str, ...]
    lead: LeadStyle
    mix: MixStyle
    parts: tuple[PartStyle, ...]
    drums: DrumStyle | None
    swing_unit: int = 16
    bars_per_chord: int = 1
    metre: str = "4/4"
    turns_minor: tuple[str, ...] = ()
    turns_major: tuple[str, ...] = ()
    arc: str = "wave"


@lru_cache(maxsize=1)
def styles() -> dict[str, Style]:
    """Return every style, by name. Raises ValueError naming the file when one is wrong."""
    out: dict[str, Style] = {}
    for path in sorted(STYLES_FOLDER.glob("*.toml")):
        name = path.stem.replace("_", " ")
        try:
            out[name] = _style(name, tomllib.loads(path.read_text("utf-8")))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"style file {path.name}: {error}") from error
    return out


def _style(name: str, data: dict[str, Any]) -> Style:
    drums = data.pop("drums", None)
    parts = tuple(PartStyle(**_frozen(part)) for part in data.pop("part"))
    lead, mix = LeadStyle(**data.pop("lead")), MixStyle(**data.pop("mix"))
    kit = None
    if drums is not None:
        grooves = tuple(
            Groove("4/4", {piece: _pattern(text) for piece, text in groove.items()}) for groove in drums.pop("pattern")
        )
        kit = DrumStyle(patterns=grooves, **drums)
        _known("kit", {kit.kit}, set(KITS))
        _known("drum", {piece for groove in grooves for piece in groove.lines}, set(PIECES))
    for part in parts:
        _known("role", {part.role}, set(ROLES))
        _known("instrument", set(part.instruments), set(INSTRUMENTS))
    style = Style(name=name, lead=lead, mix=mix, parts=parts, drums=kit, **_frozen(data))
    _known("mode", set(style.modes), set(MODES))
    _known("colour", {style.colour}, set(COLOURS))
    return style


def _frozen(data: dict[str, Any]) -> dict[str, Any]:
    out = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    if "patterns" in out:
        out["patterns"] = tuple(_pattern(text) for text in out["patterns"])
    return out


def _pattern(text: str) -> str:
    steps = text.replace(" ", "").replace("|", "")
    if not steps or len(steps) % _STEPS:
        raise ValueError(f"pattern “{text}” has {len(steps)} steps, not a whole number of {_STEPS}")
    return steps


def _known(what: str, names: set[str], choices: set[str]) -> None:
    if strange := names - choices:
        raise ValueError(f"unknown {what}: {', '.join(sorted(strange))}")
