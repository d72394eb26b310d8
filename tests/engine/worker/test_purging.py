# SPDX-License-Identifier: GPL-3.0-or-later
"""The library's process makes room: oldest first, a moment at a time, never what a person keeps or what plays."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.errors import LibraryGone
from engine.library.indexed_folder import INDEX_NAME, TAKES_NAME
from engine.library.room import LIBRARY_SHARE, UNTOLD_ROOM_BYTES, library_limit_bytes, low_bytes
from engine.library.takes import ROOM_MADE, TakeLibrary, made_before
from engine.values import FAVOURITE, Mark, Room
from engine.worker.jobs import run
from engine.worker.library_jobs import Listed, ListJob, Marked, MarkJob, Purged, PurgeJob, Stored, StoreJob
from tests.engine.library.making import noise_clip, recipe, unprivileged

ROOT = Path(__file__).parents[3]
Filled = Callable[[int], list[str]]


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Filled:
    monkeypatch.setattr("engine.library.takes.NEWEST_KEPT", 0)

    def fill(n_takes: int) -> list[str]:
        with TakeLibrary(tmp_path) as library:
            return [library.add(noise_clip(2000), recipe(str(number))).take_id for number in range(n_takes)]

    return fill


def purged(folder: Path, room: Room, *spared: str) -> Purged:
    result = run(PurgeJob(1, str(folder), room, frozenset(spared)))
    assert isinstance(result, Purged)
    return result


def on_disk(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / TAKES_NAME).iterdir())


def test_what_a_person_wants_and_what_plays_stays(tmp_path: Path, filled: Filled) -> None:
    ids = filled(6)
    with TakeLibrary(tmp_path) as library:
        library.rate(ids[0], FAVOURITE)
    for take_id, mark in ((ids[1], Mark.REGION), (ids[2], Mark.SAVED)):
        marked = run(MarkJob(1, str(tmp_path), take_id, mark))
        assert isinstance(marked, Marked)
        assert marked.take.marks == {mark}
        assert marked.take.is_spared
    before = on_disk(tmp_path)
    done = purged(tmp_path, Room(limit_bytes=1.0), ids[3])
    assert (done.removed, done.goes_on) == ((ids[4], ids[5]), False)
    assert done.freed_bytes == before - on_disk(tmp_path)
    assert (done.taken.n_takes, done.taken.used_bytes) == (4, on_disk(tmp_path))
    assert done.taken.free_bytes


def test_beyond_the_limit_a_little_more_goes_so_that_the_next_take_removes_none(tmp_path: Path, filled: Filled) -> None:
    ids = filled(20)
    used = purged(tmp_path, Room()).taken.used_bytes
    limit = Room(limit_bytes=used - 1.0)
    done = purged(tmp_path, limit)
    assert 0 < len(done.removed) <= len(ids) * ROOM_MADE + 1
    assert done.taken.used_bytes <= (1.0 - ROOM_MADE) * used
    assert purged(tmp_path, limit).removed == ()


def test_an_index_made_anew_is_read_whole_before_anything_goes(
    tmp_path: Path, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = filled(3)
    (tmp_path / INDEX_NAME).unlink()
    monkeypatch.setattr("engine.worker.open_library.TakeLibrary", partial(TakeLibrary, reading_s=0.0))
    monkeypatch.setattr("engine.worker.open_library.SETTLE_S", 0.0)
    first = purged(tmp_path, Room(limit_bytes=1.0))
    assert (first.removed, first.goes_on) == ((), True)
    rounds = [purged(tmp_path, Room(limit_bytes=1.0)) for _ in ids]
    assert [take_id for one in rounds for take_id in one.removed] == ids
    assert not rounds[-1].goes_on


def test_a_folder_that_cannot_be_written_is_left_alone(tmp_path: Path, filled: Filled) -> None:
    filled(2)
    takes = tmp_path / TAKES_NAME
    takes.chmod(0o555)
    for folder in (tmp_path, *list(tmp_path.parents)[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    with unprivileged():
        done = purged(tmp_path, Room(limit_bytes=1.0))
    takes.chmod(0o755)
    assert (done.removed, done.goes_on, done.taken.n_takes) == ((), False, 2)


def test_the_newest_stay_whatever_the_favourites_hold(
    tmp_path: Path, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = filled(5)
    monkeypatch.setattr("engine.library.takes.NEWEST_KEPT", 2)
    assert purged(tmp_path, Room(limit_bytes=1.0)).removed == tuple(ids[:3])


def test_what_was_there_before_anybody_was_asked_stays(
    tmp_path: Path, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = filled(4)
    # The disk is full of it, and gets fuller by others.
    free = [10_000]
    monkeypatch.setattr("engine.worker.purging.free_bytes", lambda folder: free[0])
    done = purged(tmp_path, Room())
    assert done.removed == ()
    assert done.taken.limit_bytes == done.taken.used_bytes
    free[0] = 0
    assert purged(tmp_path, Room()).removed == ()
    # What comes now takes the place of the oldest.
    with TakeLibrary(tmp_path) as library:
        library.add(noise_clip(2000), recipe("new"))
    assert purged(tmp_path, Room()).removed[0] == ids[0]


def test_what_another_studio_may_be_playing_stays(tmp_path: Path, filled: Filled) -> None:
    ids = filled(3)
    code = (
        "import sys; from pathlib import Path; from engine.library.takes import TakeLibrary\n"
        "with TakeLibrary(Path(sys.argv[1])): print('there', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"there\n"
        for _ in range(2):
            assert purged(tmp_path, Room(limit_bytes=1.0)).removed == ()
        other.communicate()
    assert purged(tmp_path, Room(limit_bytes=1.0)).removed == tuple(ids)


def test_a_recipe_that_cannot_be_read_stays(tmp_path: Path, filled: Filled) -> None:
    ids = filled(2)
    with TakeLibrary(tmp_path) as library:
        (tmp_path / TAKES_NAME / f"{ids[0]}.json").write_text('{"format": 99}')
        assert library.purge(1.0).removed == (ids[1],)


def test_the_limit_is_as_asked_or_a_share_of_the_disk() -> None:
    assert library_limit_bytes(Room(limit_bytes=5e9), int(1e9), 0) == 5e9
    assert library_limit_bytes(Room(), int(10e9), int(30e9)) == LIBRARY_SHARE * 40e9
    assert library_limit_bytes(Room(), int(10e9), None) == LIBRARY_SHARE * UNTOLD_ROOM_BYTES


def test_another_studio_at_the_folder_holds_up_no_take(
    tmp_path: Path, filled: Filled, monkeypatch: pytest.MonkeyPatch, expected_logs: list[str]
) -> None:
    expected_logs.append("Another program has locked")
    monkeypatch.setattr("engine.library.indexed_folder.LOCK_WAIT_S", 0.0)
    ids = filled(2)
    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        stored = run(StoreJob(1, str(tmp_path), noise_clip(100), recipe()))
        done = purged(tmp_path, Room(limit_bytes=1.0))
    finally:
        os.close(descriptor)
    assert isinstance(stored, Stored)
    assert (done.removed, done.goes_on, done.taken.n_takes) == ((), False, 3)
    assert purged(tmp_path, Room(limit_bytes=1.0), stored.take.take_id).removed == tuple(ids)


def test_a_library_is_made_only_where_it_may_be(tmp_path: Path) -> None:
    folder = tmp_path / "mount" / "music"
    for job in (ListJob(1, str(folder), make=False), PurgeJob(1, str(folder), Room(), frozenset())):
        with pytest.raises(LibraryGone, match="connect it"):
            run(job)
    assert not folder.parent.exists()
    assert isinstance(run(ListJob(1, str(folder))), Listed)


def test_a_disk_is_nearly_full_well_before_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def low_of(whole_bytes: float) -> float:
        disk = SimpleNamespace(f_blocks=int(whole_bytes / 4096), f_frsize=4096, f_bavail=0)
        monkeypatch.setattr("engine.library.room.os.statvfs", lambda _: disk)
        return low_bytes(tmp_path)

    assert low_of(500e9) == pytest.approx(10e9, rel=1e-3)
    assert low_of(20e9) == 1e9
    assert low_of(1e9) == pytest.approx(0.25e9, rel=1e-3)
    assert low_of(0.0) == 0.0, "a disk that does not tell"


def test_an_age_is_counted_to_the_whole_hour() -> None:
    assert made_before(0.0) is None
    moment, now = made_before(2.0), datetime.now(UTC)
    assert moment is not None
    assert timedelta(days=2) <= now - moment <= timedelta(days=2, hours=1, seconds=5)
    assert (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)
