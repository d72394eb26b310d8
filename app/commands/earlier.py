# SPDX-License-Identifier: GPL-3.0-or-later
"""An earlier clip is found by what a person wrote after ``--after``, and says from which piece the new one goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from engine.errors import CannotGoOn, FileMissing
from engine.values import Family

if TYPE_CHECKING:
    from app.settings import Settings
    from engine.generators.base import Generator

RECIPE_ENDING = ".json"


def family_after(text: str, generator: Generator, settings: Settings) -> Family:
    """Return the family of the clip that ``text`` names, which this generator made.

    ``text`` is the id of a take in the library, a take's sound or recipe, or what ``generate --json`` printed. Raises
    FileMissing where there is none, CannotGoOn where it belongs to no piece of this generator's.
    """
    from engine.library.indexed_folder import TAKE_ID
    from engine.library.recipefile import read_text

    path = Path(text).expanduser()
    if TAKE_ID.fullmatch(text) and not path.exists():
        folder = Path(settings.data_folder) if settings.data_folder else paths.data_folder()
        path = folder / "takes" / text
    recipe = path.with_suffix(RECIPE_ENDING)
    try:
        written = read_text(recipe)
    except FileNotFoundError:
        if path.exists():
            detail = f"there is no recipe beside it, “{recipe.name}”, as “generate --json” prints one"
            raise CannotGoOn(path=text, detail=detail) from None
        raise FileMissing(path=text) from None
    except OSError as error:
        raise CannotGoOn(path=text, detail=f"“{recipe}” cannot be read") from error
    family, maker = _family_in(written, text)
    if maker != generator.name:
        raise CannotGoOn(path=text, detail=f"{maker or 'nobody'} made it, not {generator.name}")
    return family


def _family_in(written: str, text: str) -> tuple[Family, str]:
    """Return the family in a recipe, and the generator that made it."""
    import json

    from engine.values.checked import Fields

    try:
        fields = Fields.of(json.loads(written))
        if fields.has("family"):
            return Family.from_fields(fields.part("family")), fields.text("generator")
    except (ValueError, RecursionError) as error:
        raise CannotGoOn(path=text, detail="its recipe cannot be understood") from error
    raise CannotGoOn(path=text, detail="it belongs to no piece")
