# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that play along write the whole, the new music, its parts and its notes: all of them, or none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.library.carried import Carried, recipe_of
from engine.library.soundfiles import open_sound
from engine.values import Clip
from engine.values.asked import content_hash
from engine.values.play_along import Along, AlongMade
from tests.app.commands.running import fails, tells, works
from tests.engine.listening.pieces import piece

PLAIN = ("--set", "sounds=synthesised", "--seed", "4")
BEAT_S = 60.0 / 104.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a recording of 14 beats and a bit, in one channel at 32 kHz."""
    import soxr

    place = tmp_path_factory.mktemp("along")
    clip = piece("funk", "Am | F | C | G", bpm=104.0, bars=8).clip
    mono = soxr.resample(clip.samples.mean(axis=1), clip.sample_rate, 32_000)
    soundfile.write(place / "riff.wav", mono[: round(14.2 * BEAT_S * 32_000)], 32_000, subtype="PCM_24")
    return place


def read(path: Path) -> np.ndarray:
    samples: np.ndarray = soundfile.read(path, dtype="float32", always_2d=True)[0]
    return samples


def test_continue_writes_the_whole_the_new_its_parts_and_its_notes(folder: Path) -> None:
    also = ("--new", folder / "new.flac", "--stems", folder / "stems", "--midi", folder / "notes.mid")
    (told,) = tells("continue", folder / "riff.wav", "--seconds", "4", "-o", folder / "long.wav", *also, *PLAIN)
    own, whole, new = read(folder / "riff.wav"), read(folder / "long.wav"), read(folder / "new.flac")
    assert len(whole) == len(new) == told["n_samples"] == len(own) + 4 * 32_000
    assert whole.shape[1] == 1
    begin = round(told["starts_s"] * 32_000)
    np.testing.assert_allclose(whole[:begin], own[:begin], atol=1e-4)
    assert told["joins"][0]["at_s"] == pytest.approx(14 * BEAT_S, abs=0.02)
    assert told["heard"]["tempo_bpm"] == pytest.approx(104.0, rel=0.02)
    stems = [read(Path(path)) for path in told["stems"]]
    assert len(stems) >= 3
    np.testing.assert_allclose(sum(stems), new, atol=1e-3)
    assert (folder / "notes.mid").read_bytes().startswith(b"MThd")


def test_what_was_played_along_with_is_named_by_its_content(folder: Path) -> None:
    works("continue", folder / "riff.wav", "--seconds", "1", "-o", folder / "named.flac", *PLAIN)
    carried = recipe_of(folder / "named.flac")
    assert isinstance(carried, Carried)
    with open_sound(str(folder / "riff.wav")) as sound:
        source = content_hash(Clip(sound.read(0, sound.n_samples), sound.sample_rate))
    assert carried.made.along == AlongMade(Along.CONTINUE, source, True, 1.0, 0.0, 0.0, -3.0)
    assert carried.recipe.asked.guide is not None
    assert carried.recipe.seed == 4


def test_the_same_seed_writes_the_same_file(folder: Path) -> None:
    for name in ("one.wav", "two.wav"):
        works("accompany", folder / "riff.wav", "--parts", "bass", "-o", folder / name, *PLAIN)
    assert (folder / "one.wav").read_bytes() == (folder / "two.wav").read_bytes()


def test_fill_takes_places_as_people_write_them(folder: Path) -> None:
    arguments = ("fill", folder / "riff.wav", "--from", "40%", "--to", "0:05,5", "-o", folder / "filled.wav", *PLAIN)
    (told,) = tells(*arguments)
    own, filled = read(folder / "riff.wav"), read(folder / "filled.wav")
    assert len(filled) == len(own)
    first, last = (one["at_s"] for one in told["joins"])
    assert first <= 0.4 * len(own) / 32_000
    assert last >= 5.5 - 0.01
    assert not np.allclose(
        filled[round(first * 32_000) : round(last * 32_000)], own[round(first * 32_000) : round(last * 32_000)]
    )


def test_several_files_make_a_batch_and_one_that_fails_is_told(folder: Path) -> None:
    (folder / "bad.wav").write_bytes(b"no sound")
    out = folder / "batch"
    fails("vary", folder / "bad.wav", folder / "riff.wav", "-o", out, *PLAIN, words=("bad.wav",), n_sentences=2)
    assert [path.name for path in out.iterdir()] == ["riff-vary.wav"]


def test_nothing_is_written_where_it_fails_or_over_what_is_there(folder: Path) -> None:
    before = sorted(folder.iterdir())
    fails("continue", folder / "riff.wav", "--seconds", "0.2", "-o", folder / "x.wav", words=("seconds to continue",))
    fails("fill", folder / "riff.wav", "--from", "1", "--to", "99", "-o", folder / "x.wav", words=("end of the gap",))
    fails("accompany", folder / "riff.wav", "--generator", "musicgpt", "-o", folder / "x.wav", words=("accompany",))
    fails("continue", folder / "riff.wav", "-o", folder / "riff.wav", words=("riff.wav",))
    fails(
        "vary",
        folder / "riff.wav",
        "-o",
        folder / "y.wav",
        "--new",
        folder / "riff.wav",
        "--force",
        words=("riff.wav",),
    )
    assert sorted(folder.iterdir()) == before


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    before = sorted(folder.iterdir())
    works("continue", folder / "riff.wav", "-o", folder / "dry.wav", "--dry-run")
    assert sorted(folder.iterdir()) == before
