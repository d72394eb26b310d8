# SPDX-License-Identifier: GPL-3.0-or-later
"""Long sounds are searched on disk as in memory, within bounded memory, with progress that can end the search."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.dsp import features
from engine.errors import Cancelled
from engine.library import soundfiles
from engine.library.soundfiles import open_sound
from engine.loops import find_loops
from engine.values import Clip, FloatArray, LoopFindings, LoopSearch
from tests.engine.loops import material

RATE = 22_050
MAX_MEMORY_MIB = 800
"""MiB of memory for ten minutes of stereo at 48 kHz; hours take hardly more, as their waves are thinned further."""


def _same(one: LoopFindings, other: LoopFindings) -> None:
    assert [each.region for each in other.candidates] == [each.region for each in one.candidates]
    for before, after in zip(one.candidates, other.candidates, strict=True):
        assert after.score == pytest.approx(before.score, abs=1e-3)
        assert after.metrics.as_dict() == pytest.approx(before.metrics.as_dict(), abs=1e-3)
    assert other.facts == one.facts
    assert one.proof is not None
    assert other.proof is not None
    assert other.proof.onset == pytest.approx(one.proof.onset, abs=1e-2)


def _song(duration_s: float, sample_rate: int = RATE) -> FloatArray:
    """Return bars that come again every eight seconds, and exactly every sixteen, amid speech, ``(n_samples, 2)``."""
    groove = material.groove(sample_rate, 120.0, n_bars=8).samples
    n = round(duration_s * sample_rate)
    speech = material.babble(sample_rate, duration_s).samples[:n, 0]
    out = np.stack([speech, np.roll(speech, 9)], axis=1)
    for repeat in range(3):
        at = n // 5 + repeat * len(groove)
        out[at : at + len(groove)] = groove[: n - at]
    return out


@pytest.mark.soak
@pytest.mark.parametrize("subtype", ["FLOAT", "PCM_24"])
def test_a_sound_on_disk_gives_what_a_clip_gives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, subtype: str) -> None:
    path = tmp_path / ("sound.wav" if subtype == "FLOAT" else "sound.flac")
    soundfile.write(path, _song(100.0), RATE, subtype=subtype)
    with open_sound(path) as sound:
        clip = Clip(sound.read(0, sound.n_samples), RATE)
    in_memory = find_loops(clip)
    assert in_memory.best.region.n_samples % (8 * RATE) == 0
    _same(in_memory, find_loops(path))
    # Sought piece by piece, and the waves at the analysis rate no longer held.
    monkeypatch.setattr(soundfiles, "MEMORY_BYTES", 1 << 16)
    monkeypatch.setattr(features, "_HELD_SAMPLES", 0)
    _same(in_memory, find_loops(path))


def test_what_cannot_be_sought_is_decoded_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "sound.ogg"
    soundfile.write(path, material.groove(RATE, 120.0, n_bars=9).samples, RATE, format="OGG", subtype="VORBIS")
    one = find_loops(path)
    monkeypatch.setattr(soundfiles, "MEMORY_BYTES", 1 << 16)
    _same(one, find_loops(path))


@pytest.mark.soak
def test_ten_minutes_in_bounded_memory(tmp_path: Path) -> None:
    rate = 48_000
    song = _song(600.0, rate)
    path = tmp_path / "long.flac"
    with soundfile.SoundFile(path, "w", rate, 2, "PCM_16") as file:
        for at in range(0, len(song), rate):
            file.write(song[at : at + rate])
    whole, _ = soundfile.read(path, dtype="float32")
    clip = Clip(whole, rate)
    command = [sys.executable, "-W", "error", "-m", "tests.engine.loops.searching", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    best = find_loops(clip).best
    assert best.region.n_samples % (8 * rate) == 0
    (start, end, score), *_ = told["regions"]
    assert (start, end) == (best.region.loop_start, best.region.loop_end)
    assert score == pytest.approx(best.score, abs=5e-3)
    assert told["peak_mib"] < MAX_MEMORY_MIB


def test_progress_is_monotone_and_ends_at_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_SEGMENT_S", 0.75)
    told: list[float] = []
    find_loops(Clip(_song(60.0), RATE), progress=told.append)
    assert len(told) > 20
    assert told == sorted(told)
    assert told[0] > 0.0
    assert told[-1] == 1.0


@pytest.mark.parametrize("after", [1, 5])
def test_what_progress_raises_ends_the_search(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """An error raised by the progress callback ends the search soon, with its threads."""
    monkeypatch.setattr(features, "_SEGMENT_S", 0.75)
    clip = Clip(_song(60.0), RATE)
    n_heard = 0
    real = features.Listener.mel

    def counted(*arguments: object, **more: object) -> FloatArray:
        nonlocal n_heard
        n_heard += 1
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(features.Listener, "mel", counted)
    n_told = 0

    def stop(fraction: float) -> None:
        nonlocal n_told
        n_told += 1
        if n_told == after:
            time.sleep(0.5)  # as on a busy machine: what is heard beside it does not run away
            raise Cancelled

    before = set(threading.enumerate())
    with pytest.raises(Cancelled):
        find_loops(clip, LoopSearch(), stop)
    assert n_told == after
    assert set(threading.enumerate()) == before
    assert n_heard < 30  # of eighty segments
