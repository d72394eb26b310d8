# SPDX-License-Identifier: GPL-3.0-or-later
"""A mount is one form of the stream: its encoder, its last seconds, and all who listen to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from engine.broadcast.encoder import StreamEncoder
from engine.broadcast.forms import StreamForm
from engine.broadcast.listener import MOST_BEHIND_BYTES, Listener
from engine.values import FloatArray

BURST_S = 4.0
"""Seconds of the past that a joining listener is sent at once: players begin without waiting, and have them in hand."""
_IDLE_S = 30.0
_PLAIN_BITS = 32
"""Bits of a sample, both channels, of a form that loses nothing: at most, it makes them fewer."""


class Piece(NamedTuple):
    """A piece is what the encoder gave of samples ``[start, end)`` of the stream, and the title block of that time."""

    start: int
    end: int
    content: bytes
    title: bytes


class Mount:
    """A mount encodes while somebody listens, or as long as it is kept going.

    Parameters
    ----------
    sample_rate
        Of what it is fed, Hz.

    Attributes
    ----------
    is_kept
        Whether it encodes with nobody listening, too.
    n_dropped
        Listeners that were dropped, as they did not read.
    """

    def __init__(self, form: StreamForm, sample_rate: int, *, is_kept: bool = False) -> None:
        self.form, self.is_kept, self.n_dropped = form, is_kept, 0
        self._rate = sample_rate
        # As much as a joining listener is sent at once, whose way may take seconds for it.
        bit_rate = form.bit_rate or _PLAIN_BITS * sample_rate
        self._most_behind = max(MOST_BEHIND_BYTES, round(BURST_S * bit_rate / 8.0))
        self._encoder: StreamEncoder | None = None
        self._pieces: deque[Piece] = deque()
        self._listeners: set[Listener] = set()
        self._idle_since = self._end = 0

    @property
    def is_encoding(self) -> bool:
        return self._encoder is not None

    @property
    def head(self) -> bytes:
        """Return what a listener who joins is sent first."""
        return b"" if self._encoder is None else self._encoder.head

    @property
    def n_listeners(self) -> int:
        return len(self._listeners)

    @property
    def n_waiting_bytes(self) -> int:
        """Return how many bytes wait for listeners, beyond what the system holds for them."""
        return sum(one.transport.get_write_buffer_size() for one in self._listeners)

    def wake(self, past: Iterable[tuple[int, FloatArray]], title: bytes) -> None:
        """Begin to encode, with the stream's last seconds, unless it does."""
        if self._encoder is None:
            self._encoder = StreamEncoder(self.form, self._rate)
            for end, frames in past:
                self._keep(end, frames, title)
                self._idle_since = end

    def feed(self, end: int, frames: FloatArray, title: bytes) -> bytes:
        """Take the stream's next samples, at whose end it is at ``end``; return what they became."""
        if self._encoder is None:
            return b""
        piece = self._keep(end, frames, title)
        if piece is not None:
            gone = [
                one
                for one in self._listeners
                if not one.give(piece.content, piece.title, most_behind=self._most_behind)
            ]
            for one in gone:
                self.leave(one)
        if self._listeners or self.is_kept:
            self._idle_since = end
        elif end - self._idle_since > _IDLE_S * self._rate:
            self.rest()
        return b"" if piece is None else piece.content

    def join(self, listener: Listener) -> int:
        """Send the last seconds, and from now on everything; return the stream's sample that this begins at."""
        if self._encoder is None or not self._pieces:
            content, title, began = b"", b"\0", self._end
        else:
            since = self._pieces[-1].end - round(BURST_S * self._rate)
            sent = [one for one in self._pieces if one.end > since]
            content, title, began = b"".join(one.content for one in sent), self._pieces[-1].title, sent[0].start
        if listener.give(self.head + content, title):
            self._listeners.add(listener)
        return began

    def leave(self, listener: Listener) -> None:
        """Write nothing more to a listener; one that is not here is no error."""
        if listener in self._listeners:
            self._listeners.discard(listener)
            self.n_dropped += listener.was_dropped

    def renew(self) -> None:
        """Begin with a new encoder: what the old one gives is not what it was given."""
        if self._encoder is not None:
            self._encoder.close()
            self._encoder = StreamEncoder(self.form, self._rate)
            if self._encoder.head:
                # In the middle of their stream nobody understands another head.
                self.hang_up()

    def rest(self) -> None:
        """Encode no more, until it is woken."""
        if self._encoder is not None:
            self._encoder.close()
            self._encoder = None
            self._pieces.clear()

    def hang_up(self) -> None:
        """Close all connections, once what was written has left."""
        for one in self._listeners:
            one.transport.close()
        self._listeners.clear()

    def _keep(self, end: int, frames: FloatArray, title: bytes) -> Piece | None:
        content = b"" if self._encoder is None else self._encoder.encode(frames)
        self._end = end
        if not content:
            return None
        piece = Piece(self._pieces[-1].end if self._pieces else end - len(frames), end, content, title)
        self._pieces.append(piece)
        while self._pieces[0].end < end - round((BURST_S + 1.0) * self._rate):
            self._pieces.popleft()
        return piece
