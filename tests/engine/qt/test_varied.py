# SPDX-License-Identifier: GPL-3.0-or-later
"""A variation is heard through the real engine, from its bar on, and then the loop as it is written again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.generators.base import finished
from engine.generators.service import make_clip
from engine.playback.mix.fades import SWAP_MS
from engine.session import varying
from engine.session.made_again import request_again
from engine.session.options import LoopView, StudioOptions
from engine.session.remaking import BEFORE_BAR_MS
from engine.units import ms_to_samples
from engine.values import Entry, FloatArray, TransitionWish
from tests.engine.qt.conftest import opener
from tests.listening import align, find_faults
from tests.soundserver import SAMPLE_RATE, SoundServer

# Two turns of music: ``test_rendering`` hears the same from a file in a moment.
pytestmark = [pytest.mark.gui, pytest.mark.audio, pytest.mark.soak]

TURNS = 1.7
CHUNK_S = 0.25
SAME = 1e-4
"""Power of a difference against the music's own below which two sounds are one."""


def made_again(view: LoopView, options: StudioOptions, variation: int) -> FloatArray:
    """Return the samples of the loop that was shown, or of a variation of it."""
    request = request_again(1, view.recipe, options.generators, variation=variation)
    assert request is not None
    made = finished(make_clip(request, options.generators))
    return made.clip.samples[view.region.loop_start : view.region.loop_end]


def test_a_variation_comes_with_a_turn_and_goes_again(
    qtbot: QtBot, sound_server: SoundServer, tmp_path: Path, options: StudioOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(varying, "FIRST_S", 3.0)
    monkeypatch.setattr(varying, "VARIED_S", 3.0)
    generators = options.generators.with_values("composer", {"sounds": "synthesised", "seed": 5, "vary": True})
    options = replace(
        options,
        prompt="drum and bass, 174 bpm, 4 bars",
        duration_s=5.0,
        transition=TransitionWish(entry=Entry.NOW, beat_match=False, overlap_ms=50.0),
        generators=generators,
        # As test machines are noisy.
        latency_s=0.2,
    )
    with opener(qtbot, tmp_path)(options) as studio, sound_server.recording() as recording:
        studio.start()
        view = studio.until_takeover()
        begun_s, turn_s = recording.seconds, view.region.n_samples / view.sample_rate
        now = studio.engine.on_thread.session.presenter.now_playing
        assert now is not None
        # The music that comes is made first.
        studio.until(lambda: now.variation == 1, "a variation is due", 60.0)
        varied_s = recording.seconds
        studio.until(lambda: recording.seconds > varied_s + TURNS * turn_s, "it turns")
        # What is shown is the loop as it is written, all the time.
        shown = [one.peaks for one in studio.views if one.loop_id == view.loop_id and one.peaks is not None]
        assert all(one is shown[0] for one in shown)
        heard = recording.samples[round((begun_s + 0.3) * SAMPLE_RATE) :]
        assert studio.failures == []
    assert find_faults(heard, SAMPLE_RATE) == [], f"told of it at {varied_s - begun_s - 0.3:.2f} s"
    written, varied = (made_again(view, options, number) for number in (0, 1))
    offset = align(heard, written)
    n, n_chunk = len(written), round(CHUNK_S * SAMPLE_RATE)
    early = ms_to_samples(BEFORE_BAR_MS + SWAP_MS, SAMPLE_RATE)
    ways: dict[int, set[bool]] = {}
    for first in range(0, len(heard) - n_chunk, n_chunk):
        turn, place = divmod(first - offset + early, n)
        if place > n - n_chunk or place < 2 * early:
            continue  # here the one becomes the other
        part, places = heard[first : first + n_chunk], np.arange(first, first + n_chunk) - offset
        is_written, is_varied = (_is(part, loop.take(places, axis=0, mode="wrap")) for loop in (written, varied))
        assert is_written or is_varied, f"something else is heard at {first / SAMPLE_RATE:.2f} s"
        if is_written != is_varied:
            ways.setdefault(turn, set()).add(is_varied)
    assert {True} in ways.values(), "a variation is heard"
    assert all(len(each) == 1 for each in ways.values()), "each turn is one or the other, from its bar on"
    order = [next(iter(ways[turn])) for turn in sorted(ways)]
    n_before = order.index(True)
    assert n_before >= 1, "it is heard as it is written first"
    assert order[n_before:] in ([True], [True, False])


def _is(heard: FloatArray, known: FloatArray) -> bool:
    gain = float((heard * known).sum() / max(1e-9, float(np.square(known).sum())))
    return bool(np.square(heard - np.float32(gain) * known).mean() < SAME * np.square(heard).mean())
