# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of latencies is JSON with the round trip that was measured between each output and input."""

from __future__ import annotations

import json
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from engine.errors import CannotRead, cannot_write
from engine.library.atomic import write_bytes
from engine.library.locking import alone_in
from engine.values.checked import Fields
from engine.values.inputs import RoundTrip

FORMAT = 1
MAX_BYTES = 1 << 20
MOST_PAIRS = 200
"""Number of pairs of devices that are kept; the oldest goes."""
_LOCK_S = 2.0
_MOST_S, _MOST_ROUNDS = 10.0, 1000


@dataclass(frozen=True, slots=True)
class DevicePair:
    """A pair of devices, by names, at the latencies that were asked for: others have another round trip.

    Attributes
    ----------
    output, input_
        As PortAudio names them.
    output_ms, input_ms
        Asked for, milliseconds.
    """

    output: str
    input_: str
    output_ms: int
    input_ms: int


@dataclass(frozen=True, slots=True)
class KeptTrip:
    """A round trip as it is kept: between these devices, measured on that day (as 2026-12-01)."""

    pair: DevicePair
    trip: RoundTrip
    day: str

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        pair, trip = self.pair, self.trip
        return {
            "output": pair.output,
            "input": pair.input_,
            "output_ms": pair.output_ms,
            "input_ms": pair.input_ms,
            "latency_ms": round(1000.0 * trip.latency_s, 4),
            "late_ms": round(1000.0 * trip.late_s, 4),
            "spread_ms": round(1000.0 * trip.spread_s, 4),
            "rounds": trip.n_rounds,
            "day": self.day,
        }

    @classmethod
    def from_fields(cls, data: Fields) -> Self:
        """Return the inverse of ``as_dict``. Raises ValueError."""
        most_ms = 1000.0 * _MOST_S
        output_ms, input_ms = (data.whole(name, 0, round(most_ms)) for name in ("output_ms", "input_ms"))
        latency_ms, late_ms = (data.number(name, -most_ms, most_ms) for name in ("latency_ms", "late_ms"))
        spread_ms = data.number("spread_ms", 0.0, most_ms)
        latency_s, late_s, spread_s = (round(one / 1000.0, 9) for one in (latency_ms, late_ms, spread_ms))
        trip = RoundTrip(latency_s, late_s, spread_s, data.whole("rounds", 0, _MOST_ROUNDS))
        pair = DevicePair(data.text("output"), data.text("input"), output_ms, input_ms)
        return cls(pair, trip, data.text("day"))


def kept_trips(path: Path) -> tuple[KeptTrip, ...]:
    """Return what the file holds, the latest last; nothing where there is none, or it is damaged."""
    try:
        return _read(path)
    except (OSError, ValueError, RecursionError):
        return ()


def trip_between(path: Path, pair: DevicePair) -> RoundTrip | None:
    """Return the round trip that was measured last between these devices; None where none was."""
    return next((one.trip for one in reversed(kept_trips(path)) if one.pair == pair), None)


def keep_trip(path: Path, kept: KeptTrip) -> None:
    """Keep a round trip in the place of an earlier one of the pair. Raises CannotRead, CannotWrite."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        with alone_in(path.parent, _LOCK_S):
            others = [one for one in kept_trips(path) if one.pair != kept.pair]
            _write(path, [*others, kept][-MOST_PAIRS:])
    except OSError as error:
        raise CannotRead(path=str(path), detail=error.strerror or str(error)) from error


def _write(path: Path, trips: Sequence[KeptTrip]) -> None:
    content = {"format": FORMAT, "pairs": [one.as_dict() for one in trips]}
    write_bytes(path, json.dumps(content, indent=1, allow_nan=False).encode())


def _read(path: Path) -> tuple[KeptTrip, ...]:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        raise ValueError("it is no file of latencies")
    fields = Fields.of(json.loads(path.read_bytes()))
    fields.whole("format", FORMAT, FORMAT)
    return tuple(KeptTrip.from_fields(one) for one in fields.parts("pairs"))
