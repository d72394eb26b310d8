# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests as JSON: the fields of ``ClipRequest``, with the sounds in it as WAV files in Base64."""

from __future__ import annotations

from typing import Any

from engine.generators.wire.sounds import as_text, from_text
from engine.values import Asked, Clip, ClipRequest, Restyle
from engine.values.checked import Fields

_SOUNDS = ("continue_from", "restyle")
_MOST_CLIPS = 64


def request_as_dict(request: ClipRequest) -> dict[str, Any]:
    """Return a request ready for JSON, without its job's number and its generator: the machine it goes to has one."""
    asked = Asked.of(request).as_dict()
    out: dict[str, Any] = {
        "prompt": request.prompt,
        "duration_s": request.duration_s,
        **{name: value for name, value in asked.items() if name not in _SOUNDS},
    }
    if request.model:
        out["model"] = request.model
    if request.seed is not None:
        out["seed"] = request.seed
    if request.n_clips != 1:
        out["n_clips"] = request.n_clips
    if request.stems:
        out["stems"] = True
    if request.continue_from is not None:
        out["continue_from"] = _sound(request.continue_from)
    if request.restyle is not None:
        out["restyle"] = _sound(request.restyle.clip)
    return out


def request_from(data: object, *, job_id: int, generator: str) -> ClipRequest:
    """Return the inverse of ``request_as_dict``, for a generator here. Raises ValueError.

    Whether the generator takes it, ``engine.generators.requests.check_request`` says.
    """
    fields = Fields.of(data)
    has = fields.has
    known = {*Asked.__slots__, "prompt", "duration_s", "model", "seed", "n_clips", "stems"}
    if strangers := sorted(str(name)[:40] for name in fields.data if name not in known):
        raise ValueError(f"nothing is known of “{strangers[0]}”")
    asked = Asked.from_dict({name: value for name, value in fields.data.items() if name not in _SOUNDS})
    restyle = None
    if has("restyle"):
        restyle = Restyle(_clip(fields.part("restyle")), 0.5 if asked.strength is None else asked.strength)
    return ClipRequest(
        job_id,
        fields.text("prompt"),
        generator,
        fields.text("model") if has("model") else "",
        fields.number("duration_s"),
        seed=fields.whole("seed", 0) if has("seed") else None,
        negative_prompt=asked.negative_prompt,
        bars=asked.bars,
        bpm=asked.bpm,
        key=asked.key,
        metre=asked.metre,
        layer=asked.layer,
        guide=asked.guide,
        continue_from=_clip(fields.part("continue_from")) if has("continue_from") else None,
        restyle=restyle,
        follows=asked.follows,
        evolve=asked.evolve,
        variation=asked.variation,
        n_clips=fields.whole("n_clips", 1, _MOST_CLIPS) if has("n_clips") else 1,
        stems=fields.flag("stems") if has("stems") else False,
        parameters=asked.parameters,
    )


def _sound(clip: Clip) -> dict[str, Any]:
    return {"wav": as_text(clip), "wraps": clip.wraps}


def _clip(fields: Fields) -> Clip:
    return from_text(fields.text("wav"), wraps=fields.flag("wraps") if fields.has("wraps") else False)
