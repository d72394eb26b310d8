# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded stems are the files of a jam's layers beside the file of its mix: each as long, from the same first sample.

Their sum is the mix before what is done to all of it: its effects, the volume and the limiter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import StudioError, cannot_write
from engine.recording.recorded_mix import RecordedMix
from engine.recording.recorder import ENDING, FlacRecorder
from engine.shared import SharedBlock
from engine.stem_tape import StemTape
from engine.tape import TAPE_CHANNELS
from engine.values import Lead
from engine.values.jam import LayerName

_PIECE_FRAMES = 1 << 16
_SUFFIX = " stems"


@dataclass(frozen=True, eq=False, slots=True)
class StemPlan:
    """A plan says from which memory stems are recorded, and into which folder, which is made with the first of them."""

    block: SharedBlock
    folder: Path


def stems_folder(path: str) -> Path:
    """Return the folder of the stems of a recording."""
    whole = Path(path)
    return whole.with_name(whole.stem + _SUFFIX)


@dataclass(eq=False, slots=True)
class _Stem:
    recorder: FlacRecorder
    mix: RecordedMix


class RecordedStems:
    """The stems of a recording. A layer's file begins as it sounds first, with the silence before.

    Parameters
    ----------
    first
        The frame of the tape's kept sound with which the recording begins.
    tell
        Takes the error for which a stem ended; the others go on.
    """

    def __init__(self, plan: StemPlan, sample_rate: int, first: int, tell: Callable[[StudioError], None]) -> None:
        self._plan, self._sample_rate, self._first, self._tell = plan, sample_rate, first, tell
        self._tape = StemTape(plan.block)
        self._stems: dict[LayerName, _Stem | None] = {}
        self._n_taken = 0

    def take(self, first: int, n_frames: int, leads: Sequence[Lead]) -> None:
        """Take the next frames, which are those of the tape from ``first`` on."""
        for layer in LayerName:
            if layer in self._stems and self._stems[layer] is None:
                continue
            frames = self._tape.read(layer, first, first + n_frames)
            np.nan_to_num(frames, copy=False, posinf=0.0, neginf=0.0)
            try:
                if layer not in self._stems and frames.any():
                    self._stems[layer] = self._begin(layer)
                stem = self._stems.get(layer)
                if stem is not None:
                    stem.recorder.write(frames)
                    stem.mix.note(_of(layer, leads))
            except StudioError as error:
                self._stems[layer] = None
                self._tell(error)
        self._n_taken += n_frames

    def close(self, leads: Sequence[Lead]) -> None:
        """Finish the files."""
        for layer, stem in self._stems.items():
            if stem is None:
                continue
            stem.mix.note(_of(layer, leads))
            stem.mix.say()
            try:
                stem.recorder.close()
            except StudioError as error:
                self._tell(error)
        self._stems.clear()

    def _begin(self, layer: LayerName) -> _Stem:
        folder = self._plan.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(folder, error) from error
        recorder = FlacRecorder(folder / f"{layer}{ENDING}", self._sample_rate, TAPE_CHANNELS)
        silence = np.zeros((_PIECE_FRAMES, TAPE_CHANNELS), dtype=np.float32)
        for done in range(0, self._n_taken, _PIECE_FRAMES):
            recorder.write(silence[: self._n_taken - done])
        return _Stem(recorder, RecordedMix(recorder, self._first))


def _of(layer: LayerName, leads: Sequence[Lead]) -> list[Lead]:
    return [lead for lead in leads if lead.layer == layer]
