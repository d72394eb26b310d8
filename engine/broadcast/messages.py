# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages between the studio and the process that has its radio.

Besides these it is told ``ProgrammeState`` and ``StudioState``, and tells ``RadioState`` and what listeners ask for,
all of ``engine.values.radio``.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import StudioError
from engine.shared import SharedBlock
from engine.values.radio import AirPiece, RadioPlan


@dataclass(frozen=True, eq=False, slots=True)
class OpenRadio:
    """Go on the air by this plan with what is written to the tape.

    ``goes_on`` says that another process was on the air until it died: what it sent last is sent again to who joins.
    """

    plan: RadioPlan
    tape: SharedBlock
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class CloseRadio:
    """Go off the air: those who listen are sent what is on its way to them."""


@dataclass(frozen=True, slots=True)
class PieceBegins:
    """A piece begins with this frame of the tape."""

    tape_frame: int
    piece: AirPiece


@dataclass(frozen=True, slots=True)
class PieceComes:
    """This piece comes next, as far as that is known; None is not."""

    piece: AirPiece | None


@dataclass(frozen=True, slots=True)
class RadioOpened:
    """The radio is on the air; its page is at this address, and this is that as a QR code, row by row: “1” is dark."""

    url: str
    code: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RadioRefused:
    """The radio is not on the air, and this is why."""

    error: StudioError
