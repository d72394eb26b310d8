# SPDX-License-Identifier: GPL-3.0-or-later
"""The library survives kill -9, a full disk and a second studio: real processes, real signals, a real small disk."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.library.indexed_folder import INDEX_NAME
from engine.library.takes import TakeLibrary
from engine.values import FAVOURITE, NEVER
from tests.engine.library.making import noise_clip, recipe

ROOT = Path(__file__).parents[3]
ACTIONS = ("add", "remove", "rate", "discard", "restore")


def command(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", f"tests.engine.library.{module}", *map(str, arguments)]


def environment() -> dict[str, str]:
    # One thread, so that a fork is safe.
    return {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}


def run(words: list[str]) -> str:
    done = subprocess.run(words, env=environment(), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def assert_whole(folder: Path, told: set[str]) -> set[str]:
    """Check that the library holds all it kept, whole, and no stray file; return the takes' ids."""
    with TakeLibrary(folder, stale_after_s=0.0) as library:
        takes = {take.take_id for take in library.takes(100_000)}
        assert library.n_takes == len(takes)
        for take_id in takes:
            assert library.load(take_id)[1].n_samples == 40_000
    assert takes >= told
    names = {path.name for path in (folder / "takes").iterdir()}
    assert names == {f"{take_id}.{ending}" for take_id in takes for ending in ("flac", "json")}
    return takes


@pytest.mark.soak
def test_killed_at_random_moments(tmp_path: Path) -> None:
    rng = random.Random(1)
    told: set[str] = set()
    n_lost_parts = 0
    for n_kills in range(60):
        if n_kills >= 15 and told and n_lost_parts:  # a slow machine needs more to hit the middle of a file
            break
        words = command("adding", tmp_path, 10_000, "killed")
        with subprocess.Popen(words, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, text=True) as studio:
            assert studio.stdout is not None
            assert studio.stdout.readline() == "ready\n"
            time.sleep(rng.uniform(0.0, 0.15))
            studio.kill()
            told |= {line.strip() for line in studio.stdout if line.endswith("\n")}
        if (tmp_path / "takes").exists():
            n_lost_parts = len(list((tmp_path / "takes").glob(".*")))
        with TakeLibrary(tmp_path):  # a studio opens it while what it finds may still be another's
            pass
    takes = assert_whole(tmp_path, told)
    assert len(takes) >= len(told) > 0
    assert n_lost_parts > 0, "not one kill came in the middle of a file: the test shows nothing"


@pytest.mark.parametrize(
    ("action", "step"),
    [
        *(pytest.param(one, 1, marks=pytest.mark.soak) for one in ACTIONS),
        *((one, 8) for one in ("add", "remove", "rate")),
        *((one, 23) for one in ("discard", "restore")),
    ],
)
def test_killed_at_every_line(tmp_path: Path, action: str, step: int) -> None:
    n_killed = int(run(command("killing", tmp_path, action, step)))
    assert step * n_killed > {"add": 100, "remove": 40, "rate": 60, "discard": 60, "restore": 60}[action]


def test_two_studios_lose_nothing(tmp_path: Path) -> None:
    # The folder is new: they also make the index at the same moment.
    words = [command("adding", tmp_path, 25, name) for name in ("one", "two")]
    studios = [
        subprocess.Popen(w, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for w in words
    ]
    told: set[str] = set()
    for studio in studios:
        out, err = studio.communicate()
        assert (studio.returncode, err) == (0, "")
        told |= set(out.split()[1:])
    assert len(told) == 50
    assert assert_whole(tmp_path, told) == told
    with TakeLibrary(tmp_path) as library:
        prompts = {take.recipe.prompt for take in library.takes()}
    assert prompts == {f"{name} {number}" for name in ("one", "two") for number in range(25)}


def test_two_studios_rate_the_same_takes(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        taken = [library.add(noise_clip(10), recipe(str(number))).take_id for number in range(4)]
        words = [command("rating", tmp_path, 15, rating) for rating in (FAVOURITE, NEVER)]
        studios = [subprocess.Popen(w, env=environment(), cwd=ROOT, stderr=subprocess.PIPE, text=True) for w in words]
        for studio in studios:
            _, err = studio.communicate()
            assert (studio.returncode, err) == (0, "")
        listed = {take.take_id: take.rating for take in library.takes()}
    assert set(listed) == set(taken)
    assert set(listed.values()) <= {FAVOURITE, NEVER}
    (tmp_path / INDEX_NAME).unlink()
    with TakeLibrary(tmp_path) as library:
        assert {take.take_id: take.rating for take in library.takes()} == listed, "the index is in step with the files"


@pytest.mark.soak
def test_studios_that_open_a_damaged_index_at_once(tmp_path: Path) -> None:
    assert int(run(command("crowding", tmp_path))) > 0


def test_one_studio_sees_what_the_other_adds(tmp_path: Path) -> None:
    with TakeLibrary(tmp_path) as library:
        told = set(run(command("adding", tmp_path, 2, "other")).split()[1:])
        assert {take.take_id for take in library.takes()} == told


def test_a_full_disk(tmp_path: Path) -> None:
    # In a mount namespace of its own, which ends with its process.
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    mount = [*alone, "mount", "-t", "tmpfs", "-o", "size=256k", "none", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here; the tests with a limited file size still run")
    script = 'mount -t tmpfs -o size=256k none "$1" && shift && exec "$@"'
    n_added = int(run([*alone, "sh", "-c", script, "sh", str(tmp_path), *command("filling", tmp_path)]))
    assert n_added > 3
