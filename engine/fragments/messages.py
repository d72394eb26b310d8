# SPDX-License-Identifier: GPL-3.0-or-later
"""These messages are what a station's process is asked and answers (``engine.fragments.process``).

Besides these it answers with ``FragmentsState`` at each change, and with a ``FragmentFact`` for each fragment.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import StudioError
from engine.generators.base import GeneratorSettings
from engine.values import Clip
from engine.values.fragments import USUAL_SLOTS, FragmentMode


@dataclass(frozen=True, slots=True)
class StationPlan:
    """A plan says how a station is to be: a folder, what is made for it, and who reaches it.

    Attributes
    ----------
    sample_rate
        Of the slots, Hz.
    model
        "" is the generator's default.
    duration_s
        About how long each sound is, seconds, as far as the generator makes such; loops go by their bars.
    bars
        Of loops; 0 makes trimmed sounds.
    bpm
        Tempo of loops.
    prompts, mode, every_s
        As the station begins; one that has the same folder already goes on as it is.
    usual_prompt
        Asked for where no other is, until another one was made.
    page
        Place of the prompt page, as “127.0.0.1:8421”; "" serves none.
    token_file
        Written where there is none; what other machines have to show is in it. "" is for this machine alone.
    osc_in, osc_out
        Places, as “9000” or “192.168.1.7:9000”; "" is none.
    sees_opens
        Whether a slot's file that another program opens counts as taken.
    """

    folder: str
    generator: str
    sample_rate: int
    n_slots: int = USUAL_SLOTS
    model: str = ""
    duration_s: float = 5.0
    settings: GeneratorSettings = field(default_factory=GeneratorSettings)
    bars: int = 0
    bpm: float = 120.0
    prompts: tuple[str, ...] = ()
    mode: FragmentMode = FragmentMode.BY_HAND
    every_s: float = 0.0
    usual_prompt: str = ""
    page: str = ""
    token_file: str = ""
    osc_in: str = ""
    osc_out: str = ""
    sees_opens: bool = True


@dataclass(frozen=True, slots=True)
class OpenStation:
    """This message asks for a station of a plan; the one that is open is changed to be so, or makes room for it."""

    plan: StationPlan


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
class Taking:
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
class SetUsualPrompt:
    """This message has a prompt asked for where no slot has its own, and none takes turns; "" changes nothing."""

    prompt: str


@dataclass(frozen=True, slots=True)
class SetMode:
    """This message says when the next fragment is made."""

    mode: FragmentMode
    every_s: float = 0.0


Command = Generate | Stop | Freeze | Clear | Taking | SetSlotPrompt | SetPrompts | SetUsualPrompt | SetMode
"""A command of these is for the station that is open."""


@dataclass(frozen=True, slots=True)
class ReadSlot:
    """This message asks for a slot's sound, to be heard; that does not count as taken."""

    slot: int


@dataclass(frozen=True, slots=True)
class CopySlot:
    """This message asks for a copy of a slot's file in a folder, as slots are overwritten; that counts as taken."""

    slot: int
    folder: str


Question = ReadSlot | CopySlot
"""A question of these is answered with a ``SlotSound``, or a ``SlotCopied``."""


@dataclass(frozen=True, eq=False, slots=True)
class SlotSound:
    """This answer is a slot's sound at the studio's rate and loudness, silent at both ends."""

    slot: int
    clip: Clip


@dataclass(frozen=True, slots=True)
class SlotCopied:
    """This answer names the copy of a slot's file."""

    slot: int
    path: str


@dataclass(frozen=True, slots=True)
class StationOpened:
    """This answer says that a station is open, or is reached otherwise than before.

    Attributes
    ----------
    url
        Address of its page; "" without one.
    osc_in
        Where it hears OSC, as “127.0.0.1:9000”; "" without.
    """

    folder: str
    url: str = ""
    osc_in: str = ""


@dataclass(frozen=True, slots=True)
class StationRefused:
    """This answer says what of a message could not be done, and why.

    Attributes
    ----------
    message
        An ``OpenStation`` is told back where there is no station now; None stands for a link, or a verb of OSC's.
    """

    message: OpenStation | Command | Question | None
    error: StudioError
