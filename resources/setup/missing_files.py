# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends with 1 where an installed package, or a file of one, is gone or cut short.

The environment's own Python runs it: with ``--note`` at the end of an installation, to note which packages there are,
and without before each start. Each package lists its files and their sizes (RECORD). pip believes what a package says
of itself and never looks at them, and importing everything would take a second.
"""

import csv
import sys
from pathlib import Path
from sysconfig import get_path

NOTE = ".packages"
"""The file in the environment with the names of its packages, one a line."""


def names_in(folder: Path) -> set[str]:
    """The packages that say they are installed."""
    return {one.name.partition("-")[0] for one in folder.glob("*.dist-info")}


def is_whole(folder: Path, noted: set[str]) -> bool:
    """Whether every noted package is there, and each that is there has all its files."""
    if not noted or not noted <= names_in(folder):
        return False
    sizes = {}
    for record in folder.glob("*.dist-info"):
        try:
            with (record / "RECORD").open(encoding="utf-8", newline="") as lines:
                sizes.update({row[0]: row[2] for row in csv.reader(lines) if _is_looked_at(row)})
        except OSError:
            return False
    try:
        return all((folder / name).stat().st_size == int(size) for name, size in sizes.items())
    except OSError:
        return False


def _is_looked_at(row: list[str]) -> bool:
    """Scripts are rewritten for the place that they are in, bytecode whenever Python likes."""
    return len(row) == 3 and row[2] != "" and not row[0].startswith("..") and not row[0].endswith(".pyc")


def main() -> int:
    """Note, or look."""
    folder, note = Path(get_path("purelib")), Path(sys.prefix) / NOTE
    if sys.argv[1:] == ["--note"]:
        note.write_text("".join(f"{name}\n" for name in sorted(names_in(folder))), encoding="utf-8")
        return 0
    noted = set(note.read_text(encoding="utf-8").split()) if note.exists() else set()
    return 0 if is_whole(folder, noted) else 1


if __name__ == "__main__":
    sys.exit(main())
