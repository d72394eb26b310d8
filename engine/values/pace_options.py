# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a person can set of how clips keep up with the music; part of ``engine.values.options``."""

from __future__ import annotations

from engine.values.parameters import Kind, Parameter

KEEP_UP = Parameter(
    "keep_up",
    Kind.SWITCH,
    False,
    "Keep up",
    "Make clips no longer than can be made while a loop plays, by the statistics of this machine; where even the "
    "shortest takes too long, the composer makes one in between. Without this they are as long as Duration says",
)
