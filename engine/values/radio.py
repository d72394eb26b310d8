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
    takes_votes, takes_requests
        Whether listeners may say “more” or “less” to what plays, and ask for music.
    filtered_words
        Words that no request may have.
    hls_folder
        Where the stream is written as files (HLS); "" writes none.
    icecast
        Mounts that the stream is sent to, as ``icecast://HOST:PORT/MOUNT.mp3``.
    icecast_password
        What they ask of a source.
    allowed_origins
        Of other sites whose pages may read streams and what plays, as browsers write them.
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
    takes_votes: bool = False
    takes_requests: bool = False
    filtered_words: tuple[str, ...] = ()
    hls_folder: str = ""
    icecast: tuple[str, ...] = ()
    icecast_password: str = field(default="", repr=False)
    allowed_origins: tuple[str, ...] = ()
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
        Whether it was made before: nothing new was there.
    mood
        Title of the mood of the programme that it is of, or "".
    is_requested
        Whether a listener asked for it.
    """

    title: str
    artist: str = ""
    prompt: str = ""
    key: str = ""
    """Name by which it is known again."""
    number: int = 0
    since_s: float = 0.0
    is_recycled: bool = False
    mood: str = ""
    is_requested: bool = False


@dataclass(frozen=True, slots=True)
class ProgrammeState:
    """This is how the programme of a radio stands.

    Attributes
    ----------
    mood
        Title of the mood that is on; "" while a request is.
    requested
        Prompt of the request that is on, or "".
    following
        What is on after it: mood and prompt, and since when.
    moods
        Titles of all moods of the station.
    by_prompt
        Prompts, each with the mood that it is played for.
    waiting
        Prompts that were requested and wait, the first first.
    """

    mood: str = ""
    requested: str = ""
    following: AirPiece | None = None
    moods: tuple[str, ...] = ()
    by_prompt: tuple[tuple[str, str], ...] = ()
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StudioState:
    """This is how the studio keeps up that the radio is of.

    Attributes
    ----------
    prepared_s
        For how long music lasts if nothing more is made, seconds.
    made_s, making_s
        Seconds of music that were made so far, and seconds that their making took.
    xruns
        Times the player could not keep up.
    is_generator_failing
        Whether the generator that is asked made nothing when it was asked last.
    """

    prepared_s: float = 0.0
    made_s: float = 0.0
    making_s: float = 0.0
    xruns: int = 0
    is_generator_failing: bool = False


@dataclass(frozen=True, slots=True)
class Vote:
    """A listener wants more of a mood, or less."""

    mood: str
    is_more: bool


@dataclass(frozen=True, slots=True)
class MusicRequest:
    """A listener asks for music by a prompt."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Skip:
    """The next mood, or the next piece of this one, is to come now."""

    is_mood: bool = False


@dataclass(frozen=True, slots=True)
class MoodChoice:
    """A mood is to come now, by its title."""

    title: str


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
    troubles
        What goes wrong now beyond this machine's own stream: where, as “Icecast at HOST:8000/a.mp3”, and what.
    """

    url: str
    n_listeners: int = 0
    dead_s: float = 0.0
    most_dead_s: float = 0.0
    is_on_reserve: bool = False
    troubles: tuple[tuple[str, str], ...] = ()
