# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check that no file is written over unasked, and that results say exactly what was asked for."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.library.looptags import read_loop_tags
from engine.values import Clip, LoopRegion
from tests.app.commands.running import RATE, ROOT, command, fails, infiniloop, music, read, tells, works, write
from tests.engine.playback.material import noise

LOOP = ("--loop", "1", "7")


def test_what_is_there_stays_without_force(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    there = tmp_path / "there.wav"
    there.write_bytes(b"mine")
    for arguments in (
        ("generate", "house", "-o", there),
        ("render", "house", "--minutes", "1", "-o", there),
        ("extend", path, "--length", "9", *LOOP, "-o", there),
        ("export", path, *LOOP, "-o", there),
        ("export", "--points", path, *LOOP, "-o", there),
        ("tag", path, *LOOP, "-o", there),
    ):
        fails(*arguments, words=("there.wav", "--force"))
        assert there.read_bytes() == b"mine"
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/music-outro.wav").write_bytes(b"mine")
    fails("split", path, *LOOP, "-o", tmp_path / "parts", words=("music-outro.wav", "--force"))
    assert [one.name for one in (tmp_path / "parts").iterdir()] == ["music-outro.wav"]
    works("export", path, *LOOP, "-o", there, "--force")
    assert len(read(there)) == 6 * RATE


@pytest.mark.parametrize(("answer", "is_replaced"), [("y", True), ("sì", True), ("", False), ("n", False)])
def test_at_a_terminal_it_is_asked(tmp_path: Path, answer: str, is_replaced: bool) -> None:
    path = write(tmp_path / "music.wav", music())
    (tmp_path / "there.wav").write_bytes(b"mine")
    ours, theirs = pty.openpty()
    arguments = command("export", str(path), *LOOP, "-o", str(tmp_path / "there.wav"))
    process = subprocess.Popen(arguments, cwd=ROOT, stdin=theirs, stderr=theirs)
    os.close(theirs)
    asked = b""
    while b"[y/N]" not in asked:
        asked += os.read(ours, 1024)
    os.write(ours, f"{answer}\n".encode())
    assert process.wait(60.0) == (0 if is_replaced else 1)
    os.close(ours)
    assert b"there.wav" in asked
    assert ((tmp_path / "there.wav").read_bytes() == b"mine") is not is_replaced


def test_a_batch_skips_what_is_there_and_tells(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        write(tmp_path / f"in/{name}.wav", music(n_bars=5))
    (tmp_path / "out").mkdir()
    (tmp_path / "out/b-loop.wav").write_bytes(b"mine")
    done = infiniloop("export", tmp_path / "in", "-o", tmp_path / "out", *LOOP)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "--force" in line and "b-loop.wav" in line]
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"a-loop.wav", "b-loop.wav", "c-loop.wav"}
    assert (tmp_path / "out/b-loop.wav").read_bytes() == b"mine"


def test_two_of_one_name_both_come_out(tmp_path: Path) -> None:
    one, two, three = (
        write(tmp_path / name, music(seed=seed)) for seed, name in enumerate(["a/k.wav", "b/k.wav", "k (2).wav"])
    )
    soundfile.write(tmp_path / "k.flac", music(seed=3).samples, RATE)
    works("export", one, two, three, tmp_path / "k.flac", *LOOP, "--overlap", "0", "-o", tmp_path / "out")
    made = {path.name: read(path) for path in (tmp_path / "out").iterdir()}
    assert set(made) == {"k-loop.wav", "k (3)-loop.wav", "k (2)-loop.wav", "k (4)-loop.wav"}
    for name, source in (("k-loop.wav", one), ("k (3)-loop.wav", two), ("k (2)-loop.wav", three)):
        np.testing.assert_array_equal(made[name], read(source)[RATE : 7 * RATE])
    works("split", one, two, *LOOP, "-o", tmp_path / "parts")
    assert {path.name for path in (tmp_path / "parts").iterdir()} == {
        f"{stem}-{part}.wav" for stem in ("k", "k (2)") for part in ("intro", "loop", "outro")
    }
    works("tag", one, two, *LOOP, "-o", tmp_path / "tagged")
    assert {path.name for path in (tmp_path / "tagged").iterdir()} == {"k.wav", "k (2).wav"}


@pytest.mark.soak
def test_no_input_is_ever_written_over(tmp_path: Path) -> None:
    path = write(tmp_path / "x.wav", music(n_bars=5))
    other = write(tmp_path / "x-loop.wav", music(n_bars=5, seed=1))
    (tmp_path / "link.wav").symlink_to(path)
    os.link(path, tmp_path / "hard.wav")
    before = path.read_bytes(), other.read_bytes()
    for target in (path, tmp_path / "link.wav", tmp_path / "hard.wav", tmp_path / "." / "x.wav"):
        fails("export", path, *LOOP, "-o", target, "--force", words=("itself",))
        fails("export", "--points", path, *LOOP, "-o", target, "--force", words=("itself",))
    # What one sound would become is another one that is read.
    done = infiniloop("export", path, other, *LOOP, "-o", f"{tmp_path}/", "--force")
    assert done.returncode == 1
    assert (path.read_bytes(), other.read_bytes()) == before
    assert (tmp_path / "x-loop-loop.wav").exists()


@pytest.mark.parametrize(
    "stem", ["n" * 251, "é" * 125, "日本語" * 27, "e\N{COMBINING ACUTE ACCENT}" * 80, "👩‍👩‍👧‍👦" * 10]
)
def test_names_stay_within_255_bytes(tmp_path: Path, stem: str) -> None:
    path = write(tmp_path / f"{stem}.wav", music(n_bars=5))
    works("split", path, *LOOP, "-o", tmp_path / "parts")
    names = [one.name for one in (tmp_path / "parts").iterdir()]
    assert len(names) == 3
    for name in names:
        assert len(os.fsencode(name)) <= 255
        kept = name.rpartition("-")[0]
        assert kept == stem[: len(kept)]
        unit = {"e": 2, "👩": 7}.get(stem[0], 1)
        assert len(kept) % unit == 0


@pytest.mark.soak
def test_export_in_other_forms(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    plain = ("export", path, *LOOP, "--overlap", "100")
    works(*plain, "-o", tmp_path / "plain.wav")
    loop = read(tmp_path / "plain.wav")
    for bits, ending, subtype, step in (
        ("16", "wav", "PCM_16", 2.0**-15),
        ("16", "flac", "PCM_16", 2.0**-15),
        ("24", "flac", "PCM_24", 2.0**-23),
        ("32f", "wav", "FLOAT", 2.0**-23),
    ):
        out = tmp_path / f"{bits}.{ending}"
        works(*plain, "--bits", bits, "-o", out)
        assert soundfile.info(out).subtype == subtype
        np.testing.assert_allclose(read(out), loop, atol=step / 2 + 2.0**-24)
        assert read_loop_tags(out) == (LoopRegion(0, len(loop)),)
    fails(*plain, "--bits", "32f", "-o", tmp_path / "x.flac", words=("x.flac", "16 or 24", ".wav"))
    fails(*plain, "--bits", "16", "-o", tmp_path / "x.ogg", words=("x.ogg", ".wav"))

    works(*plain, "--mono", "-o", tmp_path / "mono.wav")
    np.testing.assert_allclose(read(tmp_path / "mono.wav")[:, 0], loop.mean(axis=1), atol=2.0**-22)

    (told,) = tells(*plain, "--handles", "50ms", "-o", tmp_path / "handles.wav")
    n = round(0.05 * RATE)
    assert told["handle_samples"] == n
    np.testing.assert_array_equal(read(tmp_path / "handles.wav"), np.concatenate([loop[-n:], loop, loop[:n]]))
    assert read_loop_tags(tmp_path / "handles.wav") == (LoopRegion(n, n + len(loop)),)


@pytest.mark.parametrize("rate", [48_000, 44_100, 8_000])
def test_at_another_rate_it_repeats_as_before(tmp_path: Path, rate: int) -> None:
    # Whole turns of a sine: resampled as what repeats, it is the same sine, through its seam too.
    n = RATE * 2
    sine = 0.5 * np.sin(2 * np.pi * 441 * np.arange(n) / RATE)
    path = write(tmp_path / "sine.wav", Clip(sine.astype(np.float32)[:, None], RATE), "FLOAT")
    works("export", path, "--loop", "0", "100%", "--overlap", "0", "--rate", str(rate), "-o", tmp_path / "out.wav")
    out = read(tmp_path / "out.wav")[:, 0]
    assert len(out) == rate * 2
    np.testing.assert_allclose(out, 0.5 * np.sin(2 * np.pi * 441 * np.arange(rate * 2) / rate), atol=2e-4)


@pytest.mark.soak
def test_turns_then_a_fade_or_the_outro(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    base = ("extend", path, *LOOP, "--overlap", "0", "--turns", "2")
    (told,) = tells(*base, "--fade", "10", "-o", tmp_path / "fade.wav")
    own, out = read(path), read(tmp_path / "fade.wav")
    assert told["turns"] == 2
    assert len(out) == told["n_samples"] == RATE + 2 * 6 * RATE + 10 * RATE
    whole = np.concatenate([own[:RATE], *[own[RATE : 7 * RATE]] * 4])[: len(out)]
    np.testing.assert_array_equal(out[: 13 * RATE], whole[: 13 * RATE])
    level = np.abs(out[13 * RATE :]).reshape(10, -1).max(axis=1)
    assert level[-1] < 0.1 * level[0]
    (told,) = tells(*base, "--outro", "-o", tmp_path / "outro.wav")
    np.testing.assert_array_equal(
        read(tmp_path / "outro.wav"), np.concatenate([own[: 7 * RATE], own[RATE : 7 * RATE], own[7 * RATE :]])
    )
    (told,) = tells(*base, "--fade", "0", "-o", tmp_path / "none.wav")
    np.testing.assert_array_equal(read(tmp_path / "none.wav"), whole[: 13 * RATE])
    fails("extend", path, *LOOP, "--turns", "0", "-o", tmp_path / "x.wav", words=("--turns is 0",))
    fails("extend", path, *LOOP, "--turns", "99999", "-o", tmp_path / "x.wav", words=("--turns", "24 hours"))
    for wrong in (("--turns", "2", "--length", "9"), (), ("--turns", "1,5")):
        assert infiniloop("extend", path, *LOOP, *wrong, "-o", tmp_path / "x.wav").returncode == 2


def test_what_cannot_fit_is_refused_before_the_first_byte(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", Clip(np.clip(noise(48_000 * 3, n_channels=2), -1, 1), 48_000))
    out = tmp_path / "out"
    out.mkdir()
    fails(
        *("extend", path, "--loop", "1", "2", "--length", "5h", "-o", out / "x.wav"),
        words=("x.wav", "5.2 GB", "4 GiB", ".flac"),
    )
    fails("render", "house", "--minutes", "1000", "-o", out / "x.wav", words=("x.wav", "4 GiB", ".flac"))
    assert list(out.iterdir()) == []


def test_points_of_one_folder_go_to_copies_in_another(tmp_path: Path) -> None:
    for name in ("a.wav", "deep/b c.wav", "0.5 odd.wav"):
        write(tmp_path / "A" / name, music(n_bars=5))
    shutil.copytree(tmp_path / "A", tmp_path / "B")
    write(tmp_path / "B/new.wav", music(n_bars=5))
    for top in ((), ("--top", "2")):
        points, copies = tmp_path / f"p{len(top)}.txt", tmp_path / f"C{len(top)}"
        choice = () if top else LOOP
        works("export", "--points", tmp_path / "A", "-r", *choice, *top, "-o", points)
        done = infiniloop("tag", tmp_path / "B", "-r", "-o", copies, "--points", points)
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert "new.wav" in line
        assert points.name in line
        for name in ("a.wav", "deep/b c.wav", "0.5 odd.wav"):
            start, end = next(line.split()[:2] for line in points.read_text().splitlines() if line.endswith(f" {name}"))
            assert read_loop_tags(copies / name) == (LoopRegion(int(start), int(end)),)


@pytest.mark.parametrize("line", ["1.5 7 a.wav", "1,5 7,0 a.wav", "0:01,5 0:07 a.wav", "33075 154350 0.93 a.wav"])
def test_points_in_any_unit(tmp_path: Path, line: str) -> None:
    write(tmp_path / "a.wav", music(n_bars=5))
    line = line.replace(" 7 ", " 7.0 ")
    (tmp_path / "p.txt").write_text(f"# ours\n\n{line}\r\n")
    works("tag", tmp_path / "a.wav", "-o", tmp_path / "C.wav", "--points", tmp_path / "p.txt")
    assert read_loop_tags(tmp_path / "C.wav") == (LoopRegion(33_075, 154_350),)


def test_points_that_make_no_sense(tmp_path: Path) -> None:
    write(tmp_path / "a.wav", music(n_bars=5))
    arguments = ("tag", tmp_path / "a.wav", "-o", tmp_path / "C.wav", "--points", tmp_path / "p.txt")
    fails(*arguments, words=("p.txt",))
    for text, words in (
        ("1 2\n", ("p.txt", "line 1")),
        ("1 2 a.wav\nx y a.wav\n", ("line 2",)),
        ("9 5 a.wav\n", ("a.wav", "line 1", "9 to 5")),
        ("1 999999999 a.wav\n", ("a.wav", "999999999")),
        ("1 2 z.wav\n", ("a.wav", "p.txt")),
    ):
        (tmp_path / "p.txt").write_text(text)
        fails(*arguments, words=words)
        assert not (tmp_path / "C.wav").exists()


def test_proof_lists_what_is_heard_to_jump_and_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    folder = tmp_path / "loops"
    works("export", path, "--loop", "2.7", "10.7", "-o", folder / "../good.wav")
    (tmp_path / "loops").mkdir()
    (tmp_path / "good.wav").rename(folder / "good.wav")
    sine = 0.4 * np.sin(2 * np.pi * 220 * np.arange(RATE * 3 - 31) / RATE)
    write(folder / "click.wav", Clip(sine.astype(np.float32)[:, None], RATE))
    cut = music().samples[round(0.7 * RATE) : round(7.33 * RATE)]
    write(folder / "stumble.wav", Clip(cut.copy(), RATE))
    listed = {one["file"].rpartition("/")[2]: one for one in tells("proof", folder)}
    assert set(listed) == {"click.wav", "stumble.wav"}
    assert "clicks" in listed["click.wav"]["heard"][0]
    assert any("beat" in one for one in listed["stumble.wav"]["heard"])
    done = infiniloop("proof", folder)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2
    assert "2 of 3 loops are heard to jump" in done.stderr
    assert len(works("proof", folder, "--all").splitlines()) == 3
