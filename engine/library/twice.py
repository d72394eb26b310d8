# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds the take that a sound already is, so that adding a file again adds nothing."""

from __future__ import annotations

import logging
from collections import defaultdict

import numpy as np

from engine.errors import StudioError
from engine.library.takes import TakeLibrary
from engine.values import Clip, Take

SAME = 2.0**-20
"""Largest difference of a sample, of full scale, between two copies of one sound as the studio keeps it."""

logger = logging.getLogger(__name__)


class KnownSounds:
    """The known sounds of a library are its takes of one generator, looked up by what they sound like.

    Only takes that last exactly as long are compared, sample by sample; copies in other lossless formats are found too.

    Parameters
    ----------
    generator
        Name of the generator in the recipes of the takes that count.

    Raises
    ------
    CannotRead
    """

    def __init__(self, library: TakeLibrary, generator: str) -> None:
        self._library = library
        self._lasting: dict[float, list[Take]] = defaultdict(list)
        for take in library.takes(library.n_takes):
            if take.recipe.generator == generator:
                self.note(take)

    def note(self, take: Take) -> None:
        """Count a take that was added since."""
        self._lasting[take.recipe.duration_s].append(take)

    def find(self, clip: Clip) -> Take | None:
        """Return the newest take of this sound, or None."""
        for take in sorted(self._lasting.get(clip.duration_s, ()), key=lambda one: one.take_id, reverse=True):
            try:
                kept = self._library.load(take.take_id)[1]
            except StudioError as error:
                # A take that cannot be heard any more is no reason not to add its sound again.
                logger.info("The take %s cannot be compared (%s)", take.take_id, error)
                continue
            if kept.samples.shape == clip.samples.shape and np.abs(kept.samples - clip.samples).max() < SAME:
                return take
        return None
