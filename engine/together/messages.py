# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages between the window's process and the one that plays together with others: by MIDI ports, and by Link.

That one tells ``MidiMap``, ``MidiPorts``, ``MidiMessage`` and errors as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.values.midi import Bindings


@dataclass(frozen=True, slots=True)
class TogetherPlan:
    """A plan says what is open.

    Attributes
    ----------
    usual_map, own_map
        Paths of the studio's map of MIDI, and of the person's, which need not be there.
    midi
        Whether MIDI is heard.
    """

    usual_map: str
    own_map: str
    midi: bool = True


@dataclass(frozen=True, slots=True)
class OpenTogether:
    """Go by this plan from now on. Answered by ``MidiMap`` and ``MidiPorts``."""

    plan: TogetherPlan


@dataclass(frozen=True, slots=True)
class KeepMap:
    """Keep these bindings of the person's."""

    own: Bindings
