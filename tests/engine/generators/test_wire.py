# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests, offers, results and failures cross the network unchanged; rubbish in their place raises ValueError."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import GeneratorHung, NotTaken, OutOfRange, StudioError
from engine.generators.base import GeneratorSettings, finished
from engine.generators.capabilities import Capabilities
from engine.generators.registry import generators
from engine.generators.service import deliver_clip
from engine.generators.standard import KEYS
from engine.generators.wire.failures import failure_as_dict, failure_from
from engine.generators.wire.offers import capabilities_as_dict, capabilities_from, offered
from engine.generators.wire.requests import request_as_dict, request_from
from engine.generators.wire.results import gathered, sounds_of, spread
from engine.generators.wire.sounds import FLAC, sound_bytes, sound_from
from engine.values import (
    LAYERS,
    Clip,
    ClipRequest,
    ClipResult,
    Family,
    GivenChord,
    Guide,
    Licence,
    MusicFacts,
    Parameters,
    Restyle,
)

MANY_TYPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def through(value: Any) -> Any:
    """Return what is left of a value when it has crossed."""
    return json.loads(json.dumps(value, allow_nan=False))


@pytest.fixture(scope="module")
def made() -> ClipResult:
    request = ClipRequest(1, "lofi", "composer", "", 6.0, seed=3, bars=2, stems=True)
    return finished(deliver_clip(request, GeneratorSettings()))


def sound(seed: int = 0) -> Clip:
    return Clip(np.random.default_rng(seed).normal(size=(500, 2)).astype(np.float32), 32_000, wraps=True)


@settings(max_examples=40, deadline=None)
@given(
    prompt=st.text(min_size=1, max_size=50),
    seed=st.none() | st.integers(0, 2**53 - 1),
    bars=st.none() | st.integers(1, 64),
    bpm=st.none() | st.floats(30.0, 300.0),
    key=st.none() | st.sampled_from(KEYS),
    layer=st.sampled_from(sorted(LAYERS)),
    evolve=st.none() | st.floats(0.0, 1.0),
    values=st.dictionaries(st.text(min_size=1, max_size=9), st.booleans() | st.floats(-9, 9) | st.text(max_size=9)),
)
def test_requests(values: dict[str, Any], layer: str, **fields: Any) -> None:
    family = Family("piece", 3, "{}")
    guide = Guide((GivenChord(0.0, "Am"), GivenChord(1.5, "F")), 2)
    request = ClipRequest(
        5,
        generator="g",
        model="m",
        duration_s=12.5,
        layer=LAYERS[layer],
        follows=family,
        guide=guide,
        n_clips=2,
        stems=True,
        variation=4,
        negative_prompt="drums",
        parameters=Parameters(values),
        **fields,
    )
    assert request_from(through(request_as_dict(request)), job_id=5, generator="g") == request


def test_sounds_in_requests() -> None:
    request = ClipRequest(5, "x", "g", "", 4.0, continue_from=sound(1), restyle=Restyle(sound(2), 0.3))
    back = request_from(through(request_as_dict(request)), job_id=5, generator="g")
    assert back.continue_from is not None
    assert back.restyle is not None
    assert back.restyle.strength == 0.3
    for one, other in ((back.continue_from, sound(1)), (back.restyle.clip, sound(2))):
        np.testing.assert_array_equal(one.samples, other.samples)
        assert (one.sample_rate, one.wraps) == (32_000, True)


def test_results(made: ClipResult) -> None:
    licence = Licence("not for sale", is_commercial=False)
    whole = replace(made, others=(replace(made, seed=4, stems={}, facts=MusicFacts()),), asked_bars=2, licence=licence)
    said, sounds = spread(whole)
    said = through(said)
    assert set(sounds_of(said)) == set(sounds)
    crossed = {name: sound_from(sound_bytes(sounds[name]), wraps=wraps) for name, wraps in sounds_of(said).items()}
    back = gathered(said, crossed, job_id=9)
    assert made.score is not None
    for name in ("facts", "seed", "versions", "family", "score", "asked_bars", "licence"):
        assert getattr(back, name) == getattr(whole, name)
    np.testing.assert_array_equal(back.clip.samples, made.clip.samples)
    assert back.clip.wraps
    assert list(back.stems) == list(made.stems)
    assert (back.job_id, back.others[0].seed, back.others[0].job_id) == (9, 4, 9)


def test_samples_beyond_full_scale_cross_in_wav_alone() -> None:
    clip = Clip(np.array([[2.5], [-1.5], [np.nan], [1e-30]], dtype=np.float32), 48_000)
    np.testing.assert_array_equal(sound_from(sound_bytes(clip)).samples, clip.samples)
    flac = sound_from(sound_bytes(Clip(clip.samples[:2], 48_000), FLAC))
    np.testing.assert_allclose(flac.samples[:, 0], [1.0, -1.0], atol=2.0**-22)


@pytest.mark.parametrize("generator", generators(), ids=lambda one: one.name)
def test_offers(generator: Any) -> None:
    can = generator.capabilities()
    back = capabilities_from(through(capabilities_as_dict(can)))
    for name in ("takes", "tells", "limits", "models", "usual_model", "max_duration_s", "sample_rate", "n_channels"):
        assert getattr(back, name) == getattr(can, name)
    assert [one.name for one in back.parameters] == [one.name for one in offered(can.parameters)]
    assert not [one for one in back.parameters if one.setup]


def test_failures() -> None:
    for error in (
        OutOfRange(name="bars", value=99, low=1, high=64),
        NotTaken(generator="g", name="seed", value=3),
        GeneratorHung(generator="g", limit_s=3.5),
    ):
        back = failure_from(through(failure_as_dict(error)))
        assert isinstance(back, StudioError)
        assert (type(back), str(back)) == (type(error), str(error))
    assert failure_from(through(failure_as_dict(ValueError("odd {x}")))) == "odd {x}"
    for kind in ("StudioError", "cannot_write", "__doc__", "Nothing"):
        assert failure_from({"kind": kind, "fields": {"wrong": 1}, "sentence": "It  broke."}) == "It broke"


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_rubbish_raises_value_error_alone(data: st.DataObject) -> None:
    """Any part of something that crosses is replaced by anything."""
    can = Capabilities(1.0, 2.0, 44_100, 2, models=("a",), parameters=generators()[0].capabilities().parameters)
    result = ClipResult(1, sound(), MusicFacts(90.0, "A minor"), 3, {"v": "1"}, family=Family("f", 1, ""))
    said, _ = spread(result)
    request = request_as_dict(ClipRequest(1, "x", "g", "", 4.0, seed=3, restyle=Restyle(sound())))
    readers: list[tuple[dict[str, Any], Any]] = [
        (capabilities_as_dict(can), capabilities_from),
        (said, lambda one: (sounds_of(one), gathered(one, dict.fromkeys(sounds_of(one), sound()), job_id=1))),
        (request, lambda one: request_from(one, job_id=1, generator="g")),
        (failure_as_dict(NotTaken(generator="g", name="seed", value=3)), failure_from),
    ]
    whole, read = data.draw(st.sampled_from(readers))
    whole = through(whole)
    place: Any = whole
    while True:
        name = data.draw(st.sampled_from(sorted(place)))
        if isinstance(place[name], dict) and place[name] and data.draw(st.booleans()):
            place = place[name]
            continue
        place[name] = data.draw(MANY_TYPES)
        break
    with contextlib.suppress(ValueError):
        read(whole)
