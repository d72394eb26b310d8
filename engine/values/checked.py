# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads fields of the right type from a mapping that came out of a file, which may hold anything."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

_Number = TypeVar("_Number", int, float)

MOST_WHOLE = 2**63
"""Upper bound (excluded) of whole numbers: numpy, SQLite and Qt hold all below it."""


_MOST_FRACTION = 60
"""Length of the longest text of a fraction that is believed."""


def fraction_of(text: str) -> Fraction:
    """Return a fraction that a person or a file says, as “3/4” or “0.75”. Raises ValueError.

    It has no exponent: “1e999999999” would be worked out to its last digit.
    """
    if len(text) > _MOST_FRACTION or "e" in text.lower():
        raise ValueError(f"“{text[:_MOST_FRACTION]}” is no fraction")
    try:
        return Fraction(text)
    except ZeroDivisionError as error:
        raise ValueError(f"“{text}” is no fraction") from error


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields are those of a mapping, each asked for with its type.

    Every method raises ValueError, naming the field, for one that is missing, of another type, not finite or out of
    bounds.
    """

    data: Mapping[str, Any]

    @classmethod
    def of(cls, data: object) -> Fields:
        """Return the fields of ``data``, which must be a mapping."""
        if not isinstance(data, Mapping):
            raise ValueError(f"not an object but {type(data).__name__}")  # noqa: TRY004 - one kind of error for the reader
        return cls(data)

    def has(self, name: str) -> bool:
        """Return whether the field is there and not null."""
        return self.data.get(name) is not None

    def part(self, name: str) -> Fields:
        """Return a field that is itself a mapping."""
        return Fields(self._of_type(name, Mapping, "an object"))

    def parts(self, name: str) -> tuple[Fields, ...]:
        """Return a field that is a list of mappings."""
        return tuple(Fields.of(one) for one in self._of_type(name, list, "a list"))

    def text(self, name: str) -> str:
        """Return a field that is a text."""
        return str(self._of_type(name, str, "a text"))

    def flag(self, name: str) -> bool:
        """Return a field that is true or false."""
        return bool(self._of_type(name, bool, "true or false"))

    def number(self, name: str, low: float = -math.inf, high: float = math.inf) -> float:
        """Return a field that is a finite number in [low, high], as it is written: whole numbers stay whole."""
        value = self._of_type(name, (int, float), "a number")
        if isinstance(value, bool) or not low <= value <= high or not _is_finite(value):
            raise ValueError(f"“{name}” is no number from {low:g} to {high:g}")
        return value  # type: ignore[no-any-return]

    def whole(self, name: str, low: int = -MOST_WHOLE, high: int = MOST_WHOLE - 1) -> int:
        """Return a field that is a whole number in [low, high]."""
        value = self._of_type(name, int, "a whole number")
        if isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"“{name}” is no whole number from {low} to {high}")
        return int(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that is a list of texts."""
        values = self._of_type(name, list, "a list")
        if not all(isinstance(one, str) for one in values):
            raise ValueError(f"“{name}” holds something that is no text")
        return tuple(values)

    def numbers(self, name: str) -> tuple[float, ...]:
        """Return a field that is a list of finite numbers."""
        values = self._of_type(name, list, "a list")
        return tuple(Fields({name: one}).number(name) for one in values)

    def placed(self, name: str) -> tuple[tuple[float, str], ...]:
        """Return a field that is a list of a number and a text each."""
        return tuple(self._twos(name, lambda both: both.number("number")))

    def pairs(self, name: str) -> tuple[tuple[int, str], ...]:
        """Return a field that is a list of a whole number from 0 on and a text each."""
        return tuple(self._twos(name, lambda both: both.whole("number", 0)))

    def texts_by_name(self, name: str) -> dict[str, str]:
        """Return a field that is a mapping of texts."""
        values = self._of_type(name, Mapping, "an object")
        if not all(isinstance(one, str) for one in values.values()):
            raise ValueError(f"“{name}” holds something that is no text")
        return dict(values)

    def _twos(self, name: str, number: Callable[[Fields], _Number]) -> Iterator[tuple[_Number, str]]:
        for one in self._of_type(name, list, "a list"):
            if not isinstance(one, list) or len(one) != 2:
                raise ValueError(f"“{name}” holds something that is no pair")
            both = Fields({"number": one[0], "text": one[1]})
            yield number(both), both.text("text")

    def _of_type(self, name: str, kind: type | tuple[type, ...], what: str) -> Any:
        if not isinstance(value := self.data.get(name), kind):
            raise ValueError(f"“{name}” is missing or not {what}")  # noqa: TRY004 - one kind of error for the reader
        return value


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False
