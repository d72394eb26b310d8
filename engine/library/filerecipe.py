# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes the recipe of a sound that was a file: what its tags say of it, and the loop that it plays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from engine.library.carried import AnyCarried, Carried
from engine.library.importing import Imported
from engine.library.metadata import Metadata
from engine.values import (
    Algorithm,
    Excerpt,
    LoopCandidate,
    LoopFindings,
    LoopMetrics,
    LoopOrigin,
    LoopRegion,
    MusicFacts,
    Recipe,
    Take,
)

FILE = "file"
"""Name that a recipe gives as the generator of a sound that was a file."""
MOST_LETTERS = 200
"""Number of letters of a title or an artist that are kept."""

WHOLE_BARS_WITHIN = 0.02
"""Distance in bars from a whole number of bars within which a sound lasts that many."""

LEAST_LEFT_OUT_S = 0.01
"""Seconds of a file beyond its clip from which on the clip is a part of it: resampling rounds a length."""


def loop_of_file(findings: LoopFindings) -> LoopCandidate:
    """Return the loop that a file plays: what somebody tagged is meant, however well another part loops."""
    return next((one for one in findings.candidates if one.origin is LoopOrigin.TAG), findings.best)


def known_facts(new: Imported, carried: AnyCarried | None) -> MusicFacts:
    """Return tempo, key and metre of the recipe that a file carries, where its sound still lasts whole bars of them.

    A program that stretches a sound may leave its comments as they were: then all is estimated.
    """
    facts = carried.recipe.facts if isinstance(carried, Carried) else MusicFacts()
    whole = LoopRegion(0, new.clip.n_samples) if not new.loops else new.loops[0]
    if not facts.tempo_bpm or not facts.beats_per_bar:
        return MusicFacts()
    bars = whole.n_samples / new.clip.sample_rate * facts.tempo_bpm / 60.0 / facts.beats_per_bar
    if round(bars) < 1 or abs(bars - round(bars)) > WHOLE_BARS_WITHIN:
        return MusicFacts()
    return MusicFacts(tempo_bpm=facts.tempo_bpm, key=facts.key, beats_per_bar=facts.beats_per_bar)


def recipe_of_file(stem: str, new: Imported, findings: LoopFindings, carried: AnyCarried | None = None) -> Recipe:
    """Return the recipe of a file's sound, in which these loops were found.

    Parameters
    ----------
    stem
        The file's name without its ending, which is the title where the tags name none.
    carried
        The recipe that the file carries: by it the clip that it came from can be made again.
    """
    title, artist = _named(stem, new.metadata)
    is_part = new.whole_s - new.clip.duration_s > LEAST_LEFT_OUT_S
    return Recipe(
        prompt=title,
        generator=FILE,
        model="",
        duration_s=new.clip.duration_s,
        seed=None,
        versions={},
        title=title,
        artist=artist,
        facts=findings.facts,
        wraps=new.clip.wraps,
        algorithm=findings.algorithm,
        loop=loop_of_file(findings),
        created_utc=datetime.now(UTC).isoformat(timespec="microseconds"),
        excerpt=Excerpt(new.start_s, new.whole_s) if is_part else None,
        made_from=origin_of(carried),
    )


def recipe_of_cut(
    stem: str,
    metadata: Metadata,
    duration_s: float,
    region: LoopRegion,
    *,
    candidate: LoopCandidate | None,
    facts: MusicFacts | None,
) -> Recipe:
    """Return the recipe of a file that carries none, of which a loop was taken.

    Undated, as the same command makes the same file. ``candidate`` is None for a region that a person named.
    """
    title, artist = _named(stem, metadata)
    return Recipe(
        prompt=title,
        generator=FILE,
        model="",
        duration_s=duration_s,
        seed=None,
        versions={},
        title=title,
        artist=artist,
        facts=facts or MusicFacts(),
        wraps=False,
        algorithm=Algorithm.ADVANCED,
        loop=candidate
        or LoopCandidate(region, 0.0, LoopMetrics(0.0, 0.0, 0.0, 0.0), None, False, None, LoopOrigin.HAND),
        created_utc="",
    )


def origin_of(carried: AnyCarried | None) -> Recipe | None:
    """Return the recipe by which a generator made what a file carries; None where none did, or several clips."""
    if not isinstance(carried, Carried):
        return None
    recipe = carried.recipe
    return recipe.made_from if recipe.generator == FILE else replace(recipe, made_from=None)


def own_of(take: Take | None) -> str:
    """Return the path of a take whose tags and cover are a person's own, as it was a file; "" of all others."""
    return take.audio_path if take is not None and take.recipe.generator == FILE else ""


def _named(stem: str, metadata: Metadata) -> tuple[str, str]:
    """Return title and artist: those of the tags, else the file's name and none."""
    title, artist = (_words(" ".join(metadata.texts.get(name, ()))) for name in ("TITLE", "ARTIST"))
    return title or _words(stem), artist


def _words(text: str) -> str:
    """Return one line of a text that a file says, or of its name, whose bytes need not be letters."""
    return " ".join(text.encode("utf-8", "replace").decode().split())[:MOST_LETTERS]
