# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that appear whole or not at all: written beside their place, made durable, then renamed into it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from engine.errors import CannotWrite

TEMP_PREFIX = ".infiniloop-"
TEMP_SUFFIX = ".part"


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A handle to write and read whose content takes ``path``'s place when the block ends without an error.

    Until then the content lies in a temporary file in the same folder. On any error that file is removed, and what was
    at ``path`` before is still there. A link is followed: what it points to is replaced. A new file's permissions
    follow the umask, a replaced one's are kept.

    Raises
    ------
    CannotWrite
        For every OSError, those of the block included: no such folder, a read-only one, a full disk, or a ``path``
        that is no regular file.
    """
    target = Path(os.path.realpath(path))
    # Not named after the target: a long name with a suffix would be too long for the file system.
    temporary = target.with_name(f"{TEMP_PREFIX}{secrets.token_hex(8)}{TEMP_SUFFIX}")
    try:
        _refuse_special(target)
        with temporary.open("x+b") as handle:
            try:
                yield handle
                with contextlib.suppress(OSError):  # nothing to replace, or a file system without permissions
                    os.fchmod(handle.fileno(), stat.S_IMODE(target.stat().st_mode))
                handle.flush()
                os.fsync(handle.fileno())
                temporary.replace(target)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise CannotWrite(path=str(path), detail=error.strerror or str(error)) from error
    _sync_folder(target.parent)


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """``content`` in ``path``'s place. Raises CannotWrite."""
    with replacing(path) as handle:
        handle.write(content)


def is_temporary(name: str) -> bool:
    """Whether ``name`` is that of a file which ``replacing`` writes, or left behind when its process was killed."""
    return name.startswith(TEMP_PREFIX) and name.endswith(TEMP_SUFFIX)


def _refuse_special(target: Path) -> None:
    """Raise OSError unless ``target`` is a regular file or nothing yet: renaming over /dev/null would destroy it."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is not a regular file")


def _sync_folder(folder: Path) -> None:
    """Make the rename survive a power cut. The file is in its place already, so a refusal is not a failed write."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
