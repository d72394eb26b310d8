# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that rotates the slots of a folder until it is killed; it goes on from the number in the archive."""

from __future__ import annotations

import sys

from engine.fragments.folder import SlotFolder
from tests.engine.fragments.making import rotate

N_SLOTS = 4


def main() -> None:
    """Rotate for ever."""
    folder = SlotFolder(sys.argv[1], N_SLOTS)
    print("begun", flush=True)  # noqa: T201 - it is heard by the test
    while True:
        rotate(folder, folder.archive.last + 1, 1)


if __name__ == "__main__":
    main()
