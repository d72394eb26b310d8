# SPDX-License-Identifier: GPL-3.0-or-later
"""The session renders into a file that appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.generators.jobs import GenerateJob
from engine.library.audiofile import read_clip
from engine.session.file_rendering import render_file
from engine.session.options import StudioOptions
from engine.values import ClipResult
from tests.engine.session.composing import made

RATE = 44_100
OPTIONS = StudioOptions(prompt="lofi, 85 bpm", duration_s=8.0, min_play_s=10.0)


def make(job: GenerateJob) -> ClipResult:
    return made(job.request)


def test_the_same_session_renders_into_a_file(tmp_path: Path) -> None:
    file = tmp_path / "music.wav"
    loops: list[int] = []
    fractions = list(
        render_file(OPTIONS, str(file), n_samples=20 * RATE, make=make, on_made=lambda one: loops.append(one.loop_id))
    )
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    clip = read_clip(file)
    assert (clip.n_samples, clip.n_channels, clip.sample_rate) == (20 * RATE, 2, RATE)
    assert np.abs(clip.samples).max() > 0.05
    assert len(loops) >= 1


def test_of_what_is_closed_before_its_end_no_file_is_left(tmp_path: Path) -> None:
    music = render_file(OPTIONS, str(tmp_path / "music.flac"), n_samples=600 * RATE, make=make)
    next(music)
    assert list(tmp_path.iterdir()), "it is being written"
    music.close()
    assert list(tmp_path.iterdir()) == []
