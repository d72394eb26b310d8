# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds drum grooves and fills, and those that styles share: ``resources/grooves.toml``, ``fills.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.generators.composer import style_text
from engine.generators.composer.drums import PIECES
from engine.generators.composer.style_text import StyleError
from engine.library import toml_text
from engine.library.toml_text import Place, WrongValueError

RESOURCES = Path(__file__).resolve().parents[3] / "resources"
FILL_KINDS = ("none", "snare", "toms", "claps", "hats", "break", "percussion", "brushes")


@dataclass(frozen=True, slots=True)
class Groove:
    """A groove says which steps each piece plays: a bar of its metre, or several, in sixteenths."""

    metre: str
    lines: dict[str, str] = field(default_factory=dict)

    @property
    def bar_steps(self) -> int:
        """Return the number of sixteenths in a bar."""
        return style_text.METRE_STEPS[self.metre]


def read_groove(raw: Mapping[str, Any], place: Place) -> Groove:
    """Return the groove of a table: a metre, 4/4 where none is given, and a line for each piece."""
    metre = raw.get("metre", "4/4")
    toml_text.known("metre", (str(metre),), style_text.METRE_STEPS, Place(place.table, place.index, "metre"))
    lines: dict[str, str] = {}
    for names, text in raw.items():
        if names == "metre":
            continue
        here = Place(place.table, place.index, names)
        piece = toml_text.first_known("drum", names, PIECES, here)
        if not isinstance(text, str):
            raise WrongValueError(f"“{names}” must be a pattern in quotes.", here)
        # The fallback of a piece that is not there yet gives way to that piece's own line.
        if names == piece or piece not in lines:
            lines[piece] = style_text.pattern(text, style_text.DRUM_STROKES, metre, here)
    if not lines:
        raise WrongValueError("this pattern has no drum in it.", place)
    return Groove(metre, lines)


@lru_cache(maxsize=1)
def shared_grooves() -> dict[str, tuple[Groove, ...]]:
    """Return, by kind of fill, the grooves in other metres for styles that have none of their own."""
    return _by_kind("grooves.toml", "groove")


@lru_cache(maxsize=1)
def shared_fills() -> dict[str, tuple[Groove, ...]]:
    """Return the written fills of each kind."""
    return _by_kind("fills.toml", "fill")


def _by_kind(file: str, table: str) -> dict[str, tuple[Groove, ...]]:
    text = (RESOURCES / file).read_text("utf-8")
    out: dict[str, tuple[Groove, ...]] = dict.fromkeys(FILL_KINDS, ())
    try:
        for index, raw in enumerate(toml_text.parsed(text)[table]):
            kinds = raw.pop("kinds")
            place = Place(table, index)
            toml_text.known("kind of fill", kinds, FILL_KINDS, Place(table, index, "kinds"))
            groove = read_groove(raw, place)
            for kind in kinds:
                out[kind] += (groove,)
    except WrongValueError as error:
        raise StyleError(file, toml_text.line_of(text, error.place), str(error)) from error
    return out
