# SPDX-License-Identifier: GPL-3.0-or-later
"""Features of true pieces are what is learnt from: as the studio hears them, with the truth, kept in a folder."""

from __future__ import annotations

import io
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from engine.dsp.features import Listener
from engine.dsp.keynames import key_name, tonic_name
from engine.errors import StudioError
from engine.library.atomic import write_bytes
from engine.listening.harmony import N_CHORDS, Chords
from tests.benchmarks.heardcases.corpus import PieceName, piece
from tests.benchmarks.heardcases.pieces import TruePiece
from tests.benchmarks.loopcases.cases import DoubleArray

VERSION = 1
"""Version of the features, which changes where a piece of the same name would have others."""
LEAST_BEATS = 8
"""Number of beats that a piece must have to be learnt from."""

_CHORDS = {tonic_name(one % 12, is_minor=one >= 12) + ("m" if one >= 12 else ""): one for one in range(N_CHORDS)}
_KEYS = {key_name(one % 12, is_minor=one >= 12): one for one in range(24)}


@dataclass(frozen=True, eq=False, slots=True)
class Lesson:
    """A lesson is a piece as it is learnt from.

    Attributes
    ----------
    mel_db, chroma
        Of ``engine.dsp.features.Frames``, as float16.
    beats_s, end_s, downbeats
        Of ``TruePiece``.
    chords_s, chords
        When each chord begins, and its number as ``engine.listening.harmony`` counts; -1 is neither major nor minor.
    key
        The tonic from C, 12 more where it is minor.
    """

    mel_db: npt.NDArray[np.float16]
    chroma: npt.NDArray[np.float16]
    frames_per_s: float
    beats_s: DoubleArray
    end_s: float
    downbeats: npt.NDArray[np.intp]
    chords_s: DoubleArray
    chords: Chords
    key: int

    @classmethod
    def of(cls, true: TruePiece) -> Self:
        """Return the lesson of a piece."""
        heard = Listener(true.clip)
        return cls(
            mel_db=heard.whole.mel_db.astype(np.float16),
            chroma=heard.whole.chroma.astype(np.float16),
            frames_per_s=heard.sample_rate / heard.hop_length,
            beats_s=np.array(true.beats_s),
            end_s=true.end_s,
            downbeats=np.array(true.downbeats, dtype=np.intp),
            chords_s=np.array([time_s for time_s, _ in true.chords]),
            chords=np.array([-1 if name is None else _CHORDS[name] for _, name in true.chords], dtype=np.intp),
            key=_KEYS[true.key],
        )

    def chords_of_beats(self) -> Chords:
        """Return the chord of each beat."""
        numbers = np.searchsorted(self.chords_s, self.beats_s + 0.01, side="right") - 1
        return np.where(numbers >= 0, self.chords[np.maximum(numbers, 0)], -1)

    def edges(self) -> npt.NDArray[np.intp]:
        """Return the frames at which beats begin and the last one ends."""
        times_s = np.append(self.beats_s, self.end_s)
        return np.clip(np.round(times_s * self.frames_per_s), 0, len(self.chroma)).astype(np.intp)


def lessons(names: Sequence[PieceName], folder: Path, n_processes: int) -> Iterator[tuple[PieceName, Lesson]]:
    """Yield pieces with their lessons, made where ``folder`` has them not yet.

    What cannot be made is told and left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if n_processes == 1:
        yield from _told(zip(names, map(partial(_keep, folder), names), strict=True), folder)
        return
    with ProcessPoolExecutor(n_processes, multiprocessing.get_context("spawn")) as pool:
        yield from _told(zip(names, pool.map(partial(_keep, folder), names, chunksize=4), strict=True), folder)


def _told(made: Iterable[tuple[PieceName, str]], folder: Path) -> Iterator[tuple[PieceName, Lesson]]:
    for name, problem in made:
        if problem:
            print(f"{name} is left out: {problem}", flush=True)
            continue
        lesson = _read(_path(folder, name))
        if len(lesson.beats_s) >= LEAST_BEATS:
            yield name, lesson


def _keep(folder: Path, name: PieceName) -> str:
    """Make the lesson of a piece where it is missing; return what is in the way, or ""."""
    path = _path(folder, name)
    if path.exists():
        return ""
    try:
        lesson = Lesson.of(piece(name))
    except StudioError as problem:
        return str(problem)
    save_arrays(path, {one.name: np.asarray(getattr(lesson, one.name)) for one in fields(Lesson)})
    return ""


def _path(folder: Path, name: PieceName) -> Path:
    return folder / f"{name}-v{VERSION}.npz"


def _read(path: Path) -> Lesson:
    with np.load(path) as arrays:
        kept: dict[str, Any] = dict(arrays)
    numbers = {"frames_per_s": float(kept["frames_per_s"]), "end_s": float(kept["end_s"]), "key": int(kept["key"])}
    return Lesson(**(kept | numbers))


def save_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays by their names in a file's place, all or nothing."""
    told = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez_compressed(told, **named)
    write_bytes(path, told.getvalue())
