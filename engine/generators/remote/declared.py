# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what can be set of the generator on other machines, apart from all that talks with them."""

from __future__ import annotations

from engine.generators.capabilities import Capabilities, Takes, Tells
from engine.generators.remote.addresses import addresses_read
from engine.generators.remote.speaker import GIGMATE, INFINIFI, INFINILOOP, JERRY, MAGENTA, SPEAKERS
from engine.values import LAYERS, Kind, Parameter

TITLES = {
    INFINILOOP: "Infiniloop Studio",
    JERRY: "jerry4loops",
    INFINIFI: "infinifi",
    MAGENTA: "MagentaRT",
    GIGMATE: "GigMate",
}
"""Protocols as people read them."""

ADDRESSES = Parameter(
    "addresses",
    Kind.TEXT,
    "",
    "Addresses",
    "Where the other machines answer, as 192.168.1.20:8420 or https://music.example; several with commas between them",
    unset="none yet",
    setup=True,
    private=True,
    reads=addresses_read,
)
"""The machines that are asked for clips."""

SPEAKS = Parameter(
    "protocol",
    Kind.CHOICE,
    INFINILOOP,
    "Protocol",
    "What runs on the other machines",
    choices=tuple(SPEAKERS),
    titles=tuple(TITLES[name] for name in SPEAKERS),
    setup=True,
    private=True,
)
"""The protocol that the machines speak."""

TOKEN_FILE = Parameter(
    "token_file",
    Kind.FILE,
    "",
    "Token",
    "A text file with the token that the other machines were started with; empty where they ask for none",
    unset="no token",
    setup=True,
    private=True,
)
"""The file with the secret by which the machines know us."""

CONNECT_S = Parameter(
    "connect_s",
    Kind.NUMBER,
    4.0,
    "Answer within",
    "Seconds after which a machine that does not answer is left out",
    low=0.5,
    high=60.0,
    step=0.5,
    unit="s",
    setup=True,
    private=True,
)
"""How long a machine may take to answer."""

SLOWEST = Parameter(
    "slowest",
    Kind.NUMBER,
    60.0,
    "Slowest",
    "Seconds of computing for a second of music from which on a machine is too slow, and left out",
    low=0.1,
    high=1000.0,
    step=1.0,
    unit="s",
    setup=True,
    private=True,
)
"""How slow a machine may be."""

MODEL = Parameter(
    "model",
    Kind.TEXT,
    "",
    "Model there",
    "Name of the model that the other machine is to use; empty leaves it to that machine",
    unset="that machine’s own",
    setup=True,
)
"""The model that is asked for: which there are, only the machine knows."""

SETTINGS = Parameter(
    "settings",
    Kind.TEXT,
    "",
    "Settings there",
    "Settings of the generator on the other machine, as “energy=0.5, space=-0.2”; empty leaves all as it is there",
)
"""Values of the other generator's own parameters."""

PARAMETERS = (ADDRESSES, SPEAKS, TOKEN_FILE, MODEL, CONNECT_S, SLOWEST, SETTINGS)


MOST_S = 300.0
"""Length of the longest clip that another machine may be asked for, seconds; each says itself how long its own are."""

WIDEST = Capabilities(
    min_duration_s=1.0,
    max_duration_s=MOST_S,
    sample_rate=44_100,
    n_channels=2,
    takes=Takes(
        seed=True,
        negative_prompt=True,
        bars=True,
        bpm=True,
        key=True,
        metre=True,
        layers=tuple(LAYERS.values()),
        guided_s=MOST_S,
        continue_from=True,
        restyle=True,
        family=True,
        stems=True,
        endless=True,
        n_clips=4,
    ),
    tells=Tells(chunks=True, score=True),
    parameters=PARAMETERS,
)
"""Declaration as wide as some machine may be: a request is held against what each machine says of itself, too."""
