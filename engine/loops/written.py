# SPDX-License-Identifier: GPL-3.0-or-later
"""A written file is decoded again: its samples are counted, its loop tags read, and its seam is proved as it sounds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.dsp.seam import Seam, fit_rate
from engine.errors import BadClip
from engine.library.looptags import read_loop_tags
from engine.library.soundfiles import AudioFile, open_sound
from engine.loops.finder import score_region, score_seam
from engine.loops.heard import jumps_at
from engine.values import (
    BakedLoop,
    Clip,
    FileShape,
    FloatArray,
    LoopCandidate,
    LoopRegion,
    MusicFacts,
    SeamProof,
    WrittenFile,
)

AROUND_S = 5.0
"""Seconds of a file before and after the turn whose seam is proved that are listened to with it."""


class WrittenSeam(Seam):
    """A written seam reads the loop from what was decoded of a file; all else is as it was rendered."""

    def __init__(self, seam: Seam, samples: FloatArray) -> None:
        self.__dict__.update(seam.__dict__)
        self._samples = samples

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``[first, first + n_samples)`` of the loop, all of them within it."""
        return self._samples[first : first + n_samples]


def prove_written(
    path: Path,
    shape: FileShape,
    seam: Seam,
    facts: MusicFacts,
    *,
    gain: float = 1.0,
    left_out: tuple[str, ...] = (),
) -> WrittenFile:
    """Decode a file and return what is in it, beside what should be.

    What is decoded of the turn around the seam is held against the music that it was made of, as the seam in the studio
    is; a turn that another rate made longer or shorter by a sample is heard as other programs repeat it.

    Parameters
    ----------
    seam
        By which the file was made.
    gain
        Linear, of all samples of the file.

    Raises
    ------
    FileMissing, CannotRead, NotAudio, DamagedSound
        The file is not what was written.
    """
    with open_sound(path, whole=True) as sound:
        tagged = read_loop_tags(path, n_samples=sound.n_samples)
        are_tags_right = tagged == (() if shape.tagged is None else (shape.tagged,))
        n_samples, region = sound.n_samples, shape.proved
        found = None
        if region is not None and region.loop_end <= n_samples:
            try:
                found = _heard(sound, region, seam, facts, gain)
            except BadClip:  # silence, or a blink: nothing is heard of its seam
                found = None
    if found is None:
        return WrittenFile(str(path), shape, n_samples, are_tags_right, left_out=left_out)
    candidate, proof = found
    return WrittenFile(str(path), shape, n_samples, are_tags_right, proof, jumps_at(candidate, proof), left_out)


def _heard(
    sound: AudioFile, region: LoopRegion, seam: Seam, facts: MusicFacts, gain: float
) -> tuple[LoopCandidate, SeamProof]:
    known = MusicFacts(tempo_bpm=facts.tempo_bpm, beats_per_bar=facts.beats_per_bar)
    turn = sound.read(region.loop_start, region.n_samples) / np.float32(max(gain, 1e-9))
    if sound.sample_rate != seam.sound.sample_rate:
        written = BakedLoop(turn, sound.sample_rate, LoopRegion(0, len(turn)), 0, 0.0)
        turn = fit_rate(written, seam.sound.sample_rate).samples
    if len(turn) == seam.n_samples:
        return score_seam(WrittenSeam(seam, turn), known)
    around = round(AROUND_S * sound.sample_rate)
    first, last = max(0, region.loop_start - around), min(sound.n_samples, region.loop_end + around)
    heard = Clip(sound.read(first, last - first).copy(), sound.sample_rate)
    return score_region(heard, LoopRegion(region.loop_start - first, region.loop_end - first), known, 0.0)
