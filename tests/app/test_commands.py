# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests run the command line as scripts do: exit codes, one sentence, JSON on stdout and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.library.looptags import read_loop_tags
from engine.values import LoopRegion
from tests.app.commands.running import infiniloop
from tests.sampling import some
from tests.standins import install_musicgpt


def fails(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Run a command that fails with one sentence on stderr that holds the words, and nothing on stdout."""
    assert done.returncode in (1, 2), done.stderr
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in lines[0]


def generate(path: Path, *more: str, prompt: str = "house, 120 bpm") -> subprocess.CompletedProcess[str]:
    return infiniloop("generate", prompt, "-o", str(path), "--duration", "8", "--seed", "7", *more)


def test_help_teaches_the_commands() -> None:
    done = infiniloop("--help")
    assert done.returncode == 0
    for word in ("studio", "generate", "analyze", "render", "devices", "exit codes"):
        assert word in done.stdout


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize(
    "arguments",
    [
        ("doctor", "--quick", "--json"),
        ("extend", "--help"),
        *(pytest.param((one,), marks=pytest.mark.soak) for one in ("--help", "--version")),
    ],
)
def test_a_reader_that_goes_away_is_not_worth_a_word(
    no_sound: None, arguments: tuple[str, ...], buffered: bool
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    if not buffered:
        environment["PYTHONUNBUFFERED"] = "1"
    with subprocess.Popen(
        [sys.executable, "-m", "app.main", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env=environment,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        told = process.stderr.read()
    assert (process.returncode, told) == (0, b"")


@pytest.mark.parametrize(
    "arguments", [("fly",), ("generate",), ("analyze", "--top"), ("render", "x", "--minutes", "a")]
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...]) -> None:
    done = infiniloop(*arguments)
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_no_display_names_the_way_out() -> None:
    # Not the screen that tests before this one had.
    fails(infiniloop(DISPLAY=""), "display", "infiniloop render")
    fails(infiniloop("studio", DISPLAY=":4242"), ":4242", "infiniloop render")


@pytest.mark.soak
def test_generate_then_analyze(tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    done = generate(path, "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["seed"] == 7
    assert made["tempo_bpm"] == 120
    samples, rate = soundfile.read(path)
    assert (len(samples), rate) == (made["n_samples"], made["sample_rate"])
    again = tmp_path / "again.wav"
    assert generate(again).returncode == 0
    assert path.read_bytes() == again.read_bytes()

    for algorithm in ("advanced", "classic"):
        done = infiniloop("analyze", str(path), "--json", "--algorithm", algorithm, "--top", "4", "--min-loop", "1.5")
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        told = {"file", "sample_rate", "n_samples", "damage", "tempo_bpm", "key", "beats_per_bar", "loops", "proof"}
        assert set(found) == told
        assert found["n_samples"] == len(samples)
        assert 1 <= len(found["loops"]) <= 4
        # Listed by what a listener gains, which is not the score alone: first of all what loops as a whole.
        assert (found["loops"][0]["loop_start"], found["loops"][0]["loop_end"]) == (0, len(samples))
        assert all(0.0 <= one["score"] <= 1.0 for one in found["loops"])
        for one in found["loops"]:
            told = {"loop_start", "loop_end", "score", "metrics", "bars", "weak", "tempo_bpm", "origin"}
            assert set(one) == told | {"played_through", "overlap_ms"}
            assert set(one["metrics"]) == {"spectral", "waveform", "beat", "phase"}
            assert 0 <= one["loop_start"] < one["loop_end"] <= len(samples)
            assert one["loop_end"] - one["loop_start"] >= 1.5 * rate


@pytest.mark.parametrize("ending", some(["flac", "wav", "ogg"]))
def test_a_clip_that_loops_as_a_whole_is_tagged_so_and_its_length_is_told(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"clip.{ending}"
    done = infiniloop("generate", "house, 122 bpm", "-o", str(path), "--duration", "15", "--seed", "7")
    assert done.returncode == 0, done.stderr
    n_samples = round(8 * 4 * 60.0 / 122.0 * 44_100)
    assert abs(soundfile.info(path).frames - n_samples) <= 8
    assert read_loop_tags(path) == (LoopRegion(0, soundfile.info(path).frames),)
    assert "15.74 s (8 whole bars at 122 bpm; 15 s were asked for)" in done.stderr
    told = json.loads(infiniloop("export", "--points", "--tagged", "--json", str(path)).stdout)
    assert told["loops"][0] | {"loop_start": 0, "loop_end": soundfile.info(path).frames} == told["loops"][0]


@pytest.mark.soak
def test_a_length_that_is_met_needs_no_words(tmp_path: Path) -> None:
    done = infiniloop("generate", "house, 120 bpm", "-o", str(tmp_path / "x.wav"), "--duration", "16", "--json")
    told = json.loads(done.stdout)
    assert (told["duration_s"], told["asked_duration_s"], told["bars"]) == (16.0, 16.0, 8)
    done = infiniloop("generate", "house, 120 bpm", "-o", str(tmp_path / "y.wav"), "--duration", "16")
    assert re.search(r": 16\.00 s, [A-G][#b]? (major|minor), house, ", done.stderr)
    assert "asked" not in done.stderr


@pytest.mark.soak
def test_render_makes_the_minutes_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "music.flac"
    arguments = ("render", "lofi, 90 bpm", "--minutes", "0.6", "-o", str(path), "--min-play", "10", "--seed", "1")
    done = infiniloop(*arguments, "--duration", "10", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    samples, rate = soundfile.read(path)
    assert len(samples) == told["n_samples"] == round(36 * rate)
    assert len(told["loops"]) >= 2
    loud = np.abs(samples).max()
    assert 0.1 < loud <= 1.0
    window = rate // 2
    rms = np.sqrt((samples[: len(samples) // window * window] ** 2).reshape(-1, window * 2).mean(axis=1))
    assert rms[:-1].min() > 0.005, "half a second of silence in endless music"


def test_generate_with_musicgpt(tmp_path: Path) -> None:
    path = tmp_path / "clip.ogg"
    done = infiniloop(
        "generate", "rock", "-o", str(path), "--duration", "5", "--generator", "musicgpt", "--model", "small",
        INFINILOOP_MUSICGPT=str(install_musicgpt(tmp_path)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert soundfile.info(path).samplerate == 44_100
    assert read_loop_tags(path) == ()


@pytest.mark.soak
def test_bars_tempo_key_and_layer_are_kept_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    asked = ("--bars", "3", "--bpm", "92,5", "--key", "f#m", "--layer", "drums")
    made = json.loads(generate(path, *asked, "--json", prompt="jazz, 140 bpm, in C major").stdout)
    assert (made["bars"], made["tempo_bpm"], made["key"]) == (3, 92.5, "F# minor")
    assert made["n_samples"] == 3 * round(4 * 60 * 44_100 / 92.5)
    assert made["tags"] == ["jazz", "drums"]
    again = json.loads(generate(path, "--force", "--set", "bars=3", "--set", "bpm=92.5", "--json").stdout)
    assert (again["bars"], again["tempo_bpm"]) == (3, 92.5)
    done = infiniloop("generate", "x", "-o", str(path), "--set", "bars")
    assert done.returncode == 2
    assert "write NAME=VALUE" in done.stderr


def test_bad_requests_are_told_in_one_sentence(tmp_path: Path) -> None:
    out = tmp_path / "x.wav"
    fails(generate(out, prompt="   "), "prompt is empty")
    fails(generate(out, prompt="la " * 5000), "15000", "2000")
    fails(generate(tmp_path / "x.aiff"), "x.aiff", ".flac")
    fails(generate(tmp_path / "none" / "x.wav"), "none")
    fails(infiniloop("generate", "x", "-o", str(out), "--duration", "900"), "900")
    fails(infiniloop("generate", "x", "-o", str(out), "--generator", "abba"), "abba", "composer")
    fails(infiniloop("generate", "x", "-o", str(out), "--generator", "musicgpt", PATH="/nowhere"), "MusicGPT")
    fails(generate(out, "--negative-prompt", "rain"), "Built-in composer takes no negative prompt", "“rain”")
    fails(generate(out, "--seed", "-1"), "seed is -1", "from 0")
    fails(generate(out, "--bars", "8", "--bpm", "60"), "8 bars at 60 bpm last 32.0 s", "fewer bars")
    fails(generate(out, "--key", "H"), "no key called “H”", "A minor")
    fails(generate(out, "--layer", "choir"), "no layer called “choir”", "drums")
    fails(generate(out, "--set", "warmth=1"), "no parameter of Built-in composer called “warmth”", "bars")
    fails(generate(out, "--set", "bars=many"), "bars is “many”", "a whole number")
    fails(generate(out, "--generator", "musicgpt"), "MusicGPT takes no seed", "“7”")
    fails(infiniloop("render", "x", "-o", str(out), "--minutes", "1", "--bpm", "9"), "bpm is 9", "from 30")
    fails(infiniloop("render", "x", "-o", str(out), "--minutes", "0"), "--minutes", "0")
    fails(infiniloop("render", "x", "-o", str(out), "--minutes", "1", "--overlap-ms", "9999"), "--overlap-ms")
    assert list(tmp_path.iterdir()) == []


def test_bad_files_are_told_in_one_sentence(tmp_path: Path) -> None:
    rate = 44_100
    noise = np.random.default_rng(0).normal(0, 0.1, (rate * 4, 2)).astype(np.float32)
    corrupt, empty, silent, short, nan, nine = (
        tmp_path / f"{name}.wav" for name in ["corrupt", "empty", "silent", "short", "nan", "nine"]
    )
    corrupt.write_bytes(b"RIFF\x00\x00\x00\x00WAVEfmt rubbish" * 9)
    empty.write_bytes(b"")
    soundfile.write(silent, np.zeros((rate * 4, 2)), rate)
    soundfile.write(short, noise[: rate // 10], rate)
    broken = noise.copy()
    broken[1000:1010] = np.nan
    soundfile.write(nan, broken, rate, subtype="FLOAT")
    soundfile.write(nine, np.repeat(noise[:, :1], 9, axis=1), rate)
    fails(infiniloop("analyze", str(corrupt)), "corrupt.wav")
    fails(infiniloop("analyze", str(empty)), "empty.wav")
    fails(infiniloop("analyze", str(silent)), "silent")
    fails(infiniloop("analyze", str(short)), "0.10 s")
    fails(infiniloop("analyze", str(nan)), "NaN")
    fails(infiniloop("analyze", str(nine)), "9 channels")
    fails(infiniloop("analyze", str(tmp_path / "nothing.wav")), "nothing.wav")
    fails(infiniloop("analyze", "/dev/null"), "/dev/null")


@pytest.mark.audio
def test_devices_lists_the_sound_server(sound_server: object) -> None:
    done = infiniloop("devices", "--json")
    assert done.returncode == 0, done.stderr
    devices = json.loads(done.stdout)["devices"]
    assert any(one["is_default"] for one in devices)
    assert {"host_api", "name", "n_channels", "default_sample_rate", "is_default"} == set(devices[0])
