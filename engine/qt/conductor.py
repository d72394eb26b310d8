# SPDX-License-Identifier: GPL-3.0-or-later
"""The conductor: the state machine on the engine thread that keeps the music going and tells the panels about it.

It computes nothing: generators, the analysis worker and the audio process do, and it hands values between them. The one
exception is baking, a slice and a short crossfade (about 5 ms for a 30 s clip), which costs less than sending the clip
to another process and back.
"""

from __future__ import annotations

import itertools
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.errors import DeviceError, StudioError, WorkerDied
from engine.generators.conform import STUDIO_SAMPLE_RATE
from engine.library.starters import load_starters, nearest_starter
from engine.playback.commands import DeviceLost, Devices, Opened, TookOver
from engine.playback.player import Player
from engine.playback.seam import bake
from engine.qt.links import ChildLink, Watch, WorkerQueue
from engine.qt.maker import ClipMaker, LoopInHand
from engine.qt.options import Happening, LoopView, NextState, StudioOptions
from engine.units import bar_seconds, samples_to_ms, samples_to_seconds
from engine.values import (
    BakedLoop,
    JobFailed,
    LoopCandidate,
    LoopFindings,
    LoopRegion,
    LoopSearch,
    PlaybackSnapshot,
    Take,
)
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
)

_log = logging.getLogger(__name__)

START_FADE_MS = 10.0
STOP_FADE_MS = 100.0


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
        self._running = False
        self._playing: LoopInHand | None = None
        self._candidate: LoopCandidate | None = None
        self._baked: BakedLoop | None = None
        self._made_for: StudioOptions | None = None
        self._ready: LoopInHand | None = None
        self._coming: LoopInHand | None = None
        self._hurry = self._awaited = False
        self._speed = 1.0
        self._pictures: dict[int, Pictures] = {}
        self._takes: tuple[Take, ...] = ()

    def _next_id(self) -> int:
        return next(self._ids)

    # --- life -----------------------------------------------------------------------------------------------------

    @Slot()
    def begin(self) -> None:
        """Start the processes and show the first loop. Called once, on the engine thread."""
        log = self._places.log
        self._start_player()
        worker = ChildLink("engine.worker.process", self, log=log)
        worker.start()
        generators = ChildLink("engine.generators.host", self, log=log)
        generators.start()
        self._worker_link, self._generator_link = worker, generators
        self._worker = WorkerQueue(worker, self)
        self._maker = ClipMaker(generators, self._worker, self._next_id, self)
        self._maker.made.connect(self._on_made)
        self._maker.kept.connect(self._on_kept)
        self._maker.not_kept.connect(self._on_not_kept)
        self._maker.progressed.connect(self.progress_changed)
        self._maker.failed.connect(self._on_making_failed)
        self._starters = load_starters(Path(self._places.starters_folder))
        self._show(self._starter())
        self._worker.submit(ListJob(self._next_id(), self._options.library_folder), self._on_listed)

    @Slot()
    def close(self) -> None:
        """End every process this conductor started. Called once, on the engine thread, last."""
        self._watch.stop()
        self._player.close()
        self._maker.cancel()
        self._worker.clear()
        self._generator_link.close()
        self._worker_link.close()

    def _start_player(self) -> None:
        self._player = Player(log=self._places.log)
        self._watch = Watch(self._player, self)
        self._watch.received.connect(self._on_player_message)
        self._watch.died.connect(self._on_player_died)
        self._player.set_volume(self._options.volume)

    # --- commands -------------------------------------------------------------------------------------------------

    @Slot(object)
    def set_options(self, options: StudioOptions) -> None:
        """Work from these options from now on."""
        before, self._options = self._options, options
        if options.volume != before.volume:
            self._player.set_volume(options.volume)
        if options.overlap_ms != before.overlap_ms:
            self._bake_again()
        if self._running and (options.device, options.latency_s) != (before.device, before.latency_s):
            self._open()
        if options.library_folder != before.library_folder:
            self._worker.submit(ListJob(self._next_id(), options.library_folder), self._on_listed)
        if self._running and self._made_for is not None and options.asks_for_other_music(self._made_for):
            self._ready = None
            self._hurry = options.prompt != before.prompt
            self._make()

    @Slot()
    def start(self) -> None:
        """AVVIA: sound at once, and the next loop in the making."""
        if self._running:
            return
        asked_before = self._made_for is not None and not self._options.asks_for_other_music(self._made_for)
        if self._playing is None or (not asked_before and not self._playing.is_starter):
            self._show(self._starter())
        self._start_with_shown()

    def _start_with_shown(self) -> None:
        if self._playing is None or self._baked is None:
            self.failed.emit(StudioError(detail="no starter loop was found"))
            return
        self._running = True
        self._hurry = False
        self._open()
        self._player.play(self._playing.loop_id, self._baked, fade_ms=START_FADE_MS)
        self.running_changed.emit(True)
        self.happened.emit(Happening("Playing “{title}”", {"title": self._playing.recipe.title}))
        self._make()

    @Slot()
    def stop(self) -> None:
        """FERMA: fade out, and cancel what is being made."""
        if not self._running:
            return
        self._running = False
        self._player.stop(STOP_FADE_MS)
        self._maker.cancel()
        self._ready = self._coming = None
        self.progress_changed.emit(None)
        self.next_changed.emit(NextState("idle"))
        self.running_changed.emit(False)
        self.happened.emit(Happening("Stopped"))

    @Slot(int)
    def choose_candidate(self, index: int) -> None:
        """Play another of the loop finder's candidates."""
        if self._playing is not None and 0 <= index < len(self._playing.findings.candidates):
            self._candidate = self._playing.findings.candidates[index]
            self._bake_again()

    @Slot(object)
    def set_region(self, region: LoopRegion) -> None:
        """Play the region that the person dragged, and judge it."""
        if self._playing is None or self._candidate is None or region.loop_end > self._playing.clip.n_samples:
            return
        playing = self._playing
        self._candidate = replace(self._candidate, region=region, bars=None)
        self._bake_again()

        def answer(result: Scored | JobFailed) -> None:
            if self._playing is playing and self._candidate is not None and self._candidate.region == region:
                if isinstance(result, JobFailed):
                    self._report(result.error)
                else:
                    self._candidate = result.candidate
                    self._tell_loop()

        job = ScoreJob(self._next_id(), playing.clip, region, playing.recipe.facts)
        self._worker.submit(job, answer, instead=True)

    @Slot(str)
    def save(self, path: str) -> None:
        """SALVA: write the loop that plays."""
        if self._baked is not None:
            self._worker.submit(ExportJob(self._next_id(), self._baked, path), self._on_exported)

    @Slot(str)
    def play_take(self, take_id: str) -> None:
        """Bring a take back from the library and play it next."""
        job = LoadJob(self._next_id(), self._options.library_folder, take_id)
        self._worker.submit(job, self._on_loaded, instead=True)

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
        self.next_changed.emit(NextState("making"))
        self._maker.make(self._options)

    @Slot(object)
    def _on_made(self, loop: LoopInHand) -> None:
        self.progress_changed.emit(None)
        if not self._running:
            return
        best = loop.recipe.loop
        fields: dict[str, object] = {"title": loop.recipe.title, "score": f"{best.score:.2f}", "bars": best.bars}
        if best.weak:
            self.happened.emit(Happening("“{title}” hardly loops: score {score}, the best there is", fields, "warning"))
        elif best.bars:
            self.happened.emit(Happening("Loop found in “{title}”: {bars} bars, score {score}", fields))
        else:
            self.happened.emit(Happening("Loop found in “{title}”: score {score}", fields))
        self._get_ready(loop)

    def _get_ready(self, loop: LoopInHand) -> None:
        self._ready = loop
        self._draw(loop)
        self.next_changed.emit(NextState("ready", title=loop.recipe.title))

    @Slot(object)
    def _on_kept(self, take: Take) -> None:
        self._takes = (take, *self._takes)
        self.takes_changed.emit(self._takes)

    @Slot(object)
    def _on_not_kept(self, error: Exception) -> None:
        self._report(error)

    @Slot(object, float)
    def _on_making_failed(self, error: Exception, retry_s: float) -> None:
        self.progress_changed.emit(None)
        self.next_changed.emit(NextState("failed", retry_s=retry_s))
        self._report(error)

    # --- showing --------------------------------------------------------------------------------------------------

    def _starter(self) -> LoopInHand | None:
        starter = nearest_starter(self._starters, self._options.prompt)
        if starter is None:
            return None
        recipe = starter.recipe
        findings = LoopFindings(recipe.algorithm, (recipe.loop,), recipe.facts)
        return LoopInHand(self._next_id(), starter.clip, recipe, findings, is_starter=True)

    def _show(self, loop: LoopInHand | None) -> None:
        """Make ``loop`` the one that plays; its candidates and pictures follow when the worker has them."""
        if loop is None:
            return
        self._lead(loop)
        self._draw(loop)
        if loop.is_starter:
            self._find_candidates(loop)

    def _lead(self, loop: LoopInHand) -> None:
        self._playing = loop
        self._candidate = loop.recipe.loop
        self._baked = self._bake(loop, self._candidate)
        kept = {loop.loop_id} | ({self._ready.loop_id} if self._ready else set())
        self._pictures = {key: value for key, value in self._pictures.items() if key in kept}
        self._tell_loop()

    def _find_candidates(self, loop: LoopInHand) -> None:
        def answer(result: Found | JobFailed) -> None:
            if self._playing is not None and self._playing.loop_id == loop.loop_id and isinstance(result, Found):
                self._playing = replace(self._playing, findings=result.findings)
                self._tell_loop()

        search = LoopSearch(self._options.algorithm, self._options.min_loop_s, facts=loop.recipe.facts)
        self._worker.submit(FindJob(self._next_id(), loop.clip, search), answer)

    def _draw(self, loop: LoopInHand) -> None:
        def answer(result: Pictures | JobFailed) -> None:
            if isinstance(result, JobFailed):
                self._report(result.error)
                return
            self._pictures[loop.loop_id] = result
            if self._playing is not None and self._playing.loop_id == loop.loop_id:
                self._tell_loop()

        self._worker.submit(DrawJob(self._next_id(), loop.clip), answer)

    def _tell_loop(self) -> None:
        playing, candidate, baked = self._playing, self._candidate, self._baked
        if playing is None or candidate is None or baked is None:
            return
        candidates = playing.findings.candidates
        pictures = self._pictures.get(playing.loop_id)
        regions = [one.region for one in candidates]
        self.loop_changed.emit(
            LoopView(
                loop_id=playing.loop_id,
                recipe=playing.recipe,
                is_starter=playing.is_starter,
                n_samples=playing.clip.n_samples,
                sample_rate=playing.clip.sample_rate,
                candidates=candidates,
                candidate=candidate,
                current=regions.index(candidate.region) if candidate.region in regions else None,
                overlap_ms=samples_to_ms(baked.overlap_samples, baked.sample_rate),
                correlation=baked.correlation,
                peaks=pictures.peaks if pictures else None,
                spectrogram=pictures.spectrogram if pictures else None,
            )
        )

    # --- playing --------------------------------------------------------------------------------------------------

    def _bake(self, loop: LoopInHand, candidate: LoopCandidate) -> BakedLoop:
        return bake(loop.clip, candidate.region, overlap_ms=self._options.overlap_ms)

    def _bake_again(self) -> None:
        """The overlap or the region changed: the same loop, baked anew, swapped in place."""
        if self._playing is None or self._candidate is None:
            return
        self._baked = self._bake(self._playing, self._candidate)
        if self._running:
            self._player.replace(self._playing.loop_id, self._baked)
            if self._coming is not None:
                self._send_takeover(self._coming)
        self._tell_loop()

    def _open(self) -> None:
        self._player.open(
            self._options.device,
            sample_rate=STUDIO_SAMPLE_RATE,
            latency_s=self._options.latency_s,
            silent=self._speed != 1.0,
            speed=self._speed,
        )

    def _send_takeover(self, loop: LoopInHand) -> None:
        self._coming = loop
        # A loop that is awaited (the first one, or another prompt's) comes in at the next bar, others at the seam.
        entries = self._bar_starts() if self._awaited else ()
        self._player.take_over(
            loop.loop_id,
            self._bake(loop, loop.recipe.loop),
            overlap_ms=self._options.overlap_ms,
            entries=entries,
        )

    def _bar_starts(self) -> tuple[int, ...]:
        """Where the bars of the loop that plays begin, in its samples."""
        if self._playing is None or self._baked is None:
            return ()
        facts, n_samples, sample_rate = self._playing.recipe.facts, self._baked.n_samples, self._baked.sample_rate
        if not facts.tempo_bpm or not facts.beats_per_bar:
            return ()
        bar_samples = bar_seconds(facts.tempo_bpm, facts.beats_per_bar) * sample_rate
        return tuple(round(bar * bar_samples) for bar in range(round(n_samples / bar_samples)))

    def _consider_takeover(self, snapshot: PlaybackSnapshot) -> None:
        if self._ready is None or self._coming is not None or self._playing is None or self._baked is None:
            return
        if snapshot.loop_id != self._playing.loop_id:
            return
        played = snapshot.turns * self._baked.n_samples + snapshot.position_samples
        played_s = samples_to_seconds(played, self._baked.sample_rate)
        self._awaited = self._hurry or self._playing.is_starter
        if self._awaited or played_s >= self._options.min_play_s:
            self._hurry = False
            ready, self._ready = self._ready, None
            self._send_takeover(ready)

    @Slot(object)
    def _on_player_message(self, message: Any) -> None:
        match message:
            case PlaybackSnapshot():
                self.snapshot_taken.emit(message)
                if self._running:
                    self._consider_takeover(message)
            case TookOver(loop_id=loop_id):
                if self._coming is not None and self._coming.loop_id == loop_id:
                    coming, self._coming = self._coming, None
                    self._lead(coming)
                    self.happened.emit(Happening("Playing “{title}”", {"title": coming.recipe.title}))
                    self._make()
            case Opened(device=device):
                self.device_changed.emit(device, None)
            case DeviceLost(error=error):
                self.device_changed.emit("", error)
                self._report(error)
            case Devices(devices=devices):
                self.devices_listed.emit(devices)

    @Slot(object)
    def _on_player_died(self, error: WorkerDied) -> None:
        self._report(error)
        self._watch.stop()
        self._player.close()
        self._start_player()
        if self._coming is not None:
            self._ready, self._coming = self._coming, None
        if self._running and self._playing is not None and self._baked is not None:
            self._open()
            self._player.play(self._playing.loop_id, self._baked, fade_ms=START_FADE_MS)

    # --- the library ----------------------------------------------------------------------------------------------

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
        recipe = result.take.recipe
        findings = LoopFindings(recipe.algorithm, (recipe.loop,), recipe.facts)
        loop = LoopInHand(self._next_id(), result.clip, recipe, findings)
        if self._running:
            self._maker.cancel()
            self.progress_changed.emit(None)
            self._hurry = True
            self._coming = None
            self._get_ready(loop)
        else:
            self._show(loop)
            self._start_with_shown()
        self._find_candidates(loop)

    def _on_exported(self, result: Exported | JobFailed) -> None:
        if isinstance(result, JobFailed):
            self._report(result.error)
        else:
            self.saved.emit(result.path)
            self.happened.emit(Happening("Saved {path}", {"path": result.path}))

    def _report(self, error: Exception) -> None:
        known = error if isinstance(error, StudioError) else StudioError(detail=str(error))
        if not isinstance(known, DeviceError):
            _log.warning("%s", known)
        self.failed.emit(known)
