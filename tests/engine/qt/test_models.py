# SPDX-License-Identifier: GPL-3.0-or-later
"""Models are fetched in a process beside the music, cancelled at once, and what lacked them is made with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal, Slot
from pytestqt.qtbot import QtBot

from engine.errors import Cancelled, FetchedDamaged, FetchingOff, ModelMissing
from engine.generators.base import GeneratorSettings
from engine.generators.registry import generators
from engine.qt import models
from engine.qt.studio import StudioEngine
from engine.session.options import StudioOptions
from engine.values.assets import FetchProgress, Held
from engine.worker.asset_jobs import AssetDone, AssetsListed
from tests.engine.qt.conftest import Listener, Opened
from tests.standins.hub import Hub

pytestmark = pytest.mark.gui

NAME, REPOSITORY = "hum/tenor", "stand-in/hum-tenor"
FILES = {"config.json": b"{}", "model.safetensors": bytes(range(256)) * 1024}


@pytest.fixture
def expected_logs() -> list[str]:
    return [
        "the generator “broken” (infiniloop_hum:Missing) cannot be loaded",
        "The weights of the model “tenor”",
    ]


@pytest.fixture
def tenor(hub: Hub, hum_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.syspath_prepend(str(hum_folder))
    generators.cache_clear()
    hub.add(REPOSITORY, dict(FILES), large=("model.safetensors",))
    yield hub
    generators.cache_clear()


class Asker(QObject):
    """This asker has the models' endpoint alone, without the rest of the engine, and remembers what it tells."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__()
        self._qtbot = qtbot
        self.listed: list[AssetsListed] = []
        self.told: list[FetchProgress] = []
        self.done: list[AssetDone] = []
        self.failed: list[tuple[str, Exception]] = []
        self.endpoint = models.ModelsEndpoint(self)
        self.endpoint.listed.connect(self.listed.append)
        self.endpoint.progressed.connect(self.told.append)
        self.endpoint.done.connect(self.done.append)
        self.endpoint.failed.connect(lambda name, error: self.failed.append((name, error)))

    def until(self, comes: Callable[[], bool], what: str) -> None:
        self._qtbot.waitUntil(comes, timeout=60_000)
        assert comes(), what

    def held(self) -> Held:
        return next(one.held for one in self.listed[-1].assets if one.name == NAME)

    def close(self) -> None:
        self.endpoint.end()
        process = self.endpoint.link.release()
        if process is not None:
            process.close()


@pytest.fixture
def asker(tenor: Hub, qtbot: QtBot) -> Iterator[Asker]:
    one = Asker(qtbot)
    yield one
    one.close()


def settings_in(folder: Path) -> GeneratorSettings:
    return GeneratorSettings(str(folder / "data"), models_folder=str(folder / "models"))


def left(folder: Path) -> list[str]:
    return [one.name for one in (folder / "models").rglob("*") if one.is_file() and one.name != "CACHEDIR.TAG"]


def test_a_model_is_fetched_checked_and_removed_by_a_process_that_ends_when_idle(
    tenor: Hub, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "IDLE_S", 0.5)
    settings, asker = settings_in(tmp_path), Asker(qtbot)
    endpoint = asker.endpoint
    assert endpoint.link.pid is None, "until it is asked for"
    endpoint.look(settings)
    asker.until(lambda: len(asker.listed) == 1, "it is listed")
    assert asker.held() is Held.MISSING
    assert asker.listed[0].folder == settings.models_folder
    assert asker.listed[0].memory_bytes > 0
    endpoint.get(NAME, settings)
    asker.until(lambda: bool(asker.done), "it is fetched")
    assert asker.done[-1].deed == "got"
    counts = [one.done_bytes for one in asker.told if one.stage == "downloading"]
    assert counts == sorted(counts)
    endpoint.check(NAME, settings)
    asker.until(lambda: len(asker.done) == 2, "it is checked")
    assert (asker.done[-1].deed, asker.done[-1].damaged) == ("checked", ())
    endpoint.remove(NAME, settings)
    asker.until(lambda: len(asker.done) == 3, "it is removed")
    assert left(tmp_path) == []
    endpoint.get(NAME, replace(settings, is_offline=True))
    asker.until(lambda: bool(asker.failed), "it is refused")
    assert isinstance(asker.failed[-1][1], FetchingOff)
    tenor.spoiled = True
    endpoint.get(NAME, settings)
    asker.until(lambda: len(asker.failed) == 2, "it is thrown away")
    assert isinstance(asker.failed[-1][1], FetchedDamaged)
    asker.until(lambda: endpoint.link.pid is None, "nothing is asked of it")
    asker.close()


@pytest.mark.parametrize("hangs", [False, True], ids=["heeded", "unheeded"])
def test_a_cancelled_download_ends_at_once_leaves_nothing_and_the_next_begins(
    tenor: Hub, asker: Asker, tmp_path: Path, hangs: bool
) -> None:
    """A server that stands still keeps the process from hearing that it is to stop."""
    asker.endpoint.cancel_after(0.3 if hangs else 60.0)
    tenor.holds.clear()
    settings = settings_in(tmp_path)
    asker.endpoint.get(NAME, settings)
    asker.endpoint.get("hum/bass", settings)
    asker.until(lambda: any(one.done_bytes for one in asker.told), "it has begun")
    asker.endpoint.cancel(NAME)
    if not hangs:
        tenor.holds.set()
    asker.until(lambda: len(asker.failed) == 2, "both are answered")
    assert asker.failed[0][0] == NAME
    assert isinstance(asker.failed[0][1], Cancelled)
    assert "“hum/bass”" in str(asker.failed[1][1]), "what waited had its turn"
    asker.until(lambda: left(tmp_path) == [], "nothing is left")
    asker.endpoint.look(settings)
    asker.until(lambda: bool(asker.listed), "it is listed")
    assert asker.held() is Held.MISSING


@pytest.mark.soak
def test_what_the_end_of_the_studio_cut_is_gone_on_with(tenor: Hub, qtbot: QtBot, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    tenor.holds.clear()
    before = Asker(qtbot)
    before.endpoint.get(NAME, settings)
    before.until(lambda: any(one.done_bytes > tenor.cut_bytes // 2 for one in before.told), "it has begun")
    before.close()
    assert any(one.endswith("part") for one in left(tmp_path))
    tenor.holds.set()
    after = Asker(qtbot)
    after.endpoint.look(settings)
    after.until(lambda: bool(after.listed), "it is listed")
    assert after.held() is Held.PARTLY
    after.endpoint.get(NAME, settings)
    after.until(lambda: bool(after.done), "it is fetched")
    after.close()
    assert any(path.startswith("/cdn/") and where for _, path, where in tenor.asked), "from where it was"


class Window(QObject):
    """This window's thread commands the whole engine."""

    get = Signal(str, object)
    again = Signal()

    def __init__(self, engine: StudioEngine) -> None:
        super().__init__()
        self.done: list[AssetDone] = []
        self.get.connect(engine.models.get)
        self.again.connect(engine.generation.try_again)
        engine.models.done.connect(self._on_done)

    @Slot(object)
    def _on_done(self, done: AssetDone) -> None:
        self.done.append(done)


@pytest.mark.soak
def test_the_music_goes_on_without_a_model_and_with_it_once_it_is_here(
    opened: Opened, options: StudioOptions, tenor: Hub, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    wanted = replace(options, generator="hum", model="tenor", generators=settings, min_play_s=10.0)
    with opened(wanted) as studio:
        window = Window(studio.engine)
        studio.start()
        until_failed(studio, lambda one: isinstance(one, ModelMissing))
        assert studio.until_takeover().recipe.model != "tenor", "it plays on with what there is"
        window.get.emit(NAME, settings)
        studio.until(lambda: bool(window.done), "it is fetched")
        window.again.emit()
        studio.until(lambda: studio.views[-1].recipe.model == "tenor", "it is used at once")
        recipe = studio.views[-1].recipe
        assert recipe.licence is not None
        assert recipe.licence.words == "CC-BY-NC-4.0: not for commercial use"
        assert type(recipe).from_dict(recipe.as_dict()) == recipe


def until_failed(studio: Listener, matches: Callable[[Any], bool]) -> None:
    studio.until(lambda: any(map(matches, studio.failures)), "that is told")
