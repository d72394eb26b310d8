# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says what one may do with what a generator's models make, and whether it needs anything fetched."""

from __future__ import annotations

from engine.generators.registry import generators
from engine.models.programs import PROGRAM
from engine.values import Licence


def licence_of(generator: str, model: str) -> Licence | None:
    """Return what one may do with what a model makes; None where its generator needs no weights of others."""
    for one in generators():
        if one.name == generator:
            can = one.capabilities()
            cards = (card for card in can.cards if card.name == (model or can.usual_model))
            return next((Licence(card.licence, card.is_commercial) for card in cards), None)
    return None


def is_fetched(generator: str) -> bool:
    """Return whether a generator needs weights or a program that the model manager knows."""
    known = (one for one in generators() if one.capabilities().cards)
    return generator == PROGRAM or any(one.name == generator for one in known)
