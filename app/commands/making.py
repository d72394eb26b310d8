# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is shared by the commands that write a sound's loop: its level, and what its file says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.units import amplitude_to_db, samples_to_seconds
from engine.values import FloatArray, OverlapLimit, Sound

if TYPE_CHECKING:
    from app.commands.loop_arguments import Choice
    from engine.dsp.seam import Seam
    from engine.library.carried import Made
    from engine.library.metadata import Metadata
    from engine.library.soundfiles import AudioFile

FULL = 1.0 - 2.0**-15
"""Highest sample that 16 bits hold, of full scale."""

_WHY = {
    OverlapLimit.LOOP: "the loop is no longer",
    OverlapLimit.MUSIC: "there is no more music before or after the loop",
    OverlapLimit.WHOLE: "the loop is the whole file, with nothing around it, and only the step at its end is smoothed",
}


def overlap_words(seam: Seam, asked_ms: float) -> str:
    """Return why the seam's crossfade is shorter than was asked for, and how much; empty where it is not."""
    if seam.limit is None:
        return ""
    used_ms = 1000.0 * samples_to_seconds(seam.overlap_samples, seam.sound.sample_rate)
    return f", overlap {used_ms:.0f} ms in place of {asked_ms:.0f}: {_WHY[seam.limit]}"


def overlap_dict(seam: Seam) -> dict[str, object]:
    """Return the crossfade's length and why it is no longer (``loop``, ``music``, ``whole``, null), ready for JSON."""
    return {
        "overlap_samples": seam.overlap_samples,
        "overlap_limit": None if seam.limit is None else str(seam.limit),
    }


class Level:
    """A level says by how much all that is written is turned down, so that nothing is cut off at full scale.

    Parameters
    ----------
    peak
        Of what is written.
    is_float
        Whether the file holds what is above full scale as it is.

    Attributes
    ----------
    gain_db
        At most 0.
    """

    def __init__(self, peak: float, *, is_float: bool = False) -> None:
        self._peak = peak
        self._gain = 1.0 if is_float or peak <= 1.0 else FULL / peak

    @classmethod
    def of(cls, sound: AudioFile, blocks: Iterable[FloatArray], *, is_float: bool, is_resampled: bool = False) -> Level:
        """Return the level of ``blocks``, made of this sound: they are gone through only where one may be too loud.

        Samples that are no numbers do not count: they are refused when they are written.
        """
        if is_float or (not is_resampled and sound.peak() <= 1.0):
            return cls(0.0)
        return cls(max((_peak_of(block) for block in blocks), default=0.0))

    @property
    def gain(self) -> float:
        """Return the factor of all samples, at most 1."""
        return self._gain

    @property
    def gain_db(self) -> float:
        return 0.0 if self._gain == 1.0 else float(amplitude_to_db(self._gain))

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Return the samples as they are to be written."""
        if self._gain == 1.0:
            return samples
        turned: FloatArray = samples * samples.dtype.type(self._gain)
        return turned

    def words(self, way_out: str = "") -> str:
        """Return what to tell of the level; empty where nothing is turned down."""
        if self._gain == 1.0:
            return ""
        return f", turned down by {-self.gain_db:.1f} dB as it peaks at {self._peak:.2f} of full scale{way_out}"


def _peak_of(block: FloatArray) -> float:
    import numpy as np

    return float(np.abs(block).max(initial=0.0, where=np.isfinite(block)))


def metadata_of(
    path: str, sound: Sound, choice: Choice, *, made: Made | None = None, rhythm_of: tuple[int, int] | None = None
) -> Metadata:
    """Return what a file made of the sound at ``path`` says of itself, and its recipe.

    ``rhythm_of`` is the length in samples and the rate of one that is a loop, which says how many beats it has;
    ``made`` says what it is of the sound. Raises StudioError.
    """
    from engine.library.cut_metadata import metadata_of_cut

    return metadata_of_cut(
        path, sound, choice.region, candidate=choice.candidate, facts=choice.facts, made=made, rhythm_of=rhythm_of
    )
