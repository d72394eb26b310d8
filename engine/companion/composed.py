# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in composer plays along with a recording: by its beats, its chords and its key."""

from __future__ import annotations

import bisect
import math
import statistics

import numpy as np

from engine.companion.predictor import PredictMode, PredictOrder
from engine.dsp.loudness import louder, loudness_gain
from engine.errors import NoPulse
from engine.generators.base import GeneratorSettings, finished
from engine.generators.service import make_clip
from engine.library.importing import TARGET_LUFS, fitted
from engine.listening.listen import listen
from engine.values import Clip, ClipRequest, GivenBeats, Guide
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.heard_music import HeardMusic

USUAL_STYLE = "a band"
"""Words that the composer is given where the order has none: it reads no style in them, and takes its usual one."""
_TEMPO_BEATS = 8  # at the end of the recording, whose median is the tempo that goes on
_TURNS = (8, 4, 2, 1)  # bars after which chords come again


class ComposerPredictor:
    """This predictor has the built-in composer play; it computes in the process that calls it."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._settings = settings

    def predict(self, clip: Clip, seconds: float, order: PredictOrder) -> Clip:
        clip = fitted(clip)
        heard = listen(clip)
        guide = heard.guide if order.mode is PredictMode.ACCOMPANY else going_on(heard, seconds)
        if guide is None:
            raise NoPulse
        request = ClipRequest(
            1,
            order.style.strip() or USUAL_STYLE,
            "composer",
            "",
            seconds,
            seed=order.seed,
            key=heard.key,
            layer=order.parts,
            guide=guide,
        )
        made = finished(make_clip(request, self._settings)).clip
        return _as_long(_as_loud(made, heard), seconds)


def going_on(heard: HeardMusic, seconds: float) -> Guide | None:
    """Return the beats and chords that come after a recording; None where it has no beats.

    The beats go on at the tempo of its end, within its bars. The chords of its last bars come again: eight of them, or
    as many of four, two and one as there are.
    """
    beats, guide = heard.beats, heard.guide
    if beats is None or guide is None:
        return None
    steps = np.diff(beats.times_s[-_TEMPO_BEATS - 1 :])
    step_s = statistics.median(float(one) for one in steps)
    n_ahead = max(1, math.ceil((beats.duration_s - beats.times_s[-1]) / step_s - 0.5))
    first_s = max(0.0, beats.times_s[-1] + n_ahead * step_s - beats.duration_s)
    bars = beats.bars()
    # In beats of the recording's bars: the bar that it broke off in goes on.
    first = (len(bars) - 1) * beats.per_bar + bars[-1].missing + bars[-1].n_beats - 1 + n_ahead
    # A bar begins in it, however short it is.
    n_beats = max(2 * beats.per_bar, math.ceil((seconds - first_s) / step_s) + 1)
    times_s = tuple(first_s + one * step_s for one in range(n_beats))
    downs = tuple(one for one in range(n_beats) if (first + one) % beats.per_bar == 0)
    after = GivenBeats(times_s, times_s[-1] + step_s, beats.metre, downs)
    return Guide.on_beats(after, _chords_again(guide, after, first))


def _chords_again(guide: Guide, after: GivenBeats, first: int) -> list[tuple[float, str]]:
    """Return chords with their seconds for beats that go on at beat ``first`` of the guide's bars, as those went."""
    if not guide.chords:
        return []
    assert guide.beats is not None
    n_whole = guide.bars - (guide.beats.bars()[-1].n_beats < after.per_bar)
    turn = next((one for one in _TURNS if one <= n_whole), 1)
    begins = [one.at for one in guide.chords]
    out: list[tuple[float, str]] = []
    for number, time_s in enumerate(after.times_s):
        bar, beat = divmod(first + number, after.per_bar)
        while bar >= max(1, n_whole):
            bar -= turn
        place = max(0, bar) + beat / after.per_bar
        name = guide.chords[max(0, bisect.bisect_right(begins, place) - 1)].name
        if not out or out[-1][1] != name:
            out.append((time_s, name))
    return out


def _as_loud(made: Clip, heard: HeardMusic) -> Clip:
    """Return a clip that came in by the gate, as loud as the recording is, and never beyond full scale."""
    if heard.loudness_lufs is None:
        return made
    peak = float(np.abs(made.samples).max())
    return louder(made, min(loudness_gain(TARGET_LUFS, heard.loudness_lufs), 1.0 / max(peak, 1e-9)))


def _as_long(made: Clip, seconds: float) -> Clip:
    n_samples = round(seconds * STUDIO_SAMPLE_RATE)
    samples = made.samples[:n_samples]
    missing = n_samples - len(samples)
    return Clip(np.pad(samples, ((0, missing), (0, 0))) if missing > 0 else samples, STUDIO_SAMPLE_RATE)
