# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays along for others, who join a recording and what is played by themselves."""

from __future__ import annotations

import dataclasses

import numpy as np

from engine.companion.play_along import play_along
from engine.errors import NoPulse
from engine.generators.base import GeneratorSettings, finished
from engine.generators.service import make_clip
from engine.library.importing import fitted, refuse_silence
from engine.listening.listen import listen
from engine.units import seconds_to_samples
from engine.values import Clip, ClipRequest, ClipResult
from engine.values.play_along import Along, AlongOrder

BEGIN_S = 0.005
"""Seconds in which what continues a recording comes in: by then it plays already, and others may just cut to it."""


def predicted(recording: Clip, order: AlongOrder, settings: GeneratorSettings, *, needs_beat: bool = False) -> Clip:
    """Return what the composer plays along with a recording, at the studio's rate in two channels.

    Parameters
    ----------
    recording
        Any sample rate, up to eight channels.
    order
        What continues a recording begins where that ends and lasts ``seconds``; what accompanies it lasts as long.
    needs_beat
        Whether a recording in which no beat is heard is refused, or else gets a slow one.

    Raises
    ------
    SilentClip, ConstantClip, NoPulse
        Nothing is heard in the recording, or no beat.
    NonFiniteClip, OutOfRange, GeneratorError
    """
    recording = fitted(recording)
    refuse_silence(recording)
    if needs_beat and listen(recording).beats is None:
        raise NoPulse

    def make(request: ClipRequest) -> ClipResult:
        return finished(make_clip(dataclasses.replace(request, stems=False), settings))

    played = play_along(recording, order, make)
    if order.way is not Along.CONTINUE:
        return played.new
    after = played.new.samples[recording.n_samples :].copy()
    n_begin = seconds_to_samples(BEGIN_S, recording.sample_rate)
    after[:n_begin] *= np.linspace(0.0, 1.0, n_begin, dtype=np.float32)[:, None]
    return dataclasses.replace(played.new, samples=after)
