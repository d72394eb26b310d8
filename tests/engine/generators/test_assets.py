# SPDX-License-Identifier: GPL-3.0-or-later
"""Assets are found by their names, by a model's or a repository's; a name that fits several is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import AssetAmbiguous, AssetUnknown, ModelMissing
from engine.generators.assets import asset_named, declared_assets
from engine.generators.licences import is_fetched, licence_of
from engine.generators.musicgpt import MusicGPT
from engine.generators.musicgpt.declared import CAPABILITIES
from engine.generators.registry import generator_named, generators
from engine.values.assets import AssetKind


@pytest.fixture
def expected_logs() -> list[str]:
    return ["the generator “broken” (infiniloop_hum:Missing) cannot be loaded"]


@pytest.fixture(autouse=True)
def _with_hum(hum_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(hum_folder))
    generators.cache_clear()
    yield
    generators.cache_clear()


def test_a_generators_packages_come_before_its_weights_and_each_name_is_there_once() -> None:
    names = [one.name for one in declared_assets()]
    assert len(set(names)) == len(names)
    assert names.index("serve") < names.index("hum/tenor")
    assert names.index("musicgpt") < names.index("musicgpt/small")


@pytest.mark.parametrize("name", ["hum/tenor", "tenor", "stand-in/hum-tenor"])
def test_it_is_found_by_each_of_its_names(name: str) -> None:
    assert asset_named(name).name == "hum/tenor"


def test_what_is_not_there_and_what_is_meant_twice_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssetUnknown, match="models list"):
        asset_named("soprano")
    (tenor,) = generator_named("hum").capabilities().cards
    own = replace(tenor, fetched_by="MusicGPT")
    twice = replace(CAPABILITIES, models=(*CAPABILITIES.models, "tenor"), by_size=(), cards=(*CAPABILITIES.cards, own))
    monkeypatch.setattr(MusicGPT, "capabilities", lambda _self: twice)
    with pytest.raises(AssetAmbiguous, match="musicgpt/tenor, hum/tenor"):
        asset_named("tenor")
    assert asset_named("tenor", is_to_be_fetched=True).name == "hum/tenor"


def test_what_is_said_of_missing_weights_fetches_just_these() -> None:
    # “small” alone is the name of several models, so that to ask for it would end in another refusal.
    for one in declared_assets():
        if one.card is not None and not one.is_own:
            said = str(ModelMissing(model=one.card.name, repository=one.card.repository))
            (asked,) = re.findall("“infiniloop models get (.+?)”", said)
            assert asset_named(asked, is_to_be_fetched=True) == one


def test_licences_are_those_of_the_models_whose_weights_are_others() -> None:
    told = licence_of("hum", "tenor")
    assert told is not None
    assert (told.words, told.is_commercial) == ("CC-BY-NC-4.0: not for commercial use", False)
    assert licence_of("hum", "") is None, "its usual model has no weights"
    assert licence_of("musicgpt", "") is not None
    assert licence_of("composer", "") is None
    assert [is_fetched(name) for name in ("composer", "musicgpt", "hum", "nothing")] == [False, True, True, False]


def test_packages_that_several_generators_need_have_their_own_name() -> None:
    titles = {one.name: one.title for one in declared_assets() if one.kind is AssetKind.EXTRA}
    assert (titles["musicgen"], titles["diffusion"]) == ("MusicGen", "Diffusion")
