# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks the diffusion generators for clips of tiny checkpoints, as their process does, and compares them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engine.generators.base import GeneratorSettings, finished
from engine.generators.diffusion.families import Family
from engine.generators.requests import check_request, completed
from engine.values import Clip, ClipRequest, ClipResult, Parameters, ParameterValue, Progress
from engine.values.audio import STUDIO_SAMPLE_RATE

FEW: dict[str, ParameterValue] = {"steps": 3}
"""Values with which a clip is made soonest."""


class Studio:
    """The studio asks the generators as their process does."""

    def __init__(self, folders: Path, kept: dict[str, Family]) -> None:
        self.folders, self.kept = folders, kept
        self.heard: list[Progress] = []

    def settings(self, name: str, folder: Path | None = None, **values: ParameterValue) -> GeneratorSettings:
        own = {"folder": str(folder or self.folders / name), "precision": "full", "device": "cpu", **values}
        return GeneratorSettings(parameters={name: Parameters(own)})

    def steps(self, name: str, *, folder: Path | None = None, precision: str = "full", **fields: Any) -> Any:
        values = {**FEW, **fields.pop("values", {})}
        settings = self.settings(name, folder, precision=precision)
        family = self.kept[name]
        fields = {"duration_s": 1.0, "seed": 3, **fields}
        plain = ClipRequest(7, fields.pop("prompt", "calm piano"), name, "", **fields, parameters=Parameters(values))
        request = completed(plain, family, settings)
        check_request(request, family)
        return family.generate(request, settings)

    def result(self, name: str, **fields: Any) -> ClipResult:
        self.heard.clear()
        made: ClipResult = finished(self.steps(name, **fields), self.heard)
        return made

    def clip(self, name: str, **fields: Any) -> Clip:
        return self.result(name, **fields).clip


def melody(seconds: float = 1.0, rate: int = STUDIO_SAMPLE_RATE) -> Clip:
    """Return a plain melody in two channels."""
    t = np.arange(round(seconds * rate)) / rate
    tone = 0.3 * np.sin(2.0 * np.pi * 220.0 * 2.0 ** (np.floor(4.0 * t) / 12.0) * t)
    return Clip(np.stack([tone, 0.8 * tone], axis=1).astype(np.float32), rate)


def far(one: Clip, other: Clip) -> float:
    """Return how far two clips are apart, as a share of the first one's level."""
    return float(np.sqrt(np.mean((one.samples - other.samples) ** 2) / np.mean(one.samples**2)))
