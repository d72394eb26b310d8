# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds what a recipe keeps of a request beyond prompt, generator, model, duration and seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from engine.errors import UserError
from engine.values.audio import Clip
from engine.values.checked import Fields
from engine.values.family import Family
from engine.values.guide import Guide
from engine.values.jobs import ClipRequest
from engine.values.layers import Layer
from engine.values.parameters import Parameters, ParameterValue

MOST_BARS = 1024
"""Largest number of bars in a recipe that is believed."""
MOST_VARIATIONS = 9999
"""Highest number of a variation that can be asked for."""
SPEEDS = (0.75, 1.4)
"""Least and largest speed at which a clip can be played, of the one at which it is made."""
MOST_BPM = 2000.0
"""Highest tempo in a recipe that is believed, beats a minute."""
MOST_SECONDS = 86_400.0
"""Latest place in a clip that is believed, seconds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A take was asked for by these words and numbers; sounds are named by their content.

    Attributes
    ----------
    negative_prompt, bars, bpm, key, metre, layer, guide
        As in ``ClipRequest``.
    continue_from, restyle
        ``content_hash`` of the clip that was continued, or restyled, or "".
    strength
        How far the clip was restyled, in [0, 1]; None where none was.
    repaint
        ``content_hash`` of the clip of which a part was made anew, or "".
    repaint_start_s, repaint_end_s
        That part, seconds; None where there is none.
    follows, evolve, variation, speed
        As in ``ClipRequest``.
    parameters
        The generator's own parameters by name.
    """

    negative_prompt: str = ""
    bars: int | None = None
    bpm: float | None = None
    key: str | None = None
    metre: str | None = None
    layer: Layer = Layer.EVERYTHING
    guide: Guide | None = None
    continue_from: str = ""
    restyle: str = ""
    strength: float | None = None
    repaint: str = ""
    repaint_start_s: float | None = None
    repaint_end_s: float | None = None
    follows: Family | None = None
    evolve: float | None = None
    variation: int = 0
    speed: float = 1.0
    parameters: Parameters = field(default_factory=Parameters)

    @classmethod
    def of(cls, request: ClipRequest) -> Self:
        """Return the words and numbers of ``request``."""
        restyle, repaint = request.restyle, request.repaint
        return cls(
            negative_prompt=request.negative_prompt,
            bars=request.bars,
            bpm=request.bpm,
            key=request.key,
            metre=request.metre,
            layer=request.layer,
            guide=request.guide,
            continue_from=content_hash(request.continue_from) if request.continue_from is not None else "",
            restyle=content_hash(restyle.clip) if restyle is not None else "",
            strength=restyle.strength if restyle is not None else None,
            repaint=content_hash(repaint.clip) if repaint is not None else "",
            repaint_start_s=repaint.start_s if repaint is not None else None,
            repaint_end_s=repaint.end_s if repaint is not None else None,
            follows=request.follows,
            evolve=request.evolve,
            variation=request.variation,
            speed=request.speed,
            parameters=request.parameters,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return all that was asked for, ready for JSON, without the fields that were not."""
        every: dict[str, Any] = {
            "negative_prompt": self.negative_prompt,
            "bars": self.bars,
            "bpm": self.bpm,
            "key": self.key,
            "metre": self.metre,
            "layer": "" if self.layer == Layer.EVERYTHING else str(self.layer),
            "guide": self.guide.as_dict() if self.guide is not None else None,
            "continue_from": self.continue_from,
            "restyle": self.restyle,
            "strength": self.strength,
            "repaint": self.repaint,
            "repaint_start_s": self.repaint_start_s,
            "repaint_end_s": self.repaint_end_s,
            "follows": self.follows.as_dict() if self.follows is not None else None,
            "evolve": self.evolve,
            "variation": self.variation or None,
            "speed": None if self.speed == 1.0 else self.speed,
            "parameters": dict(self.parameters),
        }
        return {name: value for name, value in every.items() if value not in (None, "", {})}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the inverse of ``as_dict``. Raises ValueError for fields that are mistyped or out of bounds."""
        fields = Fields.of(data)
        has = fields.has
        return cls(
            negative_prompt=fields.text("negative_prompt") if has("negative_prompt") else "",
            bars=fields.whole("bars", 1, MOST_BARS) if has("bars") else None,
            bpm=fields.number("bpm", 1.0, MOST_BPM) if has("bpm") else None,
            key=fields.text("key") if has("key") else None,
            metre=fields.text("metre") if has("metre") else None,
            layer=_layer(fields.text("layer")) if has("layer") else Layer.EVERYTHING,
            guide=_guide(fields.part("guide")) if has("guide") else None,
            continue_from=fields.text("continue_from") if has("continue_from") else "",
            restyle=fields.text("restyle") if has("restyle") else "",
            strength=fields.number("strength", 0.0, 1.0) if has("strength") else None,
            repaint=fields.text("repaint") if has("repaint") else "",
            repaint_start_s=fields.number("repaint_start_s", 0.0, MOST_SECONDS) if has("repaint_start_s") else None,
            repaint_end_s=fields.number("repaint_end_s", 0.0, MOST_SECONDS) if has("repaint_end_s") else None,
            follows=Family.from_fields(fields.part("follows")) if has("follows") else None,
            evolve=fields.number("evolve", 0.0, 1.0) if has("evolve") else None,
            variation=fields.whole("variation", 1, MOST_VARIATIONS) if has("variation") else 0,
            speed=fields.number("speed", *SPEEDS) if has("speed") else 1.0,
            parameters=Parameters(_values(fields.part("parameters"))) if has("parameters") else Parameters(),
        )


def _layer(text: str) -> Layer:
    try:
        return Layer.named(text)
    except UserError as error:
        raise ValueError(str(error)) from error


def _guide(fields: Fields) -> Guide:
    try:
        return Guide.from_fields(fields)
    except UserError as error:
        raise ValueError(str(error)) from error


def content_hash(clip: Clip) -> str:
    """Return the name of a clip's content (SHA-256): equal for equal samples, channels and rate, wherever kept."""
    digest = hashlib.sha256(f"{clip.sample_rate} {clip.n_channels}\n".encode())
    digest.update(clip.samples.astype("<f4", copy=False).data)
    return digest.hexdigest()


def _values(fields: Fields) -> dict[str, ParameterValue]:
    out: dict[str, ParameterValue] = {}
    for name, value in fields.data.items():
        if isinstance(value, bool):
            out[name] = fields.flag(name)
        elif isinstance(value, str):
            out[name] = fields.text(name)
        else:
            out[name] = fields.number(name)
    return out
