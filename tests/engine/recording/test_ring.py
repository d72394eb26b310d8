# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk ring keeps what was played, for any reader at any time."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.dsp.pcm import pack_pcm24, to_pcm24, unpack_pcm24
from engine.errors import CannotRead, CannotWrite
from engine.recording.ring import MARGIN_S, DiskRing, RingReader
from tests.descriptors import open_descriptors
from tests.engine.library.making import files_limited_to
from tests.engine.recording.played import frames, steps

SAMPLE_RATE = 100
KEPT_S = 20.0
N_KEPT = round(KEPT_S * SAMPLE_RATE)
N_RING = N_KEPT + round(MARGIN_S * SAMPLE_RATE)


@given(values=st.lists(st.floats(-1.5, 1.5, width=32), min_size=2, max_size=40).filter(lambda v: len(v) % 2 == 0))
def test_24_bits_there_and_back(values: list[float]) -> None:
    samples = np.array(values, dtype=np.float32).reshape(-1, 2)
    back = unpack_pcm24(pack_pcm24(samples).tobytes(), 2)
    assert back.shape == samples.shape
    assert np.array_equal(to_pcm24(back), to_pcm24(samples))
    held = np.clip(samples, -1.0, 1.0 - 2.0**-23)
    assert np.abs(back.astype(np.float64) - held).max() <= 2.0**-24


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.integers(0, 10**9),
    pieces=st.lists(st.integers(0, 300) | st.integers(0, 2 * N_RING), max_size=12),
    missed=st.integers(0, 11),
)
def test_what_is_kept_is_what_was_played(tmp_path: Path, first: int, pieces: list[int], missed: int) -> None:
    ring = DiskRing(tmp_path, SAMPLE_RATE, kept_s=KEPT_S)
    with RingReader(ring.path) as reader:
        begun = frame = first
        for number, piece in enumerate(pieces):
            if number == missed:
                frame += 17
                begun = frame
            ring.write(frame, frames(frame, frame + piece))
            frame += piece
        if pieces:
            kept = ring.span
            assert kept == (max(begun, frame - N_KEPT), frame)
            assert np.array_equal(steps(reader.read(*kept)), steps(frames(*kept)))
            assert reader.oldest == max(begun, frame - N_RING)
            for gone in ((reader.oldest - 1, frame), (kept[0], frame + 1)):
                with pytest.raises(CannotRead, match="overwritten"):
                    reader.read(*gone)
    assert reader.sample_rate == SAMPLE_RATE
    ring.close()
    ring.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.soak
def test_read_while_it_is_written(tmp_path: Path) -> None:
    ring = DiskRing(tmp_path, SAMPLE_RATE, kept_s=KEPT_S)
    ring.write(0, frames(0, N_RING))
    ended = threading.Event()

    def write_on() -> None:
        while not ended.is_set():
            end = ring.span[1]
            ring.write(end, frames(end, end + 700))

    n_whole = n_overwritten = 0
    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        with RingReader(ring.path) as reader:
            while min(n_whole, n_overwritten) < 50:
                first = reader.oldest + (n_whole % 3) * 100
                try:
                    found = reader.read(first, first + 1000)
                except CannotRead:
                    n_overwritten += 1
                else:
                    assert np.array_equal(steps(found), steps(frames(first, first + 1000)))
                    n_whole += 1
    finally:
        ended.set()
        writer.join()
        ring.close()


def test_what_a_killed_studio_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, signal, sys; from engine.recording.ring import DiskRing;"
        "DiskRing(pathlib.Path(sys.argv[1]), 100, kept_s=1.0); os.kill(os.getpid(), signal.SIGKILL)"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(words, cwd=Path(__file__).parents[3], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (left,) = tmp_path.iterdir()
    theirs = tmp_path / "notes.txt"
    theirs.write_text("mine")
    one = DiskRing(tmp_path, SAMPLE_RATE, kept_s=1.0)
    two = DiskRing(tmp_path, SAMPLE_RATE, kept_s=1.0)
    assert {path.name for path in tmp_path.iterdir()} == {one.path.name, two.path.name, theirs.name}
    assert left not in (one.path, two.path)
    one.close()
    assert two.path.exists()
    two.close()
    assert list(tmp_path.iterdir()) == [theirs]


def test_a_full_disk_is_told_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    with files_limited_to(10_000), pytest.raises(CannotWrite):
        DiskRing(tmp_path, SAMPLE_RATE, kept_s=KEPT_S)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite):
        DiskRing(tmp_path / "file", SAMPLE_RATE)


def test_the_file_is_all_there_from_the_start(tmp_path: Path) -> None:
    ring = DiskRing(tmp_path, SAMPLE_RATE, kept_s=KEPT_S)
    status = ring.path.stat()
    assert status.st_blocks * 512 >= status.st_size > 6 * N_RING
    ring.write(0, frames(0, N_RING))
    ring.write(N_RING, frames(N_RING, 2 * N_RING - 1))
    assert ring.path.stat().st_size == status.st_size
    ring.close()


@pytest.mark.parametrize("content", [None, b"", b"rubbish" * 100])
def test_what_is_no_ring(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "heard-1.ring"
    if content is not None:
        path.write_bytes(content)
    held = open_descriptors()
    with pytest.raises(CannotRead):
        RingReader(path)
    assert open_descriptors() <= held


def test_a_ring_whose_place_is_gone_is_closed_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    before = open_descriptors()
    ring = DiskRing(folder, SAMPLE_RATE, kept_s=KEPT_S)
    folder.rename(tmp_path / "went")
    folder.touch()
    ring.close()
    ring.close()
    assert open_descriptors() == before
