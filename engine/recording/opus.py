# SPDX-License-Identifier: GPL-3.0-or-later
"""The Opus recorder writes a file that is whole Opus at every moment, a tenth as large as FLAC.

Opus lies in Ogg pages of about a second (RFC 7845), each of which is written at once: after ``kill -9`` the file holds
all pages before. Its comments lie before the sound, and cannot grow there: they hold what is known as the first page
is written, and at the end, in a copy that takes the file's place, all of it.
"""

from __future__ import annotations

import contextlib
import io
import os
import struct
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from engine.errors import WrongEnding, cannot_write
from engine.library import atomic
from engine.recording.recorder import MOST_COMMENT_BYTES, SYNC_S, refuse_special, write_all
from engine.units import samples_to_seconds
from engine.values import FloatArray

if TYPE_CHECKING:
    import soundfile

    from engine.errors import CannotWrite
    from engine.library.metadata import Metadata

ENDING = ".opus"
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


class OpusRecorder:
    """An Opus recorder keeps samples as they are played in the file at ``path``, for one thread.

    The file takes its place, and that of one that was there, with its first page, a second; with nothing played there
    is none.

    Parameters
    ----------
    path
        Must end in .opus.
    sample_rate
        Hz, of what is played.

    Raises
    ------
    WrongEnding, CannotWrite
    """

    def __init__(self, path: str | os.PathLike[str], sample_rate: int, n_channels: int = 2) -> None:
        if Path(path).suffix.lower() != ENDING:
            raise WrongEnding(path=str(path), choices=ENDING)
        self.path = str(path)
        self.sample_rate = sample_rate
        self.n_samples = 0
        """Number of samples taken so far, as they are played; the file may hold a page less, until it is closed."""
        self._target = Path(os.path.realpath(path))
        self._temporary: Path | None = None
        try:
            refuse_special(self._target)
            self._temporary = atomic.temporary_beside(self._target)
            self._sink = _GrowingOpus(self._temporary)
        except OSError as error:
            raise self._error(error) from error
        self._encoder: _Encoder | None = _Encoder(self._sink, sample_rate, n_channels)

    @property
    def file_rate(self) -> int:
        """Return the sample rate of the file, Hz."""
        return OPUS_RATE

    @property
    def duration_s(self) -> float:
        """Return the seconds that were recorded so far."""
        return samples_to_seconds(self.n_samples, self.sample_rate)

    @staticmethod
    def most_characters(name: str) -> int:
        """Return how long a comment of this name may be."""
        return MOST_COMMENT_BYTES - len(name)

    def say(self, comments: Mapping[str, str]) -> None:
        """Have the file carry comments, in place of others, when it is closed, or as its first page is written."""
        self._sink.comments = dict(comments)

    def write(self, samples: FloatArray) -> None:
        """Append float32 samples, shape ``(n_samples, n_channels)``; beyond [-1, 1] they are held.

        Raises CannotWrite, once: the recording has ended then, and its file holds all pages before.
        """
        if self._encoder is None or not len(samples):
            return
        self._encoder.write(samples)
        if self._sink.error is None:
            self.n_samples += len(samples)
            try:
                self._take_place()
                self._sink.sync()
            except OSError as error:
                self._sink.error = error
        self._end_on_error()

    def close(self) -> None:
        """Write what is left, and all comments. Closing twice does no harm. Raises CannotWrite."""
        if self._encoder is None:
            return
        encoder, self._encoder = self._encoder, None
        encoder.close()
        self._end_on_error()
        self._end()
        if self.n_samples:
            try:
                with self._target.open("rb") as source, atomic.replacing(self._target) as out:
                    retag(source, out, self._sink.comments, encoder.n_samples)
            except OSError as error:
                raise self._error(error) from error

    def _end_on_error(self) -> None:
        error = self._sink.error
        if error is None:
            return
        encoder, self._encoder = self._encoder, None
        if encoder is not None:
            encoder.close()
        self.n_samples = round(self._sink.n_samples * self.sample_rate / OPUS_RATE)
        self._end()
        raise self._error(error) from error

    def _end(self) -> None:
        try:
            if self.n_samples:
                self._take_place()
            self._sink.close()
        except OSError as error:
            raise self._error(error) from error
        finally:
            if self._temporary is not None:
                self._temporary.unlink(missing_ok=True)

    def _take_place(self) -> None:
        if self._temporary is not None and self._sink.n_samples:
            self._temporary.replace(self._target)
            self._temporary = None

    def _error(self, error: OSError) -> CannotWrite:
        return cannot_write(self.path, error)


class OpusWriter:
    """The writer that ``writing_opus`` yields takes samples piece by piece.

    Attributes
    ----------
    n_samples
        Number of samples that it took.
    metadata
        What the file will say of itself; the caller may set it until the block ends.
    """

    def __init__(self, encoder: _Encoder, sink: _GrowingOpus) -> None:
        self._encoder, self._sink = encoder, sink
        self.n_samples = 0
        self.metadata: Metadata | None = None

    def write(self, samples: FloatArray) -> None:
        """Append float32 samples, shape ``(n_samples, n_channels)``; beyond [-1, 1] they are held. Raises OSError."""
        self._encoder.write(samples)
        self.n_samples += len(samples)
        if self._sink.error is not None:
            raise self._sink.error


@contextlib.contextmanager
def writing_opus(path: str | os.PathLike[str], sample_rate: int, n_channels: int) -> Iterator[OpusWriter]:
    """Yield a writer whose samples make up the Opus file at ``path`` when the block ends without an error.

    Raises CannotWrite. Nothing new is at ``path`` then, and what was there still is.
    """
    target = Path(os.path.realpath(path))
    temporary = atomic.temporary_beside(target)
    try:
        sink = _GrowingOpus(temporary)
        try:
            encoder = _Encoder(sink, sample_rate, n_channels)
            try:
                writer = OpusWriter(encoder, sink)
                yield writer
            finally:
                encoder.close()
        finally:
            sink.close()
        if sink.error is not None:
            raise sink.error
        said = writer.metadata
        comments = {} if said is None else {name: texts[0] for name, texts in said.texts.items() if texts}
        with temporary.open("rb") as source, atomic.replacing(path) as out:
            retag(source, out, comments, encoder.n_samples)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


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


class _Encoder:
    """An encoder turns samples of any rate into Opus, by libsndfile.

    Attributes
    ----------
    n_samples
        Number of samples, at ``OPUS_RATE``, that it was given.
    """

    def __init__(self, sink: _GrowingOpus, sample_rate: int, n_channels: int) -> None:
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


class _GrowingOpus:
    """The growing file that libsndfile writes to: whole pages go to the file at once, the headers with the first.

    An exception cannot cross C, so it is kept as ``error``; from then on nothing is written.
    """

    def __init__(self, path: Path) -> None:
        # Unbuffered: what is written is the kernel's, whatever becomes of this process.
        self._file = path.open("x+b", buffering=0)
        atomic.own(self._file.fileno())
        self.error: OSError | None = None
        self.comments: dict[str, str] = {}
        self.n_samples = 0
        """Number of samples, at ``OPUS_RATE``, in the pages that are in the file."""
        self._n_bytes = 0
        self._got = bytearray()
        self._headers: list[Any] = []
        self._n_before = 0
        self._synced_s = time.monotonic()

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
                self._file.truncate(self._n_bytes)
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
        self._n_bytes += len(data)
        self.n_samples = max(self.n_samples, page.position - _n_skipped(head))

    # libsndfile asks where it is; it never goes back in Ogg.

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self.tell() if whence != os.SEEK_SET else offset

    def tell(self) -> int:
        return self._n_bytes + len(self._got)

    def sync(self) -> None:
        """Have the file reach the disk, now and then. Raises OSError."""
        if time.monotonic() - self._synced_s >= SYNC_S:
            atomic.sync(self._file.fileno())
            self._synced_s = time.monotonic()

    def close(self) -> None:
        """Close the file. Raises OSError."""
        try:
            atomic.sync(self._file.fileno())
        finally:
            self._file.close()


def _page_bytes(got: bytearray) -> int | None:
    """Return the length of the Ogg page that these bytes begin with; None while it is not whole (RFC 3533, 6)."""
    if len(got) < _HEAD_BYTES:
        return None
    n_segments = got[_HEAD_BYTES - 1]
    head = _HEAD_BYTES + n_segments
    length = head + sum(got[_HEAD_BYTES:head])
    return length if len(got) >= head and len(got) >= length else None
