# SPDX-License-Identifier: GPL-3.0-or-later
"""Results as JSON, which names their sounds: each of these crosses by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.generators.wire.scores import score_as_dict, score_from
from engine.values import Clip, ClipResult, Family, Licence, MusicFacts
from engine.values.checked import Fields

CLIP = "clip"
"""Name of the first clip; the further ones are “clip2”, “clip3”, and a stem of it “clip.bass”."""

MOST_SOUNDS = 64
"""Largest number of sounds of one result that is believed."""
_MOST_WORDS = 64
_MOST_CHARACTERS = 200
_MOST_BPM = 2000.0
_MOST_BARS = 1024


def spread(result: ClipResult) -> tuple[dict[str, Any], dict[str, Clip]]:
    """Return a result ready for JSON, and its sounds by the names that it has for them there."""
    sounds: dict[str, Clip] = {}
    ones = [_one(one, f"{CLIP}{number}" if number > 1 else CLIP, sounds) for number, one in enumerate(_all(result), 1)]
    return {**ones[0], "others": ones[1:]}, sounds


def _all(result: ClipResult) -> tuple[ClipResult, ...]:
    return (result, *result.others)


def _one(result: ClipResult, name: str, sounds: dict[str, Clip]) -> dict[str, Any]:
    sounds[name] = result.clip
    stems = {part: f"{name}.{part}" for part in result.stems}
    sounds.update({stems[part]: clip for part, clip in result.stems.items()})
    facts = result.facts
    return {
        "sound": name,
        "wraps": result.clip.wraps,
        "stems": stems,
        "seed": result.seed,
        "versions": {str(one): str(version) for one, version in result.versions.items()},
        "facts": {
            "tempo_bpm": facts.tempo_bpm,
            "key": facts.key,
            "beats_per_bar": facts.beats_per_bar,
            "bars": facts.bars,
            "tags": list(facts.tags),
        },
        "family": result.family.as_dict() if result.family is not None else None,
        "score": score_as_dict(result.score) if result.score is not None else None,
        "asked_bars": result.asked_bars,
        "licence": _licence_as_dict(result.licence) if result.licence is not None else None,
    }


def sounds_of(data: object) -> dict[str, bool]:
    """Return the names of all sounds of a result that came as JSON, and whether each wraps. Raises ValueError."""
    out: dict[str, bool] = {}
    whole = Fields.of(data)
    for one in (whole, *(whole.parts("others") if whole.has("others") else ())):
        names = (one.text("sound"), *one.texts_by_name("stems").values())
        out |= dict.fromkeys(names, one.flag("wraps"))
    if len(out) > MOST_SOUNDS or not all(len(name) <= _MOST_CHARACTERS and name.isprintable() for name in out):
        raise ValueError("a result names more sounds, or longer names, than one has")
    return out


def gathered(data: object, sounds: Mapping[str, Clip], *, job_id: int) -> ClipResult:
    """Return the inverse of ``spread``; ``sounds`` has each that ``sounds_of`` names. Raises ValueError."""
    fields = Fields.of(data)
    others = tuple(_read(one, sounds, job_id) for one in fields.parts("others")) if fields.has("others") else ()
    return _read(fields, sounds, job_id, others)


def _read(fields: Fields, sounds: Mapping[str, Clip], job_id: int, others: tuple[ClipResult, ...] = ()) -> ClipResult:
    has = fields.has
    clip = sounds[fields.text("sound")]
    score = score_from(fields.part("score")) if has("score") else None
    if score is not None and (score.n_samples, score.sample_rate) != (clip.n_samples, clip.sample_rate):
        raise ValueError("a score is not as long as its clip")
    versions = fields.texts_by_name("versions")
    if len(versions) > _MOST_WORDS or any(len(word) > _MOST_CHARACTERS for pair in versions.items() for word in pair):
        raise ValueError("“versions” holds more, or longer ones, than a result has")
    return ClipResult(
        job_id,
        clip,
        _facts(fields.part("facts")),
        seed=fields.whole("seed", 0) if has("seed") else None,
        versions=versions,
        others=others,
        family=Family.from_fields(fields.part("family")) if has("family") else None,
        score=score,
        stems={part: sounds[name] for part, name in fields.texts_by_name("stems").items()},
        asked_bars=fields.whole("asked_bars", 1, _MOST_BARS) if has("asked_bars") else None,
        licence=_licence(fields.part("licence")) if has("licence") else None,
    )


def _licence_as_dict(licence: Licence) -> dict[str, Any]:
    return {"words": licence.words, "is_commercial": licence.is_commercial}


def _licence(fields: Fields) -> Licence:
    words = fields.text("words")
    if not words.isprintable() or len(words) > _MOST_CHARACTERS:
        raise ValueError("“licence” is no line of words")
    return Licence(words, is_commercial=fields.flag("is_commercial"))


def _facts(fields: Fields) -> MusicFacts:
    has = fields.has
    tags = fields.texts("tags") if has("tags") else ()
    key = fields.text("key") if has("key") else None
    if len(tags) > _MOST_WORDS or any(len(one) > _MOST_CHARACTERS for one in (*tags, key or "")):
        raise ValueError("“facts” holds more, or longer words, than are known of a clip")
    return MusicFacts(
        tempo_bpm=fields.number("tempo_bpm", 1.0, _MOST_BPM) if has("tempo_bpm") else None,
        key=key,
        beats_per_bar=fields.whole("beats_per_bar", 1, 64) if has("beats_per_bar") else None,
        bars=fields.whole("bars", 1, _MOST_BARS) if has("bars") else None,
        tags=tags,
    )
