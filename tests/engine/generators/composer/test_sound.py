# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests measure what the composer's clips sound like, on their samples."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from engine.dsp.loudness import integrated_lufs, true_peak_db
from engine.generators.composer.styles import styles
from engine.generators.composer.theory import MODES
from tests.engine.generators.composer.pieces import (
    HOP_LENGTH,
    Array,
    chroma,
    composed,
    mono,
    onset_envelope,
    spectrogram,
)
from tests.sampling import some

STYLES = list(styles())
BEATEN = [name for name in STYLES if styles()[name].drums is not None and name not in {"cinematic", "horror"}]


@pytest.mark.parametrize("name", some(STYLES, every=8))
def test_level(name: str) -> None:
    clip = composed(name).clip
    assert clip.wraps
    assert clip.n_channels == 2
    assert clip.sample_rate == 44100
    assert np.isfinite(clip.samples).all()
    assert integrated_lufs(clip) == pytest.approx(-16.0, abs=0.7)
    assert true_peak_db(clip) <= -1.0
    assert np.abs(clip.samples.mean(axis=0)).max() < 1e-3
    left, right = clip.samples.T
    assert np.corrcoef(left, right)[0, 1] < 0.999
    # Neither side is much louder than the other.
    assert abs(20 * np.log10(left.std() / right.std())) < 3.0


@pytest.mark.parametrize("name", some(STYLES))
def test_the_seam_is_like_any_other_place(name: str) -> None:
    result = composed(name)
    clip, bars = result.clip, result.facts.bars or 1
    steps = np.abs(np.diff(clip.samples, axis=0, prepend=clip.samples[-1:])).max(axis=1)
    assert steps[0] <= np.quantile(steps, 0.999)
    # Every bar line has a downbeat, so the seam is compared with the other bar lines: flux and level around it.
    signal = mono(clip)
    bar = clip.n_samples // bars
    beat = bar // (result.facts.beats_per_bar or 4)
    window = 2048

    def change(at: int) -> float:
        around = signal[np.arange(at - window, at + window) % signal.size]
        before, after = (np.abs(np.fft.rfft(half * np.hanning(window))) for half in (around[:window], around[window:]))
        return float(np.abs(np.log1p(50 * after) - np.log1p(50 * before)).mean())

    elsewhere = [change(at) for at in range(beat, clip.n_samples, beat)]
    assert change(0) <= 1.6 * max(elsewhere)


@pytest.mark.parametrize("name", ["ambient", "lofi", "house"])
def test_a_cut_elsewhere_would_be_seen(name: str) -> None:
    """The seam test can fail: the same clip with its end cut off has a step at its seam."""
    samples = composed(name).clip.samples
    steps = np.abs(np.diff(samples, axis=0)).max(axis=1)
    cuts = [np.abs(samples[0] - samples[-1 - cut]).max() for cut in range(9000, 12000, 37)]
    assert np.mean(np.array(cuts) > np.quantile(steps, 0.999)) > 0.25


@pytest.mark.parametrize("name", some(BEATEN, every=4))
def test_the_tempo_told_is_the_tempo_heard(name: str) -> None:
    result = composed(name)
    envelope = onset_envelope(mono(result.clip))
    envelope = envelope - envelope.mean()
    power = np.abs(np.fft.rfft(envelope)) ** 2
    likeness = np.fft.irfft(power, envelope.size) / power.sum() * envelope.size / 2
    assert result.facts.tempo_bpm is not None
    bar = 4 * 60.0 / result.facts.tempo_bpm * result.clip.sample_rate / HOP_LENGTH

    def at(lag: float) -> float:
        return float(np.interp(lag, np.arange(likeness.size), likeness))

    # A bar later the music is like itself; a bar that is 5 % off is not.
    right = at(bar)
    assert right > 1.5 * max(at(bar * 0.95), at(bar * 1.05), 0.0)


@pytest.mark.parametrize(
    ("prompt", "tonic", "mode"),
    [
        ("lofi in A minor, no drums", 9, "minor"),
        ("house in F# minor, no drums", 6, "minor"),
        ("classical in D major", 2, "major"),
        ("synthwave, mi minore, senza batteria", 4, "minor"),
        ("ambient in Bb major", 10, "major"),
        ("chiptune in C major, no drums", 0, "major"),
        ("folk in G major", 7, "major"),
    ],
)
def test_the_key_asked_for_is_the_key_heard(prompt: str, tonic: int, mode: str) -> None:
    result = composed(prompt)
    profile = chroma(mono(result.clip), result.clip.sample_rate)
    shares = {other: sum(profile[(other + step) % 12] for step in MODES[mode]) for other in range(12)}
    assert shares[tonic] > 0.85
    # A key a semitone or a tritone away explains far less.
    assert max(shares[(tonic + away) % 12] for away in (1, 6, 11)) < shares[tonic] - 0.1


@pytest.mark.parametrize("metre", ["3/4", "7/8", "5/4"])
def test_bars_have_the_metre_asked_for(metre: str) -> None:
    result = composed(f"funk {metre}", 16.0)
    beats = int(metre[0])
    assert result.facts.beats_per_bar == beats
    envelope = onset_envelope(mono(result.clip))
    envelope = envelope - envelope.mean()
    likeness = np.fft.irfft(np.abs(np.fft.rfft(envelope)) ** 2, envelope.size)
    frames_per_bar = result.clip.n_samples / (result.facts.bars or 1) / HOP_LENGTH
    by_beats = {
        n: float(np.interp(frames_per_bar * n / beats, np.arange(likeness.size), likeness))
        for n in (beats - 1, beats, beats + 1)
    }
    assert max(by_beats, key=lambda n: by_beats[n]) == beats


def _features(name: str, seed: int) -> Array:
    """Return what tells a style, each value scaled so that 1 is heard.

    They are tempo, brightness, onset density, low end, middle, high end, width, crest, how tonal the middle is, and
    how much begins on the sixteenths between the eighths.
    """
    result = composed(name, seed=seed)
    signal = mono(result.clip)
    magnitude = spectrogram(signal)
    hz = np.fft.rfftfreq(2048, 1 / 44100)
    centroid = (magnitude * hz).sum() / magnitude.sum()
    envelope = onset_envelope(signal)
    peaks = (envelope > np.roll(envelope, 1)) & (envelope >= np.roll(envelope, -1)) & (envelope > 1.5 * envelope.mean())
    beats = np.arange(envelope.size) * HOP_LENGTH / 44100 * (result.facts.tempo_bpm or 1) / 60
    between_eighths = envelope[np.abs((2 * beats) % 1 - 0.5) < 0.15].sum() / envelope.sum()
    power = (magnitude**2).sum(axis=0)
    low = power[hz < 120].sum() / power.sum()
    high = power[hz > 5000].sum() / power.sum()
    between = (hz > 300) & (hz < 3000)
    middle = power[between].sum() / power.sum()
    frames_there = magnitude[:, between] ** 2 + 1e-9
    flatness = np.median(np.exp(np.log(frames_there).mean(axis=1)) / frames_there.mean(axis=1))
    left, right = result.clip.samples.T.astype(np.float64)
    width = np.std(left - right) / np.std(left + right)
    frames = np.sqrt((magnitude**2).sum(axis=1))
    return np.array(
        [
            12 * np.log2(result.facts.tempo_bpm or 1) / 2,
            12 * np.log2(centroid) / 3,
            peaks.sum() / result.clip.duration_s,
            10 * between_eighths,
            10 * np.log10(low + 1e-6) / 3,
            10 * np.log10(middle + 1e-6) / 3,
            10 * np.log10(high + 1e-9) / 4,
            10 * np.log10(flatness) / 3,
            20 * np.log10(width + 1e-3) / 4,
            20 * np.log10(frames.max() / np.median(frames)) / 2,
        ]
    )


@pytest.mark.soak
def test_styles_differ_from_one_another() -> None:
    assert len(STYLES) >= 10
    features = {name: (_features(name, 1) + _features(name, 2)) / 2 for name in STYLES}
    for one, other in itertools.combinations(STYLES, 2):
        distance = float(np.linalg.norm(features[one] - features[other]))
        assert distance > 1.0, (one, other, distance)
        assert composed(one).facts.tags != composed(other).facts.tags


@pytest.mark.parametrize("name", some(STYLES))
def test_the_music_develops(name: str) -> None:
    """Bars differ from one another, and the piece has more than one pitch and loudness."""
    result = composed(name)
    signal = mono(result.clip)
    bars = result.facts.bars or 1
    assert bars >= 2
    each = signal[: signal.size // bars * bars].reshape(bars, -1)
    for one, other in itertools.combinations(range(bars), 2):
        assert np.corrcoef(each[one], each[other])[0, 1] < 0.999
    profile = chroma(signal, 44100)
    assert (profile > 0.04).sum() >= 4
