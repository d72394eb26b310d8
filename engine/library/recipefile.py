# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe file beside a take's sound is JSON with the recipe, the rating and the marks, all checked when read."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.values import RATINGS, LoopCandidate, Mark, Recipe

MAX_BYTES = 1 << 20
"""Number of bytes that a recipe file may have; a recipe is about 1 kB."""

_RATING_KEY = "rating"
_MARKS_KEY = "marks"
_LOOP_KEY = "loop"


@dataclass(frozen=True, slots=True)
class RecipeFile:
    """The content of a recipe file.

    Attributes
    ----------
    rating
        One of ``RATINGS``; what a newer studio may have written besides is none.
    """

    recipe: Recipe
    rating: str
    marks: frozenset[Mark]


def read_text(path: Path) -> str:
    """Return the text of a recipe file, which must be a regular one of at most ``MAX_BYTES``.

    Never waits for another process: a pipe, a device or a folder in its place is refused, not opened.

    Raises
    ------
    FileNotFoundError
        There is none.
    OSError
        It may not be read, or is no regular file, or is too large.
    """
    _refuse_special(path.stat())
    # Looked at again once it is open: it may have been exchanged meanwhile.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as handle:
        _refuse_special(os.fstat(descriptor))
        content = handle.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise OSError(errno.EFBIG, "it is too large for a recipe")
    return content.decode("utf-8", errors="replace")


def _refuse_special(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
    if status.st_size > MAX_BYTES:
        raise OSError(errno.EFBIG, "it is too large for a recipe")


def parse(text: str) -> RecipeFile:
    """Return the content of a recipe file's text. Raises ValueError, or RecursionError for deep nesting."""
    data = json.loads(text)
    recipe = Recipe.from_dict(data)
    rating = data.get(_RATING_KEY, "")
    marks = data.get(_MARKS_KEY, ())
    known = {str(one) for one in Mark}
    return RecipeFile(
        recipe,
        rating if isinstance(rating, str) and rating in RATINGS else "",
        frozenset(Mark(one) for one in marks if isinstance(one, str) and one in known)
        if isinstance(marks, list)
        else frozenset(),
    )


def text_of(recipe: Recipe) -> str:
    """Return the text of a new take's recipe file. Raises ValueError for a recipe with a number that is none."""
    return json.dumps(recipe.as_dict(), indent=2, allow_nan=False)


def with_rating(text: str, rating: str) -> str:
    """Return the same file with another rating; whatever else it says stays."""
    return _changed(text, _RATING_KEY, rating)


def with_marks(text: str, marks: Iterable[Mark]) -> str:
    """Return the same file with these marks; whatever else it says stays."""
    return _changed(text, _MARKS_KEY, sorted(map(str, marks)))


def with_loop(text: str, recipe: Recipe, loop: LoopCandidate) -> str:
    """Return the same file, of ``recipe``, with another loop; whatever else it says stays."""
    return _changed(text, _LOOP_KEY, replace(recipe, loop=loop).as_dict()[_LOOP_KEY])


def _changed(text: str, key: str, value: object) -> str:
    data: dict[str, Any] = json.loads(text)
    if value:
        data[key] = value
    else:
        data.pop(key, None)
    return json.dumps(data, indent=2, allow_nan=False)
