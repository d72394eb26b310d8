# SPDX-License-Identifier: GPL-3.0-or-later
"""A command goes on from an earlier clip, however it is named, or says why it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.commands.earlier import family_after
from app.main import main
from app.settings import Settings
from engine.errors import CannotGoOn, FileMissing
from engine.generators.composer import Composer
from engine.values import Family

FAMILY = Family("3f2a", 4, "{}")
TAKE = "20261129T075112000000Z-0123abcd"


def recipe(**more: object) -> str:
    return json.dumps({"generator": "composer", "family": FAMILY.as_dict(), **more})


@pytest.mark.parametrize("name", [TAKE, f"{TAKE}.flac", f"{TAKE}.json"])
def test_a_take_is_named_by_its_id_or_a_file_of_its_own(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "takes"
    folder.mkdir()
    (folder / f"{TAKE}.flac").touch()
    (folder / f"{TAKE}.json").write_text(recipe())
    text = name if name == TAKE else str(folder / name)
    assert family_after(text, Composer(), Settings(data_folder=str(tmp_path))) == FAMILY


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "there is no recipe beside it"),
        ("{", "cannot be understood"),
        ("[" * 100_000, "cannot be understood"),
        ("[]", "cannot be understood"),
        (json.dumps({"generator": "composer"}), "belongs to no piece"),
        (recipe(generator="musicgpt"), "musicgpt made it, not composer"),
        (recipe(family={"name": "a", "age": -1, "memory": ""}), "cannot be understood"),
    ],
)
def test_what_cannot_be_gone_on_from_is_told(tmp_path: Path, written: str | None, said: str) -> None:
    sound = tmp_path / "a.flac"
    sound.touch()
    if written is not None:
        sound.with_suffix(".json").write_text(written)
    with pytest.raises(CannotGoOn, match=said):
        family_after(str(sound), Composer(), Settings())


@pytest.mark.parametrize("text", [TAKE, "nothing.flac"])
def test_what_is_not_there_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileMissing):
        family_after(text, Composer(), Settings(data_folder=str(tmp_path)))


def test_a_clip_goes_on_from_what_was_printed_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    words = ["generate", "lofi", "--duration", "6", "--json", "--evolve", "0"]
    assert main([*words, "-o", str(tmp_path / "a.wav"), "--seed", "5"]) == 0
    printed = capsys.readouterr().out
    (tmp_path / "a.json").write_text(printed)
    assert main([*words, "-o", str(tmp_path / "b.wav"), "--seed", "6", "--after", str(tmp_path / "a.json")]) == 0
    first, second = json.loads(printed), json.loads(capsys.readouterr().out)
    assert (second["family"]["name"], second["family"]["age"]) == (first["family"]["name"], 1)
    assert (second["key"], second["tempo_bpm"]) == (first["key"], first["tempo_bpm"])
