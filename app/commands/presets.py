# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``presets`` lists the presets: the factory's, and those of a person's own folder over them."""

from __future__ import annotations

import argparse
import sys

from app.commands import terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """List the presets; a file that cannot be used is told, the others are listed. Raises PresetUnusable."""
    from app.presets import known_presets

    found = known_presets()
    if arguments.json:
        problems = [str(one) for one in found.problems.values()]
        terminal.print_json({"presets": [one.as_dict() for one in found.usable.values()], "problems": problems})
    else:
        width = max(map(len, found.usable))
        for category in sorted({one.category for one in found.usable.values()}):
            print(f"{category or 'others'}:")
            for one in found.usable.values():
                if one.category == category:
                    told = one.told()
                    own = "" if one.is_factory else " (yours)"
                    print(f"  {one.name:<{width}}  {told.title}{own}. {told.words}".rstrip())
    for problem in found.problems.values():
        print(f"infiniloop: {problem}", file=sys.stderr)
    return 1 if found.problems else 0
