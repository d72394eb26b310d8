# SPDX-License-Identifier: GPL-3.0-or-later
"""A guide holds the chords, and the beats of a recording, that a clip is to accompany."""

from __future__ import annotations

import bisect
import itertools
import math
import re
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from engine.errors import OutOfRange, WrongKind
from engine.values.checked import Fields
from engine.values.played import MAX_CHORD_CHARACTERS

NO_CHORD = "N.C."
"""Name of a chord that stands for none: only drums play there."""
MOST_GUIDED_BARS, MOST_GUIDED_BEATS = 1024, 8192
"""Largest numbers of bars and of beats in a guide."""
SHORTEST_BEAT_S, LONGEST_BEAT_S = 0.1, 10.0
"""Shortest and longest time from one beat to the next, seconds."""
CHORDS_WANTED = "one chord or more, as “Am | F C | G7”"
_HAIR_S = 1e-6
_METRE = re.compile(r"([1-9]|1[0-6])/(4|8)")
_LAST_BEAT = (0.5, 1.5)  # of the beat before it, if the clip's end is to be the next beat of the same music


@dataclass(frozen=True, slots=True)
class GuidedBar:
    """A bar of a recording: the number of its first beat, its beats, and beats missing before the first (a pick-up)."""

    first: int
    n_beats: int
    missing: int = 0


@dataclass(frozen=True, slots=True)
class GivenBeats:
    """The beats of a recording, as they were played or found.

    Attributes
    ----------
    times_s
        Seconds from the recording's start, each later than the one before; at least two.
    duration_s
        How long the recording lasts, and so the clip.
    metre
        As "3/4": its first figure says how many of these beats a bar has.
    downbeats
        Numbers of the beats, from 0, on which bars begin; none where every bar is whole, from the first beat on.
    """

    times_s: tuple[float, ...]
    duration_s: float
    metre: str = "4/4"
    downbeats: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        # What measured a recording tells numbers of its own kinds.
        object.__setattr__(self, "times_s", tuple(float(one) for one in self.times_s))
        object.__setattr__(self, "downbeats", tuple(int(one) for one in self.downbeats))
        object.__setattr__(self, "duration_s", float(self.duration_s))
        if not _METRE.fullmatch(self.metre):
            raise WrongKind(name="metre", value=self.metre, kind="beats of a bar and their unit, as 4/4, 3/4 or 6/8")
        if not 2 <= len(self.times_s) <= MOST_GUIDED_BEATS:
            raise OutOfRange(name="number of beats", value=len(self.times_s), low=2, high=MOST_GUIDED_BEATS)
        _check_number("beat 1", self.times_s[0], least=0.0)
        for number, (before, time_s) in enumerate(itertools.pairwise(self.times_s), 2):
            _check_number(f"beat {number}", time_s, least=before)
            # A file says times to its last digit, and the difference of two is a hair off.
            if not SHORTEST_BEAT_S - _HAIR_S <= time_s - before <= LONGEST_BEAT_S + _HAIR_S:
                low, high = f"{SHORTEST_BEAT_S:g} s", f"{LONGEST_BEAT_S:g} s"
                name = f"time from beat {number - 1} to beat {number}"
                raise OutOfRange(name=name, value=f"{time_s - before:g} s", low=low, high=high)
        _check_number("duration", self.duration_s, least=0.0)
        if self.times_s[-1] >= self.duration_s:
            kind = f"before the end at {self.duration_s:g} s"
            raise WrongKind(name=f"beat {len(self.times_s)}", value=f"{self.times_s[-1]:g} s", kind=kind)
        rising = all(one < other for one, other in itertools.pairwise(self.downbeats))
        if not rising or any(not 0 <= one < len(self.times_s) for one in self.downbeats):
            kind = f"numbers of beats from 0 to {len(self.times_s) - 1}, each higher than the one before"
            raise WrongKind(name="downbeats", value=", ".join(map(str, self.downbeats[:8])), kind=kind)

    @property
    def per_bar(self) -> int:
        """Return the number of beats of a whole bar."""
        return int(self.metre.partition("/")[0])

    @property
    def tempo_bpm(self) -> float:
        """Return the tempo of the median beat."""
        return 60.0 / statistics.median(after - one for one, after in itertools.pairwise(self.times_s))

    @property
    def end_s(self) -> float:
        """Return when the last beat ends: where the clip begins again, if that goes on with the beat."""
        last, before = self.times_s[-1], self.times_s[-2]
        on_s = self.duration_s + self.times_s[0] - last
        low, high = _LAST_BEAT
        return last + (on_s if low <= on_s / (last - before) <= high else last - before)

    def bars(self) -> tuple[GuidedBar, ...]:
        """Return the bars; of what is longer than a bar, each has as many beats as it can."""
        n, per = len(self.times_s), self.per_bar
        starts = self.downbeats or (0,)
        out: list[GuidedBar] = []
        if pickup := starts[0] % per:
            out.append(GuidedBar(0, pickup, per - pickup))
        edges = (*([pickup] if pickup < starts[0] else []), *starts, n)
        for start, end in itertools.pairwise(edges):
            out += [GuidedBar(first, min(per, end - first)) for first in range(start, end, per)]
        return tuple(out)

    def time_s(self, beat: float) -> float:
        """Return when a beat falls, also between two of them, before the first and after the last."""
        knots = (*self.times_s, self.end_s)
        at = min(max(0, math.floor(beat)), len(self.times_s) - 1)
        return knots[at] + (beat - at) * (knots[at + 1] - knots[at])

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "times_s": list(self.times_s),
            "duration_s": self.duration_s,
            "metre": self.metre,
            "downbeats": list(self.downbeats),
        }

    @classmethod
    def from_fields(cls, data: Fields) -> Self:
        """Return the inverse of ``as_dict``. Raises ValueError, UserError."""
        times_s = tuple(float(one) for one in data.numbers("times_s"))
        downbeats = tuple(int(one) for one in data.numbers("downbeats"))
        return cls(times_s, data.number("duration_s"), data.text("metre"), downbeats)


@dataclass(frozen=True, slots=True)
class GivenChord:
    """A chord sounds from ``at`` on, in bars from the first one (2.5 is the middle of the third), until the next.

    ``name`` reads "Am7" or "F/A", or is ``NO_CHORD``.
    """

    at: float
    name: str


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide says along with what a clip is played.

    Attributes
    ----------
    chords
        The first sounds from the start, whatever its place. None, beside beats, leave the harmony to the composer.
    bars
        How many bars they last; a clip without ``beats`` has them once or more, in whole turns.
    beats
        What the clip keeps to, to its length; None where the tempo is steady, and asked for or the style's.
    """

    chords: tuple[GivenChord, ...]
    bars: int
    beats: GivenBeats | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.bars <= MOST_GUIDED_BARS:
            raise OutOfRange(name="number of bars of the chords", value=self.bars, low=1, high=MOST_GUIDED_BARS)
        if not self.chords and self.beats is None:
            raise WrongKind(name="chords", value="", kind=CHORDS_WANTED)
        if self.beats is not None and len(self.beats.bars()) != self.bars:
            bars = len(self.beats.bars())
            raise OutOfRange(name="number of bars of the chords", value=self.bars, low=bars, high=bars)
        before = -1.0
        for one in self.chords:
            _check_number(f"place of the chord “{one.name}”", one.at, least=0.0)
            if not before < one.at < self.bars:
                kind = f"later than the one before, and within {self.bars} bars"
                raise WrongKind(name=f"place of the chord “{one.name}”", value=f"{one.at:g}", kind=kind)
            if not 1 <= len(one.name) <= MAX_CHORD_CHARACTERS:
                raise WrongKind(name="chord", value=one.name[:MAX_CHORD_CHARACTERS], kind="a name as “Am7” or “F/A”")
            before = one.at

    @classmethod
    def on_beats(cls, beats: GivenBeats, chords: Iterable[tuple[float, str]]) -> Self:
        """Return the guide of a recording whose chords begin at these seconds; each is moved to the nearest beat.

        Raises OutOfRange, WrongKind.
        """
        bars = beats.bars()
        firsts = [bar.first for bar in bars]
        middles = [(one + after) / 2.0 for one, after in itertools.pairwise(beats.times_s)]
        by_place: dict[float, str] = {}
        for time_s, name in sorted(chords):
            beat = bisect.bisect_right(middles, time_s)
            number = bisect.bisect_right(firsts, beat) - 1
            bar = bars[number]
            # Of two at one beat, the one that lasts.
            by_place[number + (bar.missing + beat - bar.first) / beats.per_bar] = name
        return cls(tuple(GivenChord(at, name) for at, name in by_place.items()), len(bars), beats)

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        beats = {"beats": self.beats.as_dict()} if self.beats is not None else {}
        return {"chords": [[one.at, one.name] for one in self.chords], "bars": self.bars, **beats}

    @classmethod
    def from_fields(cls, data: Fields) -> Self:
        """Return the inverse of ``as_dict``. Raises ValueError, UserError for what cannot be a guide."""
        chords = tuple(GivenChord(at, name) for at, name in data.placed("chords"))
        beats = GivenBeats.from_fields(data.part("beats")) if data.has("beats") else None
        return cls(chords, data.whole("bars", 1, MOST_GUIDED_BARS), beats)


def _check_number(name: str, value: float, *, least: float) -> None:
    if not math.isfinite(value) or value < least:
        raise WrongKind(name=name, value=f"{value:g}", kind=f"a number from {least:g} on")
