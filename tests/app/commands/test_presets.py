# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``presets`` lists what ``--preset`` takes, and what the command line says comes before a preset."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
import soundfile

from app.commands import generate, render, terminal
from app.commands.preset_arguments import settled
from app.engine_settings import transition_wish
from app.presets import known_presets, with_preset
from app.settings import Settings
from engine.errors import EmptyPrompt, StudioError
from engine.values import ClipRequest
from tests.app.commands.running import infiniloop

OWN = """format = 1
prompt = "house, 120 bpm"
duration_s = 10
min_play_s = 12
overlap_ms = 200
transition_bars = 2
beat_match = false

[en]
title = "My own"

[parameters]
bars = 4
energy = 0.5
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "infiniloop" / "presets"
    folder.mkdir(parents=True)
    (folder / "my-own.toml").write_text(OWN, "utf-8")
    return folder


def asked(*words: str) -> ClipRequest:
    parser = argparse.ArgumentParser()
    generate.add_arguments(parser)
    return terminal.asked(parser.parse_args(["-o", "out.wav", *words]))[0]


def settings_of(*words: str) -> Settings:
    parser = argparse.ArgumentParser()
    render.add_arguments(parser)
    return settled(parser.parse_args(["-o", "out.wav", "--minutes", "1", *words]))[0]


def test_a_preset_is_prompt_and_settings() -> None:
    request = asked("--preset", "my own")
    assert (request.prompt, request.generator, request.duration_s, request.bars) == (
        "house, 120 bpm",
        "composer",
        10,
        4,
    )
    assert request.parameters["energy"] == 0.5
    settings = settings_of("--preset", "my-own")
    assert (settings.min_play_s, settings.overlap_ms) == (12.0, 200.0)
    wish = transition_wish(settings)
    assert (wish.bars, wish.beat_match, wish.overlap_ms) == (2, False, 200.0)


def test_the_command_line_comes_before_it() -> None:
    request = asked("rock", "--preset", "my-own", "--bars", "8", "--set", "energy=-1")
    assert (request.prompt, request.bars, request.parameters["energy"]) == ("rock", 8, -1.0)
    # Seconds that are asked for are of use.
    request = asked("--preset", "my-own", "--duration", "20")
    assert (request.duration_s, request.bars) == (20.0, None)
    settings = settings_of("--preset", "my-own", "--min-play", "33", "--overlap-ms", "50", "--algorithm", "classic")
    assert (settings.min_play_s, settings.overlap_ms, settings.algorithm) == (33.0, 50.0, "classic")
    # Parameters are those of the preset's generator; another one is asked for the prompt alone.
    settings = settings_of("--preset", "my-own", "--generator", "musicgpt")
    assert (settings.generator, settings.prompt, settings.generator_parameters) == ("musicgpt", "house, 120 bpm", {})


def test_without_a_preset_all_is_as_declared() -> None:
    assert settings_of("lofi") == Settings(prompt="lofi")
    with pytest.raises(EmptyPrompt):
        asked()
    with pytest.raises(StudioError, match="perhaps “my-own”"):
        asked("--preset", "myown")


def test_a_preset_leaves_the_machine_alone_and_nothing_of_the_music_before() -> None:
    before = Settings(
        generator_parameters={"composer": {"styles": "/mine", "density": 1.0}, "other": {"x": 1}}, volume_db=-6.0
    )
    after = with_preset(before, known_presets().named("my-own"))
    assert after.generator_parameters == {
        "composer": {"styles": "/mine", "bars": 4, "energy": 0.5},
        "other": {"x": 1},
    }
    assert (after.volume_db, after.prompt) == (-6.0, "house, 120 bpm")


def test_they_are_listed(own_folder: Path) -> None:
    done = infiniloop("presets")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  slow-tide " in done.stdout
    assert "My own (yours)." in done.stdout
    (own_folder / "bad.toml").write_text("format = 1\nprompt = 3\n", "utf-8")
    done = infiniloop("presets", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert done.stderr == f"infiniloop: {told['problems'][0]}\n"
    assert told["problems"] == ["bad.toml, line 2: “prompt” must be a text in quotes."]
    (own,) = (one for one in told["presets"] if one["name"] == "my-own")
    assert own["en"] == {"title": "My own", "words": ""}
    assert own["parameters"] == {"bars": 4, "energy": 0.5}
    assert len(told["presets"]) == 31


def test_a_clip_is_made_by_a_preset(tmp_path: Path) -> None:
    out = tmp_path / "x.wav"
    done = infiniloop("generate", "--preset", "my-own", "-o", out, "--seed", "1", "--json")
    told = json.loads(done.stdout)
    assert (told["prompt"], told["bars"], told["tempo_bpm"]) == ("house, 120 bpm", 4, 120.0)
    assert soundfile.info(out).frames == told["n_samples"]
    done = infiniloop("render", "--preset", "nobody", "--minutes", "1", "-o", tmp_path / "y.wav")
    assert done.returncode == 2
    assert "no preset called “nobody”" in done.stderr
    assert not (tmp_path / "y.wav").exists()
