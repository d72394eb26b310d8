# SPDX-License-Identifier: GPL-3.0-or-later
"""This module decodes a clip that came over a network in another program's file format, if it can be a clip at all."""

from __future__ import annotations

import io

import soundfile

from engine.errors import RemoteError
from engine.generators.conform import MAX_CHANNELS
from engine.generators.delivered import HIGHEST_RATE, LOWEST_RATE
from engine.generators.remote.speaker import Machine
from engine.values import Clip


def received_clip(data: bytes, machine: Machine, *, longest_s: float) -> Clip:
    """Return the clip in ``data``, a sound file of any format that libsndfile reads.

    Headers are not believed: no more than ``longest_s`` seconds are decoded.

    Raises
    ------
    RemoteError
        It is no such file, empty, longer than ``longest_s``, or has more than two channels or an odd sample rate.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            rate, n_channels = int(sound.samplerate), int(sound.channels)
            if not LOWEST_RATE <= rate <= HIGHEST_RATE:
                raise _unusable(machine, f"its sample rate is {rate} Hz")
            if n_channels > MAX_CHANNELS:
                raise _unusable(machine, f"it has {n_channels} channels, not one or two")
            most = int(longest_s * rate)
            samples = sound.read(most + 1, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise _unusable(machine, f"it cannot be read ({str(error).rstrip('.')})") from error
    if not len(samples):
        raise _unusable(machine, "it is empty")
    if len(samples) > most:
        raise _unusable(machine, f"it lasts more than {longest_s:.0f} s")
    return Clip(samples, rate)


def _unusable(machine: Machine, detail: str) -> RemoteError:
    return RemoteError(machine=machine.place, detail=f"its clip cannot be used: {detail}")
