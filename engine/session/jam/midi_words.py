# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads the words that a MIDI map binds a control to: a knob, a pad that is held, a switch, a deed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.errors import JamScriptWrong, MidiWordsUnknown
from engine.session.jam.knobs import KNOBS, TEMPO, Place
from engine.session.jam.script import read_script
from engine.values import jam_acts as acts
from engine.values.held import Holdable
from engine.values.jam import USUAL_WANDER, LayerName


class Deed(StrEnum):
    """These deeds are no acts of a jam: who has the jam does them."""

    RECORD = "record"
    STUDIO_START = "studio start"
    STUDIO_STOP = "studio stop"
    STUDIO_SAVE = "studio save"


class Switch(StrEnum):
    """These are on or off for a layer, and a press changes that."""

    MUTE = "mute"
    SOLO = "solo"
    ENDLESS = "endless"


@dataclass(frozen=True, slots=True)
class Turned:
    """A control turns a knob of a place; ``tempo`` has no place of its own."""

    name: str
    place: Place = None


@dataclass(frozen=True, slots=True)
class Switched:
    """A press changes a switch of a layer."""

    switch: Switch
    layer: LayerName


@dataclass(frozen=True, slots=True)
class Held:
    """An effect is held while the control is down."""

    place: Place
    effect: Holdable


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tap queues what lies in a slot; a long press lays what plays into it."""

    layer: LayerName
    slot: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press does these acts, one after the other."""

    acts: tuple[acts.JamAct, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """A press starts the jam, or stops it."""


Words = Turned | Switched | Held | Tapped | Pressed | Played | Deed
"""These are what a control can be bound to."""
_ALONE: dict[str, Words] = {
    "play": Played(),
    "start": Pressed((acts.Start(),)),
    "stop": Pressed((acts.Stop(),)),
    TEMPO: Turned(TEMPO),
    **{str(one): one for one in Deed},
}


def read_words(text: str) -> Words:
    """Return what the words of a map say. Raises MidiWordsUnknown."""
    if text in _ALONE:
        return _ALONE[text]
    first, *rest = text.split() or [""]
    try:
        if first in KNOBS and len(rest) == 1:
            return Turned(first, None if rest[0] == "mix" else LayerName(rest[0]))
        if first in list(Switch) and len(rest) == 1:
            return Switched(Switch(first), LayerName(rest[0]))
        done = read_script(f"0 {text}")[0].acts
    except (ValueError, IndexError, JamScriptWrong) as error:
        raise MidiWordsUnknown(text=text) from error
    match done:
        case (acts.Hold(place, effect),) if effect is not None:
            return Held(place, effect)
        case (acts.QueueSlot(layer, slot, None),):
            return Tapped(layer, slot)
    return Pressed(done)


def switched(switch: Switch, layer: LayerName, *, is_on: bool) -> acts.JamAct:
    """Return the act that sets a switch."""
    if switch is Switch.MUTE:
        return acts.SetMute(layer, is_on)
    if switch is Switch.SOLO:
        return acts.SetSolo(layer, is_on)
    return acts.SetEndless(layer, USUAL_WANDER if is_on else None)
