# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``manual`` writes this program's manual pages, one of the program and one of each command.

They are made of what the commands declare, as their help is; ``man`` finds them in a folder ``man1`` of its path.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.commands import terminal
from app.commands.output_files import add_force_argument, refuse_to_replace

PLACE = "~/.local/share/man/man1"
"""A folder where ``man`` looks for a person's own pages."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "-o", "--output", required=True, metavar="FOLDER", help=f"gets a page a command; {PLACE} is where man looks"
    )
    add_force_argument(parser)
    parser.add_argument("--json", action="store_true", help="print what was written as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Write the pages. Raises StudioError."""
    from app.main import build_parser
    from app.man_pages import man_pages
    from app.program import NAME
    from engine.library.atomic import write_bytes
    from engine.library.unwritten import make_folder

    folder = Path(arguments.output)
    pages = {folder / name: text for name, text in man_pages(build_parser(NAME)).items()}
    refuse_to_replace(list(pages), force=arguments.force, may_ask=True)
    make_folder(folder)
    for path, text in pages.items():
        write_bytes(path, text.encode("ascii"))
    if arguments.json:
        terminal.print_json({"files": [str(path) for path in pages]})
    else:
        print(f"{folder}: {len(pages)} pages; read them by “man -l {next(iter(pages))}”", file=sys.stderr)
    return 0
