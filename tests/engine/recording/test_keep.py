# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping what was heard keeps the sound to the bit, and a cue sheet from which every loop can be made again."""

from __future__ import annotations

import json
import pickle
import re
import threading
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.flac import FLAC

from engine.errors import CannotRead, CannotWrite, NothingHeard, UnknownFormat
from engine.library.carried import recipe_of
from engine.recording.cuesheet import WasHeard, cue_sheet
from engine.recording.ring import DiskRing
from engine.values import Lead, MixRecipe, Recipe, leads_within
from engine.worker.jobs import run
from engine.worker.library_jobs import KeepJob, Kept
from tests.engine.library.making import files_limited_to, recipe
from tests.engine.recording.played import decoded, frames, steps

SAMPLE_RATE = 44_100


@dataclass
class Track:
    """A track as a player reads it from a cue sheet."""

    number: int
    title: str = ""
    performer: str = ""
    at_s: float = -1.0
    recipes: list[Recipe] = field(default_factory=list)


def parsed(sheet: str) -> tuple[str, list[Track]]:
    """Return the file's name and the tracks, read as players read them."""
    assert sheet.endswith("\r\n")
    name, tracks = "", list[Track]()
    for line in sheet[:-2].split("\r\n"):
        word, _, rest = line.strip().partition(" ")
        quoted = re.fullmatch(r'"(.*)"( WAVE)?', rest)
        if word == "FILE":
            assert quoted
            name = quoted[1]
        elif word == "TRACK":
            assert rest == f"{len(tracks) + 1:02} AUDIO"
            tracks.append(Track(len(tracks) + 1))
        elif word in ("TITLE", "PERFORMER"):
            assert quoted
            assert '"' not in quoted[1]
            setattr(tracks[-1], word.lower(), quoted[1])
        elif word == "INDEX":
            minutes, seconds, cue_frames = re.fullmatch(r"01 (\d\d):([0-5]\d):([0-7]\d)", rest).groups()  # type: ignore[union-attr]
            assert int(cue_frames) < 75
            tracks[-1].at_s = 60 * int(minutes) + int(seconds) + int(cue_frames) / 75
        elif word == "REM":
            kind, _, value = rest.partition(" ")
            if kind == "RECIPE":
                tracks[-1].recipes.append(Recipe.from_dict(json.loads(value)))
        else:
            pytest.fail(f"no command of a cue sheet: {line!r}")
    return name, tracks


def leads(*frames_of: int) -> tuple[Lead, ...]:
    return tuple(Lead(frame, recipe(f"prompt {number}")) for number, frame in enumerate(frames_of))


# --- the cue sheet ----------------------------------------------------------------------------------------------------


def test_each_loop_is_a_track_with_its_recipe() -> None:
    made = leads(0, 10 * SAMPLE_RATE + SAMPLE_RATE // 2, 599 * SAMPLE_RATE)
    sheet = cue_sheet("evening.flac", SAMPLE_RATE, made)
    name, tracks = parsed(sheet)
    assert name == "evening.flac"
    assert [track.at_s for track in tracks] == [0.0, pytest.approx(10 + 37 / 75), 599.0]
    assert [track.recipes for track in tracks] == [[lead.recipe] for lead in made]
    assert {(track.title, track.performer) for track in tracks} == {("Velvet Antenna", "The Paper Lanterns")}
    for line in (
        'REM PROMPT "prompt 0"',
        'REM GENERATOR "composer"',
        'REM MODEL "house"',
        "REM SEED 7",
        "REM TEMPO_BPM 85.0",
        'REM KEY "A minor"',
        "REM LOOP_START 10",
        "REM LOOP_END 900",
    ):
        assert f"    {line}\r\n" in sheet


texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)


@given(title=texts, artist=texts, prompt=texts, name=texts)
def test_any_text_leaves_a_sheet_that_can_be_read(title: str, artist: str, prompt: str, name: str) -> None:
    made = replace(recipe(prompt), title=title, artist=artist)
    sheet = cue_sheet(name, SAMPLE_RATE, [Lead(0, made), Lead(SAMPLE_RATE, recipe())])
    _, tracks = parsed(sheet.encode().decode())
    assert [track.recipes for track in tracks] == [[made], [recipe()]], "to the letter, in JSON"
    if title.isprintable() and '"' not in title:
        assert tracks[0].title == title


def test_no_more_than_99_tracks_and_no_recipe_is_lost() -> None:
    made = leads(*range(0, 120 * SAMPLE_RATE, SAMPLE_RATE))
    _, tracks = parsed(cue_sheet("x.flac", SAMPLE_RATE, made))
    assert len(tracks) == 99
    assert [r for track in tracks for r in track.recipes] == [lead.recipe for lead in made]
    assert [len(track.recipes) for track in tracks] == [22] + 98 * [1]
    assert [track.at_s for track in tracks] == [0.0, *map(float, range(22, 120))]


@given(starts=st.lists(st.integers(0, 3 * SAMPLE_RATE), max_size=30).map(sorted))
def test_tracks_begin_one_after_the_other(starts: list[int]) -> None:
    made = leads(*starts)
    _, tracks = parsed(cue_sheet("x.flac", SAMPLE_RATE, made))
    times = [track.at_s for track in tracks]
    assert times[0] == 0.0
    assert all(one < other for one, other in pairwise(times))
    assert [r for track in tracks for r in track.recipes] == [lead.recipe for lead in made]


def test_what_led_before_leads_from_the_start() -> None:
    made = leads(100, 200, 300, 400)
    recipes = [lead.recipe for lead in made]
    assert leads_within(made, 250, 350) == (Lead(0, recipes[1]), Lead(50, recipes[2]))
    assert leads_within(made, 0, 150) == (Lead(100, recipes[0]),)
    assert leads_within(made, 300, 400) == (Lead(0, recipes[2]),)
    assert leads_within(made[::-1], 250, 350) == leads_within(made, 250, 350)
    again = (*made[:2], Lead(210, recipes[1]), Lead(220, recipes[0]))
    assert leads_within(again, 200, 300) == (Lead(0, recipes[1]), Lead(20, recipes[0]))
    assert parsed(cue_sheet("x.flac", SAMPLE_RATE, leads_within(made, 0, 50)))[1][0].title == "Infiniloop Studio"


# --- the sound --------------------------------------------------------------------------------------------------------


@pytest.fixture
def ring(tmp_path: Path) -> DiskRing:
    ring = DiskRing(tmp_path / "cache", SAMPLE_RATE, kept_s=4.0)
    for first in range(0, 6 * SAMPLE_RATE, SAMPLE_RATE):
        ring.write(first, frames(first, first + SAMPLE_RATE))
    return ring


def heard(ring: DiskRing, *leading: Lead) -> WasHeard:
    return WasHeard(str(ring.path), *ring.span, leading)


def test_the_worker_keeps_what_was_heard(tmp_path: Path, ring: DiskRing) -> None:
    path = tmp_path / 'ünï "x".flac'
    leading = leads(0, 3 * SAMPLE_RATE)
    job = pickle.loads(pickle.dumps(KeepJob(7, heard(ring, *leading), str(path))))
    assert run(job) == Kept(7, str(path), 4.0)
    assert np.array_equal(decoded(path), steps(frames(2 * SAMPLE_RATE, 6 * SAMPLE_RATE)))
    sheet = path.with_suffix(".cue").read_bytes().decode()
    name, tracks = parsed(sheet)
    assert name == path.name
    assert [(track.at_s, track.recipes) for track in tracks] == [(0.0, [leading[0].recipe]), (1.0, [leading[1].recipe])]
    assert FLAC(path)["CUESHEET"] == [sheet]
    said = recipe_of(path)
    assert isinstance(said, MixRecipe)
    assert [lead.recipe for lead in said.leads] == [one for track in parsed(sheet)[1] for one in track.recipes]
    assert {one.name for one in tmp_path.iterdir()} == {"cache", path.name, path.with_suffix(".cue").name}
    ring.close()


def test_kept_while_the_music_plays_on(tmp_path: Path, ring: DiskRing) -> None:
    path = tmp_path / "x.flac"
    was = heard(ring)
    ended = threading.Event()

    def play_on() -> None:
        while not ended.wait(0.002):  # some fifty times faster than life
            end = ring.span[1]
            ring.write(end, frames(end, end + 4410))

    player = threading.Thread(target=play_on)
    player.start()
    try:
        run(KeepJob(1, was, str(path)))
    finally:
        ended.set()
        player.join()
        ring.close()
    assert ring.span[1] > was.end
    assert np.array_equal(decoded(path), steps(frames(was.first, was.end)))


def test_what_was_overwritten_before_the_worker_came_is_left_out(tmp_path: Path, ring: DiskRing) -> None:
    was = heard(ring, *leads(0, 3 * SAMPLE_RATE))
    # A job that waited for half a minute: the ring is 34 s long.
    for first in range(6 * SAMPLE_RATE, 38 * SAMPLE_RATE, SAMPLE_RATE):
        ring.write(first, frames(first, first + SAMPLE_RATE))
    path = tmp_path / "x.flac"
    assert run(KeepJob(1, was, str(path))) == Kept(1, str(path), 2.0)
    assert np.array_equal(decoded(path), steps(frames(4 * SAMPLE_RATE, 6 * SAMPLE_RATE)))
    _, (track,) = parsed(path.with_suffix(".cue").read_bytes().decode())
    assert (track.at_s, track.recipes) == (0.0, [was.leads[1].recipe])
    for first in range(38 * SAMPLE_RATE, 42 * SAMPLE_RATE, SAMPLE_RATE):
        ring.write(first, frames(first, first + SAMPLE_RATE))
    with pytest.raises(NothingHeard):
        run(KeepJob(1, was, str(tmp_path / "y.flac")))
    ring.close()
    with pytest.raises(CannotRead):
        run(KeepJob(1, was, str(tmp_path / "y.flac")))
    assert {one.name for one in tmp_path.iterdir()} == {"cache", "x.flac", "x.cue"}


@pytest.mark.parametrize("n_bytes", [0, 500, 100_000])
def test_a_full_disk_leaves_nothing_new(tmp_path: Path, ring: DiskRing, n_bytes: int) -> None:
    (tmp_path / "x.cue").write_text("old")
    with files_limited_to(n_bytes), pytest.raises(CannotWrite):
        run(KeepJob(1, heard(ring, *leads(0)), str(tmp_path / "x.flac")))
    assert {one.name for one in tmp_path.iterdir()} == {"cache", "x.cue"}
    assert (tmp_path / "x.cue").read_text() == "old"
    with pytest.raises(UnknownFormat):
        run(KeepJob(1, heard(ring), str(tmp_path / "x.wav")))
    ring.close()
