# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares work that crosses a process: requests and results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.values.audio import Clip
from engine.values.family import Family
from engine.values.guide import Guide
from engine.values.layers import Layer
from engine.values.loops import MusicFacts
from engine.values.models import Licence
from engine.values.parameters import Parameters
from engine.values.played import PlayedScore


@dataclass(frozen=True, slots=True)
class Restyle:
    """A restyle asks for a clip to be played again in another way.

    Attributes
    ----------
    clip
        What is restyled.
    strength
        In [0, 1]: 0 keeps the clip as it is, 1 keeps nothing of it.
    """

    clip: Clip
    strength: float = 0.5


@dataclass(frozen=True, slots=True)
class Repaint:
    """A repaint asks for a part of a clip to be made anew, so that it fits to what surrounds it.

    Attributes
    ----------
    clip
        All of it, of which the rest stays as it is.
    start_s, end_s
        The part, seconds from the clip's start.
    """

    clip: Clip
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class EndlessMusic:
    """Endless music is made part after part, each of which goes on from the one before.

    Attributes
    ----------
    name
        The same for all of its parts, and no other music's.
    n_reseeded
        How often it was to go on from what ``ClipRequest.continue_from`` holds, not from its own last part.
    """

    name: str
    n_reseeded: int = 0


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """A clip request says what a generator is to make; None, "" and nothing leave a field to the generator.

    Attributes
    ----------
    seed
        The random seed; the recipe tells which one was used.
    negative_prompt
        What is not to be heard.
    bars
        Length in whole bars, which then counts in the place of ``duration_s``.
    bpm
        Tempo, beats a minute.
    key
        As “A minor”, one of ``engine.generators.standard.KEYS``.
    metre
        As “3/4”, one of ``engine.generators.standard.METRES``; a tempo counts its beats, which in 6/8 are eighths.
    layer
        Which parts are heard, each exactly as in the whole of the same seed.
    guide
        The chords, and perhaps the beats, that the clip accompanies; beats then say tempo, metre, bars and length.
    continue_from
        What goes before: the clip that is made begins where this one ends, and does not hold it.
    restyle
        What is played again in another way.
    repaint
        Of what a part is made anew: that clip is what comes back, and its length counts, not ``duration_s``.
    follows
        The family of a clip of the same generator that this one goes on from, as one piece.
    evolve
        How far it moves from that one, from 0 (stay) to 1 (wander).
    variation
        Which variation of the clip is wanted: 0 is the clip as it is written. All have the same length and gain, and
        each bar its place, so that any can go on where another was.
    n_clips
        How many clips are made of the same request, from ``seed`` on.
    speed
        How much faster than it is made the clip is played, pitch kept, so that it has another tempo; see
        ``engine.dsp.stretch.stretch_clip``.
    stems
        Whether the parts are wanted too, each by itself (``ClipResult.stems``).
    parameters
        The generator's own parameters by name; those that are missing have their defaults.
    part_of
        The endless music whose next part this clip is; its first one goes on from ``continue_from``.
    is_eased
        Whether a layer that its maker does not take is said in words, and chords, sounds and pieces to go on from are
        left out, where all that would be refused.
    """

    job_id: int
    prompt: str
    generator: str
    model: str
    duration_s: float
    seed: int | None = None
    negative_prompt: str = ""
    bars: int | None = None
    bpm: float | None = None
    key: str | None = None
    metre: str | None = None
    layer: Layer = Layer.EVERYTHING
    guide: Guide | None = None
    continue_from: Clip | None = None
    restyle: Restyle | None = None
    repaint: Repaint | None = None
    follows: Family | None = None
    evolve: float | None = None
    variation: int = 0
    n_clips: int = 1
    speed: float = 1.0
    stems: bool = False
    parameters: Parameters = field(default_factory=Parameters)
    part_of: EndlessMusic | None = None
    is_eased: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress says how far a job is.

    Attributes
    ----------
    fraction
        In [0, 1], or None when the job cannot tell.
    left_s
        Estimated seconds left, or None.
    stage
        Short English word for what is being done ("composing"), translated where it is shown.
    chunk
        The next part of the clip, as it comes from a generator that tells chunks, or None.
    """

    job_id: int
    fraction: float | None
    stage: str
    left_s: float | None = None
    chunk: Clip | None = None


@dataclass(frozen=True, eq=False, slots=True)
class ClipResult:
    """A clip result is a generated clip with all that its generator knows of it.

    Attributes
    ----------
    seed
        The seed that was used, or None for a generator that takes none.
    versions
        Names and versions of what made it, for the recipe.
    others
        The further clips of a request for several, each with its own seed.
    family
        What another clip needs to go on from this one, or None.
    score
        What is played in the clip, or None for a generator that does not tell it.
    stems
        The parts that the clip is the sum of, by name, each as long as it is; empty where they were not asked for.
    asked_bars
        The bars that were asked for, be it in the prompt: they, not the duration, say how long the clip is; or None.
    licence
        What one may do with what the model makes, or None for a generator that needs no weights of others.
    """

    job_id: int
    clip: Clip
    facts: MusicFacts
    seed: int | None
    versions: Mapping[str, str]
    others: tuple[ClipResult, ...] = ()
    family: Family | None = None
    score: PlayedScore | None = None
    stems: Mapping[str, Clip] = field(default_factory=dict)
    asked_bars: int | None = None
    licence: Licence | None = None


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A job failed when it ends without a result; its ``error`` may be ``Cancelled``."""

    job_id: int
    error: Exception
