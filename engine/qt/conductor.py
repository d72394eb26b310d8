# SPDX-License-Identifier: GPL-3.0-or-later
"""The conductor: the state machine on the engine thread that keeps the music going and tells the panels about it.

It computes nothing: generators, the analysis worker and the audio process do, and it hands values between them.
"""

from __future__ import annotations

import itertools
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.errors import AudioFileError, DeviceError, StudioError, WorkerDied, WorkerHung
from engine.generators.conform import STUDIO_SAMPLE_RATE
from engine.library.starters import Starter, load_starters, nearest_starter
from engine.playback.commands import DeviceLost, Devices, Opened, TookOver
from engine.qt.links import ChildLink, Link, close_together
from engine.qt.maker import ClipMaker
from engine.qt.options import Happening, NextState, StudioOptions
from engine.qt.player_link import Opening, PlayerLink
from engine.qt.stage import LoopInHand, Stage
from engine.qt.worker_queue import WorkerQueue
from engine.values import JobFailed, LoopRegion, LoopSearch, PlaybackSnapshot, Take
from engine.worker.jobs import (
    DrawJob,
    Exported,
    ExportJob,
    FindJob,
    Found,
    Listed,
    ListJob,
    Loaded,
    LoadJob,
    Pictures,
    Scored,
    ScoreJob,
    Stored,
    StoreJob,
)

_log = logging.getLogger(__name__)

REBAKE_MS = 40
"""While the overlap slider moves, the loop is baked and sent at most so often."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the conductor finds and leaves things.

    Attributes
    ----------
    starters_folder
        The starter loops that ship with the studio.
    log
        Where child processes write their logs, or None for this process's stderr.
    """

    starters_folder: str
    log: IO[str] | None = None


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
        self._places = places
        self._ids = itertools.count(1)
        self._links: list[Link] = []
        self._starters: tuple[Starter, ...] = ()
        self._takes: tuple[Take, ...] = ()
        self._speed = 1.0
        self._running = False
        self._stage: Stage | None = None
        # The prompt that what is shown was chosen for, or that is being served.
        self._served_prompt = options.prompt
        self._made_for: StudioOptions | None = None
        self._last_failure = ""
        self._ready: LoopInHand | None = None
        # Handed to the audio process and not yet heard to lead, oldest first: only the last still waits to come in.
        self._coming: dict[int, LoopInHand] = {}
        # Whether the next loop (the first, another prompt's, a take) is to come in at a bar, not in its time.
        self._hurry = False
        self._coming_hurries = False
        self._wanted_take = ""

    def _next_id(self) -> int:
        return next(self._ids)

    # --- life -----------------------------------------------------------------------------------------------------

    @Slot()
    def begin(self) -> None:
        """Start the processes and show the first loop. Called once, on the engine thread."""
        log = self._places.log
        self._player = PlayerLink(self, log=log)
        worker_link = ChildLink("engine.worker.process", "analysis", self, log=log)
        generator_link = ChildLink("engine.generators.host", "generator", self, log=log)
        self._links = [self._player, worker_link, generator_link]
        self._worker = WorkerQueue(worker_link, self)
        self._maker = ClipMaker(generator_link, self._worker, self._next_id, self)
        self._maker.made.connect(self._on_made)
        self._maker.progressed.connect(self.progress_changed)
        self._maker.failed.connect(self._on_making_failed)
        self._player.received.connect(self._on_player_message)
        self._player.died.connect(self._on_player_died)
        self._rebaking = QTimer(self)
        self._rebaking.setSingleShot(True)
        self._rebaking.setInterval(REBAKE_MS)
        self._rebaking.timeout.connect(self._bake_again)
        self._player.set_volume(self._options.volume)
        for link in self._links:
            link.died.connect(self._on_process_died)
            link.start()
        try:
            self._starters = load_starters(Path(self._places.starters_folder))
        except (StudioError, OSError, ValueError, KeyError, TypeError) as error:
            self._report(error)
        self._show_starter()
        self._worker.submit(ListJob(self._next_id(), self._options.library_folder), self._on_listed)

    @Slot()
    def close(self) -> None:
        """End every process this conductor started. Called once, on the engine thread, last."""
        if not self._links:
            return
        self._rebaking.stop()
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
            self._worker.submit(ListJob(self._next_id(), options.library_folder), self._on_listed)
        if self._running and self._made_for is not None and options.asks_for_other_music(self._made_for):
            self._ready = None
            self._hurry = self._hurry or options.prompt != self._made_for.prompt
            self._make()

    @Slot()
    def start(self) -> None:
        """AVVIA: sound at once, and the next loop in the making."""
        if self._running:
            return
        self._wanted_take = ""
        if self._stage is None or self._served_prompt != self._options.prompt:
            self._show_starter()
        self._start_with_shown()

    def _start_with_shown(self) -> None:
        if self._stage is None:
            self._report(StudioError(detail="no starter loop was found"))
            return
        self._running = True
        self._hurry = False
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
        self._ready, self._coming, self._wanted_take = None, {}, ""
        self.progress_changed.emit(None)
        self.next_changed.emit(NextState("idle"))
        self.running_changed.emit(False)
        self.happened.emit(Happening("Stopped"))

    @Slot(int)
    def choose_candidate(self, index: int) -> None:
        """Play another of the loop finder's candidates."""
        if self._stage is not None and 0 <= index < len(self._stage.candidates):
            self._stage.candidate = self._stage.candidates[index]
            self._bake_again()

    @Slot(object)
    def set_region(self, region: LoopRegion) -> None:
        """Play the region that the person dragged, and judge it."""
        stage = self._stage
        if stage is None or region.loop_end > stage.playing.clip.n_samples:
            return
        playing = stage.playing
        stage.candidate = replace(stage.candidate, region=region, bars=None)
        self._bake_again()

        def answer(result: Scored | JobFailed) -> None:
            if stage.playing is not playing or stage.candidate.region != region:
                return
            if isinstance(result, JobFailed):
                self._report(result.error)
            else:
                stage.candidate = result.candidate
                self.loop_changed.emit(stage.view())

        job = ScoreJob(self._next_id(), playing.clip, region, playing.recipe.facts)
        self._worker.submit(job, answer, instead=True)

    @Slot(str)
    def save(self, path: str) -> None:
        """SALVA: write the loop that plays."""
        if self._stage is not None:
            self._worker.submit(ExportJob(self._next_id(), self._stage.baked, path), self._on_exported)

    @Slot(str)
    def play_take(self, take_id: str) -> None:
        """Bring a take back from the library and play it next."""
        self._wanted_take = take_id
        job = LoadJob(self._next_id(), self._options.library_folder, take_id)

        def answer(result: Loaded | JobFailed) -> None:
            if self._wanted_take == take_id:
                self._wanted_take = ""
                self._on_loaded(result)

        self._worker.submit(job, answer, instead=True)

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
        best = loop.recipe.loop
        fields: dict[str, object] = {"title": loop.recipe.title, "score": f"{best.score:.2f}", "bars": best.bars}
        if best.weak:
            self.happened.emit(Happening("“{title}” hardly loops: score {score}, the best there is", fields, "warning"))
        elif best.bars:
            self.happened.emit(Happening("Loop found in “{title}”: {bars} bars, score {score}", fields))
        else:
            self.happened.emit(Happening("Loop found in “{title}”: score {score}", fields))
        self._get_ready(loop)
        job = StoreJob(self._next_id(), self._options.library_folder, loop.clip, loop.recipe)
        self._worker.submit(job, self._on_stored)

    def _get_ready(self, loop: LoopInHand) -> None:
        self._ready = loop
        self._draw(loop)
        self.next_changed.emit(NextState("ready", title=loop.recipe.title))

    @Slot(object, float)
    def _on_making_failed(self, error: StudioError, retry_s: float) -> None:
        self.progress_changed.emit(None)
        # Each try may fail alike: that is told once.
        if str(error) != self._last_failure:
            self._last_failure = str(error)
            self._report(error)
        self.next_changed.emit(NextState("failed", retry_s=retry_s))

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
        self._draw(loop)
        self._find_candidates(loop)

    def _lead(self, loop: LoopInHand) -> None:
        if self._stage is None:
            self._stage = Stage(loop, self._options.overlap_ms)
        else:
            self._stage.lead(loop, self._options.overlap_ms)
            self._stage.forget_others(self._awaited_ids())
        self.loop_changed.emit(self._stage.view())

    def _awaited_ids(self) -> set[int]:
        return set(self._coming) | ({self._ready.loop_id} if self._ready is not None else set())

    def _learn(self, loop: LoopInHand, result: Pictures | Found) -> None:
        stage = self._stage
        if stage is None:
            return
        stage.learn(loop.loop_id, result.findings if isinstance(result, Found) else result)
        stage.forget_others(self._awaited_ids())
        if stage.playing is loop:
            self.loop_changed.emit(stage.view())

    def _find_candidates(self, loop: LoopInHand) -> None:
        """Of a starter or a take, whose own loop is known: without others it plays all the same."""

        def answer(result: Found | JobFailed) -> None:
            if isinstance(result, JobFailed):
                _log.info("no candidates of “%s”: %s", loop.recipe.title, result.error)
            else:
                self._learn(loop, result)

        search = LoopSearch(self._options.algorithm, self._options.min_loop_s, facts=loop.recipe.facts)
        self._worker.submit(FindJob(self._next_id(), loop.clip, search), answer)

    def _draw(self, loop: LoopInHand) -> None:
        def answer(result: Pictures | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self._report(result.error)
            else:
                self._learn(loop, result)

        self._worker.submit(DrawJob(self._next_id(), loop.clip), answer)

    # --- playing --------------------------------------------------------------------------------------------------

    @Slot()
    def _bake_again(self) -> None:
        """The overlap or the region changed: the same loop, baked anew, swapped in place."""
        stage = self._stage
        if stage is None:
            return
        stage.bake_again(self._options.overlap_ms)
        if self._running:
            self._player.replace(stage.playing.loop_id, stage.baked)
            for loop in self._coming.values():
                self._send_takeover(loop)
        self.loop_changed.emit(stage.view())

    def _open(self) -> None:
        options, speed = self._options, self._speed
        self._player.open(Opening(options.device, STUDIO_SAMPLE_RATE, options.latency_s, speed != 1.0, speed))

    def _send_takeover(self, loop: LoopInHand) -> None:
        overlap_ms = self._options.overlap_ms
        entries = self._stage.bar_starts() if self._stage is not None and self._coming_hurries else ()
        self._player.take_over(loop.loop_id, loop.bake(overlap_ms), overlap_ms=overlap_ms, entries=entries)

    def _consider_takeover(self, snapshot: PlaybackSnapshot) -> None:
        stage, ready = self._stage, self._ready
        if stage is None or ready is None or snapshot.loop_id != stage.playing.loop_id:
            return
        # A loop that is awaited comes instead of one that waits, others after it.
        if self._coming and not self._hurry:
            return
        hurries = self._hurry or stage.playing.is_starter
        if hurries or stage.played_s(snapshot) >= self._options.min_play_s:
            self._hurry, self._coming_hurries = False, hurries
            self._ready = None
            self._coming[ready.loop_id] = ready
            self._send_takeover(ready)

    def _on_took_over(self, loop_id: int) -> None:
        if loop_id not in self._coming or self._stage is None:
            return
        order = list(self._coming)
        later = order[order.index(loop_id) + 1 :]
        loop, self._coming = self._coming[loop_id], {key: self._coming[key] for key in later}
        self._lead(loop)
        self._player.lead(loop_id, self._stage.baked)
        self._tell_playing()
        for still_waiting in self._coming.values():
            # Its entries were the bars of the loop before.
            self._send_takeover(still_waiting)
        if self._ready is None and not self._coming and not self._maker.is_busy:
            self._make()

    def _tell_playing(self) -> None:
        if self._stage is not None:
            self.happened.emit(Happening("Playing “{title}”", {"title": self._stage.playing.recipe.title}))

    @Slot(object)
    def _on_player_message(self, message: Any) -> None:
        match message:
            case PlaybackSnapshot():
                self.snapshot_taken.emit(message)
                if self._running:
                    self._consider_takeover(message)
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
        # The next one goes on with what leads; a takeover is sent to it again.
        if self._coming:
            latest = list(self._coming.values())[-1]
            self._hurry = self._hurry or self._coming_hurries
            self._coming = {}
            if self._ready is None:
                self._ready = latest

    @Slot(object)
    def _on_process_died(self, error: StudioError) -> None:
        # A process that dies as often as it is started tells nothing new.
        link = self.sender()
        if isinstance(link, Link) and link.n_deaths == 1:
            self._tell_failure(error)

    # --- the library ----------------------------------------------------------------------------------------------

    def _on_stored(self, result: Stored | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self._report(result.error)
        else:
            self._takes = (result.take, *self._takes)
            self.takes_changed.emit(self._takes)

    def _on_listed(self, result: Listed | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self._report(result.error)
        else:
            self._takes = result.takes
            self.takes_changed.emit(self._takes)

    def _on_loaded(self, result: Loaded | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self._report(result.error)
            return
        take = result.take
        if take.recipe.loop.region.loop_end > result.clip.n_samples:
            self._report(AudioFileError(path=take.audio_path, detail="it is shorter than the loop of its recipe"))
            return
        loop = LoopInHand.of_recipe(self._next_id(), result.clip, take.recipe)
        if self._running:
            self._maker.cancel()
            self.progress_changed.emit(None)
            self._hurry = True
            self._get_ready(loop)
            self._find_candidates(loop)
        else:
            self._show(loop)
            self._start_with_shown()

    def _on_exported(self, result: Exported | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self._report(result.error)
        else:
            self.saved.emit(result.path)
            self.happened.emit(Happening("Saved {path}", {"path": result.path}))

    # --- failures -------------------------------------------------------------------------------------------------

    def _report(self, error: Exception) -> None:
        # The end of a process is told by its link, whatever it was doing.
        if not isinstance(error, WorkerDied | WorkerHung):
            self._tell_failure(error if isinstance(error, StudioError) else StudioError(detail=str(error)))

    def _tell_failure(self, error: StudioError) -> None:
        if not isinstance(error, DeviceError):
            _log.warning("%s", error)
        self.failed.emit(error)
