# SPDX-License-Identifier: GPL-3.0-or-later
"""Ratings and marks are kept beside a take's recipe and in step with the index, even with two studios at work."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import CannotWrite, FileMissing, UnknownChoice
from engine.library.atomic import write_bytes
from engine.library.indexed_folder import INDEX_NAME
from engine.library.takes import TakeLibrary
from engine.values import FAVOURITE, NEVER, RATINGS, LoopOrigin, LoopRegion, Mark, Take
from engine.worker.jobs import run
from engine.worker.library_jobs import Rated, RateJob
from tests.engine.library.making import files_limited_to, noise_clip, recipe


def rated(folder: Path) -> dict[str, str]:
    with TakeLibrary(folder) as library:
        return {take.take_id: take.rating for take in library.takes()}


def test_a_rating_is_kept_and_taken_back(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        one, two = (library.add(noise_clip(10), recipe(f"prompt “{name}”")) for name in ("one", FAVOURITE))
        assert one.rating == two.rating == ""
        before = Path(one.audio_path).with_suffix(".json").read_bytes()
        for rating in (FAVOURITE, NEVER, FAVOURITE):
            take = library.rate(one.take_id, rating)
            assert take == Take(one.take_id, one.recipe, one.audio_path, rating)
            assert library.load(one.take_id)[0] == take
            assert library.takes() == (two, take)
            assert library.favourites() == ((take,) if rating == FAVOURITE else ())
    assert rated(tmp_path) == {one.take_id: FAVOURITE, two.take_id: ""}
    (tmp_path / INDEX_NAME).unlink()
    assert rated(tmp_path) == {one.take_id: FAVOURITE, two.take_id: ""}, "the files are the truth"
    with TakeLibrary(tmp_path) as library:
        assert library.rate(one.take_id, "") == one
        assert library.favourites() == ()
    assert Path(one.audio_path).with_suffix(".json").read_bytes() == before


def test_the_loop_that_a_person_chose_is_kept_beside_what_else_is_said(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        take = library.add(noise_clip(), recipe())
        library.rate(take.take_id, FAVOURITE)
        library.mark(take.take_id, Mark.REGION)
        loop = replace(take.recipe.loop, region=LoopRegion(7, 900), origin=LoopOrigin.HAND, bars=None)
        changed = library.set_loop(take.take_id, loop)
        assert changed == replace(
            take, recipe=replace(take.recipe, loop=loop), rating=FAVOURITE, marks=frozenset({Mark.REGION})
        )
        assert library.load(take.take_id)[0] == changed
    (tmp_path / INDEX_NAME).unlink()
    with TakeLibrary(tmp_path) as library:
        assert library.takes() == (changed,)


def test_all_favourites_are_told_newest_first(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        takes = [library.add(noise_clip(10), recipe(f"prompt {number}")) for number in range(6)]
        for number, take in enumerate(takes):
            library.rate(take.take_id, RATINGS[number % 3])
        wanted = [take.take_id for number, take in enumerate(takes) if RATINGS[number % 3] == FAVOURITE]
        assert [take.take_id for take in library.favourites()] == wanted[::-1] != []


def test_what_cannot_be_rated(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        take_id = library.add(noise_clip(10), recipe()).take_id
        with pytest.raises(UnknownChoice, match="favourite, never"):
            library.rate(take_id, "splendid")
        library.remove(take_id)
        for missing in (take_id, "nothing", "../takes"):
            with pytest.raises(FileMissing):
                library.rate(missing, NEVER)
        assert list((tmp_path / "takes").iterdir()) == []


def test_a_rating_that_is_not_known_is_none(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        take = library.add(noise_clip(10), recipe())
    path = Path(take.audio_path).with_suffix(".json")
    odd_ones: list[object] = ["splendid", 3, None, ["favourite"], {}]
    for odd in odd_ones:
        path.write_text(json.dumps({**recipe().as_dict(), "rating": odd, "more": 1}))
        (tmp_path / INDEX_NAME).unlink()
        assert rated(tmp_path) == {take.take_id: ""}
    with TakeLibrary(tmp_path) as library:
        library.rate(take.take_id, NEVER)
    assert json.loads(path.read_text()) == {**recipe().as_dict(), "rating": NEVER, "more": 1}


def test_a_damaged_recipe_is_not_rated(tmp_path: Path, expected_logs: list[str]) -> None:
    expected_logs.append("its take is left out")
    with TakeLibrary(tmp_path) as library:
        take = library.add(noise_clip(10), recipe())
        path = Path(take.audio_path).with_suffix(".json")
        path.write_bytes(b"{")
        with pytest.raises(FileMissing):
            library.rate(take.take_id, NEVER)
        assert path.read_bytes() == b"{"


def test_a_full_disk_leaves_the_rating_as_it_was(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        take = library.rate(library.add(noise_clip(10), recipe()).take_id, NEVER)
        before = {path.name: path.read_bytes() for path in (tmp_path / "takes").iterdir()}
        with files_limited_to(600), pytest.raises(CannotWrite):
            library.rate(take.take_id, FAVOURITE)
        assert library.takes() == (take,)
        assert {path.name: path.read_bytes() for path in (tmp_path / "takes").iterdir()} == before
    assert rated(tmp_path) == {take.take_id: NEVER}


def test_the_worker_rates(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        take = library.add(noise_clip(10), recipe())
    done = run(RateJob(3, str(tmp_path), take.take_id, FAVOURITE))
    assert done == Rated(3, Take(take.take_id, take.recipe, take.audio_path, FAVOURITE))


def test_a_studio_killed_between_file_and_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def write_and_be_killed(path: Path, content: bytes) -> None:
        write_bytes(path, content)
        raise Killed

    with TakeLibrary(tmp_path) as library:
        take_id = library.add(noise_clip(10), recipe()).take_id
        with monkeypatch.context() as patch:
            patch.setattr("engine.library.takes.write_bytes", write_and_be_killed)
            with pytest.raises(Killed):
                library.rate(take_id, FAVOURITE)
        assert library.takes()[0].rating == FAVOURITE, "a row that is not settled is not believed"
    assert rated(tmp_path) == {take_id: FAVOURITE}
    with sqlite3.connect(tmp_path / INDEX_NAME) as index:
        assert index.execute("SELECT count(*) FROM takes WHERE is_settled = 0").fetchone() == (0,)
    index.close()
