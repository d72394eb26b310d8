# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are not what they seem give, through the command, a loop, or one sentence and exit code 1."""

from __future__ import annotations

import json
import os
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.values import FloatArray
from tests.app.commands.running import ROOT, command
from tests.engine.loops import material

RATE = 22_050
ID3 = b"ID3\x03\0\0\0\0\0\x0aTIT2\0\0\0\0\0\0"


def _music(sample_rate: int = RATE, n_channels: int = 2, n_bars: float = 4.0) -> FloatArray:
    samples = material.groove(sample_rate, 120.0, n_bars=n_bars, n_channels=2).samples
    return np.hstack([samples] * 4)[:, :n_channels]


def _wav(path: Path, samples: FloatArray, subtype: str = "PCM_16", sample_rate: int = RATE) -> bytes:
    soundfile.write(path, samples, sample_rate, subtype=subtype, format="WAV")
    return path.read_bytes()


def _with_size(content: bytes, n_bytes: int) -> bytes:
    """Return a WAV whose ``data`` chunk claims so many bytes."""
    at = content.index(b"data") + 4
    return content[:at] + struct.pack("<I", n_bytes) + content[at + 4 :]


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _id3_only(path: Path) -> None:
    path.write_bytes(ID3)


def _id3_and_nothing(path: Path) -> None:
    path.write_bytes(ID3 + b"\0" * 20_000)


def _no_samples(path: Path) -> None:
    _wav(path, np.zeros((0, 2), dtype=np.float32))


def _header_alone(path: Path) -> None:
    path.write_bytes(_wav(path, _music())[:44])


def _cut_in_its_header(path: Path) -> None:
    path.write_bytes(_wav(path, _music())[:30])


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _silent(path: Path) -> None:
    _wav(path, np.zeros((4 * RATE, 2), dtype=np.float32))


def _constant(path: Path) -> None:
    _wav(path, np.full((4 * RATE, 2), 0.5, dtype=np.float32), "FLOAT")


def _one_sample(path: Path) -> None:
    _wav(path, np.ones((1, 1), dtype=np.float32))


def _no_numbers(path: Path) -> None:
    samples = _music().copy()
    samples[5_000:5_007] = np.nan
    _wav(path, samples, "FLOAT")


def _far_too_loud(path: Path) -> None:
    _wav(path, _music() * np.float32(1e30), "FLOAT")


def _nine_channels(path: Path) -> None:
    _wav(path, np.zeros((RATE, 9), dtype=np.float32))


def _text(path: Path) -> None:
    path.write_text("This is no sound.\n" * 500)


def _missing(path: Path) -> None:
    pass


REFUSED: list[tuple[str, Callable[[Path], None], str]] = [
    ("empty.wav", _empty, "not an audio file"),
    ("tag.mp3", _id3_only, "not an audio file"),
    ("tagged.mp3", _id3_and_nothing, "not an audio file"),
    ("nothing.wav", _no_samples, "holds no samples"),
    ("header.wav", _header_alone, "holds no samples"),
    ("cut.wav", _cut_in_its_header, "not an audio file"),
    ("pipe.wav", _pipe, "not a regular file"),
    ("silent.wav", _silent, "is silent"),
    ("constant.wav", _constant, "is silent"),
    ("one.wav", _one_sample, "are needed"),
    ("nan.wav", _no_numbers, "14 samples that are not numbers"),
    ("loud.wav", _far_too_loud, "full scale is 1"),
    ("nine.wav", _nine_channels, "9 channels"),
    ("text.flac", _text, "not an audio file"),
    ("missing.wav", _missing, "no file"),
]

FOUND: list[tuple[str, str, int, int]] = [
    ("24 bits.wav", "PCM_24", RATE, 2),
    ("float.wav", "FLOAT", RATE, 1),
    ("192 kHz.wav", "PCM_24", 192_000, 2),
    ("eight.wav", "PCM_16", 48_000, 8),
    ("8 kHz.wav", "PCM_U8", 8_000, 1),
]


def _analyzed(*paths: Path) -> subprocess.CompletedProcess[str]:
    """Run ``analyze`` with ``-W error``, so that a warning would be a traceback."""
    line = [*command("analyze", "--json", *map(str, paths))]
    line[1:1] = ["-W", "error"]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)


def test_what_cannot_be_searched_is_told_in_a_sentence_each_and_the_others_go_on(tmp_path: Path) -> None:
    paths = []
    for name, make, _ in REFUSED:
        paths.append(tmp_path / name)
        make(paths[-1])
    good = tmp_path / "good.wav"
    _wav(good, _music())
    done = _analyzed(*paths, good)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(one["file"]) for one in told] == [*paths, good]
    for one, (name, _, words) in zip(told, REFUSED, strict=False):
        sentence = one["error"]["message"]
        assert words in sentence, (name, sentence)
        assert sentence.endswith(".")
        assert sentence in done.stderr
    assert told[-1]["loops"]


@pytest.mark.parametrize(
    ("name", "make", "words"), [REFUSED[1], REFUSED[6], REFUSED[7]], ids=lambda each: str(each)[:9]
)
def test_one_file_alone(tmp_path: Path, name: str, make: Callable[[Path], None], words: str) -> None:
    make(tmp_path / name)
    done = _analyzed(tmp_path / name)
    assert done.returncode == 1
    (sentence,) = done.stderr.strip().splitlines()
    assert words in sentence


def test_a_folder_without_sounds(tmp_path: Path) -> None:
    _folder(tmp_path / "folder.wav")
    done = _analyzed(tmp_path / "folder.wav")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.mark.soak
def test_every_format_and_headers_that_lie(tmp_path: Path) -> None:
    paths = []
    for name, subtype, sample_rate, n_channels in FOUND:
        paths.append(tmp_path / name)
        _wav(paths[-1], _music(sample_rate, n_channels), subtype, sample_rate)
    lying = _wav(tmp_path / "whole.wav", _music())
    for name, content in (
        ("says it is endless.wav", _with_size(lying, 0xFFFFFFFF)),
        ("says it is longer.wav", _with_size(lying, 10 * len(lying))),
        ("cut short.wav", lying[: len(lying) * 3 // 4]),
        ("cut within a sample.wav", lying[: len(lying) * 3 // 4 + 1]),
    ):
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)
    done = _analyzed(*paths)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    for line in done.stdout.splitlines():
        told = json.loads(line)
        assert 0 <= told["loops"][0]["loop_start"] < told["loops"][0]["loop_end"] <= told["n_samples"]
        assert told["n_samples"] <= 8.1 * told["sample_rate"]
        assert told["loops"][0]["score"] >= 0.0
        assert told["tempo_bpm"] is None or 50.0 < told["tempo_bpm"] < 250.0
