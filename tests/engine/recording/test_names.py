# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording is renamed with its stems, and neither takes the place, or the stems, of another recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import CannotWrite
from engine.recording.cut import free_target
from engine.recording.names import fits, is_free, rename_recording
from engine.recording.recorded_stems import stems_folder


@pytest.fixture
def jam(tmp_path: Path) -> Path:
    path = tmp_path / "jam.flac"
    path.write_text("a mix")
    stems_folder(str(path)).mkdir()
    (stems_folder(str(path)) / "drums.flac").write_text("drums")
    return path


def contents(folder: Path) -> dict[str, str]:
    return {str(one.relative_to(folder)): one.read_text() for one in sorted(folder.rglob("*")) if one.is_file()}


def test_its_stems_go_with_it(jam: Path) -> None:
    assert rename_recording(str(jam), "other") == jam.with_name("other.flac")
    assert contents(jam.parent) == {"other.flac": "a mix", "other stems/drums.flac": "drums"}


@pytest.mark.parametrize("there", ["set.flac", "set.opus", "set stems/bass.flac", "set stems"])
def test_no_other_recording_is_in_the_way(jam: Path, there: str) -> None:
    other = jam.parent / there
    other.parent.mkdir(exist_ok=True)
    other.write_text("another")
    before = contents(jam.parent)
    assert not is_free(str(jam), "set")
    with pytest.raises(CannotWrite, match="has this name already"):
        rename_recording(str(jam), "set")
    assert contents(jam.parent) == before


@pytest.mark.parametrize("name", ["ä" * 130, "n" * 250, "\ud800"], ids=["letters", "stems", "half a letter"])
def test_a_name_that_no_file_can_have_is_none(jam: Path, name: str) -> None:
    assert not fits(str(jam), name)
    if name.isascii():
        before = contents(jam.parent)
        with pytest.raises(CannotWrite, match="too long"):
            rename_recording(str(jam), name)
        assert contents(jam.parent) == before, "the recording goes nowhere without its stems"
    assert fits(str(jam), "n" * 249)


def test_a_part_of_one_with_a_long_name_has_a_name(tmp_path: Path) -> None:
    target = free_target(str(tmp_path / f"{'ä' * 125}.flac"), 3, 6)
    target.touch()
    assert target.name.endswith("ä (bars 3–6).flac")
