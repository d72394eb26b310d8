# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam follows a leader: its tempo, once that has settled, its start and stop, and its bars, without ever jumping."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from fractions import Fraction

from psygnal import Signal

from engine.errors import OutOfRange, StudioError
from engine.session.jam.jam import COLD_START_S, Jam
from engine.session.ports import Player
from engine.values import PlaybackSnapshot
from engine.values.jam import HIGHEST_JAM_BPM, LOWEST_JAM_BPM, JamState
from engine.values.together import LeaderState, TogetherState

Deed = Callable[[], None]
"""This function does something to the jam."""

FAR_S = 0.012
"""Seconds by which the bars may be off before they are brought nearer: less than that is not heard."""
NEAR_S = 0.003
"""Seconds by which they may be off before the first one."""
SOON_BARS = 0.02
"""Bars before the first one in which nothing is changed any more."""
HOPELESS_BEATS = 0.25
"""Beats from which on they are left as they are: who starts out of step has a reason, or stops and starts anew."""
NUDGE_BARS = 4
"""Bars in which they are brought nearer, by a tempo that is a little off meanwhile."""
READY_BARS = 0.8
"""Bars before the end of that in which loops of the leader's tempo are made ready."""
MOST_NUDGE = 0.01
"""Part of the tempo by which it is off meanwhile, at most."""
MOST_AFTER_TEMPO = 0.04
"""As much for bars that were in step before another tempo came, a bar or two later here than there."""
SMOOTHING = 0.05
"""Share of each look at how far they are off that counts: places are told with some jitter."""
PLACE_S = 0.1
"""Seconds between two places of the jam that are told."""
HEARD, MEASURE_S = 16, 0.15
"""Number of places by which the tempo that sounds is measured, and seconds that they span at least."""
LOOKS = 60
"""Number of looks after which how far they are off is known."""


class SoundingTempo:
    """The tempo that sounds: another one is set before its bar comes, and is known by how fast the beats go."""

    def __init__(self, bpm: float) -> None:
        self.bpm = bpm
        self._heard: deque[tuple[float, float]] = deque(maxlen=HEARD)

    def hear(self, at_s: float, beats: float, set_bpm: float) -> None:
        """Take the beats that are over at a moment, and the tempo that is set."""
        if self._heard and beats < self._heard[-1][1]:
            self._heard.clear()
        self._heard.append((at_s, beats))
        (first_s, first), (last_s, last) = self._heard[0], self._heard[-1]
        if set_bpm != self.bpm and last_s - first_s >= MEASURE_S:
            measured = 60.0 * (last - first) / (last_s - first_s)
            if abs(measured - set_bpm) < abs(measured - self.bpm):
                self.bpm = set_bpm
                self._heard.clear()


class Nudging:
    """A nudge is a tempo that sounds for ``NUDGE_BARS`` bars, and then the leader's again.

    Parameters
    ----------
    bpm, then_bpm
        The one, and the other; the same where nothing is to be done.
    """

    def __init__(self, bpm: float, then_bpm: float) -> None:
        self._bpm, self._then_bpm = bpm, then_bpm
        self._ends_at: float | None = None
        self._settles_at: float | None = None

    def is_over(self, bars: float, jam: Jam, give: Callable[[float], None]) -> bool:
        """Go on, with so many bars over, and return whether all of it was heard; ``give`` sets a tempo."""
        if self._bpm == self._then_bpm or (self._settles_at is not None and bars >= self._settles_at):
            return True
        has_come = jam.state().coming is None
        if self._ends_at is None:
            # The player has it: it sounds from the next bar on.
            if has_come and jam.groove.bpm == self._bpm:
                self._ends_at = math.floor(bars) + 1.0 + NUDGE_BARS
        elif self._bpm != jam.groove.bpm:
            if has_come and self._settles_at is None:
                self._settles_at = math.floor(bars) + 2.0
        elif has_come and bars >= self._ends_at - READY_BARS:
            give(self._then_bpm)
        return False


NO_NUDGE = Nudging(0.0, 0.0)


class JamFollower:
    """The follower is told of its leader now and then, and hears the player.

    What is heard is never moved: the jam starts in step with the leader's bars, and while it plays it is brought
    nearer by changes of its tempo of less than a hundredth, which come at a bar as every change of tempo does.

    Signals
    -------
    changed(TogetherState)
    placed(at_s, bars, bpm, beats_per_bar)
        Where the jam is, as it is heard, ten times a second: seconds of the monotonic clock, the bars that are over
        (None while it stands), and the groove that is heard.
    tempo_wanted(bpm), start_wanted(), stop_wanted()
        The performer did that here: a leader that can be told is to be told.
    failed(StudioError)
    """

    changed = Signal(object)
    placed = Signal(float, object, float, int)
    tempo_wanted = Signal(float)
    start_wanted = Signal()
    stop_wanted = Signal()
    failed = Signal(object)

    def __init__(self, jam: Jam, player: Player, now_s: Callable[[], float]) -> None:
        self._jam, self._player, self._now_s = jam, player, now_s
        self._leader = LeaderState()
        self._told = TogetherState()
        # The tempo that the leader has, and that which the jam was given last, a little off it perhaps.
        self._given: float | None = None
        self._bpm, self._was_running = jam.groove.bpm, jam.is_running
        self._is_mine = False
        self._latency_s = 0.0
        self._off_s, self._n_looks = 0.0, 0
        self._nudging = NO_NUDGE
        self._was_in_step = False
        # Bars before the first one as they were told last; None while the jam is not about to begin.
        self._lead_in: float | None = None
        # The leader's song runs, and the jam is to begin once the tempo and its loops are there.
        self._is_to_start = False
        self._sounding = SoundingTempo(jam.groove.bpm)
        self._placed_s = 0.0
        jam.lead_in_s = self.lead_in_s
        jam.changed.connect(self._on_changed)
        player.snapshot_taken.connect(self._on_snapshot)

    @property
    def state(self) -> TogetherState:
        """Return what is shown."""
        return self._told

    def follow(self, leader: LeaderState) -> None:
        """Go by what is known of the leader now."""
        before, self._leader = self._leader, leader
        if leader.source != before.source:
            self._forget_looks()
            self._given = None
        if leader.refused_bpm is not None and leader.refused_bpm != before.refused_bpm:
            low, high = f"{LOWEST_JAM_BPM:g}", f"{HIGHEST_JAM_BPM:g}"
            self.failed.emit(OutOfRange(name="tempo", value=f"{leader.refused_bpm:g}", low=low, high=high))
        if leader.bpm is not None and leader.bpm != before.bpm:
            self._nudging = NO_NUDGE
            self._give(leader.bpm)
        if leader.is_playing is not None and leader.is_playing != before.is_playing:
            # Who joins others that play already begins by oneself.
            self._is_to_start = leader.is_playing and (before.is_playing is not None or leader.source == "midi")
            if not leader.is_playing and before.is_playing is not None:
                self._do(self._jam.stop)
        if self._is_to_start and leader.bpm is not None and self._is_ready():
            self._is_to_start = False
            self._do(self._jam.start)
        self._tell()

    def lead_in_s(self) -> float:
        """Return the seconds from a start to its first bar: a bar of the leader's where there is one."""
        leader, groove = self._leader, self._jam.groove
        if leader.bpm is None:
            return COLD_START_S
        beat_s = 60.0 / leader.bpm
        earliest_s = self._now_s() + COLD_START_S + self._latency_s
        bars = (leader.beats + (earliest_s - leader.at_s) / beat_s) / groove.beats_per_bar
        line_s = leader.at_s + (math.ceil(bars) * groove.beats_per_bar - leader.beats) * beat_s
        return line_s - self._now_s() - self._latency_s

    # --- within -------------------------------------------------------------------------------------------------------

    def _is_ready(self) -> bool:
        """Return whether the loops that begin are in the jam's tempo."""
        loops = [layer.playing for layer in self._jam.layers.values()]
        return all(one is None or one.fits(self._jam.groove) for one in loops)

    def _give(self, bpm: float) -> None:
        """Have the jam go at a tempo; of a tempo that it has already nothing comes."""
        self._given = round(bpm, 2)
        coming = self._jam.state().coming or self._jam.groove
        if coming.bpm != self._given:
            self._do(lambda: self._jam.set_tempo(bpm))
        self._forget_looks()

    def _do(self, deed: Deed) -> None:
        self._is_mine = True
        try:
            deed()
        except StudioError as error:
            self.failed.emit(error)
        finally:
            self._is_mine = False

    def _on_changed(self, state: JamState) -> None:
        bpm = (state.coming or state.groove).bpm
        is_theirs = not self._is_mine
        if state.is_running != self._was_running:
            self._was_running = state.is_running
            self._sounding = SoundingTempo(state.groove.bpm)
            self._was_in_step = False
            self._lead_in = -math.inf if state.is_running and self._leader.bpm is not None else None
            self._forget_looks()
            self._place(None)
            if is_theirs:
                (self.start_wanted if state.is_running else self.stop_wanted).emit()
        if bpm != self._bpm:
            self._bpm = bpm
            if not state.is_running:
                self._sounding = SoundingTempo(state.groove.bpm)
                self._place(None)
            if is_theirs and bpm != self._given:
                self._given = bpm
                self.tempo_wanted.emit(bpm)

    def _forget_looks(self) -> None:
        self._off_s, self._n_looks = 0.0, 0
        self._tell()

    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        self._latency_s = snapshot.latency_s
        leader, groove = self._leader, self._jam.groove
        if self._jam.sender.is_starting:
            # These are still the bars of the music before.
            return
        self._hear(snapshot)
        self._align(snapshot)
        if leader.bpm is None or not self._jam.is_running or not snapshot.heard_at_s or snapshot.bars < 0.0:
            return
        if not self._nudging.is_over(snapshot.bars, self._jam, self._give):
            return
        bar_s = groove.beats_per_bar * 60.0 / leader.bpm
        theirs = (leader.beats + (snapshot.heard_at_s - leader.at_s) * leader.bpm / 60.0) / groove.beats_per_bar
        late = theirs - snapshot.bars
        off_s = (late - round(late)) * bar_s
        self._n_looks += 1
        self._off_s += max(SMOOTHING, 1.0 / self._n_looks) * (off_s - self._off_s)
        if self._n_looks >= LOOKS:
            self._tell()
            is_near = abs(self._off_s) < HOPELESS_BEATS * 60.0 / leader.bpm
            self._was_in_step |= is_near
            if self._was_in_step and abs(self._off_s) > FAR_S and self._jam.state().coming is None:
                self._nudge(leader.bpm, self._off_s / bar_s, MOST_NUDGE if is_near else MOST_AFTER_TEMPO)

    def place(self) -> None:
        """Tell where the jam is, to who asks anew."""
        self._placed_s = 0.0
        if not self._jam.is_running:
            self._place(None)

    def _hear(self, snapshot: PlaybackSnapshot) -> None:
        at_s = snapshot.heard_at_s
        if not self._jam.is_running or not at_s:
            return
        is_paused = any(one.is_paused for one in snapshot.channels)
        if not is_paused:
            self._sounding.hear(at_s, snapshot.bars * self._jam.groove.beats_per_bar, self._jam.groove.bpm)
        if at_s - self._placed_s >= PLACE_S:
            self._placed_s = at_s
            self._place(None if is_paused else snapshot.bars, at_s)

    def _place(self, bars: float | None, at_s: float | None = None) -> None:
        when_s = self._now_s() if at_s is None else at_s
        self.placed.emit(when_s, bars, self._sounding.bpm, self._jam.groove.beats_per_bar)

    def _align(self, snapshot: PlaybackSnapshot) -> None:
        """Put the clock in step once more before the first bar: a device may have taken its time to open."""
        before, bars = self._lead_in, snapshot.bars
        if before is None or bars >= 0.0:
            self._lead_in = None
            return
        self._lead_in = bars
        if before == -math.inf or bars <= before or not snapshot.heard_at_s:
            return
        self._lead_in = None
        leader, groove = self._leader, self._jam.groove
        bar_s = groove.beats_per_bar * 60.0 / groove.bpm
        is_mixed = bars + snapshot.latency_s / bar_s > -SOON_BARS
        if leader.bpm is None or leader.bpm != groove.bpm or is_mixed:
            return
        theirs = (leader.beats + (snapshot.heard_at_s - leader.at_s) * leader.bpm / 60.0) / groove.beats_per_bar
        late = theirs - bars
        if abs(late - round(late)) * bar_s > NEAR_S:
            over = Fraction(-self.lead_in_s() / bar_s).limit_denominator(10**6)
            self._player.set_clock(groove.exact_bpm, groove.beats_per_bar, bars=over)

    def _nudge(self, bpm: float, off_bars: float, most: float) -> None:
        """Have the jam make up for so many bars by a tempo that is off the leader's for a few of them."""
        share = min(max(off_bars / NUDGE_BARS, -most), most)
        nudged = round(min(max(bpm * (1.0 + share), LOWEST_JAM_BPM), HIGHEST_JAM_BPM), 2)
        if nudged != round(bpm, 2):
            self._nudging = Nudging(nudged, bpm)
            self._give(nudged)

    def _tell(self) -> None:
        known = self._n_looks >= LOOKS and self._leader.bpm is not None
        state = TogetherState(self._leader, round(1000.0 * self._off_s, 1) if known else None)
        if (state.off_ms, _shown(state.leader)) != (self._told.off_ms, _shown(self._told.leader)):
            self._told = state
            self.changed.emit(state)


def _shown(leader: LeaderState) -> tuple[object, ...]:
    """Return what is shown of a leader."""
    return leader.source, leader.bpm, leader.is_playing, leader.n_peers, leader.refused_bpm
