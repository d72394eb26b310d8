# SPDX-License-Identifier: GPL-3.0-or-later
"""Four studios open a damaged library at once, again and again: ``python -m tests.engine.library.crowding FOLDER``.

Each adds a take. Prints how many takes there are in the end.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from pathlib import Path

from engine.library.indexed_folder import INDEX_NAME
from engine.library.takes import TakeLibrary
from tests.engine.library.making import noise_clip, recipe

N_ROUNDS = 15
N_STUDIOS = 4


def studio(folder: Path, gate: int) -> int:
    os.read(gate, 1)  # returns for all of them when the other end is closed
    try:
        with TakeLibrary(folder) as library:
            library.add(noise_clip(50), recipe())
    except Exception:  # noqa: BLE001 — the end of a process: its status tells, its words go to stderr
        traceback.print_exc()
        return 1
    return 0


def set_aside(folder: Path) -> set[Path]:
    return set(folder.glob(f"{INDEX_NAME}.damaged-*"))


def main(folder: Path) -> int:
    for n in range(1, N_ROUNDS + 1):
        before = set_aside(folder)
        (folder / INDEX_NAME).write_bytes(b"no index " * 1000)
        gate, opener = os.pipe()
        pids = []
        for _ in range(N_STUDIOS):
            pid = os.fork()
            if pid == 0:
                os.close(opener)
                os._exit(studio(folder, gate))
            pids.append(pid)
        os.close(gate)
        os.close(opener)
        assert all(os.waitpid(pid, 0)[1] == 0 for pid in pids)
        assert len(set_aside(folder) - before) == 1, "a good index was set aside"
        with TakeLibrary(folder) as library:
            assert library.n_takes == n * N_STUDIOS
    return N_ROUNDS * N_STUDIOS


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.stdout.write(f"{main(Path(sys.argv[1]))}\n")
