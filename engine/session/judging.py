# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging decides what becomes of a clip that is dull, or not in the tempo or key that was asked for."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from engine.errors import GeneratorOutputBad, StudioError
from engine.generators.registry import title_of
from engine.session.clip_finder import FoundClip
from engine.session.fitting import can_stretch
from engine.session.options import Happening
from engine.values import Dullness, Fit, Misfit, MusicFit

MOST_TRIES = 3
"""Number of clips that are made for one that is to be played: it is made again at most twice."""
KIND = "judged"
"""Kind of the notices that tell why a clip is made again."""

_log = logging.getLogger(__name__)

_DULL = {
    Dullness.CLIPPED: Happening("A clip was clipped flat: another one is made", notice=KIND),
    Dullness.METRONOME: Happening("A clip was a metronome and nothing else: another one is made", notice=KIND),
    Dullness.UNCHANGING: Happening("A clip did not change over its length: another one is made", notice=KIND),
    Dullness.TONE: Happening("A clip was stuck on one tone: another one is made", notice=KIND),
    Dullness.SILENT: Happening("A clip was nearly silent: another one is made", notice=KIND),
}


@dataclass(frozen=True, eq=False, slots=True)
class Use:
    """This decision says that a clip is to be played."""

    clip: FoundClip


@dataclass(frozen=True, eq=False, slots=True)
class StretchTo:
    """This decision says that a clip is to be played at another speed, to have the tempo that was asked for."""

    clip: FoundClip
    speed: float


@dataclass(frozen=True, eq=False, slots=True)
class MakeAgain:
    """This decision says that another clip is to be made, and why."""

    why: Happening


@dataclass(frozen=True, eq=False, slots=True)
class GiveUp:
    """This decision says that none of the clips can be played: making one failed."""

    error: StudioError


Decision = Use | StretchTo | MakeAgain | GiveUp


class Tries:
    """The tries are the clips that were made so far for one that is to be played."""

    def __init__(self) -> None:
        self._clips: list[FoundClip] = []

    def decide(self, clip: FoundClip, misfit: Misfit) -> Decision:
        """Return what becomes of a clip that was made; ``misfit`` is what the person wants of other tempos and keys."""
        self._clips.append(clip)
        if len(self._clips) < MOST_TRIES:
            if clip.dullness is not None:
                return self._again(_DULL[clip.dullness])
            if misfit is Misfit.AGAIN and clip.fit.differs:
                return self._again(_told(clip.fit))
        best = self.best(misfit)
        if best is None:
            return GiveUp(
                GeneratorOutputBad(generator=title_of(clip.request.generator), detail="nothing is heard in it")
            )
        tempo = best.fit.tempo
        if misfit is Misfit.STRETCH and tempo is not None and can_stretch(tempo):
            return StretchTo(best, tempo.speed)
        return Use(best)

    def best(self, misfit: Misfit) -> FoundClip | None:
        """Return the clip that is least dull, and of these the nearest to what was asked; None where none is heard."""
        heard = [one for one in self._clips if one.dullness is not Dullness.SILENT]

        def faults(one: FoundClip) -> tuple[int, float]:
            dull = 0 if one.dullness is None else one.dullness.degree
            return dull, one.fit.distance if misfit is Misfit.AGAIN else 0.0

        return min(heard, key=faults, default=None)

    @staticmethod
    def _again(why: Happening) -> MakeAgain:
        _log.info("%s", why)
        return MakeAgain(why)


def _told(fit: MusicFit) -> Happening:
    tempo, key = fit.tempo, fit.key
    if tempo is not None and tempo.fit is Fit.OTHER:
        fields: dict[str, object] = {"bpm": round(tempo.measured_bpm or 0.0, 1), "asked": round(tempo.asked_bpm, 1)}
        return Happening(
            "A clip has {bpm:g} bpm, and {asked:g} were asked for: another one is made", fields, notice=KIND
        )
    assert key is not None
    return Happening(
        "A clip is in {key}, and {asked_key} was asked for: another one is made",
        {"key": key.measured, "asked_key": key.asked},
        notice=KIND,
    )
