# SPDX-License-Identifier: GPL-3.0-or-later
"""“infiniloop jam” plays a jam by a script into a file that says what is heard in it, and keeps the jam."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.main import main
from engine.library.carried import recipe_of
from engine.values import MixKind, MixRecipe

SCRIPT = "0 tempo 180\n0 bars 1\n0 make drums house drums\n0 make bass sub bass\n2 mute drums\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a jam that was rendered and kept."""
    folder = tmp_path_factory.mktemp("jam")
    (folder / "script.txt").write_text(SCRIPT, encoding="utf-8")
    arguments = ["--script", str(folder / "script.txt"), "--seed", "3", "--bars", "4", "--save", str(folder / "set")]
    arguments += ["--stems", str(folder / "stems")]
    assert main(["jam", "--render", str(folder / "out.wav"), *arguments]) == 0
    return folder


def test_it_is_as_long_as_its_bars_and_says_what_is_heard(folder: Path) -> None:
    samples, rate = soundfile.read(folder / "out.wav")
    assert len(samples) == round(4 * 240 / 180 * rate)
    bar = len(samples) // 4
    assert np.abs(samples[:bar]).max() > 0.1
    mix = recipe_of(folder / "out.wav")
    assert isinstance(mix, MixRecipe)
    leads = [(lead.frame, lead.layer, lead.recipe.seed) for lead in mix.leads]
    assert (mix.kind, leads) == (MixKind.JAM, [(0, "drums", 3), (0, "bass", 4)])


def test_each_layer_has_a_stem_and_their_sum_is_the_mix(folder: Path) -> None:
    mix, _ = soundfile.read(folder / "out.wav")
    stems = {path.stem: soundfile.read(path)[0] for path in (folder / "stems").iterdir()}
    assert sorted(stems) == ["bass", "drums"]
    assert all(len(one) == len(mix) for one in stems.values())
    quiet = np.abs(mix) < 0.5  # where the limiter has nothing to do
    assert quiet.mean() > 0.5
    whole = stems["bass"] + stems["drums"]
    assert np.corrcoef(whole[quiet], mix[quiet])[0, 1] > 0.99
    for name, stem in stems.items():
        said = recipe_of(folder / "stems" / f"{name}.wav")
        assert isinstance(said, MixRecipe)
        assert [lead.layer for lead in said.leads] == [name], stem
    assert not stems["drums"][len(mix) * 3 // 4 :].any(), "muted at bar 2"
    assert np.abs(stems["bass"][len(mix) * 3 // 4 :]).max() > 0.01


def test_the_same_seed_gives_the_same_file_and_the_kept_jam_the_same_music(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(folder / "again.wav")
    assert main(["jam", str(folder / "set"), "--render", out, "--bars", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["at"], one["layer"], one["bars"]) for one in told["loops"]] == [(0, "drums", 1), (0, "bass", 1)]
    first, rate = soundfile.read(folder / "out.wav")
    again, _ = soundfile.read(out)
    assert main(["jam", str(folder / "set"), "--render", str(folder / "small.opus"), "--bars", "2"]) == 0
    small = soundfile.info(folder / "small.opus")
    assert (small.subtype, small.frames) == ("OPUS", round(len(again) * 48_000 / rate))
    mix = recipe_of(folder / "small.opus")
    assert isinstance(mix, MixRecipe)
    assert (mix.sample_rate, mix.n_samples, len(mix.leads)) == (small.samplerate, small.frames, 2)
    assert told["n_samples"] == len(again)
    n = round(rate * 240 / 180)
    # The kept jam has the drums muted; the bass is the same.
    assert np.sqrt(np.mean(again[: 2 * n - rate // 2] ** 2)) < np.sqrt(np.mean(first[: 2 * n - rate // 2] ** 2))


def test_another_jam_is_replaced_only_by_force(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = folder / "set" / "jam.json"
    before = project.read_bytes()
    (tmp_path / "empty.txt").write_text("0 tempo 100\n")
    words = ["jam", "--render", str(tmp_path / "out.wav"), "--script", str(tmp_path / "empty.txt"), "--bars", "1"]
    assert main([*words, "--save", str(folder / "set")]) == 1
    assert "jam.json" in capsys.readouterr().err
    assert project.read_bytes() == before
    assert not (tmp_path / "out.wav").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "There is nothing to play"),
        (["--script", "none.txt"], 1, "none.txt"),
        (["nothing"], 1, "it has no jam.json"),
        (["--render", "out.mp3"], 1, "one of .wav, .flac, .ogg, .opus:"),
        (["--bars", "0"], 2, "must be from 1 to 10000"),
        (["--script", "bad.txt"], 2, "Line 1 of the script"),
        (["--script", "fast.txt"], 2, "Line 2 of the script: tempo is 500"),
    ],
)
def test_what_cannot_be_played_is_told(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert main(["jam", "--render", "out.wav", *arguments]) == code
    assert said in capsys.readouterr().err
    assert not (here / "out.wav").exists()


def test_what_fails_while_it_plays_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "late.txt").write_text(
        "0 tempo 200\n0 bars 1\n0 make bass a\n1 bring bass none.wav\n1 scene 3\n", encoding="utf-8"
    )
    assert main(["jam", "--render", "out.wav", "--script", "late.txt", "--bars", "2"]) == 0
    told = capsys.readouterr().err
    assert "There is no file “none.wav”" in told
    assert "Line 5 of the script: nothing lies in slot 3 at bar 1" in told


@pytest.mark.parametrize("name", ["out.flac", "out.opus"])
def test_a_dry_run_renders_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (here / "one.txt").write_text("0 make bass a\n", encoding="utf-8")
    monkeypatch.setattr("engine.generators.service.make_clip", lambda *_: pytest.fail("a clip is made"))
    assert main(["jam", "--render", name, "--script", "one.txt", "--dry-run"]) == 0
    assert capsys.readouterr().out.strip() == f"would write {name}"
    assert not (here / name).exists()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder one is in, with a script that is none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.txt").write_text("sing a song", encoding="utf-8")
    (tmp_path / "fast.txt").write_text("0 bars 1\n0 tempo 500\n", encoding="utf-8")
    return tmp_path
