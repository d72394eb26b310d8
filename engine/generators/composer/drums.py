# SPDX-License-Identifier: GPL-3.0-or-later
"""This module names the drum kits and their pieces.

To add a kit: a line in ``KITS``. To add a piece: a function in ``beaten`` or ``percussion`` and a line in ``PIECES``.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.generators.composer import beaten, percussion
from engine.generators.composer.kit import Kit, Strike

__all__ = ["KITS", "PERCUSSION", "PIECES", "Kit", "Piece", "Strike"]

KITS: dict[str, Kit] = {
    "acoustic": Kit(58, 0.16, 1.1, 0.5, 1.2, 196, 0.13, 0.8, 6500, 0.045, 0.6),
    "rock": Kit(54, 0.19, 1.3, 0.9, 1.8, 182, 0.17, 1.0, 5500, 0.06, 0.6),
    "jazz": Kit(66, 0.2, 0.7, 0.25, 1.0, 215, 0.12, 0.6, 6200, 0.05, 0.8),
    "brush": Kit(64, 0.2, 0.6, 0.12, 1.0, 208, 0.11, 0.9, 5200, 0.055, 0.7, stick=0.15),
    "latin": Kit(60, 0.17, 0.9, 0.35, 1.1, 240, 0.1, 0.55, 6400, 0.04, 0.7),
    "lofi": Kit(55, 0.18, 1.2, 0.3, 2.2, 188, 0.11, 0.7, 5200, 0.035, 0.3),
    "808": Kit(48, 0.3, 1.6, 0.35, 1.4, 178, 0.13, 1.0, 7500, 0.03, 0.35),
    "909": Kit(52, 0.19, 2.0, 0.9, 2.0, 200, 0.15, 1.0, 7000, 0.04, 0.6),
    "techno": Kit(49, 0.2, 2.2, 0.8, 3.0, 190, 0.12, 0.9, 7800, 0.035, 0.5),
    "break": Kit(62, 0.14, 1.2, 0.9, 1.8, 224, 0.14, 1.0, 6000, 0.045, 0.7),
    "electro": Kit(50, 0.22, 1.7, 0.7, 1.6, 186, 0.24, 1.0, 6800, 0.045, 0.5),
    "dub": Kit(52, 0.2, 1.0, 0.3, 1.4, 235, 0.1, 0.5, 6400, 0.04, 0.5),
    "chip": Kit(60, 0.06, 1.6, 0.6, 3.0, 210, 0.09, 1.4, 4500, 0.025, 0.0),
    "cinematic": Kit(42, 0.5, 0.8, 0.5, 1.3, 130, 0.25, 0.5, 5500, 0.06, 0.5),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a kit has a sound, a level (dB) in a balanced kit, a place (-1 left to 1 right) and a room share."""

    render: Strike
    gain_db: float
    pan: float
    room: float


PIECES: dict[str, Piece] = {
    "kick": Piece(beaten.kick, -2.5, 0.0, 0.03),
    "snare": Piece(beaten.snare, 1.5, 0.05, 0.25),
    "rim": Piece(beaten.rim, 0.0, -0.2, 0.25),
    "clap": Piece(percussion.clap, 1.0, 0.0, 0.3),
    "hat": Piece(beaten.hat, -4.5, 0.28, 0.06),
    "pedal": Piece(beaten.pedal, -6.5, 0.28, 0.06),
    "open": Piece(beaten.open_hat, -7.0, 0.28, 0.1),
    "ride": Piece(beaten.ride, -7.5, 0.38, 0.12),
    "ride_bell": Piece(beaten.ride_bell, -8.0, 0.38, 0.12),
    "crash": Piece(beaten.crash, -7.0, -0.35, 0.25),
    "tom_high": Piece(beaten.tom(155), -3.0, 0.3, 0.2),
    "tom_mid": Piece(beaten.tom(116), -3.0, 0.0, 0.2),
    "tom_low": Piece(beaten.tom(84), -2.0, -0.35, 0.2),
    "brush": Piece(beaten.brush, -3.0, -0.1, 0.15),
    "brush_tap": Piece(beaten.brush_tap, 0.0, 0.05, 0.2),
    "boom": Piece(beaten.boom, 0.0, 0.0, 0.3),
    "taiko": Piece(beaten.taiko, 0.0, 0.1, 0.35),
    "surdo": Piece(beaten.surdo, -1.5, -0.1, 0.15),
    "conga_high": Piece(percussion.skin(310, 0.13, 0.5), -2.5, 0.4, 0.2),
    "conga_low": Piece(percussion.skin(205, 0.13, 0.2), -3.0, 0.25, 0.2),
    "bongo_high": Piece(percussion.skin(405, 0.07, 0.6), -3.5, -0.35, 0.2),
    "bongo_low": Piece(percussion.skin(290, 0.09, 0.4), -3.5, -0.25, 0.2),
    "timbale": Piece(percussion.timbale, -4.0, 0.3, 0.25),
    "tabla": Piece(percussion.tabla, -2.5, 0.2, 0.2),
    "tabla_low": Piece(percussion.tabla_low, -2.0, -0.15, 0.2),
    "pandeiro": Piece(percussion.pandeiro, -4.0, 0.3, 0.15),
    "shaker": Piece(percussion.shaker, -5.0, -0.45, 0.1),
    "cabasa": Piece(percussion.cabasa, -6.0, 0.45, 0.1),
    "tambourine": Piece(percussion.tambourine, -6.5, -0.4, 0.15),
    "sleigh": Piece(percussion.sleigh, -8.0, 0.3, 0.2),
    "guiro": Piece(percussion.guiro, -7.0, -0.35, 0.15),
    "cowbell": Piece(percussion.cowbell, -9.0, -0.3, 0.15),
    "agogo": Piece(percussion.agogo(925), -8.5, 0.35, 0.2),
    "agogo_low": Piece(percussion.agogo(700), -8.5, 0.3, 0.2),
    "clave": Piece(percussion.clave, -5.0, 0.35, 0.3),
    "woodblock": Piece(percussion.woodblock, -6.0, -0.3, 0.25),
    "triangle": Piece(percussion.triangle, -10.0, 0.4, 0.25),
    "handclap": Piece(percussion.handclap, 0.0, 0.1, 0.35),
    "snap": Piece(percussion.snap, -3.0, -0.1, 0.3),
}

PERCUSSION = frozenset(
    {
        "taiko", "surdo", "conga_high", "conga_low", "bongo_high", "bongo_low", "timbale", "tabla", "tabla_low",
        "pandeiro", "shaker", "cabasa", "tambourine", "sleigh", "guiro", "cowbell", "agogo", "agogo_low", "clave",
        "woodblock", "triangle", "handclap", "snap",
    }
)  # fmt: skip
"""Pieces that are played by hand, apart from the kit."""
