# SPDX-License-Identifier: GPL-3.0-or-later
"""A feed as devices take it: resampled and mixed down as one stream, and what was rendered is on the tape."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine.playback.device.feed import Adapter, Feed
from engine.playback.device.stream import CLOCK_CATCH_UP_S, SilentClock
from engine.playback.mix.mixer import Mixer
from engine.stem_tape import StemTape, stem_block
from engine.tape import TapeReader, TapeWriter, tape_block
from engine.values import FloatArray
from engine.values.jam import LayerName
from tests.engine.playback.material import RATE, loop_of, tone


def playing(samples: FloatArray) -> Feed:
    mixer = Mixer(RATE)
    mixer.play(1, loop_of(samples), fade_ms=0.0)
    return Feed(mixer, None)


def pulled(adapter: Adapter, n_samples: int, n_channels: int, blocks: tuple[int, ...]) -> FloatArray:
    out: FloatArray = np.zeros((n_samples, n_channels), np.float32)
    done = 0
    while done < n_samples:
        for block in blocks:
            adapter.pull(out[done : done + block])
            done += block
    return out


@pytest.mark.parametrize("rate", [48_000, 22_050, 96_000, 44_101])
def test_a_device_of_another_rate_gets_the_same_tone_at_the_right_time(rate: int) -> None:
    # 441 Hz at the mixer's rate: whole periods in a second.
    adapter = Adapter(playing(tone(RATE, turns=441)), rate, 2)
    out = pulled(adapter, rate, 2, (333,))
    steady = out[rate // 10 :]
    at = np.arange(len(out))[rate // 10 :] / rate * RATE - adapter.feed.mixer.latency_samples
    wanted = 0.4 * np.stack([np.sin(2 * np.pi * 441 * at / RATE), np.cos(2 * np.pi * 441 * at / RATE)], axis=1)
    np.testing.assert_allclose(steady, wanted, atol=2e-4)
    # What was given, told in the mixer's samples.
    assert adapter.n_given == pytest.approx(len(out) * RATE / rate, abs=2)


def test_blocks_of_any_size_give_the_same_samples() -> None:
    loop = tone(RATE, turns=441)
    one = pulled(Adapter(playing(loop), 48_000, 2), 20_000, 2, (20_000,))
    many = pulled(Adapter(playing(loop), 48_000, 2), 20_000, 2, (1, 7, 64, 513, 415))
    np.testing.assert_array_equal(one, many)


def test_a_device_of_one_channel_gets_the_mean() -> None:
    loop = tone(1000, turns=10)
    stereo = pulled(Adapter(playing(loop), RATE, 2), 3000, 2, (100,))
    mono = pulled(Adapter(playing(loop), RATE, 1), 3000, 1, (100,))
    np.testing.assert_allclose(mono[:, 0], stereo.mean(axis=1), atol=1e-6)


def test_a_plain_device_gets_the_mixers_own_samples_and_the_tape_has_them_all() -> None:
    tape = tape_block(RATE)
    reader, writer = TapeReader(tape), TapeWriter(tape)
    writer.write(np.ones((10, 2), np.float32))
    mixer = Mixer(RATE)
    mixer.play(1, loop_of(tone(1000, turns=10)), fade_ms=0.0)
    feed = Feed(mixer, writer)
    out = pulled(Adapter(feed, RATE, 2), 3000, 2, (100,))
    more = pulled(Adapter(feed, 48_000, 1), 3000, 1, (100,))
    assert feed.tape_offset == 10
    taped = reader.read()
    np.testing.assert_array_equal(taped[10:3010], out)
    assert len(taped) == 10 + feed.n_pulled > 10 + 3000 + len(more) * RATE // 48_000


def test_a_tape_of_another_rate_takes_nothing(expected_logs: list[str]) -> None:
    expected_logs.append("takes nothing")
    tape = tape_block(48_000)
    feed = Feed(Mixer(RATE), TapeWriter(tape))

    feed.pull(np.zeros((100, 2), np.float32))
    assert TapeReader(tape).n_written == 0


def test_stems_lie_where_their_mix_does_on_the_tape() -> None:
    tape, memory = tape_block(RATE), stem_block(RATE)
    TapeWriter(tape).write(np.zeros((1234, 2), np.float32))
    sums = []
    for n_pulls in (5, 9):
        # The second one is a process that replaces the first: what that had mixed ahead was never played.
        mixer = Mixer(RATE)
        mixer.play(1, loop_of(0.1 * tone(5000, turns=50)), fade_ms=0.0, channel=1)
        mixer.play(2, loop_of(0.1 * tone(7000, turns=90)), fade_ms=0.0, channel=3)
        feed = Feed(mixer, TapeWriter(tape))
        feed.record_stems(memory)
        for _ in range(n_pulls):
            feed.pull(np.zeros((1000, 2), np.float32))
        end = TapeWriter(tape).n_written
        sums.append(sum(StemTape(memory).read(layer, 0, end) for layer in LayerName))
    reader = TapeReader(tape)
    reader.position = 0
    np.testing.assert_allclose(sums[-1], reader.read(), atol=1e-6)
    feed.record_stems(None)
    feed.pull(np.zeros((1000, 2), np.float32))
    late = StemTape(memory).read(LayerName.DRUMS, end + mixer.latency_samples, end + 1000)
    assert not late.any()


def test_nothing_of_a_process_that_died_within_a_buffer_is_among_the_stems_of_the_next() -> None:
    tape, memory = tape_block(RATE), stem_block(RATE)
    mixer = Mixer(RATE)
    mixer.play(1, loop_of(0.1 * tone(5000, turns=50)), fade_ms=0.0, channel=1)
    feed = Feed(mixer, TapeWriter(tape))
    feed.record_stems(memory)
    feed.pull(np.zeros((1000, 2), np.float32))
    # It dies as this is mixed, and not yet on the tape.
    mixer.render(np.zeros((4000, 2), np.float32))
    played = TapeReader(tape).n_written

    feed = Feed(Mixer(RATE), TapeWriter(tape))
    feed.pull(np.zeros((500, 2), np.float32))
    feed.record_stems(memory)
    feed.pull(np.zeros((5000, 2), np.float32))
    stem = StemTape(memory).read(LayerName.DRUMS, 0, TapeReader(tape).n_written)
    assert stem[:played].any()
    assert not stem[played:].any()


def test_a_silent_clock_counts_what_it_cannot_catch_up() -> None:
    class Hanging(Feed):
        def pull(self, out: FloatArray) -> None:
            if hangs_s:
                time.sleep(hangs_s.pop())
            n_pulls.append(len(out))
            super().pull(out)

    hangs_s, n_pulls = [CLOCK_CATCH_UP_S + 0.2], list[int]()
    mixer = Mixer(RATE)
    mixer.play(1, loop_of(tone(RATE, turns=441)), fade_ms=0.0)
    clock = SilentClock(Hanging(mixer, None))
    while len(n_pulls) < 20:
        time.sleep(0.01)
    clock.detach()
    assert clock.xruns >= 1
