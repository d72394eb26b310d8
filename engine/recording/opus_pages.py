# SPDX-License-Identifier: GPL-3.0-or-later
"""Opus lies in Ogg pages: they are made by libsndfile, written whole, and copied with other comments (RFC 7845)."""

from __future__ import annotations

import contextlib
import io
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from engine.recording.growing import GrowingFile, write_all
from engine.values import FloatArray

if TYPE_CHECKING:
    import soundfile

OPUS_RATE = 48_000
"""Sample rate of every Opus file, Hz."""
_LEVEL = 0.65
"""Compression as libsndfile counts it, in [0, 1]: about 190 kbit/s in stereo."""
_TAGS = b"OpusTags"
_LENGTH = struct.Struct("<I")
_HEADERS = 2
_HEAD_BYTES = 27
_SKIPPED_AT = 10
_PACKET_SAMPLES = 960


def retag(source: BinaryIO, out: BinaryIO, comments: Mapping[str, str], n_samples: int) -> None:
    """Copy the first ``n_samples`` of an Opus file, with these comments and no others. Raises OSError."""
    from mutagen.ogg import OggPage

    head = OggPage(source)
    first = OggPage(source)
    packet = first.packets[0]
    while not first.complete:
        first = OggPage(source)
        packet += first.packets[0]
    out.write(head.write())
    sequence = 1
    for data in _tag_pages(packet, comments, head.serial):
        out.write(data)
        sequence += 1
    end = n_samples + _n_skipped(head)
    page = OggPage(source)
    while page.position < end:
        try:
            following = OggPage(source)
        except EOFError:
            break
        page.sequence = sequence
        out.write(page.write())
        page, sequence = following, sequence + 1
    # What the last page holds beyond the end is not played (RFC 7845, 4.4).
    page.sequence, page.position, page.last = sequence, min(page.position, end), True
    out.write(page.write())


def _n_skipped(head: Any) -> int:
    """Return the number of samples at the beginning that are not played, by the page of the header."""
    return int(struct.unpack_from("<H", head.packets[0], _SKIPPED_AT)[0])


def _tag_pages(packet: bytes, comments: Mapping[str, str], serial: int) -> list[bytes]:
    """Return the pages of the comments, by the encoder that another packet of comments names."""
    from mutagen.ogg import OggPage

    at = len(_TAGS)
    vendor = packet[at : at + _LENGTH.size + _LENGTH.unpack_from(packet, at)[0]]
    lines = [f"{name}={text}".encode() for name, text in comments.items()]
    body = _TAGS + vendor + _LENGTH.pack(len(lines)) + b"".join(_LENGTH.pack(len(line)) + line for line in lines)
    pages = OggPage.from_packets([body], sequence=1)
    for page in pages:
        page.serial = serial
    return [page.write() for page in pages]


class Encoder:
    """An encoder turns samples of any rate into Opus, by libsndfile.

    Attributes
    ----------
    n_samples
        Number of samples, at ``OPUS_RATE``, that it was given.
    """

    def __init__(self, sink: GrowingOpus, sample_rate: int, n_channels: int) -> None:
        import soundfile
        import soxr

        self._resampler = (
            None
            if sample_rate == OPUS_RATE
            else soxr.ResampleStream(sample_rate, OPUS_RATE, n_channels, dtype="float32", quality="VHQ")
        )
        self._n_channels = n_channels
        self.n_samples = 0
        self._file: soundfile.SoundFile = soundfile.SoundFile(
            sink,
            "w",
            samplerate=OPUS_RATE,
            channels=n_channels,
            format="OGG",
            subtype="OPUS",
            compression_level=_LEVEL,
        )

    def write(self, samples: FloatArray) -> None:
        """Take samples."""
        self._encode(samples, last=False)

    def close(self) -> None:
        """Hand on what is left."""
        import soundfile

        silence = np.zeros((_PACKET_SAMPLES, self._n_channels), dtype=np.float32)
        self._encode(silence[:0], last=True)
        # libsndfile leaves out the encoder's delay at the end: what follows is cut off again.
        self._resampler = None
        n_samples = self.n_samples
        self._encode(silence, last=True)
        self.n_samples = n_samples
        with contextlib.suppress(soundfile.SoundFileError):
            self._file.close()

    def _encode(self, samples: FloatArray, *, last: bool) -> None:
        import soundfile

        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples, last=last)
        self.n_samples += len(samples)
        # What the sink could not write comes back as a short count or an error of libsndfile's.
        with contextlib.suppress(soundfile.SoundFileError, AssertionError):
            if len(samples):
                self._file.write(np.clip(samples, -1.0, 1.0))


class GrowingOpus(GrowingFile):
    """The growing Opus has whole pages go to the file at once, the headers with the first that has sound."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.comments: dict[str, str] = {}
        self._got = bytearray()
        self._headers: list[Any] = []
        self._n_before = 0

    def write(self, data: bytes) -> int:
        if self.error is not None:
            return 0
        self._got += data
        try:
            while (length := _page_bytes(self._got)) is not None:
                page, self._got = bytes(self._got[:length]), self._got[length:]
                self._take(page)
        except OSError as error:
            self.error = error
            with contextlib.suppress(OSError):
                self._file.truncate(self.n_bytes)
            return 0
        return len(data)

    def _take(self, data: bytes) -> None:
        from mutagen.ogg import OggPage

        page = OggPage(io.BytesIO(data))
        if len(self._headers) < _HEADERS:
            self._headers.append(page)
            return
        head, tags = self._headers
        if not self._n_before:
            before = [head.write(), *_tag_pages(tags.packets[0], self.comments, head.serial)]
            self._n_before = len(before)
            data = b"".join(before)
        else:
            data = b""
        page.sequence += self._n_before - _HEADERS
        data += page.write()
        write_all(self._file.fileno(), data)
        self.n_bytes += len(data)
        self.n_samples = max(self.n_samples, page.position - _n_skipped(head))

    # libsndfile asks where it is; it never goes back in Ogg.

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self.tell() if whence != os.SEEK_SET else offset

    def tell(self) -> int:
        return self.n_bytes + len(self._got)


def _page_bytes(got: bytearray) -> int | None:
    """Return the length of the Ogg page that these bytes begin with; None while it is not whole (RFC 3533, 6)."""
    if len(got) < _HEAD_BYTES:
        return None
    n_segments = got[_HEAD_BYTES - 1]
    head = _HEAD_BYTES + n_segments
    length = head + sum(got[_HEAD_BYTES:head])
    return length if len(got) >= head and len(got) >= length else None
