# SPDX-License-Identifier: GPL-3.0-or-later
"""The real audio process is recorded to the sample, where it says it is, and through its death."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from engine.playback.commands import Began
from engine.playback.player import Player
from engine.recording.machine import TapeMachine
from engine.recording.messages import Heard, MachineListener, Recorded
from engine.recording.recorded_stems import StemPlan
from engine.recording.ring import RingReader
from engine.shared import SharedBlock
from engine.stem_tape import stem_block
from engine.tape import TapeReader, tape_block
from engine.values import BakedLoop, LoopRegion
from engine.values.jam import LayerName
from tests.engine.recording.played import decoded, frames, steps

SAMPLE_RATE = 44_100
N_LOOP = 30_000
FADE_MS = 20.0
N_FADE = 882
WAIT_S = 20.0


def loop() -> BakedLoop:
    # Soft enough for the limiter to let it pass as it is.
    samples = frames(0, N_LOOP) * np.float32(0.3)
    return BakedLoop(samples, SAMPLE_RATE, LoopRegion(0, N_LOOP), overlap_samples=0, correlation=0.0)


def playing(tape: SharedBlock, stems: SharedBlock | None = None) -> tuple[Player, int]:
    """Return a player that has begun the loop, on layers of a jam where they have ``stems``, and on which frame."""
    player = Player(tape=tape)
    if stems is not None:
        player.record_stems(stems)
    player.open(None, sample_rate=SAMPLE_RATE, latency_s=0.05, silent=True)
    if stems is not None:
        # Softer by half: what both add up to passes the limiter, too.
        for layer in (LayerName.DRUMS, LayerName.LEAD):
            player.set_gain(layer.channel, 0.5, 0.0)
        player.play(2, loop(), fade_ms=FADE_MS, position=999, channel=LayerName.LEAD.channel)
    player.play(1, loop(), fade_ms=FADE_MS, channel=0 if stems is None else LayerName.DRUMS.channel)
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if player.poll(0.1) and isinstance(message := player.receive(), Began):
            return player, message.tape_frame
    raise AssertionError("it did not begin")


def test_two_processes_one_recording(tmp_path: Path) -> None:
    tape = tape_block(SAMPLE_RATE)
    recorded: list[Recorded] = []
    heard: list[Heard] = []
    errors: list[object] = []
    listener = MachineListener(lambda _: None, heard.append, recorded.append, errors.append)
    machine = TapeMachine(tape, tmp_path / "cache", listener, heard_frame=lambda: TapeReader(tape).n_written)
    path = tmp_path / "music.flac"
    machine.record(str(path))
    machine.start()
    begun = []
    for _ in range(2):
        player, tape_frame = playing(tape)
        begun.append(tape_frame)
        while TapeReader(tape).n_written < tape_frame + 2 * N_LOOP:
            time.sleep(0.01)
        player.kill()
        player.close()
    end = TapeReader(tape).n_written
    while sum(one.n_frames for one in heard) < end:
        time.sleep(0.01)
    was = machine.was_heard()
    with RingReader(Path(was.ring_path)) as ring:
        kept = steps(ring.read(was.first, was.end))
    machine.stop()
    assert errors == []
    assert recorded == [Recorded(str(path), end / SAMPLE_RATE)]
    found = decoded(path)
    assert np.array_equal(found, kept)
    expected = steps(loop().samples)
    for first, last in zip(begun, (begun[1] - SAMPLE_RATE // 10, end), strict=True):
        at = np.arange(first + N_FADE, min(last, first + 2 * N_LOOP))
        assert np.array_equal(found[at], expected[(at - first) % N_LOOP])


def test_the_stems_of_two_processes_sum_up_to_the_mix(tmp_path: Path) -> None:
    tape, memory = tape_block(SAMPLE_RATE), stem_block(SAMPLE_RATE)
    errors: list[object] = []
    listener = MachineListener(lambda _: None, lambda _: None, lambda _: None, errors.append)
    machine = TapeMachine(tape, tmp_path / "cache", listener, heard_frame=lambda: TapeReader(tape).n_written)
    machine.record(str(tmp_path / "jam.flac"), None, StemPlan(memory, tmp_path))
    machine.start()
    for _ in range(2):
        player, tape_frame = playing(tape, memory)
        while TapeReader(tape).n_written < tape_frame + N_LOOP:
            time.sleep(0.01)
        player.kill()
        player.close()
    machine.stop()
    assert errors == []
    drums, lead, mix = (decoded(tmp_path / f"{name}.flac") for name in ("drums", "lead", "jam"))
    assert len(drums) == len(lead) == len(mix) == TapeReader(tape).n_written
    assert np.abs(drums + lead - mix).max() <= 4, "but for rounding"
    assert np.abs(drums - lead).max() > 100_000
