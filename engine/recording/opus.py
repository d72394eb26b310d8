# SPDX-License-Identifier: GPL-3.0-or-later
"""The Opus recorder writes a file that is whole Opus at every moment, a tenth as large as FLAC.

Opus lies in Ogg pages of about a second (RFC 7845), each of which is written at once: after ``kill -9`` the file holds
all pages before. Its comments lie before the sound, and cannot grow there: they hold what is known as the first page
is written, and at the end, in a copy that takes the file's place, all of it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import cannot_write
from engine.library import atomic
from engine.recording.growing import GrowingRecorder
from engine.recording.opus_pages import OPUS_RATE, Encoder, GrowingOpus, retag
from engine.values import FloatArray

if TYPE_CHECKING:
    from engine.library.metadata import Metadata

ENDING = ".opus"


class OpusRecorder(GrowingRecorder[GrowingOpus]):
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
        super().__init__(path, sample_rate, ENDING, GrowingOpus)
        self._encoder: Encoder | None = Encoder(self.sink, sample_rate, n_channels)

    @property
    def file_rate(self) -> int:
        """Return the sample rate of the file, Hz."""
        return OPUS_RATE

    def say(self, comments: Mapping[str, str]) -> None:
        """Have the file carry comments, in place of others, when it is closed, or as its first page is written."""
        self.sink.comments = dict(comments)

    def write(self, samples: FloatArray) -> None:
        """Append float32 samples, shape ``(n_samples, n_channels)``; beyond [-1, 1] they are held.

        Raises CannotWrite, once: the recording has ended then, and its file holds all pages before.
        """
        if self._encoder is None or not len(samples):
            return
        self._encoder.write(samples)
        self._taken(len(samples))

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
                    retag(source, out, self.sink.comments, encoder.n_samples)
            except OSError as error:
                raise self._error(error) from error

    def _close_encoder(self) -> None:
        encoder, self._encoder = self._encoder, None
        if encoder is not None:
            encoder.close()

    def _n_whole(self) -> int:
        return round(self.sink.n_samples * self.sample_rate / OPUS_RATE)


class OpusWriter:
    """The writer that ``writing_opus`` yields takes samples piece by piece.

    Attributes
    ----------
    n_samples
        Number of samples that it took.
    metadata
        What the file will say of itself; the caller may set it until the block ends.
    """

    def __init__(self, encoder: Encoder, sink: GrowingOpus) -> None:
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
        sink = GrowingOpus(temporary)
        try:
            encoder = Encoder(sink, sample_rate, n_channels)
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
        with contextlib.suppress(OSError):
            temporary.unlink()
