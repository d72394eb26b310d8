# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``models`` lists, fetches, checks and removes what generators need: weights, programs, extras."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from collections.abc import Generator as Steps
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.commands import dry_run, endings, terminal
from engine.errors import AssetNotHere, AssetNotOurs, FetchingOff, NotAgreed, NotFetchedHere, StudioError
from engine.values.assets import Asset, AssetKind, FetchProgress, Held

if TYPE_CHECKING:
    from engine.generators.assets import Declared
    from engine.generators.base import GeneratorSettings

Result = TypeVar("Result")

MARKS = {Held.HERE: "*", Held.PARTLY: "-", Held.MISSING: " "}
_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    deeds = parser.add_subparsers(dest="deed", metavar="DEED", required=True, title="deeds")
    listing = _deed(deeds, "list", "say what there is, what is here, how large it is and what one may do with it")
    get = _deed(deeds, "get", "fetch a model or a program, going on where an earlier try was cut; mend what is damaged")
    get.add_argument("name", metavar="NAME", help="as “list” calls it: musicgen/small, musicgpt")
    get.add_argument("--without-checksum", action="store_true", help="believe a release that tells no checksum")
    remove = _deed(deeds, "remove", "remove a model or a program from this machine")
    remove.add_argument("name", metavar="NAME", help="as “list” calls it")
    remove.add_argument("-y", "--yes", action="store_true", help="do not ask")
    where = _deed(deeds, "where", "say where models are kept, or where one of them is")
    where.add_argument("name", nargs="?", metavar="NAME", help="as “list” calls it")
    check = _deed(deeds, "check", "hold what is here against the checksums that are recorded; nothing is fetched")
    check.add_argument("names", nargs="*", metavar="NAME", help="as “list” calls it (default: all that is here)")
    setup = _deed(deeds, "setup", "install the packages that a generator needs into the studio’s own environment")
    setup.add_argument("name", metavar="EXTRA", help="musicgen, diffusion, serve, radio, ray, midi or link")
    setup.add_argument("-y", "--yes", action="store_true", help="do not ask")
    for one in (get, remove, setup):
        dry_run.add_dry_run_argument(one)
    for one in (listing, get, remove, where, check, setup):
        one.add_argument("--json", action="store_true", help="print one JSON object")
        one.add_argument("--folder", metavar="DIR", help="where weights are kept (default: as set in SETUP)")
        one.add_argument("--offline", action="store_true", help="fetch nothing (default: as set in SETUP)")


def _deed(deeds: Any, name: str, summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = deeds.add_parser(name, help=summary, description=summary)
    parser.set_defaults(do=DEEDS[name])
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked. Raises StudioError."""
    settings = terminal.own_generator_settings()
    if arguments.folder:
        settings = replace(settings, models_folder=str(Path(arguments.folder).expanduser().absolute()))
    if arguments.offline:
        settings = replace(settings, is_offline=True)
    do: Callable[[argparse.Namespace, GeneratorSettings], int] = arguments.do
    return do(arguments, settings)


# --- list, where ------------------------------------------------------------------------------------------------------


def _list(arguments: argparse.Namespace, settings: GeneratorSettings) -> int:
    from engine.generators.assets import list_assets

    assets = list_assets(settings)
    if arguments.json:
        terminal.print_json({"assets": [asdict(one) for one in assets]})
        return 0
    rows = [_row(one) for one in assets]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip())
    print(
        "* installed, - partly here; then its size on the disk, the memory that it takes and how that fits this machine"
    )
    return 0


def _row(one: Asset) -> tuple[str, ...]:
    from engine.models.machine import size_in_words

    size = size_in_words(one.size_bytes) if one.size_bytes else ""
    memory = f"{size_in_words(one.memory_bytes)} {one.fit}".rstrip() if one.memory_bytes else ""
    licence = one.licence.words if one.licence is not None else ""
    return f"{MARKS[one.held]} {one.name}", f"{one.title} {_kind(one)}", size, memory, licence


def _kind(one: Asset) -> str:
    return {AssetKind.EXTRA: "(packages)", AssetKind.PROGRAM: "(program)", AssetKind.WEIGHTS: "(weights)"}[one.kind]


def _where(arguments: argparse.Namespace, settings: GeneratorSettings) -> int:
    from engine.generators.assets import asset_named, asset_of
    from engine.generators.musicgpt.folder import data_folder
    from engine.models.hub import usual_folder
    from engine.models.programs import program_folder

    if arguments.name:
        place = asset_of(asset_named(arguments.name), settings).place
        if not place:
            raise AssetNotHere(name=arguments.name)
        if arguments.json:
            terminal.print_json({"name": arguments.name, "place": place})
        else:
            print(place)
        return 0
    places: dict[str, str | Path] = {
        "weights": settings.models_folder or usual_folder(),
        "MusicGPT’s weights": data_folder(),
        "programs": program_folder(settings.data_folder),
        "packages": sys.prefix,
    }
    if arguments.json:
        names = ("weights", "musicgpt", "programs", "packages")
        terminal.print_json({name: str(each) for name, each in zip(names, places.values(), strict=True)})
        return 0
    for name, each in places.items():
        print(f"{name + ':':<21} {each}")
    return 0


# --- get, remove, check -----------------------------------------------------------------------------------------------


def _get(arguments: argparse.Namespace, settings: GeneratorSettings) -> int:
    from engine.generators.assets import asset_named, asset_of, discard_asset, get_asset

    one = asset_named(arguments.name, is_to_be_fetched=True)
    if one.kind is AssetKind.EXTRA:
        return _setup(argparse.Namespace(name=one.name, yes=False, json=arguments.json), settings)
    asset = asset_of(one, settings)
    if dry_run.is_on():
        return _rehearse(one, asset, settings)
    is_asked = asset.can_get and not settings.is_offline
    if is_asked and asset.licence is not None and not asset.licence.is_commercial:
        print(f"infiniloop: the licence of {one.name} is {asset.licence.words}", file=sys.stderr)
    steps = get_asset(one, settings, without_checksum=arguments.without_checksum)
    _followed(steps, lambda: discard_asset(one, settings))
    place = asset_of(one, settings).place
    if arguments.json:
        terminal.print_json({"name": one.name, "place": place})
    else:
        print(place)
    return 0


def _rehearse(one: Declared, asset: Asset, settings: GeneratorSettings) -> int:
    """Say what would be fetched, as far as that is known without asking where it comes from. Raises StudioError."""
    from engine.models.hub import usual_folder
    from engine.models.machine import size_in_words
    from engine.models.programs import program_folder

    if one.kind is not AssetKind.PROGRAM and (one.card is None or one.is_own):
        raise NotFetchedHere(name=one.name, generator=one.title)
    if settings.is_offline:
        raise FetchingOff(name=one.name)
    is_program = one.kind is AssetKind.PROGRAM
    folder = program_folder(settings.data_folder) if is_program else settings.models_folder or usual_folder()
    size = f", {size_in_words(asset.size_bytes)}" if asset.size_bytes else ""
    deed = "check, and mend where it is damaged," if asset.held is Held.HERE else "fetch"
    dry_run.would(
        f"{deed} {one.name} from {asset.source} into {folder}{size}",
        name=one.name,
        source=asset.source,
        folder=str(folder),
        size_bytes=asset.size_bytes,
        held=str(asset.held),
    )
    return 0


def _followed(steps: Steps[FetchProgress, None, Result], discard: Callable[[], None]) -> Result:
    """Follow a download, telling how far it is; Ctrl+C leaves nothing of it, whatever else ends it leaves what came."""
    line = terminal.ProgressLine()
    try:
        while True:
            endings.checkpoint()
            line.show(_words(next(steps)))
    except StopIteration as end:
        result: Result = end.value
        return result
    except endings.Ended as ended:
        if ended.exit_code == _INTERRUPTED:
            discard()
        raise
    finally:
        line.clear()


def _words(progress: FetchProgress) -> str:
    from engine.models.machine import size_in_words

    words = f"{progress.name}: {progress.stage}"
    if progress.total_bytes:
        words += f" {size_in_words(progress.done_bytes)} of {size_in_words(progress.total_bytes)}"
    if progress.left_s is not None:
        words += f", {_minutes(progress.left_s)} left"
    return words


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90.0 else f"{seconds / 60.0:.0f} min"


def _remove(arguments: argparse.Namespace, settings: GeneratorSettings) -> int:
    from engine.generators.assets import asset_named, asset_of, remove_asset
    from engine.models.machine import size_in_words

    one = asset_named(arguments.name)
    asset = asset_of(one, settings)
    if asset.held is Held.MISSING:
        raise AssetNotHere(name=one.name)
    if not asset.can_remove:
        raise AssetNotOurs(name=one.name, path=asset.place)
    if dry_run.is_on():
        size = size_in_words(asset.size_bytes)
        told = {"name": one.name, "place": asset.place, "size_bytes": asset.size_bytes}
        dry_run.would(f"remove {one.name} ({size}) from {asset.place}", **told)
        return 0
    question = f"Remove {one.name} ({size_in_words(asset.size_bytes)}, {asset.place})? Other programs may use it too."
    if not arguments.yes and not terminal.ask(question):
        raise NotAgreed(name=one.name)
    remove_asset(one, settings)
    if arguments.json:
        terminal.print_json({"name": one.name, "place": asset.place, "size_bytes": asset.size_bytes})
    return 0


def _check(arguments: argparse.Namespace, settings: GeneratorSettings) -> int:
    from engine.generators.assets import asset_named, asset_of, check_asset

    n_damaged, chosen = 0, tuple(_chosen(arguments.names, settings))
    told: list[dict[str, Any]] = []
    if not chosen and not arguments.json:
        print("No model is on this machine.")
    for one in chosen:
        try:
            damaged = _followed(check_asset(asset_named(one.name), settings), lambda: None)
        except StudioError as error:
            print(f"infiniloop: {error}", file=sys.stderr)
            n_damaged += 1
            failure = {"kind": type(error).__name__, "message": str(error)}
            told.append({"name": one.name, "held": str(one.held), "error": failure})
            continue
        is_recorded = _is_recorded(asset_named(one.name))
        n_damaged += bool(damaged)
        told.append({"name": one.name, "held": str(one.held), "damaged": list(damaged), "has_checksums": is_recorded})
        if arguments.json:
            continue
        if damaged:
            print(f"{one.name}: damaged: {', '.join(damaged)} (“models get {one.name}” fetches them again)")
        else:
            checked = asset_of(asset_named(one.name), settings)
            recorded = "" if is_recorded else " (no checksums are recorded of it)"
            print(f"{one.name}: {'right' if not recorded else str(checked.held)}{recorded}")
    if arguments.json:
        terminal.print_json({"checked": told})
    return 1 if n_damaged else 0


def _is_recorded(one: Declared) -> bool:
    return one.card is not None and not one.is_own


def _chosen(names: list[str], settings: GeneratorSettings) -> Iterator[Asset]:
    from engine.generators.assets import asset_named, asset_of, list_assets

    if names:
        yield from (asset_of(asset_named(name), settings) for name in names)
    else:
        yield from (one for one in list_assets(settings) if one.held is not Held.MISSING)


# --- setup ------------------------------------------------------------------------------------------------------------


def _setup(arguments: argparse.Namespace, settings: GeneratorSettings) -> int:
    from engine.models.extras import discard_setup, plan_setup, set_up
    from engine.models.machine import has_nvidia_card, size_in_words

    if dry_run.is_on():
        return _rehearse_setup(arguments.name, settings)
    plan = _followed(plan_setup(arguments.name, offline=settings.is_offline), discard_setup)
    packages = [{"name": one.name, "version": one.version} for one in plan.packages]
    if not plan.packages:
        if arguments.json:
            terminal.print_json({"name": arguments.name, "packages": packages})
        else:
            print(f"{arguments.name}: all its packages are here.")
        return 0
    names = ", ".join(f"{one.name} {one.version}" for one in plan.packages)
    print(f"{arguments.name} brings {names}", file=sys.stderr)
    build = "built for graphics cards, as there is one" if has_nvidia_card() else "built for processors"
    print(
        f"infiniloop: {size_in_words(plan.download_bytes)} are fetched ({build}); they take about "
        f"{size_in_words(plan.disk_bytes)} in {sys.prefix}, where {size_in_words(shutil.disk_usage(sys.prefix).free)} "
        "are free.",
        file=sys.stderr,
    )
    if not arguments.yes and not terminal.ask("Install them?"):
        raise NotAgreed(name=arguments.name)
    _followed(set_up(plan), discard_setup)
    if arguments.json:
        terminal.print_json({"name": arguments.name, "packages": packages})
    else:
        print(f"{arguments.name}: installed into {sys.prefix}.")
    return 0


def _rehearse_setup(name: str, settings: GeneratorSettings) -> int:
    """Say what would be installed, without asking the package index. Raises ExtraUnknown, FetchingOff."""
    from engine.models.extras import requirements_of

    wanted = requirements_of(name)
    if settings.is_offline:
        raise FetchingOff(name=name)
    words = f"install what is missing of {', '.join(wanted)} into {sys.prefix}"
    dry_run.would(words, name=name, requirements=list(wanted), folder=sys.prefix)
    return 0


DEEDS = {"list": _list, "get": _get, "remove": _remove, "where": _where, "check": _check, "setup": _setup}
