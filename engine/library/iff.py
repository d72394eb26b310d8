# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads and writes files made of chunks: RIFF WAVE, its 64-bit form RF64, AIFF and AIFF-C.

Electronic Arts, "EA IFF 85"; Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF);
EBU Tech 3306 (RF64); Apple, "Audio Interchange File Format 1.3". Sizes are not believed: programs that write into a
pipe put any number there, and some leave out the byte that pads a chunk of odd size.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_FORM_HEAD_BYTES = 12
_CHUNK_HEAD_BYTES = 8
_LOOK_IN_DS64 = 0xFFFF_FFFF
_AUDIO = (b"data", b"SSND")
_FILLER = b"JUNK"
_MAX_CHUNKS = 100_000
_MAX_AHEAD = 64
"""Number of chunks, one behind the other, after which a way of reading them counts as right."""
_KNOWN = frozenset(
    b"fmt |fact|data|smpl|inst|cue |plst|LIST|JUNK|junk|PAD |FLLR|bext|iXML|axml|cart|acid|strc|id3 |ID3 |_PMX|PEAK|"
    b"levl|DISP|COMM|SSND|MARK|INST|MIDI|AESD|APPL|COMT|NAME|AUTH|(c) |ANNO|FVER|CHAN|basc|trns".split(b"|")
)
"""Names of chunks that are often met."""
_MAX_TAIL_BYTES = 2**24


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk has a name, the place of its first byte and a size in bytes, as its header states it."""

    name: bytes
    start: int
    n_bytes: int


class Form:
    """A form holds the chunks of an open file.

    Parameters
    ----------
    handle
        Seekable; open for writing too if ``put`` is to be called.

    Raises
    ------
    ValueError
        It is no such file.
    """

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._n_file_bytes = handle.seek(0, os.SEEK_END)
        handle.seek(0)
        head = handle.read(_FORM_HEAD_BYTES)
        self.kind, self.type = head[:4], head[8:]
        if (self.kind, self.type) not in {
            *((kind, b"WAVE") for kind in (b"RIFF", b"RF64", b"BW64")),
            *((b"FORM", kind) for kind in (b"AIFF", b"AIFC")),
        }:
            raise ValueError("not a RIFF WAVE or AIFF file")
        self._head = struct.Struct(">4sI" if self.kind == b"FORM" else "<4sI")
        self._ds64: int | None = None  # where it starts

    def chunks(self) -> Iterator[Chunk]:
        """Return every chunk up to the end of the file; the last may be longer than the file.

        Audio of no size that more follows than chunks was written into a pipe: it is longer than the file too. A name
        that cannot be one ends the chunks, but where the form itself says that it goes on.
        """
        place = _FORM_HEAD_BYTES
        wide = None
        form_end = self._stated_end()
        for _ in range(_MAX_CHUNKS):
            if place >= self._n_file_bytes:  # further, perhaps, than a file can be sought
                return
            self._handle.seek(place)
            head = self._handle.read(_CHUNK_HEAD_BYTES)
            if len(head) < _CHUNK_HEAD_BYTES:
                return
            name, n_bytes = self._head.unpack(head)
            if not _is_name(name) and (b"\0" in name or place + _CHUNK_HEAD_BYTES + n_bytes > form_end):
                return  # what follows the last chunk
            place += _CHUNK_HEAD_BYTES
            if name == b"ds64" and self.kind != b"RIFF":
                self._ds64 = place
                sizes = self._handle.read(16)
                wide = struct.unpack("<2Q", sizes)[1] if len(sizes) == 16 else None
            if name == b"data" and n_bytes == _LOOK_IN_DS64 and wide is not None:
                n_bytes = wide
            if name in _AUDIO and n_bytes == 0 and not self._may_be_chunk(place):
                n_bytes = self._n_file_bytes
            yield Chunk(name, place, n_bytes)
            place += n_bytes
            if n_bytes % 2 and self._is_padded(place):
                place += 1

    def _stated_end(self) -> int:
        """Return where the form says that it ends; where its head does, if that cannot be."""
        self._handle.seek(0)
        _, n_bytes = self._head.unpack(self._handle.read(_CHUNK_HEAD_BYTES))
        if n_bytes == _LOOK_IN_DS64 and self._ds64 is not None:
            self._handle.seek(self._ds64)
            n_bytes = int.from_bytes(self._handle.read(8), "little")
        end = _CHUNK_HEAD_BYTES + int(n_bytes)
        return end if _FORM_HEAD_BYTES <= end <= self._n_file_bytes else _FORM_HEAD_BYTES

    def _is_padded(self, place: int) -> bool:
        """Return whether the byte at ``place``, where a chunk of odd size ends, is the one that pads it.

        A zero byte is, as no name begins with one. Any other may be padding too, or a name's first letter: what leads
        through chunks to the end is right. One place further a name and a small size may well look like another name
        and the size 0.
        """
        self._handle.seek(place)
        if self._handle.read(1) in {b"", b"\0"}:
            return True
        padded, bare = (
            (self._leads_to_end(at), self._is_known(at), self._may_be_chunk(at)) for at in (place + 1, place)
        )
        return padded >= bare

    def _leads_to_end(self, place: int) -> bool:
        """Return whether chunks follow one another from ``place`` to the end of the form or the file."""
        ends = {self._stated_end(), self._n_file_bytes}
        places, seen = [place], 0
        while places:
            place = places.pop()
            if place in ends or place > self._n_file_bytes or seen == _MAX_AHEAD:
                return True
            if not self._may_be_chunk(place):
                continue
            seen += 1
            self._handle.seek(place)
            _, n_bytes = self._head.unpack(self._handle.read(_CHUNK_HEAD_BYTES))
            place += _CHUNK_HEAD_BYTES + n_bytes
            self._handle.seek(place)
            if n_bytes % 2 == 0:
                places.append(place)
            elif self._handle.read(1) in {b"", b"\0"}:
                places.append(place + 1)
            else:
                places += [place, place + 1]
        return False

    def _is_known(self, place: int) -> bool:
        self._handle.seek(place)
        return self._handle.read(4) in _KNOWN

    def _may_be_chunk(self, place: int) -> bool:
        """Return whether a whole chunk starts at ``place``, or the file ends there."""
        if place >= self._n_file_bytes:
            return True
        self._handle.seek(place)
        head = self._handle.read(_CHUNK_HEAD_BYTES)
        if len(head) < _CHUNK_HEAD_BYTES:
            return False
        name, n_bytes = self._head.unpack(head)
        return _is_name(name) and place + _CHUNK_HEAD_BYTES + n_bytes <= self._n_file_bytes

    def body(self, name: bytes, limit: int = 65_536) -> bytes | None:
        """Return the first ``limit`` bytes of the first chunk of that name, or None."""
        return next(self.bodies(name, limit), None)

    def bodies(self, name: bytes, limit: int = 65_536) -> Iterator[bytes]:
        """Return the first ``limit`` bytes of every chunk of that name."""
        for chunk in self.chunks():
            if chunk.name == name:
                self._handle.seek(chunk.start)
                yield self._handle.read(min(chunk.n_bytes, limit))

    def unstated(self, audio: Chunk) -> tuple[int, bytes] | None:
        """Return where the size of this audio stands if it is said to be 0, and what it should be; None otherwise."""
        self._handle.seek(audio.start - 4)
        stated = self._handle.read(4)
        if stated == bytes(4):
            return audio.start - 4, b"\xff" * 4
        if stated == b"\xff" * 4 and self._ds64 is not None:
            self._handle.seek(self._ds64 + 8)
            if self._handle.read(8) == bytes(8):
                return self._ds64 + 8, struct.pack("<Q", self._n_file_bytes - audio.start)
        return None

    def put(self, name: bytes, body: bytes) -> None:
        """Make ``body`` the one chunk of that name; every other chunk stays as it is, byte for byte.

        Others stay where they are too, but for those behind a chunk of odd size that is not padded: it then is. Raises
        ValueError, before anything is written, for a file that would grow beyond what its form can count.
        """
        old = [chunk for chunk in self.chunks() if chunk.name == name]
        fits = [chunk for chunk in old if chunk.n_bytes == len(body) and self._holds(chunk)]
        if fits:
            self._write(fits[0].start, body)
        else:
            if len(list(self.chunks())) == _MAX_CHUNKS:
                raise ValueError("it has too many chunks")
            self._pad_all()
            old = [chunk for chunk in self.chunks() if chunk.name == name]
            self._append(name, body)
        for chunk in old:
            if chunk not in fits[:1] and self._holds(chunk):
                self._write(chunk.start - _CHUNK_HEAD_BYTES, _FILLER)

    def _pad_all(self) -> None:
        """Pad the chunks of odd size that are not. Raises ValueError where too much would have to be moved."""
        while True:
            bare = [
                end
                for chunk in self.chunks()
                if chunk.n_bytes % 2 and (end := chunk.start + chunk.n_bytes) < self._n_file_bytes
                if not self._is_padded(end)
            ]
            if not bare:
                return
            if self._n_file_bytes - bare[0] > _MAX_TAIL_BYTES:
                raise ValueError("its chunks are damaged")
            self._handle.seek(bare[0])
            tail = self._handle.read()
            self._write(bare[0], b"\0" + tail)
            self._n_file_bytes += 1

    def _append(self, name: bytes, body: bytes) -> None:
        end, cut = self._end()
        # A chunk starts at an even place; an odd one before it is followed by a zero byte that its size does not count.
        self._handle.seek(end)
        tail_start = end + (1 if end % 2 and self._handle.read(1) == b"\0" else 0)
        padding = b"\0" * (end % 2)
        added = padding + self._head.pack(name, len(body)) + body + b"\0" * (len(body) % 2)
        # What lies within the form stays so, even what is no chunk.
        within = max(0, self._stated_end() - tail_start)
        n_form_bytes = end + len(added) + within - _CHUNK_HEAD_BYTES
        if self._n_file_bytes - tail_start > _MAX_TAIL_BYTES:
            raise ValueError("its chunks are damaged")
        if self.kind in {b"RIFF", b"FORM"} and n_form_bytes >= _LOOK_IN_DS64:
            raise ValueError("it would be longer than 4 GiB")
        self._handle.seek(tail_start)
        tail = self._handle.read()
        self._write(end, added + tail)
        self._n_file_bytes = end + len(added) + len(tail)
        if cut is not None:
            self._set_size(cut, end - cut.start)
        if self._ds64 is not None:
            self._write(self._ds64, struct.pack("<Q", n_form_bytes))
        else:
            self._write(4, self._head.pack(b"", n_form_bytes)[4:])

    def _end(self) -> tuple[int, Chunk | None]:
        """Return where the last whole chunk ends, and the audio if it is that but was cut short."""
        end = _FORM_HEAD_BYTES
        for chunk in self.chunks():
            if not self._holds(chunk):
                return (self._n_file_bytes, chunk) if chunk.name in _AUDIO else (end, None)
            end = chunk.start + chunk.n_bytes
        return end, None

    def _set_size(self, chunk: Chunk, n_bytes: int) -> None:
        if chunk.name == b"data" and self._ds64 is not None:
            self._write(self._ds64 + 8, struct.pack("<Q", n_bytes))
        else:
            self._write(chunk.start - _CHUNK_HEAD_BYTES, self._head.pack(chunk.name, n_bytes))

    def _holds(self, chunk: Chunk) -> bool:
        return chunk.start + chunk.n_bytes <= self._n_file_bytes

    def _write(self, place: int, content: bytes) -> None:
        self._handle.seek(place)
        self._handle.write(content)


def unstated_size(handle: BinaryIO) -> tuple[int, bytes] | None:
    """Return where a WAV says that it has no audio, though there is some, as its writer was ended too early.

    The place of the bytes that should tell, and what they should say; None for every other file. The handle is left at
    the start.
    """
    found = None
    try:
        form = Form(handle)
        audio = next((chunk for chunk in form.chunks() if chunk.name == b"data"), None)
        if audio is not None and audio.n_bytes:
            found = form.unstated(audio)
    except (ValueError, OSError):
        pass
    handle.seek(0)
    return found


class UnclosedWave:
    """An open WAV whose header claims no audio, though there is some: all of it is read."""

    def __init__(self, handle: BinaryIO, place: int, size: bytes) -> None:
        self._handle = handle
        self._place, self._size = place, size

    def read(self, n_bytes: int) -> bytes:
        first = self._handle.tell()
        content = bytearray(self._handle.read(n_bytes))
        for at, byte in enumerate(self._size, self._place - first):
            if 0 <= at < len(content):
                content[at] = byte
        return bytes(content)

    def tell(self) -> int:
        return self._handle.tell()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._handle.seek(offset, whence)


def _is_name(name: bytes) -> bool:
    """Return whether a chunk can have this name: printable ASCII."""
    return all(0x20 <= byte < 0x7F for byte in name)
