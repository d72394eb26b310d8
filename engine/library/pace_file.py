# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of the machine's pace is JSON with the runs, checked when read; several processes may add to it."""

from __future__ import annotations

import json
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import CannotRead, StatisticsDamaged, cannot_write
from engine.library.atomic import numbered, write_bytes
from engine.library.locking import alone_in
from engine.values import MachinePace, PaceRun
from engine.values.checked import Fields

FORMAT = 1
"""Number of the format that is read and written."""
MAX_BYTES = 1 << 20
"""Number of bytes that the file may have; full it has about 250 kB."""
LOCK_S = 2.0
"""Seconds for which another process is waited for that adds to the file; then both write, and the last one counts."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The pace as it is kept now, and what of the file could not be used, if anything."""

    pace: MachinePace
    damaged: StatisticsDamaged | None = None


def keep(path: Path, runs: Sequence[PaceRun] = (), *, forget: bool = False) -> Kept:
    """Add runs to the file, of which all others are forgotten first if that is asked, and return what it then holds.

    A file that is damaged is set aside and begun anew; without runs and with nothing to forget nothing is written.

    Raises
    ------
    CannotRead
        There is something that may not be read.
    CannotWrite
        It cannot be written, or not be set aside.
    """
    if not path.parent.is_dir():
        if not runs:
            return Kept(MachinePace())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error
    try:
        with alone_in(path.parent, LOCK_S):
            return _kept(path, runs, forget=forget)
    except OSError as error:
        raise CannotRead(path=str(path), detail=error.strerror or str(error)) from error


def _kept(path: Path, runs: Sequence[PaceRun], *, forget: bool) -> Kept:
    damaged = None
    try:
        before = _read(path)
    except FileNotFoundError:
        before = MachinePace()
    except (ValueError, RecursionError) as error:
        before, damaged = MachinePace(), _set_aside(path, error)
    pace = (MachinePace() if forget else before).with_runs(runs)
    if pace != before:
        content = {"format": FORMAT, "runs": [one.as_dict() for one in pace.runs]}
        write_bytes(path, json.dumps(content, indent=1, allow_nan=False).encode())
    return Kept(pace, damaged)


def _read(path: Path) -> MachinePace:
    """Return what the file holds. Raises OSError, ValueError, or RecursionError for deep nesting."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is not a regular file")
    if status.st_size > MAX_BYTES:
        raise ValueError("it is too large")
    fields = Fields.of(json.loads(path.read_bytes()))
    fields.whole("format", FORMAT, FORMAT)
    return MachinePace().with_runs(PaceRun.from_fields(one) for one in fields.parts("runs"))


def _set_aside(path: Path, error: Exception) -> StatisticsDamaged:
    try:
        aside = next(one for one in numbered(path.with_suffix(".damaged.json")) if not one.exists())
        path.rename(aside)
    except OSError as refusal:
        raise cannot_write(path, refusal) from refusal
    return StatisticsDamaged(detail=str(error), kept=str(aside))
