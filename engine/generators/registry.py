# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lists every generator there is.

To add one here: write a module beside this one with a class that has what ``engine.generators.base.Generator`` asks
for, add it to the tuple below, and give it tests under ``tests/engine/generators/``. The window, the settings, the
commands and the generator process read everything else from its capabilities. Import what is heavy inside its methods:
listing the generators must stay quick.

To add one from another distribution: give such a class an entry point of the group ``infiniloop.generators``; it is
found where it is installed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points

from engine.errors import UnknownChoice
from engine.generators.base import Generator, Limits

GROUP = "infiniloop.generators"
"""Name of the group of entry points by which other distributions add their generators."""

_log = logging.getLogger(__name__)


@cache
def generators() -> tuple[Generator, ...]:
    """Return one of each generator, always the same: the default first, then our others, then installed ones."""
    from engine.generators.composer import Composer
    from engine.generators.diffusion import AceStep, StableAudio, StableAudio3, StableAudioSmall
    from engine.generators.musicgen import MusicGen
    from engine.generators.musicgpt import MusicGPT
    from engine.generators.remote import Remote

    found: dict[str, Generator] = {}
    ours: tuple[Generator, ...] = (
        Composer(),
        MusicGPT(),
        MusicGen(),
        AceStep(),
        StableAudio(),
        StableAudio3(),
        StableAudioSmall(),
        Remote(),
    )
    for one in (*ours, *_installed()):
        if one.name in found:
            _log.warning("a second generator is called “%s”: it is left out", one.name)
        else:
            found[one.name] = one
    return tuple(found.values())


def _installed() -> Iterator[Generator]:
    """Return the generators of other distributions, by name; one that cannot be loaded is left out, and logged."""
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            generator: Generator = point.load()()
            generator.capabilities()
        except Exception:  # noqa: BLE001 - other people's code: the studio goes on without it
            _log.exception("the generator “%s” (%s) cannot be loaded", point.name, point.value)
        else:
            yield generator


def default_generator() -> Generator:
    """Return the generator that is used where none is named, or another fails: the first that needs nothing."""
    return next(one for one in generators() if one.capabilities().needs_nothing)


def limits_of(name: str) -> Limits:
    """Return how long that generator may take; the usual limits for one that is not known."""
    known = {one.name: one for one in generators()}
    return known[name].capabilities().limits if name in known else Limits()


def title_of(name: str) -> str:
    """Return that generator's title; its name where it is not known."""
    return next((one.title for one in generators() if one.name == name), name)


def most_clips_of(name: str) -> int:
    """Return how many clips that generator makes of one request at most; 1 for one that is not known."""
    known = {one.name: one for one in generators()}
    return known[name].capabilities().takes.n_clips if name in known else 1


def generator_named(name: str) -> Generator:
    """Return the generator called ``name``. Raises UnknownChoice for any other name."""
    for generator in generators():
        if generator.name == name:
            return generator
    choices = ", ".join(generator.name for generator in generators())
    raise UnknownChoice(name="generator", value=name, choices=choices)
