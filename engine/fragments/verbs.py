# SPDX-License-Identifier: GPL-3.0-or-later
"""Verbs are what a station is asked by a line that is typed, or by an OSC message: a word, then numbers and texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.errors import UnknownChoice, WrongKind
from engine.fragments.station import Station
from engine.values.fragments import FragmentMode

Word = str | int | float


def perform(station: Station, verb: str, words: Sequence[Word]) -> None:
    """Do what a verb says.

    Parameters
    ----------
    verb
        One of ``VERBS``.
    words
        As they came: a slot's number may be any kind of number, or a text of digits.

    Raises
    ------
    StudioError
        In one sentence: the verb is none, lacks something, or cannot be done.
    """
    if verb not in VERBS:
        raise UnknownChoice(name="verb", value=verb[:40], choices=", ".join(VERBS))
    VERBS[verb](station, verb, list(words))


def _generate(station: Station, verb: str, words: list[Word]) -> None:
    slot = _number(verb, words) if words and _is_number(words[0]) else None
    station.generate(_text(words), slot)


def _prompt(station: Station, verb: str, words: list[Word]) -> None:
    if words and _is_number(words[0]):
        number = _number(verb, words)
        station.set_prompt(number, _text(words))
    else:
        text = _text(words)
        station.set_prompts([text] if text else [])


def _taken(station: Station, verb: str, words: list[Word]) -> None:
    station.take(_number(verb, words))


def _freeze(station: Station, verb: str, words: list[Word]) -> None:
    number = _number(verb, words)
    station.freeze(number, is_frozen=not words or _number(verb, words) != 0)


def _release(station: Station, verb: str, words: list[Word]) -> None:
    station.freeze(_number(verb, words), is_frozen=False)


def _clear(station: Station, verb: str, words: list[Word]) -> None:
    station.clear(_number(verb, words))


def _every(station: Station, verb: str, words: list[Word]) -> None:
    seconds = _float(verb, words)
    if seconds == 0.0:
        station.set_mode(FragmentMode.BY_HAND)
    else:
        station.set_mode(FragmentMode.EVERY, seconds)


def _when_taken(station: Station, _verb: str, _words: list[Word]) -> None:
    station.set_mode(FragmentMode.WHEN_TAKEN)


def _by_hand(station: Station, _verb: str, _words: list[Word]) -> None:
    station.set_mode(FragmentMode.BY_HAND)


def _stop(station: Station, _verb: str, _words: list[Word]) -> None:
    station.stop()


VERBS: dict[str, Callable[[Station, str, list[Word]], None]] = {
    "generate": _generate,
    "prompt": _prompt,
    "taken": _taken,
    "freeze": _freeze,
    "release": _release,
    "clear": _clear,
    "every": _every,
    "when-taken": _when_taken,
    "by-hand": _by_hand,
    "stop": _stop,
}
"""Functions by the words that call them."""


def _is_number(word: Word) -> bool:
    return not isinstance(word, str) or (word.isascii() and word.isdigit())


def _float(verb: str, words: list[Word]) -> float:
    word = words.pop(0) if words else ""
    try:
        return float(word.replace(",", ".") if isinstance(word, str) else word)
    except ValueError:
        raise WrongKind(name=verb, value=str(word)[:40], kind="a number") from None


def _number(verb: str, words: list[Word]) -> int:
    """Return the first word as a whole number, and leave the others."""
    word = words[0] if words else ""
    number = _float(verb, words)
    if not number.is_integer():
        raise WrongKind(name=verb, value=str(word)[:40], kind="a whole number")
    return int(number)


def _text(words: list[Word]) -> str:
    return " ".join(" ".join(str(word) for word in words).split())
