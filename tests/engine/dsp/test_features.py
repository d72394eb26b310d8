# SPDX-License-Identifier: GPL-3.0-or-later
"""A sound's features are the same in one piece or many, from memory or from disk, at once or again."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.dsp import features
from engine.dsp.features import CHROMA_EVERY, FLOOR_DB, Listener
from engine.errors import BadClip, NonFiniteClip
from engine.values import Clip, FloatArray
from tests.engine.loops import material
from tests.sampling import some

RATES = (8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000)


class OnDisk:
    """A sound with one place at which to read, as a file has: it says when two threads ask for samples at once."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self._busy = threading.Lock()
        self.n_together = 0

    @property
    def sample_rate(self) -> int:
        return self._clip.sample_rate

    @property
    def n_samples(self) -> int:
        return self._clip.n_samples

    @property
    def n_channels(self) -> int:
        return self._clip.n_channels

    @property
    def wraps(self) -> bool:
        return self._clip.wraps

    def read(self, first: int, n_samples: int) -> FloatArray:
        alone = self._busy.acquire(blocking=False)
        if not alone:
            self.n_together += 1
        time.sleep(0.002)  # so that another thread has time to come
        if alone:
            self._busy.release()
        return self._clip.read(first, n_samples)


def _assert_same(one: Listener, other: Listener, *, atol_db: float = 1e-3) -> None:
    np.testing.assert_allclose(other.whole.mel_db, one.whole.mel_db, atol=atol_db)
    np.testing.assert_allclose(other.whole.chroma, one.whole.chroma, atol=1e-3)
    np.testing.assert_allclose(other.thin, one.thin, atol=1e-5)
    assert other.rms == pytest.approx(one.rms, rel=1e-4)


def _music(sample_rate: int, n_channels: int, duration_s: float, *, wraps: bool = False) -> Clip:
    samples = material.groove(sample_rate, 120.0, n_bars=6, n_channels=min(n_channels, 2)).samples
    samples = samples[: round(duration_s * sample_rate)]
    return Clip(np.hstack([samples] * n_channels)[:, :n_channels], sample_rate, wraps=wraps)


def test_one_thread_at_a_time_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_SEGMENT_S", 0.75)
    monkeypatch.setattr(features, "_MAX_THREADS", 4)
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    for wraps in (False, True):
        sound = OnDisk(_music(22_050, 2, 8.0, wraps=wraps))
        Listener(sound)
        assert sound.n_together == 0


@pytest.mark.parametrize(
    ("sample_rate", "n_channels", "wraps"),
    [
        (8_000, 1, False),
        (11_025, 2, True),
        (22_050, 3, False),
        (32_000, 1, True),
        (44_100, 2, False),
        (44_100, 1, True),
        (48_000, 8, False),
        (192_000, 2, True),
    ],
)
def test_segments_change_nothing(
    monkeypatch: pytest.MonkeyPatch, sample_rate: int, n_channels: int, wraps: bool
) -> None:
    clip = _music(sample_rate, n_channels, 3.3, wraps=wraps)
    whole = Listener(clip)
    monkeypatch.setattr(features, "_SEGMENT_S", 0.74)
    _assert_same(whole, Listener(clip))


@pytest.mark.parametrize("wraps", [False, True])
@pytest.mark.parametrize(("sample_rate", "n_channels"), some([(44_100, 2), (22_050, 1), (96_000, 3)], every=3))
def test_what_is_not_held_is_heard_again_from_the_sound(
    monkeypatch: pytest.MonkeyPatch, sample_rate: int, n_channels: int, wraps: bool
) -> None:
    clip = _music(sample_rate, n_channels, 5.0, wraps=wraps)
    held = Listener(clip)
    monkeypatch.setattr(features, "_HELD_SAMPLES", 0)
    not_held = Listener(clip)
    _assert_same(held, not_held)
    n = round(0.5 * held.rate_hz)
    inside = n if wraps else 4 * n
    for first in (0, 1, n, inside):
        np.testing.assert_allclose(not_held.excerpt(first, n), held.excerpt(first, n), atol=1e-4)
    edge = 0 if wraps else sample_rate // 2  # what stands still beyond an end differs a little
    for centre in (edge, 54_321, clip.n_samples // 2, clip.n_samples - edge):
        one, other = held.frames(centre, 16), not_held.frames(centre, 16)
        np.testing.assert_allclose(other.mel_db, one.mel_db, atol=0.1)
        np.testing.assert_allclose(other.chroma, one.chroma, atol=1e-2)


@given(
    sample_rate=st.sampled_from(RATES),
    n_channels=st.integers(1, 3),
    row=st.integers(2, 20),
    n_frames=st.integers(1, 40),
    every=st.sampled_from([1, 2, 4, 8]),
    wraps=st.booleans(),
)
@example(sample_rate=22_050, n_channels=1, row=39, n_frames=40, every=1, wraps=True)
@settings(max_examples=6, deadline=None)
def test_frames_are_rows_of_the_whole(
    *, sample_rate: int, n_channels: int, row: int, n_frames: int, every: int, wraps: bool
) -> None:
    listener = Listener(_music(sample_rate, n_channels, 4.1, wraps=wraps))
    first = row * CHROMA_EVERY
    rows = listener.rows(first, n_frames, every)
    if rows is None:
        assert first + n_frames * every > listener.whole.mel_db.shape[0]
        return
    frames = listener.frames(first * listener.hop_length, n_frames, every)
    inside = slice(None) if wraps else slice(0, (listener.whole.mel_db.shape[0] - 16 - first) // every)
    np.testing.assert_allclose(frames.mel_db[inside], rows.mel_db[inside], atol=1e-2)
    np.testing.assert_allclose(frames.chroma[inside], rows.chroma[inside], atol=1e-4)


@given(sample_rate=st.integers(1_000, 200_000), n_channels=st.integers(1, 8), duration_s=st.floats(0.5, 1.5))
@settings(max_examples=7, deadline=None)
def test_shapes_and_ranges_at_any_rate(sample_rate: int, n_channels: int, duration_s: float) -> None:
    rng = np.random.default_rng(sample_rate)
    samples = rng.uniform(-1, 1, (round(duration_s * sample_rate), n_channels)).astype(np.float32)
    listener = Listener(Clip(samples, sample_rate))
    n_frames = -(-len(samples) // listener.hop_length)
    assert listener.whole.mel_db.shape == (n_frames, 40)
    assert listener.whole.chroma.shape == (n_frames, 12)
    assert listener.whole.mel_db.min() >= FLOOR_DB - 1e-3
    assert listener.whole.mel_db.max() == pytest.approx(0.0, abs=1e-3)
    assert np.abs(np.linalg.norm(listener.whole.chroma, axis=1) - 1.0).max() < 1e-3
    assert listener.onset.shape == (n_frames,)
    assert len(listener.thin) == -(-len(samples) // listener.thin_divisor) or listener.thin_divisor > listener.divisor
    assert listener.rms == pytest.approx(float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))), rel=1e-3)


def test_progress_is_monotone_ends_at_one_and_may_end_the_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_SEGMENT_S", 0.75)
    clip = _music(22_050, 2, 8.0)
    told: list[float] = []
    Listener(clip, told.append)
    assert len(told) > 5
    assert told == sorted(set(told))
    assert told[0] > 0.0
    assert told[-1] == 1.0

    def stop(fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Listener(clip, stop)


def test_all_that_are_no_numbers_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_SEGMENT_S", 0.75)
    samples = _music(22_050, 2, 8.0).samples.copy()
    samples[[5, 50_000, 150_000, -1], [0, 1, 0, 1]] = [np.nan, np.inf, -np.inf, np.nan]
    with pytest.raises(NonFiniteClip, match="4 samples"):
        Listener(Clip(samples, 22_050))


@pytest.mark.parametrize("peak", [1e15, 1e30])
def test_what_is_too_loud_to_compute_with_is_refused(monkeypatch: pytest.MonkeyPatch, peak: float) -> None:
    monkeypatch.setattr(features, "_SEGMENT_S", 0.75)
    samples = _music(22_050, 2, 8.0).samples.copy()
    samples[40_000, 1] = peak
    with pytest.raises(BadClip, match="full scale is 1"):
        Listener(Clip(samples, 22_050))


@pytest.mark.parametrize("gain", [1e-3, 1e3])
def test_gain_changes_nothing_heard(gain: float) -> None:
    clip = _music(22_050, 2, 3.0)
    one, other = Listener(clip), Listener(Clip(clip.samples * np.float32(gain), 22_050))
    np.testing.assert_allclose(other.whole.mel_db, one.whole.mel_db, atol=1e-2)
    np.testing.assert_allclose(other.whole.chroma, one.whole.chroma, atol=1e-3)
    assert other.rms == pytest.approx(one.rms * gain, rel=1e-4)
    peak = float(np.ptp(other.sound.read(0, other.n_samples), axis=0).max()) / 2
    assert 0.0 < other.span <= peak * 1.001
    if gain < 1:  # next to silence it is exact, else a lower bound
        assert other.span == pytest.approx(peak, rel=1e-3)
