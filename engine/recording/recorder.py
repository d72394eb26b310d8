# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorder writes a file that is whole FLAC at every moment: after ``kill -9`` it holds what was played.

A FLAC file is a header and frames of some 4000 samples (RFC 9639). libFLAC writes each frame as it is full, but tells
the number of samples only at the end, and decoders make different things of a header that tells none. So each frame,
once it is in the file, is counted into the header here: the header never tells more than is there, nor a frame less.
Between the two there is room for comments that change meanwhile (``engine.recording.comment_room``).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.dsp.pcm import to_pcm24
from engine.recording.comment_room import CommentRoom
from engine.recording.growing import GrowingFile, GrowingRecorder, write_all
from engine.values import FloatArray

if TYPE_CHECKING:
    import soundfile

ENDING = ".flac"

# RFC 9639, 8.2: of STREAMINFO, from the file's start. The count's upper 4 bits share a byte with the bits per sample.
_BLOCK_SIZE_AT = 8
_COUNT_AT, _COUNT_BYTES, _COUNT_BITS = 21, 5, 36
_FRAME_SYNC = b"\xff\xf8"
_STREAMINFO_END = 42


class Recorder(Protocol):
    """A recorder keeps samples as they are played, for one thread; its file is whole at every moment.

    Attributes
    ----------
    sample_rate, n_samples
        Hz, of what is played, and how much of it was taken.
    """

    path: str
    sample_rate: int
    n_samples: int

    @property
    def file_rate(self) -> int:
        """Return the sample rate of the file, Hz."""

    @property
    def duration_s(self) -> float:
        """Return the seconds that were recorded so far."""

    def write(self, samples: FloatArray) -> None:
        """Append samples. Raises CannotWrite, once."""

    def most_characters(self, name: str) -> int:
        """Return how long a comment of this name may be."""

    def say(self, comments: Mapping[str, str]) -> None:
        """Have the file carry comments, in place of others. Raises OSError, ValueError where they are too long."""

    def close(self) -> None:
        """Write what is left. Raises CannotWrite."""


class FlacRecorder(GrowingRecorder["_GrowingFlac"]):
    """A FLAC recorder keeps samples as they are played in the file at ``path``, in 24 bits, for one thread.

    The file takes its place, and that of one that was there, with its first frame, a tenth of a second; with nothing
    played there is none.

    Parameters
    ----------
    path
        Must end in .flac.
    sample_rate
        Hz.

    Raises
    ------
    WrongEnding, CannotWrite
    """

    def __init__(self, path: str | os.PathLike[str], sample_rate: int, n_channels: int = 2) -> None:
        import soundfile

        super().__init__(path, sample_rate, ENDING, _GrowingFlac)
        self._file: soundfile.SoundFile | None = soundfile.SoundFile(
            self.sink, "w", samplerate=sample_rate, channels=n_channels, format="FLAC", subtype="PCM_24"
        )

    @property
    def file_rate(self) -> int:
        """Return the sample rate of the file, Hz."""
        return self.sample_rate

    def write(self, samples: FloatArray) -> None:
        """Append float32 samples, shape ``(n_samples, n_channels)``, in [-1, 1].

        Raises CannotWrite, once: the recording has ended then, and its file holds all frames before.
        """
        import soundfile

        if self._file is None or not len(samples):
            return
        # What the sink could not write comes back as a short count or an error of libsndfile's.
        with contextlib.suppress(soundfile.SoundFileError, AssertionError):
            self._file.write(to_pcm24(samples))
        self._taken(len(samples))

    def say(self, comments: Mapping[str, str]) -> None:
        """Have the file carry comments, in place of others. Raises OSError, ValueError where they are too long."""
        if self.sink.error is None:
            self.sink.say(comments)

    def close(self) -> None:
        """Write what is left, and the final header with its MD5. Closing twice does no harm.

        Raises CannotWrite: the file then holds all whole frames, a tenth of a second less.
        """
        if self._file is None:
            return
        self._close_encoder()
        self._end_on_error()
        self._end()

    def _close_encoder(self) -> None:
        import soundfile

        file, self._file = self._file, None
        if file is not None:
            self.sink.n_expected = self.n_samples
            with contextlib.suppress(soundfile.SoundFileError):
                file.close()

    def _n_whole(self) -> int:
        return self.sink.n_samples


class _GrowingFlac(GrowingFile):
    """The growing FLAC counts each frame into its header, and after an error keeps what was whole."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.n_expected: int | None = None
        """Number of samples with the last frame, which is shorter; set once no more samples come."""
        self._block_size = 0
        self._room: CommentRoom | None = None
        self._is_room_made = False
        # Where libFLAC's own header ends, and by how much what follows it lies further behind in the file.
        self._header_end = self._shift = 0
        self._comments: Mapping[str, str] | None = None

    def say(self, comments: Mapping[str, str]) -> None:
        """Have the file carry these comments, as soon as it has a frame. Raises OSError, ValueError."""
        self._comments = comments
        if self._room is not None:
            self._room.say(comments)

    def _make_room(self) -> None:
        """Leave room for the comment where libFLAC's header ends and the first frame is to be written."""
        self._header_end = self._file.tell()
        self._is_room_made = True
        try:
            self._room = CommentRoom(self._file.fileno(), _STREAMINFO_END, self._header_end)
        except OSError:
            # A disk that is as full as this keeps what sound there is room for.
            self._file.truncate(self._header_end)
            return
        self._shift = self._room.end - self._header_end
        self._file.seek(self._room.end)
        if self._comments is not None:
            # It is a recording without that, too; and no exception may cross C.
            with contextlib.suppress(OSError, ValueError):
                self._room.say(self._comments)

    def write(self, data: bytes) -> int:
        if self.error is not None:
            return 0
        try:
            if not self._is_room_made and data.startswith(_FRAME_SYNC):
                self._make_room()
            at = self._file.tell()
            write_all(self._file.fileno(), data)
            # libFLAC hands over a frame at a time, at the end; what it writes elsewhere is the header, finished.
            if data.startswith(_FRAME_SYNC) and at >= self.n_bytes:
                self._count(at + len(data))
        except OSError as error:
            self.error = error
            with contextlib.suppress(OSError):
                self._file.truncate(self.n_bytes)
            return 0
        return len(data)

    def _count(self, n_bytes: int) -> None:
        descriptor = self._file.fileno()
        if not self._block_size:
            self._block_size = int.from_bytes(os.pread(descriptor, 2, _BLOCK_SIZE_AT), "big")
        field = int.from_bytes(os.pread(descriptor, _COUNT_BYTES, _COUNT_AT), "big") >> _COUNT_BITS << _COUNT_BITS
        n_samples = self.n_samples + self._block_size
        if self.n_expected is not None:
            n_samples = min(n_samples, self.n_expected)
        # One write within a page: a kill comes before or after it.
        # More than 36 bits (18 days) are not told: 0 is a count that nobody knows, and files so long are played on.
        told = n_samples if n_samples < 1 << _COUNT_BITS else 0
        os.pwrite(descriptor, (field | told).to_bytes(_COUNT_BYTES, "big"), _COUNT_AT)
        self.n_samples = n_samples
        self.n_bytes = n_bytes

    # libFLAC knows nothing of the room: its places behind the header are the file's, less the room.

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_CUR:
            offset += self.tell()
        elif whence == os.SEEK_END:
            offset += self._file.seek(0, os.SEEK_END) - self._shift
        self._file.seek(offset if offset < self._header_end else offset + self._shift)
        return offset

    def tell(self) -> int:
        at = self._file.tell()
        return at if at < self._header_end else at - self._shift
