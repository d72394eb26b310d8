# SPDX-License-Identifier: GPL-3.0-or-later
"""The conductor: the state machine on the engine thread that keeps the music going and tells the panels about it.

It computes nothing: generators, the analysis worker and the audio process do, and it hands values between them.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.errors import DeviceError, StudioError, WorkerDied, WorkerHung
from engine.generators.conform import STUDIO_SAMPLE_RATE
from engine.library.starters import Starter, load_starters, nearest_starter
from engine.playback.commands import DeviceLost, Devices, Opened, TookOver
from engine.qt.links import ChildLink, Link, close_together
from engine.qt.maker import ClipMaker
from engine.qt.options import Happening, NextState, Places, ProvedSeam, StudioOptions
from engine.qt.player_link import Opening, PlayerLink
from engine.qt.shelf import Shelf
from engine.qt.stage import LoopInHand, Stage
from engine.qt.study import Study
from engine.qt.succession import Succession
from engine.qt.worker_queue import WorkerQueue
from engine.values import LoopFindings, LoopRegion, PlaybackSnapshot
from engine.worker.jobs import Pictures

_log = logging.getLogger(__name__)

REBAKE_MS = 40
"""While the overlap slider moves, the loop is baked and sent at most so often."""
PROVE_MS = 250
"""Once the overlap has rested for so long, the seam is proved anew."""


class Conductor(QObject):
    """Commands come in as slots, facts go out as signals. Lives on the engine thread.

    Signals
    -------
    running_changed(bool), loop_changed(LoopView), snapshot_taken(PlaybackSnapshot), progress_changed(Progress | None),
    next_changed(NextState), failed(StudioError), device_changed(str, StudioError | None), takes_changed(tuple of Take),
    devices_listed(tuple of OutputDevice), saved(str), happened(Happening)
    """

    running_changed = Signal(bool)
    loop_changed = Signal(object)
    snapshot_taken = Signal(object)
    progress_changed = Signal(object)
    next_changed = Signal(object)
    failed = Signal(object)
    device_changed = Signal(str, object)
    takes_changed = Signal(object)
    devices_listed = Signal(object)
    saved = Signal(str)
    happened = Signal(object)

    def __init__(self, options: StudioOptions, places: Places) -> None:
        super().__init__()
        self._options = options
        self._starters_folder = Path(places.starters_folder)
        self._next_id = itertools.count(1).__next__
        self._starters: tuple[Starter, ...] = ()
        self._speed = 1.0
        self._running = False
        self._stage: Stage | None = None
        # The prompt that what is shown was chosen for, or that is being served.
        self._served_prompt = options.prompt
        self._made_for: StudioOptions | None = None
        self._last_failure = ""
        self._build(places)

    def _build(self, places: Places) -> None:
        """Put the parts together, before this object moves to its thread: from then on nothing is connected any more.

        (Why: see ``Watch``.)
        """
        log = places.log
        self._player = PlayerLink(self, log=log)
        worker_link = ChildLink("engine.worker.process", "analysis", self, log=log)
        generator_link = ChildLink("engine.generators.host", "generator", self, log=log)
        self._links: list[Link] = [self._player, worker_link, generator_link]
        self._worker = WorkerQueue(worker_link, self)
        self._maker = ClipMaker(generator_link, self._worker, self._next_id, self)
        self._maker.made.connect(self._on_made)
        self._maker.progressed.connect(self.progress_changed)
        self._maker.failed.connect(self._on_making_failed)
        self._succession = Succession(self._player)
        self._study = Study(self._worker, self._next_id, self)
        self._study.learned.connect(self._on_learned)
        self._study.failed.connect(self._report)
        self._shelf = Shelf(self._worker, self._next_id, self)
        self._shelf.takes_changed.connect(self.takes_changed)
        self._shelf.loaded.connect(self._on_loaded)
        self._shelf.saved.connect(self._on_saved)
        self._shelf.failed.connect(self._report)
        self._player.received.connect(self._on_player_message)
        self._player.died.connect(self._on_player_died)
        self._rebaking = _timer(self, REBAKE_MS, self._on_rebaking_due)
        self._proving = _timer(self, PROVE_MS, self._prove)
        self._player.set_volume(self._options.volume)
        for link in self._links:
            link.died.connect(self._on_process_died)

    # --- life -----------------------------------------------------------------------------------------------------

    @Slot()
    def begin(self) -> None:
        """Start the processes and show the first loop. Called once, on the engine thread."""
        for link in self._links:
            link.start()
        try:
            self._starters = load_starters(self._starters_folder)
        except (StudioError, OSError, ValueError, KeyError, TypeError) as error:
            self._report(error)
        # The list first: it is a moment's work, drawing and searching are not.
        self._shelf.open(self._options.library_folder)
        self._show_starter()

    @Slot()
    def close(self) -> None:
        """End every process this conductor started. Called once, on the engine thread, last."""
        self._rebaking.stop()
        self._proving.stop()
        self._maker.close()
        self._worker.clear()
        close_together([link.release() for link in self._links])

    # --- commands -------------------------------------------------------------------------------------------------

    @Slot(object)
    def set_options(self, options: StudioOptions) -> None:
        """Work from these options from now on."""
        before, self._options = self._options, options
        if options.volume != before.volume:
            self._player.set_volume(options.volume)
        if options.overlap_ms != before.overlap_ms and not self._rebaking.isActive():
            self._rebaking.start()
        if self._running and (options.device, options.latency_s) != (before.device, before.latency_s):
            self._open()
        if options.library_folder != before.library_folder:
            self._shelf.open(options.library_folder)
        if self._running and self._made_for is not None and options.asks_for_other_music(self._made_for):
            self._succession.ready = None
            self._succession.hurry = self._succession.hurry or options.prompt != self._made_for.prompt
            self._make()

    @Slot()
    def start(self) -> None:
        """AVVIA: sound at once, and the next loop in the making."""
        if self._running:
            return
        self._shelf.call_off()
        if self._stage is None or self._served_prompt != self._options.prompt:
            self._show_starter()
        self._start_with_shown()

    def _start_with_shown(self) -> None:
        if self._stage is None:
            self._report(StudioError(detail="no starter loop was found"))
            return
        self._running = True
        self._stage.bake_again(self._options.overlap_ms)
        self._open()
        self._player.play(self._stage.playing.loop_id, self._stage.baked)
        self.running_changed.emit(True)
        self._tell_playing()
        self._make()

    @Slot()
    def stop(self) -> None:
        """FERMA: fade out, and cancel what is being made."""
        if not self._running:
            return
        self._running = False
        self._player.stop()
        self._maker.cancel()
        self._shelf.call_off()
        self._succession.clear()
        self.progress_changed.emit(None)
        self.next_changed.emit(NextState("idle"))
        self.running_changed.emit(False)
        self.happened.emit(Happening("Stopped"))

    @Slot(int)
    def choose_candidate(self, index: int) -> None:
        """Play another of the loop finder's candidates."""
        if self._stage is not None and 0 <= index < len(self._stage.candidates):
            self._stage.choose(self._stage.candidates[index].region)
            self._bake_again()
            self._prove()

    @Slot(object)
    def set_region(self, region: LoopRegion) -> None:
        """Play the region that the person dragged, and judge it."""
        stage = self._stage
        if stage is None or region.loop_end > stage.playing.clip.n_samples:
            return
        stage.choose(region)
        self._bake_again()
        self._prove()

    @Slot(str)
    def save(self, path: str) -> None:
        """SALVA: write the loop that plays."""
        if self._stage is not None:
            self._shelf.save(self._stage.baked, path)

    @Slot(str)
    def play_take(self, take_id: str) -> None:
        """Bring a take back from the library and play it next."""
        self._shelf.load(take_id)

    @Slot()
    def list_devices(self) -> None:
        """Ask for ``devices_listed``."""
        self._player.list_devices()

    @Slot(float)
    def hasten(self, speed: float) -> None:
        """From the next start on play on a silent clock, ``speed`` times faster than life: hours in minutes."""
        self._speed = speed

    # --- making ---------------------------------------------------------------------------------------------------

    def _make(self) -> None:
        self._made_for = self._options
        self._served_prompt = self._options.prompt
        self._last_failure = ""
        self.next_changed.emit(NextState("making"))
        self._maker.make(self._options)

    @Slot(object)
    def _on_made(self, loop: LoopInHand) -> None:
        self._last_failure = ""
        self.progress_changed.emit(None)
        self.happened.emit(Happening.of_found(loop.recipe))
        self._get_ready(loop)
        self._shelf.keep(loop)

    def _get_ready(self, loop: LoopInHand) -> None:
        self._succession.ready = loop
        self._study.draw(loop)
        self.next_changed.emit(NextState("ready", title=loop.recipe.title))

    @Slot(object, float)
    def _on_making_failed(self, error: StudioError, retry_s: float) -> None:
        self.progress_changed.emit(None)
        # Each try may fail alike: that is told once.
        if str(error) != self._last_failure:
            self._last_failure = str(error)
            self._report(error)
        self.next_changed.emit(NextState("failed", retry_s=retry_s, error=error))

    # --- showing --------------------------------------------------------------------------------------------------

    def _show_starter(self) -> None:
        """The starter that suits the prompt, unless it is shown already."""
        starter = nearest_starter(self._starters, self._options.prompt)
        if starter is None or (self._stage is not None and self._stage.playing.clip is starter.clip):
            return
        self._served_prompt = self._options.prompt
        self._show(LoopInHand.of_recipe(self._next_id(), starter.clip, starter.recipe, is_starter=True))

    def _show(self, loop: LoopInHand) -> None:
        """Make ``loop`` the one that plays; its candidates and pictures follow when the worker has them."""
        self._lead(loop)
        self._study.draw(loop)
        self._study.find_candidates(loop, self._options)

    def _lead(self, loop: LoopInHand) -> None:
        if self._stage is None:
            self._stage = Stage(loop, self._options.overlap_ms)
        else:
            self._stage.lead(loop, self._options.overlap_ms)
            self._stage.forget_others(self._succession.loop_ids())
        self.loop_changed.emit(self._stage.view())

    @Slot(object, object)
    def _on_learned(self, loop: LoopInHand, news: Pictures | LoopFindings | ProvedSeam) -> None:
        stage = self._stage
        if stage is None:
            return
        stage.learn(loop.loop_id, news)
        # What came too late is of no use.
        stage.forget_others(self._succession.loop_ids())
        if stage.playing is loop:
            self.loop_changed.emit(stage.view())
            if isinstance(news, LoopFindings):
                self._prove()

    @Slot()
    def _prove(self) -> None:
        """Have the seam that plays measured, unless it is."""
        stage = self._stage
        if stage is not None and stage.proof is None:
            self._study.judge(stage.playing, stage.candidate.region, stage.overlap_ms, stage.findings.algorithm)

    # --- playing --------------------------------------------------------------------------------------------------

    @Slot()
    def _on_rebaking_due(self) -> None:
        self._bake_again()
        self._proving.start()

    def _bake_again(self) -> None:
        """The overlap or the region changed: the same loop, baked anew, swapped in place."""
        stage = self._stage
        if stage is None:
            return
        stage.bake_again(self._options.overlap_ms)
        if self._running:
            self._player.replace(stage.playing.loop_id, stage.baked)
            self._succession.send_again(stage, self._options.overlap_ms)
        self.loop_changed.emit(stage.view())

    def _open(self) -> None:
        options, speed = self._options, self._speed
        self._player.open(Opening(options.device, STUDIO_SAMPLE_RATE, options.latency_s, speed != 1.0, speed))

    def _on_took_over(self, loop_id: int) -> None:
        loop = self._succession.took_over(loop_id)
        if loop is None or self._stage is None:
            return
        self._lead(loop)
        self._player.lead(loop_id, self._stage.baked)
        self._prove()
        self._tell_playing()
        # What still waits was to come in at the bars of the loop before.
        self._succession.send_again(self._stage, self._options.overlap_ms)
        if self._succession.is_empty and not self._maker.is_busy:
            self._make()

    def _tell_playing(self) -> None:
        if self._stage is not None:
            self.happened.emit(Happening("Playing “{title}”", {"title": self._stage.playing.recipe.title}))

    @Slot(object)
    def _on_player_message(self, message: Any) -> None:
        match message:
            case PlaybackSnapshot():
                self.snapshot_taken.emit(message)
                if self._running and self._stage is not None:
                    options = self._options
                    self._succession.consider(
                        self._stage, message, min_play_s=options.min_play_s, overlap_ms=options.overlap_ms
                    )
            case TookOver(loop_id=loop_id):
                self._on_took_over(loop_id)
            case Opened(device=device):
                self.device_changed.emit(device, None)
            case DeviceLost(error=error):
                self.device_changed.emit("", error)
                self._report(error)
            case Devices(devices=devices):
                self.devices_listed.emit(devices)

    @Slot(object)
    def _on_player_died(self, _error: StudioError) -> None:
        # The next one goes on with what leads.
        self._succession.call_back()

    @Slot(object)
    def _on_process_died(self, error: StudioError) -> None:
        # A process that dies as often as it is started tells nothing new.
        link = self.sender()
        if isinstance(link, Link) and link.n_deaths == 1:
            self._tell_failure(error)

    @Slot(object)
    def _on_loaded(self, loop: LoopInHand) -> None:
        """A take: it comes next, or begins the music."""
        if self._running:
            self._maker.cancel()
            self.progress_changed.emit(None)
            self._succession.hurry = True
            self._get_ready(loop)
            self._study.find_candidates(loop, self._options)
        else:
            self._show(loop)
            self._start_with_shown()

    @Slot(str)
    def _on_saved(self, path: str) -> None:
        self.saved.emit(path)
        self.happened.emit(Happening("Saved {path}", {"path": path}))

    # --- failures -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _report(self, error: Exception) -> None:
        # The end of a process is told by its link, whatever it was doing.
        if not isinstance(error, WorkerDied | WorkerHung):
            self._tell_failure(error if isinstance(error, StudioError) else StudioError(detail=str(error)))

    def _tell_failure(self, error: StudioError) -> None:
        if not isinstance(error, DeviceError):
            _log.warning("%s", error)
        self.failed.emit(error)


def _timer(conductor: Conductor, interval_ms: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(conductor)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(slot)
    return timer
