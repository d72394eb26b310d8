# SPDX-License-Identifier: GPL-3.0-or-later
"""The pace meter times the making of a clip, or of several in one pass, and tells how much of it is left."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import UnknownChoice
from engine.generators.registry import generator_named
from engine.values import ClipRequest, ClipResult, Expected, PaceRun, Progress
from engine.values.pace import DEVICE, prepares

KNOWN_FROM = 0.03
"""Share of a clip from which on its own progress says better how much is left than earlier clips do."""
LEAST_LOAD_S = 0.5
"""Seconds before the making that are no loading: a process that waits answers sooner."""


def model_of(generator: str, model: str) -> str:
    """Return the model by its name, where "" stands for the generator's usual one."""
    try:
        return model or generator_named(generator).capabilities().usual_model
    except UnknownChoice:
        return model


class PaceMeter:
    """The pace meter is told of a job when it is asked for, at each word of it, and at its end.

    Parameters
    ----------
    now_s
        When it is asked for, in seconds of a clock that only goes forward.
    expected
        What is expected of it, if anything is.
    """

    def __init__(self, request: ClipRequest, now_s: float, expected: Expected | None) -> None:
        self._request, self._expected = request, expected
        self._asked_at_s = now_s
        self._begun_at_s: float | None = None

    def hear(self, progress: Progress, now_s: float) -> Progress:
        """Return the progress with the seconds that are left, where the generator does not say them itself.

        By its own share of the clip from ``KNOWN_FROM`` on; before, and where it tells none, by earlier clips.
        """
        if self._begun_at_s is None and not prepares(progress.stage):
            self._begun_at_s = now_s
        if progress.left_s is not None:
            return progress
        left_s = self._left_s(progress.fraction, now_s)
        return progress if left_s is None else replace(progress, left_s=left_s)

    def _left_s(self, fraction: float | None, now_s: float) -> float | None:
        expected = self._expected
        if self._begun_at_s is None:
            if expected is None:
                return None
            return expected.making_s + max(0.0, expected.load_s - (now_s - self._asked_at_s))
        since_s = now_s - self._begun_at_s
        if fraction is not None and fraction >= KNOWN_FROM:
            # Once all of it is there, it is only put in order: that takes no time worth a word.
            return since_s * (1.0 - fraction) / fraction if fraction < 1.0 else None
        # What takes longer than ever before is not promised for the next moment.
        return expected.making_s - since_s if expected is not None and since_s < expected.making_s else None

    def run(self, made: ClipResult, now_s: float) -> PaceRun | None:
        """Return how long the clip took, or all of a pass; None where it was not heard to begin."""
        begun_s = self._begun_at_s
        if begun_s is None or not made.clip.duration_s:
            return None
        load_s = begun_s - self._asked_at_s
        return PaceRun(
            self._request.generator,
            model_of(self._request.generator, self._request.model),
            clip_s=made.clip.duration_s,
            making_s=now_s - begun_s,
            load_s=load_s if load_s >= LEAST_LOAD_S else 0.0,
            device=made.versions.get(DEVICE, ""),
            n_clips=1 + len(made.others),
        )
