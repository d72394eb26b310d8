# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what MIDI says to a jam: controls, the words that each is bound to, and the ports there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

MIDI_CHANNELS = 16
MOST_7_BITS, MOST_14_BITS = 127, 16_383
"""Largest values of a control change or a note's velocity, and of the pitch wheel."""
MOST_BINDINGS = 512
"""Number of controls that can be bound."""

DOWN = 0.5
"""Value of a control change, or of the pitch wheel, from which on its button is down."""
_NOTE_OFF, _NOTE_ON, _CONTROL_CHANGE, _PITCH_WHEEL = 0x80, 0x90, 0xB0, 0xE0


class MidiKind(StrEnum):
    """The kinds of controls, as they are written in a map."""

    NOTE = "note"
    CC = "cc"
    PITCH = "pitch"


@dataclass(frozen=True, slots=True)
class MidiControl:
    """A MIDI control is a key or pad (note), a fader, knob or button (control change), or the pitch wheel.

    Attributes
    ----------
    number
        Of the note or the control change, in [0, 127]; 0 for the pitch wheel.
    channel
        In [1, 16]; None is any.
    """

    kind: MidiKind
    number: int = 0
    channel: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.number <= MOST_7_BITS or not (self.channel is None or 1 <= self.channel <= MIDI_CHANNELS):
            raise ValueError(str(self))

    def __str__(self) -> str:
        """Return it as a map has it: “cc 20”, “note 36 channel 10”, “pitch”."""
        number = "" if self.kind is MidiKind.PITCH else f" {self.number}"
        return f"{self.kind}{number}" + ("" if self.channel is None else f" channel {self.channel}")

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the control that a map's words name. Raises ValueError."""
        words = text.lower().split()
        channel = None
        if words[-2:-1] == ["channel"]:
            channel = int(words.pop())
            words.pop()
        kind = MidiKind(words[0]) if words else None
        if kind is None or len(words) != (1 if kind is MidiKind.PITCH else 2):
            raise ValueError(text)
        return cls(kind, 0 if kind is MidiKind.PITCH else int(words[1]), channel)


@dataclass(frozen=True, slots=True)
class MidiMessage:
    """A MIDI message tells that a control was moved.

    Attributes
    ----------
    control
        With its channel.
    value
        In [0, 1]: a note's velocity (0 is its release), where a knob stands, or the wheel.
    at_s
        When it came, by the monotonic clock.
    port
        Name of the port.
    """

    control: MidiControl
    value: float
    at_s: float = 0.0
    port: str = ""

    @property
    def is_down(self) -> bool:
        """Return whether a key, or a control that is a button, is down by it."""
        return self.value > 0.0 if self.control.kind is MidiKind.NOTE else self.value >= DOWN


def midi_message(data: bytes, at_s: float = 0.0, port: str = "") -> MidiMessage | None:
    """Return what these bytes say; None for what is no note, no control change and no pitch wheel."""
    if len(data) != 3 or max(data[1:]) > MOST_7_BITS:
        return None
    status, channel = data[0] & 0xF0, (data[0] & 0x0F) + 1
    if status in (_NOTE_OFF, _NOTE_ON):
        velocity = data[2] if status == _NOTE_ON else 0
        return MidiMessage(MidiControl(MidiKind.NOTE, data[1], channel), velocity / MOST_7_BITS, at_s, port)
    if status == _CONTROL_CHANGE:
        return MidiMessage(MidiControl(MidiKind.CC, data[1], channel), data[2] / MOST_7_BITS, at_s, port)
    if status == _PITCH_WHEEL:
        return MidiMessage(
            MidiControl(MidiKind.PITCH, 0, channel), (data[1] + 128 * data[2]) / MOST_14_BITS, at_s, port
        )
    return None


Bindings = Mapping[MidiControl, str]
"""Bindings are what each control does, in a map's words; "" is nothing."""


@dataclass(frozen=True, slots=True)
class MidiMap:
    """A MIDI map says what each control does: as the studio has it, but for what a person has made of it.

    Attributes
    ----------
    usual
        The studio's own bindings.
    own
        The person's. What one of them names takes the place of what the studio has for that control, and for those
        words; "" has a control do nothing.
    """

    usual: Bindings = field(default_factory=dict)
    own: Bindings = field(default_factory=dict)

    def bindings(self) -> dict[MidiControl, str]:
        """Return what each control does that does something, the person's first."""
        words = {one for one in self.own.values() if one}
        mine = {control: one for control, one in self.own.items() if one}
        usual = {control: one for control, one in self.usual.items() if control not in self.own and one not in words}
        return mine | usual

    def found(self, control: MidiControl) -> tuple[MidiControl, str] | None:
        """Return the binding of a control that was moved: that of its channel, or else of any; None if it has none."""
        bindings = self.bindings()
        for one in (control, replace(control, channel=None)):
            if one in self.own and not self.own[one]:
                return None
            if one in bindings:
                return one, bindings[one]
        return None

    def bound(self, control: MidiControl, does: str) -> MidiMap:
        """Return the map with a control bound to these words, and no other control of the person's."""
        own = {one: words for one, words in self.own.items() if words != does}
        return replace(self, own={**own, control: does})

    def unbound(self, control: MidiControl) -> MidiMap:
        """Return the map with a control that does nothing."""
        own = {one: words for one, words in self.own.items() if one != control}
        return replace(self, own={**own, control: ""} if control in self.usual else own)

    def of(self, does: str) -> Iterator[MidiControl]:
        """Yield the controls that are bound to these words."""
        return (control for control, words in self.bindings().items() if words == does)


@dataclass(frozen=True, slots=True)
class MidiPorts:
    """MIDI ports are what is open, and what can be sent to.

    Attributes
    ----------
    inputs, outputs
        Names of the ports of others that are heard, and of those that can be sent to.
    own
        Name of the studio's own port, which other programs connect to; "" where the system has no such.
    trouble
        Why there is no MIDI, a sentence; "" where there is.
    """

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    own: str = ""
    trouble: str = ""
