# SPDX-License-Identifier: GPL-3.0-or-later
"""This module names the window's layouts in the person's language, and tells which names an own one can have."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app import layouts
from app.layouts import FACTORY, States


def title_of(name: str) -> str:
    """Return what the window calls a layout, in the person's language."""
    return QCoreApplication.translate("layouts", FACTORY[name].title) if name in FACTORY else name


def name_refusal(name: str, states: States, *, instead_of: str = "") -> str:
    """Return why an own layout cannot have this name, in the person's language; "" where it can.

    ``instead_of`` is the name that it has so far; "" is a layout that is not kept yet.
    """
    if not instead_of and len(layouts.own_names(states)) >= layouts.MAX_OWN:
        words = QCoreApplication.translate(
            "layouts", "You have {n_layouts} layouts of your own, as many as are kept: delete one of them first."
        )
        return words.format(n_layouts=layouts.MAX_OWN)
    if not name:
        return QCoreApplication.translate("layouts", "The name is empty: type what the layout is to be called.")
    if len(name) > layouts.MAX_NAME_CHARACTERS:
        words = QCoreApplication.translate(
            "layouts", "The name has {n_characters} characters and may have {limit}: shorten it."
        )
        return words.format(n_characters=len(name), limit=layouts.MAX_NAME_CHARACTERS)
    if not layouts.is_name(name):
        return QCoreApplication.translate("layouts", "The name holds what cannot be shown: type it by hand.")
    taken = [*FACTORY, *map(title_of, FACTORY), *layouts.own_names(states)]
    if name.casefold() in {one.casefold() for one in taken if one != instead_of}:
        words = QCoreApplication.translate("layouts", "There is already a layout named “{name}”: choose another name.")
        return words.format(name=name)
    return ""
