# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the root of all errors."""

from __future__ import annotations

from typing import Any, ClassVar


class StudioError(Exception):
    """This is the root of everything that the studio reports to a person.

    Parameters
    ----------
    **fields
        The values the sentence names, each printable and picklable.
    """

    template: ClassVar[str] = "Something went wrong: {detail}."

    def __init__(self, **fields: Any) -> None:
        self.fields: dict[str, Any] = fields
        super().__init__(self.template.format(**fields))

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception with keyword fields does not pickle by itself, and errors cross processes.
        return _rebuild, (type(self), self.fields)


def _rebuild(kind: type[StudioError], fields: dict[str, Any]) -> StudioError:
    return kind(**fields)


class UserError(StudioError):
    """A person asked for something impossible; the sentence says the way out."""


class Cancelled(StudioError):
    """A job ended because it was asked to; this is never shown as a failure."""

    template = "Cancelled."
