# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what the library keeps: takes and the recipes that made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from engine.values.asked import Asked
from engine.values.audio import LoopRegion
from engine.values.checked import Fields
from engine.values.family import Family
from engine.values.loops import Algorithm, LoopCandidate, LoopMetrics, LoopOrigin, MusicFacts
from engine.values.models import Licence
from engine.values.played import PlayedChord, chords_from

SCORES = (-1.0, 2.0)
"""Bounds of a score or metric in a recipe that is believed: those of [0, 1], with room for rounding and older ways."""
TEMPOS = (1.0, 2000.0)
"""Bounds of a tempo in a recipe that is believed, beats a minute."""
MOST_BEATS = 1024
"""Largest number of beats in a bar in a recipe that is believed."""
MOST_SEED = 2**256
"""Largest distance from 0 of a seed in a recipe that is believed."""
MOST_OVERLAP_MS = 1e6
"""Longest crossfade in a recipe that is believed, milliseconds."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt says where in a longer sound a clip is from: it begins at ``start_s`` of ``whole_s``, seconds."""

    start_s: float
    whole_s: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe is everything needed to know, and where possible to make again, a take."""

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
    """Time at which the take was made, ISO 8601, UTC."""
    asked: Asked = field(default_factory=Asked)
    """Further words and numbers of the request; empty in recipes of older studios."""
    family: Family | None = None
    """The piece that the take belongs to, where its generator makes such."""
    chords: tuple[PlayedChord, ...] = ()
    """Chords of the clip, in its samples, where its generator tells them."""
    excerpt: Excerpt | None = None
    """Where the clip was taken from, if it is a part of a longer file."""
    made_from: Recipe | None = None
    """The recipe that the file carried, if the clip was taken from one."""
    making_s: float | None = None
    """Seconds that the clip took to make, without loading a model; None where that was not measured."""
    licence: Licence | None = None
    """Licence of the model, where its weights are others'."""

    def as_dict(self) -> dict[str, Any]:
        """Return the recipe ready for JSON, in the units that the field names say."""
        asked = self.asked.as_dict()
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
            **({"asked": asked} if asked else {}),
            **({"family": self.family.as_dict()} if self.family is not None else {}),
            **({"chords": [[one.start, one.name] for one in self.chords]} if self.chords else {}),
            **({"excerpt": asdict(self.excerpt)} if self.excerpt is not None else {}),
            **({"made_from": self.made_from.as_dict()} if self.made_from is not None else {}),
            **({"making_s": round(self.making_s, 3)} if self.making_s is not None else {}),
            **({"licence": asdict(self.licence)} if self.licence is not None else {}),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the inverse of ``as_dict``. Raises ValueError for fields that are missing, mistyped or not finite.

        A loop's tempo, origin and whether it is played through, and what was asked for besides, which older recipes do
        not have, are then unknown, "found", False and nothing.
        """
        whole = Fields.of(data)
        facts, loop = whole.part("facts"), whole.part("loop")
        return cls(
            prompt=whole.text("prompt"),
            generator=whole.text("generator"),
            model=whole.text("model"),
            duration_s=whole.number("duration_s", 0.0),
            seed=whole.whole("seed", -MOST_SEED, MOST_SEED) if whole.has("seed") else None,
            versions=whole.texts_by_name("versions"),
            title=whole.text("title"),
            artist=whole.text("artist"),
            facts=_facts(facts),
            wraps=whole.flag("wraps"),
            algorithm=Algorithm(whole.text("algorithm")),
            loop=_candidate(loop),
            created_utc=whole.text("created_utc"),
            asked=Asked.from_dict(whole.part("asked").data) if whole.has("asked") else Asked(),
            family=Family.from_fields(whole.part("family")) if whole.has("family") else None,
            chords=chords_from(whole) if whole.has("chords") else (),
            excerpt=_excerpt(whole.part("excerpt")) if whole.has("excerpt") else None,
            made_from=cls.from_dict(_first(whole.part("made_from"))) if whole.has("made_from") else None,
            making_s=whole.number("making_s", 0.0) if whole.has("making_s") else None,
            licence=_licence(whole.part("licence")) if whole.has("licence") else None,
        )


def _licence(said: Fields) -> Licence:
    return Licence(said.text("words"), said.flag("is_commercial"))


def _first(made_from: Fields) -> dict[str, Any]:
    """Return a recipe's fields without the one that it was made from itself: that is not kept."""
    return {name: value for name, value in made_from.data.items() if name != "made_from"}


def _excerpt(excerpt: Fields) -> Excerpt:
    return Excerpt(excerpt.number("start_s", 0.0), excerpt.number("whole_s", 0.0))


def _facts(facts: Fields) -> MusicFacts:
    return MusicFacts(
        tempo_bpm=_tempo(facts),
        key=facts.text("key") if facts.has("key") else None,
        beats_per_bar=facts.whole("beats_per_bar", 1, MOST_BEATS) if facts.has("beats_per_bar") else None,
        bars=facts.whole("bars", 0) if facts.has("bars") else None,
        tags=facts.texts("tags"),
    )


def _candidate(loop: Fields) -> LoopCandidate:
    metrics = loop.part("metrics")
    return LoopCandidate(
        region=LoopRegion(loop.whole("loop_start", 0), loop.whole("loop_end", 1)),
        score=loop.number("score", *SCORES),
        metrics=LoopMetrics(*(metrics.number(name, *SCORES) for name in ("spectral", "waveform", "beat", "phase"))),
        bars=loop.whole("bars", 0) if loop.has("bars") else None,
        weak=loop.flag("weak"),
        tempo_bpm=_tempo(loop),
        origin=LoopOrigin(loop.text("origin")) if loop.has("origin") else LoopOrigin.FOUND,
        played_through=loop.flag("played_through") if loop.has("played_through") else False,
        overlap_ms=loop.number("overlap_ms", 0.0, MOST_OVERLAP_MS) if loop.has("overlap_ms") else None,
    )


def _tempo(fields: Fields) -> float | None:
    return fields.number("tempo_bpm", *TEMPOS) if fields.has("tempo_bpm") else None


FAVOURITE, NEVER = "favourite", "never"
RATINGS = ("", FAVOURITE, NEVER)
"""Ratings of a take by a person: none yet, play it again, never play it again."""


class Mark(StrEnum):
    """A mark says what a person did with a take, for which the library never removes it by itself."""

    REGION = "region"
    """Mark of a take of which a loop region was set by hand."""
    SAVED = "saved"
    """Mark of a take that was saved as a file."""
    ADDED = "added"
    """Mark of a sound of the person's own, which was added to the library."""


@dataclass(frozen=True, slots=True)
class Room:
    """Room says how much of the disk the library may take; 0 in a field leaves that to the studio, or sets no limit.

    Attributes
    ----------
    limit_bytes
        What all takes may hold together, or 0 for a share of the disk (``engine.library.room``).
    limit_days
        How old a take may become, or 0 for any age.
    """

    limit_bytes: float = 0.0
    limit_days: float = 0.0


@dataclass(frozen=True, slots=True)
class RoomTaken:
    """The room taken says how much of the disk the library takes.

    Attributes
    ----------
    used_bytes, n_takes
        What all takes hold together, and how many they are.
    limit_bytes
        What they may hold now.
    free_bytes
        What is free on their disk, or None where the disk does not tell.
    low_bytes
        With less than this free their disk is nearly full.
    """

    used_bytes: int
    n_takes: int
    limit_bytes: float
    free_bytes: int | None
    low_bytes: float = 0.0

    @property
    def is_low(self) -> bool:
        """Return whether the disk of the library is nearly full."""
        return self.free_bytes is not None and self.free_bytes < self.low_bytes


@dataclass(frozen=True, slots=True)
class Take:
    """A take is one generated attempt, kept in the library.

    Attributes
    ----------
    rating
        One of ``RATINGS``.
    marks
        What a person did with it.
    """

    take_id: str
    recipe: Recipe
    audio_path: str
    rating: str = ""
    marks: frozenset[Mark] = frozenset()

    @property
    def is_spared(self) -> bool:
        """Return whether the take stays for good: a person likes it or did something with it."""
        return self.rating == FAVOURITE or bool(self.marks)
