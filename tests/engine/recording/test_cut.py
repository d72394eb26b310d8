# SPDX-License-Identifier: GPL-3.0-or-later
"""A part of a recording is the same samples, with no click where it is cut, and says which loops are in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import DamagedSound, EmptyClip, UnknownFormat
from engine.library.audiofile import writing_audio
from engine.library.carried import recipe_of, said_of_mix
from engine.recording.cut import FADE_MS, free_target, read_part, write_part
from engine.values import Lead, MixKind, MixRecipe
from tests.engine.library.making import recipe
from tests.engine.recording.played import decoded, frames, steps

RATE = 44_100
N_SAMPLES = 150_000
N_FADE = round(FADE_MS * RATE / 1000.0)
LEADS = (
    Lead(0, recipe("one"), "drums"),
    Lead(0, recipe("two"), "bass", 90_000),
    Lead(70_000, recipe("three"), "drums"),
)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("take") / "jam.flac"
    with writing_audio(path, RATE, 2, metadata=said_of_mix(MixRecipe(MixKind.JAM, RATE, N_SAMPLES, LEADS))) as out:
        out.write(frames(0, N_SAMPLES))
    return str(path)


@pytest.mark.parametrize(
    ("first", "end"), [(0, None), (0, 100_000), (60_000, None), (66_150, 110_250), (65_536, 131_072), (10, 20)]
)
def test_a_part_is_the_same_samples(take: str, tmp_path: Path, first: int, end: int | None) -> None:
    target = tmp_path / "part.flac"
    assert list(write_part(take, str(target), first, end, sample_rate=RATE))
    found, last = decoded(target), N_SAMPLES if end is None else end
    wanted = steps(frames(first, last))
    assert len(found) == last - first
    left, right = (N_FADE if first else 0), (N_FADE if end is not None else 0)
    if last - first > 2 * N_FADE:
        assert np.array_equal(found[left : len(found) - right], wanted[left : len(wanted) - right])
    if first:
        assert not found[0].any()
    if end is not None:
        assert not found[-1].any()
    said = recipe_of(target)
    assert isinstance(said, MixRecipe)
    assert (said.kind, said.n_samples) == (MixKind.CUT if first or end is not None else MixKind.JAM, last - first)
    if first == 66_150:
        assert said.leads == (
            Lead(0, LEADS[0].recipe, "drums"),
            Lead(0, LEADS[1].recipe, "bass", 90_000 - first),
            Lead(70_000 - first, LEADS[2].recipe, "drums"),
        )


def test_it_is_written_in_other_formats_and_cut_of_them(take: str, tmp_path: Path) -> None:
    for ending, rate in ((".wav", RATE), (".ogg", RATE), (".opus", 48_000)):
        target = tmp_path / f"part{ending}"
        assert list(write_part(take, str(target), RATE, 2 * RATE, sample_rate=RATE))
        info = soundfile.info(target)
        assert (info.samplerate, info.frames) == (rate, rate)
        said = recipe_of(target)
        assert isinstance(said, MixRecipe)
        assert (said.sample_rate, said.n_samples, len(said.leads)) == (rate, rate, 3)
    assert list(write_part(str(tmp_path / "part.opus"), str(tmp_path / "half.wav"), 0, RATE // 2, sample_rate=RATE))
    assert soundfile.info(tmp_path / "half.wav").frames == 24_000
    with pytest.raises(UnknownFormat):
        assert list(write_part(take, str(tmp_path / "part.xyz"), 0, None, sample_rate=RATE))


def test_what_is_heard_of_it_begins_and_ends_in_silence(take: str) -> None:
    clip = read_part(take, 1000, 30_000, sample_rate=RATE)
    assert clip.n_samples == 29_000
    assert not clip.samples[0].any()
    assert np.abs(clip.samples[-1]).max() < 1e-3
    assert np.abs(clip.samples[N_FADE:-N_FADE] - frames(1000 + N_FADE, 30_000 - N_FADE)).max() < 1e-6
    with pytest.raises(EmptyClip):
        read_part(take, N_SAMPLES, None, sample_rate=RATE)


def test_its_name_tells_the_bars_and_is_free(take: str) -> None:
    target = free_target(take, 3, 6)
    assert target.name == "jam (bars 3–6).flac"
    target.touch()
    assert free_target(take, 3, 6) != target
    assert free_target(take, 3, 3).name == "jam (bar 3).flac"


def test_one_that_is_damaged_says_how_much_of_it_can_be_had(take: str, tmp_path: Path) -> None:
    data = bytearray(Path(take).read_bytes())
    damaged, target = tmp_path / "damaged.flac", tmp_path / "part.wav"
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    damaged.write_bytes(data)
    with pytest.raises(DamagedSound, match="is damaged") as told:
        assert list(write_part(str(damaged), str(target), 0, None, sample_rate=RATE))
    assert [one.name for one in tmp_path.iterdir()] == ["damaged.flac"]
    n_there = int(float(told.value.fields["seconds"]) * RATE)
    assert 0 < n_there < N_SAMPLES
    assert list(write_part(str(damaged), str(target), 0, n_there // 2, sample_rate=RATE))
    assert len(decoded(target)) == n_there // 2
