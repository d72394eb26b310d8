# SPDX-License-Identifier: GPL-3.0-or-later
"""While a generator is away for good, music that was made before goes on, favourites first, and that is said."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Q_ARG, QMetaObject, Qt
from PySide6.QtWidgets import QApplication

from app.choices import studio_options
from app.headless import Headless
from app.paths import RESOURCES
from app.settings import Settings
from engine.library.starters import load_starters
from engine.library.takes import TakeLibrary
from engine.session.options import LoopView
from engine.values import FAVOURITE
from tests.app.radios import library_of, on_air
from tests.engine.serving.running import until

pytestmark = [pytest.mark.gui, pytest.mark.started]

HASTE = 6.0
LIMIT_S = 120.0
"""Seconds that a busy machine has for what takes ten otherwise."""
TITLES = ("first", "second", "third", "the favourite")


@pytest.fixture
def expected_logs() -> list[str]:
    return ["refuses connections", "The audio process stopped"]


@pytest.fixture
def away() -> Iterator[dict[str, Any]]:
    """Yield settings by which clips are made on a machine that refuses every connection."""
    with socket.socket() as taken:
        # Bound, and not listened at: it is nobody's else meanwhile.
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        yield {
            "generator": "remote",
            "generator_parameters": {"remote": {"addresses": address}},
            "min_play_s": 10.0,
            "prompt": "lofi, 80 bpm",
        }


def fill(folder: Path, *titles: str) -> None:
    """Put takes into a library, of which the last is a favourite."""
    folder.mkdir(parents=True, exist_ok=True)
    starter = load_starters(RESOURCES / "starters")[0]
    with TakeLibrary(folder) as library:
        for seed, title in enumerate(titles):
            take = library.add(starter.clip, replace(starter.recipe, title=title, seed=seed, generator="remote"))
        if titles:
            library.rate(take.take_id, FAVOURITE)


def played(folder: Path, away: dict[str, Any], is_enough: Callable[[list[LoopView]], bool]) -> list[LoopView]:
    """Return the loops that a headless studio plays on a silent clock that hastens, until these are enough."""
    options = studio_options(replace(Settings(), **away))
    options = replace(options, is_unheard=True, recycles=True, library_folder=str(folder))
    views: dict[int, LoopView] = {}
    with Headless(options, start_limit_s=LIMIT_S) as studio:
        studio.engine.loop.changed.connect(lambda view: views.setdefault(view.loop_id, view))
        QMetaObject.invokeMethod(
            studio.engine.output, "hasten", Qt.ConnectionType.BlockingQueuedConnection, Q_ARG(float, HASTE)
        )
        studio.start()
        studio.wait_for(lambda: is_enough(list(views.values())), "music")
    return list(views.values())


def test_takes_follow_one_another_and_the_favourite_comes_first(
    no_sound: None, qapp: QApplication, tmp_path: Path, away: dict[str, Any]
) -> None:
    fill(tmp_path / "library", *TITLES)
    starter, *others = played(tmp_path / "library", away, lambda views: len(views) == 5)
    assert starter.is_starter
    assert others[0].recipe.title == "the favourite"
    assert {one.recipe.title for one in others} == set(TITLES)


def test_without_takes_the_composer_makes_music(
    no_sound: None, qapp: QApplication, tmp_path: Path, away: dict[str, Any]
) -> None:
    found = played(tmp_path / "library", away, lambda views: any(not one.is_starter for one in views))
    assert found[-1].recipe.generator == "composer"


def test_listeners_are_told_what_is_recycled(tmp_path: Path, away: dict[str, Any]) -> None:
    fill(library_of(tmp_path), *TITLES)
    with on_air(tmp_path, "lofi, 80 bpm", settings=away) as radio:
        until(lambda: radio.get("/current")["title"] == "the favourite")
        assert radio.get("/current")["recycled"]
        assert not radio.get("/current")["on_reserve"]
        assert radio.get("/health")["healthy"]
        assert radio.get("/health")["most_dead_air_s"] < 1.0
