# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a person can set of what comes in; see ``engine.values.options``."""

from __future__ import annotations

from engine.values.inputs import InputSide
from engine.values.parameters import Kind, Parameter

INPUT_SIDE = Parameter(
    "input_side",
    Kind.CHOICE,
    str(InputSide.BOTH),
    "Channels",
    "Which of the input’s channels are taken; one alone is heard on both sides",
    choices=tuple(map(str, InputSide)),
    titles=("Both", "Left", "Right"),
)
INPUT_GAIN = Parameter(
    "input_gain_db",
    Kind.NUMBER,
    0.0,
    "Gain",
    "How much louder the input is taken in",
    low=-24.0,
    high=24.0,
    unit="dB",
)
INPUT_LATENCY = Parameter(
    "input_latency_ms",
    Kind.INTEGER,
    40,
    "Input latency",
    "How long the input is gathered: more is safer, less is heard sooner",
    low=5,
    high=1000,
    step=5,
    unit="ms",
)
INPUT_OPTIONS = (INPUT_SIDE, INPUT_GAIN, INPUT_LATENCY)
"""Parameters of what comes in, beside its device."""
