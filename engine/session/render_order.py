# SPDX-License-Identifier: GPL-3.0-or-later
"""A render's order is what ``infiniloop render`` was asked for, as JSON in the file: by it the same music is made again.

Music is made by rules without chance: the same options, and the same seed for each clip, give the same file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.errors import UserError
from engine.generators.base import GeneratorSettings
from engine.generators.registry import generator_named
from engine.generators.standard import all_parameters
from engine.session.clip_request import kept_parameters
from engine.session.options import StudioOptions
from engine.values import Algorithm, Entry, FadeCurve, Kind, MetricWeights, Parameters, ParameterValue, TransitionWish
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


def order_as_dict(options: StudioOptions, seeds: Sequence[int | None]) -> dict[str, Any]:
    """Return an order ready for JSON: no file, no folder, nothing of the machine."""
    wish = options.transition
    return {
        "prompt": options.prompt,
        "generator": options.generator,
        "model": options.model,
        "algorithm": str(options.algorithm),
        "make_again": options.make_again,
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
    options = StudioOptions(
        prompt=fields.text("prompt"),
        generator=generator,
        model=fields.text("model"),
        algorithm=Algorithm(fields.text("algorithm")),
        make_again=fields.flag("make_again"),
        weights=_weights(fields.part("weights")),
        transition=_wish(fields.part("transition")),
        generators=_settings(generator, fields.part("parameters"), settings),
        **{name: fields.number(name, -_MOST_NUMBER, _MOST_NUMBER) for name in _NUMBERS},
    )
    return RenderOrder(options, _seeds(fields))


def why_not_again(data: Mapping[str, Any] | None, settings: GeneratorSettings) -> UserError | None:
    """Return why music cannot be rendered again by this order; None where it can, as far as is known before."""
    return None


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
    places = {name for name, one in declared.items() if one.kind in (Kind.FILE, Kind.FOLDER)}
    own: dict[str, ParameterValue] = {
        name: value for name, value in settings.of(generator).items() if name in places
    }
    for name, value in fields.data.items():
        if name in declared and name not in places:
            own[name] = declared[name].checked(value)
    return settings.with_only(generator, Parameters(own))


def _seeds(fields: Fields) -> tuple[int | None, ...]:
    seeds = fields.data.get("seeds")
    if not isinstance(seeds, list) or len(seeds) > MOST_CLIPS:
        raise ValueError("“seeds” is missing, or no list of the clips’ seeds")
    return tuple(
        None if one is None else Fields({"seed": one}).whole("seed", -MOST_SEED, MOST_SEED) for one in seeds
    )
