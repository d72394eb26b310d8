# SPDX-License-Identifier: GPL-3.0-or-later
"""The looper records phrases of what comes in, cut to whole bars, as loops of a jam's layers."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

import numpy as np
from psygnal import Signal

from engine.errors import LooperBusy, NoInputOpen, NothingToOverdub, OutOfRange, StudioError
from engine.loops.phrases import ASIDE_S, OVERLAP_MS
from engine.session.jam.jam import Jam
from engine.session.jam.phrase_loops import edge_samples, faded, gain_of, groove_of, joined, recipe_of_phrase
from engine.session.jam.shaping import Answer, Material, unless_failed
from engine.session.ports import Jobs, NextId, Player
from engine.units import seconds_to_samples
from engine.values import BarLock, Clip, FloatArray, JobFailed, MusicFacts, PlaybackSnapshot
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam import Groove, JamLoop, JamState, LayerName
from engine.values.looper import LONGEST_PHRASE_S, MOST_LOOP_BARS, PHRASE_BARS, LooperState
from engine.worker.jam_jobs import LoopPhraseJob, PhraseLooped

LATE_S = 0.25
"""Seconds after a bar line up to which a phrase begins or ends with it: it was meant."""
START_S = 0.3
"""Seconds from a first phrase's end to the bar line with which the jam starts, at least."""
PHRASE = "Phrase"
"""Title of a phrase, with its number."""


class Played(Protocol):
    """Played is what comes in, by the frames of the output's tape that were heard meanwhile."""

    def begin(self, frame: int) -> None:
        """Keep what is played from a frame on."""

    def samples(self, first: int, end: int) -> FloatArray | None:
        """Return what was played, ``(n_frames, 2)``; None until all of it is there."""

    def end(self) -> None:
        """Keep nothing any more."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase that is recorded: by bars, or by frames where there are none yet."""

    layer: LayerName
    is_overdub: bool
    begins_at: Fraction | None
    first: int | None = None
    ends_at: Fraction | None = None
    end: int | None = None


class Looper:
    """The looper is told what a performer does; undo and redo are the layer's own: back and forward.

    Signals
    -------
    changed(LooperState), failed(StudioError)

    Attributes
    ----------
    played
        What comes in; None while no input is open.
    """

    changed = Signal(object)
    failed = Signal(object)

    def __init__(self, jam: Jam, player: Player, jobs: Jobs, next_id: NextId) -> None:
        self._jam, self._jobs, self._next_id = jam, jobs, next_id
        self.played: Played | None = None
        self._phrase: _Phrase | None = None
        self._last: PlaybackSnapshot | None = None
        self._state = LooperState()
        self._n_phrases = self._n_looping = 0
        # By how much louder a layer's loop is than what came in, of which it was made.
        self._gains: dict[LayerName, float] = {}
        player.snapshot_taken.connect(self._on_snapshot)
        jam.changed.connect(self._on_jam_changed)

    @property
    def state(self) -> LooperState:
        """Return what is shown of it."""
        return self._state

    # --- what is asked for --------------------------------------------------------------------------------------------

    def record(self, name: LayerName) -> None:
        """Begin a phrase, or end the one that is recorded. Raises NoInputOpen, LooperBusy."""
        self._press(name, is_overdub=False)

    def overdub(self, name: LayerName) -> None:
        """Begin to add to a layer's loop, or end that. Raises NoInputOpen, LooperBusy, NothingToOverdub."""
        self._press(name, is_overdub=True)

    def cancel(self) -> None:
        """Record no phrase."""
        self._phrase = None
        if self.played is not None:
            self.played.end()
        self._tell()

    def halve(self, name: LayerName) -> None:
        """Have a layer's loop be its first half. Raises OutOfRange for one bar, NothingToOverdub."""
        loop = self._loop_of(name)
        if loop.bars % 2:
            raise OutOfRange(name="length of the loop", value=loop.bars, low=2, high=MOST_LOOP_BARS)
        n = len(loop.baked.samples) // 2
        # The second half leads to the first no more: what the half ends with goes over into its own start.
        samples = loop.baked.samples[:n].copy()
        self._reshape(loop, joined(samples, loop.baked.samples[-edge_samples() :]), loop.bars // 2)

    def double(self, name: LayerName) -> None:
        """Have a layer's loop be twice itself. Raises OutOfRange, NothingToOverdub."""
        loop = self._loop_of(name)
        if 2 * loop.bars > MOST_LOOP_BARS:
            raise OutOfRange(name="length of the loop", value=2 * loop.bars, low=1, high=MOST_LOOP_BARS)
        self._reshape(loop, np.concatenate([loop.baked.samples] * 2), 2 * loop.bars)

    # --- pressing -----------------------------------------------------------------------------------------------------

    def _press(self, name: LayerName, *, is_overdub: bool) -> None:
        phrase = self._phrase
        if phrase is None:
            self._begin(name, is_overdub=is_overdub)
        elif (phrase.layer, phrase.is_overdub) == (name, is_overdub):
            self._end(phrase)
        else:
            raise LooperBusy(layer=str(phrase.layer))
        self._tell()

    def _begin(self, name: LayerName, *, is_overdub: bool) -> None:
        played, jam = self.played, self._jam
        if played is None or self._last is None:
            raise NoInputOpen
        if is_overdub and (not jam.is_running or jam.layers[name].playing is None):
            raise NothingToOverdub(layer=str(name))
        if jam.is_running:
            line = self._line_near(self._last, 0)
            self._phrase = _Phrase(name, is_overdub, line)
            first = self._frame_of(line)
        elif any(layer.playing is not None for layer in jam.layers.values()):
            jam.start(count_in=True)
            self._phrase = _Phrase(name, is_overdub, Fraction(0))
            first = self._last.tape_frame
        else:
            first = self._frame_now()
            self._phrase = _Phrase(name, is_overdub, None, first)
        played.begin(first - self._margin)

    def _end(self, phrase: _Phrase) -> None:
        assert self._last is not None
        if phrase.ends_at is not None or phrase.end is not None:
            return
        if phrase.begins_at is None:
            self._phrase = replace(phrase, end=self._frame_now())
            return
        if self._last.bars < float(phrase.begins_at):
            # Pressed again before it began: it was not meant.
            self.cancel()
            return
        line = max(self._line_near(self._last, 1), phrase.begins_at + 1)
        n_bars = int(line - phrase.begins_at)
        if not phrase.is_overdub:
            n_bars = next((one for one in PHRASE_BARS if one >= n_bars), PHRASE_BARS[-1])
        self._phrase = replace(phrase, ends_at=phrase.begins_at + n_bars)

    def _line_near(self, told: PlaybackSnapshot, least: int) -> Fraction:
        """Return the bar line that is meant: the one that was just passed, or the next."""
        bar = math.floor(told.bars)
        is_meant = (told.bars - bar) * self._bar_s < LATE_S and bar >= least
        return Fraction(bar if is_meant else bar + 1)

    @property
    def _bar_s(self) -> float:
        groove = self._jam.groove
        return groove.beats_per_bar * 60.0 / groove.bpm

    @property
    def _margin(self) -> int:
        return seconds_to_samples(ASIDE_S + OVERLAP_MS / 1000.0, STUDIO_SAMPLE_RATE)

    def _frame_of(self, line: Fraction) -> int:
        """Return the frame of the tape with which a line of the clock is heard."""
        assert self._last is not None
        bars = float(line) - self._last.bars
        return self._last.tape_frame + math.ceil(bars * self._bar_s * STUDIO_SAMPLE_RATE - 1e-3)

    def _frame_now(self) -> int:
        """Return the frame that is heard now; told only so often, by the clock."""
        assert self._last is not None
        since_s = max(0.0, time.monotonic() - self._last.heard_at_s) if self._last.heard_at_s else 0.0
        return self._last.tape_frame + seconds_to_samples(min(since_s, 1.0), STUDIO_SAMPLE_RATE)

    # --- recording ----------------------------------------------------------------------------------------------------

    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        if self._jam.is_running and self._jam.sender.is_starting:
            # The bars are those of another clock.
            return
        self._last = snapshot
        phrase = self._phrase
        if phrase is None or self.played is None:
            return
        if phrase.begins_at is None:
            self._go_on_freely(phrase, self.played)
        else:
            self._go_on(phrase, phrase.begins_at, self.played)

    def _go_on(self, phrase: _Phrase, begins_at: Fraction, played: Played) -> None:
        assert self._last is not None
        if phrase.ends_at is None and self._last.bars >= float(begins_at) + PHRASE_BARS[-1]:
            phrase = self._phrase = replace(phrase, ends_at=begins_at + PHRASE_BARS[-1])
            self._tell()
        if phrase.ends_at is None:
            return
        first, end = self._frame_of(begins_at), self._frame_of(phrase.ends_at)
        samples = played.samples(first - self._margin, end + self._margin)
        if samples is None:
            return
        self._finish()
        if phrase.is_overdub:
            self._add(phrase.layer, samples[self._margin : -self._margin], begins_at)
        else:
            bars = int(phrase.ends_at - begins_at)
            self._loop(phrase.layer, samples, bars, self._jam.groove, begins_at)

    def _go_on_freely(self, phrase: _Phrase, played: Played) -> None:
        assert self._last is not None
        assert phrase.first is not None
        if phrase.end is None:
            if self._last.tape_frame - phrase.first >= LONGEST_PHRASE_S * STUDIO_SAMPLE_RATE:
                self._phrase = replace(phrase, end=self._last.tape_frame)
                self._tell()
            return
        samples = played.samples(phrase.first - self._margin, phrase.end + self._margin)
        if samples is None:
            return
        self._finish()
        groove, bars = groove_of((phrase.end - phrase.first) / STUDIO_SAMPLE_RATE, self._jam.groove)
        self._loop(phrase.layer, samples, bars, groove, None, ended=phrase.end)

    def _finish(self) -> None:
        self._phrase = None
        if self.played is not None:
            self.played.end()
        self._tell()

    def _on_jam_changed(self, state: JamState) -> None:
        if not state.is_running and self._phrase is not None and self._phrase.begins_at is not None:
            self.cancel()

    # --- loops --------------------------------------------------------------------------------------------------------

    def _loop(
        self,
        name: LayerName,
        samples: FloatArray,
        bars: int,
        groove: Groove,
        begins_at: Fraction | None,
        *,
        ended: int = 0,
    ) -> None:
        """Have a phrase cut to its bars, and then played in step."""
        facts = MusicFacts(groove.bpm, None, groove.beats_per_bar, bars)
        n = len(samples) - 2 * self._margin

        def looped(result: PhraseLooped | JobFailed) -> None:
            self._count_looping(-1)
            if isinstance(result, JobFailed):
                error = result.error
                self.failed.emit(error if isinstance(error, StudioError) else StudioError(detail=str(error)))
                return
            material = Material(
                name, result.clip, recipe_of_phrase(self._next_title(), result.clip, facts), facts, bars
            )
            self._jam.shaper.shape(material, groove, self._shaped(name, groove, begins_at, ended))

        self._count_looping(1)
        clip = Clip(samples, STUDIO_SAMPLE_RATE)
        self._jobs.submit(LoopPhraseJob(self._next_id(), clip, self._margin, n, facts), looped)

    def _shaped(self, name: LayerName, groove: Groove, begins_at: Fraction | None, ended: int) -> Answer:
        def shaped(loop: JamLoop) -> None:
            self._gains[name] = gain_of(loop)
            if begins_at is not None:
                self._put_in_step(loop, begins_at)
                return
            self._jam.set_tempo(groove.bpm)
            # The next bar line of what the player goes on with.
            since_s = (self._frame_now() - ended) / STUDIO_SAMPLE_RATE
            n_bars = math.ceil((since_s + START_S) / self._bar_s)
            self._jam.take(name, loop)
            self._jam.start(lead_in_s=n_bars * self._bar_s - since_s, anchor=Fraction(-n_bars))

        return unless_failed(self.failed.emit, shaped)

    def _add(self, name: LayerName, samples: FloatArray, begins_at: Fraction) -> None:
        """Add a phrase to a layer's loop, round after round."""
        layer = self._jam.layers[name]
        loop, anchor = layer.playing, layer.anchor
        if loop is None or not loop.fits(self._jam.groove):
            self.failed.emit(NothingToOverdub(layer=str(name)))
            return
        begins = (begins_at - (anchor or Fraction(0))) % loop.bars
        out, n = loop.baked.samples.copy(), len(loop.baked.samples)
        at = round(float(begins) / loop.bars * n)
        added = faded(samples) * np.float32(self._gains.get(name, 1.0))
        for first in range(0, len(added), n):
            piece = added[first : first + n]
            places = np.arange(at, at + len(piece)) % n
            out[places] += piece
        clip = Clip(out, STUDIO_SAMPLE_RATE, wraps=True)
        facts = MusicFacts(loop.groove.bpm, None, loop.groove.beats_per_bar, loop.bars)
        baked = replace(loop.baked, samples=out)
        recipe = recipe_of_phrase(self._next_title(), clip, facts)
        added_to = replace(loop, loop_id=self._next_id(), clip=clip, facts=facts, baked=baked, recipe=recipe)
        self._put_in_step(added_to, anchor or Fraction(0))

    def _reshape(self, loop: JamLoop, samples: FloatArray, bars: int) -> None:
        facts = MusicFacts(loop.groove.bpm, None, loop.groove.beats_per_bar, bars)
        clip = Clip(samples, STUDIO_SAMPLE_RATE, wraps=True)
        anchor = self._jam.layers[loop.layer].anchor or Fraction(0)
        answer = unless_failed(self.failed.emit, lambda one: self._put_in_step(one, anchor))
        self._jam.shaper.shape(Material(loop.layer, clip, loop.recipe, facts, bars), loop.groove, answer)

    def _loop_of(self, name: LayerName) -> JamLoop:
        loop = self._jam.layers[name].playing
        if loop is None:
            raise NothingToOverdub(layer=str(name))
        return loop

    def _next_title(self) -> str:
        self._n_phrases += 1
        return f"{PHRASE} {self._n_phrases}"

    def _put_in_step(self, loop: JamLoop, anchor: Fraction) -> None:
        """Queue a loop for the next bar, where it is as if a turn of it had begun at a line."""
        jam = self._jam
        if jam.is_running and loop.fits(jam.groove):
            jam.sender.send(loop, BarLock(loop.bars, anchor=anchor, fade_ms=jam.fade_ms), jam.groove)
        else:
            jam.swap(loop.layer, loop)

    def _count_looping(self, step: int) -> None:
        self._n_looping += step
        self._tell()

    def _tell(self) -> None:
        phrase, is_looping = self._phrase, self._n_looping > 0
        state = (
            LooperState(is_looping=is_looping)
            if phrase is None
            else LooperState(phrase.layer, phrase.is_overdub, phrase.begins_at, phrase.ends_at, is_looping)
        )
        if state != self._state:
            self._state = state
            self.changed.emit(state)
