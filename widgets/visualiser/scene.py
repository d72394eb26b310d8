# SPDX-License-Identifier: GPL-3.0-or-later
"""The visual scene is what the visualiser's views draw: loops that fade into one another, the levels, the beat."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.units import SILENCE_DB, samples_to_seconds
from engine.values import ByteArray, FloatArray, LoopRegion, PeakPyramid
from engine.values.live import LiveReading
from widgets import theme
from widgets.live.levels import LiveLevels
from widgets.timeline.music_grid import Bars

FADE_S: Final = 0.7
"""Seconds that a loop takes to come or go at least: a cut in the sound is none in the picture."""
AHEAD_S: Final = 0.25
"""Seconds for which a playhead goes on by itself at most, where nothing more is told."""
SHORTEST_PULSE_S: Final = 0.5
"""Seconds between two pulses at least: faster music pulses on some of its beats alone (WCAG 2.3.1)."""
PULSE_FALL: Final = 3.5
"""Steepness with which a pulse fades over its beat."""
OFFBEAT: Final = 0.55
"""Strength of a pulse that begins no bar."""
QUIET_DB, LOUD_DB = -66.0, -12.0
"""Levels of a band, dB re a full-scale sine, that are shown as nothing and as all."""
STEREO_FADE: Final = 0.85
"""Share of its brightness that the stereo image keeps from frame to frame, when nothing is heard any more."""


@dataclass(frozen=True, eq=False, slots=True)
class VisualLoop:
    """A visual loop is what the visualiser shows of a loop: positions are samples of its clip.

    Attributes
    ----------
    peaks
        Of the whole clip; None until they are drawn.
    bars
        Where its bars lie; None where they are not known.
    title, prompt, facts
        Words about it; prompt and facts may be "".
    """

    loop_id: int
    sample_rate: int
    region: LoopRegion
    peaks: PeakPyramid | None
    bars: Bars | None
    title: str
    prompt: str
    facts: str


@dataclass(frozen=True, slots=True)
class Heard:
    """This value tells what is heard of the loops, at the moment ``at_s`` of a monotonic clock.

    Attributes
    ----------
    loop_id
        Of the loop that leads; None while none does.
    sample
        Where its playhead is in its clip.
    incoming_id, fade
        Of the loop that comes in, and how much of its crossfade was heard, in [0, 1]; None and 0 between takeovers.
    """

    loop_id: int | None = None
    sample: float = 0.0
    incoming_id: int | None = None
    fade: float = 0.0
    at_s: float = 0.0


class ShownLoop:
    """A shown loop has its opacity, in [0, 1], and a playhead that goes on between what is told of it.

    Attributes
    ----------
    phase
        The part of the loop that is over, in [0, 1); None before its playhead is known.
    """

    def __init__(self, loop: VisualLoop) -> None:
        self.loop = loop
        self.opacity = 0.0
        self.phase: float | None = None
        self._sample, self._at_s = 0.0, 0.0

    @property
    def turn_s(self) -> float:
        """Return how long one turn of it is, seconds."""
        return samples_to_seconds(self.loop.region.n_samples, self.loop.sample_rate)

    @property
    def sample(self) -> float:
        """Return the sample of its clip that the playhead is on."""
        region = self.loop.region
        return region.loop_start + (self.phase or 0.0) * region.n_samples

    def put(self, sample: float, at_s: float) -> None:
        """Take where the playhead was at that moment."""
        self._sample, self._at_s = sample, at_s
        self.go_on(at_s)

    def go_on(self, now_s: float, most_s: float = math.inf) -> None:
        """Have the playhead be where it is now, ``most_s`` after what was told at most."""
        if self.phase is None and not self._at_s:
            return
        passed_s = min(max(now_s - self._at_s, 0.0), most_s)
        region = self.loop.region
        samples = self._sample - region.loop_start + passed_s * self.loop.sample_rate
        self.phase = samples / region.n_samples % 1.0


class VisualScene:
    """The visual scene moves towards what it is told, and comes to rest when nothing is heard.

    Attributes
    ----------
    levels
        Of bands and spectrum, which rise at once and sink slowly.
    stereo
        The stereo image as ``LiveReading`` has it; None where nothing is to be seen of it.
    shown
        The loops, the leading one last.
    is_running, is_paused
        Of the music.
    """

    def __init__(self) -> None:
        self.levels = LiveLevels()
        self.stereo: ByteArray | None = None
        self.shown: list[ShownLoop] = []
        self.is_running = self.is_paused = False
        self._heard = Heard()

    @property
    def leading(self) -> ShownLoop | None:
        """Return the loop that leads; None before the first."""
        return self.shown[-1] if self.shown else None

    @property
    def moves(self) -> bool:
        """Return whether the music moves."""
        return self.is_running and not self.is_paused

    def set_loop(self, loop: VisualLoop) -> None:
        """Show this loop as the leading one; one that is another fades in over those before it."""
        leading = self.leading
        if leading is not None and leading.loop.loop_id == loop.loop_id:
            moved = leading.loop.region != loop.region
            leading.loop = loop
            if moved:
                leading.phase = None
            return
        self.shown.append(ShownLoop(loop))
        if self._heard.loop_id == loop.loop_id:
            self.shown[-1].put(self._heard.sample, self._heard.at_s)

    def set_heard(self, heard: Heard) -> None:
        """Take what is heard now."""
        self._heard = heard
        for one in self.shown:
            if one.loop.loop_id == heard.loop_id:
                one.put(heard.sample, heard.at_s)

    def advance(self, seconds: float, now_s: float, reading: LiveReading | None) -> None:
        """Move by ``seconds`` to the moment ``now_s``, towards a reading; None is silence."""
        if reading is not None and float(reading.bands_db.max()) <= SILENCE_DB:
            reading = None
        self.levels.advance(seconds, reading)
        if reading is not None:
            self.stereo = reading.stereo
        elif self.stereo is not None:
            faded = (self.stereo * np.float32(STEREO_FADE)).astype(np.uint8)
            self.stereo = faded if faded.any() else None
        step = seconds / FADE_S
        for one in self.shown:
            goal = self._opacity(one)
            one.opacity = min(max(goal, one.opacity - step), one.opacity + step)
            if self.moves:
                one.go_on(now_s, AHEAD_S if one.loop.loop_id == self._heard.loop_id else math.inf)
        self.shown = [one for one in self.shown if one.opacity > 0.0 or one is self.leading]

    def _opacity(self, one: ShownLoop) -> float:
        """Return how much of a loop is to be seen: as much as is heard of it."""
        is_leading, heard = one is self.leading, self._heard
        if heard.incoming_id is None or not self.is_running:
            return float(is_leading)
        if heard.incoming_id == one.loop.loop_id:
            return heard.fade
        # Before the middle the loop that comes in is not known yet.
        comes_known = any(other.loop.loop_id == heard.incoming_id for other in self.shown)
        return 1.0 - heard.fade if is_leading or comes_known else 0.0

    def is_at_rest(self) -> bool:
        """Return whether nothing of it moves any more."""
        levels = self.levels
        sunk = bool((levels.held_db <= SILENCE_DB).all() and (levels.curve_db <= QUIET_DB).all())
        settled = len(self.shown) < 2 and all(one.opacity == self._opacity(one) for one in self.shown)
        return not self.moves and sunk and settled and self.stereo is None

    def pulse(self) -> float:
        """Return the strength of the pulse, in [0, 1]: all where a bar begins, less at other beats, sinking between.

        There is none while the music stands still, where no bars are known, and where little is to move.
        """
        leading = self.leading
        if leading is None or leading.phase is None or not self.moves or theme.is_still():
            return 0.0
        bars = leading.loop.bars
        if bars is None:
            return 0.0
        beat_s = bars.bar_samples / bars.beats_per_bar / leading.loop.sample_rate
        whole = (one for one in range(1, bars.beats_per_bar) if bars.beats_per_bar % one == 0)
        every = next((one for one in whole if one * beat_s >= SHORTEST_PULSE_S), bars.beats_per_bar)
        beats = (leading.sample - bars.first_sample) / bars.bar_samples % 1.0 * bars.beats_per_bar
        since = beats % every
        strength = 1.0 if beats < every else OFFBEAT
        return strength * math.exp(-PULSE_FALL * since / every) * leading.opacity


def shares(levels_db: FloatArray) -> FloatArray:
    """Return levels in dB as shares of what is shown, in [0, 1]."""
    out: FloatArray = np.clip((levels_db - QUIET_DB) / (LOUD_DB - QUIET_DB), 0.0, 1.0).astype(np.float32)
    return out
