# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has the starter loops that ship with the studio, decoded once a process: no test changes them."""

from __future__ import annotations

from functools import cache

from app.paths import RESOURCES
from engine.library.starters import Starter, load_starters


@cache
def shipped() -> tuple[Starter, ...]:
    return load_starters(RESOURCES / "starters")
