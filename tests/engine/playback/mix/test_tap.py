# SPDX-License-Identifier: GPL-3.0-or-later
"""Each channel's part of the mix is tapped: the parts sum up to the mix before what is done to all of it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from engine.playback.mix.mixer import Mixer
from engine.stem_tape import StemTape, stem_block
from engine.values import BarLock, Effects, FloatArray
from engine.values.channels import MIX
from engine.values.held import Gate
from engine.values.jam import LayerName
from tests.engine.playback.material import RATE, loop_of, noise, tone
from tests.engine.playback.mixing import Script, rendered

TOTAL = 60_000
BASS, CHORDS, DRUMS = LayerName.BASS, LayerName.CHORDS, LayerName.DRUMS


def performed() -> Script:
    beats, low = loop_of(noise(20_000, level=0.05)), loop_of(0.2 * tone(9000, turns=90))
    return [
        (0, lambda m: m.set_clock(Fraction(130), 4, bars=Fraction(0))),
        (0, lambda m: m.play(1, beats, fade_ms=4.0, channel=DRUMS.channel, lock=BarLock(1, every=Fraction(1, 4)))),
        (7000, lambda m: m.play(2, low, fade_ms=4.0, channel=BASS.channel)),
        (9000, lambda m: m.set_effects(BASS.channel, Effects(delay=0.5, reverb=0.3), 20.0)),
        (15_000, lambda m: m.set_gain(DRUMS.channel, 0.4)),
        (22_000, lambda m: m.hold(DRUMS.channel, Gate())),
        (30_000, lambda m: m.stop(10.0, channel=BASS.channel)),
        (40_000, lambda m: m.set_mute(DRUMS.channel, is_muted=True)),
        (44_000, lambda m: m.set_mute(DRUMS.channel, is_muted=False)),
        (50_000, lambda m: m.pause(30.0)),
        (54_000, lambda m: m.resume(30.0)),
    ]


def tapped(script: Script, block: int, *, since: int = 0) -> tuple[FloatArray, dict[LayerName, FloatArray]]:
    """Return the mix, and what was tapped of each layer from a sample on."""
    mixer, memory = Mixer(RATE), stem_block(RATE, 2.0)
    stems = StemTape(memory, mixer.latency_samples)
    out = rendered([*script, (since, lambda m: m.tap(stems))], TOTAL, block, mixer)
    shift = mixer.latency_samples
    return out, {layer: stems.read(layer, shift, shift + TOTAL) for layer in LayerName}


@pytest.mark.parametrize("block", [64, 513, 4096, 100_000])
def test_the_sum_of_the_stems_is_the_mix(block: int) -> None:
    out, stems = tapped(performed(), block)
    np.testing.assert_allclose(np.sum(list(stems.values()), axis=0), out, atol=1e-6)
    assert [layer for layer, samples in stems.items() if samples.any()] == [DRUMS, BASS]
    assert np.abs(stems[BASS][34_000:40_000]).max() > 1e-3, "its effects ring on in it"
    assert np.array_equal(out, rendered(performed(), TOTAL, 512)), "and the mix is what it is without them"


def test_what_is_done_to_all_is_in_none_of_them() -> None:
    _, plain = tapped(performed(), 512)
    whole: Script = [
        (0, lambda m: m.set_effects(MIX, Effects(lowpass_hz=300.0), 0.0)),
        (0, lambda m: m.set_volume(0.5)),
    ]
    _, stems = tapped([*whole, *performed()], 512)
    for layer, samples in plain.items():
        assert np.array_equal(samples, stems[layer])


def test_one_that_comes_later_begins_with_its_sample_and_one_that_ends_leaves_nothing() -> None:
    _, whole = tapped(performed(), 512)
    _, late = tapped(performed(), 512, since=20_000)
    for layer, samples in whole.items():
        assert not late[layer][:20_000].any()
        assert np.array_equal(late[layer][20_000:], samples[20_000:])
    mixer, memory = Mixer(RATE), stem_block(RATE, 0.2)
    stems = StemTape(memory)
    rendered([*performed()[:2], (0, lambda m: m.tap(stems)), (20_000, lambda m: m.tap(None))], TOTAL, 512, mixer)
    assert np.array_equal(stems.read(DRUMS, 12_000, 20_000), whole[DRUMS][12_000:20_000]), "it goes round"


def test_what_is_no_layer_is_not_taken() -> None:
    stems = StemTape(stem_block(RATE, 0.1))
    for channel in (0, 7):
        stems.write(channel, 0, noise(100))
        stems.rest(channel, 0, 100)
    assert not any(stems.read(layer, 0, 1000).any() for layer in LayerName)
