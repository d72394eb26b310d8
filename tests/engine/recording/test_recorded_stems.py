# SPDX-License-Identifier: GPL-3.0-or-later
"""A recorded jam says all its loops; its stems are as long as it, from the same first sample, and say theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from mutagen.flac import FLAC

from engine.errors import CannotWrite, StudioError
from engine.library.carried import recipe_of
from engine.recording.machine import TapeMachine
from engine.recording.messages import Heard, MachineListener, Recorded
from engine.recording.recorded_stems import StemPlan, stems_folder
from engine.shared import SharedBlock
from engine.stem_tape import StemTape, stem_block
from engine.tape import TapeWriter, tape_block
from engine.values import FloatArray, Lead, MixKind, MixRecipe
from engine.values.jam import LayerName
from tests.engine.library.making import recipe
from tests.engine.recording.played import decoded, frames, steps
from tests.engine.recording.test_machine import wait_for

SAMPLE_RATE = 8_000
DRUMS, BASS, LEAD = LayerName.DRUMS, LayerName.BASS, LayerName.LEAD


class Stage:
    """A tape and a stem tape that are written as an audio process does, and the machine that records them."""

    def __init__(self, folder: Path) -> None:
        tape = tape_block(SAMPLE_RATE)
        self.memory: SharedBlock = stem_block(SAMPLE_RATE)
        self.writer, self.stems = TapeWriter(tape), StemTape(self.memory)
        self.heard: list[Heard] = []
        self.recorded: list[Recorded] = []
        self.errors: list[StudioError] = []
        listener = MachineListener(lambda _: None, self.heard.append, self.recorded.append, self.errors.append)
        self.machine = TapeMachine(tape, folder, listener, heard_frame=lambda: self.writer.n_written, kept_s=3.0)

    def play(self, n_frames: int, **layers: float) -> None:
        """Play layers at these gains, and wait until the machine has heard it."""
        at = self.writer.n_written
        mix: FloatArray = np.zeros((n_frames, 2), np.float32)
        for layer in LayerName:
            sound = part(layer, at, at + n_frames) * np.float32(layers.get(layer, 0.0))
            self.stems.write(layer.channel, at, sound)
            mix += sound
        self.writer.write(mix)
        wait_for(lambda: sum(one.n_frames for one in list(self.heard)) == at + n_frames)

    def end(self) -> None:
        n_recorded = len(self.recorded)
        self.machine.stop_recording()
        wait_for(lambda: len(self.recorded) > n_recorded)


def part(layer: LayerName, first: int, end: int) -> FloatArray:
    """Return what a layer plays in these frames of the tape."""
    shift = 100_000 * layer.channel
    return frames(first + shift, end + shift) * np.float32(0.2)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    one = Stage(tmp_path / "cache")
    one.machine.start()
    yield one
    one.machine.stop()


def test_each_layer_that_sounds_has_a_file_beside_the_mix(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "my jam.flac"
    made = [recipe(f"loop {number}") for number in range(3)]
    stage.machine.note_lead(0, made[0], DRUMS)
    stage.play(500, drums=1.0, lead=0.5)
    stage.machine.record(str(path), None, StemPlan(stage.memory, stems_folder(str(path))))
    stage.play(8_192, drums=1.0)
    stage.machine.note_lead(500 + 8_192, made[1], BASS)
    stage.play(70_000, drums=0.5, bass=1.0)
    stage.machine.note_rest(BASS)
    stage.play(4_321)
    stage.end()
    n_frames = 8_192 + 70_000 + 4_321
    folder = tmp_path / "my jam stems"
    assert sorted(one.name for one in folder.iterdir()) == ["bass.flac", "drums.flac"]
    drums, bass, mix = (decoded(one) for one in (folder / "drums.flac", folder / "bass.flac", path))
    assert len(drums) == len(bass) == len(mix) == n_frames
    assert np.array_equal(drums[:8_192], steps(part(DRUMS, 500, 8_692)))
    assert not bass[:8_192].any()
    assert np.array_equal(bass[8_192:78_192], steps(part(BASS, 8_692, 78_692)))
    assert np.abs(drums + bass - mix).max() <= 2, "to the last bit but for rounding"
    said = recipe_of(folder / "bass.flac")
    assert said == MixRecipe(MixKind.JAM, SAMPLE_RATE, n_frames, (Lead(8_192, made[1], "bass", 78_192),))
    said = recipe_of(folder / "drums.flac")
    assert isinstance(said, MixRecipe)
    assert said.leads == (Lead(0, made[0], "drums"),)
    assert stage.errors == []


def test_the_next_recording_has_none_unless_it_is_planned(stage: Stage, tmp_path: Path) -> None:
    for number, plan in enumerate((StemPlan(stage.memory, tmp_path / "stems"), None)):
        stage.machine.record(str(tmp_path / f"{number}.flac"), None, plan)
        stage.play(5_000, drums=1.0, lead=float(number))
        stage.end()
    assert [one.name for one in (tmp_path / "stems").iterdir()] == ["drums.flac"]
    assert len(decoded(tmp_path / "stems" / "drums.flac")) == 5_000


def test_a_stem_that_cannot_be_written_is_told_once_and_the_rest_goes_on(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "jam.flac"
    (tmp_path / "in the way").write_text("no folder")
    stage.machine.record(str(path), None, StemPlan(stage.memory, tmp_path / "in the way"))
    for _ in range(3):
        stage.play(5_000, drums=1.0)
    stage.end()
    assert [type(one) for one in stage.errors] == [CannotWrite]
    assert len(decoded(path)) == 15_000


def test_a_recorded_jam_says_all_its_loops_and_marks_where_they_begin(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "jam.flac"
    made = [recipe(f"loop {number}") for number in range(4)]
    machine = stage.machine
    stage.play(1000)
    machine.note_lead(1000, made[0])
    machine.note_lead(1000, made[1], "drums")
    machine.note_lead(1000, made[2], "bass")
    stage.play(SAMPLE_RATE)
    machine.note_rest()
    machine.record(str(path))
    stage.play(SAMPLE_RATE)
    swapped = stage.writer.n_written
    machine.note_lead(swapped, made[3], "bass")
    machine.note_lead(swapped, made[2], "drums")
    # Longer than anything is kept.
    for _ in range(6):
        stage.play(SAMPLE_RATE)
    machine.note_rest("bass")
    stage.play(SAMPLE_RATE)
    machine.stop_recording()
    wait_for(lambda: bool(stage.recorded))
    said = recipe_of(path)
    assert isinstance(said, MixRecipe)
    assert said.kind is MixKind.JAM
    assert said.leads == (
        Lead(0, made[1], "drums"),
        Lead(0, made[2], "bass"),
        Lead(SAMPLE_RATE, made[3], "bass", 7 * SAMPLE_RATE),
        Lead(SAMPLE_RATE, made[2], "drums"),
    )
    file = FLAC(path)
    assert {name: file[name] for name in file if name.startswith("chapter")} == {
        "chapter001": ["00:00:00.000"],
        "chapter001name": [f"drums: {made[1].title} + bass: {made[2].title}"],
        "chapter002": ["00:00:01.000"],
        "chapter002name": [f"bass: {made[3].title} + drums: {made[2].title}"],
    }
