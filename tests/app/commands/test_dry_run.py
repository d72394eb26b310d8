# SPDX-License-Identifier: GPL-3.0-or-later
"""A dry run of each command that writes changes nothing on the disk, and foretells what the command then writes."""

from __future__ import annotations

import json
import os
import pty
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.commands.completion import actions
from app.main import build_parser, main
from engine import make_clip, save

LOOP = ("--loop", "0.5", "2.5")

Found = dict[str, tuple[int, int]]


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    clip = make_clip("lofi, 120 bpm", seed=3, bars=2, layer="drums")
    return save(clip, tmp_path_factory.mktemp("song") / "song.wav")


@pytest.fixture
def here(tmp_path: Path, song: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a song and prompts, in which all is that the commands could write to."""
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name.lower()))
    shutil.copy(song, tmp_path / "song.wav")
    (tmp_path / "prompts.txt").write_text("lofi, 90 bpm\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(folder: Path) -> Found:
    """Return all that is below a folder: its size and when it was changed."""
    return {
        str(one.relative_to(folder)): (one.lstat().st_size, one.lstat().st_mtime_ns)
        for one in sorted((folder, *folder.rglob("*")))
    }


def rehearsed(capsys: pytest.CaptureFixture[str], here: Path, *line: str) -> list[dict[str, Any]]:
    """Return what a dry run tells as JSON, which changed nothing."""
    before = found(here)
    capsys.readouterr()
    assert main([*line, "--dry-run", "--json"]) == 0, capsys.readouterr().err
    assert found(here) == before
    told = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert told
    assert all(one["dry_run"] is True for one in told)
    return told


MADE = ("generate", "lofi, 120 bpm", "--bars", "1", "--layer", "drums", "--seed", "1")
CASES: tuple[tuple[str, ...], ...] = (
    (*MADE, "-o", "a.wav"),
    (*MADE, "-o", "song.wav", "--force", "--midi", "a.mid"),
    ("extend", "song.wav", "-o", "out/", "--length", "9", *LOOP),
    ("split", "song.wav", "-o", "parts", *LOOP),
    ("tag", "song.wav", "-o", "tagged.wav", *LOOP),
    ("tag", "song.wav", "--in-place", *LOOP),
    ("export", "song.wav", "-o", "loop.flac", *LOOP),
    ("export", "song.wav", "-o", "pack", "--pack", "game", *LOOP),
    ("export", "song.wav", "-o", "points.txt", "--points", *LOOP),
    ("recipe", "song.wav", "--again", "-o", "again.wav"),
    ("recipe", "song.wav", "--vary", "-o", "other.wav"),
    ("render", "lofi", "--minutes", "0.05", "-o", "music.wav", "--duration", "8"),
    ("manual", "-o", "share/man1"),
)


@pytest.mark.parametrize("line", CASES, ids=" ".join)
def test_what_is_foretold_is_what_is_written(
    line: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = rehearsed(capsys, here, *line)
    foretold = {Path(each["path"]): each["replaces"] for one in told for each in one["writes"]}
    before = {path for path in here.rglob("*") if path.is_file()}
    changed = {one: one.stat().st_mtime_ns for one in before}
    assert main([*line]) == 0, capsys.readouterr().err
    files = {path for path in here.rglob("*") if path.is_file() and "home" not in path.parts}
    written = {one for one in files if changed.get(one) != one.stat().st_mtime_ns}
    assert {here / one for one in foretold} == written
    assert {here / one for one, replaces in foretold.items() if replaces} == written & before


def test_a_take_a_batch_and_parts_are_foretold_as_far_as_they_are_known(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    added = rehearsed(capsys, here, "add", "song.wav")
    assert [one["path"] for one in added[0]["writes"]] == [str(here / "home/data/infiniloop/takes")]
    batch = ("generate", "--from", "prompts.txt", "-o", "clips", "--count", "2", "--bars", "1")
    named = rehearsed(capsys, here, *batch, "--name", "{n} {prompt} {key}")
    assert [one["writes"][0]["path"] for one in named] == [f"clips/{n} lofi, 90 bpm ….wav" for n in (1, 2)]
    assert named[0]["request"]["bars"] == 1
    stems = rehearsed(capsys, here, *MADE, "-o", "a.wav", "--stems", "stems")
    assert [one["path"] for one in stems[0]["writes"]] == ["a.wav", "stems"]
    # In a library and a folder that are there, what is in them already is not made again.
    assert main(["add", "song.wav"]) == 0
    assert main([*batch, "--layer", "drums"]) == 0
    before = found(here)
    capsys.readouterr()
    assert main(["add", "song.wav", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["added"] is False
    assert main([*batch, "--layer", "drums", "--count", "3", "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == ["would write clips/003 ….wav: “lofi, 90 bpm” by Built-in composer, 1 bar"]
    assert "1 clip would be made in clips, 2 were there" in err
    assert found(here) == before


def test_models_are_foretold(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (get,) = rehearsed(capsys, here, "models", "get", "musicgen/small", "--folder", "weights")
    assert (get["name"], get["folder"]) == ("musicgen/small", str(here / "weights"))
    (setup,) = rehearsed(capsys, here, "models", "setup", "serve")
    assert any("fastapi" in one for one in setup["requirements"])
    (program,) = rehearsed(capsys, here, "models", "get", "musicgpt")
    assert program["source"].startswith("https://github.com/")
    for refused in (("get", "musicgen/small", "--offline"), ("get", "musicgpt/small"), ("remove", "musicgen/small")):
        assert main(["models", *refused, "--dry-run"]) == 1


def test_words_say_what_it_would_be(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*MADE, "-o", "song.wav", "-f", "--dry-run"]) == 0
    assert capsys.readouterr().out == "would replace song.wav: “lofi, 120 bpm” by Built-in composer, 1 bar\n"
    assert main(["split", "song.wav", "-o", "parts", "--dry-run", *LOOP]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "would write parts/song-intro.wav: 0:00.500–0:02.500",
        "would write parts/song-loop.wav",
        "would write parts/song-outro.wav",
    ]


def test_what_would_be_asked_is_said_and_not_asked(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    master, slave = pty.openpty()
    with os.fdopen(master, "rb"), os.fdopen(os.dup(slave)) as typed, os.fdopen(slave, "w") as terminal:
        monkeypatch.setattr("sys.stdin", typed)
        monkeypatch.setattr("sys.stderr", terminal)
        assert main([*MADE, "-o", "song.wav", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("would replace song.wav: asks before it is replaced, “lofi")


@pytest.mark.parametrize(
    "line",
    [
        (*MADE, "-o", "song.wav"),
        (*MADE, "-o", "none/a.wav"),
        (*MADE, "-o", "a.aiff"),
        (*MADE, "-o", "a.wav", "--generator", "musicgpt"),
        ("extend", "song.wav", "none.wav", "-o", "out", "--length", "9", *LOOP),
        ("export", "song.wav", "-o", "song.wav", "--force", *LOOP),
        ("export", "song.wav", "none.wav", "-o", "points.txt", "--points", *LOOP),
        ("tag", "song.wav", "-o", "tagged.flac", *LOOP),
        ("recipe", "song.wav", "--again", "-o", "song.wav"),
        ("render", "lofi", "--minutes", "0.05", "-o", "prompts.txt/music.wav"),
        ("manual", "-o", "prompts.txt"),
    ],
    ids=" ".join,
)
def test_what_fails_fails_alike(
    line: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    before = found(here)
    assert main([*line, "--dry-run"]) == 1
    said = [one for one in capsys.readouterr().err.splitlines() if one.startswith("infiniloop: ")]
    assert said
    assert found(here) == before
    assert main([*line]) == 1
    assert [one for one in capsys.readouterr().err.splitlines() if one.startswith("infiniloop: ")] == said


def test_every_command_that_may_replace_a_file_has_a_dry_run() -> None:
    parser = build_parser("infiniloop")
    (commands,) = (one.choices for one in parser._actions if isinstance(one.choices, dict))
    flags = {name: {flag for one in actions(sub) for flag in one.option_strings} for name, sub in commands.items()}
    lacking = [name for name, own in flags.items() if "--force" in own and "--dry-run" not in own]
    assert lacking == []
    assert {line[0] for line in CASES} <= {name for name, own in flags.items() if "--dry-run" in own}


def test_files_are_written_again_afterwards(here: Path) -> None:
    assert main([*MADE, "-o", "a.wav", "--dry-run"]) == 0
    assert main([*MADE, "-o", "a.wav"]) == 0
    assert (here / "a.wav").is_file()
