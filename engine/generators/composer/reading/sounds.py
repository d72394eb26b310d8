# SPDX-License-Identifier: GPL-3.0-or-later
"""This module turns a sound's word into the instruments and drums there are: those that play, and those left out."""

from __future__ import annotations

import re
from collections.abc import Collection

from engine.generators.composer.drums import KITS, PIECES
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.reading.wordlists import Sound


def played(sound: Sound) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the instruments and the drums that play a sound: its own, or those that stand in for them."""
    own = _first(sound.plays), _pieces(sound.pieces)
    if any(own) or sound.role or sound.kit:
        return own
    return _first(sound.stand_ins), _pieces(sound.stand_ins)


def is_stand_in(sound: Sound) -> bool:
    """Whether nothing there is plays a sound itself."""
    return not (sound.role or sound.kit or _first(sound.plays) or _pieces(sound.pieces))


def all_of(sound: Sound) -> frozenset[str]:
    """Return the roles that a sound stands for: its own, and "drums" where it is one."""
    drums = {"drums"} if sound.kit or played(sound)[1] else set()
    return frozenset({sound.role, *drums} - {""})


def leave_out(sound: Sound, stated: Collection[str]) -> frozenset[str]:
    """Return the names of all instruments and drums that are not heard without this sound.

    What was asked for by its own name (``stated``) stays, unless that is the very name which is excluded: "electric
    piano, no piano".
    """
    own = {*_first(sound.plays), *sound.pieces}
    family = {*sound.plays, *sound.covers}
    for word in sound.contains:
        has = re.compile(rf"\b{re.escape(word)}\b")
        family |= {name for name in INSTRUMENTS if has.search(name) or has.search(INSTRUMENTS[name].tag)}
        family |= {name for name in PIECES if has.search(name.replace("_", " "))}
    out = own | {name for name in family if name not in stated}
    if sound.kit:
        out.add(sound.kit)
    return frozenset(name for name in out if name in INSTRUMENTS or name in PIECES or name in KITS)


def _first(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in INSTRUMENTS)[:1]


def _pieces(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in PIECES)
