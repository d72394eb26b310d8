# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes files that appear whole or not at all: written beside their place, made durable, then renamed.

The temporary file beside the place is locked as long as its process lives. So whoever finds one that is not locked
knows that nobody will finish it: the first write into a folder removes such files (``sweep_folder``), and
``sweep_journal`` those of processes that noted theirs in a folder of links (``keep_journal``), wherever they lie.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import itertools
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from engine.errors import ExistsMeanwhile, StudioError, cannot_write
from engine.library import unwritten
from engine.library.names import fitting

TEMP_PREFIX = ".infiniloop-"
TEMP_SUFFIX = ".part"
STALE_S = 60.0
"""Seconds for which a temporary file may not be locked yet after it was made."""

_REFUSED_SYNC = frozenset(
    {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTTY}
)
"""Errors of file systems that cannot make a file durable when asked (network shares, FUSE); they lose nothing."""

_journal: Path | None = None
_unfinished: set[Path] = set()
_swept: set[Path] = set()
_absent: set[Path] = set()
"""Files that were not there when a write was allowed, and so may not be replaced."""


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str], *, follows: bool = True) -> Iterator[BinaryIO]:
    """Yield a handle to write and read whose content takes ``path``'s place when the block ends without an error.

    Until then the content lies in a temporary file in the same folder. On any error that file is removed, and what was
    at ``path`` before is still there. A link is followed: what it points to is replaced. A new file's permissions
    follow the umask, a replaced one's are kept.

    Parameters
    ----------
    follows
        Whether a link at ``path`` is followed; otherwise the link itself is replaced.

    Raises
    ------
    NotWritten
        Nothing is to be written (``engine.library.unwritten``).
    ExistsMeanwhile
        Something came to be at a ``path`` named by ``leave_alone``: the content is beside it, under a name of its own.
    CannotWrite
        For every OSError, those of the block included: no such folder, a read-only one, a full disk, or a ``path``
        that is no regular file.
    """
    target = Path(os.path.realpath(path)) if follows else Path(path).absolute()
    temporary = temporary_beside(target)
    if target.parent not in _swept and not unwritten.is_on():
        _swept.add(target.parent)
        sweep_folder(target.parent)
    try:
        if follows or not target.is_symlink():
            _refuse_special(target)
        unwritten.stop_before(target, Path(path))
        with temporary.open("x+b") as handle, _owned(temporary, handle.fileno()):
            try:
                yield handle
                with contextlib.suppress(OSError):  # nothing to replace, or a file system without permissions
                    before = target.lstat()
                    if not stat.S_ISLNK(before.st_mode):
                        os.fchmod(handle.fileno(), stat.S_IMODE(before.st_mode))
                handle.flush()
                sync(handle.fileno())
                _put(temporary, target)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        sync_folder(target.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


def leave_alone(absent: Iterable[str | os.PathLike[str]], others: Iterable[str | os.PathLike[str]] = ()) -> None:
    """Keep the files ``absent`` as they are, should they come to be before this process writes them.

    That is so once for each, and no longer so for ``others``.
    """
    _absent.difference_update(Path(os.path.realpath(one)) for one in others)
    _absent.update(Path(os.path.realpath(one)) for one in absent)


def _put(temporary: Path, target: Path) -> None:
    if target not in _absent:
        temporary.replace(target)
        return
    _absent.discard(target)
    kept = next(one for one in numbered(target) if put_new(temporary, one))
    if kept != target:
        raise ExistsMeanwhile(path=str(target), kept=str(kept))


def put_new(temporary: Path, target: Path) -> bool:
    """Give a file its name, and return whether nothing had that name."""
    try:
        target.hardlink_to(temporary)
    except FileExistsError:
        return False
    except OSError:  # a file system without links: there a moment passes between looking and renaming
        if os.path.lexists(target):
            return False
        temporary.replace(target)
    else:
        temporary.unlink()
    return True


def numbered(path: Path) -> Iterator[Path]:
    """Yield a path, then "name (2)" beside it, "name (3)" and so on, with its ending."""
    yield path
    for number in itertools.count(2):
        yield path.with_name(fitting(path.stem, f" ({number}){path.suffix}"))


def free_name(path: Path) -> Path:
    """Return the first of the numbered names of ``path`` that nothing has."""
    return next(one for one in numbered(path) if not os.path.lexists(one))


def new_folder(path: Path, fill: Callable[[Path], None]) -> Path:
    """Make a folder that appears whole or not at all, and return where: under the first numbered name that is free.

    Until then its files lie in a temporary folder beside it, which is removed on any error.

    Parameters
    ----------
    fill
        Writes the files into the folder that it is given, each durably.

    Raises
    ------
    StudioError
        As ``fill`` raises it, but of ``path``: that is the name that a person knows.
    CannotWrite
        For every OSError.
    """
    temporary = temporary_beside(path)
    try:
        unwritten.stop_before(path)
        temporary.mkdir()
        descriptor = os.open(temporary, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with _owned(temporary, descriptor):
                try:
                    fill(temporary)
                    kept = free_name(path)
                    temporary.rename(kept)
                except BaseException:
                    shutil.rmtree(temporary, ignore_errors=True)
                    raise
        finally:
            os.close(descriptor)
        sync_folder(path.parent)
    except StudioError as error:
        raise type(error)(**{**error.fields, "path": str(path)}) from error
    except OSError as error:
        raise cannot_write(path, error) from error
    return kept


def write_bytes(path: str | os.PathLike[str], content: bytes, *, follows: bool = True) -> None:
    """Write ``content`` in ``path``'s place, as of ``replacing``. Raises CannotWrite."""
    with replacing(path, follows=follows) as handle:
        handle.write(content)


def sync(descriptor: int) -> None:
    """Have what was written to a file survive a power cut, where the file system can do that.

    Raises
    ------
    OSError
        What was written is not there: the disk is full (ENOSPC, EDQUOT) or broken (EIO).
    """
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _REFUSED_SYNC:
            raise


# --- temporary files --------------------------------------------------------------------------------------------------


def temporary_beside(target: Path) -> Path:
    """Return a new name for what is to become ``target``, not made of its name, which might then be too long."""
    return target.with_name(f"{TEMP_PREFIX}{secrets.token_hex(8)}{TEMP_SUFFIX}")


def is_temporary(name: str) -> bool:
    """Return whether ``name`` is that of a file which ``replacing`` writes, or left when its process was killed."""
    return name.startswith(TEMP_PREFIX) and name.endswith(TEMP_SUFFIX)


def own(descriptor: int) -> bool:
    """Lock a file to show that this process lives and writes it; the lock goes with the descriptor.

    False where another process has it, or where the file system knows no locks.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def keep_journal(folder: Path | None) -> None:
    """Note this process's temporary files in ``folder`` from now on, one link each, as long as they are there."""
    global _journal  # noqa: PLW0603 - one for the process, set once, by whoever it belongs to
    _journal = folder


def sweep_journal(folder: Path) -> list[Path]:
    """Remove the temporary files that killed processes noted in ``folder``, and return them."""
    swept = []
    for link in _entries(folder):
        with contextlib.suppress(OSError):
            temporary = link.readlink()
            if not is_temporary(temporary.name):
                continue
            if not os.path.lexists(temporary):
                link.unlink(missing_ok=True)
            elif _remove_ownerless(temporary):
                link.unlink(missing_ok=True)
                swept.append(temporary)
    return swept


def sweep_folder(folder: Path) -> list[Path]:
    """Remove the temporary files in ``folder`` that no living process writes, and return them."""
    swept = []
    for path in _entries(folder):
        with contextlib.suppress(OSError):
            # One that was made just now may be another's, who is about to lock it.
            if is_temporary(path.name) and time.time() - path.lstat().st_ctime > STALE_S and _remove_ownerless(path):
                swept.append(path)
    return swept


def remove_unfinished() -> None:
    """Remove this process's temporary files, as it is about to end without leaving its ``with`` blocks."""
    for path in tuple(_unfinished):
        with contextlib.suppress(OSError):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _owned(temporary: Path, descriptor: int) -> Iterator[None]:
    _unfinished.add(temporary)
    note = None
    if own(descriptor) and _journal is not None:
        note = _journal / temporary.name.removeprefix(TEMP_PREFIX).removesuffix(TEMP_SUFFIX)
        with contextlib.suppress(OSError):  # without a note a killed process's file is found later, in its folder
            note.parent.mkdir(parents=True, exist_ok=True)
            note.symlink_to(temporary)
    try:
        yield
    finally:
        if note is not None:
            with contextlib.suppress(OSError):
                note.unlink(missing_ok=True)
        _unfinished.discard(temporary)


def _remove_ownerless(temporary: Path) -> bool:
    """Remove a temporary file or folder if its lock is free, as its process is gone. Raises OSError."""
    descriptor = os.open(temporary, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        kind = os.fstat(descriptor).st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)) or not own(descriptor):
            return False
        _remove(temporary)
        return True
    finally:
        os.close(descriptor)


def _entries(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if entry.is_symlink() or is_temporary(entry.name)]
    except OSError:
        return []


def _refuse_special(target: Path) -> None:
    """Raise OSError unless ``target`` is a regular file or nothing yet: renaming over /dev/null would destroy that."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is not a regular file")


def sync_folder(folder: Path) -> None:
    """Make the rename survive a power cut. Raises OSError as ``sync``; a folder that cannot be opened is no failure."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)
