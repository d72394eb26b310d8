# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes of a station's plan how its fragments are made, and how others reach it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from engine.errors import WrongKind
from engine.fragments.links import Links, Place
from engine.fragments.making import Making
from engine.fragments.messages import StationPlan
from engine.fragments.osc import place_of
from engine.generators.registry import generator_named
from engine.generators.requests import beats_asked, check_request, completed, with_values
from engine.generators.standard import NAMES
from engine.loops.shaped import LoopShape
from engine.values import ClipRequest

_PLACEHOLDER = "fragment"
"""Prompt by which a plan is checked: each fragment has its own."""


def making_of(plan: StationPlan) -> Making:
    """Return how fragments are made: by what is set of the generator, but for how long they are.

    Raises
    ------
    UserError
        What is set cannot be made.
    GeneratorMissing
        The generator cannot run here.
    """
    generator = generator_named(plan.generator)
    capabilities = generator.capabilities()
    low, high = capabilities.min_duration_s, capabilities.max_duration_s
    declared = NAMES | {one.name for one in capabilities.parameters}
    values = {name: value for name, value in plan.settings.of(generator.name).items() if name in declared}
    model = plan.model if plan.model in capabilities.models else ""
    request = ClipRequest(1, _PLACEHOLDER, generator.name, model, min(max(plan.duration_s, low), high))
    request = replace(completed(with_values(request, values), generator, plan.settings), bars=None)
    shape = None
    if plan.bars:
        request = replace(request, bars=plan.bars, bpm=plan.bpm)
        shape = LoopShape(plan.bars, beats_asked(request), plan.bpm)
    check_request(request, generator)
    generator.check(plan.settings)
    return Making(request, generator, plan.settings, plan.sample_rate, shape)


def by_osc(plan: StationPlan) -> Links:
    """Return where OSC is heard and told. Raises WrongKind."""
    osc_in, osc_out = _place("OSC", plan.osc_in), _place("OSC", plan.osc_out)
    return Links(osc_in=osc_in, osc_out=() if osc_out is None else (osc_out,))


def by_page(plan: StationPlan) -> Links:
    """Return where the prompt page is served. Raises WrongKind, TokenUnusable."""
    http = _place("prompt page", plan.page)
    return Links(http, "" if http is None else _token(plan.token_file))


def by_opening(plan: StationPlan) -> Links:
    """Return whether a file that is opened counts as taken."""
    return Links(watches_opens=plan.sees_opens)


LINKS = (by_osc, by_page, by_opening)
"""Functions that tell how others are to reach a station: each way can fail by itself."""


def places_of(plan: StationPlan) -> tuple[object, ...]:
    """Return what of a plan its links depend on."""
    return plan.osc_in, plan.osc_out, plan.page, plan.token_file, plan.sees_opens


def _token(path: str) -> str:
    """Return the token of a file, which is written where there is none; "" without a path. Raises TokenUnusable."""
    if not path:
        return ""
    from engine.generators.wire.tokens import make_token, token_in

    with contextlib.suppress(OSError):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    make_token(path)
    return token_in(path)


def _place(name: str, text: str) -> Place | None:
    try:
        return place_of(text) if text else None
    except ValueError:
        raise WrongKind(name=name, value=text[:60], kind="a port, or ADDRESS:PORT") from None
