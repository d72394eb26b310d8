# SPDX-License-Identifier: GPL-3.0-or-later
"""An open recording is a file that grows, with what it says of its loops, and the stems of a jam beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.errors import StudioError
from engine.recording.opus import ENDING as OPUS
from engine.recording.opus import OpusRecorder
from engine.recording.recorded_mix import RecordedMix
from engine.recording.recorded_stems import RecordedStems, StemPlan
from engine.recording.recorder import FlacRecorder, Recorder
from engine.tape import TAPE_CHANNELS
from engine.values import FloatArray, Lead


class OpenRecording:
    """An open recording takes what is played, for one thread.

    Parameters
    ----------
    path
        Its ending chooses the format.
    stems
        The plan of the stems beside it; None where there are none.
    first
        The frame of the tape's kept sound with which it begins.
    tell
        Takes the error for which a stem ended; the recording goes on.

    Raises
    ------
    WrongEnding, CannotWrite
    """

    def __init__(
        self, path: str, stems: StemPlan | None, sample_rate: int, first: int, tell: Callable[[StudioError], None]
    ) -> None:
        self._recorder: Recorder
        if path.lower().endswith(OPUS):
            self._recorder = OpusRecorder(path, sample_rate, TAPE_CHANNELS)
        else:
            self._recorder = FlacRecorder(path, sample_rate, TAPE_CHANNELS)
        self._mix = RecordedMix(self._recorder, first)
        self._stems = None if stems is None else RecordedStems(stems, sample_rate, first, tell)

    @property
    def path(self) -> str:
        return self._recorder.path

    @property
    def duration_s(self) -> float:
        return self._recorder.duration_s

    def take(self, first: int, frames: FloatArray, leads: Sequence[Lead]) -> None:
        """Take the next frames, the tape's from ``first`` on. Raises CannotWrite: it has ended then."""
        if self._stems is not None:
            self._stems.take(first, len(frames), leads)
        try:
            self._recorder.write(frames)
        except StudioError:
            self._close_stems(leads)
            raise
        self._mix.note(leads)

    def close(self, leads: Sequence[Lead]) -> None:
        """Finish the files. Raises CannotWrite."""
        self._close_stems(leads)
        self._mix.note(leads)
        self._mix.say()
        self._recorder.close()

    def _close_stems(self, leads: Sequence[Lead]) -> None:
        if self._stems is not None:
            self._stems.close(leads)
