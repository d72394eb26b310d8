# SPDX-License-Identifier: GPL-3.0-or-later
"""The pace of a machine is how long it takes to make music: runs, what they come to, and what is expected by them."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from engine.values.checked import Fields

DEVICE = "device"
"""Name in ``ClipResult.versions`` under which a generator tells what it computed on, as “cuda, float16”."""
LENGTHS_S = (5, 10, 15, 20, 30, 45, 60, 120, 300, 600)
"""Lengths of clips in seconds; each run counts to the nearest of them, by their ratio."""
MOST_RUNS = 20
"""Number of runs that are kept of each generator, model, device and length: the newest ones."""
MOST_KINDS = 80
"""Number of these that are kept: those of which there was a run last."""
MOST_SECONDS = 30 * 24 * 3600.0
"""Longest time in a file of runs that is believed, seconds."""
MOST_CLIPS = 64
"""Largest number of clips of one pass in a file of runs that is believed."""
MOST_LETTERS = 200
"""Number of letters of a name in a file of runs that are believed."""

RunKind = tuple[str, str, str, int, int]
"""Generator, model, device, number of clips in one pass, and one of ``LENGTHS_S``."""

_PREPARING = ("starting", "connecting", "waiting", "downloading", "loading")


def prepares(stage: str) -> bool:
    """Return whether a stage of a job (``Progress.stage``) comes before its music is made: a model is loaded, say."""
    return stage.startswith(_PREPARING)


def length_class(seconds: float) -> int:
    """Return which of ``LENGTHS_S`` a clip's length is nearest to, by their ratio."""
    return min(LENGTHS_S, key=lambda one: abs(math.log(max(seconds, 1e-3) / one)))


@dataclass(frozen=True, slots=True)
class PaceRun:
    """A run is one clip that was made, or several in one pass.

    Attributes
    ----------
    clip_s
        How long the clip is, seconds.
    making_s
        How long it took to make, seconds, without what went before; all clips of a pass.
    load_s
        What went before: its process was started and its model loaded, seconds; 0 where both were there.
    device
        What it was computed on, where the generator tells; else "".
    n_clips
        Number of clips that were made in one pass, each of them so long.
    """

    generator: str
    model: str
    clip_s: float
    making_s: float
    load_s: float = 0.0
    device: str = ""
    n_clips: int = 1

    @property
    def pace(self) -> float:
        """Return the seconds of making for each second of music."""
        return self.making_s / (self.clip_s * self.n_clips)

    @property
    def kind(self) -> RunKind:
        """Return what it is compared with: runs of the same model on the same device, as many clips, about as long."""
        return self.generator, self.model, self.device, self.n_clips, length_class(self.clip_s)

    def as_dict(self) -> dict[str, Any]:
        """Return the run ready for JSON."""
        every = {
            "generator": self.generator,
            "model": self.model,
            "clip_s": round(self.clip_s, 3),
            "making_s": round(self.making_s, 3),
            "load_s": round(self.load_s, 3),
            "device": self.device,
            "n_clips": self.n_clips if self.n_clips > 1 else 0,
        }
        return {name: value for name, value in every.items() if value}

    @classmethod
    def from_fields(cls, fields: Fields) -> Self:
        """Return the inverse of ``as_dict``. Raises ValueError for fields that are mistyped or out of bounds."""
        return cls(
            generator=fields.text("generator")[:MOST_LETTERS],
            model=fields.text("model")[:MOST_LETTERS] if fields.has("model") else "",
            clip_s=fields.number("clip_s", 1e-3, MOST_SECONDS),
            making_s=fields.number("making_s", 0.0, MOST_SECONDS) if fields.has("making_s") else 0.0,
            load_s=fields.number("load_s", 0.0, MOST_SECONDS) if fields.has("load_s") else 0.0,
            device=fields.text("device")[:MOST_LETTERS] if fields.has("device") else "",
            n_clips=fields.whole("n_clips", 1, MOST_CLIPS) if fields.has("n_clips") else 1,
        )


@dataclass(frozen=True, slots=True)
class Pace:
    """A pace is what the runs of one kind come to.

    Attributes
    ----------
    n_clips
        Number of clips that were made in one pass.
    n
        Number of runs.
    clip_s, making_s
        Medians over these: how long a clip is, and how long it takes to make, or all of a pass, seconds.
    usual, last
        Seconds of making for each second of music: the median, and that of the last run.
    load_s
        Median of what went before the making where something did, seconds; None where nothing ever did.
    """

    generator: str
    model: str
    device: str
    n_clips: int
    length_s: int
    n: int
    clip_s: float
    making_s: float
    usual: float
    last: float
    load_s: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the pace ready for JSON; ``pace`` is the usual one, in seconds for each second of music."""
        return {
            "generator": self.generator,
            "model": self.model,
            "device": self.device,
            "clips": self.n_clips,
            "about_s": self.length_s,
            "runs": self.n,
            "clip_s": round(self.clip_s, 3),
            "making_s": round(self.making_s, 3),
            "pace": round(self.usual, 4),
            "last_pace": round(self.last, 4),
            "load_s": None if self.load_s is None else round(self.load_s, 3),
        }


@dataclass(frozen=True, slots=True)
class Expected:
    """The expected time of a clip is what earlier runs say of it.

    Attributes
    ----------
    making_s
        To make it, seconds.
    load_s
        And before that, where its model is not there yet; 0 where that is not known.
    """

    making_s: float
    load_s: float = 0.0


@dataclass(frozen=True)
class MachinePace:
    """The pace of this machine, by all runs that are kept, the oldest first."""

    runs: tuple[PaceRun, ...] = ()

    def with_runs(self, runs: Iterable[PaceRun]) -> Self:
        """Return the same with further runs; of each kind the oldest beyond ``MOST_RUNS`` are forgotten."""
        by_kind: dict[RunKind, deque[int]] = {}
        every = (*self.runs, *runs)
        for at, one in enumerate(every):
            # Taken out and put back: the kinds stand in the order of their last runs.
            places = by_kind.pop(one.kind, deque(maxlen=MOST_RUNS))
            places.append(at)
            by_kind[one.kind] = places
        kept = sorted(at for places in list(by_kind.values())[-MOST_KINDS:] for at in places)
        return type(self)(tuple(every[at] for at in kept))

    @cached_property
    def paces(self) -> tuple[Pace, ...]:
        """Return what the runs come to: a pace for each kind, in the order of their names and lengths."""
        kinds: dict[RunKind, list[PaceRun]] = {}
        for one in self.runs:
            kinds.setdefault(one.kind, []).append(one)
        return tuple(_pace_of(*kind, runs=kinds[kind]) for kind in sorted(kinds))

    def expected(self, generator: str, model: str, clip_s: float, n_clips: int = 1) -> Expected | None:
        """Return how long clips of so many seconds will take in one pass; None where nothing is known of that model.

        By the lengths that were made, on the device that was used last: between two of them along the line that joins
        them, beyond them along the last one; where only one is known, in proportion to it. Of another number of clips
        no more is promised than is known of the nearest one: more take as long as one after the other, fewer as all.
        """
        last = next((one for one in reversed(self.runs) if (one.generator, one.model) == (generator, model)), None)
        if last is None:
            return None
        known = [one for one in self.paces if (one.generator, one.model) == (generator, model)]
        known = [one for one in known if one.device == last.device]
        n_known = min((one.n_clips for one in known), key=lambda n: (abs(n - n_clips), n))
        known = [one for one in known if one.n_clips == n_known]
        loads_s = [one.load_s for one in known if one.load_s is not None]
        making_s = _along([(one.clip_s, one.making_s) for one in known], clip_s) * max(1.0, n_clips / n_known)
        return Expected(making_s, max(loads_s, default=0.0))

    def longest_within(
        self, generator: str, model: str, asked_s: float, *, least_s: float, limit_s: float
    ) -> float | None:
        """Return the longest clip, of whole seconds, that is made within a time.

        Parameters
        ----------
        asked_s, least_s
            The longest and the shortest that it may be; the longest need not be whole.
        limit_s
            Seconds for making it.

        Returns
        -------
        float or None
            ``asked_s`` where nothing is known of that model; None where the shortest takes too long.
        """
        for seconds in (asked_s, *_whole_below(asked_s, least_s)):
            expected = self.expected(generator, model, seconds)
            if expected is None or expected.making_s <= limit_s:
                return seconds
        return None


def _whole_below(asked_s: float, least_s: float) -> Iterator[float]:
    for seconds in range(math.ceil(asked_s) - 1, math.ceil(least_s) - 1, -1):
        yield float(seconds)


def _pace_of(generator: str, model: str, device: str, n_clips: int, length_s: int, *, runs: list[PaceRun]) -> Pace:
    from statistics import median  # every process imports this module, and one in a while needs this

    loads_s = [one.load_s for one in runs if one.load_s]
    return Pace(
        generator,
        model,
        device,
        n_clips,
        length_s,
        n=len(runs),
        clip_s=median(one.clip_s for one in runs),
        making_s=median(one.making_s for one in runs),
        usual=median(one.pace for one in runs),
        last=runs[-1].pace,
        load_s=median(loads_s) if loads_s else None,
    )


def _along(points: list[tuple[float, float]], clip_s: float) -> float:
    """Return the making time of a clip along the line through points (clip, making), seconds, that rise in the first.

    A longer clip never takes less: a point that lies lower than one before it is as high as that.
    """
    if len(points) == 1:
        ((known_s, making_s),) = points
        return making_s * clip_s / known_s
    clips_s = [one for one, _ in points]
    makings_s = list(itertools.accumulate((one for _, one in points), max))
    at = min(bisect_left(clips_s, clip_s, 1), len(points) - 1)
    slope = (makings_s[at] - makings_s[at - 1]) / (clips_s[at] - clips_s[at - 1])
    # From the nearer end, so that what is known of a length is what is expected of it.
    nearer = at if clip_s > clips_s[at - 1] else at - 1
    return max(0.0, makings_s[nearer] + slope * (clip_s - clips_s[nearer]))
