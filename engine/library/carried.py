# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file that the studio writes carries its recipe: JSON in a comment of FLAC and OGG, in the ID3 chunk of WAV.

The comment's name is ``INFINILOOP_RECIPE``. It holds what a take's recipe file holds (``engine.library.recipefile``),
and under ``made`` what was made of the clip: no path, no name of a person or a machine. A file in which several loops
are heard, a recording or what was rendered, has the recipe of the mix (``engine.library.mixtext``) in its place, and
MIDI a text event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from engine.errors import AudioFileError
from engine.library.comments import Commented
from engine.library.metadata import Metadata, kept_metadata
from engine.library.midifile import midi_text
from engine.library.mixtext import MIX, MOST_CHARACTERS, mix_of, mix_text
from engine.library.recipefile import MAX_BYTES, parse, read_text
from engine.library.sound_folders import is_midi_name
from engine.library.soundfiles import MAX_CHANNELS, AudioPath, decoding, opened
from engine.library.texts import on_one_line, read_texts
from engine.values import (
    FileShape,
    LoopCandidate,
    LoopOrigin,
    LoopRegion,
    MixKind,
    MixRecipe,
    Recipe,
    SavePlan,
    leads_within,
)
from engine.values.checked import Fields
from engine.values.play_along import AlongMade

COMMENT = "INFINILOOP_RECIPE"
"""Name of the comment that holds the recipe."""

_FORMS = ("WAV", "WAVEX", "RF64", "AIFF")
_MADE = "made"
_TONIC = re.compile("[A-G][#b]?")
_MOST_READ = 2 * MOST_CHARACTERS
_MOST_OVERLAP_MS, _MOST_GAIN = 1e6, 1e3


@dataclass(frozen=True, slots=True)
class Made:
    """This value says what a file is of its recipe's clip.

    Attributes
    ----------
    plan
        By which it was made; None for the clip itself, where ``is_clip``, and for what was cut further.
    overlap_ms, gain
        Of the seam, milliseconds, and of all samples, linear.
    is_limited
        Whether the loop went through the output's limiter, as it is heard.
    part
        The part (stem) of the sound that the file holds, or "".
    along
        Where the clip was played along with a recording: with which, and how.
    """

    plan: SavePlan | None = None
    overlap_ms: float = 0.0
    gain: float = 1.0
    is_limited: bool = False
    is_clip: bool = False
    part: str = ""
    along: AlongMade | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        if self.plan is None:
            kind = {"kind": "clip" if self.is_clip else "cut"} if self.along is None else self.along.as_dict()
            return {**kind, "part": self.part} if self.part else kind
        said = {**self.plan.as_dict(), "overlap_ms": self.overlap_ms, "gain": self.gain, "limited": self.is_limited}
        return {**said, "part": self.part} if self.part else said

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the inverse of ``as_dict``. Raises ValueError."""
        fields = Fields.of(data)
        part = fields.text("part") if fields.has("part") else ""
        if (kind := fields.text("kind")) == "along":
            return cls(part=part, along=AlongMade.from_fields(fields))
        if kind in ("clip", "cut"):
            return cls(is_clip=kind == "clip", part=part)
        return cls(
            SavePlan.from_dict(data),
            fields.number("overlap_ms", 0.0, _MOST_OVERLAP_MS),
            fields.number("gain", 0.0, _MOST_GAIN),
            fields.flag("limited"),
            part=part,
        )


CLIP, CUT = Made(is_clip=True), Made()


@dataclass(frozen=True, slots=True)
class Carried:
    """A carried recipe is what a sound says of how it was made."""

    recipe: Recipe
    made: Made = field(default=CLIP)


AnyCarried = Carried | MixRecipe
"""The recipe that a file carries tells how one clip was made and what the file is of it, or which clips it holds."""


def carried_text(recipe: Recipe, made: Made = CLIP) -> str:
    """Return the comment's text. Raises ValueError for a recipe with a number that is none."""
    return json.dumps({**recipe.as_dict(), _MADE: made.as_dict()}, allow_nan=False, separators=(",", ":"))


def said_of(recipe: Recipe, made: Made = CLIP) -> Metadata:
    """Return what a file of a recipe's clip says: title, artist, key, tempo, and the recipe itself."""
    facts = recipe.facts
    title, artist = on_one_line(recipe.title), on_one_line(recipe.artist)
    says = Metadata().with_texts(TITLE=title, ARTIST=artist, INITIALKEY=short_key(facts.key))
    says = says.with_tempo(recipe.loop.tempo_bpm or facts.tempo_bpm)
    return says.with_texts(**{COMMENT: carried_text(recipe, made)})


def midi_texts(recipe: Recipe, made: Made = CLIP) -> dict[str, str]:
    """Return the text events of a MIDI file that is of a recipe's clip."""
    return {COMMENT: carried_text(recipe, made)}


def said_of_mix(mix: MixRecipe) -> Metadata:
    """Return what a file of several loops says: their recipes."""
    return Metadata().with_texts(**{COMMENT: mix_text(mix)})


def with_recipe(metadata: Metadata, recipe: Recipe) -> Metadata:
    """Return what a file says of itself, and its clip's recipe beside."""
    return metadata.with_texts(**{COMMENT: carried_text(recipe, CLIP)})


def own_tags(own: Metadata | str) -> Metadata:
    """Return what a sound that was brought says of itself: this, or what the take at a path says; nothing of others.

    Raises nothing: tags that cannot be read are none.
    """
    if isinstance(own, Metadata):
        return own
    try:
        return kept_metadata(own) if own else Metadata()
    except AudioFileError:
        return Metadata()


def said_of_file(recipe: Recipe, shape: FileShape, made: Made, own: Metadata | None = None) -> Metadata:
    """Return what a file of this shape says; one that is a loop as a whole also says how many beats and bars it has.

    ``own`` is what the sound said of itself before: tags and cover stay, where the recipe does not know better.
    """
    says, loop = said_of(recipe, made), recipe.loop
    if own is not None:
        says = replace(own, texts={**says.texts, **own.texts, COMMENT: says.texts[COMMENT]})
    if not shape.is_loop:
        return says
    return says.with_loop(shape.n_samples, shape.sample_rate, loop.tempo_bpm or recipe.facts.tempo_bpm, loop.bars)


def carried_of_cut(
    path: AudioPath, region: LoopRegion, candidate: LoopCandidate | None, made: Made | None
) -> str | None:
    """Return the comment of a file that is cut from the sound at ``path``; None where that sound has no recipe.

    ``region`` is the loop that was taken of the sound, ``candidate`` what the loop finder thinks of it, ``made`` what
    is made of both.
    """
    source = recipe_of(path)
    if source is None:
        return None
    if isinstance(source, MixRecipe):
        return mix_text(_cut_of_mix(source, region))
    recipe = source.recipe
    if not source.made.is_clip or made is None:
        # The regions of what was cut already are not those of its recipe's clip.
        return carried_text(recipe, CUT)
    return carried_text(with_loop(recipe, region, candidate), made)


def with_loop(recipe: Recipe, region: LoopRegion, candidate: LoopCandidate | None) -> Recipe:
    """Return the recipe with another loop of its clip; without a candidate it is a region that a person named."""
    if candidate is None and region != recipe.loop.region:
        by_hand = replace(recipe.loop, region=region, bars=None, tempo_bpm=None, origin=LoopOrigin.HAND)
        candidate = replace(by_hand, played_through=False, overlap_ms=None)
    return replace(recipe, loop=candidate or recipe.loop)


def _cut_of_mix(mix: MixRecipe, region: LoopRegion) -> MixRecipe:
    leads = leads_within(mix.leads, region.loop_start, region.loop_end)
    return MixRecipe(MixKind.CUT, mix.sample_rate, region.n_samples, leads)


def short_key(key: str | None) -> str | None:
    """Return a key as tags hold it, in at most three letters: "A minor" is "Am", "F# major" is "F#"."""
    tonic, _, mode = (key or "").partition(" ")
    if not _TONIC.fullmatch(tonic):
        return None
    return {"major": tonic, "minor": f"{tonic}m"}.get(mode)


def read_carried(text: str) -> AnyCarried | None:
    """Return what a comment's text says; None for what is no recipe."""
    if len(text) > _MOST_READ:
        return None
    try:
        data = json.loads(text)
        if isinstance(data, dict) and MIX in data:
            return mix_of(data)
        if len(text) > MAX_BYTES:
            return None
        recipe = parse(text).recipe
        return Carried(recipe, Made.from_dict(data[_MADE]) if _MADE in data else CUT)
    except (ValueError, RecursionError):
        return None


def recipe_of(path: AudioPath) -> AnyCarried | None:
    """Return the recipe that a file carries, or that lies beside a take of the library; None where there is none.

    The file beside a take says what a person chose of it since, and so comes first. Reads headers alone: some ms.

    Raises
    ------
    FileMissing, CannotRead, NotAudio
    """
    if is_midi_name(path):
        return read_carried(midi_text(path, COMMENT))
    with decoding(path, MAX_CHANNELS) as file:
        name = file.subtype if file.format == "OGG" else file.format
        is_form = file.format in _FORMS
    kind = Commented(name) if name in set(Commented) else None
    found = None
    if kind is not None or is_form:
        with opened(path) as handle:
            texts, _ = read_texts(handle, kind)
        found = read_carried(texts[COMMENT][0]) if texts.get(COMMENT) else None
    return _beside(Path(path)) or found


def carried_by(path: AudioPath) -> AnyCarried | None:
    """Return the recipe that a file carries; None where there is none, or it cannot be read."""
    try:
        return recipe_of(path)
    except AudioFileError:
        return None


def _beside(path: Path) -> Carried | None:
    """Return the recipe in a take's own file."""
    from engine.library.indexed_folder import TAKE_ID

    if not TAKE_ID.fullmatch(path.stem):
        return None
    try:
        return Carried(parse(read_text(path.with_suffix(".json"))).recipe)
    except (OSError, ValueError, RecursionError):
        return None
