# SPDX-License-Identifier: GPL-3.0-or-later
"""This module brings a model's weights from the hub into its cache, proves them whole, and throws out damage."""

from __future__ import annotations

import time
from collections.abc import Generator as Steps
from collections.abc import Iterator

from engine.errors import FetchingOff, ModelMissing, NoRoomFor, cannot_write
from engine.models.cache import CachedModel
from engine.models.fetching import Digest, fetched, hashed
from engine.models.hub import HubFile, Listing, is_offline, lay_out, list_files, wanted_file
from engine.models.machine import free_bytes, size_in_words
from engine.values import ModelCard
from engine.values.assets import FetchProgress

SPARE_BYTES = 200_000_000
"""Number of bytes that a disk keeps free beside a download: takes and settings want to be written too."""
PACE_S = 10.0
"""Seconds of a download after which its pace is known well enough to tell how long the rest takes, at most."""

Fetching = Steps[FetchProgress, None, None]
"""A download yields how far it is; closing it at any yield cancels it and leaves nothing of it behind."""


def get_weights(card: ModelCard, name: str, models_folder: str = "", *, offline: bool = False) -> Fetching:
    """Bring the weights of a card to this machine; those that are here are proved, and fetched again where damaged.

    What was begun earlier is gone on with. A failure leaves what came so far for the next try; a download that is
    closed leaves nothing. What the card needs beside it is brought with it, as one download.

    Parameters
    ----------
    name
        What the progress calls it.
    models_folder
        As in ``engine.models.found.model_folder``.

    Raises
    ------
    FetchingOff
        ``offline``, or the environment says so.
    NoRoomFor
        The disk has not enough room for all of it.
    ModelGated, ModelNotOffered, HubUnreachable, FetchRefused, FetchedDamaged, AssetInUse, CannotWrite
        As in ``engine.models.hub.list_files`` and ``engine.models.fetching.fetched``.
    """
    if offline or is_offline():
        raise FetchingOff(name=name)
    yield FetchProgress(name, "asking the hub")
    parts = [(CachedModel(one, models_folder), list_files(one)) for one in (card, *card.needs)]
    try:
        for cached, listing in parts:
            yield from _throw_out_damage(cached, listing, name)
        _check_room(parts, name)
        yield from _fetch(parts, name)
        for cached, _ in parts:
            lay_out(cached.card, cached.root)
    except GeneratorExit:
        for cached, _ in parts:
            cached.discard_begun()
        raise
    except OSError as error:
        raise cannot_write(parts[0][0].folder, error) from error
    total = sum(listing.size_bytes for _, listing in parts)
    yield FetchProgress(name, "downloading", total, total)


def _once(listing: Listing) -> list[HubFile]:
    """Return the files, of those that are there twice one."""
    return list({one.blob: one for one in listing.files}.values())


def _throw_out_damage(cached: CachedModel, listing: Listing, name: str) -> Iterator[FetchProgress]:
    """Remove blobs that are not what their checksum says."""
    there = [one for one in _once(listing) if cached.blob(one.blob).exists()]
    total, done = sum(one.size_bytes for one in there), 0
    for one in there:
        blob = cached.blob(one.blob)
        if blob.stat().st_size != one.size_bytes or not (yield from _is_right(one, cached, name, done, total)):
            blob.unlink()
        done += one.size_bytes


def _is_right(file: HubFile, cached: CachedModel, name: str, done: int, total: int) -> Steps[FetchProgress, None, bool]:
    if file.digest is None:
        return True
    steps = hashed(cached.blob(file.blob), file.digest)
    while True:
        try:
            yield FetchProgress(name, "checking", done + next(steps), total)
        except StopIteration as end:
            return bool(end.value)


def _check_room(parts: list[tuple[CachedModel, Listing]], name: str) -> None:
    needed = 0
    for cached, listing in parts:
        missing = [one for one in _once(listing) if not cached.blob(one.blob).exists()]
        begun = (cached.part(one.blob) for one in missing)
        needed += sum(one.size_bytes for one in missing) - sum(one.stat().st_size for one in begun if one.exists())
    root = parts[0][0].root
    free = free_bytes(root)
    if needed > 0 and needed + SPARE_BYTES > free:
        raise NoRoomFor(name=name, needed=size_in_words(needed + SPARE_BYTES), free=size_in_words(free), path=str(root))


def _fetch(parts: list[tuple[CachedModel, Listing]], name: str) -> Iterator[FetchProgress]:
    """Fetch what is missing, one file after the other, the small ones first: they tell soonest what is refused."""
    files = [(cached, listing.commit, one) for cached, listing in parts for one in _once(listing)]
    total = sum(one.size_bytes for _, _, one in files)
    missing = sorted(
        ((cached, commit, one) for cached, commit, one in files if not cached.blob(one.blob).exists()),
        key=lambda each: each[2].size_bytes,
    )
    done = total - sum(one.size_bytes for _, _, one in missing)
    pace = Pace()
    for cached, commit, one in missing:
        part = cached.part(one.blob)
        for n_bytes in fetched(wanted_file(cached.card, commit, one), part):
            left_s = pace.left_s(done + n_bytes, total)
            yield FetchProgress(name, "downloading", done + n_bytes, total, left_s)
        part.replace(cached.blob(one.blob))
        done += one.size_bytes


class Pace:
    """The pace of a download, by what came in the last seconds, tells how long the rest takes."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, int]] = []

    def left_s(self, done: int, total: int) -> float | None:
        """Return the seconds that are left, or None while that cannot be told."""
        now_s = time.monotonic()
        self._seen = [one for one in self._seen if now_s - one[0] <= PACE_S] + [(now_s, done)]
        first_s, first = self._seen[0]
        if now_s - first_s < 1.0 or done <= first:
            return None
        return (total - done) * (now_s - first_s) / (done - first)


def check_weights(card: ModelCard, name: str, models_folder: str = "") -> Steps[FetchProgress, None, tuple[str, ...]]:
    """Hold the files of a model against their checksums, which the cache records; return the names of damaged ones.

    Nothing is fetched. A file whose checksum is not recorded (a cache without links) must only be there.

    Raises
    ------
    ModelMissing
        It is not here, or not wholly.
    """
    cached = CachedModel(card, models_folder)
    files = cached.files()
    is_lacking = any(not place.exists() for place in files.values())
    if not files or not (is_lacking or cached.is_whole()):
        raise ModelMissing(model=card.name, repository=card.repository)
    damaged = [path for path, place in files.items() if not place.exists()]
    there = {path: place for path, place in files.items() if place.exists()}
    total, done = sum(one.stat().st_size for one in there.values()), 0
    for path, place in there.items():
        digest = Digest.of_etag(place.resolve().name)
        if digest is not None:
            steps = hashed(place, digest)
            while True:
                try:
                    yield FetchProgress(name, "checking", done + next(steps), total)
                except StopIteration as end:
                    if not end.value:
                        damaged.append(path)
                    break
        done += place.stat().st_size
    return tuple(sorted(damaged))


def discard_weights(card: ModelCard, models_folder: str = "") -> None:
    """Remove what a download that was killed has left."""
    for one in (card, *card.needs):
        CachedModel(one, models_folder).discard_begun()
