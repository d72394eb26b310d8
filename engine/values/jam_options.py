# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares how a person has jams recorded, which their dialog sets, and what the pad of effects moves."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values.channels import ChannelParameter
from engine.values.parameters import Kind, Parameter


@dataclass(frozen=True, slots=True)
class PadChoice:
    """A choice of what the pad moves across and upwards, and whether it springs back."""

    across: ChannelParameter = ChannelParameter.LOWPASS_HZ
    up: ChannelParameter = ChannelParameter.DELAY
    springs: bool = False


JAM_CLICKS = Parameter(
    "jam_clicks",
    Kind.SWITCH,
    True,
    "Click at the count-in",
    "Have each beat of the count-in click; it is not recorded",
)
JAM_STEMS = Parameter(
    "jam_stems",
    Kind.SWITCH,
    False,
    "Stems of the layers",
    "Record each layer by itself, too: all of them add up to the mix without its own effects",
)
JAM_OPUS = Parameter(
    "jam_opus",
    Kind.SWITCH,
    False,
    "As Opus",
    "Record as Opus, a tenth as large as FLAC, which loses nothing",
)

JAM_PAD_ACROSS = Parameter(
    "jam_pad_across",
    Kind.CHOICE,
    str(PadChoice().across),
    "What the pad moves across",
    "What the pad moves from left to right",
    choices=tuple(map(str, ChannelParameter)),
)
JAM_PAD_UP = Parameter(
    "jam_pad_up",
    Kind.CHOICE,
    str(PadChoice().up),
    "What the pad moves upwards",
    "What the pad moves from below upwards",
    choices=tuple(map(str, ChannelParameter)),
)
JAM_PAD_SPRINGS = Parameter(
    "jam_pad_springs",
    Kind.SWITCH,
    PadChoice().springs,
    "Have the pad spring back",
    "When you leave the pad, it goes back to where you took hold of it",
)

JAM_OPTIONS = (JAM_CLICKS, JAM_STEMS, JAM_OPUS, JAM_PAD_ACROSS, JAM_PAD_UP, JAM_PAD_SPRINGS)
"""Options of a jam's recordings and of its pad."""
