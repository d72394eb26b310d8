# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of all kinds are decoded as far as they count, and what is none is refused in words."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import EmptyClip
from engine.serving.recordings import played_at, recording_in
from engine.values import Clip

RATE = 44_100


def file_of(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]], rate: int = RATE, **kind: str) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, samples, rate, **(kind or {"format": "WAV", "subtype": "FLOAT"}))
    return out.getvalue()


def rising(seconds: float, rate: int = RATE) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.linspace(0.0, 0.5, round(seconds * rate), dtype=np.float32)


@pytest.mark.parametrize("kind", [("WAV", "PCM_16"), ("FLAC", "PCM_24"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")])
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_every_usual_format_is_read_at_the_studios_rate(kind: tuple[str, str], rate: int) -> None:
    at_s = np.arange(2 * rate) / rate
    tone = (0.5 * np.sin(2.0 * np.pi * 440.0 * at_s)).astype(np.float32)
    clip = recording_in(file_of(np.stack([tone, tone], 1), rate, format=kind[0], subtype=kind[1]))
    assert (clip.sample_rate, clip.n_channels) == (RATE, 2)
    assert clip.duration_s == pytest.approx(2.0, abs=0.06)  # an MP3 ends with a whole frame
    middle = clip.samples[RATE // 2 : RATE // 2 + RATE, 0]
    assert np.abs(np.fft.rfft(middle)).argmax() == 440


def test_only_the_part_that_counts_is_decoded() -> None:
    content = file_of(rising(30.0))
    end, start = recording_in(content, from_end_s=4.0), recording_in(content, from_start_s=4.0)
    assert end.n_samples == start.n_samples == 4 * RATE
    assert (start.samples[0, 0], end.samples[-1, 0]) == pytest.approx((0.0, 0.5), abs=1e-3)
    assert end.samples[0, 0] == pytest.approx(0.5 * 26.0 / 30.0, abs=1e-3)
    assert recording_in(content, from_end_s=60.0).n_samples == 30 * RATE


@pytest.mark.parametrize(("n_channels", "n_kept"), [(1, 1), (2, 2), (3, 1), (6, 2), (8, 2)])
def test_many_channels_are_mixed_down(n_channels: int, n_kept: int) -> None:
    assert recording_in(file_of(np.zeros((RATE, n_channels), np.float32))).n_channels == n_kept


def test_ten_minutes_are_heard_from_their_end() -> None:
    content = file_of(np.zeros(600 * 8_000, np.float32), 8_000, format="FLAC", subtype="PCM_16")
    assert recording_in(content, from_end_s=60.0).duration_s == pytest.approx(60.0, abs=0.001)


def test_samples_that_are_no_numbers_are_left_for_the_listener() -> None:
    samples = rising(1.0)
    samples[5000] = np.nan
    assert np.isnan(recording_in(file_of(samples)).samples).any()


def test_what_holds_no_samples_is_refused() -> None:
    with pytest.raises(EmptyClip):
        recording_in(file_of(np.zeros((0, 1), np.float32)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "can be read"),
        (b"RIFF", "can be read"),
        (b"hello" * 1000, "WAV, FLAC, OGG and MP3 can be read"),
        (file_of(np.zeros((100, 9), np.float32)), "9 channels"),
        (file_of(np.zeros(100, np.float32), 4_000), "4000 Hz"),
        (file_of(np.zeros(100, np.float32), 400_000), "400000 Hz"),
    ],
)
def test_what_is_no_recording_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        recording_in(content)


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from([("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")]),
    spoilt=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=20),
    cut=st.integers(0, 20_000),
)
def test_spoilt_files_are_read_or_refused(kind: tuple[str, str], spoilt: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(file_of(rising(0.3), format=kind[0], subtype=kind[1]))
    for at, value in spoilt:
        content[at % len(content)] = value
    try:
        clip = recording_in(bytes(content[: max(1, cut)]), from_end_s=60.0)
    except (ValueError, EmptyClip):
        return
    assert clip.duration_s <= 61.0


def test_a_clip_is_given_at_another_rate() -> None:
    left = np.ones((RATE, 1), np.float32)
    clip = Clip(np.concatenate([left, 0.0 * left], axis=1), RATE)
    mono = played_at(clip, 32_000, 1)
    assert (mono.n_samples, mono.n_channels) == (32_000, 1)
    assert mono.samples[16_000, 0] == pytest.approx(0.5, abs=1e-3)
    assert played_at(clip, RATE, 2).samples.shape == (RATE, 2)
