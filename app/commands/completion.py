# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``completion`` prints a script by which a shell completes this program's command lines.

It is made of what the commands declare: names, options, choices; files and folders where one is meant. The shell runs
nothing of this program at Tab.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

SHELLS = ("bash", "zsh", "fish")
PLACES = {
    "bash": "~/.local/share/bash-completion/completions/infiniloop",
    "zsh": "~/.zfunc/_infiniloop (with “fpath+=~/.zfunc” before compinit in ~/.zshrc)",
    "fish": "~/.config/fish/completions/infiniloop.fish",
}
"""Where a shell looks for its scripts."""
_FILES, _FOLDERS = ("FILE", "OUT", "TAKE", "OTHER"), ("DIR", "FOLDER")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    width = max(map(len, SHELLS))
    places = (f"  {shell:<{width}}  {place}" for shell, place in PLACES.items())
    parser.epilog = "\n".join(["put what it prints into:", *places])


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    print(script(arguments.shell))
    return 0


def script(shell: str) -> str:
    """Return the script for one of ``SHELLS``."""
    import shtab

    from app.main import build_parser
    from app.program import NAME

    parser = build_parser(NAME)
    for one in actions(parser):
        if one.metavar in _FILES:
            # The attribute by which shtab is told.
            vars(one)["complete"] = shtab.FILE
        elif one.metavar in _FOLDERS:
            vars(one)["complete"] = shtab.DIRECTORY
    text: str = shtab.complete(parser, shell=shell)
    return text


def actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield every argument that a parser and the parsers of its sub-commands declare."""
    for one in parser._actions:
        yield one
        if isinstance(one, argparse._SubParsersAction):
            for sub in one.choices.values():
                yield from actions(sub)
