# SPDX-License-Identifier: GPL-3.0-or-later
"""The MusicGPT program comes from its release with its checksum, executable and whole, or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.errors import (
    FetchedDamaged,
    FetchingOff,
    FetchRefused,
    HubUnreachable,
    NoChecksum,
    NoReleaseFor,
    NoRoomFor,
)
from engine.generators import own_weights
from engine.generators.assets import asset_named, asset_of, remove_asset
from engine.generators.base import GeneratorSettings, finished
from engine.generators.musicgpt.declared import CAPABILITIES
from engine.generators.musicgpt.finding import find_musicgpt
from engine.models import fetching, releases
from engine.models.releases import BUILDS, Build, get_program
from engine.values import ModelCard
from engine.values.assets import Held
from tests.standins.hub import Hub, sha256

MACHINE = ("linux", "x86_64")
FILE = BUILDS[MACHINE].file
PROGRAM = b"#!/bin/sh\necho MusicGPT 0.3.28\n" + b"#" * 100_000
PATH = "/repos/gabotechs/MusicGPT/releases/tags/v0.3.28"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fetching, "FIRST_WAIT_S", 0.01)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("INFINILOOP_MUSICGPT", raising=False)


def get(hub: Hub, data: Path, **how: bool) -> Path:
    return finished(get_program(str(data), api=hub.url + PATH, machine=MACHINE, **how))


def test_it_is_fetched_executable_where_the_generator_finds_it(hub: Hub, tmp_path: Path) -> None:
    hub.add_release(PATH, FILE, PROGRAM)
    hub.cuts = 2
    place = get(hub, tmp_path)
    assert place == tmp_path / "bin" / FILE
    assert place.read_bytes() == PROGRAM
    assert os.access(place, os.X_OK)
    assert [one.name for one in place.parent.iterdir()] == [FILE]
    settings = GeneratorSettings(str(tmp_path))
    assert find_musicgpt(settings) == place
    one = asset_named("musicgpt")
    asset = asset_of(one, settings)
    assert (asset.held, asset.can_remove, asset.size_bytes) == (Held.HERE, True, len(PROGRAM))
    remove_asset(one, settings)
    assert asset_of(one, settings).held is Held.MISSING


def test_a_program_of_the_persons_own_is_not_removed(tmp_path: Path) -> None:
    own = tmp_path / "own" / "musicgpt"
    own.parent.mkdir()
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    settings = GeneratorSettings(str(tmp_path)).with_values("musicgpt", {"path": str(own)})
    one = asset_named("musicgpt")
    asset = asset_of(one, settings)
    assert (asset.held, asset.can_remove) == (Held.HERE, False)
    remove_asset(one, settings)
    assert own.exists()


@pytest.mark.parametrize("known", [True, False])
def test_other_bytes_are_not_run(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    hub.add_release(PATH, FILE, PROGRAM)
    if known:
        # What is noted counts, whatever the release says by now.
        monkeypatch.setitem(releases.BUILDS, MACHINE, Build(FILE, sha256(b"another")))
    else:
        hub.spoiled = True
    with pytest.raises(FetchedDamaged):
        get(hub, tmp_path)
    assert list((tmp_path / "bin").iterdir()) == []


def test_a_release_without_checksum_is_believed_only_where_that_is_said(hub: Hub, tmp_path: Path) -> None:
    hub.add_release(PATH, FILE, PROGRAM, digest=None)
    with pytest.raises(NoChecksum, match="--without-checksum"):
        get(hub, tmp_path)
    assert get(hub, tmp_path, without_checksum=True).read_bytes() == PROGRAM


def test_a_cancelled_download_leaves_nothing_and_a_cut_one_its_part(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add_release(PATH, FILE, PROGRAM)
    download = get_program(str(tmp_path), api=hub.url + PATH, machine=MACHINE)
    while next(download).done_bytes < hub.cut_bytes:
        pass
    download.close()
    assert list((tmp_path / "bin").iterdir()) == []
    monkeypatch.setattr(fetching, "MOST_TRIES", 1)
    hub.cuts = 1
    with pytest.raises(HubUnreachable):
        get(hub, tmp_path)
    get(hub, tmp_path)
    assert hub.asked[-1] == ("GET", f"/download/{FILE}", "bytes=32768-")


def test_what_cannot_be_had_is_told_in_one_sentence(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchingOff):
        get(hub, tmp_path, offline=True)
    with pytest.raises(NoReleaseFor, match="linux riscv64"):
        finished(get_program(str(tmp_path), api=hub.url + PATH, machine=("linux", "riscv64")))
    assert hub.asked == []
    with pytest.raises(FetchRefused, match="HTTP 404"):
        get(hub, tmp_path)
    hub.add_release(PATH, "musicgpt-something-else", PROGRAM)
    with pytest.raises(NoReleaseFor):
        get(hub, tmp_path)
    hub.answers[PATH] = ["no", "release"]
    with pytest.raises(NoReleaseFor):
        get(hub, tmp_path)
    hub.add_release(PATH, FILE, PROGRAM)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Full)
    with pytest.raises(NoRoomFor):
        get(hub, tmp_path)
    assert not (tmp_path / "bin").exists()


@pytest.mark.parametrize(
    "odd",
    [
        *({"size": one} for one in ("many", -5, 1.5)),
        *({"browser_download_url": one} for one in (None, "http://", "nowhere", "file:///etc/passwd", "ftp://x/y")),
    ],
)
def test_a_release_that_makes_no_sense_is_told(hub: Hub, tmp_path: Path, odd: dict[str, object]) -> None:
    hub.add_release(PATH, FILE, PROGRAM)
    release: Any = hub.answers[PATH]
    release["assets"][0].update(odd)
    with pytest.raises(HubUnreachable, match="something else than a release"):
        get(hub, tmp_path)


class _Full:
    free = 1000


def _card(model: str) -> ModelCard:
    return next(one for one in CAPABILITIES.cards if one.name == model)


def _held(model: str) -> Held:
    return own_weights.held(_card(model), CAPABILITIES.cards)


def _put(*models: str) -> None:
    for model in models:
        for one in own_weights.weights_of(_card(model)):
            one.parent.mkdir(parents=True, exist_ok=True)
            one.write_bytes(b"12345")


def test_musicgpts_own_weights_are_listed_and_removed_but_for_what_others_share() -> None:
    settings = GeneratorSettings()
    assert _held("small") is Held.MISSING
    _put("small", "small-quant")
    quant = asset_of(asset_named("musicgpt/small-quant"), settings)
    assert (quant.held, quant.size_bytes, quant.can_get) == (Held.HERE, 25, False)
    assert quant.licence is not None
    assert "not for commercial use" in quant.licence.words
    remove_asset(asset_named("musicgpt/small"), settings)
    assert _held("small") is Held.MISSING
    assert _held("small-quant") is Held.HERE
    remove_asset(asset_named("musicgpt/small-quant"), settings)
    assert [one for one in own_weights.data_folder().rglob("*") if one.is_file()] == []
