# SPDX-License-Identifier: GPL-3.0-or-later
"""The dropout detector finds where a recording leaves the tape it was played from, exact to the sample.

Both are float32 of shape ``(n_samples, n_channels)`` at one rate. A sound server's monitor gives what it was given bit
for bit, so nothing is tolerated: a sample that is not the tape's is a fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.values import FloatArray

Kind = Literal["dropped", "repeated", "silence", "zeroed", "changed"]
_Keys = npt.NDArray[np.uint64]
_Bits = npt.NDArray[np.uint64]

WINDOW_SAMPLES = 16
"""Number of samples in a stretch that is recognised by its values."""
PROBES = 400
SURE_SAMPLES = (1024, 128, WINDOW_SAMPLES)
"""Number of samples for which recording and tape must agree after a fault; fewer where faults lie closer together."""

_FIRST_REACH_SAMPLES = 1 << 13
_NEAR_SAMPLES = 1 << 14
"""Number of samples (0.4 s) by which faults may move a recording before it counts as another turn of the loop."""
_CHUNK_SAMPLES = 1 << 20


class NotOnTape(ValueError):
    """Nothing of the recording is on the tape."""


@dataclass(frozen=True, slots=True)
class Dropout:
    """A dropout is a place where the recording is not the tape.

    Attributes
    ----------
    kind
        ``dropped``: samples of the tape are missing. ``repeated``: samples are played again. ``silence``: zeros were
        put in, nothing is missing. ``zeroed``: zeros stand where samples should. ``changed``: other samples do.
    at_samples, tape_samples
        First sample that differs, in the recording and on the tape. Where a sample's neighbours equal it, which one of
        them was dropped or repeated nobody can tell: then it is the last.
    n_heard, n_on_tape
        Lengths of what was heard and of what the tape has in its place.
    """

    kind: Kind
    at_samples: int
    tape_samples: int
    n_heard: int
    n_on_tape: int


@dataclass(frozen=True, slots=True)
class Followed:
    """A recording that was followed beside its tape.

    Attributes
    ----------
    first_samples, first_tape_samples
        Where the comparison began; before it one of them has nothing.
    n_samples
        Of the recording that were compared: all that both have.
    """

    dropouts: tuple[Dropout, ...]
    first_samples: int
    first_tape_samples: int
    n_samples: int


def follow(recording: FloatArray, tape: FloatArray) -> Followed:
    """Compare all that both have, from the first to the last sample. Raises NotOnTape.

    Where the tape repeats itself the recording is laid where most of it lies on the tape.
    """
    heard, wanted = _bits(recording), _bits(tape)
    i, j = _start(heard, wanted)
    first, first_tape = i, j
    found: list[Dropout] = []
    while True:
        n = min(len(heard) - i, len(wanted) - j)
        same = _agreement(heard[i : i + n], wanted[j : j + n])
        i, j = i + same, j + same
        if same == n:
            return Followed(tuple(found), first, first_tape, i - first)
        n_heard, n_on_tape = _rejoin(heard[i:], wanted[j:])
        kind = _kind(recording[i : i + n_heard], tape, j, n_on_tape)
        found.append(Dropout(kind, i, j, n_heard, n_on_tape))
        i, j = i + n_heard, j + n_on_tape


def follow_loop(recording: FloatArray, loop: FloatArray) -> Followed:
    """Compare a recording with a loop that is repeated for as long; positions count from a loop's start.

    Raises NotOnTape.
    """
    n_turns = -(-len(recording) // len(loop)) + 2
    return follow(recording, np.tile(loop, (n_turns, 1)))


def follow_itself(recording: FloatArray, n_loop_samples: int) -> Followed:
    """Compare each turn of a recording with the one before, where only the loop's length is known.

    For music that is nothing but one loop at one volume, at least two turns of it. A fault is told twice: as it comes
    and, one turn later, as the next turn differs from the faulty one. Raises NotOnTape.
    """
    return follow(recording[n_loop_samples:], recording[: len(recording) - n_loop_samples])


# --- alignment --------------------------------------------------------------------------------------------------------


def _bits(samples: FloatArray) -> _Bits:
    """Return each sample (of its one or two channels) as one number; -0 is 0."""
    whole = np.ascontiguousarray(samples, dtype=np.float32) + np.float32(0.0)
    bits: _Bits = whole.view({1: np.uint32, 2: np.uint64}[samples.shape[1]])[:, 0].astype(np.uint64, copy=False)
    return bits


def _keys(bits: _Bits) -> _Keys:
    """Return a number for every window of ``WINDOW_SAMPLES``, 0 for constant ones; ``(n - WINDOW_SAMPLES + 1,)``."""
    n = max(len(bits) - WINDOW_SAMPLES + 1, 0)
    keys: _Keys = np.zeros(n, dtype=np.uint64)
    plain = np.ones(n, dtype=bool)
    for ahead in range(WINDOW_SAMPLES):
        part = bits[ahead : ahead + n]
        keys = (keys ^ part) * np.uint64(0x9E3779B97F4A7C15)
        keys ^= keys >> np.uint64(29)
        plain &= part == bits[:n]
    keys[plain] = 0
    return keys


def _agreement(one: _Bits, other: _Bits) -> int:
    """Return how many samples are the same from the start."""
    done, step = 0, 1 << 12
    while done < len(one):
        differ = one[done : done + step] != other[done : done + step]
        if differ.any():
            return done + int(differ.argmax())
        done, step = min(done + step, len(one)), min(4 * step, 1 << 22)
    return done


def _start(heard: _Bits, wanted: _Bits) -> tuple[int, int]:
    """Return the first sample that both have, in each, by the votes of windows from all over the recording."""
    places = np.unique(np.linspace(0, max(len(heard) - WINDOW_SAMPLES, 0), PROBES, dtype=np.int64))
    probes = np.array([next(iter(_keys(heard[at : at + WINDOW_SAMPLES])), 0) for at in places], dtype=np.uint64)
    places = places[np.argsort(probes, kind="stable")]
    probes = np.sort(probes)
    found: list[npt.NDArray[np.int64]] = [np.zeros((0, 2), dtype=np.int64)]
    for begin in range(0, len(wanted), _CHUNK_SAMPLES):
        keys = _keys(wanted[begin : begin + _CHUNK_SAMPLES + WINDOW_SAMPLES - 1])
        nearest = np.minimum(np.searchsorted(probes, keys), len(probes) - 1)
        here = np.flatnonzero((probes[nearest] == keys) & (keys != 0))
        found.append(np.stack([here + begin - places[nearest[here]], places[nearest[here]]], axis=1))
    votes = np.concatenate(found)
    if not len(votes):
        raise NotOnTape(f"of {len(heard)} samples recorded none are among the {len(wanted)} on the tape")
    votes = votes[np.argsort(votes[:, 0], kind="stable")]
    offsets = votes[:, 0]
    # Faults move it: what lies near counts too.
    near = np.searchsorted(offsets, offsets + _NEAR_SAMPLES) - np.searchsorted(offsets, offsets - _NEAR_SAMPLES)
    close = votes[np.abs(offsets - offsets[near.argmax()]) <= _NEAR_SAMPLES]
    # Of those, the one that the recording begins with; a tone meets itself at each of its periods, but not for long.
    begin = int(close[:, 1].min())

    def lasts(offset: int) -> int:
        n = min(len(heard) - begin, len(wanted) - begin - offset)
        return _agreement(heard[begin : begin + n], wanted[begin + offset : begin + offset + n])

    offset = max((int(one) for one, place in close if place == begin), key=lasts)
    return max(0, -offset), max(0, offset)


def _rejoin(heard: _Bits, wanted: _Bits) -> tuple[int, int]:
    """Return the fewest samples to skip in each so that they agree again; all that is left, if they never do."""
    longest = max(len(heard), len(wanted))
    reach = _FIRST_REACH_SAMPLES
    while True:
        for sure in SURE_SAMPLES:
            if reach < longest and sure < SURE_SAMPLES[0]:
                # Rather a long agreement farther on than a short one here, which may be chance.
                continue
            found = _rejoin_within(heard[: reach + sure], wanted[: reach + sure], sure)
            if found is not None:
                return found
        if reach >= longest:
            return len(heard), len(wanted)
        reach *= 4


def _rejoin_within(heard: _Bits, wanted: _Bits, sure: int) -> tuple[int, int] | None:
    keys, tape_keys = _keys(heard), _keys(wanted)
    order = np.argsort(tape_keys, kind="stable")
    ordered = tape_keys[order]
    at = np.searchsorted(ordered, keys)
    at[at == len(ordered)] = 0
    if not len(ordered):
        return None
    known = (ordered[at] == keys) & (keys != 0)
    # Of each window heard, the first place on the tape with the same values, and its own place.
    a = np.flatnonzero(known)
    b = order[at[known]]
    n = min(len(keys), len(tape_keys))
    straight = np.flatnonzero((keys[:n] == tape_keys[:n]) & (keys[:n] != 0))
    a, b = np.concatenate([straight, a]), np.concatenate([straight, b])
    cost = np.maximum(a, b) * 2 + (a != b)
    tried: set[tuple[int, int]] = set()
    for one in np.argsort(cost, kind="stable").tolist():
        i, j = int(a[one]), int(b[one])
        before = (i - 1, j - 1) in tried
        tried.add((i, j))
        if before:
            continue
        length = min(sure, len(heard) - i, len(wanted) - j)
        if _agreement(heard[i : i + length], wanted[j : j + length]) == length:
            while i and j and heard[i - 1] == wanted[j - 1]:
                i, j = i - 1, j - 1
            return i, j
    return None


def _kind(put_in: FloatArray, tape: FloatArray, j: int, n_on_tape: int) -> Kind:
    n = len(put_in)
    if not n:
        return "dropped"
    if n_on_tape == 0 and n <= j and np.array_equal(put_in, tape[j - n : j]):
        return "repeated"
    if put_in.any():
        return "changed"
    return "zeroed" if n_on_tape else "silence"
