# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages between the window's process and the one that plays together with others: by MIDI ports, and by Link.

That one tells ``MidiMap``, ``MidiPorts``, ``MidiMessage``, ``LeaderState`` and errors as they are, and is told
``JamPlace``.
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
        Whether notes and controls are heard.
    clock_out, clock_to
        Whether MIDI's clock is sent, by the studio's own port and by those whose names hold this text, if any.
    follow
        Whom the jam follows: “midi”, “link” or "".
    shares_start
        Whether starting and stopping are shared with Link.
    """

    usual_map: str
    own_map: str
    midi: bool = True
    clock_out: bool = False
    clock_to: str = ""
    follow: str = ""
    shares_start: bool = True

    @property
    def needs_ports(self) -> bool:
        """Return whether any of it goes by MIDI."""
        return self.midi or self.clock_out or self.follow == "midi"

    @property
    def needs_place(self) -> bool:
        """Return whether it is to be told where the jam is."""
        return self.clock_out or self.follow == "link"


@dataclass(frozen=True, slots=True)
class OpenTogether:
    """Go by this plan from now on. Answered by ``MidiMap`` and ``MidiPorts``."""

    plan: TogetherPlan


@dataclass(frozen=True, slots=True)
class KeepMap:
    """Keep these bindings of the person's."""

    own: Bindings


@dataclass(frozen=True, slots=True)
class TempoSet:
    """The performer set another tempo, which Link's others are to have too."""

    bpm: float


@dataclass(frozen=True, slots=True)
class PlayingSet:
    """The performer started or stopped the jam, as Link's others are to do too."""

    is_playing: bool
