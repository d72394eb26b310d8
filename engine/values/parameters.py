# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what can be set, of a generator or of the studio, with its kind; and holds values by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import OutOfRange, UnknownChoice, WrongKind

ParameterValue = bool | int | float | str
"""Value of a parameter: a number, a whole number, a text, a switch or a path, as the parameter's kind says."""

MAX_PATH_CHARACTERS = 4096
"""Number of characters of the longest path that a parameter takes."""
MAX_TEXT_CHARACTERS = 2000
"""Longest text that a parameter takes, characters."""


class Kind(StrEnum):
    """A kind says which values a parameter holds."""

    NUMBER = "number"
    INTEGER = "integer"
    CHOICE = "choice"
    SEVERAL = "several"
    """One or more of the choices, by their names with commas between them."""
    SWITCH = "switch"
    TEXT = "text"
    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter is something that a person can set, of a generator or of the studio, declared once for all readers.

    Attributes
    ----------
    name
        Its name in settings, in recipes and on the command line.
    kind
        What it holds.
    default
        Its value where nothing is set.
    title, tooltip
        Its name and a sentence on it, as people read them.
    low, high, step
        Bounds of a number, both included, and by how much a key press changes it.
    unit
        What a number counts ("bpm"), or "".
    choices
        What a choice can be, in the order in which it is offered. Where several can be, the default stands alone.
    unset
        What is read in the place of the default where that stands for nothing asked ("any"), or "". Such a default is
        the lowest number or outside the bounds, "" among the choices, or an empty text.
    setup
        Whether it belongs to this machine (SETUP) and not to the music (the Generate panel).
    needs
        Name of the switch that has to be on for it to matter, or "".
    shown_in
        How many of what is kept one of ``unit`` is: 60 for seconds that are shown as minutes.
    titles
        The choices as people read them; empty where their names are read as they are.
    ends
        How people read its lowest and its highest value; a number that has them is a slider in the panel itself.
    slides
        Whether a number is turned by a slider among the rows of other parameters, with its bounds as its ends.
    reads
        What reads a text, and raises a UserError for one that means nothing; None where every text is fine.
    eases
        Whether a change is heard from the next clip on, and nothing that was made is thrown away for it.
    private
        Whether it says where something is, as files and folders do, or how it is reached: no recipe keeps it.
    """

    name: str
    kind: Kind
    default: ParameterValue
    title: str
    tooltip: str
    low: float = -math.inf
    high: float = math.inf
    step: float = 1.0
    unit: str = ""
    choices: tuple[str, ...] = ()
    unset: str = ""
    setup: bool = False
    needs: str = ""
    shown_in: float = 1.0
    titles: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    slides: bool = False
    eases: bool = False
    private: bool = False
    reads: Callable[[str], object] | None = None

    @property
    def default_number(self) -> float:
        """Return the default of a number."""
        return float(self.default)

    @property
    def default_whole(self) -> int:
        """Return the default of a whole number."""
        return int(self.default)

    @property
    def default_text(self) -> str:
        """Return the default of a text, a choice, a file or a folder."""
        return str(self.default)

    @property
    def default_flag(self) -> bool:
        """Return the default of a switch."""
        return self.default is True

    def checked(self, value: object) -> ParameterValue:
        """Return the value as its kind holds it: a whole number is a number too.

        Raises
        ------
        WrongKind
            The value is of another type, not finite, or a text that cannot be written.
        OutOfRange
            The number lies outside the bounds.
        UnknownChoice
            The text is none of the choices.
        UserError
            The text means nothing to what ``reads`` it.
        """
        if self.kind is Kind.SWITCH:
            if not isinstance(value, bool):
                raise WrongKind(name=self.name, value=_shown(value), kind="on or off")
            return value
        if self.kind in (Kind.NUMBER, Kind.INTEGER):
            return self._number(value)
        if self.kind in (Kind.FILE, Kind.FOLDER):
            if not isinstance(value, str) or "\0" in value or len(value) > MAX_PATH_CHARACTERS:
                raise WrongKind(name=self.name, value=_shown(value), kind="a path")
            # Its bytes need not be text (PEP 383).
            return value
        if not isinstance(value, str) or not _is_text(value):
            raise WrongKind(name=self.name, value=_shown(value), kind=f"a text of up to {MAX_TEXT_CHARACTERS} letters")
        if self.reads is not None and value != self.default:
            self.reads(value)
        if self.kind is Kind.SEVERAL:
            return self._several(value)
        if self.kind is Kind.CHOICE and value not in self.choices:
            raise self._unknown(value)
        return value

    def read(self, text: str) -> ParameterValue:
        """Return the value that a person wrote as ``text`` on a command line. Raises as ``checked`` does."""
        plain = text.strip()
        if self.kind is Kind.SWITCH:
            return self.checked({"on": True, "yes": True, "off": False, "no": False}.get(plain.lower(), plain))
        if self.kind in (Kind.NUMBER, Kind.INTEGER):
            try:
                return self.checked(int(plain) if self.kind is Kind.INTEGER else float(plain.replace(",", ".")))
            except ValueError:
                return self.checked(plain)
        return self.checked(text)

    def _several(self, value: str) -> str:
        """Return the names in ``value``, each once, in the order in which they are offered."""
        names = [name.strip().lower() for name in value.split(",")]
        for name in names:
            if name not in self.choices:
                raise self._unknown(name)
        return str(self.default) if self.default in names else ",".join(one for one in self.choices if one in names)

    def _unknown(self, value: str) -> UnknownChoice:
        return UnknownChoice(name=self.name, value=_shown(value), choices=", ".join(one for one in self.choices if one))

    def _number(self, value: object) -> ParameterValue:
        whole = self.kind is Kind.INTEGER
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
            or (whole and value != int(value))
        ):
            raise WrongKind(name=self.name, value=_shown(value), kind="a whole number" if whole else "a number")
        if not self.low <= value <= self.high and not (self.unset and value == self.default):
            raise OutOfRange(name=self.name, value=f"{value:.16g}", low=f"{self.low:.16g}", high=f"{self.high:.16g}")
        return int(value) if whole else float(value)


class Parameters(Mapping[str, ParameterValue]):
    """Parameters map names to values: a mapping that cannot be changed, and that crosses processes."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, ParameterValue] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, name: str) -> ParameterValue:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Parameters({self._values!r})"

    def __reduce__(self) -> tuple[type[Parameters], tuple[dict[str, ParameterValue]]]:
        return Parameters, (self._values,)

    def text(self, name: str) -> str:
        """Return the text called ``name``; "" where there is none."""
        value = self._values.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> float:
        """Return the number called ``name``. Raises KeyError where there is none."""
        return float(self._values[name])

    def flag(self, name: str) -> bool:
        """Return whether the switch called ``name`` is on; off where there is none."""
        return self._values.get(name) is True


def _is_text(value: str) -> bool:
    return (
        len(value) <= MAX_TEXT_CHARACTERS
        and "\0" not in value
        and value.encode("utf-8", "ignore").decode("utf-8") == value
    )


def _shown(value: object) -> str:
    text = str(value).encode("utf-8", "replace").decode("utf-8").replace("\0", "␀")
    return text if len(text) <= 40 else text[:39] + "…"
