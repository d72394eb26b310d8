# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged files of every format are read to their end or give one clear error, never a crash, never a hang."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import CannotRead, EmptyClip, FileMissing, NotAudio, StudioError
from engine.library.looptags import read_loop_tags, write_loop_tags
from engine.library.soundfiles import open_sound
from engine.values import LoopRegion
from tests.engine.library.mutating import KINDS, LIMIT_S, encoded

N_FILES = int(os.environ.get("INFINILOOP_MUTATIONS", "300"))
"""Number of damaged files to try; 26,000 were, once."""

FIRST = int(os.environ.get("INFINILOOP_FIRST_MUTATION", "0"))
MAX_MEMORY_MIB = 512


def test_damaged_files(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.engine.library.mutating"]
    command += [str(tmp_path), str(FIRST), str(N_FILES)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=LIMIT_S + N_FILES)
    told = done.stdout.decode(errors="replace").split("\n")
    assert done.returncode == 0, f"died of file {told[-2]}: {done.stderr.decode(errors='replace')[-4000:]}"
    word, memory_mib = told[-2].split()
    assert word == "done"
    assert int(memory_mib) < MAX_MEMORY_MIB


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind)))
def test_every_length_to_which_a_file_is_cut(tmp_path: Path, kind: tuple[str, str, str, int, int]) -> None:
    ending, container, encoding, sample_rate, n_channels = kind
    content = encoded(container, encoding, sample_rate, n_channels, n_samples=2000)
    path = tmp_path / f"sound.{ending}"
    path.write_bytes(content)
    with open_sound(path) as sound:
        n_whole = sound.n_samples
        whole = sound.read(0, n_whole).copy()
    for n_bytes in (*range(0, 200, 17), *range(200, len(content), len(content) // 5)):
        path.write_bytes(content[:n_bytes])
        try:
            with open_sound(path) as sound:
                assert 0 < sound.n_samples <= n_whole
                read = sound.read(0, sound.n_samples)
                if encoding in {"PCM_16", "PCM_24", "FLOAT", "DOUBLE"} and container != "PAF":
                    assert (read == whole[: len(read)]).all()
        except StudioError:
            pass


@pytest.mark.parametrize("name", ["sound.wav", "sound.flac", "sound.mp3", "sound.ogg", "sound"])
def test_what_holds_no_sound(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    id3 = b"ID3\x03\0\0\0\0\0\x0aTIT2\0\0\0\0\0\0"
    for content in (b"", b"\0" * 5000, id3, id3 + b"\0" * 5000, b"text\n" * 500, b"\xff\xfb\x90\x44"):
        path.write_bytes(content)
        for read in (lambda: open_sound(path).__enter__(), lambda: read_loop_tags(path)):
            with pytest.raises((NotAudio, EmptyClip)):
                read()
        with pytest.raises((NotAudio, EmptyClip)):
            write_loop_tags(path, path, LoopRegion(0, 1))
        assert path.read_bytes() == content


def test_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "folder.wav").mkdir()
    for name, kind in (("pipe.wav", CannotRead), ("folder.wav", CannotRead), ("missing.wav", FileMissing)):
        path = tmp_path / name
        with pytest.raises(kind), open_sound(path):
            pass
        with pytest.raises(kind):
            read_loop_tags(path)
        with pytest.raises(kind):
            write_loop_tags(path, tmp_path / "target.wav", LoopRegion(0, 1))
    with pytest.raises(CannotRead), open_sound("/dev/zero"):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.wav", "pipe.wav"]
