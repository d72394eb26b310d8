# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam that was kept is the same when it is opened again, wherever its folder lies; what is none is refused."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import CannotRead, CannotWrite, NotAJam, StudioError, UnknownChoice
from engine.library.carried import Carried, recipe_of
from engine.library.jam_folder import PROJECT, read_project, write_project
from engine.session.jam.keeping import open_project, project_of
from engine.values import ChannelParameter, Curve, Effects
from engine.values.held import Gate
from engine.values.jam import LayerName, LayerPrompt, SwapAt, Wah
from engine.values.jam_project import JamProject
from engine.values.jam_recording import JamTake
from tests.engine.library.making import files_limited_to
from tests.engine.session.jam.jamming import Stage

DRUMS, PIANO = LayerName.DRUMS, LayerName.INSTRUMENTS


MIX = {"gain": 1.0, "muted": False, "solo": False, "effects": {}}
"""A mix of a project, as its file has it, at its shortest."""
LAYER = {
    "prompt": "bells",
    "generator": "",
    "model": "",
    "mix": MIX,
    "slots": {},
}
"""A layer of a project, as its file has it, at its shortest."""


@pytest.fixture(scope="module")
def kept() -> JamProject:
    """Return a project with two loops, one of them in a slot twice, and a mix."""
    jam = Stage().jam
    jam.set_bars(1)
    jam.set_tempo(96.5)
    jam.set_key("A minor")
    jam.set_swap(SwapAt.BEAT, 25.0)
    jam.set_prompt(PIANO, LayerPrompt("dusty Rhodes", "composer", "", 7))
    jam.make(DRUMS)
    jam.make(PIANO)
    jam.slots.assign(PIANO, 2)
    jam.slots.assign(PIANO, 9)
    jam.sources.set_style(PIANO, 0.65)
    jam.sources.set_values(PIANO, {"density": "0.5", "energy": "-0.25"})
    jam.mix.set_gain(PIANO, 0.5)
    jam.mix.set_mute(DRUMS, is_muted=True)
    jam.mix.set_wah(DRUMS, Wah(0.7, Fraction(1, 2)))
    jam.mix.set_gain(None, 0.8)
    jam.mix.set_automation(PIANO, ChannelParameter.LOWPASS_HZ, Curve((500.0, 8000.0), Fraction(4)))
    jam.mix.set_automation(None, ChannelParameter.GAIN, Curve((0.25, 1.0, 0.5)))
    jam.mix.set_gate(None, Gate((1.0, 0.0, 0.0, 0.5) * 4, Fraction(2)))
    jam.mix.set_effects(PIANO, Effects(lowpass_hz=900.0, reverb=0.25))
    return project_of(jam)


def test_it_is_the_same_when_it_is_opened_elsewhere(kept: JamProject, tmp_path: Path) -> None:
    write_project(tmp_path / "set", kept)
    write_project(tmp_path / "set", kept)  # nothing changes
    assert len(list((tmp_path / "set" / "loops").iterdir())) == 2
    shutil.move(tmp_path / "set", tmp_path / "elsewhere")
    stage = Stage()
    open_project(stage.jam, read_project(tmp_path / "elsewhere"))
    again = project_of(stage.jam)
    assert (again.groove, again.bars, again.swap_at, again.fade_ms) == (kept.groove, 1, SwapAt.BEAT, 25.0)
    assert again.mix == kept.mix
    for name, layer in kept.layers.items():
        mine = again.layers[name]
        assert (mine.prompt, mine.mix, set(mine.slots)) == (layer.prompt, layer.mix, set(layer.slots))
        assert (mine.style, mine.values) == (layer.style, layer.values)
        assert (mine.playing is None) == (layer.playing is None)
        if mine.playing is not None and layer.playing is not None:
            np.testing.assert_array_equal(mine.playing.clip.samples, layer.playing.clip.samples)
            assert mine.playing.recipe == layer.playing.recipe
    stage.jam.start()
    assert stage.play(3.0).any()


def test_a_project_from_before_styles_and_values_is_read(kept: JamProject, tmp_path: Path) -> None:
    write_project(tmp_path, kept)
    path = tmp_path / PROJECT
    data = json.loads(path.read_text())
    for layer in data["layers"].values():
        del layer["style"], layer["values"]
    path.write_text(json.dumps(data))
    assert {(one.style, len(one.values)) for one in read_project(tmp_path).layers.values()} == {(None, 0)}


def test_its_loops_say_how_they_were_made_and_those_not_needed_go(kept: JamProject, tmp_path: Path) -> None:
    write_project(tmp_path, kept)
    files = sorted((tmp_path / "loops").iterdir())
    carried = [recipe_of(one) for one in files]
    assert all(isinstance(one, Carried) for one in carried)
    empty = Stage().jam
    write_project(tmp_path, project_of(empty))
    assert not list((tmp_path / "loops").iterdir())


def test_what_cannot_be_written_leaves_nothing_where_there_was_no_project(kept: JamProject, tmp_path: Path) -> None:
    folder = tmp_path / "sets" / "mine"
    with files_limited_to(4_000), pytest.raises(CannotWrite):
        write_project(folder, kept)
    assert not list(tmp_path.iterdir())
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "notes.txt").touch()
    # All its loops fit, and what names them does not.
    layer = kept.layers[DRUMS]
    short = replace(kept, layers={DRUMS: replace(layer, prompt=LayerPrompt("a" * 10**6))})
    with files_limited_to(900_000), pytest.raises(CannotWrite):
        write_project(folder, short)
    assert [one.name for one in tmp_path.rglob("*")] == ["sets", "notes.txt"]
    write_project(folder, kept)
    with files_limited_to(900_000), pytest.raises(CannotWrite):
        write_project(folder, short)
    assert read_project(folder).layers[DRUMS].prompt == layer.prompt


def test_loops_of_a_person_s_own_stay_where_a_project_is_kept_beside_them(kept: JamProject, tmp_path: Path) -> None:
    (tmp_path / "loops").mkdir()
    (tmp_path / "loops" / "my best take.wav").write_bytes(b"hours of work")
    write_project(tmp_path, kept)
    write_project(tmp_path, project_of(Stage().jam))
    assert [one.name for one in (tmp_path / "loops").iterdir()] == ["my best take.wav"]


def test_the_shortest_layer_is_read(kept: JamProject, tmp_path: Path) -> None:
    write_project(tmp_path, kept)
    path = tmp_path / PROJECT
    path.write_text(json.dumps({**json.loads(path.read_text()), "layers": {"lead": LAYER}}))
    assert read_project(tmp_path).layers[LayerName.LEAD].prompt.prompt == "bells"


@pytest.mark.parametrize(
    "wrong",
    [
        {"bpm": 20.0},
        {"bpm": "fast"},
        {"metre": "x"},
        {"swap": "never"},
        {"format": 99},
        {"fade_ms": 1e9},
        {"layers": []},
        {"mix": {**MIX, "effects": {"reverb": 20_000.0}}},
        {"mix": {**MIX, "effects": {"lowpass_hz": 0.0}}},
        {"mix": {**MIX, "effects": {"delay_beats": "1e999999999"}}},
        {"mix": {**MIX, "effects": {"delay_beats": "1/0"}}},
        {"mix": {**MIX, "curves": {"delay_feedback": {"bars": "1", "values": [1.0]}}}},
        {"layers": {"drums": {}}},
        {"layers": {"lead": {**LAYER, "prompt": " "}}},
        {"takes": [{"file": "a.flac", "n_samples": 1, "bars": [[0, 0.0, 1e308]]}]},
        {"takes": [{"file": "a.flac", "n_samples": 1, "bars": [[0, 0.0, math.inf]]}]},
        {"takes": [{"file": "a.flac", "n_samples": 1, "bars": [[0, 1e308, 9000.0]]}]},
        {"takes": [{"file": "a.flac", "n_samples": 1, "bars": [[0, 10**400, 9000.0]]}]},
        {"takes": [{"file": "a.flac", "n_samples": 2**60, "bars": [[0, 0.0, 9000.0]]}]},
        {"takes": [{"file": "/home/me/diary.txt", "n_samples": 1, "bars": []}]},
        {"layers": {"lead": {**LAYER, "style": 2.0}}},
        {"layers": {"lead": {**LAYER, "values": {"energy": 1}}}},
        {"layers": {"lead": {**LAYER, "values": {str(n): "1" for n in range(1000)}}}},
    ],
)
def test_what_no_jam_has_is_refused(kept: JamProject, tmp_path: Path, wrong: dict[str, object]) -> None:
    write_project(tmp_path, kept)
    path = tmp_path / PROJECT
    path.write_text(json.dumps({**json.loads(path.read_text()), **wrong}))
    with pytest.raises(NotAJam, match=r"is not a jam: .*jam\.json"):
        read_project(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "null", "[" * 100_000, '{"format": NaN}'])
def test_what_is_no_project_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / PROJECT).write_text(text)
    with pytest.raises(NotAJam):
        read_project(tmp_path)


def test_a_loop_from_outside_the_folder_is_not_read(kept: JamProject, tmp_path: Path) -> None:
    write_project(tmp_path / "set", kept)
    path = tmp_path / "set" / PROJECT
    data = json.loads(path.read_text())
    shutil.copy(tmp_path / "set" / data["layers"]["drums"]["playing"]["file"], tmp_path / "outside.wav")
    data["layers"]["drums"]["playing"]["file"] = "../outside.wav"
    path.write_text(json.dumps(data))
    with pytest.raises(NotAJam, match="outside"):
        read_project(tmp_path / "set")


@pytest.mark.parametrize("what", ["pipe", "folder", "link to itself", "silence"])
def test_a_loop_that_is_no_sound_of_a_jam_is_one_that_is_lost(kept: JamProject, tmp_path: Path, what: str) -> None:
    write_project(tmp_path, kept)
    path = tmp_path / PROJECT
    data = json.loads(path.read_text())
    loop = tmp_path / "loops" / "odd.flac"
    data["layers"]["drums"]["playing"]["file"] = "loops/odd.flac"
    path.write_text(json.dumps(data))
    if what == "silence":
        # A few bytes a minute.
        with soundfile.SoundFile(loop, "w", 44_100, 1) as out:
            for _ in range(65):
                out.write(np.zeros(2**20, np.int16))
    else:
        {"pipe": os.mkfifo, "folder": os.mkdir, "link to itself": lambda one: one.symlink_to(one.name)}[what](loop)
    lost: list[StudioError] = []
    project = read_project(tmp_path, lost)
    assert project.layers[DRUMS].playing is None
    assert project.layers[PIANO].playing is not None
    (error,) = lost
    assert isinstance(error, CannotRead)
    assert str(loop) in str(error)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_a_project_that_is_no_file_is_not_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / PROJECT)
    with pytest.raises(CannotRead, match=r"jam\.json"):
        read_project(tmp_path)


def test_a_recording_whose_name_is_no_text_is_kept(kept: JamProject, tmp_path: Path) -> None:
    take = JamTake(os.fsdecode(b"/music/caf\xe9/jam.flac"))
    write_project(tmp_path, replace(kept, takes=(take,)))
    assert read_project(tmp_path).takes == (take,)


def test_a_loop_that_is_gone_is_named_and_a_folder_that_is_none_too(kept: JamProject, tmp_path: Path) -> None:
    write_project(tmp_path / "set", kept)
    for one in (tmp_path / "set" / "loops").iterdir():
        one.unlink()
    with pytest.raises(StudioError, match="loops"):
        read_project(tmp_path / "set")
    with pytest.raises(NotAJam, match=r"it has no jam\.json"):
        read_project(tmp_path / "nothing")
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite):
        write_project(tmp_path / "file", kept)


def test_where_its_model_is_not_installed_its_loops_play_and_follow_the_tempo(kept: JamProject, tmp_path: Path) -> None:
    gone = LayerPrompt("dusty Rhodes", "bellfoundry", "large")
    layers = {
        name: replace(
            layer,
            prompt=gone,
            playing=None
            if layer.playing is None
            else replace(layer.playing, recipe=replace(layer.playing.recipe, generator="bellfoundry", model="large")),
        )
        for name, layer in kept.layers.items()
    }
    write_project(tmp_path, replace(kept, layers=layers))
    stage = Stage()
    jam = stage.jam
    open_project(jam, read_project(tmp_path))
    jam.start()
    stage.play(1.0)
    jam.set_tempo(110.0)
    stage.play(4.0)
    assert {one.playing.groove.bpm for one in jam.state().layers if one.playing is not None} == {110.0}
    with pytest.raises(UnknownChoice, match="bellfoundry"):
        jam.make(PIANO)
    jam.set_metre("3/4")
    assert any("bellfoundry" in str(one) for one in stage.studio.failed)
    assert stage.play(3.0).any(), "what cannot be made again goes on as it is"
    assert jam.layers[PIANO].prompt == gone
