# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds what a jam can be set to: a value that it cannot be is refused in a sentence."""

from __future__ import annotations

from dataclasses import fields, replace

from engine.errors import OutOfRange, UnknownChoice
from engine.generators.standard import KEYS, METRES
from engine.values import ChannelParameter, Curve, Effects
from engine.values.channels import BOUNDS
from engine.values.jam import (
    HIGHEST_JAM_BPM,
    JAM_BARS,
    LONGEST_SWAP_MS,
    LOWEST_JAM_BPM,
    SHORTEST_SWAP_MS,
    Groove,
)


def with_tempo(groove: Groove, bpm: float) -> Groove:
    """Return the groove at another tempo. Raises OutOfRange."""
    if not LOWEST_JAM_BPM <= bpm <= HIGHEST_JAM_BPM:
        raise OutOfRange(name="tempo", value=f"{bpm:g}", low=f"{LOWEST_JAM_BPM:g}", high=f"{HIGHEST_JAM_BPM:g}")
    return replace(groove, bpm=round(bpm, 2))


def with_metre(groove: Groove, metre: str) -> Groove:
    """Return the groove in another metre. Raises UnknownChoice."""
    if metre not in METRES:
        raise UnknownChoice(name="metre", value=metre, choices=", ".join(METRES))
    return replace(groove, metre=metre)


def with_key(groove: Groove, key: str) -> Groove:
    """Return the groove in another key; "" leaves that to the generators. Raises UnknownChoice."""
    if key and key not in KEYS:
        raise UnknownChoice(name="key", value=key, choices=", ".join(KEYS))
    return replace(groove, key=key)


def checked_bars(bars: int) -> int:
    """Return a length of what is made. Raises UnknownChoice."""
    if bars not in JAM_BARS:
        raise UnknownChoice(name="bars", value=str(bars), choices=", ".join(map(str, JAM_BARS)))
    return bars


def checked_fade_ms(fade_ms: float) -> float:
    """Return the length of a swap's crossfade, milliseconds. Raises OutOfRange."""
    if not SHORTEST_SWAP_MS <= fade_ms <= LONGEST_SWAP_MS:
        raise OutOfRange(
            name="crossfade of a swap",
            value=f"{fade_ms:g} ms",
            low=f"{SHORTEST_SWAP_MS:g} ms",
            high=f"{LONGEST_SWAP_MS:g} ms",
        )
    return fade_ms


def checked_share(name: str, value: float) -> float:
    """Return a value in [0, 1]. Raises OutOfRange."""
    if not 0.0 <= value <= 1.0:
        raise OutOfRange(name=name, value=f"{value:g}", low="0", high="1")
    return value


_MOST_CURVE_BARS = 64


def checked_curve(parameter: ChannelParameter, curve: Curve) -> Curve:
    """Return a curve that a parameter can have. Raises OutOfRange."""
    if curve.bars > _MOST_CURVE_BARS:
        raise OutOfRange(name="bars of a curve", value=str(curve.bars), low="0", high=str(_MOST_CURVE_BARS))
    low, high = BOUNDS[parameter.value]
    for value in curve.values:
        if not low <= value <= high:
            name = "level" if parameter is ChannelParameter.GAIN else parameter.value.replace("_", " ")
            raise OutOfRange(name=name, value=f"{value:g}", low=f"{low:g}", high=f"{high:g}")
    return curve


def checked_effects(effects: Effects) -> Effects:
    """Return effects that can be had. Raises OutOfRange."""
    for one in fields(Effects):
        value, (low, high) = getattr(effects, one.name), BOUNDS[one.name]
        if value is not None and not low <= value <= high:
            name = one.name.replace("_", " ")
            raise OutOfRange(name=name, value=f"{float(value):g}", low=f"{low:g}", high=f"{high:g}")
    return effects
