# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's sounds are read in a process: with tags and cover, a part of what is long, until they are stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from mutagen.flac import FLAC
from mutagen.flac import Picture as FlacPicture

from engine.errors import Cancelled, CannotRead, ClipTooShort, FileMissing, NotAudio, SilentClip, StudioError
from engine.library.audiofile import write_clip
from engine.library.carried import said_of
from engine.library.importing import LONGEST_S, import_sound
from engine.library.looptags import write_loop_tags
from engine.library.metadata import kept_metadata
from engine.library.takes import TakeLibrary
from engine.processes import ChildProcess
from engine.values import (
    Algorithm,
    Clip,
    Excerpt,
    JobFailed,
    LoopOrigin,
    LoopRegion,
    MusicFacts,
    Progress,
    Recipe,
)
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.worker import library_jobs, sound_reading
from engine.worker.known_sounds import FindKnown
from engine.worker.sound_reading import (
    HANDLE_S,
    PART_S,
    ListSounds,
    ReadSound,
    SoundRead,
    StopReading,
    list_brought,
    part_around,
    read_sound,
)
from tests.engine.session.bringing import write_beat
from tests.widgets.recipes import a_recipe

RATE = 4_000
COVER = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50


def job(path: Path | str, job_id: int = 1) -> ReadSound:
    return ReadSound(job_id, str(path), Algorithm.ADVANCED, 2.0, 480.0)


def deaf(_stage: str, _fraction: float | None) -> None:
    pass


@pytest.fixture(scope="module")
def long_sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sound of eleven minutes that loops in its eighth alone."""
    folder = tmp_path_factory.mktemp("long")
    beat, _ = soundfile.read(write_beat(folder / "beat.wav", 120.0, n_bars=30, rate=RATE))
    noise = np.random.default_rng(3).standard_normal(11 * 60 * RATE)
    # It swells, so that no part of it is as loud as another.
    samples = 0.1 * noise * np.linspace(0.2, 1.0, len(noise))
    samples[7 * 60 * RATE : 8 * 60 * RATE] = beat
    path = folder / "evening.wav"
    soundfile.write(path, samples, RATE, "PCM_16")
    return path


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have parts of long sounds be small, so that they are soon searched."""
    monkeypatch.setattr(sound_reading, "PART_S", 40.0)
    monkeypatch.setattr(sound_reading, "HANDLE_S", 5.0)


@pytest.mark.parametrize(("said_bpm", "told_bpm"), [(60.0, 60.0), (67.0, 120.0)])
def test_a_sound_of_the_studio_has_the_tempo_of_its_recipe_unless_it_was_stretched(
    tmp_path: Path, said_bpm: float, told_bpm: float
) -> None:
    samples, _ = soundfile.read(write_beat(tmp_path / "beat.wav", 120.0, n_bars=4), dtype="float32")
    made = a_recipe(facts=MusicFacts(tempo_bpm=said_bpm, key="A minor", beats_per_bar=4))
    write_clip(tmp_path / "made.wav", Clip(np.column_stack([samples, samples]), 8_000), metadata=said_of(made))
    facts = read_sound(job(tmp_path / "made.wav"), deaf).recipe.facts
    assert facts.tempo_bpm == pytest.approx(told_bpm, abs=0.1)


@pytest.mark.usefixtures("small_parts")
def test_of_a_long_sound_the_part_around_its_best_loop_comes_in(long_sound: Path) -> None:
    stages: dict[str, list[float | None]] = {}
    read = read_sound(job(long_sound), lambda stage, fraction: stages.setdefault(stage, []).append(fraction))
    assert list(stages) == ["reading", "listening to all of it", "finding the loop"]
    assert stages["finding the loop"][-1] == pytest.approx(1.0)
    region = read.recipe.loop.region
    assert read.clip.sample_rate == STUDIO_SAMPLE_RATE
    assert 40.0 <= read.clip.duration_s <= 60.0 + 2.0 * 5.0 + 0.01
    excerpt = read.recipe.excerpt
    assert excerpt is not None
    assert excerpt.whole_s == pytest.approx(660.0)
    start_s = excerpt.start_s + region.loop_start / STUDIO_SAMPLE_RATE
    end_s = excerpt.start_s + region.loop_end / STUDIO_SAMPLE_RATE
    assert 419.0 < start_s < end_s < 481.0
    assert read.recipe.loop.score > 0.9
    assert Recipe.from_dict(read.recipe.as_dict()).excerpt == excerpt == Excerpt(excerpt.start_s, excerpt.whole_s)


@pytest.mark.usefixtures("small_parts")
def test_the_loop_that_a_long_sound_is_tagged_with_is_meant(long_sound: Path, tmp_path: Path) -> None:
    tagged, region = tmp_path / "tagged.wav", LoopRegion(60 * RATE, 68 * RATE)
    write_loop_tags(long_sound, tagged, region)
    read = read_sound(job(tagged), deaf)
    loop, excerpt = read.recipe.loop, read.recipe.excerpt
    assert excerpt is not None
    assert loop.origin is LoopOrigin.TAG
    assert excerpt.start_s + loop.region.loop_start / STUDIO_SAMPLE_RATE == pytest.approx(60.0, abs=0.001)
    assert loop.region.n_samples == 8 * STUDIO_SAMPLE_RATE


@given(st.integers(0, 3 * 3600 * 100), st.integers(1, 600 * 100), st.integers(600 * 100, 5 * 3600 * 100))
def test_a_part_holds_its_loop_and_no_more_than_a_clip_may(start: int, length: int, n_samples: int) -> None:
    start = min(start, n_samples - length)
    loop, rate = LoopRegion(start, start + length), 100
    part = part_around(loop, n_samples, rate)
    assert 0 <= part.loop_start <= loop.loop_start < loop.loop_end <= part.loop_end <= n_samples
    assert min(PART_S * rate, n_samples) <= part.n_samples <= LONGEST_S * rate
    if part.n_samples < LONGEST_S * rate:
        before, after = loop.loop_start - part.loop_start, part.loop_end - loop.loop_end
        assert before >= min(HANDLE_S * rate, loop.loop_start) - 1
        assert after >= min(HANDLE_S * rate, n_samples - loop.loop_end) - 1


def test_what_is_dropped_is_listed_and_what_is_no_sound_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    album, empty = tmp_path / "album", tmp_path / "empty"
    (album / "disc 2").mkdir(parents=True)
    empty.mkdir()
    for name in ("track 10.wav", "Track 9.wav", "disc 2/1.wav", ".hidden.wav"):
        write_beat(album / name)
    (album / "notes.txt").write_text("passed over")
    (tmp_path / "word.doc").write_text("no sound")
    one = str(Path(write_beat(tmp_path / "plain.wav")).rename(tmp_path / "no ending"))
    paths = (one, str(album), str(empty), str(tmp_path / "word.doc"), str(tmp_path / "gone.wav"), one)
    listed = list_brought(ListSounds(1, paths), deaf)
    names = [str(Path(path).relative_to(tmp_path)) for path in listed.sounds]
    assert names == ["no ending", "album/disc 2/1.wav", "album/Track 9.wav", "album/track 10.wav"]
    assert [type(error) for _, error in listed.refused] == [CannotRead, NotAudio, FileMissing]
    assert all(path in str(error) for path, error in listed.refused)
    monkeypatch.setattr(sound_reading, "MOST_SOUNDS", 3)
    listed = list_brought(ListSounds(1, paths), deaf)
    assert (len(listed.sounds), listed.n_left_out) == (3, 1)


def test_a_kept_sound_has_its_own_tags_and_cover_and_is_known_again(tmp_path: Path) -> None:
    source = tmp_path / "mine.flac"
    samples, rate = soundfile.read(write_beat(tmp_path / "beat.wav"))
    soundfile.write(source, samples, rate)
    file, picture = FLAC(source), FlacPicture()
    picture.data, picture.mime, picture.type = COVER, "image/png", 3
    file.add_picture(picture)
    file["title"], file["artist"], file["album"], file["replaygain_track_gain"] = "Mine", "Me", "First", "-3 dB"
    file.save()
    read = read_sound(job(source), deaf)
    assert (read.recipe.title, read.recipe.artist, read.recipe.excerpt) == ("Mine", "Me", None)
    with TakeLibrary(tmp_path / "library") as library:
        take = library.add(read.clip, read.recipe, read.metadata)
    kept = kept_metadata(take.audio_path)
    assert {name: kept.texts[name] for name in ("TITLE", "ARTIST", "ALBUM")} == {
        "TITLE": ("Mine",),
        "ARTIST": ("Me",),
        "ALBUM": ("First",),
    }
    assert [one.data for one in kept.pictures] == [COVER]
    assert b"-3 dB" not in Path(take.audio_path).read_bytes(), "it is as loud as all others now"
    again = import_sound(tmp_path / "beat.wav")
    assert np.array_equal(again.clip.samples, read.clip.samples), "the same sound under another name"


def test_what_cannot_be_played_is_a_typed_error(tmp_path: Path) -> None:
    for name, n, error in (("short.wav", 100, ClipTooShort), ("still.wav", 2 * RATE, SilentClip)):
        level = 0.5 if name == "short.wav" else 0.0
        soundfile.write(tmp_path / name, level * np.sin(np.arange(n)), RATE)
        with pytest.raises(error):
            read_sound(job(tmp_path / name), deaf)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[ChildProcess]:
    with (tmp_path / "sounds.log").open("w") as log:
        process = ChildProcess("engine.worker.sound_process", log=log)
        yield process
        process.close()


def answer(process: ChildProcess) -> tuple[Any, list[Progress]]:
    told: list[Progress] = []
    while process.poll(60.0):
        message = process.receive()
        if not isinstance(message, Progress):
            return message, told
        told.append(message)
    raise AssertionError("no answer")


def test_the_process_reads_tells_how_far_it_is_and_stops(
    reader: ChildProcess, long_sound: Path, tmp_path: Path
) -> None:
    (tmp_path / "rubbish.wav").write_bytes(b"RIFF" + bytes(99))
    reader.send(job(tmp_path / "rubbish.wav", 1))
    failed, _ = answer(reader)
    assert isinstance(failed, JobFailed)
    assert isinstance(failed.error, StudioError)
    assert str(tmp_path / "rubbish.wav") in str(failed.error)
    reader.send(job(write_beat(tmp_path / "beat.wav"), 2))
    read, told = answer(reader)
    assert isinstance(read, SoundRead)
    assert read.job_id == 2
    assert [one.stage for one in told][:1] == ["reading"]
    reader.send(job(long_sound, 3))
    while not (reader.poll(30.0) and reader.receive().stage == "listening to all of it"):
        pass
    stopped_s = time.monotonic()
    reader.send(StopReading(3))
    reader.send(ListSounds(4, (str(long_sound),)))
    failed, _ = answer(reader)
    assert isinstance(failed, JobFailed)
    assert isinstance(failed.error, Cancelled)
    assert (failed.job_id, answer(reader)[0].job_id) == (3, 4), "and goes on with what was asked since"
    assert time.monotonic() - stopped_s < 10.0


def test_the_library_knows_a_sound_that_it_has(tmp_path: Path) -> None:
    library = ChildProcess("engine.worker.library_process", log=None)
    try:
        read = read_sound(job(write_beat(tmp_path / "beat.wav")), deaf)
        folder = str(tmp_path / "library")
        library.send(library_jobs.StoreJob(1, folder, read.clip, read.recipe, metadata=read.metadata))
        stored, _ = answer(library)
        library.send(FindKnown(2, folder, read.clip))
        assert answer(library)[0].take == stored.take
        other = read_sound(job(write_beat(tmp_path / "other.wav", hertz=150.0)), deaf)
        library.send(FindKnown(3, folder, other.clip))
        assert answer(library)[0].take is None
    finally:
        library.close()
