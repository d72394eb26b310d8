# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads numbers and times as people write them on a command line, with a decimal point or comma."""

from __future__ import annotations

import argparse
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.units import samples_to_seconds, seconds_to_samples

if TYPE_CHECKING:
    from engine.values import Sound

TIMES = (
    "A TIME is 90 or 90s (seconds), 2:37.5, 1:02:03, 1h30m, 250ms, 35% (of the file) or @123456 (samples); "
    "2:37,5 is 2:37.5."
)
MAX_NUMBER = 1e15
"""Largest number that is read: nothing counted here is larger, and a float still tells neighbours apart."""

_DIGITS = r"[0-9]+(?:[.,][0-9]*)?"
_CLOCK = re.compile(rf"(?:([0-9]+):)?([0-9]+):({_DIGITS})")
_SPELT = re.compile(rf"(?:({_DIGITS})h)?(?:({_DIGITS})m)?(?:({_DIGITS})s)?(?:({_DIGITS})ms)?")
_NUMBER = re.compile(rf"{_DIGITS}|[.,][0-9]+")
_SIGNED = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:e[+-]?[0-9]{1,4})?")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_SHOWN_CHARACTERS = 24


def number(text: str) -> float:
    """Read a number ("12.5", "12,5"), for argparse."""
    bare = text.strip().lower()
    if bare in ("nan", "inf", "-inf"):
        # Refused with the option's name and bounds by whoever asks for it.
        return float(bare)
    if not _SIGNED.fullmatch(bare):
        raise argparse.ArgumentTypeError(f"{_quoted(text)} is not a number: write 12, 12.5 or 12,5")
    return _bounded(float(bare.replace(",", ".")), text)


def whole(text: str) -> int:
    """Read a whole number, for argparse."""
    bare = text.strip()
    if not _WHOLE.fullmatch(bare):
        raise argparse.ArgumentTypeError(f"{_quoted(text)} is not a whole number")
    # Python itself refuses thousands of digits.
    _bounded(float(bare), text)
    return int(bare)


@dataclass(frozen=True, slots=True)
class Time:
    """A time is a place in a sound or a length, as written: seconds, samples, or a share of the sound's length."""

    value: float
    unit: str
    text: str

    def samples(self, sound: Sound) -> int:
        """Return the nearest sample."""
        if self.unit == "samples":
            return int(self.value)
        if self.unit == "share":
            return round(self.value * sound.n_samples)
        return seconds_to_samples(self.value, sound.sample_rate)

    def seconds(self, sound: Sound) -> float:
        """Return the seconds, not rounded to samples."""
        return self.value if self.unit == "s" else samples_to_seconds(self.samples(sound), sound.sample_rate)


def time(text: str) -> Time:
    """Read a TIME (see ``TIMES``), for argparse."""
    bare = text.strip().lower()
    if re.fullmatch(r"@[0-9]+", bare):
        return Time(_bounded(float(bare[1:]), text), "samples", text)
    if bare.endswith("%") and _NUMBER.fullmatch(bare[:-1].rstrip()):
        return Time(_bounded(_float(bare[:-1]) / 100.0, text), "share", text)
    if _NUMBER.fullmatch(bare):
        return Time(_bounded(_float(bare), text), "s", text)
    if (clock := _CLOCK.fullmatch(bare)) is not None:
        hours, minutes, seconds = (_float(group or "0") for group in clock.groups())
        return Time(_bounded(hours * 3600.0 + minutes * 60.0 + seconds, text), "s", text)
    if bare and (spelt := _SPELT.fullmatch(bare)) is not None:
        units = zip(spelt.groups(), (3600.0, 60.0, 1.0, 0.001), strict=True)
        return Time(_bounded(sum(_float(one) * unit_s for one, unit_s in units if one), text), "s", text)
    raise argparse.ArgumentTypeError(
        f"{_quoted(text)} is not a time: write 90, 90s, 2:37.5 or 2:37,5, 1h30m, 35% or @123456 (samples)"
    )


def format_time(n_samples: int, sample_rate: int, unit: str = "time") -> str:
    """Return a place or length as ``1:02.345`` (``time``), ``62.345`` (``seconds``) or ``2745414`` (``samples``)."""
    if unit == "samples":
        return str(n_samples)
    if unit == "seconds":
        return f"{samples_to_seconds(n_samples, sample_rate):.6f}"
    minutes, ms = divmod(round(samples_to_seconds(n_samples, sample_rate) * 1000.0), 60_000)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{clock}:{ms / 1000.0:06.3f}"


def _float(digits: str) -> float:
    return float(digits.replace(",", "."))


def _bounded(value: float, text: str) -> float:
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        raise argparse.ArgumentTypeError(f"{_quoted(text)} is too large a number")
    return value


def _quoted(text: str) -> str:
    return f"“{text}”" if len(text) <= _SHOWN_CHARACTERS else f"“{text[:_SHOWN_CHARACTERS]}…”"
