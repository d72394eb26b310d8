# SPDX-License-Identifier: GPL-3.0-or-later
"""This module knows by which names and in which units programs write a loop's start, end and length in comments.

Names differ by letters' case, by underscores, dashes, dots and blanks, and by the words in ``START``, ``END`` and
``LENGTH``. Whole numbers are samples; numbers with a decimal point or comma and clocks ("0:12.500") are seconds, and
then so are whole numbers beside them, where the sound is long enough.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.values import LoopRegion

START = frozenset({"LOOPSTART", "LOOPBEGIN", "LOOPBEG", "LOOPS", "LOOPIN", "LOOPFROM", "STARTLOOP"})
END = frozenset({"LOOPEND", "LOOPSTOP", "LOOPE", "LOOPOUT", "LOOPTO", "ENDLOOP"})
LENGTH = frozenset({"LOOPLENGTH", "LOOPLEN", "LOOPL", "LOOPDURATION"})

_SAMPLES = re.compile(r"\s*\+?([0-9]{1,18})\s*(?:samples?)?\s*", re.ASCII | re.IGNORECASE)
_SECONDS = re.compile(r"\s*\+?([0-9]{1,12}(?:[.,][0-9]{1,12})?)\s*(s|sec|ms)?\s*", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(r"\s*(?:([0-9]{1,4}):)?([0-9]{1,4}):([0-9]{1,2}(?:[.,][0-9]{1,12})?)\s*", re.ASCII)
_SEPARATORS = str.maketrans("", "", "_-. :")


def plain(name: str) -> str:
    """Return a comment's name without what programs do not agree on."""
    return name.upper().translate(_SEPARATORS)


def is_loop_name(name: str) -> bool:
    """Return whether a comment of this name holds a loop's start, end or length."""
    return plain(name) in START | END | LENGTH


@dataclass(frozen=True, slots=True)
class _Value:
    """A place or a length: in samples, in seconds, or in either."""

    samples: int | None
    seconds: float | None
    is_sure: bool = True

    def at(self, sample_rate: int, n_samples: int, *, beside_seconds: bool) -> int:
        """Return the value in samples of a sound of so many samples."""
        from_seconds = None if self.seconds is None else round(self.seconds * sample_rate)
        if self.samples is None or from_seconds is None:
            return self.samples if self.samples is not None else from_seconds or 0
        fits = from_seconds <= n_samples + 1
        return from_seconds if fits and (beside_seconds or not self.is_sure) else self.samples


def regions_in(comments: Mapping[str, str], sample_rate: int, n_samples: int) -> tuple[list[LoopRegion], list[str]]:
    """Return the loops that comments name, in samples, not yet held against the sound's length, and what is odd.

    A start alone is a loop to the sound's end.

    Returns
    -------
    regions, notes
        The notes are sentences for a person.
    """
    values: dict[str, _Value] = {}
    notes: list[str] = []
    for name, text in comments.items():
        if not is_loop_name(name):
            continue
        value = _value_of(text)
        if value is None:
            notes.append(f"The loop tag {name} is no place in the sound: “{text[:40]}”.")
        else:
            values[plain(name)] = value
    beside = any(one.samples is None for one in values.values())

    def taken(names: frozenset[str]) -> list[int]:
        found = (values[name] for name in sorted(names & values.keys()))
        return [one.at(sample_rate, n_samples, beside_seconds=beside) for one in found]

    starts, ends, lengths = taken(START), taken(END), taken(LENGTH)
    pairs = [(start, start + length) for start in starts for length in lengths]
    pairs += [(start, end) for start in starts for end in ends]
    named = START | END | LENGTH
    if starts and len(values) == sum(plain(name) in named for name in comments) and not pairs:
        pairs = [(start, max(start + 1, n_samples)) for start in starts]
    elif values and not starts:
        notes.append("The loop tags name no start.")
    notes += [f"The loop tags end a loop at {end} that starts at {start}." for start, end in pairs if end <= start]
    return [LoopRegion(start, end) for start, end in pairs if start < end], notes


def _value_of(text: str) -> _Value | None:
    if match := _SAMPLES.fullmatch(text):
        whole = int(match[1])
        return _Value(whole, None if "sample" in text.lower() else float(whole))
    if match := _CLOCK.fullmatch(text):
        hours, minutes, seconds = match[1] or "0", match[2], match[3].replace(",", ".")
        return _Value(None, 3600.0 * int(hours) + 60.0 * int(minutes) + float(seconds))
    if match := _SECONDS.fullmatch(text):
        number, unit = float(match[1].replace(",", ".")), (match[2] or "").lower()
        if not unit and number == int(number):  # "441000.0" may be samples that went through a float
            return _Value(int(number), number, is_sure=False)
        return _Value(None, number / 1000.0 if unit == "ms" else number)
    return None
