# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer is a set of parts: what is heard of a clip, and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from engine.errors import UnknownChoice


class PartName(StrEnum):
    """A part is named after its role in the music, whatever plays it."""

    KIT = "kit"
    """Drums and cymbals that one drummer plays with sticks, brushes or a machine."""
    PERCUSSION = "percussion"
    """Drums, shakers, bells and woods that are played by hand."""
    BASS = "bass"
    CHORDS = "chords"
    ARP = "arp"
    """Broken chords."""
    PAD = "pad"
    LEAD = "lead"
    """The melody."""
    COUNTER = "counter"
    """The second voice, which answers the melody."""
    NOISE = "noise"
    """Crackle of a record, air, tape: sound without pitch and beat."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer says which parts are heard in a clip; it has at least one."""

    parts: frozenset[PartName]

    EVERYTHING: ClassVar[Layer]
    DRUMS: ClassVar[Layer]
    INSTRUMENTS: ClassVar[Layer]

    @classmethod
    def named(cls, text: str) -> Layer:
        """Return the layer of one name of ``LAYERS``, or of several: "drums, bass". Raises UnknownChoice."""
        parts: set[PartName] = set()
        for name in text.split(","):
            one = LAYERS.get(name.strip().lower())
            if one is None:
                raise UnknownChoice(name="layer", value=name.strip(), choices=", ".join(LAYERS))
            parts |= one.parts
        return cls(frozenset(parts))

    def __str__(self) -> str:
        """Return its name, or the fewest names that make it up: "drums,bass"."""
        left, names = set(self.parts), []
        for name, layer in LAYERS.items():
            if layer.parts <= left:
                names.append(name)
                left -= layer.parts
        return ",".join(names)

    def is_made_of(self, layers: tuple[Layer, ...]) -> bool:
        """Return whether some of these layers make it up together."""
        inside = (one.parts for one in layers if one.parts <= self.parts)
        return frozenset[PartName]().union(*inside) == self.parts


Layer.EVERYTHING = Layer(frozenset(PartName))
Layer.DRUMS = Layer(frozenset({PartName.KIT, PartName.PERCUSSION}))
Layer.INSTRUMENTS = Layer(Layer.EVERYTHING.parts - Layer.DRUMS.parts)

LAYERS: dict[str, Layer] = {
    "everything": Layer.EVERYTHING,
    "drums": Layer.DRUMS,
    "instruments": Layer.INSTRUMENTS,
    **{str(one): Layer(frozenset({one})) for one in PartName},
}
"""Layers that have a name, the largest first: every other one is made of some of them."""
