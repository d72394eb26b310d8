# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what a station keeps of its slots between two starts: a small JSON file, written atomically.

It is written before a fragment takes its slot's place, and says which file that will be. So a start that finds that
file in the slot knows that the circle went on, and one that does not, that it did not: whenever the station was killed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from engine.library.atomic import write_bytes
from engine.library.recipefile import read_text
from engine.values.fragments import MOST_SLOTS, PEAK_BINS

_FORM = 1


@dataclass(frozen=True, slots=True)
class KeptSlot:
    """A kept slot is what is known of one, and of which file: its size in bytes and its time in nanoseconds."""

    is_frozen: bool = False
    own_prompt: str = ""
    size: int = -1
    mtime_ns: int = -1
    prompt: str = ""
    archived: str = ""
    duration_s: float = 0.0
    peaks: tuple[float, ...] = ()

    def is_of(self, status: os.stat_result | None) -> bool:
        """Return whether this is known of the file with that status."""
        return status is not None and (status.st_size, status.st_mtime_ns) == (self.size, self.mtime_ns)

    def without_sound(self) -> KeptSlot:
        """Return what stays when the slot is cleared."""
        return KeptSlot(self.is_frozen, self.own_prompt)

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what JSON says. Raises ValueError for another thing."""
        one = cls(**{name: value for name, value in data.items() if name in cls.__slots__})
        one = replace(one, peaks=tuple(one.peaks))
        texts, numbers = (one.own_prompt, one.prompt, one.archived), (one.size, one.mtime_ns)
        is_right = all(type(text) is str for text in texts) and all(type(number) is int for number in numbers)
        peaks_right = len(one.peaks) in (0, PEAK_BINS) and all(isinstance(peak, float | int) for peak in one.peaks)
        if not is_right or not peaks_right or type(one.is_frozen) is not bool:
            raise ValueError("it is no slot")
        return replace(one, duration_s=float(one.duration_s))


@dataclass(frozen=True, slots=True)
class Kept:
    """This is what is kept of all slots.

    Attributes
    ----------
    next_slot
        Where the circle goes on; None where that is not known.
    writing
        The slot whose file is being replaced by the one that ``slots`` tells of, or None.
    before
        Where the circle goes on if it was not replaced.
    """

    next_slot: int | None = None
    writing: int | None = None
    before: int | None = None
    slots: Mapping[int, KeptSlot] = field(default_factory=dict)

    def slot(self, number: int) -> KeptSlot:
        return self.slots.get(number) or KeptSlot()

    def with_slot(self, number: int, slot: KeptSlot) -> Kept:
        return replace(self, slots={**self.slots, number: slot})

    def write(self, path: Path) -> None:
        """Write it in the file's place. Raises CannotWrite."""
        said = {
            "fragments": _FORM,
            "next": self.next_slot,
            "writing": self.writing,
            "before": self.before,
            "slots": {str(number): slot.as_dict() for number, slot in sorted(self.slots.items())},
        }
        write_bytes(path, json.dumps(said, separators=(",", ":")).encode())


def read_kept(path: Path) -> Kept:
    """Return what a file keeps; nothing where there is none, or it was damaged: then the folder itself has to do."""
    try:
        data = json.loads(read_text(path))
        numbers = [data["next"], data["writing"], data["before"]]
        if data["fragments"] != _FORM or not all(one is None or type(one) is int for one in numbers):
            return Kept()
        slots = {int(number): KeptSlot.from_dict(slot) for number, slot in data["slots"].items()}
        known = {number: slot for number, slot in slots.items() if 1 <= number <= MOST_SLOTS}
        return Kept(numbers[0], numbers[1], numbers[2], known)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Kept()
