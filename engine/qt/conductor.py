# SPDX-License-Identifier: GPL-3.0-or-later
"""The conductor: the state machine on the engine thread that keeps the music going and tells the panels about it.

It computes nothing: generators, the analysis worker and the audio process do, and it hands values between them. What a
listener does with the music that plays is the transport's, what the panels see of it is showing's.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot

from engine.errors import StudioError, WorkerLacksPart
from engine.library.starters import load_starters, nearest_starter
from engine.playback.commands import Began, DeviceLost, Devices, LatencyRaised, Opened, TookOver
from engine.qt.baking import Baker, LoopInHand
from engine.qt.face import Face
from engine.qt.guard import Guard
from engine.qt.links import ChildLink, Link, close_together
from engine.qt.maker import ClipMaker
from engine.qt.making import Making
from engine.qt.options import Happening, Places, StudioOptions
from engine.qt.player_link import Opening, PlayerLink
from engine.qt.playtime import least_play_s
from engine.qt.preparation import Preparation
from engine.qt.room_keeper import RoomKeeper
from engine.qt.shelf import Fetch, Shelf
from engine.qt.showing import Showing
from engine.qt.succession import Succession
from engine.qt.tape_keeper import TapeKeeper
from engine.qt.transport import Transport
from engine.qt.worker_queue import LIBRARY_LIMIT_S, WorkerQueue
from engine.values import Entry, PlaybackSnapshot

LONG_ENOUGH_S = 300.0
"""While nothing can be made, a loop that has played for so long gives way to an earlier one."""
KNOWN_PAST = 2
"""Of so many loops that led last, what the panels showed is kept."""


class Conductor(Face):
    """Keeps the music going. Lives on the engine thread."""

    def __init__(self, options: StudioOptions, places: Places) -> None:
        super().__init__()
        self._options = options
        self._starters_folder = Path(places.starters_folder)
        self._next_id = itertools.count(1).__next__
        self._speed = 1.0
        self._running = False
        # The prompt that what is shown was chosen for, or that is being served.
        self._served_prompt = options.prompt
        self._take: Fetch | None = None
        self._build(places)

    def _build(self, places: Places) -> None:
        """Put the parts together, before this object moves to its thread: from then on nothing is connected any more.

        (Why: see ``Watch``.)
        """
        log, options = places.log, self._options
        self._player = PlayerLink(self, log=log)
        worker_link = ChildLink("engine.worker.process", "analysis", self, log=log)
        generator_link = ChildLink("engine.generators.host", "generator", self, log=log)
        library_link = ChildLink("engine.worker.library_process", "library", self, log=log)
        self._links: list[Link] = [self._player, worker_link, library_link, generator_link]
        self._worker = WorkerQueue(worker_link, self)
        # What plays never waits for a disk: files have a process and a queue of their own.
        self._library = WorkerQueue(library_link, self, limit_s=LIBRARY_LIMIT_S)
        maker = ClipMaker(generator_link, self._worker, self._next_id, self)
        self._baker = Baker(options.overlap_ms, options.target_lufs)
        preparation = Preparation(self._worker, self._next_id)
        self._succession = Succession(self._player, preparation, self._baker)
        self._showing = Showing(self._worker, self._next_id, self._baker, self._wanted_ids, self)
        self._shelf = Shelf(self._library, self._next_id, self)
        self._room = RoomKeeper(self._library, self._next_id, self._takes_in_use, self)
        self._making = Making(maker, self._succession, lambda: (take.recipe for take in self._shelf.takes), self)
        self._transport = Transport(self._player, self._succession, self._shelf, self._next_id, self)
        self._tape = TapeKeeper(self._player, places.cache_folder, self._library, self._next_id, self)
        self._guard = Guard(self._player, self._should_play, self)
        self._connect()
        self._player.set_volume(options.volume)
        self._transport.sleep.longest_fade_s = options.sleep_fade_s

    def _connect(self) -> None:
        self._hand_on()
        self._making.made.connect(self._on_made)
        self._showing.baked_again.connect(self._on_baked_again)
        self._shelf.takes_changed.connect(self._transport.tell)
        self._shelf.tried.connect(self._room.look)
        self._shelf.fetching.connect(self._room.look_anew)
        self._room.removed.connect(self._on_takes_removed)
        self._room.failed.connect(self._shelf.tell_failure)
        self._room.warned.connect(self._report)
        self._shelf.opened.connect(self._on_library_opened)
        self._transport.comes.connect(self._on_coming)
        self._transport.sleep.is_over.connect(self.stop)
        self._tape.heard.connect(self._guard.hear)
        self._player.snapshot_taken.connect(self._on_snapshot_taken)
        self._player.received.connect(self._on_player_message)
        self._player.died.connect(self._on_player_died)
        for part in (self._making, self._showing, self._shelf, self._tape):
            part.failed.connect(self._report)
        for link in self._links:
            link.died.connect(self._on_process_died)

    def _wanted_ids(self) -> set[int]:
        return self._succession.loop_ids() | self._transport.history.loop_ids(KNOWN_PAST)

    def _takes_in_use(self) -> set[str]:
        """Those that play, come, are in memory or are being brought back."""
        stage = self._showing.stage
        playing = () if stage is None else (stage.playing.loop_id,)
        past = (one.loop_id for one in self._transport.history.loops())
        return self._shelf.in_use({*self._succession.loop_ids(), *past, *playing})

    def _should_play(self) -> bool:
        return self._running and not self._transport.is_paused

    # --- life -----------------------------------------------------------------------------------------------------

    @Slot()
    def begin(self) -> None:
        """Start the processes and show the first loop. Called once, on the engine thread."""
        for link in self._links:
            link.start()
        self._tape.start()
        self._player.expect(self._options.device, self._options.latency_s)
        try:
            self._transport.reserve.prompt = self._options.prompt
            self._transport.reserve.starters = load_starters(self._starters_folder)
        except (StudioError, OSError, ValueError, KeyError, TypeError) as error:
            self._report(error)
        # The list first: it is a moment's work, drawing and searching are not.
        self._shelf.open(self._options.library_folder, is_known=self._options.is_library_known)
        self._show_starter()

    @Slot()
    def close(self) -> None:
        """End every process this conductor started. Called once, on the engine thread, last."""
        self._running = False
        self._showing.close()
        self._transport.close()
        self._making.close()
        self._shelf.close()
        self._worker.clear()
        self._library.clear()
        close_together([*(link.release() for link in self._links), self._player.release_spare()])
        # What was heard to the end is recorded to the end.
        self._tape.close()

    # --- commands -------------------------------------------------------------------------------------------------

    @Slot(object)
    def set_options(self, options: StudioOptions) -> None:
        """Work from these options from now on."""
        before, self._options = self._options, options
        self._transport.reserve.prompt = options.prompt
        self._baker.overlap_ms, self._baker.target_lufs = options.overlap_ms, options.target_lufs
        self._transport.sleep.longest_fade_s = options.sleep_fade_s
        if options.volume != before.volume:
            self._player.set_volume(options.volume)
        if (options.overlap_ms, options.target_lufs) != (before.overlap_ms, before.target_lufs):
            self._showing.bake_soon()
        if options.transition != before.transition:
            self._succession.recall()
        if (options.device, options.latency_s) != (before.device, before.latency_s):
            if self._running:
                self._open()
            else:
                self._player.expect(options.device, options.latency_s)
        if options.library_folder != before.library_folder:
            self._shelf.open(options.library_folder, is_known=options.is_library_known)
        elif self._shelf.is_open:
            self._room.use(options.library_folder, options.room)
        made_for = self._making.made_for
        if self._running and made_for is not None and options.asks_for_other_music(made_for):
            self._succession.drop_ready()
            self._succession.hurry = self._succession.hurry or options.prompt != made_for.prompt
            self._make()

    @Slot()
    def start(self) -> None:
        """AVVIA: sound at once, and the next loop in the making."""
        if self._running:
            self._transport.pause(False)
            return
        self._forget_take()
        if self._showing.stage is None or self._served_prompt != self._options.prompt:
            self._show_starter()
        self._start_with_shown()

    def _start_with_shown(self) -> None:
        stage = self._showing.stage
        if stage is None:
            self._report(StudioError(detail="no starter loop was found"))
            return
        if self._player.lacking is not None:
            # Told again, as it was asked for again; what is missing may be there by now.
            self._tell_failure(self._player.lacking)
            self._player.start()
            return
        self._running = True
        stage.bake_again()
        self._open()
        self._transport.begin(stage.playing)
        self._guard.lead(stage.baked)
        self._player.play(stage.playing.loop_id, stage.baked)
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
        self._forget_take()
        self._succession.clear()
        self._making.end()
        self._transport.end()
        self.running_changed.emit(False)
        self.happened.emit(Happening("Stopped"))

    @Slot(str)
    def play_take(self, take_id: str) -> None:
        """Bring a take back from the library and play it next."""
        self._forget_take()
        self._take = self._shelf.load(take_id, self._on_take_loaded)

    @Slot(float)
    def hasten(self, speed: float) -> None:
        """From the next start on play on a silent clock, ``speed`` times faster than life: hours in minutes.

        What nobody can hear is not kept, metered or watched.
        """
        self._speed = speed
        if speed == 1.0:
            self._tape.start()
        else:
            self._tape.stop()

    # --- making ---------------------------------------------------------------------------------------------------

    def _make(self) -> None:
        self._served_prompt = self._options.prompt
        self._making.begin(self._options)

    @Slot(object, float)
    def _on_made(self, loop: LoopInHand, lufs: float) -> None:
        self._baker.learn(loop.loop_id, lufs)
        self._succession.add(loop)
        self._shelf.keep(loop)
        self._on_coming(loop)
        self._making.go_on(self._options)

    @Slot(object)
    def _on_coming(self, loop: LoopInHand) -> None:
        self._showing.look_at(loop, self._options)
        self._making.tell_next()
        self._transport.tell()

    # --- playing --------------------------------------------------------------------------------------------------

    def _show_starter(self) -> None:
        """The starter that suits the prompt, unless it is shown already."""
        starter, stage = nearest_starter(self._transport.reserve.starters, self._options.prompt), self._showing.stage
        if starter is None or (stage is not None and stage.playing.clip is starter.clip):
            return
        self._served_prompt = self._options.prompt
        loop = LoopInHand.of_recipe(self._next_id(), starter.clip, starter.recipe, is_starter=True)
        self._showing.lead(loop, self._options)
        self._transport.show(loop)

    @Slot()
    def _on_baked_again(self) -> None:
        stage = self._showing.stage
        if self._running and stage is not None:
            self._player.replace(stage.playing.loop_id, stage.baked)
            self._guard.lead(stage.baked)
            self._succession.recall()

    def _open(self) -> None:
        options, speed = self._options, self._speed
        self._player.open(Opening(options.device, options.latency_s, speed != 1.0, speed))

    def _on_took_over(self, loop_id: int, tape_frame: int) -> None:
        handed, stage = self._succession.took_over(loop_id), self._showing.stage
        if handed is None or stage is None:
            return
        # What is known of the loop that is left stays, as it is past or comes again.
        self._transport.lead(handed.loop, stage.as_it_plays(), goes_back=handed.goes_back)
        self._showing.lead(handed.loop, self._options)
        self._player.lead(loop_id, stage.baked)
        if not stage.part.key.sounds_like(handed.transition.incoming.key):
            # It was baked anew since it was handed over.
            self._player.replace(loop_id, stage.baked)
        self._guard.lead(stage.baked)
        self._tape.note_lead(tape_frame, stage.recipe)
        self._showing.prove()
        self._tell_playing()
        self._making.tell_next()
        self._making.go_on(self._options)

    def _tell_playing(self) -> None:
        if self._showing.stage is not None:
            self.happened.emit(Happening("Playing “{title}”", {"title": self._showing.stage.playing.recipe.title}))

    @Slot(object)
    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        self.snapshot_taken.emit(snapshot)
        stage, options = self._showing.stage, self._options
        if not self._running or stage is None:
            return
        played_s = stage.played_s(snapshot) if snapshot.loop_id == stage.playing.loop_id else 0.0
        most_s = options.max_play_s or (LONG_ENOUGH_S if self._making.makes_nothing else 0.0)
        if most_s and played_s >= most_s and not self._succession.n_ahead and not self._succession.is_held:
            self._transport.interlude()
        self._succession.consider(stage, snapshot, options.transition, min_play_s=options.least_play_s)
        least_s = least_play_s(stage.candidate, stage.turn_s, options.least_play_s)
        self._making.tell_hand(played_s, least_s, options.least_play_s)
        self._making.tell_next()
        self._making.go_on(options)

    @Slot(object)
    def _on_player_message(self, message: Any) -> None:
        match message:
            case Began(loop_id=loop_id, tape_frame=tape_frame):
                stage = self._showing.stage
                if stage is not None and stage.playing.loop_id == loop_id:
                    self._tape.note_lead(tape_frame, stage.recipe)
            case TookOver(loop_id=loop_id, tape_frame=tape_frame):
                self._on_took_over(loop_id, tape_frame)
            case Opened(device=device):
                self.device_changed.emit(device, None)
            case DeviceLost(error=error):
                self.device_changed.emit("", error)
                self._report(error)
            case LatencyRaised(asked_s=asked_s):
                self.happened.emit(
                    Happening(
                        "At {latency_ms} ms of latency sound was lost again and again: it is longer until all is calm",
                        {"latency_ms": round(1000.0 * asked_s)},
                        "warning",
                    )
                )
            case Devices(devices=devices):
                self.devices_listed.emit(devices)

    @Slot(object)
    def _on_player_died(self, error: StudioError) -> None:
        if isinstance(error, WorkerLacksPart):
            # No next one will be heard either.
            self.stop()
            return
        # The next one goes on with what leads.
        self._succession.recall(died=True)

    @Slot(object)
    def _on_process_died(self, error: StudioError) -> None:
        # A process that dies as often as it is started tells nothing new.
        link = self.sender()
        if isinstance(link, Link) and link.n_deaths == 1:
            self._tell_failure(error)

    @Slot(str)
    def _on_library_opened(self, folder: str) -> None:
        self._room.use(folder, self._options.room)
        self.library_opened.emit(folder)

    @Slot(object)
    def _on_takes_removed(self, take_ids: tuple[str, ...]) -> None:
        self._transport.history.forget_takes(take_ids)
        self._shelf.forget(take_ids)

    def _forget_take(self) -> None:
        if self._take is not None:
            self._take.is_off = True

    def _on_take_loaded(self, loop: LoopInHand) -> None:
        """A take: it comes next, or begins the music."""
        if self._running:
            self._transport.pause(False)
            self._succession.put_first(loop)
            self._succession.ask_at(Entry.NEXT_BAR)
            self._on_coming(loop)
        else:
            self._showing.lead(loop, self._options)
            self._start_with_shown()
