# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds what lives on the engine thread: the session, its processes, and the window's ways to it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot

from engine.errors import StudioError
from engine.qt.bringing import BringingEndpoint
from engine.qt.clock import QtClock
from engine.qt.editing import EditingEndpoint
from engine.qt.generation import GenerationEndpoint
from engine.qt.generator_hosts import GeneratorHosts
from engine.qt.library import LibraryEndpoint
from engine.qt.links import ChildLink, Link, close_together
from engine.qt.loop import LoopEndpoint
from engine.qt.models import ModelsEndpoint
from engine.qt.notices import NoticesEndpoint
from engine.qt.output import OutputEndpoint
from engine.qt.pace import PaceEndpoint
from engine.qt.player_link import PlayerLink
from engine.qt.recipes import RecipesEndpoint
from engine.qt.saving import SavingEndpoint
from engine.qt.sound_link import SoundLink
from engine.qt.transport import TransportEndpoint
from engine.session.clip_courier import ClipCourier
from engine.session.job_queue import LIBRARY_LIMIT_S, JobQueue
from engine.session.options import Places, StudioOptions
from engine.session.ports import Ports
from engine.session.session import Session
from engine.worker.library_jobs import WRITING_JOBS
from engine.worker.pace_jobs import PaceJob
from engine.worker.score_saving import WriteScoreJob


class EngineThread(QObject):
    """The engine thread has the session with its processes and endpoints; all of it moves there as one.

    It is put together before that: from then on nothing is connected any more (why: see ``engine.qt.links.Watch``).
    """

    def __init__(self, options: StudioOptions, places: Places) -> None:
        super().__init__()
        log = places.log
        self.player = PlayerLink(self, log=log)
        analysis = ChildLink("engine.worker.process", "analysis", self, log=log)
        self._generators = GeneratorHosts(self, log=log)
        self._first_generator = options.generator
        library = ChildLink("engine.worker.library_process", "library", self, log=log)
        self._sounds = SoundLink(self, log=log)
        self.models = ModelsEndpoint(self, log=log)
        asked = self._sounds, self.models.link, *self._generators.links
        self.links: tuple[Link, ...] = (self.player, analysis, library, *asked)
        clock = QtClock(self)
        self._analysis_jobs = JobQueue(ClipCourier(analysis), clock)
        self._library_jobs = JobQueue(library, clock, limit_s=LIBRARY_LIMIT_S)
        queues = self._analysis_jobs, self._library_jobs
        ports = Ports(self.player, self._generators, *queues, clock, tape=self.player, sounds=self._sounds)
        self.session = Session(options, places, ports)
        self._told: dict[str, str] = {}
        for link in self.links:
            link.died.connect(partial(self._on_process_died, link))
        self.generation = GenerationEndpoint(self.session, self)
        self.loop = LoopEndpoint(self.session, self)
        self.library = LibraryEndpoint(self.session, self)
        self.bringing = BringingEndpoint(self.session, self._sounds, self)
        self.saving = SavingEndpoint(self.session, self)
        self.recipes = RecipesEndpoint(self.session, self)
        self.transport = TransportEndpoint(self.session, self)
        self.output = OutputEndpoint(self.session, self)
        self.notices = NoticesEndpoint(self.session, self)
        self.editing = EditingEndpoint(self.session, self)
        self.pace = PaceEndpoint(self.session, self)

    @Slot()
    def begin(self) -> None:
        """Start the processes and the session. Called once, on the engine thread."""
        for link in self.links:
            link.start()
        self._generators.begin(self._first_generator)
        self.session.begin()

    @Slot()
    def close(self) -> None:
        """End every process that was started. Called once, on the engine thread, last."""
        self.session.close()
        self._generators.end()
        self._sounds.end()
        self.models.end()
        self._analysis_jobs.clear()
        self._library_jobs.finish(*WRITING_JOBS, WriteScoreJob, PaceJob)
        close_together([*(link.release() for link in self.links), self.player.release_spare()])
        # What was heard to the end is recorded to the end.
        self.session.recording.close()

    @Slot(object)
    def set_options(self, options: StudioOptions) -> None:
        """Work from these options from now on."""
        self.session.set_options(options)

    def _on_process_died(self, link: Link, error: StudioError) -> None:
        # A process that dies as often as it is started, in the same way, tells nothing new.
        if link.n_deaths == 1 or self._told.get(link.name) != str(error):
            self._told[link.name] = str(error)
            self.session.notices.tell_failure(error)
