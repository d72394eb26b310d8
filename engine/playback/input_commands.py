# SPDX-License-Identifier: GPL-3.0-or-later
"""These commands and messages are about what comes in: the input's device, its gain, and whether it is heard."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import InputError
from engine.shared import SharedBlock
from engine.values.inputs import InputDevice, InputSide


@dataclass(frozen=True, eq=False, slots=True)
class OpenInput:
    """Take in what comes from a device, from now on, in the place of another one.

    Answered by ``InputOpened``, or by ``InputLost`` and, once it is there, ``InputOpened``.

    Attributes
    ----------
    device
        (host API, name), or None for the system's default.
    side
        Which of its channels are taken.
    gain
        Linear gain, at least 0.
    latency_s
        Input latency to ask for.
    tape
        Memory that it is written to (``engine.tape``), at the rate that this names.
    """

    device: tuple[str, str] | None
    side: InputSide
    gain: float
    latency_s: float
    tape: SharedBlock


@dataclass(frozen=True, slots=True)
class CloseInput:
    """Give the input's device back."""


@dataclass(frozen=True, slots=True)
class SetInputGain:
    """Take in louder or softer from now on, by a linear gain."""

    gain: float


@dataclass(frozen=True, slots=True)
class SetMonitor:
    """Have what comes in be heard, or not. It is not heard before that, nor after ``MonitorClosed``."""

    is_heard: bool


@dataclass(frozen=True, eq=False, slots=True)
class SetAnswers:
    """Play what others lay on this tape (``engine.answer_tape``) from now on; None ends it."""

    block: SharedBlock | None


@dataclass(frozen=True, slots=True)
class ListInputs:
    """Ask for ``Inputs``."""


InputCommand = OpenInput | CloseInput | SetInputGain | SetMonitor | SetAnswers | ListInputs


@dataclass(frozen=True, slots=True)
class InputOpened:
    """This message says where sound comes from now; ``sample_rate`` is the device's own."""

    device: str
    sample_rate: int
    latency_s: float


@dataclass(frozen=True, slots=True)
class InputLost:
    """This message says that the input is gone or was never there; it is tried again."""

    error: InputError


@dataclass(frozen=True, slots=True)
class MonitorClosed:
    """This message says that what comes in is not heard any more, as it was about to howl."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """This message lists every device that sound can come from now."""

    devices: tuple[InputDevice, ...]


InputMessage = InputOpened | InputLost | MonitorClosed | Inputs
