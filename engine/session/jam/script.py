# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam's script says in lines of text what a performer does at which bar: renders and tests play by it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.errors import JamScriptWrong
from engine.session.jam.jam import Jam
from engine.values import Effects
from engine.values.jam import LayerName, SwapAt

MOST_BARS = 100_000
"""Latest bar of a script that is believed."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A line of a script: at ``bars`` over on the clock the performer does something; ``number`` is its place in it."""

    number: int
    bars: Fraction
    verb: str
    words: tuple[str, ...]

    def act(self, jam: Jam) -> None:
        """Do it. Raises JamScriptWrong, and what the jam raises."""
        try:
            _VERBS[self.verb](jam, list(self.words))
        except (ValueError, IndexError) as error:
            raise JamScriptWrong(line=self.number, text=" ".join((self.verb, *self.words)), help=HELP) from error


def read_script(text: str) -> list[ScriptLine]:
    """Return a script's lines, in the order of their bars; blank lines and what follows a ``#`` say nothing.

    Raises JamScriptWrong for a line that is none: without a bar, or with a verb that there is not.
    """
    lines = []
    for number, raw in enumerate(text.splitlines(), 1):
        try:
            words = shlex.split(raw, comments=True)
        except ValueError as error:
            raise JamScriptWrong(line=number, text=raw.strip(), help=HELP) from error
        if not words:
            continue
        bars = _bars(words[0])
        if bars is None or len(words) < 2 or words[1] not in _VERBS:
            raise JamScriptWrong(line=number, text=raw.strip(), help=HELP)
        lines.append(ScriptLine(number, bars, words[1], tuple(words[2:])))
    return sorted(lines, key=lambda one: one.bars)


def _bars(text: str) -> Fraction | None:
    """Return bars as “8” or “8.25”, or None."""
    try:
        bars = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return bars if 0 <= bars <= MOST_BARS else None


def _layer(words: list[str]) -> LayerName:
    return LayerName(words.pop(0))


def _make(jam: Jam, words: list[str]) -> None:
    name = _layer(words)
    if words:
        jam.set_prompt(name, replace(jam.layers[name].prompt, prompt=" ".join(words)))
    jam.make(name)


def _slot(jam: Jam, words: list[str]) -> None:
    name, number, at = _layer(words), int(words.pop(0)), SwapAt(words.pop(0)) if words else None
    jam.queue_slot(name, number, at)


def _effects(jam: Jam, words: list[str]) -> None:
    name = _layer(words)
    values: dict[str, float] = {}
    for word in words:
        key, _, value = word.partition("=")
        if key not in ("highpass_hz", "lowpass_hz", "reverb", "room"):
            raise ValueError(key)
        values[key] = float(value)
    jam.mix.set_effects(name, replace(Effects(), **values))


def _swap(jam: Jam, words: list[str]) -> None:
    jam.set_swap(SwapAt(words.pop(0)), float(words.pop(0)) if words else None)


def _is_on(words: list[str]) -> bool:
    word = words.pop(0) if words else "on"
    if word not in ("on", "off"):
        raise ValueError(word)
    return word == "on"


_VERBS: dict[str, Callable[[Jam, list[str]], None]] = {
    "tempo": lambda jam, words: jam.set_tempo(float(words[0])),
    "metre": lambda jam, words: jam.set_metre(words[0]),
    "key": lambda jam, words: jam.set_key(" ".join(words)),
    "bars": lambda jam, words: jam.set_bars(int(words[0])),
    "swap": _swap,
    "make": _make,
    "slot": _slot,
    "assign": lambda jam, words: jam.assign(_layer(words), int(words[0])),
    "back": lambda jam, words: jam.go_back(_layer(words)),
    "call-off": lambda jam, words: jam.call_off(_layer(words)),
    "silence": lambda jam, words: jam.silence(_layer(words)),
    "gain": lambda jam, words: jam.mix.set_gain(_layer(words), float(words[0])),
    "mute": lambda jam, words: jam.mix.set_mute(_layer(words), is_muted=_is_on(words)),
    "solo": lambda jam, words: jam.mix.set_solo(_layer(words), is_solo=_is_on(words)),
    "effects": _effects,
}
HELP = ", ".join(_VERBS)
"""The verbs that there are."""


def last_bar(script: Sequence[ScriptLine]) -> Fraction:
    """Return the bar of the last line, 0 for none."""
    return max((one.bars for one in script), default=Fraction(0))
