# SPDX-License-Identifier: GPL-3.0-or-later
"""A deleted take is whole in the trash, comes back as it was, and goes for good when it is old or room is needed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from engine.errors import LibraryReadOnly
from engine.library.indexed_folder import INDEX_NAME
from engine.library.takes import TakeLibrary
from engine.library.trash import DAY_S, FRESH_S, KEPT_DAYS
from engine.values import FAVOURITE, Mark
from engine.worker.jobs import run
from engine.worker.library_jobs import Deleted, DeleteJob, Restored, RestoreJob
from tests.engine.library.making import files_limited_to, noise_clip, public_folder, recipe, unprivileged


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def age(folder: Path, take_id: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(folder / "trash" / f"{take_id}.json", (then, then))


def test_a_deleted_take_comes_back_as_it_was(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        takes = [library.add(noise_clip(500, seed=number), recipe(f"prompt {number}")) for number in range(4)]
        liked = library.rate(takes[1].take_id, FAVOURITE)
        before, used = content(tmp_path / "takes"), library.used_bytes()
        wanted = (takes[1].take_id, takes[2].take_id)
        assert library.discard([*wanted, "no take"]) == wanted
        assert library.takes() == (takes[3], takes[0])
        assert library.favourites() == ()
        assert library.n_takes == 2
        assert library.used_bytes() == used, "the disk is as full as before"
        assert set(content(tmp_path / "trash")) == {f"{one}.{end}" for one in wanted for end in ("flac", "json")}
        assert library.discard(wanted) == (), "what is deleted already is deleted once"
    (tmp_path / INDEX_NAME).unlink()
    with TakeLibrary(tmp_path, stale_after_s=0.0) as library:
        assert library.ids() == [takes[3].take_id, takes[0].take_id]
        assert library.restore(wanted) == wanted
        assert library.restore(wanted) == ()
        assert library.takes() == (takes[3], takes[2], liked, takes[0])
        assert library.favourites() == (liked,)
        loaded = library.load(liked.take_id)[1]
    assert content(tmp_path / "takes") == before
    assert content(tmp_path / "trash") == {}
    assert np.allclose(loaded.samples, noise_clip(500, seed=1).samples, atol=1e-6)


def test_without_links_the_sound_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    with TakeLibrary(tmp_path) as library:
        take = library.add(noise_clip(500), recipe())
        before = content(tmp_path / "takes")
        for _ in range(2):
            assert library.discard([take.take_id]) == (take.take_id,)
            assert (content(tmp_path / "takes"), content(tmp_path / "trash")) == ({}, before)
            assert library.restore([take.take_id]) == (take.take_id,)
            assert (content(tmp_path / "takes"), content(tmp_path / "trash")) == (before, {})


def test_a_full_disk_without_links_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    with TakeLibrary(tmp_path) as library:
        takes = [library.add(noise_clip(n), recipe()) for n in (10, 5000)]
        before = content(tmp_path / "takes")
        with files_limited_to(2000), pytest.raises(Exception, match="cannot be written"):
            library.discard([one.take_id for one in takes])
        assert (content(tmp_path / "takes"), content(tmp_path / "trash")) == (before, {})
        assert library.takes() == (takes[1], takes[0])


def test_old_ones_go_for_good_and_so_do_some_where_there_is_no_room(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        ids = [library.add(noise_clip(500), recipe(str(number))).take_id for number in range(16)]
        each = library.used_bytes() / 16
        old, older, recent, fresh = ids[:4]
        library.discard([old, older, recent, fresh])
        age(tmp_path, old, KEPT_DAYS * DAY_S + 60.0)
        age(tmp_path, older, 2.0 * FRESH_S)
        age(tmp_path, recent, 1.5 * FRESH_S)
        assert library.purge(1e9).removed == ()
        assert set(content(tmp_path / "trash")) == {
            f"{one}.{ending}" for one in (older, recent, fresh) for ending in ("flac", "json")
        }
        assert library.purge(14.5 * each).removed == (), "of the trash one was enough"
        assert library.restore([old, older, recent]) == (recent,)
        library.discard([recent])
        removed = library.purge(11.5 * each).removed
        assert removed, "what was deleted just now stays, and of the others the oldest go"
        assert set(removed) < set(ids[4:])
        assert library.restore([recent, fresh]) == (recent, fresh)


def test_a_nearly_full_disk_empties_the_trash_of_all_but_the_latest(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        ids = [library.add(noise_clip(10), recipe(str(number))).take_id for number in range(3)]
        library.discard(ids[:2])
        age(tmp_path, ids[0], 2.0 * FRESH_S)
        assert library.purge(1e9, is_disk_low=True).removed == ()
        assert library.restore(ids) == (ids[1],)


def test_nothing_is_deleted_from_a_library_that_cannot_be_written() -> None:
    with public_folder() as folder:
        with TakeLibrary(folder) as library:
            take = library.add(noise_clip(10), recipe())
        for place in (folder, folder / "takes"):
            place.chmod(0o555)
        with unprivileged(), TakeLibrary(folder) as library:
            for deed in (library.discard, library.restore):
                with pytest.raises(LibraryReadOnly):
                    deed([take.take_id])
            assert library.ids() == [take.take_id]
        (folder / "takes").chmod(0o755)


def test_files_of_others_in_the_trash_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "trash").mkdir()
    for name in ("notes.flac", "notes.json", "letter.txt"):
        (tmp_path / "trash" / name).write_bytes(b"mine")
    with TakeLibrary(tmp_path, stale_after_s=0.0) as library:
        take_id = library.add(noise_clip(10), recipe()).take_id
        library.discard([take_id])
        age(tmp_path, take_id, KEPT_DAYS * DAY_S + 60.0)
        library.purge(1e9)
        assert library.restore(["notes", "../letter"]) == ()
    assert content(tmp_path / "trash") == dict.fromkeys(("notes.flac", "notes.json", "letter.txt"), b"mine")


def test_a_mark_is_taken_back(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        take = library.add(noise_clip(10), recipe())
        library.mark(take.take_id, Mark.SAVED)
        library.mark(take.take_id, Mark.REGION)
        assert library.mark(take.take_id, Mark.REGION, is_on=False).marks == {Mark.SAVED}
        assert library.mark(take.take_id, Mark.SAVED, is_on=False) == take


def test_the_worker_deletes_and_restores(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        takes = [library.add(noise_clip(10), recipe()) for _ in range(3)]
    ids = tuple(one.take_id for one in takes)
    folder = str(tmp_path)
    assert run(DeleteJob(3, folder, ids[:2])) == Deleted(3, ids[:2], "Velvet Antenna")
    assert run(RestoreJob(4, folder, ids)) == Restored(4, ids[:2], tuple(takes[:2]))


def test_a_take_that_cannot_be_read_can_be_deleted(tmp_path: Path, expected_logs: list[str]) -> None:
    expected_logs.append("its take is left out")
    with TakeLibrary(tmp_path) as library:
        take_id = library.add(noise_clip(10), recipe()).take_id
    (tmp_path / "takes" / f"{take_id}.json").write_bytes(b"{")
    (tmp_path / INDEX_NAME).unlink()
    folder = str(tmp_path)
    assert run(DeleteJob(1, folder, (take_id,))) == Deleted(1, (take_id,), take_id)
    assert run(RestoreJob(2, folder, (take_id,))) == Restored(2, (take_id,), ())
