# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces are numbered in the order in which they are heard, across restarts, and told when listeners hear them."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from engine.broadcast.air_log import FILE_NAME, KEPT, AirLog
from engine.values.radio import AirPiece


class _Wall:
    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def _piece(name: str) -> AirPiece:
    return AirPiece(name, "Band", f"prompt of {name}", name)


def test_a_piece_is_on_the_air_once_listeners_hear_it() -> None:
    wall = _Wall()
    log = AirLog(None, delay_s=4.0, wall_s=wall)
    log.expect(100, _piece("one"))
    log.expect(900, _piece("two"))

    assert not log.go_to(99)
    assert log.current is None
    assert log.go_to(100)
    # There was nothing before it: it is what is told.
    assert log.current is not None
    assert (log.current.title, log.current.number, log.current.since_s) == ("one", 1, 1_004.0)
    wall.now_s += 60.0
    assert log.go_to(950)
    assert log.encoded is not None
    assert log.encoded.title == "two"
    assert log.current.title == "one"
    wall.now_s += 4.0
    assert log.current is not None
    assert log.current.title == "two"
    assert [one.title for one in log.history] == ["two", "one"]


def test_numbers_go_on_after_a_restart_and_a_piece_is_known_again(tmp_path: Path) -> None:
    log = AirLog(tmp_path)
    for frame, name in enumerate(("one", "two", "three")):
        log.expect(frame, _piece(name))
        log.go_to(frame)

    again = AirLog(tmp_path)
    again.expect(0, _piece("two"))
    again.go_to(0)
    assert again.current is not None
    assert (again.current.number, again.current.is_recycled) == (2, True)
    again.expect(1, _piece("four"))
    again.go_to(1)
    assert again.encoded is not None
    assert (again.encoded.number, again.encoded.is_recycled) == (4, False)


def test_what_plays_is_told_though_the_clock_was_put_back() -> None:
    wall = _Wall()
    log = AirLog(None, delay_s=4.0, wall_s=wall)
    for frame, name in enumerate(("one", "two", "three")):
        log.expect(frame, _piece(name))
        log.go_to(frame)
        wall.now_s += 100.0
    wall.now_s -= 250.0
    assert log.current is not None
    assert log.current.title == "three"


def test_the_same_piece_told_twice_begins_once(tmp_path: Path) -> None:
    log = AirLog(tmp_path)
    log.expect(0, _piece("one"))
    log.go_to(0)
    log.expect(10, _piece("one"))

    assert not log.go_to(10)
    assert len(log.history) == 1


def test_a_later_plan_takes_the_place_of_an_earlier_one() -> None:
    log = AirLog(None)
    log.expect(100, _piece("planned"))
    log.expect(50, _piece("at once"))
    log.go_to(200)

    assert [one.title for one in log.history] == ["at once"]


def test_what_follows_is_forgotten_once_it_is_there() -> None:
    log = AirLog(None)
    log.look_forward(_piece("next"))
    log.expect(0, _piece("next"))
    log.go_to(0)

    assert log.upcoming is None


def test_the_history_is_bounded(tmp_path: Path) -> None:
    log = AirLog(tmp_path)
    for frame in range(KEPT + 10):
        log.expect(frame, _piece(str(frame)))
        log.go_to(frame)

    told = json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8"))
    assert len(told["history"]) == KEPT
    assert told["last_number"] == KEPT + 10


def _file(last_number: object = 1, **wrong: object) -> str:
    """Return a file as it is kept, but for what is wrong in it."""
    return json.dumps({"last_number": last_number, "history": [{**asdict(_piece("one")), "number": 1, **wrong}]})


DAMAGED = {
    "cut": '{"history": [',
    "deep": "[" * 100_000,
    "nothing": "null",
    "no history": '{"last_number": 1, "history": null}',
    "no number": _file("1"),
    "endless": _file(math.inf),
    "negative": _file(-1),
    "too many": _file(10**400),
    "title": _file(title=None),
    "key": _file(key=["one"]),
    "half a letter": _file(prompt="\ud800"),
    "number": _file(number="one"),
    "endless number": _file(number=math.inf),
    "words for a time": _file(since_s="now"),
    "no time": _file(since_s=None),
    "before time": _file(since_s=-1e300),
    "before the calendar": _file(since_s=-1e15),
    "after the calendar": _file(since_s=1e15),
    "more": _file(more=1),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_set_aside(content: str, tmp_path: Path, expected_logs: list[str]) -> None:
    expected_logs.append("cannot be read, and the numbers begin anew")
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")

    log = AirLog(tmp_path)
    log.expect(0, _piece("one"))
    log.go_to(0)

    assert [one.number for one in log.history] == [1]
    aside = [one for one in tmp_path.iterdir() if "damaged" in one.name]
    assert [one.read_text(encoding="utf-8") for one in aside] == [content]


def test_a_folder_that_cannot_be_written_ends_nothing(tmp_path: Path, expected_logs: list[str]) -> None:
    expected_logs += ["cannot be read", "the history is not kept"]
    (tmp_path / "file").write_text("", encoding="utf-8")
    log = AirLog(tmp_path / "file" / "below")
    log.expect(0, _piece("one"))

    assert log.go_to(0)


def test_what_goes_on_after_a_restart_is_as_new_as_it_was(tmp_path: Path) -> None:
    for _ in range(3):
        log = AirLog(tmp_path / "not there yet")
        log.expect(0, _piece("one"))
        log.go_to(0)
        assert log.current is not None
        assert (log.current.number, log.current.is_recycled) == (1, False)
    log.expect(1, _piece("two"))
    log.expect(2, _piece("one"))
    assert log.go_to(1)
    assert log.go_to(2)
    assert log.encoded is not None
    assert log.encoded.is_recycled


def test_what_the_studio_made_before_is_recycled_though_it_was_never_on_the_air() -> None:
    log = AirLog(None)
    log.expect(0, replace(_piece("old"), is_recycled=True))
    log.go_to(0)
    assert log.current is not None
    assert log.current.is_recycled
