# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads clips from audio files, and writes clips and loops to them.

WAV and FLAC hold 24 bits: each sample comes back within half a step of ``2**-23``, at the same place. OGG Vorbis is
lossy: as many samples, but not the same ones, so a loop in it repeats almost, not exactly, without a seam.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import soundfile

from engine.dsp.mixdown import PLAYED_CHANNELS
from engine.dsp.pcm import to_pcm16, to_pcm24
from engine.errors import (
    CannotRead,
    CannotWrite,
    EmptyClip,
    FormatLacks,
    NonFiniteClip,
    TooManyChannels,
    UnknownFormat,
)
from engine.library.atomic import replacing
from engine.library.comments import Commented, write_comments
from engine.library.layouts import to_vorbis
from engine.library.looptags import tag_handle
from engine.library.metadata import Metadata, put_metadata
from engine.library.room import MAX_WAV_BYTES, least_bytes, refuse_what_cannot_fit
from engine.library.soundfiles import CHUNK_SAMPLES, MAX_CHANNELS, AudioPath, decoding, parts, words_of
from engine.values import BakedLoop, Clip, FloatArray, LoopRegion

WRITTEN_FORMATS = {".wav": ("WAV", "PCM_24"), ".flac": ("FLAC", "PCM_24"), ".ogg": ("OGG", "VORBIS")}
"""Formats and encodings as libsndfile names them, by the ending of the file."""

BITS = {"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"}
"""Encodings by the bits of a sample: whole steps of 16 or 24 bits, or a float of 32."""

_HELD_BITS = {"WAV": ("16", "24", "32f"), "FLAC": ("16", "24"), "OGG": ()}
_COMMENTS = {"WAV": None, "FLAC": Commented.FLAC, "OGG": Commented.VORBIS}
_MAX_OGG_SAMPLE_RATE = 200_000  # libvorbis knows no higher ones, and libsndfile 1.2 dies of its refusal

OGG_QUALITY = 0.8
"""Vorbis quality in [0, 1]; 0.8 is about 256 kbit/s in stereo."""


# --- in ---------------------------------------------------------------------------------------------------------------


def read_clip(
    path: AudioPath, *, wraps: bool = False, max_channels: int = PLAYED_CHANNELS, most_samples: int | None = None
) -> Clip:
    """Return the clip in an audio file of any format that libsndfile reads (WAV, FLAC, OGG, MP3, AIFF and more).

    Parameters
    ----------
    path
        Of the file; nothing is believed of it.
    wraps
        Whether the material is periodic, which a file does not say.
    max_channels
        How many there may be.
    most_samples
        How long it may be: a small file can hold days of silence.

    Raises
    ------
    FileMissing, CannotRead
        No file, or one that may not be opened, or a folder or device, or longer than that.
    NotAudio
        Not audio, corrupt, or a FLAC cut short; other formats cannot tell and give what they hold.
    EmptyClip, NonFiniteClip, TooManyChannels
        Audio that cannot be played.
    """
    with decoding(path, max_channels) as file:
        pieces, n_samples = [], 0
        for piece in parts(file, path):
            pieces.append(piece)
            n_samples += len(piece)
            if most_samples is not None and n_samples > most_samples:
                raise CannotRead(path=str(path), detail=f"it lasts longer than {most_samples / file.samplerate:.0f} s")
        if not pieces:
            raise EmptyClip
        samples = np.concatenate(pieces)
        _refuse_non_finite(samples)
        return Clip(samples, file.samplerate, wraps)


def _refuse_non_finite(samples: FloatArray) -> None:
    n_bad = int(samples.size - np.count_nonzero(np.isfinite(samples)))
    if n_bad:
        raise NonFiniteClip(n_bad=n_bad)


# --- out --------------------------------------------------------------------------------------------------------------


def write_clip(path: AudioPath, clip: Clip, *, metadata: Metadata | None = None) -> None:
    """Write a clip; the file's ending (.wav, .flac, .ogg, in any case) chooses the format.

    The file appears whole or not at all. Samples beyond full scale are held at it.

    Raises
    ------
    UnknownFormat, CannotWrite, NonFiniteClip
    """
    with writing_audio(path, clip.sample_rate, clip.n_channels, metadata=metadata) as out:
        out.write(clip.samples)


def write_loop(path: AudioPath, loop: BakedLoop, *, metadata: Metadata | None = None) -> None:
    """Write a baked loop, which then repeats without a seam. Otherwise like ``write_clip``.

    The file is tagged with one loop over all its samples (``engine.library.looptags``).

    Raises
    ------
    UnknownFormat, CannotWrite, NonFiniteClip
    """
    region = LoopRegion(0, loop.n_samples)
    n_channels = int(loop.samples.shape[1])
    with writing_audio(path, loop.sample_rate, n_channels, loop_region=region, metadata=metadata) as out:
        out.write(loop.samples)


def _as_vorbis(samples: FloatArray) -> FloatArray:
    order = to_vorbis(samples.shape[1])
    return samples if order is None else samples[:, order]


_ENCODED: dict[str, Callable[[FloatArray], Any]] = {
    "PCM_16": to_pcm16,
    "PCM_24": to_pcm24,
    "FLOAT": lambda samples: samples,
    "VORBIS": lambda samples: np.clip(_as_vorbis(samples), -1.0, 1.0),
}
"""Converters of float samples to what libsndfile takes for each encoding."""


class AudioWriter:
    """The writer that ``writing_audio`` yields takes samples piece by piece, so that hours need no memory."""

    def __init__(
        self, file: soundfile.SoundFile, sink: _Sink, encoding: str, loop_region: LoopRegion | None = None
    ) -> None:
        self._file = file
        self._sink = sink
        self._encoding = encoding
        self.n_samples = 0
        self.loop_region = loop_region
        """Loop region that the file will be tagged with; the caller may set it until the block ends."""
        self.metadata: Metadata | None = None
        """Metadata that the file will have; the caller may set it until the block ends, but for loudspeakers."""
        self.left_out: tuple[str, ...] = ()
        """Metadata that the format has no room for, in words; known when the block has ended."""

    def write(self, samples: FloatArray) -> None:
        """Append float32 samples, shape ``(n_samples, n_channels)``, nominal range [-1, 1].

        Raises NonFiniteClip and, on a full disk, OSError, which ``writing_audio`` turns into CannotWrite.
        """
        # libsndfile's Vorbis encoder keeps what one call hands it on the stack, which overflows with long clips.
        for start in range(0, len(samples), CHUNK_SAMPLES):
            part = samples[start : start + CHUNK_SAMPLES]
            _refuse_non_finite(part)
            with self._sink.telling():
                self._file.write(_ENCODED[self._encoding](part))
            self.n_samples += len(part)


@contextlib.contextmanager
def writing_audio(
    path: AudioPath,
    sample_rate: int,
    n_channels: int,
    *,
    loop_region: LoopRegion | None = None,
    comments: Mapping[str, str] | None = None,
    bits: str | None = None,
    n_samples: int | None = None,
    metadata: Metadata | None = None,
) -> Iterator[AudioWriter]:
    """Yield a writer whose samples make up the file at ``path`` when the block ends without an error.

    Parameters
    ----------
    path
        Its ending chooses the format, as in ``WRITTEN_FORMATS``.
    sample_rate
        Hz.
    n_channels
        1 to 8.
    loop_region
        Of the samples that will be written: tagged as in ``engine.library.looptags``.
    comments
        Names with a text each, for the formats that have comments (WAV has none).
    bits
        One of ``BITS``; None is 24 where the format has a choice.
    n_samples
        How many there will be, where known: what cannot fit is refused before the first byte.
    metadata
        What the file says of itself, as ``kept_metadata`` gives it.

    Raises
    ------
    UnknownFormat, FormatLacks, TooManyChannels, TooLarge, CannotWrite
        Nothing new is at ``path`` then, and what was there still is.
    """
    ending = Path(path).suffix.lower()
    if ending not in WRITTEN_FORMATS:
        raise UnknownFormat(path=str(path), choices=", ".join(WRITTEN_FORMATS))
    container, encoding = WRITTEN_FORMATS[ending]
    if bits is not None:
        encoding = _encoding_of(path, container, bits)
    if n_channels > MAX_CHANNELS:
        raise TooManyChannels(n_channels=n_channels, limit=MAX_CHANNELS)
    if container == "OGG" and sample_rate > _MAX_OGG_SAMPLE_RATE:
        raise CannotWrite(path=str(path), detail=f"OGG holds at most {_MAX_OGG_SAMPLE_RATE} samples per second")
    if n_samples is not None:
        refuse_what_cannot_fit(path, container, least_bytes(container, encoding, n_samples, n_channels))
    mask = None if metadata is None else metadata.mask_for(n_channels)
    with replacing(path) as handle:
        sink = _Sink(handle, MAX_WAV_BYTES if container == "WAV" else None)
        try:
            with (
                sink.telling(),
                soundfile.SoundFile(
                    sink,
                    "w",
                    samplerate=sample_rate,
                    channels=n_channels,
                    format="WAVEX" if mask is not None and container == "WAV" else container,
                    subtype=encoding,
                    # libsndfile's compression level is Vorbis' quality upside down.
                    compression_level=1.0 - OGG_QUALITY if encoding == "VORBIS" else None,
                ) as file,
            ):
                writer = AudioWriter(file, sink, encoding, loop_region)
                writer.metadata = metadata
                yield writer
        except soundfile.LibsndfileError as error:
            raise CannotWrite(path=str(path), detail=words_of(error)) from error
        kind = _COMMENTS[container]
        try:
            said = writer.metadata
            if said is not None:
                writer.left_out = put_metadata(handle, kind, said, sample_rate=sample_rate, n_channels=n_channels)
            if writer.loop_region is not None:
                tag_handle(handle, kind, writer.loop_region, sample_rate)
            if comments and kind is not None:
                handle.seek(0)
                write_comments(handle, kind, comments, dropped=lambda _: False)
        except ValueError as error:  # beyond 2^32 samples
            raise CannotWrite(path=str(path), detail=str(error)) from error


def _encoding_of(path: AudioPath, container: str, bits: str) -> str:
    held = _HELD_BITS[container]
    if bits in held:
        return BITS[bits]
    way_out = f"ask for {' or '.join(held)}, or name it .wav" if held else "leave the bits out, or name it .wav"
    raise FormatLacks(path=str(path), what=f"samples of {bits} bits", way_out=way_out)


class _Sink:
    """A handle that libsndfile calls: an exception cannot cross C, so it is kept and told afterwards."""

    def __init__(self, handle: BinaryIO, max_bytes: int | None) -> None:
        self._handle = handle
        self._max_bytes = max_bytes
        self._error: BaseException | None = None

    def write(self, data: bytes) -> int:
        if self._error is not None:
            return 0
        try:
            self._refuse_excess(len(data))
            return self._handle.write(data)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it cannot cross C
            self._error = error
            return 0

    def _refuse_excess(self, n_bytes: int) -> None:
        if self._max_bytes is not None and self._handle.tell() + n_bytes > self._max_bytes:
            raise OSError(errno.EFBIG, "a WAV file holds at most 4 GiB, a FLAC file more")

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        try:
            return self._handle.seek(offset, whence)
        except BaseException as error:  # noqa: BLE001 - seeking flushes
            self._error = self._error or error
            return -1

    def tell(self) -> int:
        return self._handle.tell()

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """Raise the kept error in place of what soundfile makes of it: a short count, an assertion."""
        try:
            yield
        except (soundfile.SoundFileError, AssertionError):
            if self._error is not None:
                raise self._error from None
            raise
        if self._error is not None:
            raise self._error
