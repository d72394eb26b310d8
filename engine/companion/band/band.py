# SPDX-License-Identifier: GPL-3.0-or-later
"""The band listens while somebody plays, and plans what it plays with them: two bars ahead, anew with each beat.

It begins when the pulse is sure, goes with the tempo, plays the chords that were played at this place of the round
before, as loud as is played, and ends when nothing is played any more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from engine.companion.band.bandstand import Bandstand, Sounding, laid
from engine.companion.band.ear import SILENT_DB, Ear
from engine.companion.band.pulse import Pulse
from engine.companion.timeline import Timeline
from engine.errors import OutOfRange
from engine.generators.base import GeneratorSettings
from engine.generators.composer.declared import COMPOSER_SAMPLE_RATE
from engine.generators.composer.heard import layer_of
from engine.generators.composer.making import written
from engine.generators.composer.score import Score
from engine.generators.composer.sounds import sounds_for
from engine.units import amplitude_to_db, db_to_amplitude
from engine.values import ClipRequest, FloatArray, GivenBeats, Guide, Layer, Parameters
from engine.values.guide import NO_CHORD

BLOCK_BARS = 4
"""Number of bars that are written together: the last of them leads on."""
AHEAD_BARS = 2
"""Number of bars, from the one that plays on, that are laid ahead."""
READY_BEATS = 8
"""Number of beats that must have been heard before the band begins."""
LISTEN_S = 0.2
"""Seconds of what is played after which it is listened to anew."""
QUIET_BARS = 1.0
"""Number of bars without a stroke, or a note that is held, after which the band ends."""
HELD_DB = -8.0
"""Level against what is usual from which on a note is held, and does not only ring on, dB."""
END_S = 0.4
"""Seconds in which it fades out then."""
USUAL_DB = -24.0
"""RMS at which a player is taken to play as usual, dBFS, before more is known."""
LEVELS_S = 20.0
"""Seconds over which what is usual follows the player."""
SOFTEST_DB, LOUDEST_DB = -14.0, 6.0
"""By how much softer or louder than usual the band plays at most."""
LEAST_STEP = 0.5
"""Length of the shortest beat of the session, of the present one's."""
USUAL_STYLE = "pop band"
USUAL_PARTS = Layer.named("drums,bass,chords")


class BandState(StrEnum):
    """The band listens until it is sure, plays, or has ended."""

    LISTENING = "listening"
    PLAYING = "playing"


@dataclass(frozen=True, slots=True)
class BandOrder:
    """An order says how the band plays.

    Attributes
    ----------
    style
        In words, for the composer; "" is a band's usual.
    layer
        Which parts play.
    level_db
        How loud it is against the player, dB.
    seed
        The same seed plays the same to the same.
    sounds
        As the composer's parameter of that name; "" is the usual.
    """

    style: str = ""
    layer: Layer = USUAL_PARTS
    level_db: float = -3.0
    seed: int = 1
    sounds: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Planned:
    """A plan is laid from a frame on, in the place of all that was planned from there on; no samples end the band."""

    first: int
    samples: FloatArray


@dataclass(frozen=True, slots=True)
class PlannedBeat:
    """A beat is played at this second, with this chord."""

    time_s: float
    chord: str


@dataclass(frozen=True, slots=True)
class BandTold:
    """A band tells this of what it hears.

    Attributes
    ----------
    bpm, beats_per_bar
        0 where there is no pulse.
    chord, next_chord
        Of now, and of the next bar; ``NO_CHORD`` where that is not known.
    level_db
        Of the player, dBFS.
    """

    state: BandState
    bpm: float
    beats_per_bar: int
    chord: str
    next_chord: str
    level_db: float


class Band:
    """A band is given what is played, and asked for plans.

    Parameters
    ----------
    sample_rate
        Hz, of what is played; the composer's own.
    """

    def __init__(self, order: BandOrder, settings: GeneratorSettings, sample_rate: int = COMPOSER_SAMPLE_RATE) -> None:
        if sample_rate != COMPOSER_SAMPLE_RATE:
            raise OutOfRange(name="sample rate", value=sample_rate, low=COMPOSER_SAMPLE_RATE, high=COMPOSER_SAMPLE_RATE)
        self.order, self._settings, self.sample_rate = order, settings, sample_rate
        usual = self._score(Guide.on_beats(_steady(0.5, 2 * BLOCK_BARS, 4), [(0.0, "Am"), (8.0, "F")]), "A minor")
        self._stand = Bandstand(usual, sounds_for(self._parameters, sample_rate), order.seed)
        self.ear, self.pulse = Ear(sample_rate), Pulse()
        self.state = BandState.LISTENING
        self._sounding: list[Sounding] = []
        self._listened_s = self._planned_beat = -math.inf
        self._loud_s = -math.inf
        self._usual_db: float | None = None
        self._level_db = -120.0
        self._begins_at: int | None = None
        self.say_chord: Callable[[], str] = lambda: ""
        """Returns the chord that is said to be played now, by a keyboard's left hand; "" where none is."""
        self._n_pulses = 0
        self._said = ""
        self.beats: dict[tuple[int, int], PlannedBeat] = {}
        """Each beat as it was planned the last time before it was played, by the pulse's number and its own."""

    @property
    def _parameters(self) -> Parameters:
        return Parameters({"sounds": self.order.sounds}) if self.order.sounds else Parameters()

    # --- hearing ------------------------------------------------------------------------------------------------------

    def hear(self, samples: FloatArray, first: int) -> None:
        """Take in a piece of what is played, ``(n_frames, 2)``, from a frame of the output's tape on."""
        self.ear.hear(samples, first)
        now_s = self.ear.now_s
        self._level_db = self.ear.level_db()
        usual_db = USUAL_DB if self._usual_db is None else self._usual_db
        if self.ear.has_stroke() or self._level_db > max(SILENT_DB, usual_db + HELD_DB):
            self._loud_s = now_s
        if self._level_db > SILENT_DB:
            self._follow_level(len(samples) / self.sample_rate)
        if now_s - self._listened_s >= LISTEN_S:
            self._listened_s = now_s
            heard = self.ear.beats()
            if heard is not None and self._level_db > SILENT_DB:
                self.pulse.hear(heard)

    def _follow_level(self, seconds: float) -> None:
        if self._usual_db is None:
            self._usual_db = max(self._level_db, USUAL_DB - 12.0)
        share = min(1.0, seconds / LEVELS_S)
        # What is softer for a while is meant to be; louder is what is usual soon.
        self._usual_db += (share if self._level_db > self._usual_db else 0.3 * share) * (
            self._level_db - self._usual_db
        )

    # --- planning -----------------------------------------------------------------------------------------------------

    def plan(self, now: int, margin: int) -> Planned | None:
        """Return what is to be played, if another plan is due: from ``margin`` frames after a frame on.

        ``now`` is the next frame that is taken of what was laid.
        """
        now_s = now / self.sample_rate
        if self.state is BandState.PLAYING and self._has_ended(now_s):
            self.state = BandState.LISTENING
            self._sounding = []
            self._listen_again()
            return Planned(now + margin, np.zeros((0, 2), dtype=np.float32))
        if not self.pulse.is_there or len(self.pulse.times_s) < READY_BEATS:
            return None
        if self.pulse.is_lost(self.ear.now_s):
            self._listen_again()
            return None
        beat = math.floor(self.pulse.beat_at(now_s))
        said = self.say_chord()
        if beat <= self._planned_beat and said == self._said:
            return None
        self._said = said
        if self.state is BandState.LISTENING:
            self._begin(now_s + margin / self.sample_rate)
        self._planned_beat = beat
        return self._planned(now + margin, beat)

    def told(self) -> BandTold:
        """Return what is heard."""
        pulse = self.pulse
        if not pulse.is_there:
            return BandTold(self.state, 0.0, 0, NO_CHORD, NO_CHORD, self._level_db)
        beat = max(0, math.floor(pulse.beat_at(self.ear.now_s)))
        line = self._timeline()
        next_bar = next(one for one in range(beat + 1, beat + 2 + pulse.metre) if pulse.begins_bar(one))
        return BandTold(
            self.state, 60.0 / pulse.step_s, pulse.metre, line.chord(beat), line.chord(next_bar), self._level_db
        )

    def _has_ended(self, now_s: float) -> bool:
        bar_s = self.pulse.step_s * self.pulse.metre
        return min(now_s, self.ear.now_s) - self._loud_s > QUIET_BARS * bar_s or self.pulse.is_lost(self.ear.now_s)

    def _listen_again(self) -> None:
        self.pulse, self._planned_beat = Pulse(), -math.inf
        self._n_pulses += 1

    def _begin(self, from_s: float) -> None:
        """Begin with the next bar."""
        first = math.ceil(self.pulse.beat_at(from_s))
        while not self.pulse.begins_bar(first):
            first += 1
        self._begins_at = first
        self.state = BandState.PLAYING

    def _planned(self, first: int, beat: int) -> Planned:
        pulse = self.pulse
        line = self._timeline(beat)
        last = beat + (AHEAD_BARS + 1) * pulse.metre
        end = round(pulse.time_s(last) * self.sample_rate)
        # What was played goes on to sound; what was to come is planned anew.
        self._sounding = [one for one in self._sounding if one.start < first and one.end > first]
        gain = self._gain()
        block = self._block_of(beat)
        while True:
            begin, stop = self._block(block)
            if begin >= last:
                break
            for one in self._sounds(line, begin, stop, gain):
                if first <= one.start < end and self._is_begun(one.start):
                    self._sounding.append(one)
            block += 1
        for number in range(max(0, beat), last):
            time_s = pulse.time_s(number)
            if time_s * self.sample_rate >= first and number >= (self._begins_at or 0):
                self.beats[self._n_pulses, number] = PlannedBeat(time_s, line.chord(number))
        # Beyond the end they ring on: until then there is another plan.
        samples = laid(self._sounding, first, max(first + 1, end))
        return Planned(first, samples)

    def _is_begun(self, frame: int) -> bool:
        """Return whether a sound is not before the bar with which the band begins; a stroke may be early by a hair."""
        assert self._begins_at is not None
        return frame / self.sample_rate >= self.pulse.time_s(self._begins_at) - 0.2 * self.pulse.step_s

    def _block_of(self, beat: int) -> int:
        begins = self._begins_at or 0
        return math.floor((beat - begins) / (BLOCK_BARS * self.pulse.metre))

    def _block(self, number: int) -> tuple[int, int]:
        n = BLOCK_BARS * self.pulse.metre
        begin = (self._begins_at or 0) + number * n
        return begin, begin + n

    def _sounds(self, line: Timeline, begin: int, stop: int, gain: float) -> list[Sounding]:
        try:
            guide = line.guide(begin, stop)
        except OutOfRange:
            return []
        score = self._score(guide, None)
        start = round(line.time_s(begin) * self.sample_rate)
        return [replace(one, gain=one.gain * gain) for one in self._stand.sounds(score, start)]

    def _score(self, guide: Guide, key: str | None) -> Score:
        order = self.order
        request = ClipRequest(
            1,
            order.style or USUAL_STYLE,
            "composer",
            "",
            8.0,
            seed=order.seed,
            key=key,
            layer=order.layer,
            guide=guide,
            parameters=self._parameters,
        )
        _, score = written(request, self._settings, order.seed)
        return layer_of(score, order.layer)

    def _timeline(self, beat: int | None = None) -> Timeline:
        """Return beats and chords of the session, and those that come next; what is said holds from a beat on."""
        pulse = self.pulse
        n = len(pulse.times_s)
        times = np.array([pulse.time_s(one) if one >= n - 2 * pulse.metre else pulse.times_s[one] for one in range(n)])
        # Where another tempo was taken up, the beats before it are those that fit in.
        for at in range(n - 2, -1, -1):
            times[at] = min(times[at], times[at + 1] - LEAST_STEP * pulse.step_s)
        known = [name if name != NO_CHORD else "" for name in pulse.chords]
        # The latest beat has only begun: its chord is not sure yet.
        for at in range(n):
            if not known[at] or at == n - 1:
                known[at] = known[at - 1] if at and known[at - 1] else NO_CHORD
        downbeats = list(pulse.downbeats()) or [0]
        if self._said and beat is not None:
            # The chord that is struck holds for the bars that are laid.
            end = beat + (AHEAD_BARS + 1 + BLOCK_BARS) * pulse.metre
            times = np.append(times, [pulse.time_s(one) for one in range(n, end)])
            at = min(max(0, beat), n)
            known = [*known[:at], *[self._said] * (end - at)]
            downbeats = [one for one in range(end) if pulse.begins_bar(one)]
        return Timeline(times, f"{pulse.metre}/4", tuple(downbeats), tuple(known))

    def _gain(self) -> float:
        """Return the gain of what is planned: as the player plays, against what is usual."""
        usual = USUAL_DB if self._usual_db is None else self._usual_db
        now_db = min(max(self._level_db - usual, SOFTEST_DB), LOUDEST_DB)
        own_db = amplitude_to_db(max(self._stand.usual_rms, 1e-6))
        return db_to_amplitude(usual + now_db + self.order.level_db - own_db)


def _steady(beat_s: float, bars: int, per_bar: int) -> GivenBeats:
    n = bars * per_bar
    return GivenBeats(tuple(beat_s * one for one in range(n)), beat_s * n, f"{per_bar}/4", tuple(range(0, n, per_bar)))
