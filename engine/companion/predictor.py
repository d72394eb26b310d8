# SPDX-License-Identifier: GPL-3.0-or-later
"""A predictor listens to a recording, and plays what comes next or what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from engine.values import Clip, Layer


class PredictMode(StrEnum):
    """A mode says which bars are played."""

    CONTINUE = "continue"
    """The bars that come after the recording."""
    ACCOMPANY = "accompany"
    """The recording's own bars, along with it."""


@dataclass(frozen=True, slots=True)
class PredictOrder:
    """An order says what is played, besides what the recording says of it.

    Attributes
    ----------
    style
        Words for how it is played, as “dusty lofi”; "" leaves it to the predictor.
    parts
        What plays.
    seed
        The same seed plays the same along with the same recording; None takes any.
    """

    mode: PredictMode = PredictMode.CONTINUE
    style: str = ""
    parts: Layer = Layer.EVERYTHING
    seed: int | None = None


class Predictor(Protocol):
    """A predictor plays along with recordings."""

    def predict(self, clip: Clip, seconds: float, order: PredictOrder) -> Clip:
        """Return what is played: so many seconds at the studio's rate in two channels, as loud as the recording.

        Parameters
        ----------
        clip
            The recording: any sample rate, up to eight channels. What continues it begins where it ends, what
            accompanies it begins with it.
        seconds
            At most as long as the recording is, where that is accompanied.

        Raises
        ------
        NoPulse
            No beat is heard in the recording.
        NonFiniteClip, GeneratorError, UserError
        """
