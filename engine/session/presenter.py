# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop presenter keeps what the panels see of the loop that plays in step with what is found out about it."""

from __future__ import annotations

from collections.abc import Callable

from psygnal import Signal

from engine.session.analysis import LoopAnalysis
from engine.session.baking import Baker, LoopInHand
from engine.session.mapping import LoopMapping
from engine.session.now_playing import NowPlaying, SetAside
from engine.session.options import LoopView, ProvedSeam, StudioOptions
from engine.session.ports import Clock, Jobs, NextId
from engine.session.seam_watch import SeamWatch
from engine.values import Clip, LoopCandidate, LoopFindings, LoopRegion, SpectrogramImage
from engine.worker.jobs import Pictures

REBAKE_S = 0.040
"""Least seconds between two bakings of the loop while the overlap slider moves."""
PROVE_S = 0.250
"""Seconds for which the overlap must not change before the seam is proved anew."""


class LoopPresenter:
    """The loop presenter owns what plays now: bakes it anew, has it analysed, and tells the panels.

    Signals
    -------
    loop_changed(LoopView), baked_again(at): the loop that plays sounds different from now on, or from this place in it,
    chosen(loop id, LoopCandidate): the person chose this of the loop that plays, told again when it was judged,
    picked(LoopCandidate before, LoopCandidate after, by hand): so the person did, dragging or among the candidates,
    failed(StudioError)

    Parameters
    ----------
    wanted
        Loop ids of which it is worth to know something, besides the one that plays.

    Attributes
    ----------
    baker
        Bakes what plays.
    seam_watch
        Has the seam that plays drawn at sample level.
    """

    loop_changed = Signal(object)
    baked_again = Signal(object)
    chosen = Signal(int, object)
    picked = Signal(object, object, bool)
    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        next_id: NextId,
        baker: Baker,
        clock: Clock,
        wanted: Callable[[], set[int]],
    ) -> None:
        self.now_playing: NowPlaying | None = None
        self._told_choice: tuple[int, LoopCandidate] | None = None
        # What SALVA is to write, whatever plays by then.
        self._aside: SetAside | None = None
        self.baker = self._baker = baker
        self._wanted = wanted
        self._analysis = LoopAnalysis(jobs, next_id)
        self.mapping = LoopMapping(jobs, next_id)
        self._analysis.learned.connect(self._on_learned)
        self._analysis.measured.connect(self._on_measured)
        self._analysis.failed.connect(self.failed.emit)
        self.seam_watch = SeamWatch(jobs, next_id)
        self.loop_changed.connect(self._watch_seam)
        self._rebaking = clock.timer(self._on_rebaking_due)
        self._proving = clock.timer(self.prove)

    def close(self) -> None:
        """Stop every timer, and ask for nothing more."""
        self.mapping.close()
        self._rebaking.stop()
        self._proving.stop()

    def look_at(self, loop: LoopInHand, options: StudioOptions) -> None:
        """Ask for what the panels show of a loop that plays or is to play, as far as it is not known."""
        now = self.now_playing
        self._analysis.window = options.spectrogram_window
        if not self._baker.knows(loop.loop_id):
            self._analysis.measure(loop, options.overlap_ms)
        if now is None or not now.is_drawn(loop.loop_id):
            self._analysis.draw(loop)
        else:
            self._redraw_if_other(loop)
        if loop.is_growing:
            return
        is_searched = now is not None and now.is_searched(loop.loop_id)
        if not is_searched and len(loop.findings.candidates) == 1 and loop.findings.proof is None:
            # A starter or a take, of which only the recipe's loop is known.
            self._analysis.find_candidates(loop, options)

    def _redraw_if_other(self, loop: LoopInHand) -> None:
        """Have a spectrogram drawn anew that was drawn with other windows; one that is being drawn is waited for."""
        now = self.now_playing
        loop_id, window = loop.loop_id, self._analysis.window
        if now is not None and now.is_drawn(loop_id) and not now.is_drawn_with(loop_id, window):
            self._analysis.redraw(loop)

    def lead(self, loop: LoopInHand, options: StudioOptions) -> None:
        """Have this loop play now; what is not known of it follows when the worker has it."""
        if self.now_playing is None:
            self.now_playing = NowPlaying(loop, self._baker, options.weights)
        else:
            self.now_playing.lead(loop)
        self._show(self.now_playing)
        # Whichever way it came, and whatever was forgotten of it since it was last looked at.
        self.look_at(loop, options)

    def retouch(self, loop: LoopInHand, options: StudioOptions, lufs: float, at: int | None) -> None:
        """Have this loop swapped for the one that plays: the same place in another clip, at once or at a place in it.

        The clips are of the same length, or one of them is the beginning of the other.
        """
        if self.now_playing is not None:
            self._baker.forget(loop.loop_id)
            self._baker.learn(loop.loop_id, lufs)
            self.now_playing.retouch(loop)
            self.baked_again.emit(at)
            self._show(self.now_playing)
            self.look_at(loop, options)
            self.prove()

    def vary(self, varied: tuple[int, Clip] | None, at: int) -> None:
        """Have a variation be heard from this place on, or the loop as it is written again; nothing else is shown."""
        if self.now_playing is not None:
            self.now_playing.vary(varied)
            self.baked_again.emit(at)

    def choose_candidate(self, index: int) -> None:
        """Play another of the loop finder's candidates."""
        if self.now_playing is not None and 0 <= index < len(self.now_playing.candidates):
            self.set_region(self.now_playing.candidates[index].region, by_hand=False)

    def use(self, options: StudioOptions) -> None:
        """Show and bake what plays by these options from now on.

        Other weights of the metrics order its candidates anew; what is heard stays what it is.
        """
        now, baker = self.now_playing, self._baker
        was, baker.overlap_ms, baker.target_lufs = _baked_by(baker), options.overlap_ms, options.target_lufs
        if was != _baked_by(baker):
            self.bake_soon()
        self._analysis.window = options.spectrogram_window
        if now is not None:
            # The spectrogram shown stays until the new one is there.
            self._redraw_if_other(now.playing)
            if options.weights != now.weights:
                now.weights = options.weights
                self._show(now)

    def _show(self, now: NowPlaying) -> None:
        self.loop_changed.emit(now.view())
        self.mapping.look_at(now)

    def set_region(self, region: LoopRegion, *, by_hand: bool = True) -> None:
        """Play this region of the clip, and judge it."""
        now = self.now_playing
        if now is None or region.loop_end > now.playing.clip.n_samples:
            return
        before = now.candidate
        now.choose(region)
        self.bake_again()
        self._tell_choice(now)
        self.picked.emit(before, now.candidate, by_hand)
        self.prove()

    def put_back(self, is_it: Callable[[int], bool], candidate: LoopCandidate) -> bool:
        """Play what of the clip was played before the person chose another; False where another loop plays by now."""
        now = self.now_playing
        if now is None or not is_it(now.playing.loop_id) or candidate.region.loop_end > now.playing.clip.n_samples:
            return False
        now.put_back(candidate)
        self.bake_again()
        self._told_choice = now.playing.loop_id, now.candidate
        self.chosen.emit(*self._told_choice)
        self.prove()
        return True

    def set_aside(self) -> None:
        """Keep what plays now for SALVA, whatever plays by then."""
        if self.now_playing is not None:
            self._aside = self.now_playing.set_aside()

    def aside_of(self, candidate: int | None) -> SetAside | None:
        """Return what plays, or what would of a candidate, as it is saved; None where there is no such."""
        now = self.now_playing
        if now is None or candidate is None:
            return None if now is None else now.set_aside()
        return now.set_aside(now.candidates[candidate]) if 0 <= candidate < len(now.candidates) else None

    def take_aside(self) -> SetAside | None:
        """Return what was set aside, else what plays; it is set aside no more."""
        aside, self._aside = self._aside, None
        return aside if aside is not None or self.now_playing is None else self.now_playing.set_aside()

    def _tell_choice(self, now: NowPlaying) -> None:
        choice = now.playing.loop_id, now.candidate
        if now.is_chosen and choice != self._told_choice:
            self._told_choice = choice
            self.chosen.emit(*choice)

    def bake_soon(self) -> None:
        """Bake the loop anew before long, as the overlap or the loudness moves."""
        if not self._rebaking.is_active:
            self._rebaking.start(REBAKE_S)

    def _on_rebaking_due(self) -> None:
        self.bake_again()
        self._proving.start(PROVE_S)

    def bake_again(self) -> None:
        """Bake the loop that plays anew, to be swapped in place."""
        if self.now_playing is not None:
            self.now_playing.bake_again()
            self.baked_again.emit(None)
            self._show(self.now_playing)

    def prove(self) -> None:
        """Have the seam that plays measured, unless it is."""
        now = self.now_playing
        if now is not None and now.proof is None and not now.playing.is_growing:
            self._analysis.judge(now.playing, now.candidate.region, now.overlap_ms, now.findings.algorithm)

    def _on_learned(self, loop: LoopInHand, news: Pictures | SpectrogramImage | LoopFindings | ProvedSeam) -> None:
        now = self.now_playing
        if now is None:
            return
        now.learn(loop.loop_id, news)
        # What came too late is of no use.
        self.forget_others()
        if now.playing.loop_id == loop.loop_id:
            if not now.is_baked_as_wished:
                # What is known now of its seam may ask for another crossfade.
                self.bake_again()
            self._show(now)
            self._tell_choice(now)
            if isinstance(news, LoopFindings):
                self.prove()
            elif isinstance(news, Pictures):
                # Other windows may have been chosen while it was drawn.
                self._redraw_if_other(loop)

    def _watch_seam(self, view: LoopView) -> None:
        if self.now_playing is not None:
            self.seam_watch.follow(self.now_playing, view)

    def _on_measured(self, loop_id: int, lufs: float) -> None:
        self._baker.learn(loop_id, lufs)
        now = self.now_playing
        if now is not None and now.playing.loop_id == loop_id and not now.is_baked_as_wished:
            self.bake_again()

    def forget_others(self) -> None:
        """Keep what is known of the loop that plays and of those that are still needed, and forget the rest."""
        if self.now_playing is not None:
            self.now_playing.forget_others(self._wanted())


def _baked_by(baker: Baker) -> tuple[float, float]:
    return baker.overlap_ms, baker.target_lufs
