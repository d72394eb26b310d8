# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the radio: how it is served, what is on the air, and who listens."""

from __future__ import annotations

from dataclasses import dataclass, field

PORT = 8430
"""Port of the radio where none is named."""


@dataclass(frozen=True, slots=True)
class RadioPlan:
    """A plan says how a radio is to be served.

    Attributes
    ----------
    name
        Of the radio, as players show it.
    host, port
        The address to listen on; port 0 is any free one.
    token
        What whoever controls it has to show, or "": then only this machine is served.
    is_public
        Whether everybody who reaches the address may listen; otherwise listeners show the token, too.
    folder
        Where it keeps its numbering and history; "" keeps them nowhere.
    reserve_folder
        Where the loops lie that are heard when nothing comes from the studio.
    pages_folder
        Where its page lies; "" has none.
    per_address, most_listeners
        Connections that one address, and all together, may have at once.
    """

    name: str = "Infiniloop"
    host: str = "127.0.0.1"
    port: int = PORT
    token: str = field(default="", repr=False)
    is_public: bool = False
    folder: str = ""
    reserve_folder: str = ""
    pages_folder: str = ""
    per_address: int = 64
    most_listeners: int = 4000


@dataclass(frozen=True, slots=True)
class AirPiece:
    """A piece of music that is, was or will be on the air.

    Attributes
    ----------
    number
        Counted from the radio's first piece on, across restarts; 0 before it had its turn.
    since_s
        When it was first heard, seconds since 1970; 0.0 before that.
    is_recycled
        Whether it was on the air before: nothing new was there.
    """

    title: str
    artist: str = ""
    prompt: str = ""
    key: str = ""
    """Name by which it is known again."""
    number: int = 0
    since_s: float = 0.0
    is_recycled: bool = False


@dataclass(frozen=True, slots=True)
class RadioState:
    """This is how a radio that is on the air stands.

    Attributes
    ----------
    url
        Of its page.
    n_listeners
        Of the stream now.
    dead_s, most_dead_s
        Seconds for which nothing is heard in the encoded stream now, and the longest such time so far.
    is_on_reserve
        Whether its reserve is heard, as nothing comes from the studio.
    """

    url: str
    n_listeners: int = 0
    dead_s: float = 0.0
    most_dead_s: float = 0.0
    is_on_reserve: bool = False
