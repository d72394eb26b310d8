# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings come as sound files of any format that libsndfile reads, of which the part that counts is decoded."""

from __future__ import annotations

import io
import math

import numpy as np
import soundfile
import soxr

from engine.dsp.mixdown import PLAYED_CHANNELS, mix_down
from engine.errors import EmptyClip
from engine.generators.delivered import HIGHEST_RATE, LOWEST_RATE
from engine.values import Clip, FloatArray
from engine.values.audio import STUDIO_SAMPLE_RATE

MOST_CHANNELS = 8
"""Number of a recording's channels, at most."""
LONGEST_FILE_S = 86_400.0
"""Length of the longest file, seconds: what claims to be longer is damaged."""


def recording_in(content: bytes, *, from_start_s: float = math.inf, from_end_s: float = math.inf) -> Clip:
    """Return so many seconds of the recording in a file, from its start or from its end, at the studio's rate.

    Whether its samples are numbers is for those who listen to say. Raises ValueError for what is no such file, and
    EmptyClip.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            rate, n_claimed, n_channels = int(file.samplerate), int(file.frames), int(file.channels)
            if not LOWEST_RATE <= rate <= HIGHEST_RATE or not 1 <= n_channels <= MOST_CHANNELS:
                raise ValueError(f"it has {n_channels} channels at {rate} Hz")
            if n_claimed > LONGEST_FILE_S * rate:
                raise ValueError("it does not tell its length")
            if n_claimed > from_end_s * rate:
                file.seek(n_claimed - round(from_end_s * rate))
            samples = _read(file, rate, min(n_claimed, round(min(from_start_s, LONGEST_FILE_S) * rate)))
    except soundfile.SoundFileError as error:
        words = str(error).partition(": ")[2].rstrip(".") or "no sound file"
        raise ValueError(f"{words}; WAV, FLAC, OGG and MP3 can be read") from error
    if not len(samples):
        raise EmptyClip
    return Clip(samples, STUDIO_SAMPLE_RATE)


def _read(file: soundfile.SoundFile, rate: int, n_samples: int) -> FloatArray:
    """Return so many samples, or as many as there are, second by second: a file of many channels would fill memory."""
    n_channels = min(file.channels, PLAYED_CHANNELS) if file.channels in (1, 2, 6, 8) else 1
    stream = soxr.ResampleStream(rate, STUDIO_SAMPLE_RATE, n_channels, dtype="float32")
    out = [np.zeros((0, n_channels), np.float32)]
    while n_samples > 0:
        part = file.read(min(rate, n_samples), dtype="float32", always_2d=True)
        if not len(part):
            break
        n_samples -= len(part)
        out.append(stream.resample_chunk(mix_down(part)))
    out.append(stream.resample_chunk(np.zeros((0, n_channels), np.float32), last=True))
    return np.concatenate(out)


def played_at(clip: Clip, sample_rate: int, n_channels: int) -> Clip:
    """Return a clip at another rate, in one channel or two; one is the mean of two."""
    samples = clip.samples.mean(axis=1, keepdims=True) if n_channels == 1 else clip.samples
    if sample_rate != clip.sample_rate:
        n_samples = round(clip.n_samples * sample_rate / clip.sample_rate)
        resampled = soxr.resample(samples, clip.sample_rate, sample_rate)[:n_samples]
        samples = np.pad(resampled, ((0, n_samples - len(resampled)), (0, 0)))
    return Clip(samples, sample_rate)
