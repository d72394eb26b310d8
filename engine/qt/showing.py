# SPDX-License-Identifier: GPL-3.0-or-later
"""Showing: what the panels see of the loop that plays, as the person moves things and the worker finds things out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.qt.baking import Baker, LoopInHand
from engine.qt.options import ProvedSeam, StudioOptions
from engine.qt.stage import Stage
from engine.qt.study import Study
from engine.qt.worker_queue import WorkerQueue
from engine.values import LoopCandidate, LoopFindings, LoopRegion
from engine.worker.jobs import Pictures

REBAKE_MS = 40
"""While the overlap slider moves, the loop is baked and sent at most so often."""
PROVE_MS = 250
"""Once the overlap has rested for so long, the seam is proved anew."""


class Showing(QObject):
    """Owns the stage.

    Signals
    -------
    loop_changed(LoopView), baked_again(): the loop that plays sounds different, chosen(loop id, LoopCandidate): the
    person chose this of the loop that plays, told again when it was judged, failed(StudioError)

    Parameters
    ----------
    wanted
        Loop ids of which it is worth to know something, besides the one that plays.
    """

    loop_changed = Signal(object)
    baked_again = Signal()
    chosen = Signal(int, object)
    failed = Signal(object)

    def __init__(
        self,
        worker: WorkerQueue,
        next_id: Callable[[], int],
        baker: Baker,
        wanted: Callable[[], set[int]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.stage: Stage | None = None
        self._told_choice: tuple[int, LoopCandidate] | None = None
        self._baker = baker
        self._wanted = wanted
        self._study = Study(worker, next_id, self)
        self._study.learned.connect(self._on_learned)
        self._study.measured.connect(self._on_measured)
        self._study.failed.connect(self.failed)
        self._rebaking = _timer(self, REBAKE_MS, self._on_rebaking_due)
        self._proving = _timer(self, PROVE_MS, self.prove)

    def close(self) -> None:
        """No timer runs any more."""
        self._rebaking.stop()
        self._proving.stop()

    def look_at(self, loop: LoopInHand, options: StudioOptions) -> None:
        """What the panels show of a loop that plays or is to play is found out, as far as it is not known."""
        stage = self.stage
        if not self._baker.knows(loop.loop_id):
            self._study.measure(loop, options.overlap_ms)
        if stage is None or not stage.is_drawn(loop.loop_id):
            self._study.draw(loop)
        is_searched = stage is not None and stage.is_searched(loop.loop_id)
        if not is_searched and len(loop.findings.candidates) == 1 and loop.findings.proof is None:
            # A starter or a take, of which only the recipe's loop is known.
            self._study.find_candidates(loop, options)

    def lead(self, loop: LoopInHand, options: StudioOptions) -> None:
        """This one plays now; what is not known of it follows when the worker has it."""
        if self.stage is None:
            self.stage = Stage(loop, self._baker)
        else:
            self.stage.lead(loop)
            self._forget_others()
        self.loop_changed.emit(self.stage.view())
        # Whichever way it came, and whatever was forgotten of it since it was last looked at.
        self.look_at(loop, options)

    def choose_candidate(self, index: int) -> None:
        """Play another of the loop finder's candidates."""
        if self.stage is not None and 0 <= index < len(self.stage.candidates):
            self.set_region(self.stage.candidates[index].region)

    def set_region(self, region: LoopRegion) -> None:
        """Play this region of the clip, and judge it."""
        stage = self.stage
        if stage is None or region.loop_end > stage.playing.clip.n_samples:
            return
        stage.choose(region)
        self.bake_again()
        self._tell_choice(stage)
        self.prove()

    def _tell_choice(self, stage: Stage) -> None:
        choice = stage.playing.loop_id, stage.candidate
        if stage.is_chosen and choice != self._told_choice:
            self._told_choice = choice
            self.chosen.emit(*choice)

    def bake_soon(self) -> None:
        """The overlap or the loudness moves."""
        if not self._rebaking.isActive():
            self._rebaking.start()

    @Slot()
    def _on_rebaking_due(self) -> None:
        self.bake_again()
        self._proving.start()

    def bake_again(self) -> None:
        """The same loop, baked anew, to be swapped in place."""
        if self.stage is not None:
            self.stage.bake_again()
            self.baked_again.emit()
            self.loop_changed.emit(self.stage.view())

    @Slot()
    def prove(self) -> None:
        """Have the seam that plays measured, unless it is."""
        stage = self.stage
        if stage is not None and stage.proof is None:
            self._study.judge(stage.playing, stage.candidate.region, stage.overlap_ms, stage.findings.algorithm)

    @Slot(object, object)
    def _on_learned(self, loop: LoopInHand, news: Pictures | LoopFindings | ProvedSeam) -> None:
        stage = self.stage
        if stage is None:
            return
        stage.learn(loop.loop_id, news)
        # What came too late is of no use.
        self._forget_others()
        if stage.playing.loop_id == loop.loop_id:
            if not stage.is_baked_as_wished:
                # What is known now of its seam may ask for another crossfade.
                self.bake_again()
            self.loop_changed.emit(stage.view())
            self._tell_choice(stage)
            if isinstance(news, LoopFindings):
                self.prove()

    @Slot(int, float)
    def _on_measured(self, loop_id: int, lufs: float) -> None:
        self._baker.learn(loop_id, lufs)
        stage = self.stage
        if stage is not None and stage.playing.loop_id == loop_id and not stage.is_baked_as_wished:
            self.bake_again()

    def _forget_others(self) -> None:
        if self.stage is not None:
            self.stage.forget_others(self._wanted())


def _timer(showing: Showing, interval_ms: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(showing)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(slot)
    return timer
