# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``infiniloop``: reads the command line and hands over to a sub-command."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
import traceback
from collections.abc import Sequence

from app import VERSION, paths
from app.program import NAME, program_name
from engine.errors import StudioError

COMMANDS = ("studio", "generate", "analyze", "play", "extend", "split", "tag", "export", "render", "devices", "doctor")
"""Each is a module of ``app.commands`` with ``add_arguments(parser)`` and ``run(arguments) -> int``; its docstring's
first line is its help."""

EXAMPLES = (
    ("", "open the studio"),
    ('generate "warm house, 122 bpm" -o clip.wav', "one clip to a file"),
    ("analyze clip.wav --json", "where it loops, and why"),
    ("play clip.wav", "hear it loop: n next candidate, + overlap, q quit"),
    ("extend clip.wav --length 1h -o hour.flac", "its intro, its loop for an hour, a fade"),
    ("split clip.wav -o parts", "intro, loop and outro as files"),
    ("tag clip.wav -o tagged.wav", "its loop points as tags, the audio untouched"),
    ("export clip.wav -o loop.wav", "the loop, baked: it repeats without a seam"),
    ('render "lofi rain" --minutes 60 -o hour.flac', "an hour of music, no window, no device"),
    ("devices", "where sound can go"),
    ("doctor", "what this machine lacks to play without a gap"),
)
"""Command lines without the program's name, and what each does."""


def _examples(program: str) -> str:
    width = max(len(line) for line, _ in EXAMPLES)
    lines = (f"  {program} {line:<{width}}  {words}" for line, words in EXAMPLES)
    return "\n".join(["examples:", *lines, "", "exit codes: 0 done, 1 a failure told in one sentence, 2 wrong usage"])


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    program = program_name()
    parser = argparse.ArgumentParser(
        prog=program,
        description="Endless music from a prompt. Without a command it opens the studio's window.",
        epilog=_examples(program),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {VERSION}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name in COMMANDS:
        module = importlib.import_module(f"app.commands.{name}")
        summary = (module.__doc__ or "").splitlines()[0].partition(": ")[2]
        sub = subparsers.add_parser(name, help=summary, description=summary)
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code."""
    try:
        try:
            return _run(argv)
        finally:
            # What still waits in the buffer is written here, help too: at the interpreter's end it would be too late
            # to notice that its reader is gone.
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output went away (as with "| head"): not worth a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(argv: Sequence[str] | None) -> int:
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        arguments = parser.parse_args(["studio"])
    logging.basicConfig(level=logging.WARNING, format="infiniloop: %(message)s", stream=sys.stderr)
    try:
        return int(arguments.run(arguments))
    except StudioError as error:
        print(f"infiniloop: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the process boundary: one sentence for the person, the rest for the log
        print(
            f"infiniloop: something went wrong: {type(error).__name__}: {error} ({_log_traceback()})", file=sys.stderr
        )
        return 1
    except KeyboardInterrupt:
        print("infiniloop: stopped.", file=sys.stderr)
        return 130


def _log_traceback() -> str:
    """Write the traceback being handled to the log; returns where it can be read."""
    path = paths.log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(traceback.format_exc())
    except OSError:
        return "and the log cannot be written"
    return f"more in {path}"


if __name__ == "__main__":
    raise SystemExit(main())
