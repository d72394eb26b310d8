# SPDX-License-Identifier: GPL-3.0-or-later
"""These messages are what a station's process is asked and answers (``engine.fragments.process``).

Besides these it answers with ``FragmentsState`` at each change, and with a ``FragmentFact`` for each fragment.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import StudioError
from engine.fragments.links import Links
from engine.fragments.looping import LoopShape
from engine.generators.base import GeneratorSettings
from engine.values import ClipRequest
from engine.values.fragments import USUAL_SLOTS, FragmentMode


@dataclass(frozen=True, slots=True)
class OpenStation:
    """This message opens a station, in the place of the one that is open.

    Attributes
    ----------
    request
        As every fragment's is, but for its prompt; it names the generator and its model.
    shape
        Of loops; None makes trimmed sounds.
    """

    folder: str
    request: ClipRequest
    settings: GeneratorSettings
    n_slots: int = USUAL_SLOTS
    sample_rate: int = 44_100
    shape: LoopShape | None = None
    prompts: tuple[str, ...] = ()
    mode: FragmentMode = FragmentMode.HAND
    every_s: float = 0.0
    links: Links = field(default_factory=Links)


@dataclass(frozen=True, slots=True)
class CloseStation:
    """This message ends the station that is open."""


@dataclass(frozen=True, slots=True)
class Generate:
    """This message asks for a fragment; "" and None leave prompt and slot to the station."""

    prompt: str = ""
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """This message gives up what is being made and what waits."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """This message leaves a slot out of the circle, or takes it in again."""

    slot: int
    is_frozen: bool = True


@dataclass(frozen=True, slots=True)
class Clear:
    """This message empties a slot."""

    slot: int


@dataclass(frozen=True, slots=True)
class Take:
    """This message says that a slot's sound was taken."""

    slot: int


@dataclass(frozen=True, slots=True)
class SetSlotPrompt:
    """This message keeps a prompt for a slot; "" keeps none."""

    slot: int
    prompt: str


@dataclass(frozen=True, slots=True)
class SetPrompts:
    """This message has other prompts take turns."""

    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetMode:
    """This message says when the next fragment is made."""

    mode: FragmentMode
    every_s: float = 0.0


Command = Generate | Stop | Freeze | Clear | Take | SetSlotPrompt | SetPrompts | SetMode
"""A command of these is for the station that is open."""


@dataclass(frozen=True, slots=True)
class StationOpened:
    """This answer says that a station is open.

    Attributes
    ----------
    url
        Address of its page; "" without one.
    """

    folder: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class StationRefused:
    """This answer says what of a message could not be done, and why; of OSC's verbs, ``message`` is None."""

    message: OpenStation | Command | None
    error: StudioError
