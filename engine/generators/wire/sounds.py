# SPDX-License-Identifier: GPL-3.0-or-later
"""Sounds cross the network as WAV files of 32-bit floats, which lose nothing, or as FLAC of 24 bits."""

from __future__ import annotations

import base64
import binascii
import io

import numpy as np
import soundfile

from engine.generators.delivered import HIGHEST_RATE, LOWEST_RATE
from engine.values import Clip

WAV, FLAC = "audio/wav", "audio/flac"
"""Media types of the two formats."""
LONGEST_S = 600.0
"""Length of the longest sound that is read, seconds."""
_ENCODINGS = {WAV: ("WAV", "FLOAT"), FLAC: ("FLAC", "PCM_24")}
_MAX_CHANNELS = 2


def sound_bytes(clip: Clip, media_type: str = WAV) -> bytes:
    """Return a clip as a file of that type; FLAC holds samples beyond full scale at it."""
    kind, encoding = _ENCODINGS[media_type]
    out = io.BytesIO()
    samples = np.clip(clip.samples, -1.0, 1.0) if media_type == FLAC else clip.samples
    soundfile.write(out, samples, clip.sample_rate, format=kind, subtype=encoding)
    return out.getvalue()


def sound_from(content: bytes, *, wraps: bool = False, longest_s: float = LONGEST_S) -> Clip:
    """Return the clip in a file of either type, as its generator delivered it: NaN and silence are the gate's matter.

    Raises ValueError for what is no such file, empty, cut short, longer than ``longest_s`` or of more channels or
    another rate than a generator's clip has.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            if file.format not in ("WAV", "WAVEX", "FLAC"):
                raise ValueError(f"a sound is {file.format}, not WAV or FLAC")
            rate, n_claimed = int(file.samplerate), int(file.frames)
            if not LOWEST_RATE <= rate <= HIGHEST_RATE or not 1 <= file.channels <= _MAX_CHANNELS:
                raise ValueError(f"a sound has {file.channels} channels at {rate} Hz")
            if not 0 < n_claimed <= longest_s * rate:
                raise ValueError(f"a sound has {n_claimed} samples")
            samples = file.read(dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise ValueError(f"a sound cannot be read ({error})") from error
    if len(samples) < n_claimed:
        raise ValueError("a sound is cut short")
    return Clip(samples, rate, wraps)


def as_text(clip: Clip) -> str:
    """Return a clip as a WAV file in Base64, for JSON."""
    return base64.b64encode(sound_bytes(clip)).decode("ascii")


def from_text(text: str, *, wraps: bool) -> Clip:
    """Return the inverse of ``as_text``. Raises ValueError."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"a sound is no Base64 ({error})") from error
    return sound_from(content, wraps=wraps)
