# SPDX-License-Identifier: GPL-3.0-or-later
"""This studio rates every take again and again: ``python -m tests.engine.library.rating FOLDER TIMES RATING``."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.library.takes import TakeLibrary


def main(folder: Path, n_times: int, rating: str) -> None:
    for _ in range(n_times):
        with TakeLibrary(folder) as library:
            for take in library.takes():
                library.rate(take.take_id, rating)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
