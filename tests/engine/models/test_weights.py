# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights come from a hub whole and proved, or not at all; what was cut is gone on with; damage is found and mended."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.errors import (
    AssetInUse,
    FetchedDamaged,
    FetchingOff,
    HubUnreachable,
    ModelGated,
    ModelMissing,
    ModelNotOffered,
    NoRoomFor,
)
from engine.generators.base import finished
from engine.models import fetching, machine
from engine.models.cache import PART_SUFFIX, CachedModel
from engine.models.fetching import Digest, Wanted, fetched
from engine.models.found import model_folder
from engine.models.weights import check_weights, discard_weights, get_weights
from engine.values import ModelCard
from engine.values.assets import FetchProgress, Held
from tests.standins.hub import Hub, git_sha1, running_hub, sha256

CARD = ModelCard("tiny", "someone/tiny", 1, 1, "MIT", is_commercial=True, files=("*.json", "*.safetensors"))
CONFIG = b'{"hidden_size": 16}'
WEIGHTS = bytes(range(256)) * 1024
FILES = {"config.json": CONFIG, "model.safetensors": WEIGHTS, "README.md": b"not needed"}


@pytest.fixture(autouse=True)
def _offered(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(fetching, "WAIT_STEP_S", 0.005)
    hub.add("someone/tiny", dict(FILES), large=("model.safetensors",))


def get(folder: Path, card: ModelCard = CARD, *, offline: bool = False) -> list[FetchProgress]:
    told: list[FetchProgress] = []
    finished(get_weights(card, "stand-in/tiny", str(folder), offline=offline), told)
    return told


def below(folder: Path) -> list[str]:
    """Return what files there are; the hub's library marks each cache by one, for programs that make backups."""
    files = (one for one in folder.rglob("*") if not one.is_dir() and one.name != "CACHEDIR.TAG")
    return sorted(str(one.relative_to(folder)) for one in files)


def test_a_whole_model_is_fetched_with_progress_in_bytes_and_found_by_the_hubs_library(
    hub: Hub, tmp_path: Path
) -> None:
    told = get(tmp_path)
    assert {one.name for one in told} == {"stand-in/tiny"}
    loading = [one for one in told if one.stage == "downloading"]
    counts = [one.done_bytes for one in loading]
    total = len(CONFIG) + len(WEIGHTS)
    assert counts == sorted(counts)
    assert {one.total_bytes for one in loading} == {total}
    assert counts[-1] == total
    assert len(counts) > 10
    folder = model_folder(CARD, str(tmp_path))
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == {
        "config.json": CONFIG,
        "model.safetensors": WEIGHTS,
    }
    assert hub.n_bodies("README") == 0
    cached = CachedModel(CARD, str(tmp_path))
    assert (cached.held(), cached.size_bytes()) == (Held.HERE, total)
    assert not [one for one in below(tmp_path) if one.endswith(PART_SUFFIX)]
    n_asked = hub.n_bodies("/cdn/")
    get(tmp_path)
    assert hub.n_bodies("/cdn/") == n_asked, "what is here and right is not fetched again"


def test_what_a_model_needs_beside_it_is_fetched_with_it_as_one(hub: Hub, tmp_path: Path) -> None:
    words = bytes(range(256)) * 512
    hub.add("someone/words", {"model.safetensors": words}, large=("model.safetensors",))
    needed = ModelCard("words", "someone/words", 1, 1, "MIT", is_commercial=True)
    card = replace(CARD, needs=(needed,))
    get(tmp_path)
    cached = CachedModel(card, str(tmp_path))
    assert cached.held() is Held.PARTLY, "alone it is of no use"
    with pytest.raises(ModelMissing, match=r"“words” \(someone/words\)"):
        model_folder(card, str(tmp_path))
    shutil.rmtree(tmp_path / "models--someone--tiny")
    told = [one for one in get(tmp_path, card) if one.stage == "downloading"]
    total = len(CONFIG) + len(WEIGHTS) + len(words)
    assert {one.total_bytes for one in told} == {total}
    counts = [one.done_bytes for one in told]
    assert counts == sorted(counts)
    assert counts[-1] == total
    assert cached.held() is Held.HERE
    cached.remove()
    assert CachedModel(needed, str(tmp_path)).held() is Held.HERE, "it is a model of its own"
    shutil.rmtree(tmp_path / "models--someone--words")
    download = get_weights(card, "stand-in/tiny", str(tmp_path))
    while next(download).done_bytes <= total - len(WEIGHTS):
        pass
    download.close()
    assert below(tmp_path) == [], "of what was fetched for it nothing stays either"
    hub.add("someone/tiny", dict(FILES), gated=True)
    n_asked = hub.n_bodies("/cdn/")
    with pytest.raises(ModelGated):
        get(tmp_path, card)
    assert hub.n_bodies("/cdn/") == n_asked, "a refusal is told before anything large is fetched"


def test_a_connection_that_is_cut_is_gone_on_with_where_it_was(hub: Hub, tmp_path: Path) -> None:
    hub.cuts = 3
    get(tmp_path)
    asked = [where for _, path, where in hub.asked if path.startswith("/cdn/")]
    assert asked == ["", "bytes=32768-", "bytes=65536-", "bytes=98304-"]
    assert (model_folder(CARD, str(tmp_path)) / "model.safetensors").read_bytes() == WEIGHTS


def test_a_download_that_failed_is_gone_on_with_by_the_next_one(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_TRIES", 1)
    hub.cuts = 1
    with pytest.raises(HubUnreachable, match="the next try goes on from there"):
        get(tmp_path)
    cached = CachedModel(CARD, str(tmp_path))
    assert cached.held() is Held.PARTLY
    assert cached.part(sha256(WEIGHTS)).stat().st_size == hub.cut_bytes
    with pytest.raises(ModelMissing):
        model_folder(CARD, str(tmp_path))
    get(tmp_path)
    asked = [where for method, path, where in hub.asked if method == "GET" and path.startswith("/cdn/")]
    assert asked == ["", "bytes=32768-"]
    assert cached.held() is Held.HERE


def test_a_server_that_knows_no_ranges_sends_all_again(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.cuts, hub.ignores_range = 1, True
    get(tmp_path)
    assert (model_folder(CARD, str(tmp_path)) / "model.safetensors").read_bytes() == WEIGHTS


@pytest.mark.parametrize("left", [WEIGHTS + b"more", b"other" + WEIGHTS[5:]], ids=["too long", "other bytes"])
def test_a_wrong_part_is_not_believed(tmp_path: Path, left: bytes) -> None:
    part = CachedModel(CARD, str(tmp_path)).part(sha256(WEIGHTS))
    part.parent.mkdir(parents=True)
    part.write_bytes(left)
    with pytest.raises(FetchedDamaged):
        get(tmp_path)
    assert not part.exists()
    get(tmp_path)
    assert (model_folder(CARD, str(tmp_path)) / "model.safetensors").read_bytes() == WEIGHTS


def test_other_bytes_than_the_checksum_says_are_thrown_away(hub: Hub, tmp_path: Path) -> None:
    hub.spoiled = True
    with pytest.raises(FetchedDamaged, match=r"“model\.safetensors” came from 127\.0\.0\.1 with other bytes"):
        get(tmp_path)
    assert CachedModel(CARD, str(tmp_path)).held() is Held.PARTLY
    assert [one for one in below(tmp_path) if sha256(WEIGHTS) in one] == []
    hub.spoiled = False
    get(tmp_path)
    assert CachedModel(CARD, str(tmp_path)).held() is Held.HERE


class _Disk(NamedTuple):
    total: int
    used: int
    free: int


def test_a_disk_without_room_is_told_before_anything_is_fetched(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Disk(10**9, 10**9, 10**8))
    with pytest.raises(NoRoomFor, match=r"needs 200 MB and only 100 MB are free"):
        get(tmp_path / "models")
    assert hub.n_bodies("/resolve/") == 0
    assert below(tmp_path) == []


@pytest.mark.parametrize("steps", [1, 3, 9])
def test_a_download_that_is_cancelled_leaves_nothing(hub: Hub, tmp_path: Path, steps: int) -> None:
    download = get_weights(CARD, "stand-in/tiny", str(tmp_path))
    for _ in range(steps):
        next(download)
    download.close()
    assert below(tmp_path) == []
    assert CachedModel(CARD, str(tmp_path)).held() is Held.MISSING
    assert hub.n_bodies("/cdn/") == (steps > 3)


def test_what_a_killed_download_left_can_be_thrown_away(hub: Hub, tmp_path: Path) -> None:
    part = CachedModel(CARD, str(tmp_path)).part(sha256(WEIGHTS))
    part.parent.mkdir(parents=True)
    part.write_bytes(WEIGHTS[:1000])
    discard_weights(CARD, str(tmp_path))
    assert below(tmp_path) == []
    get(tmp_path)
    discard_weights(CARD, str(tmp_path))
    assert CachedModel(CARD, str(tmp_path)).held() is Held.HERE, "what is whole stays"


def test_offline_nothing_is_asked(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchingOff, match="set to work offline"):
        get(tmp_path, offline=True)
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(FetchingOff):
        get(tmp_path)
    assert hub.asked == []


def test_a_gated_model_tells_where_its_licence_is_accepted(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add("someone/tiny", dict(FILES), large=("model.safetensors",), gated=True)
    with pytest.raises(ModelGated, match=r"accept the licence on http://.*/someone/tiny, then “hf auth login”"):
        get(tmp_path)
    monkeypatch.setenv("HF_TOKEN", "accepted")
    get(tmp_path)
    assert CachedModel(CARD, str(tmp_path)).held() is Held.HERE


def test_a_model_that_is_not_offered_is_told(hub: Hub, tmp_path: Path) -> None:
    del hub.repositories["someone/tiny"]
    with pytest.raises(ModelNotOffered, match="it was moved, removed or is private"):
        get(tmp_path)


def test_a_hub_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(HubUnreachable, match=r"127\.0\.0\.1:1 cannot be reached"):
        get(tmp_path)


def test_two_programs_do_not_write_into_one_file(hub: Hub, tmp_path: Path) -> None:
    first = get_weights(CARD, "stand-in/tiny", str(tmp_path))
    while next(first).done_bytes < 2 * hub.cut_bytes:
        pass
    with pytest.raises(AssetInUse):
        get(tmp_path)
    finished(first)
    assert (model_folder(CARD, str(tmp_path)) / "model.safetensors").read_bytes() == WEIGHTS


def test_damage_is_found_and_mended(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        finished(check_weights(CARD, "tiny", str(tmp_path)))
    get(tmp_path)
    hub.asked.clear()
    assert finished(check_weights(CARD, "tiny", str(tmp_path))) == ()
    cached = CachedModel(CARD, str(tmp_path))
    cached.blob(sha256(WEIGHTS)).write_bytes(WEIGHTS[:-1] + b"?")
    cached.blob(git_sha1(CONFIG)).write_bytes(CONFIG[:-1])
    assert finished(check_weights(CARD, "tiny", str(tmp_path))) == ("config.json", "model.safetensors")
    cached.blob(git_sha1(CONFIG)).unlink()
    assert "config.json" in finished(check_weights(CARD, "tiny", str(tmp_path)))
    assert hub.asked == [], "nothing is fetched for that"
    get(tmp_path)
    assert finished(check_weights(CARD, "tiny", str(tmp_path))) == ()


def test_what_is_removed_is_gone_but_for_what_others_need(hub: Hub, tmp_path: Path) -> None:
    other = ModelCard("weights", "someone/tiny", 1, 1, "MIT", is_commercial=True, files=("*.safetensors",))
    get(tmp_path)
    CachedModel(CARD, str(tmp_path)).remove((CARD, other))
    assert CachedModel(other, str(tmp_path)).held() is Held.HERE
    assert CachedModel(CARD, str(tmp_path)).held() is not Held.HERE
    CachedModel(other, str(tmp_path)).remove((CARD, other))
    assert below(tmp_path) == []


def test_what_another_program_is_fetching_is_left_alone(hub: Hub, tmp_path: Path) -> None:
    theirs = CachedModel(CARD, str(tmp_path)).blob("0" * 64 + ".a1b2c3d4.incomplete")
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"begun")
    get(tmp_path)
    CachedModel(CARD, str(tmp_path)).remove()
    assert theirs.read_bytes() == b"begun"


def test_the_cache_may_be_reached_by_a_link(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    get(tmp_path / "link")
    assert CachedModel(CARD, str(tmp_path / "link")).held() is Held.HERE
    CachedModel(CARD, str(tmp_path / "link")).remove()
    assert below(tmp_path) == []


def test_an_empty_file_and_one_without_a_checksum_are_taken_as_they_come(tmp_path: Path) -> None:
    with running_hub() as plain:
        plain.files["/empty"], plain.files["/some"] = b"", b"abc"
        assert list(fetched(Wanted(f"{plain.url}/empty", "empty", 0, None), tmp_path / "empty"))
        list(fetched(Wanted(f"{plain.url}/some", "some", 3, Digest("sha256", sha256(b"abc"))), tmp_path / "some"))
    assert ((tmp_path / "empty").read_bytes(), (tmp_path / "some").read_bytes()) == (b"", b"abc")


def test_a_file_that_is_shorter_than_it_was_said_to_be_is_given_up(tmp_path: Path) -> None:
    with running_hub() as plain:
        plain.files["/short"] = b"abc"
        with pytest.raises(HubUnreachable, match="gives 3 bytes of “short”, which has 9"):
            list(fetched(Wanted(f"{plain.url}/short", "short", 9, None), tmp_path / "short"))
        assert plain.n_bodies("/short") < 20


def test_of_unknown_size_a_part_that_is_whole_already_is_not_taken_for_nothing(tmp_path: Path) -> None:
    part = tmp_path / "some"
    part.write_bytes(b"abc")
    with running_hub() as plain:
        plain.files["/some"] = b"abc"
        list(fetched(Wanted(f"{plain.url}/some", "some", 0, None), part))
    assert part.read_bytes() == b"abc"


@pytest.mark.parametrize(
    "odd",
    [
        {"lfs": {"oid": "../../../escaped", "size": 3, "pointerSize": 1}},
        {"lfs": 5},
        *({"oid": one} for one in ("../escaped", None)),
        *({"size": one} for one in (-1, None)),
        {"path": None},
    ],
    ids=str,
)
def test_a_hub_that_makes_no_sense_is_told(
    hub: Hub, tmp_path: Path, odd: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = hub.repositories["someone/tiny"]
    tree = [one | odd for one in repository.tree()]
    monkeypatch.setattr(repository, "tree", lambda: tree)
    with pytest.raises(HubUnreachable, match="something else than a hub does"):
        get(tmp_path / "models")
    assert not [one for one in below(tmp_path) if "escaped" in one]


@pytest.fixture
def closed_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "models--someone--tiny").write_text("a file in the way")
    return folder


def test_a_folder_that_cannot_be_written_is_told(closed_folder: Path) -> None:
    from engine.errors import CannotWrite

    with pytest.raises(CannotWrite):
        get(closed_folder)


def test_memory_is_judged_by_shares() -> None:
    total = machine.total_memory_bytes()
    assert abs(total - os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")) < 1
    assert [str(machine.fit_of(one, 100)) for one in (0, 50, 51, 85, 86)] == ["", "fits", "tight", "tight", "too large"]
    assert machine.size_in_words(1_940_000_000) == "1.9 GB"
    assert machine.size_in_words(23_000_000_000) == "23 GB"
