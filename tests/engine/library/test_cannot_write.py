# SPDX-License-Identifier: GPL-3.0-or-later
"""The error for a file that cannot be written says what helps, and asks for room only where there is none."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from engine.errors import CannotWrite, DiskFull, cannot_write
from engine.library.atomic import replacing


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_to_free_space(tmp_path: Path, number: int) -> None:
    with pytest.raises(DiskFull, match="choose another place or free some space"), replacing(tmp_path / "a"):
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.EROFS, errno.EIO, errno.ENAMETOOLONG, None])
def test_whatever_else_it_is_room_does_not_help(number: int | None) -> None:
    error = OSError("why") if number is None else OSError(number, os.strerror(number))
    told = cannot_write("a.wav", error)
    assert type(told) is CannotWrite
    assert str(told) == f"“a.wav” cannot be written ({error.strerror or 'why'}): choose another place."


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite) as caught, replacing(tmp_path / "nodir/a.wav"):
        pass
    assert "free some space" not in str(caught.value)
    assert "No such file or directory" in str(caught.value)
