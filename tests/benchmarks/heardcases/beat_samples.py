# SPDX-License-Identifier: GPL-3.0-or-later
"""Beats are learnt from samples of pieces, each time heard otherwise: faster or slower, brighter, in more noise."""

from __future__ import annotations

import numpy as np

from engine.dsp.banks import N_MELS
from engine.dsp.features import FLOOR_DB
from engine.listening.beat_network import beat_features
from engine.values import FloatArray
from tests.benchmarks.heardcases.features import Lesson

CROP_FRAMES = 1536
"""Number of frames that are learnt from at once; shorter pieces are filled up, and not judged there."""
NEAR_FRAMES = 1.1
"""Standard deviation of the bump, in frames, by which a beat is marked."""

_STRETCH = 0.25  # natural logarithm
_TILT_DB = 10.0
_WIDTH = 3


def heard_otherwise(mel_db: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, float]:
    """Return the bands as other music, rooms and levels might have them, and how much longer it lasts."""
    stretch = 1.0
    if rng.random() < 0.7:
        stretch = float(np.exp(rng.uniform(-_STRETCH, _STRETCH)))
        n = len(mel_db)
        at = np.linspace(0.0, n - 1.0, round(n * stretch))
        before = np.minimum(at.astype(np.intp), n - 2)
        part = (at - before)[:, None].astype(np.float32)
        mel_db = mel_db[before] * (1.0 - part) + mel_db[before + 1] * part
        stretch = len(mel_db) / n
    tilt_db = np.interp(np.arange(N_MELS), np.linspace(0, N_MELS - 1, 5), rng.uniform(-_TILT_DB, _TILT_DB, 5))
    mel_db = mel_db + tilt_db.astype(np.float32)
    mel_db = np.maximum(mel_db - mel_db.max(), np.float32(FLOOR_DB))
    if rng.random() < 0.4:
        mel_db = np.maximum(mel_db, np.float32(-rng.uniform(20.0, -FLOOR_DB)))
    if rng.random() < 0.2:
        mel_db = mel_db * np.float32(rng.uniform(0.6, 1.0))
    return mel_db, stretch


def targets(lesson: Lesson, n_frames: int, stretch: float, first: int) -> tuple[FloatArray, FloatArray]:
    """Return how much each frame is a beat, and a downbeat, ``(2, n_frames)``, and which frames count ``(n_frames,)``.

    The frames are those from ``first`` on of a piece that lasts ``stretch`` times as long.
    """
    marks = np.zeros((2, n_frames), dtype=np.float32)
    places = lesson.beats_s * lesson.frames_per_s * stretch - first
    firsts = set(lesson.downbeats.tolist())
    for number, place in enumerate(places):
        near = np.arange(round(place) - _WIDTH, round(place) + _WIDTH + 1)
        near = near[(near >= 0) & (near < n_frames)]
        bump = np.exp(-0.5 * ((near - place) / NEAR_FRAMES) ** 2)
        for row in (0, 1) if number in firsts else (0,):
            marks[row, near] = np.maximum(marks[row, near], bump)
    last = round(lesson.end_s * lesson.frames_per_s * stretch) - first
    counts = (np.arange(n_frames) < last).astype(np.float32)
    return marks, counts


def sample(lesson: Lesson, rng: np.random.Generator | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return features, targets and which frames count, of ``CROP_FRAMES``; as it is, and its start, without ``rng``."""
    mel_db, stretch, first = lesson.mel_db.astype(np.float32), 1.0, 0
    if rng is not None:
        mel_db, stretch = heard_otherwise(mel_db, rng)
        first = int(rng.integers(max(1, len(mel_db) - CROP_FRAMES)))
    mel_db = mel_db[first : first + CROP_FRAMES]
    marks, counts = targets(lesson, len(mel_db), stretch, first)
    missing = CROP_FRAMES - len(mel_db)
    features = np.pad(beat_features(mel_db).T, ((0, 0), (0, missing)))
    return features, np.pad(marks, ((0, 0), (0, missing))), np.pad(counts, (0, missing))
