# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests give a command many sounds, one of them odd: the others are made, and each has a file of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import APIC
from mutagen.wave import WAVE

from engine.library.looptags import read_loop_tags
from engine.values import Clip, LoopRegion
from engine.values.options import OVERLAP
from tests.app.commands.running import RATE, ROOT, command, fails, infiniloop, music, read, works, write
from tests.engine.library.mutating import encoded
from tests.sampling import some

LOOP = ("--loop", "1", "7")


@pytest.mark.parametrize("command", [("export",), ("extend", "--turns", "2"), ("split",)], ids=lambda one: one[0])
def test_the_usual_crossfade_is_told_where_it_must_be_shorter(tmp_path: Path, command: tuple[str, ...]) -> None:
    paths = [write(tmp_path / f"{name}.wav", music(n_bars=5)) for name in "ab"]
    done = infiniloop(*command, *paths, "--loop", "0.1", "0.4", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if "overlap 300 ms in place of" in line]
    assert len(told) == 2
    assert all(f"in place of {OVERLAP.default_number:.0f}: the loop is no longer" in line for line in told)


@pytest.mark.parametrize("command", [("export",), ("split",)], ids=lambda one: one[0])
def test_long_names_that_are_alike_up_to_their_end_become_two_files(tmp_path: Path, command: tuple[str, ...]) -> None:
    paths = [write(tmp_path / f"{'n' * 250}{end}.wav", music(n_bars=5, seed=i)) for i, end in enumerate("ab")]
    works(*command, *paths, *LOOP, "--overlap", "0", "-o", tmp_path / "out", "--force")
    loops = sorted((tmp_path / "out").glob("*-loop.wav"))
    assert len(loops) == 2
    for source in paths:
        expected = read(source)[RATE : 7 * RATE]
        assert any(np.array_equal(read(loop), expected) for loop in loops)


def test_a_long_name_that_needs_no_more_room_stays_whole(tmp_path: Path) -> None:
    path = write(tmp_path / f"{'n' * 251}.wav", music(n_bars=5))
    works("tag", path, *LOOP, "-o", f"{tmp_path}/out/")
    assert [one.name for one in (tmp_path / "out").iterdir()] == [path.name]


@pytest.mark.parametrize("command", ["export", "extend", "split", "tag", "analyze"])
def test_a_name_that_is_too_long_is_one_sentence_and_the_others_go_on(tmp_path: Path, command: str) -> None:
    path = write(tmp_path / "a.wav", music(n_bars=5))
    more: tuple[str | Path, ...] = () if command == "analyze" else (*LOOP, "-o", tmp_path / "out")
    more += ("--turns", "1") if command == "extend" else ()
    done = infiniloop(command, tmp_path / f"{'x' * 300}.wav", path, *more)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "omething went wrong" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if "too long" in line]) == 1
    assert "a.wav" in done.stdout or list((tmp_path / "out").iterdir())


def test_an_output_whose_name_is_too_long(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", music(n_bars=5))
    for output in (f"{'x' * 300}.wav", f"{'x' * 300}/b.wav", f"{'x' * 300}/"):
        fails("export", path, *LOOP, "-o", f"{tmp_path}/{output}", words=("too long",))


def test_the_points_that_are_read_are_not_written_over(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", music(n_bars=5))
    points = tmp_path / "p.wav"
    points.write_text(f"{RATE} {7 * RATE} a.wav\n")
    fails("tag", path, "--points", points, "-o", points, "--force", words=("p.wav", "is read"))
    assert points.read_text() == f"{RATE} {7 * RATE} a.wav\n"
    works("tag", path, "--points", points, "-o", tmp_path / "b.wav", "--force")
    assert read_loop_tags(tmp_path / "b.wav") == (LoopRegion(RATE, 7 * RATE),)


@pytest.mark.soak
def test_a_cover_that_flac_has_no_room_for_is_told_and_all_are_written(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{name}.wav", music(n_bars=5)) for name in "ab"]
    tags = WAVE(paths[0])
    tags.add_tags()
    tags["APIC"] = APIC(encoding=3, mime="image/png", type=3, desc="", data=bytes(17_000_000))
    tags.save()
    for asked, n_files in ((("export",), 2), (("extend", "--turns", "2"), 2), (("split",), 6)):
        folder = tmp_path / asked[0]
        done = infiniloop(*asked, *paths, *LOOP, "--format", "flac", "-o", folder)
        assert done.returncode == 0, done.stderr
        assert len(list(folder.iterdir())) == n_files
        told = [line for line in done.stderr.splitlines() if "its picture of 17.0 MB is left out" in line]
        assert len(told) == n_files // 2
        assert all(f"{folder}/a-" in line for line in told)


def test_a_disk_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", music(n_bars=5))
    done = infiniloop("export", "/proc/self/mem", path, *LOOP, "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "“/proc/self/mem” cannot be read (Input/output error)." in done.stderr
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["a-loop.wav"]


@pytest.mark.parametrize("value", some([np.nan, np.inf, -np.inf], every=3))
def test_samples_that_are_no_numbers_are_one_sentence(tmp_path: Path, value: float) -> None:
    clip = music(n_bars=5)
    samples = clip.samples.copy()
    samples[RATE - 50 : RATE - 40] = samples[7 * RATE - 50 : 7 * RATE - 49] = value
    path = write(tmp_path / "a.wav", Clip(1.5 * samples, RATE), subtype="FLOAT")
    commands = [["export"], ["export", "--bits", "32f"], ["extend", "--turns", "2"], ["split"]]
    for asked in commands:
        output = tmp_path / ("parts" if asked == ["split"] else "out.wav")
        fails(*asked, path, *LOOP, "-o", output, words=("not numbers",))
        assert not list(tmp_path.glob("**/out.wav"))


def test_a_spoilt_mp3_is_one_sentence_and_nothing_of_the_decoder(tmp_path: Path) -> None:
    content = encoded("MP3", "MPEG_LAYER_III", 44_100, 2, n_samples=400_000)
    frames = content[content.index(content[:2], 100) :]
    n = len(frames) // 2
    (tmp_path / "a.mp3").write_bytes(frames[:n] + frames[n + 333 :])
    fails("export", tmp_path / "a.mp3", *LOOP, "-o", tmp_path / "out.wav", words=("frames of it are spoilt",))
    assert not (tmp_path / "out.wav").exists()
    # Told as often, and no more, where stderr is closed.
    closed = ["sh", "-c", '"$@" 2>&-', "sh", *command("export", str(tmp_path / "a.mp3"), *LOOP, "-o", "x.wav")]
    done = subprocess.run(closed, capture_output=True, check=False, cwd=ROOT, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
