# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that is being written is either the old one or the new one, whole."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.errors import CannotWrite, ExistsMeanwhile
from engine.library import atomic
from engine.library.atomic import is_temporary, leave_alone, replacing, write_bytes
from tests.engine.library.making import files_limited_to, public_folder, unprivileged

ROOT = Path(__file__).parents[3]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_content_appears_at_the_end_and_not_before(tmp_path: Path) -> None:
    target = tmp_path / "new.bin"
    with replacing(target) as handle:
        handle.write(b"half")
        handle.flush()
        assert not target.exists()
        assert [is_temporary(name) for name in names(tmp_path)] == [True]
        handle.write(b" and half")
    assert target.read_bytes() == b"half and half"
    assert names(tmp_path) == ["new.bin"]


def test_old_file_stays_until_the_end_and_after_an_error(tmp_path: Path) -> None:
    target = tmp_path / "file.bin"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="stop"), replacing(target) as handle:  # noqa: PT012
        handle.write(b"new")
        handle.flush()
        assert target.read_bytes() == b"old"
        raise RuntimeError("stop")
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["file.bin"]


def test_a_keyboard_interrupt_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "file.bin") as handle:  # noqa: PT012
        handle.write(b"new")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_bytes(tmp_path / "ours", b"x")
        (tmp_path / "any other").write_bytes(b"x")
    finally:
        os.umask(before)
    ours, other = (stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("ours", "any other"))
    assert ours == other == 0o666 & ~umask


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    target.chmod(0o640)
    write_bytes(target, b"new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert target.read_bytes() == b"new"


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "file", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_the_longest_name_a_folder_takes(tmp_path: Path) -> None:
    longest = tmp_path / ("n" * 255)
    write_bytes(longest, b"x")
    assert longest.read_bytes() == b"x"
    with pytest.raises(CannotWrite, match="too long"):
        write_bytes(tmp_path / ("n" * 256), b"x")
    assert names(tmp_path) == [longest.name]


def test_a_missing_folder_a_folder_and_a_file_as_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    for place, words in (("missing/x", "No such file"), ("folder", "Is a directory"), ("file/x", "Not a directory")):
        with pytest.raises(CannotWrite, match=words) as caught:
            write_bytes(tmp_path / place, b"new")
        assert caught.value.fields["path"] == str(tmp_path / place)
    assert names(tmp_path) == ["file", "folder"]
    assert (tmp_path / "file").read_bytes() == b"old"


def test_a_pipe_or_device_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(CannotWrite, match="not a regular file"):
        write_bytes(pipe, b"x")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_read_only_folder() -> None:
    with public_folder() as folder:
        (folder / "old").write_bytes(b"old")
        folder.chmod(0o555)
        with unprivileged():
            assert (folder / "old").read_bytes() == b"old"
            for name in ("old", "new"):
                with pytest.raises(CannotWrite, match="Permission denied"):
                    write_bytes(folder / name, b"new")
        assert names(folder) == ["old"]


@pytest.mark.parametrize("n_bytes", [4097, 9_000, 1_000_000])
def test_a_full_disk_keeps_the_old_file(tmp_path: Path, n_bytes: int) -> None:
    # The smaller ones stay in Python's buffer until the very end: the error must not be lost there.
    target = tmp_path / "file"
    target.write_bytes(b"old")
    with files_limited_to(4096), pytest.raises(CannotWrite, match="File too large"):
        write_bytes(target, b"n" * n_bytes)
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def refusing(number: int, *, folders: bool) -> str:
    """Return code that has fsync refused for files, or for folders, as the file system's driver would."""
    return (
        "import os, stat\n"
        "real = os.fsync\n"
        "def fsync(descriptor):\n"
        f"    if stat.S_ISDIR(os.fstat(descriptor).st_mode) is {folders}:\n"
        f"        raise OSError({number}, os.strerror({number}))\n"
        "    real(descriptor)\n"
        "os.fsync = fsync\n"
    )


@pytest.mark.parametrize("folders", [False, True])
@pytest.mark.parametrize("name", ["EINVAL", "ENOTSUP", "EACCES", "EPERM", "ENOSYS", "EROFS"])
def test_a_share_that_cannot_sync_fails_nothing(tmp_path: Path, name: str, folders: bool) -> None:
    code = refusing(getattr(errno, name), folders=folders)
    code += f"from engine.library.atomic import write_bytes; write_bytes({str(tmp_path / 'file')!r}, b'new')"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    assert (tmp_path / "file").read_bytes() == b"new"
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("name", ["ENOSPC", "EIO", "EDQUOT"])
def test_a_disk_that_lost_what_was_written_fails(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"old")
    code = refusing(getattr(errno, name), folders=False)
    code += f"from engine.library.atomic import write_bytes; write_bytes({str(tmp_path / 'file')!r}, b'new')"
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT, capture_output=True, text=True)
    assert ("CannotWrite" if name == "EIO" else "DiskFull") in done.stderr
    assert os.strerror(getattr(errno, name)) in done.stderr
    assert (tmp_path / "file").read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def test_what_nobody_writes_any_more_is_swept_and_nothing_else(tmp_path: Path) -> None:
    long_ago = time.time() + atomic.STALE_S + 1.0
    (tmp_path / ".infiniloop-notes.txt").write_bytes(b"mine")
    (tmp_path / "other.part").write_bytes(b"mine")
    dead = atomic.temporary_beside(tmp_path / "x")
    dead.write_bytes(b"half")
    living = atomic.temporary_beside(tmp_path / "x")
    with living.open("wb") as handle:
        assert atomic.own(handle.fileno())
        assert atomic.sweep_folder(tmp_path) == []  # made just now: its owner may be about to lock it
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(time, "time", lambda: long_ago)
            assert atomic.sweep_folder(tmp_path) == [dead]
    assert names(tmp_path) == sorted([".infiniloop-notes.txt", "other.part", living.name])


def test_a_journal_names_what_is_unfinished_and_sweeps_only_that(tmp_path: Path) -> None:
    journal, folder = tmp_path / "journal", tmp_path / "folder"
    folder.mkdir()
    (folder / "precious").write_bytes(b"mine")
    atomic.keep_journal(journal)
    try:
        with replacing(folder / "x") as handle:
            handle.write(b"half")
            assert len(list(journal.iterdir())) == 1
            assert atomic.sweep_journal(journal) == []
        assert list(journal.iterdir()) == []
    finally:
        atomic.keep_journal(None)
    # Links that lead to what is not ours, or nowhere.
    (journal / "a").symlink_to(folder / "precious")
    (journal / "b").symlink_to(folder / ".infiniloop-0123.part")
    (folder / ".infiniloop-4567.part").symlink_to(folder / "precious")
    (journal / "c").symlink_to(folder / ".infiniloop-4567.part")
    assert atomic.sweep_journal(journal) == []
    assert (folder / "precious").read_bytes() == b"mine"
    with (folder / ".infiniloop-89ab.part").open("wb") as handle:
        (journal / "d").symlink_to(handle.name)
        fcntl.flock(handle.fileno(), fcntl.LOCK_EX)
        assert atomic.sweep_journal(journal) == []
    assert atomic.sweep_journal(journal) == [folder / ".infiniloop-89ab.part"]


def test_what_came_to_be_meanwhile_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "song.wav"
    leave_alone([target])
    target.write_bytes(b"precious")
    with pytest.raises(ExistsMeanwhile) as caught:
        write_bytes(target, b"new")
    assert target.read_bytes() == b"precious"
    assert Path(caught.value.fields["kept"]).read_bytes() == b"new"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["song (2).wav", "song.wav"]
    # Once: what is written again afterwards, a tag perhaps, is one's own.
    write_bytes(target, b"again")
    assert target.read_bytes() == b"again"


@pytest.mark.parametrize("has_links", [True, False])
def test_what_is_not_there_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    if not has_links:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    target = tmp_path / "song.wav"
    leave_alone([target])
    write_bytes(target, b"new")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]
