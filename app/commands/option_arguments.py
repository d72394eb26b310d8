# SPDX-License-Identifier: GPL-3.0-or-later
"""This module adds the studio's options to a command line: default, range and unit are those declared."""

from __future__ import annotations

import argparse
from typing import Any, Protocol

from app.commands.numbers import number
from engine.errors import OutOfRange
from engine.values import Kind, Parameter

METAVARS = {"s": "S", "ms": "MS", "LUFS": "LUFS"}
"""Placeholders for numbers in a command's usage, by their units."""


class TakesArguments(Protocol):
    """A parser, or a group of its arguments."""

    def add_argument(self, *flags: str, **how: Any) -> argparse.Action:
        """Declare an argument."""


def add_option(
    parser: TakesArguments,
    flag: str,
    option: Parameter,
    help_text: str,
    *,
    is_default: bool = True,
    is_settled: bool = True,
) -> None:
    """Declare an option.

    Parameters
    ----------
    is_default
        Whether it has its declared default where it is not given; else it is None.
    is_settled
        False where it is None too, though the help tells the default: a preset may come before that.
    """
    default = option.default if is_default and is_settled else None
    if option.kind is Kind.CHOICE:
        words = f"{help_text} (default {option.default})"
        parser.add_argument(flag, choices=option.choices, default=default, help=words)
        return
    words = f"{help_text}, {option.low:g}–{option.high:g}" + (f" (default {option.default:g})" if is_default else "")
    parser.add_argument(flag, type=number, default=default, metavar=METAVARS.get(option.unit, "N"), help=words)


def check_option(arguments: argparse.Namespace, flag: str, option: Parameter, *, low: float | None = None) -> None:
    """Refuse a number outside the option's range, of which ``low`` may be another low end. Raises OutOfRange."""
    value = getattr(arguments, flag.removeprefix("--").replace("-", "_"))
    least = option.low if low is None else low
    if value is not None and not least <= value <= option.high:
        raise OutOfRange(name=flag, value=value, low=f"{least:g}", high=f"{option.high:g} {option.unit}".strip())
