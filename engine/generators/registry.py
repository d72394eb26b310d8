# SPDX-License-Identifier: GPL-3.0-or-later
"""Every generator there is.

To add one: write a module beside this one with a class that has what ``engine.generators.base.Generator`` asks for,
add it to the tuple below, and give it tests under ``tests/engine/generators/``. The window, the settings, the commands
and the generator process read everything else from its capabilities. Import what is heavy inside its methods: listing
the generators must stay quick.
"""

from __future__ import annotations

from functools import cache

from engine.errors import UnknownChoice
from engine.generators.base import Generator, Limits


@cache
def generators() -> tuple[Generator, ...]:
    """One of each, the default first; the same ones each time."""
    from engine.generators.composer import Composer
    from engine.generators.musicgpt import MusicGPT

    return (Composer(), MusicGPT())


def limits_of(name: str) -> Limits:
    """How long that generator may take; the usual limits for one that is not known."""
    known = {one.name: one for one in generators()}
    return known[name].capabilities().limits if name in known else Limits()


def generator_named(name: str) -> Generator:
    """The generator whose ``name`` it is. Raises UnknownChoice for any other."""
    for generator in generators():
        if generator.name == name:
            return generator
    choices = ", ".join(generator.name for generator in generators())
    raise UnknownChoice(name="generator", value=name, choices=choices)
