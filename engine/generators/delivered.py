# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads the audio file that an outside generator left, if a look at it says that it can be a clip."""

from __future__ import annotations

import os
from typing import BinaryIO

import soundfile

from engine.errors import GeneratorFileTooLarge, GeneratorOutputBad
from engine.generators.conform import MAX_CHANNELS, check_shape, longest_s
from engine.library.iff import Form
from engine.outside.scratch import ScratchFolder
from engine.values import Clip

LOWEST_RATE, HIGHEST_RATE = 8_000, 192_000
"""Lowest and highest sample rate of clips, Hz."""
_MAX_SAMPLE_BYTES = 8
_OTHER_BYTES = 2**20
"""Bytes that a file has at most besides its samples."""
_HEAD_BYTES = 12


def read_delivered(scratch: ScratchFolder, name: str, *, generator: str, requested_s: float) -> Clip:
    """Return the clip in the WAV file ``name`` of the scratch folder.

    Raises
    ------
    FileNotFoundError
        There is none.
    GeneratorOutputBad
        It is no regular file, larger or longer than a clip of ``requested_s`` can be, cut short, or no audio.
    """
    try:
        descriptor = scratch.open_file(name)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise GeneratorOutputBad(
            generator=generator, detail=f"instead of an audio file it left {error.strerror}"
        ) from error
    with os.fdopen(descriptor, "rb") as file:
        n_bytes = os.fstat(descriptor).st_size
        check_size(n_bytes, generator=generator, requested_s=requested_s)
        _check_chunks(file, n_bytes, generator)
        file.seek(0)
        try:
            with soundfile.SoundFile(file) as sound:
                _check_header(sound, generator, requested_s)
                n_claimed, sample_rate = sound.frames, int(sound.samplerate)
                samples = sound.read(dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise GeneratorOutputBad(generator=generator, detail=f"its audio file cannot be read ({error})") from error
    if len(samples) < n_claimed:
        raise GeneratorOutputBad(generator=generator, detail="its audio file is cut short")
    return Clip(samples, sample_rate)


def check_size(n_bytes: int, *, generator: str, requested_s: float) -> None:
    """Refuse a file larger than any clip of so many seconds is. Raises GeneratorFileTooLarge."""
    longest = longest_s(requested_s)
    if n_bytes > longest * HIGHEST_RATE * MAX_CHANNELS * _MAX_SAMPLE_BYTES + _OTHER_BYTES:
        raise GeneratorFileTooLarge(generator=generator, megabytes=n_bytes / 1e6, requested_s=requested_s)


def _check_chunks(file: BinaryIO, n_bytes: int, generator: str) -> None:
    """Check the lengths that the header tells; libsndfile would read a torn file as a shorter one."""
    head = file.read(_HEAD_BYTES)
    is_short = len(head) < _HEAD_BYTES
    if not is_short:
        try:
            form = Form(file)
        except ValueError:
            detail = "its audio file cannot be read (it is no WAV file)"
            raise GeneratorOutputBad(generator=generator, detail=detail) from None
        is_short = form.kind == b"RIFF" and int.from_bytes(head[4:8], "little") + 8 > n_bytes
        is_short = is_short or any(one.start + one.n_bytes > n_bytes for one in form.chunks())
    if is_short:
        raise GeneratorOutputBad(generator=generator, detail="its audio file is cut short")


def _check_header(sound: soundfile.SoundFile, generator: str, requested_s: float) -> None:
    if not sound.frames:
        raise GeneratorOutputBad(generator=generator, detail="its audio file is empty")
    if not LOWEST_RATE <= sound.samplerate <= HIGHEST_RATE:
        raise GeneratorOutputBad(generator=generator, detail=f"its sample rate is {sound.samplerate} Hz")
    check_shape(
        duration_s=sound.frames / sound.samplerate,
        n_channels=sound.channels,
        generator=generator,
        requested_s=requested_s,
    )
