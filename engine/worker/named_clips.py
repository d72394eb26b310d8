# SPDX-License-Identifier: GPL-3.0-or-later
"""A job about a clip that the worker holds names the clip, so that its samples do not cross again.

By pickle's persistent ids, which are made for objects that live outside of what is pickled.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.values import Clip


@dataclass(frozen=True, eq=False, slots=True)
class NamedJob:
    """A job as it crosses to the worker; it is answered by its result, or by ``ClipsLost``.

    Attributes
    ----------
    body
        The job, pickled with names in place of its clips.
    clips
        Those that the worker lacks, by name.
    kept
        Names of all clips that the worker is to hold from now on: others are dropped.
    """

    job_id: int
    body: bytes
    clips: Mapping[int, Clip]
    kept: frozenset[int]


@dataclass(frozen=True, slots=True)
class ClipsLost:
    """The worker does not hold a clip that a job names: the job is to be sent again, with its clips."""

    job_id: int


class _Naming(pickle.Pickler):
    def __init__(self, file: io.BytesIO, name_of: Callable[[Clip], int]) -> None:
        super().__init__(file, protocol=5)
        self._name_of = name_of
        self.clips: dict[int, Clip] = {}

    def persistent_id(self, value: object) -> int | None:
        if type(value) is not Clip:
            return None
        name = self._name_of(value)
        self.clips[name] = value
        return name


class _NotHeld(Exception):
    """A clip is named that is not held. An error of its own: a job's own KeyError must not have it sent for ever."""


class _Finding(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, held: Mapping[int, Clip]) -> None:
        super().__init__(file)
        self._held = held

    def persistent_load(self, name: int) -> Clip:
        try:
            return self._held[name]
        except KeyError:
            raise _NotHeld from None


def name_clips(job: Any, name_of: Callable[[Clip], int]) -> tuple[bytes, dict[int, Clip]]:
    """Pickle a job with its clips' names in place of the clips, and return this and the clips by those names."""
    file = io.BytesIO()
    naming = _Naming(file, name_of)
    naming.dump(job)
    return file.getvalue(), naming.clips


class HeldClips:
    """The clips that a worker holds for jobs to come; the process that sends the jobs decides how many."""

    def __init__(self) -> None:
        self._clips: dict[int, Clip] = {}

    def job_in(self, message: Any) -> Any:
        """Return the job that a message brings, with its clips; ``ClipsLost`` when it names one that is not held."""
        if not isinstance(message, NamedJob):
            return message
        known = {**self._clips, **message.clips}
        self._clips = {name: clip for name, clip in known.items() if name in message.kept}
        try:
            return _Finding(io.BytesIO(message.body), self._clips).load()
        except _NotHeld:
            return ClipsLost(message.job_id)
