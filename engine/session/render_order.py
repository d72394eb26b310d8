# SPDX-License-Identifier: GPL-3.0-or-later
"""A render's order is what ``infiniloop render`` was asked for, as JSON in its file: by it that is made again.

Music is made by rules without chance: the same options, and the same seed for each clip, give the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from engine.errors import UserError
from engine.generators.base import GeneratorSettings
from engine.generators.jobs import GenerateJob
from engine.generators.registry import generator_named
from engine.generators.requests import check_request
from engine.generators.standard import all_parameters
from engine.session.clip_request import clip_request, kept_parameters, places_of
from engine.session.fallback_chain import FallbackStep
from engine.session.options import StudioOptions
from engine.values import (
    Algorithm,
    ClipResult,
    Entry,
    FadeCurve,
    MetricWeights,
    Misfit,
    MixKind,
    MixRecipe,
    Parameters,
    ParameterValue,
    TransitionWish,
)
from engine.values.checked import Fields
from engine.values.takes import MOST_SEED

MOST_CLIPS = 100_000
"""Largest number of clips in an order that is believed."""

_NUMBERS = ("duration_s", "min_loop_s", "max_loop_s", "min_play_s", "max_play_s", "target_lufs")
_MOST_NUMBER = 1e6


@dataclass(frozen=True, slots=True)
class RenderOrder:
    """The order of a render.

    Attributes
    ----------
    options
        By which the music was made.
    seeds
        Of the clips, in the order in which they were made; None for one that could not be.
    """

    options: StudioOptions
    seeds: tuple[int | None, ...]


class SeededMaker:
    """A seeded maker has clips made, the first ones from given seeds, and notes the seed of each.

    Attributes
    ----------
    seeds
        Of the clips that were made so far; None for one that could not be.
    """

    def __init__(self, make: Callable[[GenerateJob], ClipResult], given: Sequence[int | None]) -> None:
        self._make, self._given = make, given
        self.seeds: list[int | None] = []

    def make(self, job: GenerateJob) -> ClipResult:
        """Make a clip. Raises StudioError."""
        number = len(self.seeds)
        if number < len(self._given) and self._given[number] is not None:
            job = replace(job, request=replace(job.request, seed=self._given[number]))
        self.seeds.append(None)
        made = self._make(job)
        self.seeds[number] = made.seed
        return made


def order_as_dict(options: StudioOptions, seeds: Sequence[int | None]) -> dict[str, Any]:
    """Return an order ready for JSON: no file, no folder, nothing of the machine."""
    wish = options.transition
    return {
        "prompt": options.prompt,
        "generator": options.generator,
        "model": options.model,
        "algorithm": str(options.algorithm),
        "make_again": options.make_again,
        "misfit": str(options.misfit),
        **{name: getattr(options, name) for name in _NUMBERS},
        "weights": asdict(options.weights),
        "transition": {**asdict(wish), "entry": str(wish.entry), "curve": str(wish.curve)},
        "parameters": dict(kept_parameters(options.generator, options.generators.of(options.generator))),
        "seeds": list(seeds),
    }


def order_from(data: Mapping[str, Any], settings: GeneratorSettings) -> RenderOrder:
    """Return the inverse of ``order_as_dict``; files and folders, which it does not keep, are those that are set here.

    Raises ValueError for what is no order, and UserError where its generator is not here or takes other values.
    """
    fields = Fields.of(data)
    generator = fields.text("generator")

    def number(name: str) -> float:
        return fields.number(name, -_MOST_NUMBER, _MOST_NUMBER)

    options = StudioOptions(
        prompt=fields.text("prompt"),
        generator=generator,
        model=fields.text("model"),
        algorithm=Algorithm(fields.text("algorithm")),
        make_again=fields.flag("make_again"),
        misfit=Misfit(fields.text("misfit")) if fields.has("misfit") else Misfit.KEEP,
        weights=_weights(fields.part("weights")),
        transition=_wish(fields.part("transition")),
        generators=_settings(generator, fields.part("parameters"), settings),
        duration_s=number("duration_s"),
        min_loop_s=number("min_loop_s"),
        max_loop_s=number("max_loop_s"),
        min_play_s=number("min_play_s"),
        max_play_s=number("max_play_s"),
        target_lufs=number("target_lufs"),
    )
    return RenderOrder(options, _seeds(fields))


class WhyNot(StrEnum):
    """These are the reasons for which a mix cannot be made again as a whole."""

    PLAYED = "it was recorded as it was played: its loops can be made again, not what was done meanwhile"
    CUT = "it is a part of another mix: its loops can be made again, one by one"
    NO_GENERATOR = "its generator is not on this machine, or takes other values by now"
    NO_SEED = "not each of its clips can be made the same again"
    UNREADABLE = "another version of the studio wrote how it was made"


def order_of(mix: MixRecipe, settings: GeneratorSettings) -> RenderOrder | WhyNot:
    """Return by which order a mix is rendered again, or why it cannot be."""
    if mix.order is None:
        return WhyNot.CUT if mix.kind is MixKind.CUT else WhyNot.PLAYED
    try:
        order = order_from(mix.order, settings)
        _check(order.options)
    except UserError:
        return WhyNot.NO_GENERATOR
    except (ValueError, TypeError):
        return WhyNot.UNREADABLE
    return order if order.seeds and None not in order.seeds else WhyNot.NO_SEED


def _check(options: StudioOptions) -> None:
    """Raise UserError where the generator does not make what the options ask for."""
    step = FallbackStep(options.generator, options.model, options.duration_s)
    check_request(clip_request(0, step, options, n_before=0), generator_named(options.generator))


def _weights(fields: Fields) -> MetricWeights:
    names = ("spectral", "waveform", "beat", "phase")
    return MetricWeights(*(fields.number(name, 0.0, _MOST_NUMBER) for name in names))


def _wish(fields: Fields) -> TransitionWish:
    return TransitionWish(
        entry=Entry(fields.text("entry")),
        overlap_ms=fields.number("overlap_ms", 0.0, _MOST_NUMBER),
        bars=fields.whole("bars", 0),
        curve=FadeCurve(fields.text("curve")),
        beat_match=fields.flag("beat_match"),
        reach=fields.number("reach", 0.0, 1.0),
        bass_swap=fields.flag("bass_swap"),
    )


def _settings(generator: str, fields: Fields, settings: GeneratorSettings) -> GeneratorSettings:
    declared = {one.name: one for one in all_parameters(generator_named(generator).capabilities())}
    places = places_of(generator)
    own: dict[str, ParameterValue] = {name: value for name, value in settings.of(generator).items() if name in places}
    for name, value in fields.data.items():
        if name in declared and name not in places:
            own[name] = declared[name].checked(value)
    return settings.with_only(generator, Parameters(own))


def _seeds(fields: Fields) -> tuple[int | None, ...]:
    seeds = fields.data.get("seeds")
    if not isinstance(seeds, list) or len(seeds) > MOST_CLIPS:
        raise ValueError("“seeds” is missing, or no list of the clips’ seeds")
    return tuple(None if one is None else Fields({"seed": one}).whole("seed", -MOST_SEED, MOST_SEED) for one in seeds)
