# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds what lives on the engine thread: the session, its processes, and the window's ways to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from engine.log_lines import LOOK_S, keep_short
from engine.qt.bringing import BringingEndpoint
from engine.qt.clock import QtClock
from engine.qt.editing import EditingEndpoint
from engine.qt.fragments import FragmentsEndpoint
from engine.qt.generation import GenerationEndpoint
from engine.qt.generator_hosts import GeneratorHosts
from engine.qt.jam import JamEndpoint
from engine.qt.library import LibraryEndpoint
from engine.qt.links import ChildLink, Link, close_together
from engine.qt.live import LiveEndpoint
from engine.qt.loop import LoopEndpoint
from engine.qt.models import ModelsEndpoint
from engine.qt.notices import NoticesEndpoint
from engine.qt.output import OutputEndpoint
from engine.qt.pace import PaceEndpoint
from engine.qt.player_link import PlayerLink
from engine.qt.radio import RadioEndpoint
from engine.qt.recipes import RecipesEndpoint
from engine.qt.saving import SavingEndpoint
from engine.qt.sound_link import SoundLink
from engine.qt.together import TogetherEndpoint
from engine.qt.transport import TransportEndpoint

if TYPE_CHECKING:
    from engine.errors import StudioError
    from engine.qt.gathering import Gathered
    from engine.session.options import Places, StudioOptions
    from engine.session.session import Session


class EngineThread(QObject):
    """The engine thread has the session with its processes and endpoints; all of it moves there as one.

    Qt's part is put together before that: from then on nothing is connected any more (why: see
    ``engine.qt.links.Watch``). The session follows on the thread (why: see ``engine.qt.gathering``).

    Attributes
    ----------
    session
        There once the thread has begun.
    """

    session: Session
    _gathered: Gathered

    def __init__(self, options: StudioOptions, places: Places) -> None:
        super().__init__()
        log = places.log
        self._options, self._places = options, places
        self.player = PlayerLink(self, log=log)
        self._analysis = ChildLink("engine.worker.process", "analysis", self, log=log)
        self._generators = GeneratorHosts(self, log=log)
        self._library = ChildLink("engine.worker.library_process", "library", self, log=log)
        self._sounds = SoundLink(self, log=log)
        self.models = ModelsEndpoint(self, log=log)
        self.fragments = FragmentsEndpoint(self, log=log)
        self.jam = JamEndpoint(self)
        self.live = LiveEndpoint(self)
        self.together = TogetherEndpoint(self, log=log)
        self.radio = RadioEndpoint(self, self.player, log=log)
        own = self.models.link, self.fragments.link, self.together.link, *self.radio.links
        asked = self._sounds, *own, *self._generators.links
        self.links: tuple[Link, ...] = (self.player, self._analysis, self._library, *asked)
        self._clock = QtClock(self)
        self._told: dict[str, str] = {}
        for link in self.links:
            link.died.connect(partial(self._on_process_died, link))
        self.generation = GenerationEndpoint(self)
        self.loop = LoopEndpoint(self)
        self.library = LibraryEndpoint(self)
        self.bringing = BringingEndpoint(self._sounds, self)
        self.saving = SavingEndpoint(self)
        self.recipes = RecipesEndpoint(self)
        self.transport = TransportEndpoint(self)
        self.output = OutputEndpoint(self)
        self.notices = NoticesEndpoint(self)
        self.editing = EditingEndpoint(self)
        self.pace = PaceEndpoint(self)

    @Slot()
    def begin(self) -> None:
        """Start the processes and the session. Called once, on the engine thread."""
        for link in self.links:
            link.start()
        self._generators.begin(self._options.generator)
        # While the processes start.
        self._gather()
        self._gathered.begin()
        if self._places.log is not None:
            self._clock.timer(partial(keep_short, self._places.log)).repeat(LOOK_S)

    def _gather(self) -> None:
        from engine.qt.gathering import Gathered

        self._gathered = gathered = Gathered(
            self._options,
            self._places,
            player=self.player,
            generators=self._generators,
            analysis=self._analysis,
            library=self._library,
            sounds=self._sounds,
            clock=self._clock,
        )
        self.session = session = gathered.session
        self._attach(session)
        self.jam.attach(gathered.jam, gathered.jam_keeper, gathered.jam_recorder, gathered.jam_takes, self._clock)
        self.live.attach(gathered.live_input, gathered.looper)
        self.together.attach(gathered.jam_controls, gathered.jam_follower, self._clock)

    @Slot()
    def close(self) -> None:
        """End every process that was started. Called once, on the engine thread, last."""
        self._gathered.close()
        self._generators.end()
        self._sounds.end()
        self.models.end()
        self.radio.end()
        self._gathered.finish_jobs()
        close_together([*(link.release() for link in self.links), self.player.release_spare()])
        # What was heard to the end is recorded to the end.
        self.session.recording.close()
        self._clock.stop()

    @Slot(object)
    def set_options(self, options: StudioOptions) -> None:
        """Work from these options from now on."""
        self.session.set_options(options)

    def _attach(self, session: Session) -> None:
        for endpoint in (
            self.generation,
            self.loop,
            self.library,
            self.bringing,
            self.saving,
            self.recipes,
            self.transport,
            self.output,
            self.notices,
            self.editing,
            self.pace,
            self.fragments,
            self.radio,
        ):
            endpoint.attach(session)

    def _on_process_died(self, link: Link, error: StudioError) -> None:
        # A process that dies as often as it is started, in the same way, tells nothing new.
        if link.n_deaths == 1 or self._told.get(link.name) != str(error):
            self._told[link.name] = str(error)
            self.session.notices.tell_failure(error)
