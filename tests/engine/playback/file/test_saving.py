# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a plan are as long as was said before, repeat as their tags say, and are proved from what is decoded."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.dsp.seam import Seam, bake
from engine.errors import NothingRepeats, UnknownFormat
from engine.library.audiofile import read_clip, write_clip
from engine.library.looptags import read_loop_tags
from engine.library.metadata import Metadata
from engine.loops.written import prove_written
from engine.playback.file.extent import Cut
from engine.playback.file.saving import FULL, Saved, as_written, described_name, shapes_of, write_files
from engine.playback.mix.limiter import limited_loop
from engine.values import Clip, FileShape, Jump, LoopRegion, MusicFacts, SaveKind, SavePlan
from tests.engine.playback.material import noise

RATE = 22_050
BEAT = RATE // 2


def music() -> Clip:
    """Return 12 s of noise with a beat every half second, which differs from bar to bar."""
    samples = noise(24 * BEAT, level=0.1)
    for at in range(0, len(samples), BEAT):
        samples[at : at + 2_000] += (
            np.float32(0.5) * noise(2_000, level=0.5) * np.linspace(1, 0, 2_000, dtype=np.float32)[:, None]
        )
    return Clip(samples, RATE)


@pytest.fixture(scope="module")
def seams() -> tuple[Seam, Seam]:
    """Return a seam whose crossfade lies at its loop's end, and one with it at the loop's start."""
    clip = music()
    return (
        Seam(clip, LoopRegion(8 * BEAT, 16 * BEAT), overlap_ms=100.0),
        Seam(clip, LoopRegion(2 * BEAT, 10 * BEAT), overlap_ms=100.0),
    )


def written(
    plan: SavePlan, seam: Seam, folder: Path, gain: float = 1.0, *, is_limited: bool = False
) -> list[tuple[Path, FileShape]]:
    shapes = shapes_of(plan, "Rain", Cut.of(seam))
    paths = [folder / one.name for one in shapes]
    fractions = list(writing(plan, Saved(seam, gain, is_limited), shapes, paths))
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    return list(zip(paths, shapes, strict=True))


def writing(
    plan: SavePlan, saved: Saved, shapes: tuple[FileShape, ...], paths: list[Path]
) -> Generator[float, None, Any]:
    return write_files(plan, saved, shapes, paths, lambda _: Metadata())


@pytest.mark.parametrize(
    "plan",
    [
        SavePlan(),
        SavePlan(ending=".flac", sample_rate=48_000),
        SavePlan(ending=".ogg"),
        SavePlan(SaveKind.TURNS, turns=3),
        SavePlan(SaveKind.TURNS, turns=2, fade_s=1.5, ending=".flac"),
        SavePlan(SaveKind.LENGTH, length_s=30.25),
        SavePlan(SaveKind.SPLIT),
        SavePlan(SaveKind.GAME),
        SavePlan(SaveKind.DAW),
        SavePlan(SaveKind.VIDEO, length_s=60.0),
    ],
    ids=lambda plan: f"{plan.kind}{plan.ending}",
)
def test_every_file_is_as_was_said_and_its_seam_is_proved(
    plan: SavePlan, seams: tuple[Seam, Seam], tmp_path: Path
) -> None:
    for number, seam in enumerate(seams):
        folder = tmp_path / str(number)
        folder.mkdir()
        saved = as_written(plan, Saved(seam, 0.8))
        for path, shape in written(plan, seam, folder, 0.8):
            one = prove_written(path, shape, seam, MusicFacts(120.0), gain=saved.gain)
            assert one.is_right
            assert one.jumps == ()
            if not path.stem.endswith(("intro", "outro")):
                assert one.proof is not None
                assert one.proof.quieter_than > 0.9
            assert read_loop_tags(path) == (() if shape.tagged is None else (shape.tagged,))


def test_a_loop_is_what_plays_and_pieces_follow_each_other(seams: tuple[Seam, Seam], tmp_path: Path) -> None:
    step = 2.0**-23
    for number, seam in enumerate(seams):
        folder = tmp_path / str(number)
        folder.mkdir()
        ((path, _),) = written(SavePlan(), seam, folder, 2.5, is_limited=True)
        baked = bake(seam.sound, seam.region, overlap_ms=100.0, gain=2.5)
        assert np.abs(read_clip(path).samples - limited_loop(baked.samples, RATE)).max() <= step
        intro, loop, outro = (read_clip(one).samples for one, _ in written(SavePlan(SaveKind.SPLIT), seam, folder))
        ((turns, _),) = written(SavePlan(SaveKind.TURNS, turns=3, ending=".flac"), seam, folder)
        together = np.concatenate([intro, loop, loop, loop, outro])
        apart = np.abs(read_clip(turns).samples - together).max(axis=1)
        # Turns begin and end with the sound itself, pieces with the crossfade of the loop.
        assert (apart[: len(intro) - BEAT] <= step).all()
        middle = slice(len(intro) + len(loop), len(intro) + 2 * len(loop))
        assert (apart[middle] <= step).all()


def test_a_video_ends_in_silence_and_what_is_too_loud_is_turned_down(seams: tuple[Seam, Seam], tmp_path: Path) -> None:
    ((path, shape),) = written(SavePlan(SaveKind.VIDEO, length_s=20.0), seams[0], tmp_path, 10.0)
    samples = read_clip(path).samples
    assert len(samples) == shape.n_samples == 20 * RATE
    assert 0.9 < np.abs(samples).max() <= FULL
    assert np.abs(samples[-20:]).max() < 1e-4


def test_a_click_and_a_wrong_tag_are_found(seams: tuple[Seam, Seam], tmp_path: Path) -> None:
    sine = np.sin(np.arange(8 * RATE) * 2.0 * np.pi * 110.3 / RATE).astype(np.float32)[:, None] * np.float32(0.5)
    seam = Seam(Clip(np.repeat(sine, 2, axis=1), RATE), LoopRegion(RATE, 4 * RATE + 77), overlap_ms=0.0)
    ((path, shape),) = written(SavePlan(), seam, tmp_path)
    assert Jump.CLICK in prove_written(path, shape, seam, MusicFacts()).jumps
    write_clip(path, Clip(read_clip(path).samples[:-5], RATE))
    one = prove_written(path, shape, seam, MusicFacts())
    assert (one.is_right, one.are_tags_right, shape.n_samples - one.n_samples) == (False, False, 5)


def test_a_writing_that_is_stopped_leaves_nothing(seams: tuple[Seam, Seam], tmp_path: Path) -> None:
    plan = SavePlan(SaveKind.GAME)
    shapes = shapes_of(plan, "Rain", Cut.of(seams[0]))
    steps = writing(plan, Saved(seams[0]), shapes, [tmp_path / one.name for one in shapes])
    next(steps)
    steps.close()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UnknownFormat):
        list(writing(SavePlan(), Saved(seams[0]), shapes[:1], [tmp_path / "loop.mp3"]))


def test_lengths_within_the_first_turn_are_refused_and_names_say_what_is_known(seams: tuple[Seam, Seam]) -> None:
    with pytest.raises(NothingRepeats, match="“0:05”"):
        shapes_of(SavePlan(SaveKind.LENGTH, length_s=5.0), "Rain", Cut.of(seams[0]))
    assert described_name("Città “è”/Velvet", 84.97, "F# minor", 1) == "Città èVelvet - 85 bpm - F# minor - 1 bar"
    assert described_name("", None, None, None) == "loop"
    assert (
        described_name("../a", 85.0, "../../A minor\ud800" + "x" * 99, 2)
        == "a - 85 bpm - A minorxxxxxxxxxxxxx - 2 bars"
    )
    long = shapes_of(SavePlan(), "é" * 300, Cut.of(seams[0]))[0].name
    assert len(long.encode()) <= 255
    assert long.endswith(".wav")
