# SPDX-License-Identifier: GPL-3.0-or-later
"""Each generator's process starts when it is asked, ends when it is idle, and takes no other one with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.generators.registry import generators
from engine.qt import generator_hosts
from engine.qt.generator_hosts import memory_is_short
from engine.session.options import StudioOptions
from tests.engine.qt.conftest import Listener, Opened
from tests.engine.qt.test_survival import with_musicgpt

pytestmark = pytest.mark.gui


@pytest.fixture
def expected_logs() -> list[str]:
    return ["musicgpt process stopped", "the generator “broken” (infiniloop_hum:Missing) cannot be loaded"]


def running(studio: Listener) -> set[str]:
    return set(studio.engine.process_ids()) - {"audio", "analysis", "library"}


@pytest.mark.soak
def test_the_composer_lives_on_when_another_generators_process_dies(
    opened: Opened, options: StudioOptions, tmp_path: Path
) -> None:
    with opened(options) as studio:
        assert running(studio) == {"composer"}, "the one that is used first"
        composer = studio.process("composer").pid
        musicgpt = with_musicgpt(options, tmp_path / "bin", "hang")
        studio.change(generator=musicgpt.generator, model=musicgpt.model, generators=musicgpt.generators)
        studio.start()
        studio.until(lambda: running(studio) == {"composer", "musicgpt"}, "it is started when it is asked")
        studio.until_another("musicgpt", studio.kill("musicgpt"))
        assert studio.process("composer").pid == composer
        studio.change(generator="composer", model="")
        assert studio.until_takeover().recipe.generator == "composer"
        assert studio.process("composer").pid == composer


@pytest.mark.soak
def test_a_host_that_is_idle_ends_and_is_there_again_when_it_is_asked(
    opened: Opened, options: StudioOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator_hosts, "LOOK_S", 0.1)
    monkeypatch.setattr(generator_hosts, "IDLE_S", 1.0)
    with opened(options) as studio:
        studio.until(lambda: running(studio) == set(), "nobody asks it")
        studio.start()
        assert studio.until_takeover().recipe.generator == "composer"
        studio.stop()
        studio.until(lambda: running(studio) == set(), "nobody asks it any more")
        assert studio.failures == []


@pytest.mark.soak
def test_a_host_that_is_idle_ends_at_once_where_memory_is_short(
    opened: Opened, options: StudioOptions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    memory = tmp_path / "meminfo"
    memory.write_text("MemTotal: 1000 kB\nMemAvailable: 900 kB\n", encoding="ascii")
    monkeypatch.setattr(generator_hosts, "LOOK_S", 0.1)
    monkeypatch.setattr(generator_hosts, "_MEMORY", memory)
    with opened(replace(options, min_play_s=300.0)) as studio:
        studio.qtbot.wait(500)
        assert running(studio) == {"composer"}
        memory.write_text("MemTotal: 1000 kB\nMemAvailable: 40 kB\n", encoding="ascii")
        studio.until(lambda: running(studio) == set(), "it makes room")


@pytest.mark.parametrize(
    ("told", "short"),
    [
        ("MemTotal: 1000 kB\nMemAvailable: 49 kB\n", True),
        ("MemTotal: 1000 kB\nMemAvailable: 51 kB\n", False),
        ("no memory", False),
        (None, False),
    ],
)
def test_memory_is_short_where_the_kernel_says_so(
    told: str | None, short: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    memory = tmp_path / "meminfo"
    if told is not None:
        memory.write_text(told, encoding="ascii")
    monkeypatch.setattr(generator_hosts, "_MEMORY", memory)
    assert memory_is_short() is short


@pytest.mark.soak
def test_a_generator_of_another_distribution_plays(
    opened: Opened, options: StudioOptions, hum_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(hum_folder))
    generators.cache_clear()
    try:
        with opened(replace(options, generator="hum", model="low")) as studio:
            studio.start()
            view = studio.until_takeover()
            assert (view.recipe.generator, view.recipe.model) == ("hum", "low")
            studio.until(lambda: studio.view.recipe.versions == {"infiniloop-hum": "2.0"}, "all of it is made")
            studio.until_it_plays()
            assert running(studio) == {"hum"}
            assert studio.failures == []
    finally:
        generators.cache_clear()
