# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks a generator for a clip, from the options and a step of the fallback chain."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import BarsTooLong, UnknownChoice
from engine.generators.capabilities import Takes
from engine.generators.registry import generator_named
from engine.generators.requests import check_request, completed, taken, with_values
from engine.generators.standard import BPM, KEY, KEYS, NAMES
from engine.session.fallback_chain import FallbackStep
from engine.session.options import StudioOptions
from engine.values import Asked, ClipRequest, Family, Kind, MusicFacts, Parameters


def clip_request(
    job_id: int,
    step: FallbackStep,
    options: StudioOptions,
    *,
    n_before: int,
    follows: Family | None = None,
    like: MusicFacts | None = None,
) -> ClipRequest:
    """Return the request for the clip that ``step`` makes.

    What is made in the place of the wished generator is asked for the same music, as far as its generator takes it:
    bars that are too long for it are left out.

    Parameters
    ----------
    n_before
        How many clips were asked for with the same options: each has the seed that follows.
    follows
        The family of the clip before, where the same generator made it.
    like
        What is known of the sound before, whose tempo and key are asked for where none are set.

    Raises
    ------
    UserError
        A value that is set is none that its parameter can have.
    """
    request = ClipRequest(job_id, options.prompt, step.generator, step.model, step.duration_s)
    try:
        generator = generator_named(step.generator)
    except UnknownChoice:
        return request  # its process says so
    values = dict(options.generators.of(step.generator))
    instead = step.generator != options.generator
    if instead:
        wished = taken(options.generators.of(options.generator), generator)
        values = {name: value for name, value in values.items() if name not in NAMES} | wished
    declared = {one.name for one in generator.capabilities().parameters}
    known = {name: value for name, value in values.items() if name in NAMES | declared}
    request = completed(with_values(request, known, n_before=n_before), generator, options.generators)
    if like is not None:
        set_bpm, request = request.bpm, alike(request, like, generator.capabilities().takes)
        try:
            check_request(request, generator)
        except BarsTooLong:
            # The bars are set, the tempo is not.
            request = replace(request, bpm=set_bpm)
    if generator.capabilities().takes.family:
        request = replace(request, follows=follows)
    if step.without_bars:
        return replace(request, bars=None)
    if instead:
        try:
            check_request(request, generator)
        except BarsTooLong:
            request = replace(request, bars=None)
    return request


def takes_up(facts: MusicFacts, options: StudioOptions) -> bool:
    """Return whether the generator that is set makes clips at a tempo or in a key that are known, and not set."""
    try:
        takes = generator_named(options.generator).capabilities().takes
    except UnknownChoice:
        return False
    values = options.generators.of(options.generator)
    plain = ClipRequest(0, options.prompt, options.generator, options.model, options.duration_s)
    asked = alike(plain, facts, takes)
    return any(value is not None and not values.get(one.name) for one, value in ((BPM, asked.bpm), (KEY, asked.key)))


def alike(request: ClipRequest, facts: MusicFacts, takes: Takes) -> ClipRequest:
    """Return the request at the tempo and in the key of other music, where it asks for none and they can be asked."""
    if request.bpm is None and takes.bpm and facts.tempo_bpm is not None:
        bpm = round(facts.tempo_bpm, 2)
        request = replace(request, bpm=bpm if (BPM.low or 0.0) <= bpm <= (BPM.high or bpm) else None)
    if request.key is None and takes.key and facts.key in KEYS:
        request = replace(request, key=facts.key)
    return request


def asked_of(request: ClipRequest) -> Asked:
    """Return what a recipe keeps of a request; a file's place on this machine is left out."""
    asked = Asked.of(request)
    return replace(asked, parameters=kept_parameters(request.generator, asked.parameters))


def kept_parameters(generator: str, values: Parameters) -> Parameters:
    """Return what a recipe keeps of a generator's values: no place on this machine."""
    places = places_of(generator)
    return Parameters({name: value for name, value in values.items() if name not in places})


def places_of(generator: str) -> frozenset[str]:
    """Return the names of a generator's parameters that say where something is; of an unknown one, none."""
    try:
        declared = generator_named(generator).capabilities().parameters
    except UnknownChoice:
        return frozenset()
    return frozenset(one.name for one in declared if one.private or one.kind in (Kind.FILE, Kind.FOLDER))
