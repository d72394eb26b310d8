# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares the work of the process that fetches models: what is asked of it and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from engine.generators.base import GeneratorSettings
from engine.values.assets import Asset


@dataclass(frozen=True, slots=True)
class ListAssets:
    """This job asks what the generators need and what of it is here; it is answered at once, whatever else goes on."""

    job_id: int
    settings: GeneratorSettings


@dataclass(frozen=True, slots=True)
class GetAsset:
    """This job asks for an asset to be brought here; it waits for its turn."""

    job_id: int
    name: str
    settings: GeneratorSettings


@dataclass(frozen=True, slots=True)
class RemoveAsset:
    """This job asks for an asset to be removed."""

    job_id: int
    name: str
    settings: GeneratorSettings


@dataclass(frozen=True, slots=True)
class CheckAsset:
    """This job asks for the files of an asset to be held against their checksums; it waits for its turn."""

    job_id: int
    name: str
    settings: GeneratorSettings


@dataclass(frozen=True, slots=True)
class DiscardAsset:
    """This job asks for what a killed download has left of an asset to be removed."""

    job_id: int
    name: str
    settings: GeneratorSettings


@dataclass(frozen=True, slots=True)
class StopFetching:
    """This job asks for no more of an asset that is being fetched or checked, or waits for its turn."""

    name: str


@dataclass(frozen=True, slots=True)
class AssetsListed:
    """The assets, where weights are kept, how much room is there and how much memory the machine has, in bytes."""

    job_id: int
    assets: tuple[Asset, ...]
    folder: str
    free_bytes: int
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class AssetDone:
    """An asset was brought, removed or found to be right.

    Attributes
    ----------
    deed
        ``"got"``, ``"removed"``, ``"checked"`` or ``"discarded"``.
    damaged
        Names of its files that are not what their checksums say; after a check.
    """

    job_id: int
    name: str
    deed: str
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetFailed:
    """An asset could not be brought, removed or checked; its ``error`` may be ``Cancelled``."""

    job_id: int
    name: str
    error: Exception
