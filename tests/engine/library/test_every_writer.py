# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file that the window writes carries its recipe, and no place in the code writes music without one."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import app
import engine
from engine.dsp.seam import bake
from engine.errors import NotAudio
from engine.library.carried import CLIP, AnyCarried, Carried, recipe_of
from engine.library.metadata import Metadata, kept_metadata
from engine.library.midifile import write_midi
from engine.library.starters import load_starters
from engine.library.takes import TakeLibrary
from engine.library.texts import Picture
from engine.values import Clip, LoopRegion, PlayedNote, PlayedPart, PlayedScore, Recipe, SaveKind, SavePlan
from engine.worker import drag_jobs, save_jobs
from engine.worker.jobs import run
from engine.worker.score_saving import ScoreWritten, WriteScoreJob
from tests.engine.loops.material import groove
from tests.widgets.recipes import a_recipe

RATE = 22_050
STARTERS = Path(app.__file__).parents[1] / "resources" / "starters"

WRITERS = {
    "writing_audio",
    "write_clip",
    "write_loop",
    "write_stem",
    "write_stems",
    "write_midi",
    "write_files",
    "FlacRecorder",
    "OpusRecorder",
    "writing_opus",
    "SoundFile",
}
"""Names by which files of music are written."""
KNOWN = {
    ("app/commands/export.py", "writing_audio"),
    ("app/commands/extend.py", "writing_audio"),
    ("app/commands/along_outputs.py", "write_midi"),
    ("app/commands/along_outputs.py", "write_stem"),
    ("app/commands/along_outputs.py", "writing_audio"),
    ("app/commands/band.py", "writing_audio"),
    ("app/commands/batch.py", "writing_audio"),
    ("app/controllers/play_along.py", "writing_audio"),
    ("app/commands/generate.py", "writing_audio"),
    ("app/commands/jam.py", "writing_audio"),
    ("app/commands/jam.py", "writing_opus"),
    ("app/commands/jam_stems.py", "writing_audio"),
    ("app/commands/packs.py", "write_files"),
    ("app/commands/recipe.py", "write_files"),
    ("app/commands/recipe.py", "writing_audio"),
    ("app/commands/scores.py", "write_midi"),
    ("app/commands/scores.py", "write_stem"),
    ("app/commands/split.py", "writing_audio"),
    ("engine/interface/functions.py", "writing_audio"),
    ("engine/fragments/archive.py", "writing_audio"),
    ("engine/fragments/folder.py", "writing_audio"),
    ("engine/library/jam_folder.py", "writing_audio"),
    ("engine/library/takes.py", "write_clip"),
    ("engine/make_starters.py", "write_clip"),
    ("engine/recording/cut.py", "writing_audio"),
    ("engine/recording/cut.py", "writing_opus"),
    ("engine/recording/keep.py", "writing_audio"),
    ("engine/recording/open_recording.py", "FlacRecorder"),
    ("engine/recording/open_recording.py", "OpusRecorder"),
    ("engine/recording/recorded_stems.py", "FlacRecorder"),
    ("engine/session/file_rendering.py", "writing_audio"),
    ("engine/worker/drag_jobs.py", "write_files"),
    ("engine/worker/save_jobs.py", "write_files"),
    ("engine/worker/score_saving.py", "write_midi"),
    ("engine/worker/score_saving.py", "write_stems"),
}
"""These places write files of music.

What each of them writes is read again here, in the commands' ``test_every_file`` or in the recordings' tests. Whoever
adds one gives its files a recipe, and reads it in a test.
"""
PARTS_OF_WRITING = {
    ("engine/generators/delivered.py", "SoundFile"),
    ("engine/generators/remote/received.py", "SoundFile"),
    ("engine/generators/wire/sounds.py", "SoundFile"),
    ("engine/library/audiofile.py", "SoundFile"),
    ("engine/library/audiofile.py", "writing_audio"),
    ("engine/library/stems.py", "write_stem"),
    ("engine/library/stems.py", "writing_audio"),
    ("engine/playback/file/saving.py", "writing_audio"),
    ("engine/recording/opus_pages.py", "SoundFile"),
    ("engine/serving/recordings.py", "SoundFile"),
    ("engine/recording/recorder.py", "SoundFile"),
}
"""Places by which those write, that only read, or that talk with another machine."""


def calls_in(path: Path) -> set[str]:
    found: set[str] = set()
    text = path.read_text(encoding="utf-8")
    if not any(f"{name}(" in text for name in WRITERS):
        return found
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found.add(name)
    return found & WRITERS


def test_every_place_that_writes_music_is_known() -> None:
    root = Path(engine.__file__).parents[1]
    paths = [path for room in ("app", "engine") for path in (root / room).rglob("*.py")]
    found = {(str(path.relative_to(root)), name) for path in paths for name in calls_in(path)}
    assert found == KNOWN | PARTS_OF_WRITING


@pytest.fixture(scope="module")
def clip() -> Clip:
    return groove(RATE, 120.0, n_bars=4)


@pytest.fixture
def recipe(clip: Clip) -> Recipe:
    loop = replace(a_recipe().loop, region=LoopRegion(RATE, 3 * RATE))
    return a_recipe(loop=loop, facts=replace(a_recipe().facts, tempo_bpm=120.0))


def of(path: str | Path) -> AnyCarried | None:
    return recipe_of(path)


OWN = Metadata({"ALBUM": ("Mine",), "TITLE": ("My title",)}, (Picture(b"\x89PNG", "image/png"),))


@pytest.mark.parametrize(
    ("plan", "n_files"),
    [
        (SavePlan(), 1),
        (SavePlan(ending=".flac"), 1),
        (SavePlan(SaveKind.TURNS, turns=2, fade_s=0.5, ending=".ogg"), 1),
        (SavePlan(SaveKind.SPLIT), 3),
        (SavePlan(SaveKind.GAME), 2),
        (SavePlan(SaveKind.DAW), 3),
        (SavePlan(SaveKind.VIDEO, length_s=6.0), 1),
    ],
)
def test_salva(tmp_path: Path, clip: Clip, recipe: Recipe, plan: SavePlan, n_files: int) -> None:
    job = save_jobs.SaveJob(1, str(tmp_path), "x", plan, clip, recipe.loop.region, 50.0, 1.0, recipe, own=OWN)
    done = run(job)
    while isinstance(done, save_jobs.Saving):
        done = run(save_jobs.GoOnJob(2, done.token))
    assert isinstance(done, save_jobs.FilesSaved)
    assert len(done.files) == n_files
    for one in done.files:
        carried = of(one.path)
        assert isinstance(carried, Carried)
        assert carried.recipe == recipe
        assert carried.made.plan is not None
        assert carried.made.plan.kind is plan.kind
        kept = kept_metadata(one.path)
        assert (kept.texts["ALBUM"], kept.texts["TITLE"]) == (("Mine",), ("My title",)), "a brought sound's own tags"
        assert [picture.data for picture in kept.pictures] == [b"\x89PNG"]


def test_notes_and_parts_beside_it(tmp_path: Path, clip: Clip, recipe: Recipe) -> None:
    half = replace(clip, samples=clip.samples * np.float32(0.5))
    note = PlayedNote(0, RATE, 60, 90)
    score = PlayedScore(clip.n_samples, RATE, 4, (4, 4), "A minor", (), (PlayedPart("bass", 32, (note,)),), ())
    loop = bake(clip, recipe.loop.region, overlap_ms=50.0)
    done = run(
        WriteScoreJob(
            1,
            str(tmp_path / "x.wav"),
            "x",
            loop,
            clip,
            recipe.loop.region,
            50.0,
            1.0,
            made=clip,
            score=score,
            stems={"one": half, "other": half},
            recipe=recipe,
        )
    )
    assert isinstance(done, ScoreWritten)
    parts = {path.stem: of(path) for path in Path(done.stems_folder).iterdir()}
    assert {name: one.made.part for name, one in parts.items() if isinstance(one, Carried)} == {
        "one": "one",
        "other": "other",
    }
    notes = of(done.midi_path)
    assert isinstance(notes, Carried)
    assert notes.recipe == recipe


def test_what_is_dragged_out_and_takes(tmp_path: Path, clip: Clip, recipe: Recipe) -> None:
    with TakeLibrary(tmp_path / "library", make=True) as library:
        brought = replace(recipe, generator="file", made_from=recipe)
        take = library.add(clip, brought, OWN)
    Path(take.audio_path).with_suffix(".json").rename(tmp_path / "aside.json")
    assert of(take.audio_path) == Carried(brought, CLIP), "the sound alone says it too"
    loop = drag_jobs.LoopToDrag(clip, recipe.loop.region, 50.0, 1.0, brought, take.audio_path)
    path = drag_jobs.written(tmp_path / "dragged", loop)
    carried = of(path)
    assert isinstance(carried, Carried)
    assert carried.recipe == brought
    assert kept_metadata(path).texts["ALBUM"] == ("Mine",)


def test_the_starters_that_ship() -> None:
    recipes = [of(path) for path in sorted(STARTERS.glob("*.flac"))]
    assert recipes == [Carried(one.recipe, CLIP) for one in load_starters(STARTERS)]


def test_midi_that_is_none_and_midi_without_a_recipe(tmp_path: Path) -> None:
    score = PlayedScore(RATE, RATE, 1, (4, 4), None, (), (), ())
    write_midi(tmp_path / "plain.mid", score)
    assert of(tmp_path / "plain.mid") is None
    for content in (b"", b"MThd", b"RIFF" * 20, (tmp_path / "plain.mid").read_bytes()[:-9], bytes(1 << 23)):
        (tmp_path / "odd.mid").write_bytes(content)
        with pytest.raises(NotAudio):
            of(tmp_path / "odd.mid")
