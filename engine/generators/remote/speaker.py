# SPDX-License-Identifier: GPL-3.0-or-later
"""A speaker talks with one other machine in one protocol; this module says what every speaker is, and finds one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from engine.generators.base import Generation
from engine.generators.capabilities import Capabilities
from engine.values import ClipRequest


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine is where a generator of another computer answers, and how it is asked.

    Attributes
    ----------
    url
        As “http://host:8420”, without a slash at its end.
    token
        What it is to be shown before it answers, or ""; it is never printed.
    connect_s, silence_s
        Seconds after which a machine that does not take a call, or says nothing more, is given up.
    """

    url: str
    token: str = field(default="", repr=False)
    connect_s: float = 4.0
    silence_s: float = 60.0

    @property
    def place(self) -> str:
        """Return host and port, as people are told of the machine."""
        return self.url.partition("://")[2]


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer is what a machine says of itself when it is asked.

    Attributes
    ----------
    generator
        The generator there, as people read it.
    capabilities
        What that generator takes and gives; a request that it does not take is not submitted.
    n_waiting
        Number of clips that it makes or has to make before the next one.
    """

    generator: str
    capabilities: Capabilities
    n_waiting: int = 0


class Speaker(Protocol):
    """A speaker talks with one machine.

    Every failure of the machine or of the way to it is a ``RemoteError``: its job may go to another machine. What the
    request is to blame for is a ``UserError``: no other machine is asked.
    """

    def capabilities(self) -> Offer:
        """Ask the machine what it can do, within a few seconds. Raises RemoteError."""

    def submit(self, request: ClipRequest, offer: Offer, /) -> Generation:
        """Have the machine make a clip of a request that its offer takes, with parameters of that offer only.

        Yields progress at least twice a second, even while it waits: each yield is where a cancel comes in. Closing it
        cancels the clip there and leaves no connection open. Raises RemoteError, UserError.
        """


def _infiniloop(machine: Machine) -> Speaker:
    from engine.generators.remote.infiniloop import InfiniloopSpeaker

    return InfiniloopSpeaker(machine)


@lru_cache(maxsize=64)
def _jerry(machine: Machine) -> Speaker:
    """Return the one that talks with this machine: it remembers which ways of asking fail there."""
    from engine.generators.remote.jerry import JerrySpeaker

    return JerrySpeaker(machine)


@lru_cache(maxsize=64)
def _infinifi(machine: Machine) -> Speaker:
    """Return the one that talks with this machine: it keeps the clips that were made beyond what was asked for."""
    from engine.generators.remote.infinifi import InfinifiSpeaker

    return InfinifiSpeaker(machine)


@lru_cache(maxsize=64)
def _magenta(machine: Machine) -> Speaker:
    """Return the one that talks with this machine: it knows which jams run there."""
    from engine.generators.remote.magenta import MagentaSpeaker

    return MagentaSpeaker(machine)


def _gigmate(machine: Machine) -> Speaker:
    from engine.generators.remote.gigmate import GigMateSpeaker

    return GigMateSpeaker(machine)


INFINILOOP = "infiniloop"
"""Name of this program's own protocol, that of “infiniloop serve” (``resources/protocol.md``)."""
JERRY = "jerry4loops"
"""Name of the protocol of jerry4loops' Stable Audio server (stable-audio-api)."""
INFINIFI = "infinifi"
"""Name of the protocol between infinifi and its inference server."""
MAGENTA = "magentart"
"""Name of the protocol of jerry4loops' MagentaRT server (magenta-rt)."""
GIGMATE = "gigmate"
"""Name of the protocol of GigMate's server, which “infiniloop serve” answers too."""

SPEAKERS: dict[str, Callable[[Machine], Speaker]] = {
    INFINILOOP: _infiniloop,
    JERRY: _jerry,
    INFINIFI: _infinifi,
    MAGENTA: _magenta,
    GIGMATE: _gigmate,
}
"""Table of what talks in each protocol, by the choices of the parameter ``speaks``.

To add one: a module beside this one, imported in a function here; its title in ``declared.TITLES``.
"""
