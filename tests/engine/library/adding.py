# SPDX-License-Identifier: GPL-3.0-or-later
"""This studio only adds takes: ``python -m tests.engine.library.adding FOLDER N_TAKES SEED``.

Prints the id of each take once ``add`` has returned.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.library.takes import TakeLibrary
from tests.engine.library.making import noise_clip, recipe

if __name__ == "__main__":
    folder, n_takes, seed = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with TakeLibrary(folder) as library:
        for number in range(n_takes):
            take = library.add(noise_clip(40_000), recipe(f"{seed} {number}"))
            sys.stdout.write(take.take_id + "\n")
            sys.stdout.flush()
