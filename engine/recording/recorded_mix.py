# SPDX-License-Identifier: GPL-3.0-or-later
"""A recorded mix notes which loops a recording holds, and has its file say so while it grows."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from engine.library.carried import COMMENT
from engine.library.mixtext import MixWriter
from engine.recording.chapters import MOST_BYTES, chapters
from engine.recording.recorder import Recorder
from engine.values import Lead, MixKind, MixRecipe, leads_within
from engine.values.mixes import at_rate, kind_of

_log = logging.getLogger(__name__)

SAY_S = 5.0
"""Seconds between two times that the file is told of other loops: a kill costs at most these."""


class RecordedMix:
    """The mix of a recording.

    Parameters
    ----------
    recorder
        Its file says which loops are in it.
    first
        The frame of the tape's kept sound with which the recording begins.
    """

    def __init__(self, recorder: Recorder, first: int) -> None:
        self._recorder, self._first = recorder, first
        self._writer = MixWriter(recorder.most_characters(COMMENT) - MOST_BYTES)
        self._leads: tuple[Lead, ...] = ()
        self._said: tuple[Lead, ...] = ()
        self._said_s = -SAY_S

    def note(self, leads: Sequence[Lead]) -> None:
        """Take note of the loops that lead by frames of the kept sound: all since the first of these."""
        heard = leads_within(leads, self._first, self._first + self._recorder.n_samples)
        if not heard:
            return
        # Of each layer: what led before the first that is still known.
        first = {one.layer: one.frame for one in reversed(heard)}
        earlier = [one for one in self._leads if one.layer not in first or one.frame < first[one.layer]]
        self._leads = leads_within([*earlier, *heard], 0, self._recorder.n_samples)
        if self._is_news() and time.monotonic() - self._said_s >= SAY_S:
            self.say()

    def say(self) -> None:
        """Have the file say which loops are in it. It is a recording without that, too: nothing is raised."""
        self._said, self._said_s = self._leads, time.monotonic()
        recorder = self._recorder
        mix = MixRecipe(kind_of(self._leads, MixKind.RECORDED), recorder.sample_rate, recorder.n_samples, self._leads)
        if recorder.file_rate != recorder.sample_rate:
            mix = at_rate(mix, recorder.file_rate)
        try:
            recorder.say({COMMENT: self._writer.text(mix), **chapters(mix.leads, mix.sample_rate)})
        except (OSError, ValueError) as error:
            _log.warning("The recording does not say which loops are in it: %s", error)

    def _is_news(self) -> bool:
        if len(self._leads) != len(self._said):
            return True
        both = zip(self._leads, self._said, strict=True)
        return any(one.recipe is not other.recipe or _place(one) != _place(other) for one, other in both)


def _place(lead: Lead) -> tuple[int, str, int | None]:
    return lead.frame, lead.layer, lead.until
