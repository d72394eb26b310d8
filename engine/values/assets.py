# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what the model manager shows: assets, how much of each is on this machine, and how far a download is.

The package does not import it by itself: it is seldom needed, and the window's start does not wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.values.models import Licence


class Fit(StrEnum):
    """A fit says whether a model goes into the memory of this machine."""

    FITS = "fits"
    TIGHT = "tight"
    TOO_LARGE = "too large"
    UNKNOWN = ""


class AssetKind(StrEnum):
    """Kinds of what the model manager brings to this machine."""

    WEIGHTS = "weights"
    PROGRAM = "program"
    EXTRA = "extra"


class Held(StrEnum):
    """A word for how much of an asset is on this machine; partly is what a download that was cut has left."""

    HERE = "installed"
    PARTLY = "partly here"
    MISSING = "not here"


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset is something that a generator needs and that a person fetches and removes: weights, a program, an extra.

    Attributes
    ----------
    name
        Name on the command line and in the table, unique: “musicgen/small”, “musicgpt”.
    model
        Name of the model whose weights it is, or "".
    generator, title
        Names of the generator that needs it: the one of settings and recipes, and the one that people read.
    source
        Where it comes from: a repository of the hub, an address, the packages of an extra.
    size_bytes
        What it takes on the disk: as it is there, or as it will be; 0 where that is not known before.
    memory_bytes
        What it takes of the memory while it makes a clip; 0 where that is not known.
    licence
        What one may do with it and with what it makes, or None.
    can_get, can_remove
        Whether the studio fetches it, and whether it can remove it now.
    place
        The folder or file where it is, or "".
    """

    name: str
    kind: AssetKind
    generator: str
    title: str
    held: Held
    source: str = ""
    model: str = ""
    size_bytes: int = 0
    memory_bytes: int = 0
    fit: Fit = Fit.UNKNOWN
    licence: Licence | None = None
    can_get: bool = True
    can_remove: bool = True
    place: str = ""


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """Progress of an asset says how far it is in bytes.

    Attributes
    ----------
    name
        Name of the asset.
    stage
        Short English word for what is being done (“downloading”), translated where it is shown.
    done_bytes, total_bytes
        What is there and what there will be; 0 for a total that is not known.
    left_s
        Estimated seconds left, or None.
    can_cancel
        Whether it can be broken off now without leaving anything half done.
    """

    name: str
    stage: str
    done_bytes: int = 0
    total_bytes: int = 0
    left_s: float | None = None
    can_cancel: bool = True

    @property
    def fraction(self) -> float | None:
        """How much is done, in [0, 1], or None where that is not known."""
        return min(self.done_bytes / self.total_bytes, 1.0) if self.total_bytes else None
