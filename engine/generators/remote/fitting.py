# SPDX-License-Identifier: GPL-3.0-or-later
"""A request is fitted to the machine that it goes to, or refused in a sentence that names what that machine lacks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.errors import NotTaken, UnknownChoice, WrongKind
from engine.generators.capabilities import Capabilities
from engine.generators.layer_words import eased
from engine.generators.prompt_words import worded
from engine.generators.remote.declared import MODEL, SETTINGS
from engine.generators.remote.speaker import Offer
from engine.generators.requests import check_request
from engine.values import ClipRequest, Parameters, ParameterValue


@dataclass(frozen=True, slots=True)
class _There:
    """The generator there, as far as a request is checked against it."""

    title: str
    offer: Offer

    def capabilities(self) -> Capabilities:
        return self.offer.capabilities


def fitted(request: ClipRequest, offer: Offer, place: str) -> ClipRequest:
    """Return the request as that machine can be asked it.

    Tempo, key and metre are words of the prompt where they can be said in no other way. A piece begins anew where it
    cannot be gone on with. More clips than it makes of one request are left in it: they are asked for in turn. What the
    machine does not take of an eased request is left out.

    Raises
    ------
    UserError
        The request says something that this machine does not take.
    """
    can = offer.capabilities
    takes = can.takes
    own = _own(request.parameters.text(SETTINGS.name), offer, place)
    out = replace(request, model=request.parameters.text(MODEL.name).strip(), parameters=own)
    out = eased(out, takes)
    there = _There(f"{offer.generator} ({place})", offer)
    if out.bars is not None and not takes.bars:
        # In words they would be a wish, and this machine's clips are taken for whole bars.
        raise NotTaken(generator=there.title, name="number of bars", value=out.bars)
    out = replace(
        out,
        prompt=worded(out, bpm=not takes.bpm, key=not takes.key, metre=not takes.metre, bars=False),
        bpm=out.bpm if takes.bpm else None,
        key=out.key if takes.key else None,
        metre=out.metre if takes.metre else None,
    )
    if not takes.family:
        out = replace(out, follows=None)
    check_request(replace(out, n_clips=min(out.n_clips, takes.n_clips)), there)
    return out


def _own(text: str, offer: Offer, place: str) -> Parameters:
    """Return values of the other generator's own parameters. Raises UserError."""
    declared = {one.name: one for one in offer.capabilities.parameters}
    values: dict[str, ParameterValue] = {}
    for one in text.split(","):
        if not one.strip():
            continue
        name, equals, value = (part.strip() for part in one.partition("="))
        if not equals:
            raise WrongKind(name=SETTINGS.name, value=one.strip()[:80], kind="settings as “energy=0.5, space=-0.2”")
        if name not in declared:
            choices = ", ".join(declared) or "none: it has none"
            raise UnknownChoice(name=f"parameter of {offer.generator} ({place})", value=name[:80], choices=choices)
        values[name] = declared[name].read(value)
    return Parameters(values)


def in_turn(request: ClipRequest, most: int) -> list[ClipRequest]:
    """Return requests for so many clips at most each, which together ask for the clips of ``request``."""
    out, before = [], 0
    while before < request.n_clips:
        n_clips = min(most, request.n_clips - before)
        seed = None if request.seed is None else request.seed + before
        out.append(replace(request, n_clips=n_clips, seed=seed))
        before += n_clips
    return out
