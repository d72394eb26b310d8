# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that another program opens is taken; what the station itself reads is not."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import CannotRead
from engine.fragments.taken import OpenWatch
from engine.values.fragments import FragmentMode
from tests.engine.fragments.making import until
from tests.engine.fragments.staging import Stage


@pytest.fixture
def opened(stage: Stage) -> Iterator[list[int]]:
    seen: list[int] = []
    watch = OpenWatch(stage.station.folder.folder, seen.append)
    watch.open()
    yield seen
    watch.close()


def test_opening_is_seen_and_our_own_reading_is_not(stage: Stage, opened: list[int]) -> None:
    for prompt in ("wind", "rain"):
        stage.station.generate(prompt)
    stage.wait_for(2)
    with stage.station.folder.opened(1) as handle:
        handle.read()
    stage.station.state()
    for path in (stage.station.folder.path_of(2), stage.station.folder.folder / "archive" / "output001.wav"):
        subprocess.run(["cat", path], stdout=subprocess.DEVNULL, check=True)
    until(lambda: opened == [2])


def test_one_that_is_opened_is_replaced_by_the_next(stage: Stage) -> None:
    watch = OpenWatch(stage.station.folder.folder, stage.station.take)
    watch.open()
    stage.station.set_prompts(["wind"])
    stage.station.set_mode(FragmentMode.WHEN_TAKEN)
    stage.wait_for(3)
    stage.station.folder.path_of(3).read_bytes()
    stage.station.folder.path_of(3).read_bytes()
    stage.wait_for(4)
    assert stage.ready() == [1, 2, 3, 1]
    watch.close()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="No such file or directory"):
        OpenWatch(tmp_path / "none", lambda _number: None)
