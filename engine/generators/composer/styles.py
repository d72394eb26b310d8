# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads styles: those of ``resources/styles/*.toml`` (the README there says how), and a person's own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.generators.composer import style_text
from engine.generators.composer.drums import KITS
from engine.generators.composer.grooves import (
    FILL_KINDS,
    RESOURCES,
    Groove,
    read_groove,
    shared_fills,
    shared_grooves,
)
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.style_text import StyleError
from engine.generators.composer.theory import COLOURS, MODES
from engine.library import toml_text
from engine.library.toml_text import Place, WrongValueError

__all__ = [
    "DrumStyle",
    "Groove",
    "LeadStyle",
    "MixStyle",
    "PartStyle",
    "Style",
    "StyleError",
    "style_problems",
    "styles",
]

STYLES_FOLDER = RESOURCES / "styles"
ROLES = ("bass", "chords", "arp", "pad", "lead", "counter")
WRITTEN_ROLES = frozenset({"lead", "counter"})
"""Roles whose notes are composed, and which so have no patterns."""
ARCS = ("steady", "wave", "build", "break", "swell")
SCALES = ("full", "pentatonic")
TONES = ("", "electronic", "band", "orchestra")

_BOUNDS: dict[str, tuple[float, float]] = {
    "swing": (0, 1), "swing_unit": (8, 16), "human_ms": (0, 60), "bright": (0.2, 3), "bars_per_chord": (1, 8),
    "centre": (24, 100), "voices": (1, 6), "level_db": (-24, 12), "pan": (-1, 1), "room": (0, 1), "echo": (0, 1),
    "duck": (0, 1), "low_pass_hz": (0, 20000), "high_pass_hz": (0, 8000), "late_ms": (-40, 60), "variation": (0, 1),
    "notes": (1, 16), "rest": (0, 1), "room_s": (0.1, 12), "room_hz": (500, 16000), "drive": (0, 3),
    "echo_steps": (1, 32), "crackle": (0, 3), "tilt_db": (-3, 3), "air": (0, 3), "rain": (0, 3), "wobble": (0, 3),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartStyle:
    """A player's style: what it may play on, how, and where it stands in the mix.

    Attributes
    ----------
    patterns
        In 4/4; the lead and the counter-line have none, as their notes are composed.
    metres
        Patterns for other metres, by metre ("3/4"); those that are missing are fitted from ``patterns``.
    """

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
class DrumStyle:
    """The drums' style.

    Attributes
    ----------
    patterns
        Its grooves, in any metres.
    fill
        The kind of its fills, "none" for no fills.
    fills
        The written fills: its own, or else those that styles share of that kind.
    crash
        Whether a cymbal marks the first bar.
    variation
        Share of the soft strokes that differ from bar to bar, in [0, 1].
    """

    kit: str
    patterns: tuple[Groove, ...]
    level_db: float = 0.0
    fill: str = "snare"
    late_ms: float = 0.0
    crash: bool = True
    fills: tuple[Groove, ...] = ()
    variation: float = 0.25

    def grooves_in(self, metre: str) -> tuple[Groove, ...]:
        """Return the grooves for a metre: its own, else shared ones, else those in 4/4, which are then fitted."""
        own = tuple(groove for groove in self.patterns if groove.metre == metre)
        shared = tuple(groove for groove in shared_grooves()[self.fill] if groove.metre == metre)
        return own or shared or tuple(groove for groove in self.patterns if groove.metre == "4/4") or self.patterns


@dataclass(frozen=True, slots=True)
class LeadStyle:
    """The lead's style: notes in a busy bar, the share of bars that rest, and the scale: "full" or "pentatonic"."""

    notes: int
    rest: float
    scale: str


@dataclass(frozen=True, slots=True)
class MixStyle:
    """The mix's style.

    Attributes
    ----------
    room_s, room_hz
        The room's decay, and where its highs begin to be damped.
    drive
        How much of the drums is crushed beside them.
    tone
        The kind of music whose spectrum the whole is brought near: one of ``TONES``; empty follows the drums.
    tilt_db
        What that spectrum is turned by, dB an octave: negative is darker.
    """

    room_s: float
    room_hz: float
    drive: float
    echo_steps: float = 3.0
    echo: float = 0.0
    low_pass_hz: float = 0.0
    crackle: float = 0.0
    air: float = 0.0
    rain: float = 0.0
    wobble: float = 0.0
    tone: str = ""
    tilt_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Style:
    """A style is a way of making music; the fields are those of its TOML file.

    Attributes
    ----------
    metre
        Its own metre, where none is asked for.
    turns_minor, turns_major
        What the last bar of the form plays to lead back to bar 1 ("V7", "iim7b5,V7"); empty is the composer's choice.
    arc
        How the arrangement breathes over a clip: "steady", "wave", "build", "break" or "swell".
    """

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


def styles(folder: Path | None = None) -> dict[str, Style]:
    """Return every style, by name; those of a person's own ``folder`` come over the built-in ones of the same names.

    Files of that folder that cannot be used are left out: ``style_problems`` tells which. Raises StyleError for a
    built-in one.
    """
    return _built_in() if folder is None else _merged(folder, _stamp(folder))[0]


def style_problems(folder: Path) -> tuple[str, ...]:
    """Return a sentence with file and line for each file of a person's own folder that cannot be used."""
    return _merged(folder, _stamp(folder))[1]


@lru_cache(maxsize=1)
def _built_in() -> dict[str, Style]:
    out: dict[str, Style] = {}
    for path in sorted(STYLES_FOLDER.glob("*.toml")):
        style = read_style(path)
        _words_are_free(style, out, path)
        out[style.name] = style
    return out


@lru_cache(maxsize=4)
def _merged(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> tuple[dict[str, Style], tuple[str, ...]]:
    if not folder.is_dir():
        return _built_in(), (f"There is no folder of styles at “{folder}”.",)
    own: dict[str, Style] = {}
    problems: list[str] = []
    for name, _time, _size in stamp:
        path = folder / name
        try:
            style = read_style(path)
            _words_are_free(style, own, path)
        except StyleError as error:
            problems.append(str(error))
        else:
            own[style.name] = style
    # A word of a person's own style is no longer a built-in one's.
    words = {word for style in own.values() for word in style.words + style.hints}
    out = {
        name: replace(
            style,
            words=tuple(word for word in style.words if word not in words),
            hints=tuple(word for word in style.hints if word not in words),
        )
        for name, style in _built_in().items()
    }
    return {**out, **own}, tuple(problems)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes when a file of the folder does: names, times and sizes."""
    try:
        files = [(path.name, path.stat()) for path in sorted(folder.glob("*.toml")) if path.is_file()]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)


def read_style(path: Path) -> Style:
    """Return the style of a file. Raises StyleError, with the line, where it cannot be used."""
    text = ""
    try:
        text = toml_text.read_text(path, "a style")
        return _style(path.stem.replace("_", " ").lower(), toml_text.parsed(text))
    except WrongValueError as error:
        raise StyleError(path.name, toml_text.line_of(text, error.place), str(error)) from error


def _words_are_free(style: Style, others: dict[str, Style], path: Path) -> None:
    for other in others.values():
        for key in ("words", "hints"):
            if other.name != style.name and (twice := set(getattr(style, key)) & set(getattr(other, key))):
                word = min(twice)
                line = toml_text.line_of(path.read_text("utf-8-sig"), Place(key=key, value=f'"{word}"'))
                raise StyleError(path.name, line, f"the word “{word}” is also one of the style “{other.title}”.")


def _style(name: str, data: dict[str, Any]) -> Style:
    raw_parts, raw_drums = data.pop("part", None), data.pop("drums", None)
    tables = {}
    for key, kind in (("lead", LeadStyle), ("mix", MixStyle)):
        raw = data.pop(key, None)
        if not isinstance(raw, dict):
            raise WrongValueError(f"the table [{key}] is missing.", Place())
        tables[key] = _checked(kind, raw, Place(key))
    if not isinstance(raw_parts, list) or not all(isinstance(raw, dict) for raw in raw_parts):
        raise WrongValueError("a style needs at least one [[part]].", Place())
    if raw_drums is not None and not isinstance(raw_drums, dict):
        raise WrongValueError("the drums are a table: [drums].", Place(key="drums"))
    head = _checked(Style, data, Place(), without=("name", "lead", "mix", "parts", "drums"))
    head |= {key: tuple(" ".join(word.lower().split()) for word in head[key]) for key in ("words", "hints")}
    parts = tuple(_part(raw, Place("part", i)) for i, raw in enumerate(raw_parts))
    drums = None if raw_drums is None else _drums(raw_drums)
    style = Style(
        name=name, lead=LeadStyle(**tables["lead"]), mix=MixStyle(**tables["mix"]), parts=parts, drums=drums, **head
    )
    for key, choices in (("modes", MODES), ("colour", COLOURS), ("arc", ARCS), ("metre", style_text.METRE_STEPS)):
        value = getattr(style, key)
        toml_text.known(key.removesuffix("s"), (value,) if isinstance(value, str) else value, choices, Place(key=key))
    toml_text.known("scale", (style.lead.scale,), SCALES, Place("lead", 0, "scale"))
    toml_text.known("tone", (style.mix.tone,), TONES, Place("mix", 0, "tone"))
    for key in ("minor", "major", "turns_minor", "turns_major"):
        for text in getattr(style, key):
            style_text.progression(text, Place(key=key))
    for key in ("modes", "minor", "major"):
        if not getattr(style, key):
            raise WrongValueError(f"“{key}” is empty.", Place(key=key))
    for value in style.tempo:
        toml_text.within("tempo", value, (30, 300), Place(key="tempo"))
    return style


def _part(raw: dict[str, Any], place: Place) -> PartStyle:
    metres = raw.pop("metres", {})
    found = _checked(PartStyle, raw, place, without=("metres",))
    toml_text.known("role", (found["role"],), ROLES, Place("part", place.index, "role"))
    strokes = style_text.BASS_STROKES if found["role"] == "bass" else style_text.CHORD_STROKES
    at = Place("part", place.index, "instruments")
    found["instruments"] = tuple(
        toml_text.first_known("instrument", text, INSTRUMENTS, at) for text in found["instruments"]
    )
    if not found["instruments"]:
        raise WrongValueError("a part needs at least one instrument.", at)
    at = Place("part", place.index, "patterns")
    found["patterns"] = tuple(style_text.pattern(text, strokes, "4/4", at) for text in found.get("patterns", ()))
    if not found["patterns"] and found["role"] not in WRITTEN_ROLES:
        raise WrongValueError(f"the {found['role']} needs at least one pattern.", place)
    for value in found.get("bars", ()):
        toml_text.within("bars", value, (0, 1), Place("part", place.index, "bars"))
    if not isinstance(metres, dict):
        raise WrongValueError("“metres” is a table: [part.metres].", Place("part", place.index, "metres"))
    own = {}
    for metre, texts in metres.items():
        at = Place("part.metres", place.index, metre)
        toml_text.known("metre", (metre,), style_text.METRE_STEPS, at)
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            raise WrongValueError("the patterns of a metre are a list of texts.", at)
        own[metre] = tuple(style_text.pattern(text, strokes, metre, at) for text in texts)
    return PartStyle(metres=own, **found)


def _drums(raw: dict[str, Any]) -> DrumStyle:
    tables = {"pattern": raw.pop("pattern", []), "fills": raw.pop("fills", [])}
    found = _checked(DrumStyle, raw, Place("drums"), without=("patterns", "fills"))
    found["kit"] = toml_text.first_known("kit", found["kit"], KITS, Place("drums", 0, "kit"))
    fill = found.get("fill", "snare")
    toml_text.known("kind of fill", (fill,), FILL_KINDS, Place("drums", 0, "fill"))
    read: dict[str, tuple[Groove, ...]] = {}
    for key, raws in tables.items():
        if not isinstance(raws, list) or not all(isinstance(one, dict) for one in raws):
            raise WrongValueError(f"each is a table of its own: [[drums.{key}]].", Place("drums", 0, key))
        read[key] = tuple(read_groove(one, Place(f"drums.{key}", i)) for i, one in enumerate(raws))
    if not read["pattern"]:
        raise WrongValueError("the drums need at least one [[drums.pattern]].", Place("drums"))
    return DrumStyle(patterns=read["pattern"], fills=read["fills"] or shared_fills()[fill], **found)


def _checked(kind: type, raw: dict[str, Any], place: Place, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the values of a table, each of its type and within its bounds."""
    found = toml_text.values(kind, raw, place, without=without)
    for key, value in found.items():
        if key in _BOUNDS and isinstance(value, int | float):
            toml_text.within(key, value, _BOUNDS[key], place)
    return found
