# SPDX-License-Identifier: GPL-3.0-or-later
"""The library opens, lists and keeps whatever other programs, other people and damage did to its folder."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import LibraryBusy, LibraryGone
from engine.library import index, takes
from engine.library.indexed_folder import INDEX_NAME
from engine.library.recipefile import MAX_BYTES
from engine.library.takes import TakeLibrary
from engine.values import FAVOURITE, Mark
from tests.engine.library.making import noise_clip, public_folder, recipe, unprivileged


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    """Make a library with two takes, and return it with their ids, oldest first."""
    with TakeLibrary(tmp_path) as library:
        first, second = (library.add(noise_clip(10), recipe(name)).take_id for name in ("first", "second"))
    return first, second


def listed(folder: Path) -> list[str]:
    with TakeLibrary(folder) as library:
        assert [take.take_id for take in library.takes()] == library.ids()
        return library.ids()


# --- recipe files -----------------------------------------------------------------------------------------------------


def exchange(path: Path, kind: str) -> None:
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    elif kind == "dangling":
        path.symlink_to("nothing")
    else:
        with path.open("wb") as handle:
            handle.truncate(MAX_BYTES + 1)


@pytest.mark.parametrize("kind", ["pipe", "folder", "endless", "dangling", "huge"])
def test_what_is_no_recipe_file_is_not_waited_for(
    tmp_path: Path, two: tuple[str, str], kind: str, expected_logs: list[str]
) -> None:
    exchange(tmp_path / "takes" / f"{two[0]}.json", kind)
    (tmp_path / INDEX_NAME).unlink()
    expected_logs.append("its take is left out")
    assert listed(tmp_path) == [two[1]]


SPOILT: list[Callable[[dict[str, Any]], object]] = [
    lambda data: data["loop"].update(score=float("nan")),
    lambda data: data["loop"].update(score=float("inf")),
    lambda data: data["loop"].update(score="high"),
    lambda data: data["loop"].update(score=True),
    lambda data: data["loop"].update(score=10**400),
    lambda data: data["loop"].update(loop_start=1.5),
    lambda data: data["loop"].update(loop_end=10**30),
    lambda data: data["loop"].update(weak=1),
    lambda data: data["loop"].update(overlap_ms="long"),
    lambda data: data["loop"]["metrics"].update(phase=None),
    lambda data: data["facts"].update(tempo_bpm=0),
    lambda data: data["facts"].update(tempo_bpm=float("-inf")),
    lambda data: data["facts"].update(tags="lofi"),
    lambda data: data["facts"].update(beats_per_bar="4"),
    lambda data: data["facts"].update(key=3),
    lambda data: data.update(prompt=5),
    lambda data: data.update(title=None),
    lambda data: data.update(seed="7"),
    lambda data: data.update(versions=["1"]),
    lambda data: data.update(loop=[]),
    lambda data: data.update(algorithm="best"),
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_recipe_of_other_types_is_left_out_with_one_line(
    tmp_path: Path,
    two: tuple[str, str],
    spoil: Callable[[dict[str, Any]], object],
    caplog: pytest.LogCaptureFixture,
    expected_logs: list[str],
) -> None:
    data = recipe().as_dict()
    spoil(data)
    (tmp_path / "takes" / f"{two[0]}.json").write_text(json.dumps(data))
    (tmp_path / INDEX_NAME).unlink()
    expected_logs.append("its take is left out")
    with TakeLibrary(tmp_path) as library:
        for _ in range(3):
            assert [take.take_id for take in library.takes()] == [two[1]] == library.ids()
    assert len(caplog.records) == 1
    assert caplog.records[0].exc_info is None


def test_an_unreadable_recipe_closes_nothing(expected_logs: list[str]) -> None:
    with public_folder() as folder:
        (folder / "takes").mkdir()
        for place in (folder, folder / "takes"):
            place.chmod(0o777)
        with TakeLibrary(folder) as library:
            hidden, seen = (library.add(noise_clip(10), recipe()).take_id for _ in range(2))
        (folder / "takes" / f"{hidden}.json").chmod(0)
        # As if another's, which must not be read or written: made anew where the folder permits it.
        (folder / INDEX_NAME).chmod(0)
        expected_logs += ["its take is left out", "The index of takes is damaged"]
        with unprivileged(), TakeLibrary(folder) as library:
            assert library.ids() == [seen]
            added = library.add(noise_clip(10), recipe()).take_id
            assert library.ids() == [added, seen]


# --- indexes ----------------------------------------------------------------------------------------------------------


def spoil_index(path: Path, how: str) -> None:
    if how in ("folder", "pipe"):
        path.unlink()
        path.mkdir() if how == "folder" else os.mkfifo(path)
        return
    if how == "another program's":
        path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            {
                "table missing": "DROP TABLE takes",
                "a third column": "ALTER TABLE takes ADD COLUMN more TEXT",
                "a column less": "DROP INDEX takes_short; ALTER TABLE takes DROP COLUMN rating",
                "another program's": "CREATE TABLE takes (song TEXT); PRAGMA user_version = 77",
                "an older one with a third column": "DROP TABLE takes; PRAGMA application_id = 0;"
                "PRAGMA user_version = 1; CREATE TABLE takes (take_id TEXT, recipe TEXT, more TEXT)",
            }[how]
        )


@pytest.mark.parametrize(
    "how",
    [
        *("table missing", "a third column", "a column less", "another program's"),
        *("an older one with a third column", "folder", "pipe"),
    ],
)
def test_an_index_of_another_shape_is_set_aside(
    tmp_path: Path, two: tuple[str, str], how: str, expected_logs: list[str]
) -> None:
    spoil_index(tmp_path / INDEX_NAME, how)
    expected_logs.append("set aside as")
    assert listed(tmp_path) == [two[1], two[0]]
    assert len(list(tmp_path.glob(f"{INDEX_NAME}.damaged-*"))) == 1
    assert listed(tmp_path) == [two[1], two[0]]
    assert len(list(tmp_path.glob(f"{INDEX_NAME}.damaged-*"))) == 1


def test_an_index_spoilt_while_it_is_open_is_made_anew(
    tmp_path: Path, two: tuple[str, str], expected_logs: list[str]
) -> None:
    expected_logs.append("set aside as")
    with TakeLibrary(tmp_path) as library:
        spoil_index(tmp_path / INDEX_NAME, "table missing")
        assert library.ids() == [two[1], two[0]]
        added = library.add(noise_clip(10), recipe()).take_id
        assert library.rate(added, FAVOURITE).rating == FAVOURITE
    assert listed(tmp_path) == [added, two[1], two[0]]


def test_an_index_of_the_first_version_is_made_anew_in_place(tmp_path: Path, two: tuple[str, str]) -> None:
    (tmp_path / INDEX_NAME).unlink()
    with contextlib.closing(sqlite3.connect(tmp_path / INDEX_NAME)) as connection:
        connection.execute("CREATE TABLE takes (take_id TEXT PRIMARY KEY, recipe TEXT NOT NULL) WITHOUT ROWID")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    assert listed(tmp_path) == [two[1], two[0]]
    assert list(tmp_path.glob("*damaged*")) == []


def test_an_index_is_filled_by_and_by(tmp_path: Path, two: tuple[str, str]) -> None:
    with TakeLibrary(tmp_path) as library:
        library.rate(two[0], FAVOURITE)
    (tmp_path / INDEX_NAME).unlink()
    with TakeLibrary(tmp_path, reading_s=0.0) as library:
        assert library.ids() == [two[1], two[0]]
        assert library.n_takes == 2
        assert library.favourites() == ()
        assert library.read([two[0]])[0].rating == FAVOURITE, "what is not in the index is read from its file"
        assert not library.purge(0.0).is_done
        assert library.settle() == 0
        assert [take.take_id for take in library.favourites()] == [two[0]]


# --- locks ------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked_index(folder: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(folder / INDEX_NAME, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch, expected_logs: list[str]) -> None:
    """Have locks of other programs waited for shortly, and told in the log."""
    monkeypatch.setattr(takes, "LOCK_WAIT_S", 0.05)
    monkeypatch.setattr(index, "BUSY_WAIT_S", 0.05)
    expected_logs.append("Another program has locked")


@pytest.mark.parametrize("lock", [locked_folder, locked_index])
@pytest.mark.parametrize("is_open", [False, True])
def test_a_lock_of_another_program_holds_up_nothing_but_ratings(
    tmp_path: Path,
    two: tuple[str, str],
    short_waits: None,
    lock: Callable[[Path], contextlib.AbstractContextManager[None]],
    is_open: bool,
) -> None:
    with contextlib.ExitStack() as stack:
        library = stack.enter_context(TakeLibrary(tmp_path)) if is_open else None
        stack.enter_context(lock(tmp_path))
        library = library or stack.enter_context(TakeLibrary(tmp_path))
        assert [take.take_id for take in library.takes()] == [two[1], two[0]]
        added = library.add(noise_clip(10), recipe()).take_id
        assert [take.take_id for take in library.takes()] == [added, two[1], two[0]]
        with pytest.raises(LibraryBusy, match="Another program has locked"):
            library.rate(two[0], FAVOURITE)
    with TakeLibrary(tmp_path) as library:
        assert [take.take_id for take in library.takes()] == [added, two[1], two[0]]
        assert library.rate(two[0], FAVOURITE).rating == FAVOURITE


# --- folders ----------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_gone_is_not_made_where_it_must_not_be(tmp_path: Path) -> None:
    with pytest.raises(LibraryGone, match="not connected"):
        TakeLibrary(tmp_path / "away", make=False)
    assert list(tmp_path.iterdir()) == []


# --- room -------------------------------------------------------------------------------------------------------------


def many(library: TakeLibrary, n_takes: int) -> list[str]:
    return [library.add(noise_clip(2000), recipe(str(number))).take_id for number in range(n_takes)]


def test_the_oldest_go_first_and_what_a_person_wants_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takes, "NEWEST_KEPT", 0)
    with TakeLibrary(tmp_path) as library:
        ids = many(library, 8)
        library.rate(ids[0], FAVOURITE)
        library.mark(ids[1], Mark.REGION)
        library.mark(ids[2], Mark.SAVED)
        each = library.used_bytes() / 8
        on_disk = sum(path.stat().st_size for path in (tmp_path / "takes").iterdir())
        assert library.used_bytes() == pytest.approx(on_disk, rel=0.01)
        assert library.purge(8.5 * each).removed == ()
        done = library.purge(5.5 * each, spared={ids[3]})
        assert (done.removed, done.is_done) == ((ids[4], ids[5], ids[6]), True)
        assert library.purge(0.0, spared={ids[3]}).removed == (ids[7],)
        assert library.ids() == ids[3::-1], "whatever the limit"
    kept = {f"{take_id}.{ending}" for take_id in ids[:4] for ending in ("flac", "json")}
    assert {path.name for path in (tmp_path / "takes").iterdir()} == kept
    (tmp_path / INDEX_NAME).unlink()
    with TakeLibrary(tmp_path) as library:
        marks = {take.take_id: take.marks for take in library.takes()}
        assert [marks[one] for one in ids[:4]] == [set(), {Mark.REGION}, {Mark.SAVED}, set()]


def test_takes_go_for_their_age(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        old = many(library, 3)
        middle = datetime.now(UTC)
        time.sleep(0.001)
        young = many(library, 2)
        assert library.purge(1e12, oldest=datetime.now(UTC) - timedelta(days=1)).removed == ()
        assert library.purge(1e12, oldest=middle).removed == tuple(old)
        assert library.ids() == young[::-1]


def test_a_purge_ends_in_time_and_goes_on_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takes, "NEWEST_KEPT", 0)
    monkeypatch.setattr(takes, "REMOVED_AT_ONCE", 2)
    with TakeLibrary(tmp_path) as library:
        ids = many(library, 5)
        first = library.purge(0.0, budget_s=0.0)
        assert (first.removed, first.is_done) == (tuple(ids[:2]), False)
        assert library.purge(0.0).removed == tuple(ids[2:])


def test_what_the_file_says_is_believed_before_a_take_goes(
    tmp_path: Path, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takes, "NEWEST_KEPT", 0)
    path = tmp_path / "takes" / f"{two[0]}.json"
    path.write_text(json.dumps({**recipe().as_dict(), "rating": FAVOURITE}))
    with TakeLibrary(tmp_path) as library:
        assert library.purge(0.0).removed == (two[1],)
        assert library.takes()[0].rating == FAVOURITE
