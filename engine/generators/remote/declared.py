# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what can be set of the generator on other machines, apart from all that talks with them."""

from __future__ import annotations

from engine.generators.remote.speaker import INFINILOOP, SPEAKERS
from engine.values import Kind, Parameter

TITLES = {INFINILOOP: "Infiniloop Studio"}
"""Protocols as people read them."""

ADDRESSES = Parameter(
    "addresses",
    Kind.TEXT,
    "",
    "Addresses",
    "Where the other machines answer, as 192.168.1.20:8765 or https://music.example; several with commas between them",
    setup=True,
)
"""The machines that are asked for clips."""

SPEAKS = Parameter(
    "speaks",
    Kind.CHOICE,
    INFINILOOP,
    "Protocol",
    "What runs on the other machines",
    choices=tuple(SPEAKERS),
    titles=tuple(TITLES[name] for name in SPEAKERS),
    setup=True,
)
"""The protocol that the machines speak."""

TOKEN_FILE = Parameter(
    "token_file",
    Kind.FILE,
    "",
    "Token",
    "A text file with the token that the other machines were started with; empty where they ask for none",
    setup=True,
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
)
"""How slow a machine may be."""

MODEL = Parameter(
    "model",
    Kind.TEXT,
    "",
    "Model there",
    "Name of the model that the other machine is to use; empty leaves it to that machine",
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
