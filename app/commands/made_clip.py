# SPDX-License-Identifier: GPL-3.0-or-later
"""A made clip is what ``generate`` writes, one or many: judged, with its recipe, and told as JSON or in words."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.commands import terminal
from app.commands.judged import JudgedClip, fit_dict, fit_words, judged_clip
from engine.generators.service import make_clip
from engine.library.carried import said_of
from engine.session.clip_recipe import recipe_of_clip
from engine.units import amplitude_to_db
from engine.values import ClipRequest, ClipResult, LoopRegion, Misfit, Recipe

if TYPE_CHECKING:
    from engine.generators.base import Generator, GeneratorSettings
    from engine.library.audiofile import AudioWriter


@dataclass(frozen=True, eq=False, slots=True)
class MadeClip:
    """A made clip.

    Attributes
    ----------
    made
        With the facts that were measured, where its generator is not exact.
    asked_s
        The duration that was asked for; None where bars or beats were.
    """

    judged: JudgedClip
    made: ClipResult
    recipe: Recipe
    asked_s: float | None

    def write(self, out: AudioWriter) -> None:
        """Write the clip into a file that is open. Raises StudioError."""
        out.write(self.made.clip.samples)
        # A clip that goes on at its start where it ends is a loop as a whole; of another its generator knows none.
        if self.made.clip.wraps:
            out.loop_region = LoopRegion(0, self.made.clip.n_samples)
        out.metadata = said_of(self.recipe)

    def as_dict(self, file: str, generator: Generator) -> dict[str, Any]:
        """Return what was made, ready for JSON."""
        made, facts = self.made, self.made.facts
        return {
            "file": file,
            "prompt": self.recipe.prompt,
            "generator": generator.name,
            "model": self.judged.request.model,
            "seed": made.seed,
            "sample_rate": made.clip.sample_rate,
            "n_samples": made.clip.n_samples,
            "duration_s": round(made.clip.duration_s, 6),
            "asked_duration_s": self.asked_s,
            "n_channels": made.clip.n_channels,
            "peak_dbfs": round(amplitude_to_db(float(np.abs(made.clip.samples).max())), 2),
            "wraps": made.clip.wraps,
            "tempo_bpm": facts.tempo_bpm,
            **({} if generator.capabilities().tells.exact else fit_dict(self.judged)),
            "key": facts.key,
            "beats_per_bar": facts.beats_per_bar,
            "bars": facts.bars,
            "tags": list(facts.tags),
            "family": made.family.as_dict() if made.family is not None else None,
            "versions": dict(made.versions),
        }

    def in_words(self) -> str:
        """Return its length, what of it is not as it was asked for, and what is known of it."""
        facts, fit = self.made.facts, self.judged.fit
        key = [] if facts.key is None or fit.key is not None else [facts.key]
        return ", ".join([terminal.describe_length(self.made, self.asked_s), *fit_words(fit), *key, *facts.tags])


def made_clip(
    request: ClipRequest,
    settings: GeneratorSettings,
    arguments: argparse.Namespace,
    misfit: Misfit,
    *,
    prefix: str = "",
) -> MadeClip:
    """Make a clip, show how far it is after ``prefix``, and judge it. Raises StudioError."""

    def make(asked: ClipRequest) -> ClipResult:
        return terminal.finish(make_clip(asked, settings), terminal.ProgressLine(), prefix)

    judged = judged_clip(request, misfit, make)
    made = replace(judged.made, facts=judged.facts)
    beats = request.guide.beats if request.guide is not None else None
    said = request.bars or made.asked_bars or beats
    # Without a date: the same request makes the same file, byte for byte.
    recipe = recipe_of_clip(judged.request, made, created_utc="")
    return MadeClip(judged, made, recipe, arguments.duration if said is None else None)
