# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a person can set of the window's radio; see ``engine.values.options``."""

from __future__ import annotations

from engine.values.parameters import Kind, Parameter
from engine.values.radio import PORT

RADIO_STATION = Parameter(
    "radio_station",
    Kind.TEXT,
    "",
    "Station",
    "What goes out: whatever plays here, or a station, which chooses what plays while the radio is on the air",
    unset="What plays here",
)
RADIO_VOTES = Parameter(
    "radio_votes",
    Kind.SWITCH,
    False,
    "Listeners vote",
    "Listeners say “more” or “less” to what plays: a station’s moods come more often, or less",
)
RADIO_REQUESTS = Parameter(
    "radio_requests",
    Kind.SWITCH,
    False,
    "Listeners ask for music",
    "Listeners write what they want to hear: each request has its five minutes, one after another",
)
RADIO_NAME = Parameter(
    "radio_name",
    Kind.TEXT,
    "Infiniloop",
    "Name",
    "What players and the page call the radio",
)
RADIO_PORT = Parameter(
    "radio_port",
    Kind.INTEGER,
    PORT,
    "Port",
    "The port of the radio’s page and streams",
    low=1024,
    high=65_535,
)
RADIO_NETWORK = Parameter(
    "radio_network",
    Kind.SWITCH,
    False,
    "For the network",
    "Let other machines of the network listen, by an address that only who is told it knows",
)
RADIO_PUBLIC = Parameter(
    "radio_public",
    Kind.SWITCH,
    False,
    "For everybody",
    "Let everybody listen who reaches this machine, without the secret part of the address",
    needs="radio_network",
)
RADIO_OPTIONS = (RADIO_STATION, RADIO_VOTES, RADIO_REQUESTS, RADIO_NAME, RADIO_PORT, RADIO_NETWORK, RADIO_PUBLIC)
"""Options of the radio, in their order."""
