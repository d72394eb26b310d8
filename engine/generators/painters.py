# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds a generator on this machine that makes a part of a clip anew."""

from __future__ import annotations

from engine.errors import StudioError
from engine.generators.base import Generator, GeneratorSettings
from engine.generators.ready import model_here
from engine.generators.registry import generators


def painter_here(settings: GeneratorSettings, generator: str = "", model: str = "") -> tuple[Generator, str] | None:
    """Return the first generator that repaints and is ready, with one of its models whose weights are here; or None.

    Nothing is loaded, but the disk is read.

    Parameters
    ----------
    generator, model
        What is taken before all others where it can.
    """
    able = (one for one in generators() if one.capabilities().takes.repaint)
    for one in sorted(able, key=lambda each: each.name != generator):
        try:
            one.check(settings)
        except StudioError:
            continue
        ready = model_here(one, settings, model if one.name == generator else "")
        if ready is not None:
            return one, ready
    return None
