# SPDX-License-Identifier: GPL-3.0-or-later
"""This module judges what ``generate`` made of a model, by the studio's own rules, and has it made again or stretched.

A clip of an exact generator is what was asked for: nothing is measured of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engine.values import ClipRequest, ClipResult, Dullness, Fit, Misfit, MusicFacts, MusicFit

if TYPE_CHECKING:
    from engine.session.clip_finder import FoundClip
    from engine.session.options import StudioOptions


@dataclass(frozen=True, eq=False, slots=True)
class JudgedClip:
    """A judged clip is what is written: what was made last or was best, the request by which it is made again.

    Attributes
    ----------
    facts
        What the generator tells, where it is exact; else what was measured.
    n_made
        How many clips were made for it.
    """

    request: ClipRequest
    made: ClipResult
    facts: MusicFacts
    fit: MusicFit = field(default_factory=MusicFit)
    dullness: Dullness | None = None
    n_made: int = 1


def judged_clip(request: ClipRequest, misfit: Misfit, make: Callable[[ClipRequest], ClipResult]) -> JudgedClip:
    """Return a clip that ``make`` made, made again or stretched as ``misfit`` says. Raises StudioError."""
    from engine.session.fitting import is_exact

    made = make(request)
    if is_exact(request.generator):
        return JudgedClip(request, made, made.facts)
    from engine.session.judging import GiveUp, MakeAgain, StretchTo, Tries
    from engine.session.options import StudioOptions

    tries, n_made, options = Tries(), 1, StudioOptions(request.prompt, misfit=misfit)
    while True:
        found = _looked_at(request, made, options)
        if isinstance(found, Exception):
            # It was made, though nothing can be told of it: it is written as it came.
            return JudgedClip(request, made, made.facts, n_made=n_made)
        decision = tries.decide(found, misfit)
        match decision:
            case MakeAgain():
                print(f"infiniloop: {decision.why}", file=sys.stderr)
                request = request if request.seed is None else replace(request, seed=request.seed + 1)
                made, n_made = make(request), n_made + 1
                continue
            case GiveUp():
                raise decision.error
            case StretchTo():
                stretched = _stretched(decision.clip, decision.speed, options)
                best = decision.clip if isinstance(stretched, Exception) else stretched
            case _:
                best = decision.clip
        return JudgedClip(best.request, best.made, best.findings.facts, best.fit, best.dullness, n_made)


def _looked_at(request: ClipRequest, made: ClipResult, options: StudioOptions) -> FoundClip | Exception:
    from engine.session.clip_finder import ClipFinder
    from engine.session.rendering import ImmediateJobs

    answers: list[FoundClip | Exception] = []
    ClipFinder(ImmediateJobs()).find(request, made, options, answers.append)
    return answers[0]


def _stretched(clip: FoundClip, speed: float, options: StudioOptions) -> FoundClip | Exception:
    from engine.session.clip_finder import ClipFinder
    from engine.session.rendering import ImmediateJobs

    answers: list[FoundClip | Exception] = []
    ClipFinder(ImmediateJobs()).stretch(clip, speed, options, answers.append)
    return answers[0]


def fit_words(fit: MusicFit) -> list[str]:
    """Return measured tempo and key in words, held against those that were asked for."""
    words = []
    if fit.tempo is not None:
        asked, heard = f"{fit.tempo.asked_bpm:.5g} bpm", f"{fit.tempo.measured_bpm or 0.0:.5g} bpm"
        words.append(_words(fit.tempo.fit, asked, heard, "no tempo is heard"))
    if fit.key is not None:
        words.append(_words(fit.key.fit, fit.key.asked, fit.key.measured or "", "no key is heard"))
    return words


def _words(fit: Fit, asked: str, heard: str, nothing: str) -> str:
    match fit:
        case Fit.AS_ASKED:
            return f"{heard} as asked for"
        case Fit.HALF | Fit.DOUBLE:
            return f"{heard}, {fit} the {asked} asked for"
        case Fit.RELATIVE:
            return f"{heard}, the relative key of the {asked} asked for"
        case Fit.OTHER:
            return f"{heard}, and {asked} were asked for" if "bpm" in asked else f"{heard}, and {asked} was asked for"
        case Fit.NOT_HEARD:
            return f"{nothing} ({asked} asked for)"


def fit_dict(judged: JudgedClip) -> dict[str, Any]:
    """Return what was judged of a clip, ready for JSON; nothing of an exact generator's."""
    tempo, key = judged.fit.tempo, judged.fit.key
    return {
        "asked_tempo_bpm": None if tempo is None else tempo.asked_bpm,
        "tempo_fit": None if tempo is None else str(tempo.fit),
        "asked_key": None if key is None else key.asked,
        "key_fit": None if key is None else str(key.fit),
        "speed": judged.request.speed,
        "dullness": None if judged.dullness is None else str(judged.dullness),
        "n_made": judged.n_made,
    }
