# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads the word lists of ``resources/words/*.toml`` (the README there says how to add a word)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from engine.generators.composer.reading.text import plain_phrase
from engine.generators.composer.theory import MODES
from engine.generators.composer.vocabulary import MOODS

WORDS_FOLDER = Path(__file__).resolve().parents[4] / "resources" / "words"

GRAMMAR = ("no", "not", "except", "only", "ends", "or", "and", "free", "more", "less", "opposite", "stop", "units")
"""Names of the lists of ``grammar.toml``, which hold a prompt together."""

ROLES = ("drums", "bass", "chords", "arp", "pad", "lead")
"""Names of the roles that a word may stand for."""

_Meaning = TypeVar("_Meaning")
_AMOUNTS = ("energy", "density", "brightness", "space")
_FEELING_FILES = {"moods": "mood", "feel": "feel", "eras": "feel", "tempo": "tempo"}
_SOUND_FILES = ("instruments", "drums")


@dataclass(frozen=True, slots=True)
class Feeling:
    """A feeling is a word for how a piece feels, with what it changes; fields as in ``Brief``.

    Attributes
    ----------
    kind
        The kind of its chip: "mood", "feel" or "tempo".
    bpm
        Beats per minute that a tempo marking stands for, or 0.
    """

    name: str
    kind: str
    moods: tuple[str, ...] = ()
    energy: float = 0.0
    density: float = 0.0
    brightness: float = 0.0
    space: float = 0.0
    grit: float = 0.0
    rain: float = 0.0
    swing: float | None = None
    half_time: int = 0
    pace: int = 0
    bpm: float = 0.0

    @property
    def has_amounts(self) -> bool:
        """Whether there can be less of it."""
        return any((self.energy, self.density, self.brightness, self.space, self.grit, self.rain))


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound is something that plays or must not play.

    Attributes
    ----------
    plays
        Names of instruments in order of preference: the first there is plays.
    pieces
        Drums, of which all that there are play.
    stand_ins
        Instruments or drums for where none of the above is there.
    covers, contains
        When it is excluded, so are these instruments and drums, and those that have one of these words in their name.
    role
        The role that it stands for, or "".
    kit
        The drum kit that it stands for, or "".
    """

    name: str
    plays: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    role: str = ""
    kit: str = ""


@dataclass(frozen=True, slots=True)
class WordLists:
    """All word lists, plain phrase to meaning; ``absent`` holds phrases that say that a sound is absent: "drumless"."""

    feelings: dict[str, Feeling] = field(default_factory=dict)
    sounds: dict[str, Sound] = field(default_factory=dict)
    absent: dict[str, Sound] = field(default_factory=dict)
    metres: dict[str, tuple[int, int]] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    grammar: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    near: dict[str, tuple[Feeling, ...]] = field(default_factory=dict)
    near_styles: dict[str, tuple[str, ...]] = field(default_factory=dict)


class _WrongError(ValueError):
    """Something in a word list is wrong; ``what`` is looked up in the file for its line, the first or the last."""

    def __init__(self, message: str, what: str, *, last: bool = False) -> None:
        super().__init__(message)
        self.what = what
        self.last = last


@lru_cache(maxsize=2)
def word_lists(folder: Path = WORDS_FOLDER) -> WordLists:
    """Return all word lists. Raises ValueError with one sentence that names file and line when one is wrong."""
    lists = WordLists()
    # The thesaurus comes last, as it names the feelings of all other files.
    for path in sorted(folder.glob("*.toml"), key=lambda path: (path.stem == "thesaurus", path.name)):
        text = path.read_text("utf-8")
        try:
            _read(path.stem, tomllib.loads(text), lists)
        except _WrongError as error:
            raise ValueError(f"word list {path.name}, line {_line(text, error)}: {error}") from error
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"word list {path.name}: {error}") from error
    return lists


def _line(text: str, error: _WrongError) -> int:
    what = re.escape(error.what)
    quoted = re.compile(rf"""["'\[]{what}["'\],]|^{what} *=|, *{what}\b""")
    lines = [at for at, line in enumerate(text.splitlines(), 1) if quoted.search(line)] or [1]
    return lines[-1 if error.last else 0]


def _read(stem: str, data: dict[str, Any], lists: WordLists) -> None:
    for name, entry in data.items():
        if stem in _FEELING_FILES:
            _feeling(name, _table(name, entry), _FEELING_FILES[stem], lists)
        elif stem in _SOUND_FILES:
            _sound(name, _table(name, entry), lists)
        elif stem == "metres":
            _add(lists.metres, _phrases(name, _table(name, entry)), _metre(name))
        elif stem == "modes":
            _one_of("mode", name, MODES)
            _add(lists.modes, _phrases(name, _table(name, entry)), name)
        elif stem == "grammar" and name == "numbers":
            for word, number in _table(name, entry).items():
                lists.numbers[word] = int(_number(word, number))
        elif stem == "grammar":
            _one_of("list", name, GRAMMAR)
            _add(lists.grammar, _phrases(name, _table(name, entry)), name)
        elif stem == "styles":
            _add(lists.near_styles, _strings(name, entry), _targets(name))
        elif stem == "thesaurus":
            known = {feeling.name: feeling for feeling in lists.feelings.values()}
            for target in _targets(name):
                _one_of("target", target, known, name)
            _add(lists.near, _strings(name, entry), tuple(known[target] for target in _targets(name)))
        else:
            raise _WrongError(f"no such word list as “{stem}”: it would not be read", name)


def _feeling(name: str, entry: dict[str, Any], kind: str, lists: WordLists) -> None:
    phrases = _phrases(name, entry)
    for mood in entry.get("moods", ()):
        _one_of("mood", mood, MOODS)
    for key, value in entry.items():
        if key == "moods":
            continue
        low, high = {"swing": (0, 1), "rain": (0, 1), "bpm": (30, 300)}.get(key, (-1, 1))
        if not low <= _number(name, value) <= high:
            raise _WrongError(f"“{name}” has {key} {value}, which is not in {low} to {high}", name)
    strange = set(entry) - {"moods", *_AMOUNTS, "grit", "rain", "swing", "half_time", "pace", "bpm"}
    if strange:
        raise _WrongError(f"“{name}” has an unknown field: {', '.join(sorted(strange))}", min(strange))
    moods = tuple(entry.pop("moods", ()))
    _add(lists.feelings, phrases, Feeling(name, kind, moods, **entry))


def _sound(name: str, entry: dict[str, Any], lists: WordLists) -> None:
    phrases = _phrases(name, entry)
    absent = _strings(name, entry.pop("absent", []))
    role, kit = entry.pop("role", ""), entry.pop("kit", "")
    if role:
        _one_of("role", role, ROLES)
    entry["stand_ins"] = entry.pop("else", [])
    strange = set(entry) - {"plays", "pieces", "stand_ins", "covers", "contains"}
    if strange:
        raise _WrongError(f"“{name}” has an unknown field: {', '.join(sorted(strange))}", min(strange))
    sound = Sound(name, role=role, kit=kit, **{key: _strings(name, value) for key, value in entry.items()})
    _add(lists.sounds, phrases, sound)
    _add(lists.absent, absent, sound)


def _table(name: str, entry: object) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise _WrongError(f"“{name}” is not a table, as in [{name}]", name)
    return dict(entry)


def _phrases(name: str, entry: dict[str, Any]) -> tuple[str, ...]:
    return _strings(name, entry.pop("en", [])) + _strings(name, entry.pop("it", []))


def _strings(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise _WrongError(f"“{name}” has something that is not a list of words", name)
    return tuple(value)


def _number(name: str, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _WrongError(f"“{name}” has something that is not a number: {value}", name)
    return value


def _targets(name: str) -> tuple[str, ...]:
    return tuple(target.strip() for target in name.split(","))


def _metre(name: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)/(\d+)", name)
    if match is None:
        raise _WrongError(f"“{name}” is not a metre such as 3/4", name)
    return int(match[1]), int(match[2])


def _one_of(what: str, name: str, choices: Collection[str], where: str = "") -> None:
    if name not in choices:
        raise _WrongError(f"unknown {what}: {name}", where or name)


def _add(table: dict[str, _Meaning], phrases: tuple[str, ...], value: _Meaning) -> None:
    for phrase in phrases:
        plain = " ".join(plain_phrase(phrase))
        if not plain or table.get(plain, value) != value:
            raise _WrongError(f"“{phrase}” is there twice" if plain else f"“{phrase}” is no word", phrase, last=True)
        table[plain] = value
