# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lists everything that the generators need on this machine: weights, programs, extras; and brings it.

Each generator declares the weights of its models as ``Capabilities.cards``; the extras are those that the cards name.
The MusicGPT program is added here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Generator as Steps
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import AssetAmbiguous, AssetUnknown, GeneratorMissing, NotFetchedHere, StudioError, cannot_write
from engine.generators.base import Generator, GeneratorSettings
from engine.generators.registry import generators
from engine.models import programs
from engine.models.machine import fit_of, total_memory_bytes
from engine.values import Licence, ModelCard
from engine.values.assets import Asset, AssetKind, FetchProgress, Held


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared asset is one that is known without a look at the disk; exactly one of card and extra may be there.

    Attributes
    ----------
    name
        Unique: “musicgen/small”, or the name of a program or an extra.
    """

    name: str
    kind: AssetKind
    generator: str
    title: str
    card: ModelCard | None = None
    model: str = ""

    @property
    def is_own(self) -> bool:
        """Return whether the generator's own program fetches these weights, into a folder of its own."""
        return self.card is not None and bool(self.card.fetched_by)


def declared_assets(known: Iterable[Generator] | None = None) -> tuple[Declared, ...]:
    """Return what the generators need, each generator's extra before its weights; light: nothing is looked for."""
    out: dict[str, Declared] = {}
    for one in generators() if known is None else known:
        cards = one.capabilities().cards
        for extra in dict.fromkeys(card.extra for card in cards if card.extra):
            # What several need is called by its own name.
            title = extra.capitalize() if extra in out else one.title
            out[extra] = Declared(extra, AssetKind.EXTRA, out[extra].generator if extra in out else one.name, title)
        if one.name == programs.PROGRAM:
            out[one.name] = Declared(one.name, AssetKind.PROGRAM, one.name, one.title)
        for card in (*cards, *(needed for each in cards for needed in each.needs)):
            name = f"{one.name}/{card.name}"
            out[name] = Declared(name, AssetKind.WEIGHTS, one.name, one.title, card, card.name)
    return tuple(out.values())


def asset_named(name: str, *, is_to_be_fetched: bool = False) -> Declared:
    """Return the asset of that name, or whose model or repository is called so.

    ``is_to_be_fetched`` leaves out models that another program fetches, where the model alone is named.

    Raises
    ------
    AssetUnknown, AssetAmbiguous
    """
    known = declared_assets()
    exact = [one for one in known if one.name == name]
    alike = [one for one in known if one.card is not None and one.card.repository == name]
    by_model = [one for one in known if one.model == name and not (is_to_be_fetched and one.is_own)]
    found = exact or alike or by_model
    if not found:
        raise AssetUnknown(value=name)
    if len(found) > 1:
        raise AssetAmbiguous(value=name, choices=", ".join(one.name for one in found))
    return found[0]


# --- what is here -----------------------------------------------------------------------------------------------------


def list_assets(settings: GeneratorSettings) -> tuple[Asset, ...]:
    """Return every asset with what of it is here. Looks at the disk."""
    return tuple(asset_of(one, settings) for one in declared_assets())


def asset_of(one: Declared, settings: GeneratorSettings) -> Asset:
    """Return an asset with what of it is here. Looks at the disk."""
    if one.kind is AssetKind.EXTRA:
        return _extra(one)
    if one.kind is AssetKind.PROGRAM:
        return _program(one, settings)
    assert one.card is not None
    return _own_weights(one, one.card) if one.is_own else _weights(one, one.card, settings)


def _weights(one: Declared, card: ModelCard, settings: GeneratorSettings) -> Asset:
    from engine.models.cache import CachedModel

    cached = CachedModel(card, settings.models_folder)
    return _of_card(one, card, cached.held(), cached.size_bytes, cached.folder)


def _own_weights(one: Declared, card: ModelCard) -> Asset:
    from engine.generators import own_weights

    held, folder = own_weights.held(card, _own_cards()), own_weights.data_folder() / "v1"
    return replace(_of_card(one, card, held, lambda: own_weights.size_bytes(card), folder), can_get=False)


def _of_card(one: Declared, card: ModelCard, held: Held, size_bytes: Callable[[], int], folder: Path) -> Asset:
    is_there = held is not Held.MISSING
    to_come = card.size_bytes + sum(each.size_bytes for each in card.needs)
    return Asset(
        one.name,
        one.kind,
        one.generator,
        one.title,
        held,
        source=card.repository,
        model=one.model,
        size_bytes=size_bytes() if held is Held.HERE else to_come,
        memory_bytes=card.memory_bytes,
        fit=fit_of(card.memory_bytes, total_memory_bytes()),
        licence=Licence(card.licence, card.is_commercial),
        can_remove=is_there,
        place=str(folder) if is_there else "",
    )


def _own_cards() -> tuple[ModelCard, ...]:
    return tuple(one.card for one in declared_assets() if one.card is not None and one.is_own)


def _program(one: Declared, settings: GeneratorSettings) -> Asset:
    try:
        place = next(each for each in generators() if each.name == one.generator).check(settings)
    except GeneratorMissing:
        place = ""
    is_ours = bool(place) and Path(place).parent == programs.program_folder(settings.data_folder).absolute()
    return Asset(
        one.name,
        one.kind,
        one.generator,
        one.title,
        Held.HERE if place else Held.MISSING,
        source=programs.PAGE,
        size_bytes=Path(place).stat().st_size if place else 0,
        licence=Licence(programs.PROGRAM_LICENCE, is_commercial=True),
        can_remove=is_ours,
        place=place,
    )


def _extra(one: Declared) -> Asset:
    from engine.models.extras import Environment, extra_held, extra_size_bytes

    try:
        held = extra_held(one.name)
        size_bytes = extra_size_bytes(one.name) if held is Held.HERE else 0
    except StudioError:
        # Another distribution's card may name an extra that ours does not have.
        held, size_bytes = Held.MISSING, 0
    return Asset(
        one.name,
        one.kind,
        one.generator,
        one.title,
        held,
        source="PyPI",
        size_bytes=size_bytes,
        can_remove=False,
        place=str(Environment.of_this_process().prefix) if held is Held.HERE else "",
    )


# --- what is brought and removed --------------------------------------------------------------------------------------


def get_asset(
    one: Declared, settings: GeneratorSettings, *, without_checksum: bool = False
) -> Steps[FetchProgress, None, None]:
    """Bring an asset to this machine; closing it cancels that and leaves nothing half done.

    Raises StudioError: NotFetchedHere, or as the modules of ``engine.models`` say.
    """
    if one.kind is AssetKind.EXTRA:
        yield from _set_up(one, settings)
    elif one.kind is AssetKind.PROGRAM:
        from engine.models.releases import get_program

        yield from get_program(settings.data_folder, offline=settings.is_offline, without_checksum=without_checksum)
    elif one.card is None or one.is_own:
        raise NotFetchedHere(name=one.name, generator=one.title)
    else:
        from engine.models.weights import get_weights

        yield from get_weights(one.card, one.name, settings.models_folder, offline=settings.is_offline)


def _set_up(one: Declared, settings: GeneratorSettings) -> Iterator[FetchProgress]:
    from engine.models.extras import plan_setup, set_up

    plan = yield from plan_setup(one.name, offline=settings.is_offline)
    yield from set_up(plan)


def discard_asset(one: Declared, settings: GeneratorSettings) -> None:
    """Remove what a download that was killed has left of an asset."""
    if one.kind is AssetKind.EXTRA:
        from engine.models.extras import discard_setup

        discard_setup()
    elif one.kind is AssetKind.PROGRAM:
        from engine.models.releases import discard_program

        discard_program(settings.data_folder)
    elif one.card is not None and not one.is_own:
        from engine.models.weights import discard_weights

        discard_weights(one.card, settings.models_folder)


def remove_asset(one: Declared, settings: GeneratorSettings) -> None:
    """Remove an asset from this machine. Raises CannotWrite."""
    place = asset_of(one, settings)
    try:
        if one.kind is AssetKind.PROGRAM and place.can_remove:
            Path(place.place).unlink()
        elif one.card is not None and one.is_own:
            from engine.generators import own_weights

            own_weights.remove(one.card, _own_cards())
        elif one.card is not None:
            from engine.models.cache import CachedModel

            others = tuple(each.card for each in declared_assets() if each.card is not None)
            CachedModel(one.card, settings.models_folder).remove(others)
    except OSError as error:
        raise cannot_write(place.place, error) from error


def check_asset(one: Declared, settings: GeneratorSettings) -> Steps[FetchProgress, None, tuple[str, ...]]:
    """Hold what is here of an asset against the checksums that are recorded; return the names of damaged files.

    Raises ModelMissing.
    """
    if one.card is not None and not one.is_own:
        from engine.models.weights import check_weights

        return (yield from check_weights(one.card, one.name, settings.models_folder))
    return ()
