# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of the machine's pace is whole at any time, is added to by many, and begins anew where it is damaged."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path

import pytest

from engine.errors import CannotWrite, StatisticsDamaged
from engine.library.pace_file import MAX_BYTES, keep
from engine.values import PaceRun


def run(n: float, model: str = "small") -> PaceRun:
    return PaceRun("musicgpt", model, 10.0, float(n), 1.5, "cpu")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "statistics.json"


def test_runs_are_there_again_in_their_order(path: Path) -> None:
    assert keep(path).pace.runs == ()
    assert not path.parent.exists(), "to look makes nothing"
    assert keep(path, [run(1), run(2)]).pace.runs == (run(1), run(2))
    assert keep(path, [run(3)]).pace.runs == (run(1), run(2), run(3))
    assert keep(path).pace.runs == (run(1), run(2), run(3))
    assert list(path.parent.iterdir()) == [path], "nothing is left beside it"


def test_to_forget_leaves_what_is_given_alone(path: Path) -> None:
    keep(path, [run(1), run(2)])
    assert keep(path, [run(3)], forget=True).pace.runs == (run(3),)
    assert keep(path, forget=True).pace.runs == keep(path).pace.runs == ()


def test_to_look_writes_nothing(path: Path) -> None:
    keep(path, [run(1)])
    before = path.stat()
    keep(path)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b'{"format": 2, "runs": []}',
        b'{"format": 1}',
        b'{"format": 1, "runs": [{"generator": "composer"}]}',
        b'{"format": 1, "runs": [{"generator": 3, "clip_s": 1}]}',
        b'{"format": 1, "runs": [{"generator": "composer", "clip_s": 0}]}',
        b'{"format": 1, "runs": [{"generator": "composer", "clip_s": 1, "making_s": -1}]}',
        b'{"format": 1, "runs": [{"generator": "composer", "clip_s": 1, "making_s": NaN}]}',
        b" " * (MAX_BYTES + 1),
    ],
    ids=lambda content: repr(content[:60]),
)
def test_a_damaged_file_is_set_aside_as_it_was_and_begun_anew(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    kept = keep(path, [run(1)])
    assert kept.pace.runs == (run(1),)
    assert isinstance(kept.damaged, StatisticsDamaged)
    assert Path(str(kept.damaged.fields["kept"])).read_bytes() == content
    again = keep(path)
    assert (again.pace.runs, again.damaged) == ((run(1),), None)


def test_each_that_is_set_aside_has_a_name_of_its_own(path: Path) -> None:
    path.parent.mkdir()
    for n in range(3):
        path.write_text(f"damaged {n}")
        keep(path)
    assert sorted(one.read_text() for one in path.parent.iterdir()) == ["damaged 0", "damaged 1", "damaged 2"]


def test_what_is_no_file_is_set_aside_and_never_waited_for(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    assert isinstance(keep(path, [run(1)]).damaged, StatisticsDamaged)
    assert keep(path).pace.runs == (run(1),)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(CannotWrite):
        keep(tmp_path / "data" / "statistics.json", [run(1)])


def _add(path: Path, model: str) -> None:
    for n in range(8):
        keep(path, [run(n, model)])


def test_what_several_processes_add_at_once_is_all_there(path: Path) -> None:
    path.parent.mkdir()
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_add, args=(path, f"model {n}")) for n in range(3)]
    for one in processes:
        one.start()
    for one in processes:
        one.join()
        assert one.exitcode == 0
    kept = keep(path).pace.runs
    for n in range(3):
        assert [one.making_s for one in kept if one.model == f"model {n}"] == [float(each) for each in range(8)]


def test_it_says_nothing_that_is_not_of_the_pace(path: Path) -> None:
    keep(path, [PaceRun("composer", "", 10.0, 0.5)])
    (one,) = json.loads(path.read_text())["runs"]
    assert one == {"generator": "composer", "clip_s": 10.0, "making_s": 0.5}
