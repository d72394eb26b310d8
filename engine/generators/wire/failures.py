# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures as JSON: the error's name, the values of its sentence, and the sentence itself.

A studio that knows the error tells it in its own language; any other program reads the sentence.
"""

from __future__ import annotations

import math
from typing import Any

from engine import errors
from engine.errors import StudioError
from engine.values.checked import Fields

_MOST_CHARACTERS = 500
_MOST_FIELDS = 16


def failure_as_dict(error: Exception) -> dict[str, Any]:
    """Return an error ready for JSON."""
    fields = error.fields if isinstance(error, StudioError) else {}
    plain = {name: value if _is_number(value) else str(value) for name, value in fields.items()}
    return {"kind": type(error).__name__, "fields": plain, "sentence": str(error)}


def failure_from(data: object) -> StudioError | str:
    """Return the error that came as JSON; where none here has its name and values, its sentence. Raises ValueError."""
    fields = Fields.of(data)
    sentence = " ".join(fields.text("sentence")[:_MOST_CHARACTERS].split()).rstrip(". ")
    kind = getattr(errors, fields.text("kind"), None)
    values = fields.part("fields").data
    if not isinstance(kind, type) or not issubclass(kind, StudioError) or len(values) > _MOST_FIELDS:
        return sentence
    if not all(isinstance(one, int | float | str) for one in values.values()):
        return sentence
    try:
        return kind(**{str(name): _held(value) for name, value in values.items()})
    except (KeyError, ValueError, TypeError, IndexError):
        # Another version of the studio says other things in that sentence.
        return sentence


def _is_number(value: object) -> bool:
    """Return whether JSON has such a number."""
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def _held(value: float | str) -> float | str:
    return value[:_MOST_CHARACTERS] if isinstance(value, str) else value
