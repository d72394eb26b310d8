# SPDX-License-Identifier: GPL-3.0-or-later
"""A judgement says of a clip that was made whether it is what was asked for, and whether it is too dull to play."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Dullness(StrEnum):
    """A dullness is a way in which a clip is too dull to be played for long, the least one first."""

    CLIPPED = "clipped"
    """Dullness of a clip whose waves are cut off flat for much of its length."""
    METRONOME = "metronome"
    """Dullness of a clip with a stroke as regular as a metronome's, and nothing else."""
    UNCHANGING = "unchanging"
    """Dullness of a clip, hiss say, that does not change over its length."""
    TONE = "tone"
    """Dullness of a clip that is stuck on a tone."""
    SILENT = "silent"
    """Dullness of a clip in which nearly nothing is heard."""

    @property
    def degree(self) -> int:
        """Return how dull that is, from 1 on."""
        return 1 + tuple(Dullness).index(self)


class Misfit(StrEnum):
    """A misfit says what becomes of a clip whose tempo or key is not the one that was asked for."""

    KEEP = "keep"
    STRETCH = "stretch"
    AGAIN = "again"


class Fit(StrEnum):
    """A fit says how a clip's tempo or key stands to the one that was asked for."""

    AS_ASKED = "as asked"
    HALF = "half"
    """Fit of half the tempo: the same music may be counted either way."""
    DOUBLE = "double"
    RELATIVE = "relative"
    """Fit of the relative key, which has the same notes: C major for A minor."""
    OTHER = "other"
    NOT_HEARD = "not heard"
    """Fit of a clip in which no tempo, or no key, can be told."""


@dataclass(frozen=True, slots=True)
class TempoFit:
    """A tempo's fit holds the tempo that was asked for, the one that was measured, and how they stand to each other.

    Attributes
    ----------
    asked_bpm, measured_bpm
        Beats a minute; the second is None where no tempo is heard.
    speed
        How much faster the clip is to be played to fit: 1 where it does, or where no tempo is heard.
    """

    asked_bpm: float
    measured_bpm: float | None
    fit: Fit
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class KeyFit:
    """A key's fit holds the key that was asked for, the one that was measured or None, and how they stand."""

    asked: str
    measured: str | None
    fit: Fit


@dataclass(frozen=True, slots=True)
class MusicFit:
    """A music's fit says how a clip stands to what was asked for; a part is None where nothing was asked."""

    tempo: TempoFit | None = None
    key: KeyFit | None = None

    @property
    def is_asked(self) -> bool:
        """Return whether a tempo or a key was asked for."""
        return self.tempo is not None or self.key is not None

    @property
    def differs(self) -> bool:
        """Return whether tempo or key is another one; one that is not heard is no other one."""
        return any(one is not None and one.fit is Fit.OTHER for one in (self.tempo, self.key))

    @property
    def distance(self) -> float:
        """Return how far the clip is from what was asked for, 0 where it fits; only to be compared."""
        tempo = abs(self.tempo.speed - 1.0) if self.tempo is not None else 0.0
        return tempo + (0.05 if self.key is not None and self.key.fit is Fit.OTHER else 0.0)
