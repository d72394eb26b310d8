# SPDX-License-Identifier: GPL-3.0-or-later
"""Sounds on disk may last hours: they are opened by name and read piece by piece, to the sample, in bounded memory.

Three ways to hold a sound, chosen when it is opened:

- what decodes to less than ``MEMORY_BYTES`` is decoded at once;
- what is longer and can be sought to the sample (uncompressed samples, FLAC) is read from the file itself;
- what is longer and cannot (MP3, Vorbis, Opus, ADPCM: libsndfile 1.2 lands beside the place, or hears it without what
  the decoder should remember) is decoded once into an unnamed temporary file.

Headers are not believed: the length is that of what the file delivers.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import soundfile

from engine.errors import CannotRead, DamagedSound, EmptyClip, FileMissing, NotAudio, TooManyChannels
from engine.library.damage import ENDS_EARLY, damage_in
from engine.library.iff import UnclosedWave, unstated_size
from engine.library.layouts import VORBIS_ORDER
from engine.library.mpeg import OverstatedMpeg, states_its_length
from engine.library.spool import Spool
from engine.values import FloatArray

AudioPath = str | os.PathLike[str]

MAX_CHANNELS = 8
MIN_SAMPLE_RATE = 1_000
MAX_SAMPLE_RATE = 768_000

MEMORY_BYTES = 2**27
"""Number of bytes of a sound, as float32, up to which it is held in memory."""

CHUNK_SAMPLES = 32_768
"""Number of samples read at a time: headers that promise too much cannot ask for memory."""

_SOUGHT_EXACTLY = frozenset(
    {"PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"}
)  # and FLAC, whose encodings bear these names
_BOUNDED = _SOUGHT_EXACTLY - {"FLOAT", "DOUBLE"}
"""Encodings that hold nothing above full scale."""
_FLOAT_BYTES = 4
_MPEG_FRAME = 1152  # some encoders count the frame that counts the others
_UNKNOWN_SAMPLES = 2**48  # more than any file holds: a FLAC from a pipe does not say how many it has
# FLAC's blocks of 65535 equal samples need 12 bytes; every other format holds less in a byte.
_MAX_SAMPLES_PER_BYTE = 8192


class Decoder(soundfile.SoundFile):  # type: ignore[misc]
    """A decoder reads an open file from its start to its end.

    soundfile seeks after every read of a seekable file, to where the file is already; libsndfile then forgets what
    MP3 and Opus need to remember, and each piece starts with a fault. A file that says it cannot seek is left alone.
    """

    is_overstated = False
    """Whether ``frames`` is far more than there is, so that all of an MP3 that does not count them is read."""

    def seekable(self) -> bool:
        return False

    @property
    def counts(self) -> bool:
        """Return whether ``frames`` is what the file itself says, and not a guess."""
        return not self.is_overstated and self.frames < _UNKNOWN_SAMPLES

    def read(self, *arguments: Any, **named: Any) -> Any:
        """Read as ``soundfile.SoundFile.read`` does; the channels of Vorbis and Opus come in the order of WAV."""
        samples = super().read(*arguments, **named)
        order = VORBIS_ORDER.get(self.channels) if self.format == "OGG" else None
        if order is not None:
            samples[:] = samples[:, order]
        return samples


class AudioFile:
    """A sound on disk, as ``engine.values.Sound``: made by ``open_sound``, readable until its block ends.

    Attributes
    ----------
    damage
        What is missing of the file, where it cannot be read to the end that it declares.
    """

    def __init__(
        self,
        sample_rate: int,
        n_samples: int,
        n_channels: int,
        reader: Callable[[int, int], FloatArray],
        *,
        damage: DamagedSound | None = None,
        is_bounded: bool = False,
    ) -> None:
        self._sample_rate = sample_rate
        self._n_samples = n_samples
        self._n_channels = n_channels
        self._reader: Callable[[int, int], FloatArray] | None = reader
        self.damage = damage
        self._peak = 1.0 if is_bounded else None

    @property
    def sample_rate(self) -> int:
        """Return the sample rate in Hz."""
        return self._sample_rate

    @property
    def n_samples(self) -> int:
        return self._n_samples

    @property
    def n_channels(self) -> int:
        return self._n_channels

    @property
    def wraps(self) -> bool:
        return False

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``[first, first + n_samples)``, float32 ``(n_samples, n_channels)``, not to be written to.

        Samples that are no numbers are given as they are. Consecutive reads stream, a jump seeks.

        Raises
        ------
        DamagedSound, NotAudio
            The file is damaged there, or was changed since it was opened.
        """
        if first < 0 or n_samples < 0 or first + n_samples > self._n_samples:
            raise ValueError(f"[{first}, {first + n_samples}) leaves the sound's {self._n_samples} samples")
        if self._reader is None:
            raise ValueError("the sound was closed")
        if n_samples == 0:
            return np.zeros((0, self._n_channels), np.float32)
        return self._reader(first, n_samples)

    def peak(self) -> float:
        """Return a level that no sample passes: of floats and lossy formats the peak, of others full scale, 1.

        Samples that are no numbers do not count. Reads all of the sound once, where it needs to.
        """
        if self._peak is None:
            self._peak = 0.0
            for first in range(0, self._n_samples, CHUNK_SAMPLES):
                part = np.abs(self.read(first, min(CHUNK_SAMPLES, self._n_samples - first)))
                self._peak = max(self._peak, float(part.max(initial=0.0, where=np.isfinite(part))))
        return self._peak

    def _close(self) -> None:
        self._reader = None


@contextlib.contextmanager
def open_sound(
    path: AudioPath,
    *,
    max_channels: int = MAX_CHANNELS,
    whole: bool = False,
    on_read: Callable[[float], None] | None = None,
) -> Iterator[AudioFile]:
    """Yield the sound in a file of any format that libsndfile reads (WAV, FLAC, OGG, MP3, AIFF, CAF, RF64 and more).

    Its length is what the file delivers, whatever the header says; a file cut short ends where it was cut, one whose
    middle is spoilt where that begins, at the latest, and ``AudioFile.damage`` tells.

    Parameters
    ----------
    whole
        Whether a damaged file is refused.
    on_read
        Called with the fraction that is decoded, in (0, 1], where all of it is; what it raises ends that.

    Raises
    ------
    FileMissing, CannotRead
        No file, or one that may not be opened, or a folder or device, or no room to decode it into.
    NotAudio, EmptyClip, TooManyChannels
    DamagedSound
        Only if it is to be ``whole``.
    """
    with decoding(path, max_channels) as file, contextlib.ExitStack() as stack:
        n_claimed = file.frames
        reader: Callable[[int, int], FloatArray]
        detail = None
        if n_claimed * file.channels * _FLOAT_BYTES > MEMORY_BYTES and _can_be_sought(path, max_channels):
            n_samples, reader = n_claimed, _Seeking(file, path).read
        else:
            spool = stack.enter_context(Spool(file.channels, path, MEMORY_BYTES))
            try:
                for part in parts(file, path):
                    spool.append(part)
                    if on_read is not None:
                        on_read(min(1.0, spool.n_samples / n_claimed))
            except soundfile.LibsndfileError as error:  # what came before is there
                detail = words_of(error) or "its encoded audio is spoilt"
            n_samples, reader = spool.n_samples, spool.finished()
            if detail is None and file.counts and n_samples + _MPEG_FRAME * (file.format == "MP3") < n_claimed:
                detail = ENDS_EARLY
        if n_samples == 0:
            raise EmptyClip
        damage = _damage_of(path, file, n_samples, detail)
        if whole and damage is not None:
            raise damage
        is_bounded = file.subtype in _BOUNDED
        sound = AudioFile(file.samplerate, n_samples, file.channels, reader, damage=damage, is_bounded=is_bounded)
        stack.callback(sound._close)
        yield sound


def _damage_of(path: AudioPath, file: Decoder, n_samples: int, detail: str | None) -> DamagedSound | None:
    if detail is None:
        with opened(path) as handle, _telling_unread(path):
            detail = damage_in(handle, file.format)
    return None if detail is None else DamagedSound(path=str(path), detail=detail, seconds=n_samples / file.samplerate)


# --- decoding ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def decoding(path: AudioPath, max_channels: int) -> Iterator[Decoder]:
    """Yield a decoder at the first sample of an audio file, whose rate and channels are within bounds.

    Raises FileMissing, CannotRead, NotAudio, TooManyChannels; of the block, LibsndfileError as NotAudio.
    """
    with opened(path) as handle:
        try:
            with _telling_unread(path):
                if _is_sample_dump(handle):
                    raise NotAudio(path=str(path), detail="it is a MIDI sample dump")
                # By descriptor: from a name soundfile would take ".raw" for headerless samples.
                decoder = decoder_of(handle)
            with decoder as file:
                if file.channels > max_channels:
                    raise TooManyChannels(n_channels=file.channels, limit=max_channels)
                if not MIN_SAMPLE_RATE <= file.samplerate <= MAX_SAMPLE_RATE:
                    raise NotAudio(path=str(path), detail=f"its sample rate is {file.samplerate} Hz")
                yield file
        except soundfile.LibsndfileError as error:
            raise NotAudio(path=str(path), detail=words_of(error)) from error


def decoder_of(handle: BinaryIO) -> Decoder:
    """Return a decoder of an open file, which stands at its start. Raises OSError, LibsndfileError."""
    file = Decoder(handle.fileno(), closefd=False)
    if file.format == "MP3" and not states_its_length(handle.fileno()):
        file.close()
        file = Decoder(OverstatedMpeg(handle), closefd=False)
        file.is_overstated = True
    elif file.frames == 0 and (unstated := unstated_size(handle)) is not None:
        file.close()
        file = Decoder(UnclosedWave(handle, *unstated), closefd=False)
    return file


def _is_sample_dump(handle: BinaryIO) -> bool:
    """Return whether a file is a MIDI sample dump: of damaged ones libsndfile talks, on standard output."""
    head = os.pread(handle.fileno(), 4, 0)
    return head[:2] == b"\xf0\x7e" and head[3:] == b"\x01"


@contextlib.contextmanager
def _telling_unread(path: AudioPath) -> Iterator[None]:
    """Turn the failure to read bytes that the disk does not give into CannotRead."""
    try:
        yield
    except OSError as error:
        raise CannotRead(path=str(path), detail=error.strerror or str(error)) from error


@contextlib.contextmanager
def opened(path: AudioPath) -> Iterator[BinaryIO]:
    """Yield a regular file, open for reading. Raises FileMissing, CannotRead."""
    place = Path(path)
    try:
        if place.exists() and not place.is_file():  # asked first: opening a pipe would wait for its other end
            raise CannotRead(path=str(path), detail="it is a folder" if place.is_dir() else "it is not a regular file")
        handle = place.open("rb")
    except FileNotFoundError as error:
        raise FileMissing(path=str(path)) from error
    except OSError as error:
        raise CannotRead(path=str(path), detail=error.strerror or str(error)) from error
    with handle:
        yield handle


def parts(file: Decoder, path: AudioPath) -> Iterator[FloatArray]:
    """Yield every sample of an open file in order, as float32 pieces ``(n_samples, n_channels)``.

    Raises LibsndfileError where the file is damaged, and NotAudio for a header that promises samples without end.
    """
    limit = _MAX_SAMPLES_PER_BYTE * Path(path).stat().st_size
    place = 0
    while place < file.frames:
        samples: FloatArray = np.empty((min(CHUNK_SAMPLES, file.frames - place), file.channels), np.float32)
        try:
            n_read = len(file.read(out=samples))
        except soundfile.LibsndfileError:
            # What was decoded before the damage is there, though soundfile does not say how much.
            with contextlib.suppress(soundfile.LibsndfileError):
                yield samples[: max(0, file.tell() - place)]
            raise
        if n_read == 0:  # the header of a file that was cut may count what is gone
            break
        place += n_read
        if place > limit:
            raise NotAudio(path=str(path), detail="it promises more sound than it has bytes for")
        yield samples[:n_read]


def whole_parts(file: Decoder, path: AudioPath) -> Iterator[FloatArray]:
    """Yield as ``parts`` does, but raise DamagedSound where the file is damaged, also NotAudio."""
    place = 0
    try:
        for piece in parts(file, path):
            place += len(piece)
            yield piece
    except soundfile.LibsndfileError as error:
        raise DamagedSound(path=str(path), detail=words_of(error), seconds=place / file.samplerate) from error


def words_of(error: soundfile.LibsndfileError) -> str:
    """Return libsndfile's words, without their punctuation."""
    return str(error.error_string).removeprefix("Error : ").rstrip(".")


# --- ways to hold a sound ---------------------------------------------------------------------------------------------


def _can_be_sought(path: AudioPath, max_channels: int) -> bool:
    """Return whether a file can be sought to the sample and holds as many samples as its header says.

    A FLAC file that is not all too long is decoded once to know: it alone may be spoilt anywhere.
    """
    with decoding(path, max_channels) as file:  # of its own: who has failed to seek stands anywhere
        if file.subtype not in _SOUGHT_EXACTLY:
            return False
        try:
            if file.format == "FLAC" and file.frames * file.channels * _FLOAT_BYTES < 4 * MEMORY_BYTES:
                return sum(len(part) for part in parts(file, path)) == int(file.frames)
            file.seek(file.frames - 1)
            return len(file.read(1)) == 1
        except soundfile.LibsndfileError:
            return False


class _Seeking:
    """A reader from the file itself."""

    def __init__(self, file: Decoder, path: AudioPath) -> None:
        self._file = file
        self._path = path
        self._place = 0

    def read(self, first: int, n_samples: int) -> FloatArray:
        samples: FloatArray = np.empty((n_samples, self._file.channels), np.float32)
        try:
            if first != self._place:
                self._place = -1  # unknown, should the seek or the read fail
                self._file.seek(first)
            n_read = len(self._file.read(n_samples, out=samples))
        except soundfile.LibsndfileError as error:
            self._place = -1
            seconds = first / self._file.samplerate
            raise DamagedSound(path=str(self._path), detail=words_of(error), seconds=seconds) from error
        if n_read < n_samples:
            self._place = -1
            raise NotAudio(path=str(self._path), detail="it ends before its header says")
        self._place = first + n_samples
        return samples
