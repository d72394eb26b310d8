# SPDX-License-Identifier: GPL-3.0-or-later
"""A clip that is made faster than it plays is heard while it is being made, and goes on as its own loop after that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.generators.registry import generators
from engine.session.options import StudioOptions
from tests.engine.qt.conftest import Opened

pytestmark = pytest.mark.gui


@pytest.fixture
def expected_logs() -> list[str]:
    return ["the generator “broken” (infiniloop_hum:Missing) cannot be loaded", "hum process stopped"]


@pytest.fixture(autouse=True)
def with_hum(hum_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(hum_folder))
    generators.cache_clear()
    yield
    generators.cache_clear()


@pytest.fixture
def slowly(options: StudioOptions) -> StudioOptions:
    """Return options for twenty seconds of a hum, which take ten to make."""
    work = options.generators.with_values("hum", {"work": 0.5})
    return replace(options, generator="hum", model="low", duration_s=20.0, generators=work)


@pytest.mark.soak
def test_it_grows_and_becomes_a_loop_like_any_other(opened: Opened, slowly: StudioOptions) -> None:
    with opened(slowly) as studio:
        studio.start()
        studio.until(lambda: not studio.view.is_starter, "the hum leads")
        early = studio.view
        assert early.recipe.generator == "hum"
        assert early.n_samples < 20 * early.sample_rate, "it is not whole yet"
        assert not studio.takes, "what is not whole is no take"
        studio.until(lambda: studio.view.n_samples > early.n_samples, "it grows")
        assert studio.view.loop_id == early.loop_id
        studio.until(lambda: len(studio.view.candidates) > 1, "its own loops were found")
        whole = studio.view
        assert whole.loop_id == early.loop_id
        assert (whole.n_samples, whole.recipe.title) == (20 * whole.sample_rate, early.recipe.title)
        assert whole.recipe.loop.score > 0.0
        lengths = [one.n_samples for one in studio.views if one.loop_id == whole.loop_id]
        assert lengths == sorted(lengths)
        studio.until(lambda: whole.recipe.title in [one.recipe.title for one in studio.takes], "it is a take")
        studio.until_it_plays()
        assert {one.endless.loop_id for one in studio.snapshots[-3:]} == {whole.loop_id}
        assert studio.failures == []


@pytest.mark.soak
def test_what_there_is_goes_on_when_its_process_dies(opened: Opened, slowly: StudioOptions) -> None:
    with opened(slowly) as studio:
        studio.start()
        studio.until(lambda: not studio.view.is_starter, "the hum leads")
        part = studio.view
        studio.process("hum").kill()
        studio.until(lambda: len(studio.view.candidates) > 1, "loops were looked for in what there is")
        assert studio.view.loop_id == part.loop_id
        studio.until_it_plays()
        other = studio.until_takeover()
        assert other.loop_id != part.loop_id, "something else comes"
