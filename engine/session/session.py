# SPDX-License-Identifier: GPL-3.0-or-later
"""The session puts the parts together that keep the music going, and hands values from one to another.

It computes nothing. Which loop leads is told by ``led``, whether the music runs by ``running``: all who care subscribe.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from psygnal import Signal

from engine.errors import StudioError, WorkerLacksPart
from engine.library.starters import load_starters, nearest_starter
from engine.playback.commands import Began, DeviceLost, Devices, LatencyRaised, Opened, TookOver
from engine.session.audition import Auditions
from engine.session.baking import Baker, LoopInHand
from engine.session.clip_maker import ClipMaker
from engine.session.dropped import Dropped
from engine.session.editing import Editing
from engine.session.generation import Generation
from engine.session.leading import Led
from engine.session.notices import Notices
from engine.session.options import Happening, Places, StudioOptions
from engine.session.output_watchdog import OutputWatchdog
from engine.session.pace_book import PaceBook, PaceFile
from engine.session.picked import Picked
from engine.session.playtime import least_play_s
from engine.session.ports import Opening, Ports
from engine.session.presenter import LoopPresenter
from engine.session.recording import Recording
from engine.session.retention import Retention
from engine.session.retouch import Retouch
from engine.session.running import Running
from engine.session.saving import Saving
from engine.session.streaming import Streaming
from engine.session.take_store import TakeStore
from engine.session.transition_planner import TransitionPlanner
from engine.session.transition_watch import TransitionWatch
from engine.session.transport import Transport
from engine.session.up_next import UpNext
from engine.values import ENDLESS, LoopCandidate, LoopRegion, PlaybackSnapshot

KNOWN_PAST = 2
"""Number of past loops whose pictures are kept."""


class Session:
    """The session keeps the music going; all of it runs on one thread, and nothing of it waits.

    Signals
    -------
    led(Led): another loop leads, device_changed(str, StudioError | None), devices_listed(tuple of OutputDevice)

    Attributes
    ----------
    running, player, presenter, takes, saving, retention, generation, transport, transition_watch, editing, recording
        Its parts, with signals of their own, as have ``auditions``, ``notices``, ``pace`` and ``retouch.mending``.
    """

    led = Signal(object)
    device_changed = Signal(str, object)
    devices_listed = Signal(object)

    def __init__(self, options: StudioOptions, places: Places, ports: Ports) -> None:
        self.options, self._speed = options, 1.0
        self._starters_folder = Path(places.starters_folder)
        self.next_id = next_id = itertools.count(1).__next__
        # The prompt that what is shown was chosen for, or that is being served.
        self._served_prompt = options.prompt
        player, clock = ports.player, ports.clock
        self.running, self.notices, self.player = Running(), Notices(), player
        self._baker = Baker(options.overlap_ms, options.target_lufs)
        self.up_next = UpNext(player, TransitionPlanner(ports.analysis, next_id), self._baker, clock)
        self.transition_watch = TransitionWatch(ports.analysis, next_id, self.up_next)
        self.presenter = LoopPresenter(ports.analysis, next_id, self._baker, clock, self._wanted_ids)
        self.takes = TakeStore(ports.library, next_id, clock)
        self.retention = Retention(ports.library, next_id, self._takes_in_use)
        self.pace = PaceBook(PaceFile(places.pace_file, ports.library, next_id))
        maker = ClipMaker(ports.generators, ports.analysis, next_id, clock, self.pace)
        self.generation = Generation(maker, self.running, self.up_next, self.takes.recipes)
        self.streaming = Streaming(ports, self.running, maker, self.presenter, up_next=self.up_next, next_id=next_id)
        self.retouch = Retouch(
            ports, next_id, self.running, self.presenter, up_next=self.up_next, maker=maker, options=options
        )
        self.transport = Transport(player, self.running, self.up_next, self.takes, next_id=next_id, clock=clock)
        self.picked = Picked(
            self.running,
            self.transport,
            self.generation,
            up_next=self.up_next,
            takes=self.takes,
            options=lambda: self.options,
        )
        self.dropped = Dropped(ports, next_id, self.picked, self._baker)
        self.editing = Editing(
            ports.library, next_id, self.takes, self.presenter, transport=self.transport, watch=self.transition_watch
        )
        self.recording = Recording(ports.tape, places.cache_folder, ports.library, next_id, clock)
        self.saving = Saving(ports, next_id, self.presenter, self.takes, lambda: self.options.generators)
        self.auditions = Auditions(player, self.presenter, self.running, self.notices, self.open_output)
        self._watchdog = OutputWatchdog(player, self.running, clock, lambda: self.auditions.duck)
        maker.has_earlier = self.transport.fallback_loops.has_takes
        self._connect()
        player.set_volume(options.volume)
        self.transport.sleep.longest_fade_s = options.sleep_fade_s

    def _connect(self) -> None:
        self.led.connect(self.transport.on_led)
        self.led.connect(self._play_on_with)
        for follow in (self._watchdog, self.recording, self.dropped, self.streaming):
            self.led.connect(follow.on_led)
        self.picked.comes.connect(self._on_coming)
        self.picked.begins.connect(self.start_with)
        self.picked.turned.connect(self.generate)
        self.dropped.held.connect(self.generation.hold)
        self.led.connect(self._tell_playing)
        self.generation.made.connect(self._on_made)
        self.generation.made.connect(self.picked.ready.tell)
        self.presenter.baked_again.connect(self._on_baked_again)
        self.presenter.chosen.connect(self._on_chosen)
        self.takes.takes_changed.connect(self.transport.tell)
        self.takes.tried.connect(self.retention.look)
        self.retouch.remaking.ended.connect(lambda: self.generation.go_on(self.options))
        self.takes.fetching.connect(self.retention.look_anew)
        self.takes.opened.connect(lambda folder: self.retention.use(folder, self.options.room))
        self.saving.saved.connect(self.notices.tell_saved)
        self.saving.score_saved.connect(self.notices.tell_score_saved)
        self.retention.removed.connect(self.editing.forget)
        self.retention.failed.connect(self.takes.tell_failure)
        self.retention.warned.connect(self.notices.report)
        self.transport.comes.connect(self._on_coming)
        self.transport.sleep.is_over.connect(self.stop)
        self.running.changed.connect(lambda is_on: None if is_on else self.recording.note_rest())
        self.recording.heard.connect(self._watchdog.hear)
        self.recording.kept.connect(self.notices.tell_kept)
        self.recording.recorded.connect(self.notices.tell_recorded)
        self.recording.recording_changed.connect(self.transport.set_recording)
        self.player.snapshot_taken.connect(self._on_snapshot_taken)
        self.player.received.connect(self._on_player_message)
        self.player.died.connect(self._on_player_died)
        for failing in (self.generation, self.presenter, self.takes, self.saving, self.recording, self.pace):
            failing.failed.connect(self.notices.report)
        self.notices.follow(self.retouch.mending)
        self.retouch.mending.mended.connect(self.takes.keep_anew)
        for recovering in (self.takes, self.retention):
            recovering.recovered.connect(self.notices.recovered.emit)
        for telling in (self.generation, self.transport, self._watchdog, self.retention, self.dropped, self.editing):
            telling.happened.connect(self.notices.happened.emit)

    def _wanted_ids(self) -> set[int]:
        return self.up_next.loop_ids() | self.transport.history.loop_ids(KNOWN_PAST)

    def _takes_in_use(self) -> set[str]:
        """Return the takes that play, come, are in memory or are being brought back."""
        now = self.presenter.now_playing
        playing = () if now is None else (now.playing.loop_id,)
        past = (one.loop_id for one in self.transport.history.loops())
        return self.takes.in_use({*self.up_next.loop_ids(), *past, *playing})

    # --- life ---------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the first loop and open the library. Called once, when the processes were started."""
        self.recording.start()
        self.player.expect(self.options.device, self.options.latency_s)
        try:
            self.transport.fallback_loops.use(self.options)
            self.transport.fallback_loops.starters = load_starters(self._starters_folder)
        except (StudioError, OSError, ValueError, KeyError, TypeError) as error:
            self.notices.report(error)
        # The list first: it is a moment's work, drawing and searching are not.
        self.takes.open(self.options.library_folder, is_known=self.options.is_library_known)
        self._show_starter()
        self.pace.read()

    def close(self) -> None:
        """Stop every timer and cancel what is being made. Called once, before the processes are ended."""
        self.running.is_on = False
        for part in (self.presenter, self.transport, self.generation, self.retouch, self.saving, self.takes):
            part.close()

    # --- commands -----------------------------------------------------------------------------------------------------

    def set_options(self, options: StudioOptions) -> None:
        """Work from these options from now on."""
        before, self.options = self.options, options
        self.retouch.use(options)
        self.transport.fallback_loops.use(options)
        self.presenter.use(options)
        self.transport.sleep.longest_fade_s = options.sleep_fade_s
        if options.volume != before.volume:
            self.player.set_volume(options.volume)
        if options.transition != before.transition:
            self.up_next.recall()
        if (options.device, options.latency_s) != (before.device, before.latency_s):
            if self.running.is_on:
                self.open_output()
            else:
                self.player.expect(options.device, options.latency_s)
        if options.library_folder != before.library_folder:
            self.takes.open(options.library_folder, is_known=options.is_library_known)
        elif self.takes.is_open:
            self.retention.use(options.library_folder, options.room)
        if self.running.is_on and options.prompt != before.prompt:
            self.dropped.call_off(goes_on=False)
        made_for = self.generation.made_for
        if self.running.is_on and made_for is not None and options.asks_for_other_music(made_for):
            self.up_next.drop_ready()
            self.up_next.hurry = self.up_next.hurry or options.prompt != made_for.prompt
            self.generate()

    def start(self) -> None:
        """Start the music (AVVIA): sound at once, and the next loop in the making."""
        if self.running.is_on:
            self.transport.pause(False)
            return
        self.picked.forget_fetch()
        if self.presenter.now_playing is None or self._served_prompt != self.options.prompt:
            self._show_starter()
        self._start_with_shown()

    def start_with(self, loop: LoopInHand) -> None:
        """Begin the music with this loop."""
        self.presenter.lead(loop, self.options)
        self._start_with_shown()

    def _start_with_shown(self) -> None:
        now = self.presenter.now_playing
        if now is None:
            self.notices.report(StudioError(detail="no starter loop was found"))
            return
        if self.player.lacking is not None:
            # Told again, as it was asked for again; what is missing may be there by now.
            self.notices.tell_failure(self.player.lacking)
            self.player.start()
            return
        now.bake_again()
        self.open_output()
        self.running.begin()
        self.player.play(now.playing.loop_id, now.baked)
        self.led.emit(Led(now))
        self.generate()

    def stop(self) -> None:
        """Stop the music (FERMA): fade out, and cancel what is being made."""
        if not self.running.is_on:
            return
        self.player.stop(channel=ENDLESS)
        self.running.end()
        self.picked.forget_fetch()
        self.dropped.call_off()
        self.up_next.clear()
        self.transition_watch.end()
        self.generation.end()
        self.notices.happened.emit(Happening("Stopped"))

    def next(self) -> None:
        """Go on to the next loop, by the person's entry rule; pressed again, sooner."""
        self.transport.next(self.options.transition)
        self.generation.tell_next()

    def previous(self) -> None:
        """Go back to the loop that led before."""
        self.transport.previous(self.options.transition)

    def never_again(self) -> None:
        """Go on to the next loop at once, and never play this one again."""
        self.transport.never_again()
        self.generation.tell_next()

    def set_region(self, region: LoopRegion) -> None:
        """Play the region that the person dragged, and judge it."""
        self.presenter.set_region(region)

    def hasten(self, speed: float) -> None:
        """Play on a silent clock from the next start on, ``speed`` times faster than life: hours in minutes.

        What nobody can hear is not kept, metered or watched.
        """
        self._speed = speed
        if speed == 1.0:
            self.recording.start()
        else:
            self.recording.stop()

    # --- making -------------------------------------------------------------------------------------------------------

    def generate(self) -> None:
        """Have loops made of what the options ask for."""
        self._served_prompt = self.options.prompt
        self.generation.begin(self.options)

    def _on_made(self, loop: LoopInHand, lufs: float) -> None:
        self.streaming.take_in(loop, lufs)
        self.takes.keep(loop)
        self._on_coming(loop)
        self.generation.go_on(self.options)

    def _on_coming(self, loop: LoopInHand) -> None:
        self.presenter.look_at(loop, self.options)
        self.generation.tell_next()
        self.transport.tell()

    # --- playing ------------------------------------------------------------------------------------------------------

    def _show_starter(self) -> None:
        """Show the starter that suits the prompt, unless it is shown already."""
        starter = nearest_starter(self.transport.fallback_loops.starters, self.options.prompt)
        now = self.presenter.now_playing
        if starter is None or (now is not None and now.playing.clip is starter.clip):
            return
        self._served_prompt = self.options.prompt
        loop = LoopInHand.of_recipe(self.next_id(), starter.clip, starter.recipe, is_starter=True)
        self.presenter.lead(loop, self.options)
        self.transport.show(loop)

    def _on_baked_again(self, at: int | None) -> None:
        now = self.presenter.now_playing
        if self.running.is_on and now is not None:
            self.player.replace(now.playing.loop_id, now.baked, at=at)
            self._watchdog.follow(now.baked)
            self.up_next.recall()

    def open_output(self) -> None:
        """Have what plays go to the device that the options name, which may be open already."""
        options, speed = self.options, self._speed
        self.player.open(Opening(options.device, options.latency_s, options.is_unheard or speed != 1.0, speed))

    def _on_took_over(self, loop_id: int, tape_frame: int) -> None:
        handed, now = self.up_next.took_over(loop_id), self.presenter.now_playing
        if handed is None or now is None:
            return
        # What is known of the loop that is left stays, as it is past or comes again.
        before = now.as_it_plays()
        self.presenter.lead(handed.loop, self.options)
        self.led.emit(Led(now, before, handed, tape_frame))
        # After all who care: by now the loop that was left is past, and stays known.
        self.presenter.forget_others()
        self.presenter.prove()
        self.generation.tell_next()
        self.generation.go_on(self.options)

    def _play_on_with(self, led: Led) -> None:
        if led.handed is None:
            return
        self.player.lead(led.loop_id, led.now.baked)
        if not led.now.part.key.sounds_like(led.handed.transition.incoming.key):
            # It was baked anew since it was handed over.
            self.player.replace(led.loop_id, led.now.baked)

    def _tell_playing(self, led: Led) -> None:
        self.notices.happened.emit(Happening("Playing “{title}”", {"title": led.now.playing.recipe.title}))

    def _on_snapshot_taken(self, snapshot: PlaybackSnapshot) -> None:
        now, options = self.presenter.now_playing, self.options
        if not self.running.is_on or now is None:
            return
        heard = snapshot.endless
        played_s = now.played_s(heard) if heard.loop_id == now.playing.loop_id else 0.0
        most_s = self.generation.longest_play_s(options)
        if most_s and played_s >= most_s and not self.up_next.n_ahead and not self.up_next.is_held:
            self.transport.interlude()
        self.up_next.consider(now, heard, options.transition, min_play_s=options.least_play_s)
        self.transition_watch.follow(now, heard)
        least_s = least_play_s(now.candidate, now.turn_s, options.least_play_s)
        self.generation.tell_hand(played_s, least_s, options.least_play_s)
        self.generation.tell_next()
        self.generation.go_on(options)

    def _on_player_message(self, message: Any) -> None:
        match message:
            case Began(loop_id=loop_id, tape_frame=tape_frame):
                now = self.presenter.now_playing
                if now is not None and now.playing.loop_id == loop_id:
                    self.recording.note_lead(tape_frame, now.recipe)
            case TookOver(loop_id=loop_id, tape_frame=tape_frame):
                self._on_took_over(loop_id, tape_frame)
            case Opened(device=device):
                self.device_changed.emit(device, None)
            case DeviceLost(error=error):
                self.device_changed.emit("", error)
            case LatencyRaised(asked_s=asked_s):
                self.notices.tell_latency_raised(asked_s)
            case Devices(devices=devices):
                self.devices_listed.emit(devices)

    def _on_player_died(self, error: StudioError) -> None:
        if isinstance(error, WorkerLacksPart):
            self.stop()  # no next one will be heard either
        else:
            self.up_next.recall(died=True)  # the next one goes on with what leads

    def _on_chosen(self, loop_id: int, loop: LoopCandidate) -> None:
        self.takes.set_loop(loop_id, loop)
        if self.running.is_on and self.presenter.now_playing is not None:
            self.recording.note_change(self.presenter.now_playing.recipe)
