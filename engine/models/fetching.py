# SPDX-License-Identifier: GPL-3.0-or-later
"""This module fetches a file over HTTP: it goes on where an earlier try was cut, and believes no byte unchecked.

The hub's own library throws away what it has when it is stopped; files of gigabytes deserve better.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Generator as Steps
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from engine.errors import AssetInUse, FetchedDamaged, FetchRefused, HubUnreachable, StudioError, cannot_write

if TYPE_CHECKING:
    import httpx

READ_BYTES = 1 << 20
"""Number of bytes that are read at once for a checksum."""
CONNECT_S, SILENCE_S = 10.0, 8.0
"""Seconds for a connection, and for more bytes to come over one, after which it is tried again."""
MOST_TRIES = 5
"""Number of tries in a row that bring no new byte, after which the download is given up for now."""
FIRST_WAIT_S = 1.0
"""Seconds before a second try; each further one waits twice as long."""
WAIT_STEP_S = 0.1

_OK, _PARTIAL, _UNSATISFIABLE = 200, 206, 416
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP answers that say: not now."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest is the checksum of a file as its source records it.

    Attributes
    ----------
    kind
        ``"sha256"``, or ``"git-sha1"``: what git calls a file, which is how the hub names small ones.
    """

    kind: str
    hexadecimal: str

    @classmethod
    def of_etag(cls, etag: str) -> Digest | None:
        """Return what an etag of the hub says of its file, by its length; None for any other etag."""
        kind = {64: "sha256", 40: "git-sha1"}.get(len(etag))
        is_hexadecimal = all(one in "0123456789abcdef" for one in etag)
        return cls(kind, etag) if kind and is_hexadecimal else None

    def hasher(self, size_bytes: int) -> hashlib._Hash:
        """Return a hash, fed with nothing yet, for a file of that size."""
        if self.kind == "sha256":
            return hashlib.sha256()
        begun = hashlib.sha1(usedforsecurity=False)
        begun.update(f"blob {size_bytes}\0".encode())
        return begun


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is wanted: its address, its name in sentences, its size in bytes and its checksum, None if unknown.

    ``refusal`` makes an error of an HTTP answer that means something to the source, or None.
    """

    url: str
    path: str
    size_bytes: int
    digest: Digest | None
    headers: Mapping[str, str] = field(default_factory=dict)
    refusal: Callable[[int, Mapping[str, str]], StudioError | None] = lambda _status, _headers: None

    @property
    def address(self) -> str:
        """Return the host that it comes from, as people read it."""
        import httpx

        return httpx.URL(self.url).host


def fetched(wanted: Wanted, part: Path) -> Iterator[int]:
    """Fetch a file into ``part``, going on from what lies there; yield how many bytes of it are there, now and then.

    At the end ``part`` has the whole file, checked and on the disk. Closed or failing earlier, it has what came so far.

    Raises
    ------
    HubUnreachable
        No connection, or none that brings more.
    FetchRefused, or what ``wanted.refusal`` makes of it
        The server does not give the file.
    FetchedDamaged
        The file is not the one of the checksum; ``part`` is gone.
    AssetInUse
        Another program is fetching into the same part.
    CannotWrite
        The system refuses to write.
    """
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("a+b") as file:
            _lock(file, wanted.path)
            yield from _filled(wanted, file)
            file.flush()
            os.fsync(file.fileno())
            yield from _proved(wanted, file)
    except FetchedDamaged:
        part.unlink(missing_ok=True)
        raise
    except OSError as error:
        raise cannot_write(part, error) from error


def _lock(file: BinaryIO, path: str) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AssetInUse(name=path) from None


def _filled(wanted: Wanted, file: BinaryIO) -> Iterator[int]:
    """Add to the file what is missing of it, by as many connections as that takes."""
    import httpx

    n_tries = most = 0
    with httpx.Client(timeout=httpx.Timeout(SILENCE_S, connect=CONNECT_S), follow_redirects=True) as client:
        while (before := file.seek(0, os.SEEK_END)) < wanted.size_bytes or not wanted.size_bytes:
            yield before
            detail = ""
            try:
                is_end = yield from _more(client, wanted, file, before)
                if is_end and not wanted.size_bytes:
                    return
            except httpx.HTTPError as error:
                detail = _in_words(error)
            if (n_bytes := file.seek(0, os.SEEK_END)) >= wanted.size_bytes > 0:
                return
            # A server whose file is shorter than it was said to be ends each answer as if all were there.
            n_tries = n_tries + 1 if n_bytes <= most else 1
            most = max(most, n_bytes)
            if n_tries >= MOST_TRIES:
                detail = detail or f"it gives {most} bytes of “{wanted.path}”, which has {wanted.size_bytes}"
                raise HubUnreachable(address=wanted.address, detail=detail)
            if detail or n_tries > 1:
                yield from _waited(FIRST_WAIT_S * 2.0 ** (n_tries - 1), n_bytes)


def _more(client: httpx.Client, wanted: Wanted, file: BinaryIO, at: int) -> Steps[int, None, bool]:
    """Add what one connection brings; return whether that goes on to the file's end, as its server has it.

    Raises httpx.HTTPError where it ends early or the server says: not now.
    """
    # "identity": what is counted and checked is the file itself.
    headers = {"Accept-Encoding": "identity", **wanted.headers}
    if at:
        headers["Range"] = f"bytes={at}-"
    with client.stream("GET", wanted.url, headers=headers) as response:
        status = response.status_code
        if status == _UNSATISFIABLE and at:
            file.truncate(0)
            return False
        if status not in (_OK, _PARTIAL):
            if status in _PASSING:
                response.raise_for_status()
            raise wanted.refusal(status, response.headers) or FetchRefused(
                address=wanted.address, path=wanted.path, status=status
            )
        begins = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
        if at and (status == _OK or begins != str(at)):
            # The server sends it from the start, or what was not asked for.
            file.truncate(0)
            if status == _PARTIAL:
                return False
        n_bytes = file.seek(0, os.SEEK_END)
        # As they come: what is gathered first would be lost with the connection.
        for chunk in response.iter_bytes():
            n_bytes += len(chunk)
            if wanted.size_bytes and n_bytes > wanted.size_bytes:
                raise FetchedDamaged(path=wanted.path, address=wanted.address)
            file.write(chunk)
            yield n_bytes
    return True


def _waited(seconds: float, n_bytes: int) -> Iterator[int]:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        time.sleep(WAIT_STEP_S)
        yield n_bytes


def _proved(wanted: Wanted, file: BinaryIO) -> Iterator[int]:
    """Read the file again and hold it against its checksum. Raises FetchedDamaged."""
    n_bytes = file.seek(0, os.SEEK_END)
    if wanted.digest is None:
        return
    file.seek(0)
    found = wanted.digest.hasher(n_bytes)
    while chunk := file.read(READ_BYTES):
        found.update(chunk)
        yield n_bytes
    if found.hexdigest() != wanted.digest.hexadecimal:
        raise FetchedDamaged(path=wanted.path, address=wanted.address)


def hashed(path: Path, digest: Digest) -> Steps[int, None, bool]:
    """Yield how many bytes of a file were read; return whether it is the file of the digest. Raises OSError."""
    found, n_bytes = digest.hasher(path.stat().st_size), 0
    with path.open("rb") as file:
        while chunk := file.read(READ_BYTES):
            found.update(chunk)
            n_bytes += len(chunk)
            yield n_bytes
    return found.hexdigest() == digest.hexadecimal


def _in_words(error: httpx.HTTPError) -> str:
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return "it does not answer"
    if isinstance(error, httpx.HTTPStatusError):
        return f"it answers “{error.response.status_code}”"
    return "the connection was cut" if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError) else "no network"
