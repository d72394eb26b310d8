# SPDX-License-Identifier: GPL-3.0-or-later
"""A prediction begins where the recording ends: on its beats, in its key, as loud as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.companion.predicting import predicted
from engine.dsp.loudness import integrated_lufs
from engine.errors import ConstantClip, NonFiniteClip, NoPulse, OutOfRange, SilentClip
from engine.generators.base import GeneratorSettings
from engine.listening.listen import listen
from engine.values import Clip, Layer
from engine.values.play_along import Along, AlongOrder
from tests.engine.companion.pieces import BPM, RELATIVES, excerpt, off_the_beat_s, piece

RATE = 44_100
ORDER = AlongOrder(Along.CONTINUE, "a band", seconds=8.0, seed=1)


def played(recording: Clip, order: AlongOrder = ORDER, *, needs_beat: bool = False) -> Clip:
    return predicted(recording, order, GeneratorSettings(), needs_beat=needs_beat)


@pytest.mark.parametrize("end_s", [6.0, 11.3])
def test_what_comes_next_goes_on_in_tempo_key_and_bar(end_s: float) -> None:
    order = replace(ORDER, seconds=10.0)
    after = played(excerpt(0.0, end_s), order)
    assert (after.n_samples, after.sample_rate, after.n_channels) == (10 * RATE, RATE, 2)
    heard = listen(after)
    assert heard.beats is not None
    assert heard.beats.tempo_bpm == pytest.approx(BPM, rel=0.01)
    assert heard.key in RELATIVES
    assert off_the_beat_s(after, end_s) < 0.03
    np.testing.assert_array_equal(after.samples, played(excerpt(0.0, end_s), order).samples)


def test_it_plays_from_its_first_moment_on_and_comes_in_without_a_click() -> None:
    after = played(excerpt(0.0, 11.3)).samples
    assert np.abs(after[0]).max() == 0.0
    assert np.abs(after[: RATE // 4]).max() > 0.01


def test_what_goes_with_it_has_its_bars_and_its_length() -> None:
    along = played(piece(), AlongOrder(Along.ACCOMPANY, layer=Layer.named("drums"), seed=1))
    assert along.n_samples == piece().n_samples
    assert off_the_beat_s(along, 0.0) < 0.03


def test_it_is_as_loud_as_the_recording() -> None:
    loud = excerpt(0.0, 8.0)
    for gain_db in (0.0, -20.0, -40.0):
        recording = Clip(loud.samples * np.float32(10.0 ** (gain_db / 20.0)), RATE)
        assert integrated_lufs(played(recording)) == pytest.approx(integrated_lufs(recording), abs=1.0)


@pytest.mark.parametrize("channels", [1, 6])
def test_a_recording_of_any_rate_and_channels_is_gone_on_with(channels: int) -> None:
    one = excerpt(0.0, 8.0).samples.mean(axis=1, keepdims=True)
    after = played(Clip(np.repeat(one, channels, axis=1), 32_000))
    assert (after.sample_rate, after.n_channels, after.n_samples) == (RATE, 2, 8 * RATE)


@pytest.mark.parametrize("n_samples", [1, 100, RATE, 8 * RATE])
def test_silence_is_refused(n_samples: int) -> None:
    with pytest.raises(SilentClip):
        played(Clip(np.zeros((n_samples, 1), np.float32), RATE))
    with pytest.raises(ConstantClip):
        played(Clip(np.full((n_samples, 2), 0.3, np.float32), RATE))


def test_too_short_a_recording_is_refused() -> None:
    with pytest.raises(OutOfRange, match="1 s"):
        played(excerpt(0.0, 0.9))


def test_without_a_beat_it_plays_slowly_or_not_at_all() -> None:
    hum = np.sin(2.0 * np.pi * 220.0 * np.arange(6 * RATE) / RATE)[:, None]
    recording = Clip((0.3 * np.hstack([hum, hum])).astype(np.float32), RATE)
    assert integrated_lufs(played(recording)) > -40.0
    with pytest.raises(NoPulse):
        played(recording, needs_beat=True)


def test_samples_that_are_no_numbers_are_refused() -> None:
    samples = piece().samples.copy()
    samples[1000, 0] = np.nan
    with pytest.raises(NonFiniteClip):
        played(Clip(samples, RATE))
