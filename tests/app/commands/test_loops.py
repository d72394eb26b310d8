# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what the loop commands write: exact to the sample, without a click, whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.library.looptags import read_loop_tags
from engine.values import Clip, LoopRegion
from tests.app.commands.running import RATE, ROOT, command, fails, infiniloop, music, read, tells, works, write
from tests.engine.playback.material import noise
from tests.listening import find_faults
from tests.sampling import some

PCM24 = 2.0**-23


def test_extend_lasts_to_the_sample_turns_to_the_sample_and_never_clicks(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    (told,) = tells("extend", path, "--length", "1:07.5", "-o", tmp_path / "long.wav", "--overlap", "120")
    out = read(tmp_path / "long.wav")
    assert len(out) == told["n_samples"] == round(67.5 * RATE)
    (exported,) = tells("export", path, "-o", tmp_path / "loop.wav", "--overlap", "120")
    loop = read(tmp_path / "loop.wav")
    period = told["loop_end"] - told["loop_start"]
    assert (exported["loop_start"], exported["loop_end"]) == (told["loop_start"], told["loop_end"])
    assert len(loop) == exported["n_samples"] == period
    own = read(path)
    # The way in is the sound's own, then the exported loop repeats, then a fade of two seconds.
    np.testing.assert_array_equal(out[: told["loop_start"]], own[: told["loop_start"]])
    turned = out[told["loop_start"] + period : len(out) - 2 * RATE]
    assert len(turned) > period
    np.testing.assert_array_equal(
        turned, np.resize(loop, (len(turned) // period + 1) * period * 2).reshape(-1, 2)[: len(turned)]
    )
    assert np.abs(out[-1]).max() <= 2 * PCM24
    assert find_faults(out[: -2 * RATE], RATE) == []


@pytest.mark.parametrize("overlap", ["0", "300"])
def test_extend_with_the_outro_is_the_sound_with_more_turns(tmp_path: Path, overlap: str) -> None:
    path = write(tmp_path / "music.wav", music())
    arguments = ("extend", path, "--outro", "--overlap", overlap, "-o", tmp_path / "long.flac")
    (told,) = tells(*arguments, "--length", "1m")
    own, out = read(path), read(tmp_path / "long.flac")
    period = told["loop_end"] - told["loop_start"]
    assert len(out) == told["n_samples"] == len(own) + (told["turns"] - 1) * period
    assert 60 * RATE <= len(out) < 60 * RATE + period
    overlap_samples = round(float(overlap) / 1000 * RATE)
    np.testing.assert_array_equal(out[: told["loop_end"] - overlap_samples], own[: told["loop_end"] - overlap_samples])
    left = len(own) - told["loop_end"]
    assert left > 0
    np.testing.assert_array_equal(out[-left:], own[-left:])
    (told,) = tells(*arguments, "--length", "1s", "--force")
    assert told["turns"] == 1
    np.testing.assert_array_equal(read(tmp_path / "long.flac"), own)


def test_extend_keeps_rate_and_channels(tmp_path: Path) -> None:
    clip = Clip(np.clip(noise(96_000 * 3, n_channels=6), -1, 1), 96_000)
    path = write(tmp_path / "six.wav", clip, "PCM_24")
    works("extend", path, "--length", "7.5", "--loop", "1", "2", "-o", tmp_path / "long.wav")
    info = soundfile.info(tmp_path / "long.wav")
    assert (info.frames, info.samplerate, info.channels) == (720_000, 96_000, 6)


@pytest.mark.parametrize("overlap", ["0", "200"])
def test_split_pieces_make_up_the_sound(tmp_path: Path, overlap: str) -> None:
    path = write(tmp_path / "music.wav", music())
    loop = ("--loop", "2.7", "10.7")
    (told,) = tells("split", path, "-o", tmp_path / "parts", "--format", "flac", "--overlap", overlap, *loop)
    names = {f"music-{part}.flac" for part in ("intro", "loop", "outro")}
    assert {one.name for one in (tmp_path / "parts").iterdir()} == names
    intro, turn, outro = (read(told["parts"][part]["output"]) for part in ("intro", "loop", "outro"))
    own, joined = read(path), np.concatenate([intro, turn, outro])
    assert len(joined) == len(own)
    if overlap == "0":
        np.testing.assert_array_equal(joined, own)
    else:
        assert find_faults(np.concatenate([intro, turn, turn, outro]), RATE) == []
    assert read_loop_tags(told["parts"]["loop"]["output"]) == (LoopRegion(0, len(turn)),)


def test_split_of_a_whole_loop_is_one_piece(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    (told,) = tells("split", path, "-o", tmp_path / "parts", "--overlap", "0", "--loop", "0%", "100%")
    assert list(told["parts"]) == ["loop"]
    np.testing.assert_array_equal(read(tmp_path / "parts/music-loop.wav"), read(path))


@pytest.mark.parametrize("ending", some(["wav", "flac", "ogg", "mp3"], every=2))
def test_tag_touches_no_sample_and_is_read_back(tmp_path: Path, ending: str) -> None:
    clip = music()
    path = tmp_path / f"music.{ending}"
    soundfile.write(path, clip.samples, clip.sample_rate)
    before = read(path)
    assert "samples 22050 to 154350" in works("tag", path, "-o", tmp_path / f"tagged.{ending}", "--loop", "1", "7")
    np.testing.assert_array_equal(read(tmp_path / f"tagged.{ending}"), before)
    assert read_loop_tags(tmp_path / f"tagged.{ending}") == (LoopRegion(22_050, 154_350),)
    assert read_loop_tags(path) == ()
    works("tag", path, "--in-place", "--loop", "1", "6")
    np.testing.assert_array_equal(read(path), before)
    points = works("export", "--points", "--tagged", path)
    assert points == f"22050 132300 music.{ending}\n"
    fails("tag", path, "-o", path, "--loop", "1", "7", words=("itself",))
    fails("tag", path, "-o", tmp_path / "x.aiff", "--loop", "1", "7", words=("x.aiff",))


def test_tags_may_have_other_names(tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    soundfile.write(path, music().samples, RATE)
    works("tag", path, "--in-place", "--loop", "1", "6", "--names", "LOOP_START", "LOOP_END")
    assert b"LOOP_END=132300" in path.read_bytes()
    assert read_loop_tags(path) == (LoopRegion(22_050, 132_300),)


def test_tagged_without_tags_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    fails("extend", path, "--length", "1m", "-o", tmp_path / "x.wav", "--tagged", words=("no loop tags", "--tagged"))
    assert not (tmp_path / "x.wav").exists()


@pytest.mark.parametrize(
    ("unit", "line"), [("samples", "22050 154350"), ("seconds", "1.000000 7.000000"), ("time", "0:01.000 0:07.000")]
)
def test_points_are_printed_in_any_unit(tmp_path: Path, unit: str, line: str) -> None:
    path = write(tmp_path / "music.wav", music())
    assert works("export", "--points", path, "--loop", "1", "7", "--unit", unit) == f"{line} music.wav\n"


def test_points_of_the_best_are_scored_and_are_those_of_the_candidates(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    lines = [line.split() for line in works("export", "--points", path, "--top", "3").splitlines()]
    found = tells("analyze", path, "--top", "10")[0]["loops"]
    assert [(int(a), int(b)) for a, b, _, _ in lines] == [(one["loop_start"], one["loop_end"]) for one in found[:3]]
    assert [float(score) for _, _, score, _ in lines] == [pytest.approx(one["score"], abs=1e-4) for one in found[:3]]
    second = works("export", "--points", path, "--candidate", "2").split()
    assert second[:2] == lines[1][:2]


@pytest.mark.soak
def test_folders(tmp_path: Path) -> None:
    write(tmp_path / "in/a.wav", music(seed=1))
    write(tmp_path / "in/deep/b.flac", music(seed=2))
    (tmp_path / "in/broken.wav").write_bytes(b"RIFF")
    (tmp_path / "in/notes.txt").write_text("no sound")
    loop = ("--loop", "1", "7")
    done = infiniloop("export", tmp_path / "in", "-o", tmp_path / "out", "--format", "flac", *loop)
    assert done.returncode == 1
    assert "broken.wav" in done.stderr
    assert {str(one.relative_to(tmp_path / "out")) for one in (tmp_path / "out").rglob("*.*")} == {"a-loop.flac"}
    (tmp_path / "in/broken.wav").unlink()
    for command_ in ("extend", "export"):
        length = ("--length", "9") if command_ == "extend" else ()
        works(command_, tmp_path / "in", "-r", "-o", tmp_path / command_, *loop, *length)
        suffix = "extended" if command_ == "extend" else "loop"
        made = {str(one.relative_to(tmp_path / command_)) for one in (tmp_path / command_).rglob("*.wav")}
        assert made == {f"a-{suffix}.wav", f"deep/b-{suffix}.wav"}
    works("tag", tmp_path / "in", "-r", "--flat", "-o", tmp_path / "tagged", *loop)
    assert {one.name for one in (tmp_path / "tagged").iterdir()} == {"a.wav", "b.flac"}
    works("export", "--points", tmp_path / "in", "-r", "-o", tmp_path / "loops.txt", *loop)
    assert (tmp_path / "loops.txt").read_text() == "22050 154350 a.wav\n22050 154350 deep/b.flac\n"
    write(tmp_path / "in/deep/a.wav", music(seed=3))
    works("export", tmp_path / "in", "-r", "--flat", "-o", tmp_path / "flat", *loop)
    assert {one.name for one in (tmp_path / "flat").iterdir()} == {"a-loop.wav", "a (2)-loop.wav", "b-loop.wav"}
    empty = tmp_path / "empty"
    empty.mkdir()
    fails("split", empty, "-o", tmp_path / "x", words=("no sound in it", "--recursive"))


def test_analyze_gives_one_object_a_file_and_goes_on_past_a_failure(tmp_path: Path) -> None:
    good = write(tmp_path / "good.wav", music())
    silent = write(tmp_path / "silent.wav", Clip(np.zeros((RATE * 4, 1), np.float32), RATE))
    missing = tmp_path / "missing.wav"
    done = infiniloop("analyze", silent, good, missing, "--json", "--top", "2")
    assert done.returncode == 1
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["file"] for one in told] == [str(silent), str(good), str(missing)]
    assert [sorted(one) == ["error", "file"] for one in told] == [True, False, True]
    assert told[0]["error"]["kind"] == "SilentClip"
    assert "silent" in told[0]["error"]["message"]
    assert len(done.stderr.strip().splitlines()) == 2
    (alone,) = tells("analyze", good, "--top", "2")
    assert alone == told[1]
    (with_beats,) = tells("analyze", good, "--top", "2", "--beats")
    assert with_beats | alone == with_beats
    assert set(with_beats) - set(alone) == {"beats", "downbeats"}
    assert set(with_beats["downbeats"]) <= set(with_beats["beats"])
    table = works("analyze", silent.parent / "good.wav", "--unit", "samples", "--top", "1")
    assert str(alone["loops"][0]["loop_start"]) in table


def test_analyze_obeys_the_options(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    (told,) = tells("analyze", path, "--min-loop", "3", "--max-loop", "5")
    for one in told["loops"]:
        assert 3.0 * RATE <= one["loop_end"] - one["loop_start"] <= 5.0 * RATE
    (told,) = tells("analyze", path, "--whole-bars")
    assert all(one["bars"] for one in told["loops"])
    (told,) = tells("analyze", path, "--near", "2.7", "10.7", "--near-window", "500ms")
    for one in told["loops"]:
        assert abs(one["loop_start"] / RATE - 2.7) <= 0.5 + 1e-6
        assert abs(one["loop_end"] / RATE - 10.7) <= 0.5 + 1e-6


def test_tagged_loops_are_offered(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    works("tag", path, "--in-place", "--loop", "1", "9")
    (told,) = tells("analyze", path)
    tagged = [one for one in told["loops"] if one["origin"] == "tag"]
    assert [(one["loop_start"], one["loop_end"]) for one in tagged] == [(22_050, 198_450)]


def test_refusals(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    out = tmp_path / "x.wav"
    fails("extend", path, "--length", "0", "-o", out, words=("--length is 0",))
    fails("extend", path, "--length", "25h", "-o", out, words=("--length is 25h",))
    # Meant was 2:37, and a loop that has not turned once is no loop.
    fails("extend", path, "--length", "2.37", "--loop", "1", "9", "-o", out, words=("“2.37”", "9.00 s", "2:37"))
    fails("extend", path, "--length", "1m", "--overlap", "9999", "-o", out, words=("--overlap is 9999",))
    fails("extend", path, "--length", "1m", "--loop", "1", "99", "-o", out, words=("--loop’s end is 99", "18.7"))
    fails("extend", path, "--length", "1m", "--loop", "1", "2", "-o", tmp_path / "x.aac", words=("x.aac", ".flac"))
    fails("extend", path, "--length", "1m", "--loop", "1", "2", "-o", path, words=("itself",))
    fails("export", path, "--candidate", "99", "-o", out, words=("--candidate is 99",))
    fails("export", tmp_path, "--loop", "1", "2", "-o", path, words=("music.wav",))
    assert {one.name for one in tmp_path.iterdir()} == {"music.wav"}
    for arguments in (("export", path), ("tag", path), ("extend", path, "-o", out), ("extend", path, "--length", "1x")):
        done = infiniloop(*arguments)
        assert done.returncode == 2
        assert "usage" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("extend", "--length", "5h"), ("split",), pytest.param(("export",), marks=pytest.mark.soak)]
)
def test_interrupted_it_leaves_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    samples = np.clip(noise(RATE * 600, n_channels=1), -1, 1)
    path = write(tmp_path / "in/long.wav", Clip(samples, RATE))
    out = tmp_path / "out"
    out.mkdir()
    output = out if arguments[0] == "split" else out / "x.flac"
    more = ("--format", "flac", "--loop", "10", "590", "-o", str(output))
    process = subprocess.Popen(
        command(arguments[0], str(path), *arguments[1:], *more), cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    give_up = time.monotonic() + 30.0
    while not any(one.stat().st_size for one in out.iterdir()):
        assert process.poll() is None
        assert time.monotonic() < give_up
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30.0)
    assert process.returncode == 130, told
    assert told == "infiniloop: stopped.\n"
    assert list(out.iterdir()) == []


@pytest.mark.soak
def test_a_long_extension_needs_little_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    code = (
        "import sys; from app.main import main; from tests.memory import peak_mib; code = main(sys.argv[1:]);"
        "print(peak_mib()); raise SystemExit(code)"
    )
    arguments = ["extend", str(path), "--loop", "1", "9", "-o", str(tmp_path / "x.flac"), "--length"]
    peaks = []
    for length in ("1m", "10m"):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments, length, "--force"],
            cwd=ROOT, capture_output=True, text=True, check=True, env=dict(os.environ),
        )  # fmt: skip
        peaks.append(float(done.stdout))
    assert peaks[1] < peaks[0] + 20.0
    assert soundfile.info(tmp_path / "x.flac").frames == 10 * 60 * RATE


def test_loop_commands_start_without_anything_heavy() -> None:
    code = (
        "import sys; from app.main import build_parser; build_parser();"
        "print([name for name in ('scipy', 'soundfile', 'sounddevice', 'PySide6', 'librosa') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
