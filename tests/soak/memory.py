# SPDX-License-Identifier: GPL-3.0-or-later
"""This module measures a process and its children: memory (a page shared by n processes counts 1/n), descriptors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

FLAT_MIB = 5.0


@dataclass(frozen=True, slots=True)
class Held:
    """The memory and descriptors that one process holds at one moment."""

    name: str
    own_mib: float
    n_descriptors: int


def held(root: int | None = None, *, by_pid: bool = False) -> list[Held]:
    """Return what process ``root`` (this one) and all its descendants hold, in the order of their start.

    With ``by_pid`` their names say which of several of one kind they are.

    Proportional set size: memory that one process hands another counts once, and a handle that nobody maps any more
    shows among the descriptors. Pages of files are left out: whether other programs have the same libraries loaded is
    none of this one's doing, and moves their share by 20 MiB.
    """
    parent = psutil.Process(root)
    told = []
    for one in [parent, *parent.children(recursive=True)]:
        try:
            name = "parent" if one.pid == parent.pid else _name(one) + by_pid * f" {one.pid}"
            told.append(Held(name, _own_mib(one.pid), one.num_fds()))
        except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            continue
    return told


def least(moments: list[list[Held]]) -> list[Held]:
    """Return what each process held at least at several moments: what it takes for a job comes and goes."""
    found: dict[str, Held] = {}
    for moment in moments:
        for one in moment:
            if one.name not in found or one.own_mib < found[one.name].own_mib:
                found[one.name] = one
    return list(found.values())


def _name(process: psutil.Process) -> str:
    words: list[str] = process.cmdline()
    if "-m" in words:
        return words[words.index("-m") + 1].removeprefix("engine.").removeprefix("playback.device.")
    return Path(words[0]).name if words else "?"


def _own_mib(pid: int) -> float:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in told if line.startswith(("Pss_Anon:", "Pss_Shmem:"))) / 1024.0


@dataclass(frozen=True, slots=True)
class Growth:
    """The growth of one process over a run, after a warm-up.

    Attributes
    ----------
    grown_mib
        Median of the last quarter less that of the second: the first is the warm-up.
    """

    name: str
    grown_mib: float
    last_mib: float
    grown_descriptors: float

    @property
    def is_flat(self) -> bool:
        return abs(self.grown_mib) <= FLAT_MIB and self.grown_descriptors <= 2


def growths(series: list[list[Held]]) -> list[Growth]:
    """Return the growth of each process that is in all measurements (at least eight, evenly spaced)."""
    told = []
    for name in dict.fromkeys(one.name for one in series[-1]):
        own = [next((one for one in moment if one.name == name), None) for moment in series]
        there = [one for one in own if one is not None]
        if len(there) < len(series) // 2:
            continue
        quarter = max(1, len(there) // 4)
        early, late = there[quarter : 2 * quarter], there[-quarter:]
        told.append(
            Growth(
                name,
                median(one.own_mib for one in late) - median(one.own_mib for one in early),
                late[-1].own_mib,
                median(one.n_descriptors for one in late) - median(one.n_descriptors for one in early),
            )
        )
    return told
