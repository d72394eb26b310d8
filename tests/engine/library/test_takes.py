# SPDX-License-Identifier: GPL-3.0-or-later
"""The library keeps every take, and opens whatever state its folder is in."""

from __future__ import annotations

import json
import math
import os
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import CannotRead, CannotWrite, FileMissing, LibraryReadOnly, NonFiniteClip, NotAudio
from engine.library.atomic import write_bytes
from engine.library.indexed_folder import INDEX_NAME, STALE_AFTER_S
from engine.library.takes import TakeLibrary
from engine.values import (
    FAVOURITE,
    Algorithm,
    Clip,
    LoopCandidate,
    LoopMetrics,
    LoopOrigin,
    LoopRegion,
    Mark,
    MusicFacts,
    Recipe,
)
from engine.values.takes import MOST_BEATS, MOST_OVERLAP_MS, TEMPOS
from tests.engine.library.making import (
    HALF_STEP,
    files_limited_to,
    noise,
    noise_clip,
    public_folder,
    recipe,
    unprivileged,
)


def files(folder: Path) -> set[str]:
    return {path.name for path in (folder / "takes").iterdir()}


def files_of(*take_ids: str) -> set[str]:
    return {f"{take_id}.{ending}" for take_id in take_ids for ending in ("flac", "json")}


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


@pytest.mark.parametrize(("n_channels", "sample_rate", "wraps"), [(1, 32_000, False), (2, 44_100, True)])
def test_a_take_comes_back(tmp_path: Path, n_channels: int, sample_rate: int, wraps: bool) -> None:
    clip = noise_clip(5001, n_channels, sample_rate)
    with TakeLibrary(tmp_path / "new" / "library") as library:
        added = library.add(clip, recipe(wraps=wraps))
        take, loaded = library.load(added.take_id)
        assert library.takes() == (added,)
        assert library.n_takes == 1
    assert take == added
    assert take.recipe == recipe(wraps=wraps)
    assert Path(take.audio_path).is_file()
    assert (loaded.sample_rate, loaded.wraps) == (sample_rate, wraps)
    assert np.abs(loaded.samples.astype(np.float64) - clip.samples).max() <= HALF_STEP


def test_newest_first_and_no_more_than_asked(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        assert library.takes() == ()
        added = [library.add(noise_clip(10), recipe(f"prompt {i}")).take_id for i in range(7)]
    with TakeLibrary(tmp_path) as library:
        assert [take.take_id for take in library.takes()] == added[::-1]
        assert [take.take_id for take in library.takes(3)] == added[:-4:-1]
        assert library.n_takes == 7


def test_the_recipe_is_a_file_that_people_can_read(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        take = library.add(noise_clip(), recipe())
    content = Path(take.audio_path).with_suffix(".json").read_text(encoding="utf-8")
    assert json.loads(content) == recipe().as_dict()
    assert "\n" in content


shares = st.floats(0.0, 1.0)
tempos = st.floats(*TEMPOS)
texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
wholes = st.integers(0, 2**62)
recipes = st.builds(
    Recipe,
    prompt=texts,
    generator=texts,
    model=texts,
    duration_s=st.floats(0.0, allow_infinity=False),
    seed=st.none() | st.integers(-(2**128), 2**128),
    versions=st.dictionaries(texts, texts, max_size=3),
    title=texts,
    artist=texts,
    facts=st.builds(
        MusicFacts,
        tempo_bpm=st.none() | tempos,
        key=st.none() | texts,
        beats_per_bar=st.none() | st.integers(1, MOST_BEATS),
        bars=st.none() | wholes,
        tags=st.lists(texts, max_size=3).map(tuple),
    ),
    wraps=st.booleans(),
    algorithm=st.sampled_from(Algorithm),
    loop=st.builds(
        LoopCandidate,
        region=st.builds(lambda start, n: LoopRegion(start, start + n), wholes, st.integers(1, 2**40)),
        score=shares,
        metrics=st.builds(LoopMetrics, shares, shares, shares, shares),
        bars=st.none() | wholes,
        weak=st.booleans(),
        tempo_bpm=st.none() | tempos,
        origin=st.sampled_from(LoopOrigin),
        played_through=st.booleans(),
        overlap_ms=st.none() | st.floats(0.0, MOST_OVERLAP_MS),
    ),
    created_utc=texts,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=recipes)
def test_any_recipe_comes_back(tmp_path: Path, made: Recipe) -> None:
    with TakeLibrary(tmp_path) as library:
        take_id = library.add(noise_clip(10), made).take_id
        assert library.load(take_id)[0].recipe == made
    (tmp_path / INDEX_NAME).unlink()
    with TakeLibrary(tmp_path) as library:
        assert library.load(take_id)[0].recipe == made, "and from its file alone"
        library.remove(take_id)


def test_a_take_of_an_earlier_studio_is_listed_and_loaded(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        take = library.add(noise_clip(), recipe())
    path = Path(take.audio_path).with_suffix(".json")
    data = json.loads(path.read_text(encoding="utf-8"))
    # What its recipes did not say yet.
    assert data["loop"].pop("tempo_bpm", "missing") != "missing"
    assert data["loop"].pop("origin", "missing") != "missing"
    path.write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / INDEX_NAME).unlink()
    with TakeLibrary(tmp_path) as library:
        (listed,) = library.takes()
        assert listed.recipe == recipe()
        assert (listed.recipe.loop.tempo_bpm, listed.recipe.loop.origin) == (None, LoopOrigin.FOUND)
        assert library.load(take.take_id)[0] == listed


def test_remove(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        first, second = (library.add(noise_clip(), recipe()).take_id for _ in range(2))
        library.remove(first)
        library.remove(first)
        (tmp_path / "other.flac").write_bytes(b"mine")
        library.remove("../other")
        assert [take.take_id for take in library.takes()] == [second]
        for missing in (first, "nothing", "../other"):
            with pytest.raises(FileMissing):
                library.load(missing)
    assert files(tmp_path) == files_of(second)
    assert (tmp_path / "other.flac").exists()


def test_closing_twice_and_opening_again(tmp_path: Path) -> None:
    library = TakeLibrary(tmp_path)
    library.close()
    library.close()
    with TakeLibrary(tmp_path) as again:
        assert again.n_takes == 0


# --- what cannot be kept ----------------------------------------------------------------------------------------------


def test_what_cannot_be_kept_leaves_nothing(tmp_path: Path) -> None:
    bad = noise(1000, 1).copy()
    bad[500] = np.nan
    with TakeLibrary(tmp_path) as library:
        with pytest.raises(NonFiniteClip):
            library.add(Clip(bad, 44_100), recipe())
        with pytest.raises(ValueError, match="not JSON compliant"):
            library.add(noise_clip(), replace(recipe(), duration_s=math.nan))
        assert library.n_takes == 0
    assert files(tmp_path) == set()


# Too little for the FLAC; enough for it, not for the recipe; enough for both, not for the index' journal or row.
@pytest.mark.parametrize(("n_bytes", "n_prompt_characters"), [(2_000, 10), (20_000, 30_000), (20_000, 15_000)])
def test_a_full_disk_leaves_nothing_and_the_next_take_is_kept(
    tmp_path: Path, n_bytes: int, n_prompt_characters: int
) -> None:
    with TakeLibrary(tmp_path) as library:
        kept = library.add(noise_clip(), recipe()).take_id
        with files_limited_to(n_bytes), pytest.raises(CannotWrite):
            library.add(noise_clip(2_000), recipe("p" * n_prompt_characters))
        assert files(tmp_path) == files_of(kept)
        after = library.add(noise_clip(), recipe()).take_id
        assert [take.take_id for take in library.takes()] == [after, kept]
    assert files(tmp_path) == files_of(kept, after)


def test_folders_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite):
        TakeLibrary(tmp_path / "file")
    with pytest.raises(CannotWrite, match="Not a directory"):
        TakeLibrary(tmp_path / "file" / "library")
    with public_folder() as folder:
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(CannotWrite):
            TakeLibrary(folder / "library")


def test_a_library_that_cannot_be_written_is_listed_and_loaded(expected_logs: list[str]) -> None:
    with public_folder() as folder:
        with TakeLibrary(folder) as library:
            takes = [library.add(noise_clip(), recipe(f"prompt {number}")) for number in range(3)][::-1]
        for place in (folder / "takes", folder):
            place.chmod(0o555)
        before = (folder / INDEX_NAME).read_bytes()
        with unprivileged(), TakeLibrary(folder) as library:
            assert library.is_read_only
            assert list(library.takes()) == takes
            assert library.load(takes[0].take_id)[1].n_samples == 1000
            for deed in (
                lambda: library.add(noise_clip(), recipe()),
                lambda: library.rate(takes[0].take_id, FAVOURITE),
                lambda: library.mark(takes[0].take_id, Mark.SAVED),
                lambda: library.remove(takes[0].take_id),
                lambda: library.purge(0),
            ):
                with pytest.raises(LibraryReadOnly, match="can be played"):
                    deed()
        assert (folder / INDEX_NAME).read_bytes() == before
        # Without its index, too.
        (folder / "takes").chmod(0o755)
        folder.chmod(0o755)
        (folder / INDEX_NAME).unlink()
        folder.chmod(0o555)
        with unprivileged(), TakeLibrary(folder) as library:
            assert list(library.takes()) == takes
        (folder / "takes").chmod(0o755)


# --- two studios at once, at the worst moments ------------------------------------------------------------------------


def test_a_take_added_while_another_studio_opens_is_not_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[str] = []
    with TakeLibrary(tmp_path) as first:

        def look_then_let_the_other_add(folder: Path) -> list[str]:
            names = real_listdir(folder)
            added.append(first.add(noise_clip(10), recipe()).take_id)
            return names

        real_listdir = os.listdir
        with monkeypatch.context() as patch:
            patch.setattr("engine.library.indexed_folder.os.listdir", look_then_let_the_other_add)
            second = TakeLibrary(tmp_path)
        with second:
            assert [take.take_id for take in second.takes()] == added != []


def test_a_take_that_another_studio_lists_first_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_then_let_the_other_open(path: Path, content: bytes) -> None:
        write_bytes(path, content)
        TakeLibrary(tmp_path).close()

    with TakeLibrary(tmp_path) as library:
        monkeypatch.setattr("engine.library.takes.write_bytes", write_then_let_the_other_open)
        take = library.add(noise_clip(10), recipe())
        assert library.takes() == (take,)


# --- repairs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["not a database", "torn", "a page of rubbish"])
def test_a_damaged_index_is_set_aside_and_rebuilt(tmp_path: Path, damage: str, expected_logs: list[str]) -> None:
    with TakeLibrary(tmp_path) as library:
        added = {library.add(noise_clip(10), recipe("x" * 3000)).take_id for _ in range(12)}
    index = tmp_path / INDEX_NAME
    content = index.read_bytes()
    assert len(content) > 5 * 4096
    broken = {
        "not a database": b"not a database " * 1000,
        "torn": content[: len(content) // 2],
        "a page of rubbish": content[:4096] + os.urandom(4096) + content[8192:],
    }[damage]
    index.write_bytes(broken)
    expected_logs.append("The index of takes is damaged")
    with TakeLibrary(tmp_path) as library:
        assert {take.take_id for take in library.takes()} == added
        for take_id in added:
            library.load(take_id)
        library.add(noise_clip(10), recipe())
        assert library.n_takes == 13
    assert [path.read_bytes() for path in tmp_path.glob(f"{INDEX_NAME}.damaged-*")] == [broken]


def test_only_the_newest_damaged_indices_are_left(tmp_path: Path, expected_logs: list[str]) -> None:
    expected_logs.append("The index of takes is damaged")
    broken = [b"not a database %d " % number * 1000 for number in range(5)]
    for content in broken:
        (tmp_path / INDEX_NAME).write_bytes(content)
        TakeLibrary(tmp_path).close()
    left = sorted(tmp_path.glob(f"{INDEX_NAME}.damaged-*"))
    assert [path.read_bytes() for path in left] == broken[-3:]


def test_missing_rows_are_added_and_rows_without_files_dropped(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        kept, no_audio, no_recipe = (library.add(noise_clip(10), recipe()).take_id for _ in range(3))
        other = TakeLibrary(tmp_path)
        unlisted = other.add(noise_clip(10), recipe("the row is lost")).take_id
        other.close()
    with sqlite3.connect(tmp_path / INDEX_NAME) as index:
        index.execute("DELETE FROM takes WHERE take_id = ?", (unlisted,))
    index.close()
    (tmp_path / "takes" / f"{no_audio}.flac").unlink()
    (tmp_path / "takes" / f"{no_recipe}.json").unlink()
    with TakeLibrary(tmp_path) as library:
        assert {take.take_id for take in library.takes()} == {kept, unlisted}
        assert library.load(unlisted)[0].recipe.prompt == "the row is lost"


def test_only_old_leftovers_of_our_own_are_removed(tmp_path: Path) -> None:
    TakeLibrary(tmp_path).close()
    old_part, young_part = ".infiniloop-00.part", ".infiniloop-01.part"
    old_orphan, young_orphan = ("20260102T030405000000Z-0000000" + end for end in ("a.flac", "b.flac"))
    theirs = {"holiday.flac", "notes.txt", "something.part"}
    for name in {old_part, young_part, old_orphan, young_orphan} | theirs:
        path = tmp_path / "takes" / name
        path.write_bytes(b"x")
        age(path, STALE_AFTER_S + (-60 if name in {young_part, young_orphan} else 60))
    with TakeLibrary(tmp_path) as library:
        assert library.n_takes == 0
    assert files(tmp_path) == {young_part, young_orphan} | theirs


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"3", b"{}", b'{"facts": 3, "loop": 4}', b"\xff\xfe", b"[" * 99_999]
)
def test_a_damaged_recipe_is_left_out_and_kept(tmp_path: Path, content: bytes, expected_logs: list[str]) -> None:
    with TakeLibrary(tmp_path) as library:
        kept, damaged = (library.add(noise_clip(10), recipe()).take_id for _ in range(2))
    (tmp_path / "takes" / f"{damaged}.json").write_bytes(content)
    (tmp_path / INDEX_NAME).unlink()
    expected_logs.append("its take is left out")
    with TakeLibrary(tmp_path) as library:
        assert [take.take_id for take in library.takes()] == [kept]
        with pytest.raises(FileMissing):
            library.load(damaged)
    assert files(tmp_path) == files_of(kept, damaged)


def test_damaged_audio_is_told_when_it_is_loaded(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        take = library.add(noise_clip(10), recipe())
        Path(take.audio_path).write_bytes(b"rubbish")
        with pytest.raises(NotAudio):
            library.load(take.take_id)
        Path(take.audio_path).unlink()
        with pytest.raises(FileMissing):
            library.load(take.take_id)


def test_an_index_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    TakeLibrary(tmp_path).close()
    index = sqlite3.connect(tmp_path / INDEX_NAME)
    index.execute("PRAGMA user_version = 99")
    index.close()
    before = (tmp_path / INDEX_NAME).read_bytes()
    with pytest.raises(CannotRead, match="newer version"):
        TakeLibrary(tmp_path)
    assert (tmp_path / INDEX_NAME).read_bytes() == before
