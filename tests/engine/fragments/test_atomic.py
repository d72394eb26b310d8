# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader never sees a file that is not whole, its watcher one rename, and kill -9 leaves everything right."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from inotify_simple import INotify, flags

from engine.fragments.folder import SlotFolder
from tests.engine.fragments.making import assert_whole, rotate, until, whole
from tests.engine.fragments.rotating import N_SLOTS

ROOT = Path(__file__).parents[3]


class Reader(threading.Thread):
    """A reader opens slots all the time, as long as it is not told to end."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="reader")
        self._folder = folder
        self.is_ended = False
        self.n_read = 0
        self.failures: list[str] = []

    def run(self) -> None:
        """Read until told otherwise."""
        seen = dict.fromkeys(range(1, 9), 0)
        while not self.is_ended:
            for number in seen:
                path = self._folder / f"output{number:02}.wav"
                if not path.exists():
                    continue
                try:
                    level = whole(path)
                    assert level >= seen[number], "it went back"
                    seen[number] = level
                except (AssertionError, OSError, ValueError) as error:
                    self.failures.append(f"{path.name}: {error!r}")
                self.n_read += 1


@pytest.mark.parametrize("n_rotations", [60, pytest.param(2000, marks=[pytest.mark.soak, pytest.mark.timeout(900)])])
def test_a_reader_never_sees_half_a_file(tmp_path: Path, n_rotations: int) -> None:
    folder, reader = SlotFolder(tmp_path, 8), Reader(tmp_path)
    reader.start()
    try:
        rotate(folder, 1, n_rotations)
        until(lambda: reader.n_read > 100)
    finally:
        reader.is_ended = True
        reader.join()
        folder.close()
    assert reader.failures == []
    slots, archive = assert_whole(tmp_path)
    last = set(range(n_rotations - 7, n_rotations + 1))
    assert set(slots) == last
    assert archive == list(range(1, n_rotations + 1))


def test_a_watcher_sees_one_rename(tmp_path: Path) -> None:
    folder = SlotFolder(tmp_path, 2)
    watcher = INotify()
    # Everything but looking: opening and closing of the folder itself.
    changes = flags.CREATE | flags.MODIFY | flags.DELETE | flags.MOVED_FROM | flags.MOVED_TO | flags.CLOSE_WRITE
    watcher.add_watch(tmp_path, changes)
    rotate(folder, 1, 5)
    folder.freeze(1)
    seen = [(one.mask, one.name) for one in watcher.read(timeout=0)]
    watcher.close()
    folder.close()
    assert seen == [(int(flags.MOVED_TO), f"output0{1 + n % 2}.wav") for n in range(5)]


@pytest.mark.parametrize("n_kills", [6, pytest.param(100, marks=[pytest.mark.soak, pytest.mark.timeout(900)])])
def test_kill_9_leaves_slots_archive_and_numbers_right(tmp_path: Path, n_kills: int) -> None:
    chance = random.Random(n_kills)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    newest_before = n_left_out = 0
    for turn in range(n_kills):
        command = [sys.executable, "-m", "tests.engine.fragments.rotating", str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
            time.sleep(chance.uniform(0.02, 0.25))
            process.kill()
        folder = SlotFolder(tmp_path, N_SLOTS)
        following = folder.next_slot
        n_kept = folder.archive.last
        folder.close()
        slots, archive = assert_whole(tmp_path)
        assert archive == list(range(1, n_kept + 1)), turn
        assert len(set(slots)) == len(slots)
        if not slots:
            # Killed before the first one: nothing is said of the circle yet.
            assert following == 1
            continue
        newest = int(np.argmax(slots)) + 1
        assert following == newest % N_SLOTS + 1, (turn, slots)
        # What was killed between its archive and its slot stays in the archive alone: one at each kill at most.
        n_left_out = 0 if max(slots) > newest_before else n_left_out
        newest_before = max(slots)
        assert n_kept - max(slots) in (n_left_out, n_left_out + 1)
        n_left_out = n_kept - max(slots)
    assert n_kept > n_kills
