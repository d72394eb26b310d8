# SPDX-License-Identifier: GPL-3.0-or-later
"""A listener is a connection that the stream is written to; one that does not read is dropped, never waited for."""

from __future__ import annotations

from typing import Protocol

MOST_BEHIND_BYTES = 64 * 1024
"""Bytes that may wait for a listener beyond what the system holds for it, at least: four seconds of MP3."""
TITLE_EVERY_BYTES = 16_000
"""Bytes of music between two places for a title (ICY), as Icecast has them."""
_BLOCK = 16
_MOST_BLOCKS = 255


class Way(Protocol):
    """A way leads to a listener: what this needs of a transport of asyncio's."""

    def is_closing(self) -> bool:
        """Return whether nothing can be written any more."""

    def get_write_buffer_size(self) -> int:
        """Return how many bytes wait."""

    def write(self, data: bytes, /) -> None:
        """Write, without waiting."""

    def abort(self) -> None:
        """Close at once."""

    def close(self) -> None:
        """Close once what waits was taken."""


class Listener:
    """A listener is given the stream piece by piece.

    Parameters
    ----------
    has_titles
        Whether titles stand between the music's bytes, as it asked for (``Icy-MetaData: 1``).

    Attributes
    ----------
    was_dropped
        Whether it was dropped, as it did not read.
    """

    __slots__ = ("_left", "_told", "transport", "was_dropped")

    def __init__(self, transport: Way, *, has_titles: bool = False) -> None:
        self.transport, self.was_dropped = transport, False
        self._left = TITLE_EVERY_BYTES if has_titles else -1
        self._told: bytes | None = None

    def give(self, content: bytes, title: bytes, *, most_behind: int = MOST_BEHIND_BYTES) -> bool:
        """Write a piece, its title where there is a place for one; False where the listener is gone, or dropped."""
        transport = self.transport
        if transport.is_closing():
            return False
        if transport.get_write_buffer_size() > most_behind:
            self.was_dropped = True
            transport.abort()
            return False
        transport.write(content if self._left < 0 else self._with_titles(content, title))
        return True

    def _with_titles(self, content: bytes, title: bytes) -> bytes:
        parts, at = [], 0
        while len(content) - at >= self._left:
            parts.append(content[at : at + self._left])
            at += self._left
            # A title is told once; a single 0 says that it is still the same.
            parts.append(b"\0" if title == self._told else title)
            self._told, self._left = title, TITLE_EVERY_BYTES
        parts.append(content[at:])
        self._left -= len(content) - at
        return b"".join(parts)


def title_block(words: str) -> bytes:
    """Return a title as it stands in the stream: its length in sixteens, then the text, filled up with zeros."""
    # Players look for the quote that ends it.
    text = f"StreamTitle='{words.replace(chr(39), '’')}';".encode()
    if len(text) > _BLOCK * _MOST_BLOCKS:
        text = text[: _BLOCK * _MOST_BLOCKS - 8].decode("utf-8", "ignore").encode() + b"';"
    n_blocks = -(-len(text) // _BLOCK)
    return bytes([n_blocks]) + text.ljust(n_blocks * _BLOCK, b"\0")
