# SPDX-License-Identifier: GPL-3.0-or-later
"""This module sends what was asked the way a generator takes it: as a parameter of its own, or else in words.

It also tells which tempo and key a clip was asked for, be it by a parameter or by its prompt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from engine.dsp.keynames import key_name
from engine.errors import UserError
from engine.generators.base import Generator
from engine.generators.prompt_words import worded
from engine.generators.requests import USUAL_BEATS_PER_BAR, check_request, with_values
from engine.generators.standard import METRES
from engine.values import ClipRequest


@dataclass(frozen=True, slots=True)
class AskedMusic:
    """The asked music is the tempo (beats a minute), key, metre and number of bars that a clip was asked for, or None.

    Attributes
    ----------
    is_near
        Whether the tempo is only about this: a range was named.
    """

    bpm: float | None = None
    key: str | None = None
    metre: str | None = None
    bars: int | None = None
    is_near: bool = False


@lru_cache(maxsize=64)
def asked_in(prompt: str) -> AskedMusic:
    """Return what a prompt asks for in figures, in English or Italian: “85 bpm, A minor, 3/4, 8 bars”."""
    from engine.generators.composer.reading.figures import read_figures
    from engine.generators.composer.reading.text import PlainText

    found = AskedMusic()
    for one in reversed(read_figures(PlainText(prompt))):
        # The first of each kind counts, and so is taken last.
        match one.kind:
            case "tempo" | "near":
                found = replace(found, bpm=one.number, is_near=one.kind == "near")
            case "key" if one.tonic is not None and one.mode in ("major", "minor"):
                found = replace(found, key=key_name(one.tonic, is_minor=one.mode == "minor"))
            case "metre" if (metre := f"{one.metre[0]}/{one.metre[1]}") in METRES:
                found = replace(found, metre=metre)
            case "bars":
                found = replace(found, bars=round(one.number))
            case _:
                pass
    return found


def asked_of(prompt: str, bpm: float | None, key: str | None) -> AskedMusic:
    """Return what was asked for by parameters, or where these say nothing by the prompt."""
    read = asked_in(prompt)
    return replace(
        read, bpm=read.bpm if bpm is None else bpm, key=key or read.key, is_near=read.is_near and bpm is None
    )


def as_taken(request: ClipRequest, generator: Generator) -> ClipRequest:
    """Return a checked request as this generator takes it: its fields are those that it takes, the rest are words.

    What only the prompt says becomes a field too, if a model takes that: it need not find it in the prompt. A generator
    whose clips are exact reads its prompts itself.
    """
    capabilities = generator.capabilities()
    takes = capabilities.takes
    if not capabilities.tells.exact and request.guide is None:
        request = _with_fields_of_prompt(request, generator)
    untaken = {"bpm": not takes.bpm, "key": not takes.key, "metre": not takes.metre, "bars": not takes.bars}
    if not any(is_told and getattr(request, name) is not None for name, is_told in untaken.items()):
        return request
    return replace(
        request,
        prompt=worded(request, **untaken),
        duration_s=request.duration_s if takes.bars else _room_for_bars(request, capabilities.max_duration_s),
        bpm=request.bpm if takes.bpm else None,
        key=request.key if takes.key else None,
        metre=request.metre if takes.metre else None,
        bars=request.bars if takes.bars else None,
    )


def _with_fields_of_prompt(request: ClipRequest, generator: Generator) -> ClipRequest:
    takes, read = generator.capabilities().takes, asked_in(request.prompt)
    fields = {
        "bpm": read.bpm if takes.bpm and not read.is_near else None,
        "key": read.key if takes.key else None,
        "metre": read.metre if takes.metre else None,
        "bars": read.bars if takes.bars else None,
    }
    for name, value in fields.items():
        if value is None or getattr(request, name) is not None:
            continue
        try:
            changed = with_values(request, {name: value})
            check_request(changed, generator)
        except UserError:
            # What the prompt says may be more than it can: the words stay.
            continue
        request = changed
    return request


def _room_for_bars(request: ClipRequest, longest_s: float) -> float:
    """Return how long a clip is to be so that the bars that were asked for in words have room in it, seconds."""
    if request.bars is None or request.bpm is None:
        return request.duration_s
    beats = int(request.metre.partition("/")[0]) if request.metre is not None else USUAL_BEATS_PER_BAR
    return max(request.duration_s, min(request.bars * beats * 60.0 / request.bpm, longest_s))
