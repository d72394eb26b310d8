# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam's script says in lines of text what a performer does at which bar: renders and tests play by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from engine.errors import JamScriptLineWrong, JamScriptValueWrong, JamScriptWrong, WrongUsage
from engine.generators.standard import key_named
from engine.values import ChannelParameter, Curve, Effects
from engine.values import jam_acts as acts
from engine.values.channels import LfoShape
from engine.values.checked import fraction_of
from engine.values.held import BeatRepeat, Brake, Gate, HeldEffect, Holdable, OwnGate, Stutter, TapeStop
from engine.values.jam import USUAL_WANDER, LayerName, SwapAt, Wah, usual_style
from engine.values.jam_forms import form_of

MOST_BARS = 100_000
"""Latest bar of a script that is believed."""

# Quotes hold a word together from its start, or from a value's. An apostrophe ("don't") and a sharp ("F#") are letters.
_WORD = re.compile(r"""(?:"[^"]*"|(?<![^\s=])'[^']*'|\\.|(?<=[^\s=])'|[^\s"'\\])+""")
_QUOTED = re.compile(r"""\"([^"]*)"|(?<![^=])'([^']*)'|\\(.)""")


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A line of a script, by its number: with ``bars`` over on the clock the performer does this."""

    number: int
    bars: Fraction
    acts: tuple[acts.JamAct, ...]


def read_script(text: str) -> list[ScriptLine]:
    """Return a script's lines, in the order of their bars; blank lines and what follows a ``#`` say nothing.

    Raises JamScriptWrong for a line that is none, JamScriptValueWrong for a value that cannot be.
    """
    lines = []
    for number, raw in enumerate(text.splitlines(), 1):
        verb = ""
        try:
            words = _words(raw)
            if words:
                bars, verb, *words = words
                lines.append(ScriptLine(number, _bars(bars), _acts(verb, words)))
        except WrongUsage as error:
            raise JamScriptValueWrong(line=number, detail=str(error)) from error
        except (ValueError, KeyError, IndexError) as error:
            if verb in _VERBS:
                raise JamScriptLineWrong(line=number, text=raw.strip(), form=form_of(verb)) from error
            raise JamScriptWrong(line=number, text=raw.strip(), help=", ".join(_VERBS)) from error
    return sorted(lines, key=lambda one: one.bars)


def _acts(verb: str, words: list[str]) -> tuple[acts.JamAct, ...]:
    left = _Words(words)
    done = tuple(_VERBS[verb](left))
    if left.rest():
        raise ValueError("more")
    return done


def last_bar(script: Sequence[ScriptLine]) -> Fraction:
    """Return the bar of the last line, 0 for none."""
    return max((one.bars for one in script), default=Fraction(0))


def _words(line: str) -> list[str]:
    """Return a line's words, up to one that begins with a ``#``. Raises ValueError for quotes that stay open."""
    words, at = [], 0
    while (rest := line[at:].lstrip()) and not rest.startswith("#"):
        match = _WORD.match(rest)
        if match is None or rest[match.end() : match.end() + 1].strip():
            raise ValueError(rest)
        words.append(_QUOTED.sub(lambda found: "".join(one or "" for one in found.groups()), match[0]))
        at = len(line) - len(rest) + match.end()
    return words


def _bars(text: str) -> Fraction:
    bars = fraction_of(text)
    if not 0 <= bars <= MOST_BARS:
        raise ValueError(text)
    return bars


class _Words:
    """These words of a line are taken one after the other. What is wrong raises ValueError or IndexError."""

    def __init__(self, words: list[str]) -> None:
        self._words = words

    def layer(self) -> LayerName:
        return LayerName(self._words.pop(0))

    def place(self) -> LayerName | None:
        """Return a layer, or None for “mix”: all of them together."""
        word = self._words.pop(0)
        return None if word == "mix" else LayerName(word)

    def wah(self) -> Wah | None:
        word = self._words.pop(0) if self._words else "0.5"
        if word == "off":
            return None
        wah = Wah(float(word))
        if self._words:
            wah = replace(wah, beats=fraction_of(self._words.pop(0)))
        return replace(wah, shape=LfoShape(self._words.pop(0))) if self._words else wah

    def held(self) -> Holdable | None:
        word = self._words.pop(0)
        if word == "off":
            return None
        if word == "gate":
            return self.gate() if self._words else OwnGate()
        return _HELD[word](fraction_of(self._words.pop(0))) if self._words else _HELD[word]()

    def layers(self) -> tuple[LayerName, ...]:
        """Return one layer or more, up to the end of the line."""
        words, self._words = self._words, []
        if not words:
            raise ValueError("which layers")
        return tuple(map(LayerName, words))

    def parameter(self) -> ChannelParameter:
        return ChannelParameter(self._words.pop(0))

    def curve(self) -> Curve | None:
        """Return a curve by its bars and its values, or None for “off”."""
        word, values, self._words = self._words[0], self._words[1:], []
        return None if word == "off" else Curve(tuple(map(float, values)), fraction_of(word))

    def gate(self) -> Gate:
        """Return a gate by its steps, “x.x.x.x.x.x.x.x.”."""
        steps = self._words.pop(0)
        if set(steps) - {"x", "."}:
            raise ValueError(steps)
        return Gate(tuple(float(one == "x") for one in steps))

    def number(self) -> float:
        return float(self._words.pop(0))

    def whole(self) -> int:
        return int(self._words.pop(0))

    def at(self) -> SwapAt | None:
        return SwapAt(self._words.pop(0)) if self._words else None

    def is_on(self) -> bool:
        word = self._words.pop(0) if self._words else "on"
        if word not in ("on", "off"):
            raise ValueError(word)
        return word == "on"

    def wander(self) -> float | None:
        word = self._words.pop(0) if self._words else str(USUAL_WANDER)
        return None if word == "off" else float(word)

    def style(self, layer: LayerName) -> float | None:
        word = self._words.pop(0) if self._words else ""
        return None if word == "off" else float(word or usual_style(layer))

    def values(self) -> tuple[tuple[str, str], ...]:
        pairs = [one.partition("=") for one in self._words]
        if not pairs or not all(name and equals for name, equals, _ in pairs):
            raise ValueError(" ".join(self._words))
        self._words = []
        return tuple((name, value) for name, _, value in pairs)

    def text(self) -> str:
        return self._words.pop(0)

    def takes(self, word: str) -> bool:
        """Return whether this word comes next, which is then taken."""
        is_next = self._words[:1] == [word]
        del self._words[:is_next]
        return is_next

    def rest(self) -> str:
        words, self._words = " ".join(self._words), []
        return words

    def key(self) -> str:
        """Return a key's usual name, or "" for any."""
        words = self.rest()
        return key_named(words) if words else ""

    def effects(self) -> tuple[tuple[str, float | Fraction], ...]:
        """Return values of effects by their names, one at least."""
        known = {one.name for one in fields(Effects)}
        values: dict[str, Any] = {}
        if not self._words:
            raise ValueError("which effects")
        while self._words:
            name, _, value = self._words.pop(0).partition("=")
            if name not in known:
                raise ValueError(name)
            values[name] = fraction_of(value) if name == "delay_beats" else float(value)
        # What no effects can have is refused here, where the line is known.
        replace(Effects(), **values)
        return tuple(values.items())


def _make(words: _Words) -> Iterator[acts.JamAct]:
    layer, prompt = words.layer(), words.rest()
    if prompt:
        yield acts.SetWords(layer, prompt)
    yield acts.Make(layer)


def _generator(words: _Words) -> Iterator[acts.JamAct]:
    layer, name = words.layer(), words.text()
    yield acts.SetGenerator(layer, "" if name == "usual" else name, words.rest())


def _style(words: _Words) -> Iterator[acts.JamAct]:
    layer = words.layer()
    yield acts.SetStyle(layer, words.style(layer))


def _bring(words: _Words) -> Iterator[acts.JamAct]:
    layer, path = words.layer(), words.text()
    slot = words.whole() if words.takes("slot") else None
    yield acts.Bring(layer, path, slot, is_transposed=words.takes("transposed"))


def _swap(words: _Words) -> Iterator[acts.JamAct]:
    at = words.at()
    if at is None:
        raise ValueError("where")
    fade = words.rest()
    yield acts.SetSwap(at, float(fade) if fade else None)


def _effects(words: _Words) -> Iterator[acts.JamAct]:
    place = words.place()
    yield acts.SetEffects(place, Effects()) if words.takes("off") else acts.ChangeEffects(place, words.effects())


def _one(make: Callable[[_Words], acts.JamAct]) -> Callable[[_Words], Iterator[acts.JamAct]]:
    return lambda words: iter((make(words),))


_HELD: dict[str, Callable[..., HeldEffect]] = {
    "stutter": Stutter,
    "repeat": BeatRepeat,
    "tape-stop": TapeStop,
    "brake": Brake,
}

_VERBS: dict[str, Callable[[_Words], Iterator[acts.JamAct]]] = {
    "tempo": _one(lambda words: acts.SetTempo(words.number())),
    "metre": _one(lambda words: acts.SetMetre(words.rest())),
    "key": _one(lambda words: acts.SetKey(words.key())),
    "bars": _one(lambda words: acts.SetBars(words.whole())),
    "swap": _swap,
    "make": _make,
    "make-together": _one(lambda words: acts.MakeTogether(words.layers())),
    "words": _one(lambda words: acts.SetWords(words.layer(), words.rest())),
    "generator": _generator,
    "endless": _one(lambda words: acts.SetEndless(words.layer(), words.wander())),
    "reseed": _one(lambda words: acts.Reseed(words.layer())),
    "style": _style,
    "set": _one(lambda words: acts.SetValues(words.layer(), words.values())),
    "bring": _bring,
    "record": _one(lambda words: acts.RecordPhrase(words.layer())),
    "overdub": _one(lambda words: acts.Overdub(words.layer())),
    "record-cancel": _one(lambda _words: acts.CancelPhrase()),
    "half": _one(lambda words: acts.HalveLoop(words.layer())),
    "double": _one(lambda words: acts.DoubleLoop(words.layer())),
    "slot": _one(lambda words: acts.QueueSlot(words.layer(), words.whole(), words.at())),
    "scene": _one(lambda words: acts.QueueScene(words.whole(), words.at())),
    "assign": _one(lambda words: acts.Assign(words.layer(), words.whole())),
    "name": _one(lambda words: acts.NameSlot(words.layer(), words.whole(), words.rest())),
    "back": _one(lambda words: acts.GoBack(words.layer())),
    "forward": _one(lambda words: acts.GoBack(words.layer(), 1)),
    "call-off": _one(lambda words: acts.CallOff(words.layer())),
    "silence": _one(lambda words: acts.Silence(words.layer())),
    "gain": _one(lambda words: acts.SetGain(words.place(), words.number())),
    "mute": _one(lambda words: acts.SetMute(words.layer(), words.is_on())),
    "solo": _one(lambda words: acts.SetSolo(words.layer(), words.is_on())),
    "wah": _one(lambda words: acts.SetWah(words.place(), words.wah())),
    "arm": _one(lambda words: acts.ArmAutomation(words.is_on())),
    "touch": _one(lambda words: acts.Touch(words.place(), words.parameter(), words.is_on())),
    "automate": _one(lambda words: acts.SetAutomation(words.place(), words.parameter(), words.curve())),
    "gate": _one(lambda words: acts.SetGate(words.place(), words.gate())),
    "hold": _one(lambda words: acts.Hold(words.place(), words.held())),
    "effects": _effects,
}
