# SPDX-License-Identifier: GPL-3.0-or-later
"""What the library keeps: takes and the recipes that made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from engine.values.audio import LoopRegion
from engine.values.loops import Algorithm, LoopCandidate, LoopMetrics, LoopOrigin, MusicFacts


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything needed to know, and where possible to make again, a take."""

    prompt: str
    generator: str
    model: str
    duration_s: float
    seed: int | None
    versions: Mapping[str, str]
    title: str
    artist: str
    facts: MusicFacts
    wraps: bool
    algorithm: Algorithm
    loop: LoopCandidate
    created_utc: str
    """ISO 8601, UTC."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, in the units the field names say."""
        return {
            "prompt": self.prompt,
            "generator": self.generator,
            "model": self.model,
            "duration_s": self.duration_s,
            "seed": self.seed,
            "versions": dict(self.versions),
            "title": self.title,
            "artist": self.artist,
            "facts": {
                "tempo_bpm": self.facts.tempo_bpm,
                "key": self.facts.key,
                "beats_per_bar": self.facts.beats_per_bar,
                "bars": self.facts.bars,
                "tags": list(self.facts.tags),
            },
            "wraps": self.wraps,
            "algorithm": str(self.algorithm),
            "loop": {
                "loop_start": self.loop.region.loop_start,
                "loop_end": self.loop.region.loop_end,
                "score": self.loop.score,
                "metrics": self.loop.metrics.as_dict(),
                "bars": self.loop.bars,
                "weak": self.loop.weak,
                "tempo_bpm": self.loop.tempo_bpm,
                "origin": str(self.loop.origin),
                "played_through": self.loop.played_through,
                "overlap_ms": self.loop.overlap_ms,
            },
            "created_utc": self.created_utc,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of ``as_dict``. Raises KeyError, TypeError or ValueError on anything else.

        A loop's tempo, origin and whether it is played through, which older recipes do not have, are then unknown,
        "found" and False.
        """
        facts, loop = data["facts"], data["loop"]
        return cls(
            prompt=data["prompt"],
            generator=data["generator"],
            model=data["model"],
            duration_s=data["duration_s"],
            seed=data["seed"],
            versions=dict(data["versions"]),
            title=data["title"],
            artist=data["artist"],
            facts=MusicFacts(**{**facts, "tags": tuple(facts["tags"])}),
            wraps=data["wraps"],
            algorithm=Algorithm(data["algorithm"]),
            loop=LoopCandidate(
                region=LoopRegion(loop["loop_start"], loop["loop_end"]),
                score=loop["score"],
                metrics=LoopMetrics(**loop["metrics"]),
                bars=loop["bars"],
                weak=loop["weak"],
                tempo_bpm=loop.get("tempo_bpm"),
                origin=LoopOrigin(loop.get("origin", LoopOrigin.FOUND)),
                played_through=loop.get("played_through", False),
                overlap_ms=loop.get("overlap_ms"),
            ),
            created_utc=data["created_utc"],
        )


FAVOURITE, NEVER = "favourite", "never"
RATINGS = ("", FAVOURITE, NEVER)
"""What a person may think of a take: nothing yet, wants it back, wants it never again."""


@dataclass(frozen=True, slots=True)
class Take:
    """One generated attempt, kept in the library; ``rating`` is one of ``RATINGS``."""

    take_id: str
    recipe: Recipe
    audio_path: str
    rating: str = ""
