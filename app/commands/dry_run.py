# SPDX-License-Identifier: GPL-3.0-or-later
"""A dry run does all that a command does but write, and says what would have been written, and where.

Commands take part by what they share: ``add_force_argument`` declares ``--dry-run``, ``refuse_to_replace`` notes the
places, the writer stops (``engine.library.unwritten``), ``Files`` and ``main`` tell. What has no place of its own
there (a model, a take) is told by ``would``.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.library import unwritten
from engine.library.unwritten import NotWritten


@dataclass
class _State:
    """This state holds what was noted since something was told last.

    Attributes
    ----------
    places
        What would be written, in order.
    words, facts
        What it would be.
    has_failed
        Whether the exit code is 1 in the end.
    """

    as_json: bool = False
    has_failed: bool = False
    places: list[Path] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


_state = _State()


def add_dry_run_argument(parser: argparse.ArgumentParser) -> None:
    """Declare ``--dry-run``."""
    parser.add_argument("--dry-run", action="store_true", help="write nothing: say what would be written, and where")


def begin(arguments: argparse.Namespace) -> None:
    """Have nothing written from now on, if the command line says so."""
    global _state  # noqa: PLW0603 - of the process, as its files are
    _state = _State(as_json=getattr(arguments, "json", False))
    unwritten.write_nothing(getattr(arguments, "dry_run", False))


def end() -> None:
    """Have files written again."""
    unwritten.write_nothing(False)


def is_on() -> bool:
    """Return whether this is a dry run."""
    return unwritten.is_on()


def exit_code() -> int:
    """Return the exit code that the command would have, as far as that is known."""
    return 1 if _state.has_failed else 0


def fails() -> None:
    """Note that something failed, and the command goes on with what comes next."""
    _state.has_failed = True


def note(places: Sequence[Path]) -> None:
    """Note what would be written."""
    if not is_on():
        return
    _state.places += [one for one in places if one not in _state.places]


def about(words: str, **facts: Any) -> None:
    """Note what it would be, in words and as JSON has it."""
    if not is_on():
        return
    if words not in _state.words:
        _state.words.append(words)
    _state.facts |= facts


def forget() -> None:
    """Forget what was noted, as what comes next is another thing."""
    _state.places, _state.words, _state.facts = [], [], {}


def stop(place: Path) -> None:
    """In a dry run raise NotWritten, or CannotWrite where this place cannot be written. Else do nothing."""
    from engine.errors import cannot_write

    try:
        unwritten.stop_before(place)
    except OSError as error:
        raise cannot_write(place, error) from error


def tell(stopped: NotWritten, **facts: Any) -> None:
    """Say what would have been written when it stopped, on stdout; ``facts`` are for JSON alone."""
    places = [*_state.places]
    if not any(os.path.realpath(one) == os.path.realpath(stopped.path) for one in places):
        places.append(stopped.path)
    told = [(one, os.path.lexists(one) and not one.is_dir()) for one in places]
    words = f": {', '.join(_state.words)}" if _state.words else ""
    lines = [f"would {'replace' if is_there else 'write'} {one}" for one, is_there in told]
    written = [{"path": str(one), "replaces": is_there} for one, is_there in told]
    _print([f"{lines[0]}{words}", *lines[1:]], {**facts, "writes": written, **_state.facts})
    forget()


def would(*words: str, **facts: Any) -> None:
    """Say what would have been done, on stdout: a line for each, or one object of the facts."""
    _print([f"would {one}" for one in words], facts)


def _print(lines: Sequence[str], facts: dict[str, Any]) -> None:
    from app.commands import terminal

    if _state.as_json:
        terminal.print_json({"dry_run": True, **facts})
    else:
        print(*lines, sep="\n", flush=True)
