# SPDX-License-Identifier: GPL-3.0-or-later
"""Where nothing is to be written, each way of writing stops before it begins, or refuses as it would have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import CannotWrite
from engine.library import atomic, unwritten
from engine.library.unwritten import NotWritten, make_folder


@pytest.fixture(autouse=True)
def nothing_is_written() -> Iterator[None]:
    unwritten.write_nothing(True)
    yield
    unwritten.write_nothing(False)


def test_files_and_folders_stop_before_they_are_there(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "link").symlink_to("old")
    for name in ("old", "new", "link"):
        with pytest.raises(NotWritten) as stopped:
            atomic.write_bytes(tmp_path / name, b"new")
        assert stopped.value.path == tmp_path / name
    with pytest.raises(NotWritten):
        atomic.new_folder(tmp_path / "folder", lambda _: None)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link", "old"]
    assert (tmp_path / "old").read_bytes() == b"old"


def test_what_could_not_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for place in ("none/new", "file/new", "."):
        with pytest.raises(CannotWrite):
            atomic.write_bytes(tmp_path / place, b"")
    for folder in ("file", "file/below"):
        with pytest.raises(CannotWrite):
            make_folder(tmp_path / folder)
    # A folder that would have been made is one to write into, and so are those above it.
    make_folder(tmp_path / "a" / "b")
    for place in ("a/new", "a/b/new"):
        with pytest.raises(NotWritten):
            atomic.write_bytes(tmp_path / place, b"")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
