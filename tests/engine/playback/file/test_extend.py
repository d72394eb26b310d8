# SPDX-License-Identifier: GPL-3.0-or-later
"""An extended sound turns to the sample, and steps nowhere: not into its loop, not round it, not out of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.seam import Seam, bake
from engine.playback.file.extend import Extension, render_extension, split, turns_for
from engine.values import Clip, FloatArray, LoopRegion
from tests.engine.playback.material import RATE, clip_of, largest_step, noise, tone


def seam_of(clip: Clip, start: int, end: int, *, overlap_ms: float = 20.0) -> Seam:
    return Seam(clip, LoopRegion(start, end), overlap_ms=overlap_ms)


def rendered(extension: Extension, total: int, *, fade: int = 0, block: int = 4096) -> FloatArray:
    parts: list[FloatArray] = []
    fractions = list(
        render_extension(extension, total_samples=total, fade_samples=fade, write=parts.append, block_samples=block)
    )
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    return np.concatenate(parts)


@given(
    n=st.integers(2, 3000),
    bounds=st.tuples(st.integers(0, 3000), st.integers(0, 3000)),
    overlap_ms=st.sampled_from([0.0, 1.0, 10.0, 80.0]),
    turns=st.integers(1, 5),
    block_and_level=st.tuples(st.sampled_from([1, 7, 64, 513, 4096]), st.sampled_from([0.15, 0.9])),
)
@settings(max_examples=75, deadline=None)
def test_turns_are_the_baked_loop_and_the_rest_is_the_sounds_own(
    n: int, bounds: tuple[int, int], overlap_ms: float, turns: int, block_and_level: tuple[int, float]
) -> None:
    block, level = block_and_level
    low, high = sorted(min(bound, n) for bound in bounds)
    start = min(low, n - 1)
    end = max(high, start + 1)
    clip = clip_of(noise(n, level=level))
    seam = seam_of(clip, start, end, overlap_ms=overlap_ms)
    loop = bake(clip, seam.region, overlap_ms=overlap_ms).samples
    extension = Extension(seam, turns=turns)
    total = extension.n_samples
    assert total == n + (turns - 1) * seam.n_samples
    out = np.concatenate([extension.read(at, min(block, total - at)) for at in range(0, total, block)])
    # Beyond full scale too the wave is the sound's own.
    own = Extension(seam, turns=1).read(0, n)
    np.testing.assert_array_equal(own, clip.samples)
    # Up to the first seam and from the last one on it is the sound itself.
    first_way = start + (seam.n_samples if seam.at_head else seam.crossfade_at)
    np.testing.assert_array_equal(out[:first_way], own[:first_way])
    last_way = n - start - (seam.overlap_samples if seam.at_head else 0)
    np.testing.assert_array_equal(out[total - last_way :], own[n - last_way :])
    # Between them the loop turns.
    seam_at = 0 if seam.at_head else seam.crossfade_at
    for turn in range(turns - 1):
        begin = start + (turn + (1 if seam.at_head else 0)) * seam.n_samples + seam_at
        np.testing.assert_array_equal(
            out[begin : begin + seam.overlap_samples], loop[seam_at : seam_at + seam.overlap_samples]
        )
    endless = Extension(seam).read(0, start + turns * seam.n_samples)
    after_first = start + seam.n_samples
    np.testing.assert_array_equal(endless[after_first:], np.tile(loop, (turns - 1, 1)))


@pytest.mark.parametrize(("start", "end"), [(3000, 9000), (1000, 9000), (0, 9000), (3000, 12_000), (0, 12_000)])
def test_nothing_steps(start: int, end: int) -> None:
    # A tone whose phase does not fit the region: wherever two stretches were only joined, the wave would jump.
    samples = tone(12_000, turns=131)
    seam = seam_of(clip_of(samples), start, end)
    limit = 1.35 * largest_step(samples)
    extension = Extension(seam, turns=4)
    assert extension.n_samples is not None
    assert largest_step(extension.read(0, extension.n_samples)) < limit
    pieces = [piece.read(0, piece.n_samples) for piece in split(seam)]
    assert largest_step(np.concatenate(pieces)) < limit
    assert largest_step(np.concatenate([pieces[0], pieces[1], pieces[1], pieces[1], pieces[2]])) < limit


@pytest.mark.parametrize(("start", "end"), [(3000, 9000), (1000, 9000), (0, 9000), (3000, 12_000), (0, 12_000)])
def test_pieces_without_overlap_are_the_sound(start: int, end: int) -> None:
    clip = clip_of(np.clip(noise(12_000, level=0.5), -1.0, 1.0))
    pieces = split(seam_of(clip, start, end, overlap_ms=0.0))
    np.testing.assert_array_equal(np.concatenate([piece.read(0, piece.n_samples) for piece in pieces]), clip.samples)
    whole = split(seam_of(clip, start, end, overlap_ms=30.0))
    assert sum(piece.n_samples for piece in whole) == 12_000
    for piece in whole:
        together = piece.read(0, piece.n_samples)
        apart = [piece.read(at, min(77, piece.n_samples - at)) for at in range(0, piece.n_samples, 77)]
        np.testing.assert_array_equal(together, np.concatenate([together[:0], *apart]))


@given(total=st.integers(1, 60_000), fade=st.integers(0, 70_000), block=st.sampled_from([999, 65_536]))
@settings(max_examples=20, deadline=None)
def test_an_extension_lasts_to_the_sample_and_fades_at_its_end(total: int, fade: int, block: int) -> None:
    extension = Extension(seam_of(clip_of(noise(10_000)), 2000, 8000))
    out = rendered(extension, total, fade=fade, block=block)
    plain = extension.read(0, total)
    assert len(out) == total
    n_fade = min(fade, total)
    np.testing.assert_array_equal(out[: total - n_fade], plain[: total - n_fade])
    assert np.all(np.abs(out) <= np.abs(plain))
    if n_fade > 100:
        assert np.abs(out[-1]).max() < 0.001


def test_a_period_is_the_loops_length() -> None:
    seam = seam_of(clip_of(noise(30_000)), 7001, 20_011, overlap_ms=100.0)
    out = Extension(seam).read(0, 200_000)
    settled, period = 7001 + seam.n_samples, seam.n_samples
    assert period == 13_010
    np.testing.assert_array_equal(out[settled + period :], out[settled:-period])


@given(total=st.integers(0, 100_000))
@settings(max_examples=25, deadline=None)
def test_turns_are_as_few_as_last_long_enough(total: int) -> None:
    seam = seam_of(clip_of(noise(10_000)), 2000, 8000)
    turns = turns_for(seam, total)
    lasting = Extension(seam, turns=turns).n_samples
    assert lasting is not None
    assert lasting >= total
    assert turns == 1 or lasting - seam.n_samples < total


def test_places() -> None:
    seam = seam_of(clip_of(noise(10_000)), 2000, 8000)
    assert Extension(seam).place_of(1999) == (1999, 0)
    assert Extension(seam).place_of(8000) == (2000, 1)
    assert Extension(seam).place_of(2000 + 6000 * 5 + 3) == (2003, 5)
    assert Extension(seam, turns=2).place_of(2000 + 12_000 + 5) == (8005, 1)


def test_refusals() -> None:
    seam = seam_of(clip_of(noise(10_000)), 2000, 8000)
    with pytest.raises(ValueError, match="turns"):
        Extension(seam, turns=0)
    with pytest.raises(ValueError, match="leaves"):
        Extension(seam, turns=1).read(9999, 2)
    with pytest.raises(ValueError, match="leaves"):
        seam.read(5999, 2)


def test_no_more_is_asked_of_the_sound_at_once_than_a_block() -> None:
    class Counting:
        """A sound of an hour that makes itself up and counts what it is asked for at once."""

        sample_rate, n_samples, n_channels, wraps = RATE, 3600 * RATE, 2, False
        most = 0

        def read(self, first: int, n_samples: int) -> FloatArray:
            Counting.most = max(Counting.most, n_samples)
            ramp = (np.arange(first, first + n_samples) % 1000).astype(np.float32) / 2000.0
            return np.stack([ramp, -ramp], axis=1)

    seam = Seam(Counting(), LoopRegion(RATE, 3500 * RATE), overlap_ms=480.0)
    list(render_extension(Extension(seam), total_samples=20 * RATE, fade_samples=RATE, write=lambda _: None))
    assert Counting.most <= 65_536
