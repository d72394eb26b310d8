# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch makes clips of many prompts, goes on where it was cut, and makes nothing twice."""

from __future__ import annotations

import argparse
import json
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from app.commands.batch import LISTED, Listing
from app.commands.name_pattern import FIELDS, USUAL, file_name, name_pattern
from engine.library.carried import Carried, carried_by
from tests.app.commands.running import ROOT, command, fails, infiniloop, read, tells, works

SHORT = ("--duration", "5", "--set", "sounds=synthesised")


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    path = tmp_path / "prompts.txt"
    path.write_text("\ufeff# of the evening\nlofi, 90 bpm\n\n  house, 122 bpm, in A minor  \n", encoding="utf-8")
    return path


def seeds_listed(folder: Path) -> set[str]:
    return set(re.findall(r'"seed": (\d+)', (folder / LISTED).read_text(encoding="utf-8")))


def test_each_line_makes_so_many_clips_under_their_names_and_nothing_twice(prompts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    asked = ("generate", "--from", prompts, "-o", folder, "--count", "2", "--seed", "7", *SHORT)
    made = tells(*asked, "--name", "{n:03} {style} {bpm:.0f} {key}", "--format", "flac")
    assert [(one["n"], one["seed"], one["prompt"]) for one in made] == [
        (1, 7, "lofi, 90 bpm"),
        (2, 8, "lofi, 90 bpm"),
        (3, 9, "house, 122 bpm, in A minor"),
        (4, 10, "house, 122 bpm, in A minor"),
    ]
    names = sorted(one.name for one in folder.iterdir())
    assert names[2:] == ["003 house 122 A minor.flac", "004 house 122 A minor.flac", LISTED]
    assert all(name.startswith(f"00{at} lofi") for at, name in enumerate(names[:2], start=1))
    carried = carried_by(str(folder / names[2]))
    assert isinstance(carried, Carried)
    assert (carried.recipe.prompt, carried.recipe.seed) == ("house, 122 bpm, in A minor", 9)
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.flac")}
    # One is gone: it alone is made again, the same to the sample.
    gone = next(path for path in before if path.name.startswith("003"))
    samples = read(gone)
    gone.unlink()
    again = infiniloop(*asked, "--name", "{n:03} {style} {bpm:.0f} {key}", "--format", "flac", "--json")
    assert again.returncode == 0, again.stderr
    assert "1 clip made in" in again.stderr
    assert "3 were there" in again.stderr
    assert [json.loads(line)["n"] for line in again.stdout.splitlines()] == [1, 2, 3, 4]
    assert (read(gone) == samples).all()
    assert {path: path.stat().st_mtime_ns for path in before if path != gone} == {
        path: at for path, at in before.items() if path != gone
    }


@pytest.mark.soak
def test_what_fails_is_told_with_its_number_and_the_others_go_on(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("x" * 5000 + "\nlofi\n", encoding="utf-8")
    folder = tmp_path / "out"
    done = infiniloop("generate", "--from", prompts, "-o", folder, *SHORT)
    # A prompt that is too long is wrong usage, and nothing else failed.
    assert done.returncode == 2
    assert "infiniloop: clip 1, " in done.stderr
    assert "5000 characters" in done.stderr
    assert "1 clip made" in done.stderr
    assert "1 failed" in done.stderr
    assert len(list(folder.glob("002 *.wav"))) == 1
    # A file of somebody else's is never replaced.
    (name,) = (path.name for path in folder.glob("*.wav"))
    (folder / LISTED).unlink()
    done = infiniloop(
        "generate", "--from", prompts, "-o", folder, "--name", Path(name).stem.replace("002", "{n:03}"), *SHORT
    )
    assert "is there already" in done.stderr
    assert done.returncode == 1


def test_prompts_are_piped_in(tmp_path: Path) -> None:
    done = subprocess.run(
        command("generate", "--from", "-", "-o", str(tmp_path / "out"), "--seed", "1", *SHORT),
        input="lofi\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "out").glob("001 *.wav")
    assert len(read(path)) > 2 * 44_100


@pytest.mark.soak
def test_one_that_is_killed_is_gone_on_with_and_leaves_nothing_half(tmp_path: Path) -> None:
    prompts, folder = tmp_path / "prompts.txt", tmp_path / "out"
    prompts.write_text("lofi, 90 bpm\nhouse, 122 bpm\n", encoding="utf-8")
    asked = ("generate", "--from", str(prompts), "-o", str(folder), "--count", "3", "--seed", "3", *SHORT)
    running = subprocess.Popen(command(*asked), cwd=ROOT, stderr=subprocess.DEVNULL)
    give_up = time.monotonic() + 60.0
    while len(list(folder.glob("*.wav"))) < 2 and time.monotonic() < give_up:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    kept = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.wav")}
    assert len(kept) >= 2
    with (folder / LISTED).open("a", encoding="utf-8") as file:
        file.write('{"n": 5, "asked": "cut in the mid')
    works(*asked)
    whole = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.wav")}
    assert len(whole) == 6
    assert {name: at for name, at in whole.items() if name in kept} == kept
    assert seeds_listed(folder) == set("345678")
    assert [path.name for path in folder.iterdir() if not path.name.endswith((".wav", ".jsonl"))] == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("lofi",), "is given twice"),
        (("--midi", "x.mid"), "--midi is for one clip"),
        (("--variation", "2"), "--variation is for one clip"),
        (("--count", "0"), "must be from 1 to"),
        (("--count", "99999"), "must be from 1 to"),
    ],
)
def test_what_cannot_be_is_one_sentence(prompts: Path, tmp_path: Path, more: tuple[str, ...], words: str) -> None:
    fails("generate", "--from", prompts, "-o", tmp_path / "out", *more, words=(words,))
    assert not (tmp_path / "out").exists()


def test_a_file_without_prompts_and_options_without_a_file(tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("# nothing\n", encoding="utf-8")
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    fails("generate", "--from", tmp_path / "none.txt", "-o", tmp_path / "out", words=("prompt",))
    fails("generate", "--from", tmp_path / "bytes.txt", "-o", tmp_path / "out", words=("no text in UTF-8",))
    fails("generate", "--from", tmp_path / "gone.txt", "-o", tmp_path / "out", words=("gone.txt",))
    fails("generate", "lofi", "-o", tmp_path / "x.wav", "--count", "2", words=("--count is for many clips",))


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (USUAL, "007 Velvet Antenna.wav"),
        ("{n} {style} {bpm:.0f} {key}", "7 lofi 85 A minor.wav"),
        ("{n:03}_{bpm}_{bars}", "007_85_4.wav"),
        ("{generator}-{model} {seed} {n}", "composer-small 7 7.wav"),
    ],
)
def test_names_by_a_pattern(pattern: str, name: str) -> None:
    assert file_name(name_pattern(pattern), FIELDS, ".wav") == name


def test_a_name_leaves_out_what_is_not_known_and_what_is_no_name() -> None:
    odd = {**FIELDS, "title": "../..\\evil\n\x00: “x”", "bpm": None, "key": "", "bars": None}
    assert file_name("{n} {title} {bpm:03.0f} {key} {bars}", odd, ".wav") == "7 ....evil x.wav"
    assert (
        len(file_name("{n} {prompt}{prompt}{prompt}{prompt}", {**FIELDS, "prompt": "ö" * 80}, ".wav").encode()) <= 255
    )


@pytest.mark.parametrize(
    "pattern",
    ["{style}", "x", "{n}/{style}", "{n}{", "{n.real}", "{0}", "{}", "{n:q}", "{what} {n}"],
)
def test_what_is_no_pattern_is_told(pattern: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        name_pattern(pattern)


def test_a_folder_that_cannot_be_written_is_told_before_any_work(prompts: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    fails("generate", "--from", prompts, "-o", tmp_path / "file", *SHORT, words=("cannot be written",))


def test_a_listing_holds_what_was_noted(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"")
    with Listing(tmp_path) as listing:
        listing.note({"n": 1, "asked": "x", "file": "somewhere/else/a.wav"})
        listing.note({"n": 2, "asked": "x", "file": "gone.wav"})
    with Listing(tmp_path) as listing:
        assert listing.made(1, "x") is not None, "its folder may have been moved"
        assert listing.made(1, "y") is None
        assert listing.made(2, "x") is None
        assert listing.made(3, "x") is None
