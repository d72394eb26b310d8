# SPDX-License-Identifier: GPL-3.0-or-later
"""The composer's brief is the prompt as it reads it, overruled by what the request says in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.dsp.keynames import MAJOR_TONICS, MINOR_TONICS
from engine.generators.composer.guided import guided_brief
from engine.generators.composer.plan import metre_of
from engine.generators.composer.prompt import Brief, read_prompt
from engine.generators.composer.styles import Style
from engine.values import ClipRequest, Layer


def asked_brief(request: ClipRequest, every: Mapping[str, Style] | None = None) -> Brief:
    """The brief of a request that has passed the gate; ``every`` style is a built-in one where none are given."""
    brief = read_prompt(request.prompt, every)
    if request.bpm is not None:
        brief = replace(brief, tempo_bpm=request.bpm, near_bpm=None, pace=0)
    if request.key is not None:
        tonic, _, mode = request.key.partition(" ")
        names = MINOR_TONICS if mode == "minor" else MAJOR_TONICS
        brief = replace(brief, tonic=names.index(tonic), mode=mode)
    if request.bars is not None:
        brief = replace(brief, bars=request.bars)
    if request.metre is not None:
        brief = replace(brief, metre=metre_of(request.metre))
    if request.layer == Layer.INSTRUMENTS and not brief.instruments and brief.wanted <= {"drums"}:
        # "drums only" as instruments alone would be silence.
        brief = replace(brief, solo=False)
    return brief if request.guide is None else guided_brief(brief, request.guide)
