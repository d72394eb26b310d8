# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of files appears whole, under a name that is free, or not at all."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CannotWrite, TooLarge
from engine.library import atomic, room
from engine.library.atomic import new_folder, write_bytes
from engine.library.audiofile import read_clip
from engine.library.stems import write_stems
from engine.values import BakedLoop, LoopRegion
from tests.engine.library.making import files_limited_to


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def stems(*called: str) -> dict[str, BakedLoop]:
    samples = np.linspace(-1.5, 1.5, 2000, dtype=np.float32).reshape(-1, 2)
    return {name: BakedLoop(samples, 44_100, LoopRegion(0, 1000), 0, 0.0) for name in called}


def test_it_appears_at_the_end_under_the_first_free_name(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        assert atomic.is_temporary(folder.name)
        write_bytes(folder / "one", b"1")

    (tmp_path / "song stems (2)").write_bytes(b"mine")
    made = [new_folder(tmp_path / "song stems", fill).name for _ in range(2)]
    assert made == ["song stems", "song stems (3)"]
    assert names(tmp_path) == ["song stems", "song stems (2)", "song stems (3)"]
    assert (tmp_path / "song stems (3)" / "one").read_bytes() == b"1"


def test_stems_are_floats_and_named_apart(tmp_path: Path) -> None:
    folder = write_stems(tmp_path / "song stems", stems("bass / low", "bass low", "…"))
    assert names(folder) == ["bass  low.wav", "bass low.wav", "stem.wav"]
    assert read_clip(folder / "stem.wav").samples.max() == 1.5, "nothing is held at full scale"


def test_a_full_disk_leaves_nothing_and_is_told_of_the_folders_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with files_limited_to(4096), pytest.raises(CannotWrite) as caught:
        write_stems(tmp_path / "song stems", stems("bass", "drums"))
    assert caught.value.fields["path"] == str(tmp_path / "song stems")
    monkeypatch.setattr(room, "free_bytes", lambda _: 15_000)
    with pytest.raises(TooLarge, match="song stems"):
        write_stems(tmp_path / "song stems", stems("bass", "drums"))
    with pytest.raises(CannotWrite, match="No such file"):
        write_stems(tmp_path / "nowhere" / "song stems", stems("bass"))
    assert names(tmp_path) == []


def test_what_a_killed_process_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, seen = atomic.temporary_beside(tmp_path / "x"), []
    dead.mkdir()
    (dead / "half.wav").write_bytes(b"half")
    long_ago = time.time() + atomic.STALE_S + 1.0

    def fill(folder: Path) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda: long_ago)
            seen.extend(atomic.sweep_folder(tmp_path))
        assert folder.is_dir(), "one that is being filled is not swept"

    new_folder(tmp_path / "song", fill)
    assert seen == [dead]
    assert names(tmp_path) == ["song"]
