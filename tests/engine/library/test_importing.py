# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of any rate, width and number of channels enters at its own pitch, and loops where it says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from engine.dsp.loudness import integrated_lufs, true_peak_db
from engine.errors import AudioFileError, ConstantClip, DamagedSound, FileMissing, NonFiniteClip, SilentClip
from engine.library.importing import LONGEST_S, PEAK_DB, TARGET_LUFS, Imported, fitted, import_sound
from engine.library.looptags import write_loop_tags
from engine.values import Clip, FloatArray, LoopRegion
from engine.values.audio import STUDIO_SAMPLE_RATE

SECONDS = 4.0
BUMP_S = 0.0005
"""Seconds of half the bump that marks a loop's ends in the sound itself."""
LOOP_S = (0.7503, 2.9871)


def tone(sample_rate: int, hz: float, seconds: float = SECONDS) -> FloatArray:
    t = np.arange(round(seconds * sample_rate)) / sample_rate
    return (0.05 * np.sin(2 * np.pi * hz * t)).astype(np.float32)


def bumped(samples: FloatArray, places: Sequence[int], sample_rate: int) -> FloatArray:
    """Return a short bump around each place, by which it is found in the sound, whatever the rate."""
    n = round(BUMP_S * sample_rate)
    bump = 0.6 * np.hanning(2 * n + 1).astype(np.float32)
    for place in places:
        samples[place - n : place + n + 1] += bump if samples.ndim == 1 else bump[:, None]
    return samples


def bump_at(clip: Clip, near: int) -> int:
    reach = round(0.02 * clip.sample_rate)
    return near - reach + int(np.argmax(clip.samples[near - reach : near + reach, 0]))


def written(path: Path, channels: Sequence[FloatArray], sample_rate: int, subtype: str = "PCM_24") -> LoopRegion:
    """Write a sound file with a loop between two bumps, which its tags name."""
    region = LoopRegion(*(round(at * sample_rate) for at in LOOP_S))
    samples = bumped(np.stack(channels, axis=1), [region.loop_start, region.loop_end], sample_rate)
    soundfile.write(path, samples, sample_rate, subtype=subtype)
    write_loop_tags(path, path, region)
    return region


def loudest_hz(samples: FloatArray, n: int = 1) -> list[float]:
    """Return the frequencies of the loudest partials, highest first."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    found = []
    for _ in range(n):
        at = int(np.argmax(spectrum))
        found.append(at * STUDIO_SAMPLE_RATE / len(samples))
        spectrum[max(0, at - 8) : at + 9] = 0.0
    return found


def assert_as_loud_as_all(imported: Imported) -> None:
    clip = imported.clip
    assert true_peak_db(clip) <= PEAK_DB + 0.01
    assert integrated_lufs(clip) == pytest.approx(TARGET_LUFS, abs=0.1) or true_peak_db(clip) >= PEAK_DB - 0.01


@pytest.mark.parametrize("ending", [".wav", ".aiff", ".flac"])
@pytest.mark.parametrize("sample_rate", [22_050, 44_100, 48_000, 96_000])
def test_pitch_and_loop_are_those_of_the_file(tmp_path: Path, sample_rate: int, ending: str) -> None:
    path = tmp_path / f"loop{ending}"
    region = written(path, [tone(sample_rate, 440.0), tone(sample_rate, 660.0)], sample_rate)
    imported = import_sound(path)
    clip = imported.clip
    assert clip.sample_rate == STUDIO_SAMPLE_RATE
    assert clip.samples.shape == (pytest.approx(SECONDS * STUDIO_SAMPLE_RATE, abs=1), 2)
    quiet = clip.samples[round(3.1 * STUDIO_SAMPLE_RATE) :]
    assert loudest_hz(quiet[:, 0])[0] == pytest.approx(440.0, abs=1.5)
    assert loudest_hz(quiet[:, 1])[0] == pytest.approx(660.0, abs=1.5)
    (loop,) = imported.loops
    # Told by the tags, and heard in the sound.
    ratio = STUDIO_SAMPLE_RATE / sample_rate
    assert loop.n_samples == pytest.approx(region.n_samples * ratio, abs=0.5)
    assert loop.loop_start == pytest.approx(region.loop_start * ratio, abs=0.5)
    assert bump_at(clip, loop.loop_start) == pytest.approx(loop.loop_start, abs=1)
    assert bump_at(clip, loop.loop_end) == pytest.approx(loop.loop_end, abs=1)
    assert imported.notes == ()
    assert not clip.wraps
    assert_as_loud_as_all(imported)


def test_one_channel_is_heard_from_both_sides(tmp_path: Path) -> None:
    path = tmp_path / "mono.wav"
    written(path, [tone(48_000, 440.0)], 48_000)
    clip = import_sound(path).clip
    assert clip.n_channels == 2
    np.testing.assert_array_equal(clip.samples[:, 0], clip.samples[:, 1])
    assert loudest_hz(clip.samples[round(3.1 * STUDIO_SAMPLE_RATE) :, 0])[0] == pytest.approx(440.0, abs=1.5)


def test_surround_sound_is_mixed_down_each_side_with_its_own(tmp_path: Path) -> None:
    path = tmp_path / "surround.wav"
    hz = (440.0, 660.0, 880.0, 110.0, 1320.0, 1760.0)  # left, right, centre, bass effects, back left, back right
    soundfile.write(path, np.stack([tone(48_000, one) for one in hz], axis=1), 48_000, subtype="PCM_24")
    samples = import_sound(path).clip.samples
    left, right = (sorted(round(one / 10) * 10 for one in loudest_hz(side, 3)) for side in samples.T)
    assert left == [440, 880, 1320]
    assert right == [660, 880, 1760]


def test_a_file_that_loops_as_a_whole_still_does(tmp_path: Path) -> None:
    n_samples = 3 * 48_000 + 480
    path = tmp_path / "whole.wav"
    # 1333 whole waves: what goes on at its own start has no other partial.
    wave = (0.3 * np.sin(2 * np.pi * 1333 * np.arange(n_samples) / n_samples)).astype(np.float32)
    soundfile.write(path, wave, 48_000, subtype="PCM_24")
    write_loop_tags(path, path, LoopRegion(0, n_samples))
    imported = import_sound(path)
    clip = imported.clip
    assert clip.wraps
    assert imported.loops == (LoopRegion(0, clip.n_samples),)
    assert clip.n_samples == round(n_samples * STUDIO_SAMPLE_RATE / 48_000)
    spectrum = np.abs(np.fft.rfft(clip.samples[:, 0].astype(np.float64)))
    assert int(np.argmax(spectrum)) == 1333
    spectrum[1333] = 0.0
    assert spectrum.max() < 1e-5 * len(clip.samples)


def test_a_loop_that_ends_with_the_sound_ends_with_it_here(tmp_path: Path) -> None:
    for n_samples in range(47_990, 48_010):
        path = tmp_path / f"{n_samples}.wav"
        soundfile.write(path, 0.1 * np.random.default_rng(1).standard_normal(n_samples), 48_000)
        write_loop_tags(path, path, LoopRegion(12_345, n_samples))
        imported = import_sound(path)
        (loop,) = imported.loops
        assert imported.clip.n_samples - 1 <= loop.loop_end <= imported.clip.n_samples
        assert loop.n_samples == pytest.approx((n_samples - 12_345) * STUDIO_SAMPLE_RATE / 48_000, abs=0.5)


@given(
    start=st.integers(0, 10**7),
    length=st.integers(1, 10**7),
    rates=st.tuples(*[st.sampled_from((8_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000))] * 2),
)
def test_a_region_is_the_same_time_at_another_rate(start: int, length: int, rates: tuple[int, int]) -> None:
    region = LoopRegion(start, start + length)
    there = region.at_rate(*rates)
    assert there.loop_start / rates[1] == pytest.approx(start / rates[0], abs=0.5 / rates[1] + 1e-9)
    assert there.n_samples / rates[1] == pytest.approx(length / rates[0], abs=1.0 / rates[1])
    if rates[1] >= rates[0]:
        assert there.at_rate(rates[1], rates[0]) == region


def test_what_is_at_home_already_is_left_alone() -> None:
    samples = 0.1 * np.random.default_rng(1).standard_normal((1000, 2)).astype(np.float32)
    clip = Clip(samples, STUDIO_SAMPLE_RATE)
    assert fitted(clip) is clip
    other = fitted(Clip(samples, 48_000, wraps=True))
    assert (other.sample_rate, other.n_samples, other.wraps) == (STUDIO_SAMPLE_RATE, round(1000 * 44.1 / 48), True)
    samples[5, 1] = np.nan
    with pytest.raises(NonFiniteClip, match="1 samples"):
        fitted(Clip(samples, 48_000))


def test_what_cannot_be_played_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with pytest.raises(FileMissing, match=r"sound\.wav"):
        import_sound(path)
    soundfile.write(path, np.zeros(48_000), 48_000)
    with pytest.raises(SilentClip):
        import_sound(path)
    soundfile.write(path, np.full(48_000, 0.5), 48_000)
    with pytest.raises(ConstantClip, match=r"0\.5"):
        import_sound(path)
    soundfile.write(path, np.full(48_000, np.inf), 48_000, subtype="FLOAT")
    with pytest.raises(NonFiniteClip, match="48000 samples"):
        import_sound(path)
    soundfile.write(path, np.random.default_rng(1).standard_normal(48_000) * 0.1, 48_000)
    path.write_bytes(path.read_bytes()[:-20_000])
    with pytest.raises(DamagedSound):
        import_sound(path)
    soundfile.write(path, np.ones(round((LONGEST_S + 6.0) * 8_000), np.int16), 8_000)
    with pytest.raises(AudioFileError, match=r"lasts 10\.1 minutes, and at most 10 can be imported: cut the part out"):
        import_sound(path)
