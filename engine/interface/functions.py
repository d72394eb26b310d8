# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has the functions for scripts and notebooks; each raises ``StudioError`` with a sentence for people."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from collections.abc import Generator as Steps
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from engine import loops
from engine.dsp import seam
from engine.errors import OutOfRange, UnknownChoice
from engine.generators import service
from engine.generators.base import Generator, GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.generators.registry import default_generator, generator_named
from engine.generators.requests import check_request, completed, with_values
from engine.generators.standard import SEED, all_parameters, key_named, refuse_nothing_asked
from engine.interface.playing import Playing
from engine.interface.sounds import ClipWithRecipe, LoopWithRecipe
from engine.library.audiofile import writing_audio
from engine.library.carried import Made, said_of, said_of_file, with_loop
from engine.library.cut_metadata import metadata_of_cut
from engine.library.filerecipe import recipe_of_cut
from engine.library.metadata import Metadata
from engine.library.soundfiles import open_sound
from engine.session.clip_recipe import recipe_of_clip
from engine.session.file_rendering import render_file
from engine.session.options import StudioOptions
from engine.units import seconds_to_samples
from engine.values import (
    BakedLoop,
    ClipRequest,
    ClipResult,
    LoopCandidate,
    LoopFindings,
    LoopRegion,
    LoopSearch,
    MusicFacts,
    ParameterValue,
    Progress,
    SavePlan,
    Sound,
)
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.options import DURATION, OVERLAP
from engine.values.saving import FileShape

AnySound = Sound | str | os.PathLike[str]
"""A sound is a clip, an open file, or the path of a file."""
Told = Callable[[float], None]
"""This function is called with the fraction done, in [0, 1]; whatever it raises ends the work."""
LEAST_MINUTES, MOST_MINUTES = 0.05, 24 * 60.0
"""Bounds of rendered music, minutes."""
FULL = 1.0 - 2.0**-15
"""Highest sample that 16 bits hold, of full scale."""

Result = TypeVar("Result")


def make_clip(
    prompt: str,
    *,
    seed: int | None = None,
    duration_s: float = DURATION.default_number,
    generator: str = "",
    model: str = "",
    settings: GeneratorSettings | None = None,
    progress: Told | None = None,
    **parameters: ParameterValue,
) -> ClipWithRecipe:
    """Return a clip of music that was made of a prompt: stereo, at 44 100 Hz.

    >>> clip = make_clip("bossa nova", seed=3, bars=8, bpm=120, chords="Dm7 | G7 | Cmaj7 . . A7")

    Parameters
    ----------
    seed
        The same seed gives the same samples; None chooses one, which the recipe tells.
    duration_s
        About how long it lasts, seconds; the composer makes whole bars.
    generator, model
        By name, as ``infiniloop generate`` takes them; “” is the built-in composer, and a generator's own model.
    settings
        What belongs to the machine, such as the folder of the weights; None leaves each to its default.
    progress
        Called with the fraction done, in [0, 1], where the generator can tell it.
    parameters
        What a generator takes besides: ``bars``, ``bpm``, ``key``, ``metre``, ``layer``, ``chords``,
        ``negative_prompt``, ``evolve`` and its own.

    Raises
    ------
    UserError
        The generator does not make what was asked for.
    GeneratorError
        It is missing, or it failed.
    """
    one = generator_named(generator or default_generator().name)
    settings, values = settings or GeneratorSettings(), _checked(one, seed, parameters)
    settings = settings.with_values(one.name, values)
    request = ClipRequest(1, prompt, one.name, model, float(duration_s))
    request = completed(with_values(request, values), one, settings)
    check_request(request, one)
    made = _made(request, settings, progress)
    # Without a date: the same call gives the same file, byte for byte, as “infiniloop generate” does.
    return ClipWithRecipe(made.clip, recipe_of_clip(request, made, created_utc=""))


def find_loops(sound: AnySound, search: LoopSearch | None = None, progress: Told | None = None) -> LoopFindings:
    """Return the best loops of a sound, best first; see ``engine.loops.find_loops``, which this is.

    What is known of a clip with a recipe (its tempo, its key) is taken as known, where the search says nothing of it.
    """
    search = search or LoopSearch()
    if isinstance(sound, ClipWithRecipe) and search.facts == MusicFacts():
        search = replace(search, facts=sound.facts)
    _check_is_sound(sound)
    return loops.find_loops(sound, search, progress)


def bake(
    sound: AnySound, loop: LoopCandidate | LoopRegion | None = None, *, overlap_ms: float | None = None
) -> LoopWithRecipe:
    """Return a loop of a sound with its seam rendered: repeated, it has none.

    Parameters
    ----------
    loop
        One of ``find_loops(sound).candidates``, or a region in samples; None is the best one found.
    overlap_ms
        Length of the crossfade across the seam; None is the usual one, or more where the loop needs it.

    Raises
    ------
    StudioError
        Nothing loops, or the file cannot be read.
    OutOfRange
        The overlap is none, or the region leaves the sound.
    """
    facts = sound.facts if isinstance(sound, ClipWithRecipe) else None
    if loop is None:
        findings = find_loops(sound)
        loop, facts = findings.best, findings.facts
    candidate = loop if isinstance(loop, LoopCandidate) else None
    region = loop.region if isinstance(loop, LoopCandidate) else loop
    if overlap_ms is None:
        usual = OVERLAP.default_number
        overlap_ms = usual if candidate is None else candidate.overlap_for(usual)
    _check_is_sound(sound)
    if not 0.0 <= overlap_ms <= OVERLAP.high:
        raise OutOfRange(name="overlap_ms", value=overlap_ms, low=0, high=f"{OVERLAP.high:g}")
    with _opened(sound) as opened:
        if region.loop_end > opened.n_samples:
            raise OutOfRange(name="loop_end", value=region.loop_end, low=1, high=opened.n_samples)
        baked = seam.bake(opened, region, overlap_ms=overlap_ms)
        peak = float(np.abs(baked.samples).max())
        gain = FULL / peak if peak > 1.0 else 1.0
        says = _says(sound, opened, baked, candidate=candidate, facts=facts, made=Made(SavePlan(), overlap_ms, gain))
    return LoopWithRecipe(baked, _title(sound), candidate, gain, says)


def save(sound: ClipWithRecipe | LoopWithRecipe, path: str | os.PathLike[str]) -> Path:
    """Write a clip or a loop, with its recipe, into a .wav, .flac or .ogg file; return the path.

    The file appears whole or not at all, and replaces what is there. What repeats is tagged as a loop; a loop that
    peaks above full scale is turned down. WAV and FLAC have 24 bits. Raises StudioError.
    """
    n_samples, n_channels = sound.samples.shape
    with writing_audio(
        path,
        sound.sample_rate,
        n_channels,
        loop_region=LoopRegion(0, n_samples) if isinstance(sound, LoopWithRecipe) or sound.wraps else None,
        n_samples=n_samples,
        metadata=sound.metadata if isinstance(sound, LoopWithRecipe) else said_of(sound.recipe),
    ) as out:
        out.write(sound.samples * np.float32(sound.gain) if isinstance(sound, LoopWithRecipe) else sound.samples)
    return Path(path)


def play(sound: LoopWithRecipe | BakedLoop | AnySound, *, device: str | None = None) -> Playing:
    """Play a loop for ever, in the background; of any other sound its best loop.

    >>> playing = play(loop)
    >>> playing.stop()

    ``device`` is part of a name that “infiniloop devices” lists; None is the default. Returns once the device is open.
    Raises StudioError where no sound can be played.
    """
    if isinstance(sound, BakedLoop):
        return Playing(sound, device)
    return Playing((sound if isinstance(sound, LoopWithRecipe) else bake(sound)).loop, device)


def render(
    prompt: str,
    path: str | os.PathLike[str],
    *,
    minutes: float,
    seed: int | None = None,
    duration_s: float = DURATION.default_number,
    generator: str = "",
    model: str = "",
    settings: GeneratorSettings | None = None,
    progress: Told | None = None,
    **parameters: ParameterValue,
) -> Path:
    """Make endless music into a file, as the studio plays it but faster than life; return the path.

    One loop blends into the next. ``path`` is as in ``save``, ``minutes`` how long it lasts (0.05 to 24 hours), all
    else as in ``make_clip``. Nothing of a file is left where it fails. Raises StudioError.
    """
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise OutOfRange(name="minutes", value=minutes, low=LEAST_MINUTES, high=MOST_MINUTES)
    one = generator_named(generator or default_generator().name)
    settings = settings or GeneratorSettings()
    settings = settings.with_values(one.name, _checked(one, seed, parameters))
    options = StudioOptions(prompt, generator=one.name, model=model, duration_s=float(duration_s), generators=settings)

    def make(job: GenerateJob) -> ClipResult:
        return _made(job.request, job.settings, None)

    n_samples = seconds_to_samples(60.0 * minutes, STUDIO_SAMPLE_RATE)
    _followed(render_file(options, os.fspath(path), n_samples=n_samples, make=make), progress)
    return Path(path)


def _checked(
    generator: Generator, seed: int | None, parameters: dict[str, ParameterValue]
) -> dict[str, ParameterValue]:
    """Return the values of parameters that this generator takes. Raises UserError for any other."""
    declared = {one.name: one for one in all_parameters(generator.capabilities())}
    values: dict[str, ParameterValue] = dict(parameters)
    if seed is not None:
        if seed < 0:
            raise OutOfRange(name=SEED.name, value=seed, low=0, high=int(SEED.high))
        values[SEED.name] = seed
    for name, value in values.items():
        if name not in declared:
            raise UnknownChoice(name=f"parameter of {generator.title}", value=name, choices=", ".join(declared))
        values[name] = key_named(value) if name == "key" and isinstance(value, str) else declared[name].checked(value)
    refuse_nothing_asked(values, tuple(declared.values()))
    return values


def _made(request: ClipRequest, settings: GeneratorSettings, progress: Told | None) -> ClipResult:
    told = None if progress is None else lambda one: _tell(one, progress)
    return _followed(service.make_clip(request, settings), told)


def _tell(step: Progress, progress: Told) -> None:
    if step.fraction is not None:
        progress(step.fraction)


Step = TypeVar("Step")


def _followed(steps: Steps[Step, None, Result], tell: Callable[[Step], None] | None) -> Result:
    """Return what steps return at their end; whatever interrupts them ends their work."""
    with contextlib.closing(steps):
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                result: Result = end.value
                return result
            if tell is not None:
                tell(step)


def _check_is_sound(sound: object) -> None:
    """Refuse samples alone, as their rate is not known. Raises TypeError."""
    if isinstance(sound, np.ndarray):
        raise TypeError("samples alone have no rate: give Clip(samples, sample_rate)")


@contextlib.contextmanager
def _opened(sound: AnySound) -> Iterator[Sound]:
    if isinstance(sound, str | os.PathLike):
        with open_sound(sound, whole=True) as file:
            yield file
    else:
        yield sound


def _title(sound: AnySound) -> str:
    if isinstance(sound, ClipWithRecipe):
        return sound.recipe.prompt
    return Path(sound).stem if isinstance(sound, str | os.PathLike) else "clip"


def _says(
    sound: AnySound,
    opened: Sound,
    baked: BakedLoop,
    *,
    candidate: LoopCandidate | None,
    facts: MusicFacts | None,
    made: Made,
) -> Metadata:
    """Return what a loop's file says of itself."""
    n_samples, region = baked.n_samples, baked.region
    if isinstance(sound, str | os.PathLike):
        rhythm_of = n_samples, baked.sample_rate
        return metadata_of_cut(sound, opened, region, candidate=candidate, facts=facts, made=made, rhythm_of=rhythm_of)
    if isinstance(sound, ClipWithRecipe):
        recipe = with_loop(sound.recipe, region, candidate)
    else:
        whole_s = opened.n_samples / opened.sample_rate
        recipe = recipe_of_cut(_title(sound), Metadata(), whole_s, region, candidate=candidate, facts=facts)
    whole = LoopRegion(0, n_samples)
    return said_of_file(recipe, FileShape("", baked.sample_rate, opened.n_channels, n_samples, tagged=whole), made)
