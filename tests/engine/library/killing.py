# SPDX-License-Identifier: GPL-3.0-or-later
"""This program kills a studio at every line of the library's code.

``python -m tests.engine.library.killing FOLDER add|remove|rate|discard|restore STEP``: for n = 1, 1 + STEP, 1 + 2 STEP
... a fork opens the library, does so with a take and is killed at the n-th line it runs there; then the library is
opened and must be whole. Ends once a fork gets through alive. Prints how many were killed.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
from pathlib import Path

import engine.library
from engine.library.takes import TakeLibrary
from engine.values import FAVOURITE
from tests.engine.library.making import noise_clip, recipe
from tests.killing import kill_at_line

LIBRARY_CODE = str(Path(engine.library.__file__).parent)


def act(folder: Path, action: str, victim: str) -> None:
    with TakeLibrary(folder) as library:
        if action == "add":
            library.add(noise_clip(500), recipe("may be lost"))
        elif action == "rate":
            library.rate(victim, FAVOURITE)
        elif action == "discard":
            library.discard([victim])
        elif action == "restore":
            library.restore([victim])
        else:
            library.remove(victim)


def check(folder: Path, kept: set[str]) -> None:
    """Check that every take is whole, complete ones are still there, and no file is left that belongs to no take."""
    with TakeLibrary(folder, stale_after_s=0.0) as library:
        listed = library.takes(10_000)
        takes = {take.take_id for take in listed}
        for take in listed:
            told = json.loads(Path(take.audio_path).with_suffix(".json").read_text(encoding="ascii"))
            assert told.get("rating", "") == take.rating, "the index is in step with the files"
        for take_id in takes:
            _, clip = library.load(take_id)
            assert clip.n_samples == 500
        assert library.n_takes == len(takes)
    assert takes >= kept, kept - takes
    names = {path.name for path in (folder / "takes").iterdir()}
    assert names == {f"{take_id}.{ending}" for take_id in takes for ending in ("flac", "json")}, names
    left = {path.name for path in folder.iterdir()} - {"trash"}
    assert left == {"takes", "library.sqlite3", "studios.lock"}, left
    with TakeLibrary(folder) as library:
        for take_id in takes - kept:
            library.remove(take_id)


def check_trash(folder: Path, victim: str) -> None:
    """Check that the take is whole in one place and nowhere in the other, and empty the trash."""
    in_takes, in_trash = (
        {path.name for path in (folder / place).iterdir()} if (folder / place).exists() else set()
        for place in ("takes", "trash")
    )
    both = {f"{victim}.flac", f"{victim}.json"}
    assert in_trash in (set(), both), in_trash
    assert in_takes & both == both - in_trash, (in_takes, in_trash)
    with TakeLibrary(folder) as library:
        assert library.restore([victim]) == ((victim,) if in_trash else ())
        assert library.load(victim)[1].n_samples == 500


def main(folder: Path, action: str, step: int) -> int:
    with TakeLibrary(folder) as library:
        kept = {library.add(noise_clip(500), recipe("kept")).take_id for _ in range(2)}
    for n_killed in itertools.count():
        victim = ""
        if action != "add":
            with TakeLibrary(folder) as library:
                victim = library.add(noise_clip(500), recipe("to be acted on")).take_id
                if action == "restore":
                    library.discard([victim])
        pid = os.fork()
        if pid == 0:
            kill_at_line(1 + step * n_killed, LIBRARY_CODE)
            act(folder, action, victim)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        if action in ("discard", "restore"):
            with TakeLibrary(folder, stale_after_s=0.0):
                pass
            check_trash(folder, victim)
        check(folder, kept)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, status
            return n_killed
        assert os.WTERMSIG(status) == signal.SIGKILL, status
    raise AssertionError("it never gets through")


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))}\n")
