# SPDX-License-Identifier: GPL-3.0-or-later
"""The session is put together here, with what waits for its processes. It is loaded on the engine thread, by itself.

Half of the engine hangs on the session, and the window is painted before that is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.session.clip_courier import ClipCourier
from engine.session.jam.autosave import JamKeeper
from engine.session.jam.controls import JamControls
from engine.session.jam.following import JamFollower
from engine.session.jam.jam import Jam
from engine.session.jam.looper import Looper
from engine.session.jam.recording import JamRecorder
from engine.session.jam.takes import JamTakes
from engine.session.job_queue import LIBRARY_LIMIT_S, JobQueue
from engine.session.live_input import LiveInput
from engine.session.ports import Ports
from engine.session.session import Session
from engine.worker.jam_jobs import WriteJamJob
from engine.worker.jam_take_jobs import WriteTakeJob
from engine.worker.library_jobs import WRITING_JOBS
from engine.worker.pace_jobs import PaceJob
from engine.worker.score_saving import WriteScoreJob

if TYPE_CHECKING:
    from engine.qt.clock import QtClock
    from engine.qt.generator_hosts import GeneratorHosts
    from engine.qt.links import ChildLink
    from engine.qt.player_link import PlayerLink
    from engine.qt.sound_link import SoundLink
    from engine.session.options import Places, StudioOptions


class Gathered:
    """Gathered are the session and the queues of its jobs; both stand still until ``begin``."""

    def __init__(
        self,
        options: StudioOptions,
        places: Places,
        *,
        player: PlayerLink,
        generators: GeneratorHosts,
        analysis: ChildLink,
        library: ChildLink,
        sounds: SoundLink,
        clock: QtClock,
    ) -> None:
        self._analysis_jobs = JobQueue(ClipCourier(analysis), clock)
        self._library_jobs = JobQueue(library, clock, limit_s=LIBRARY_LIMIT_S)
        queues = self._analysis_jobs, self._library_jobs
        ports = Ports(player, generators, *queues, clock, tape=player, sounds=sounds)
        self.session = session = Session(options, places, ports)
        self.jam = Jam(
            ports,
            session.next_id,
            lambda: session.options.generators,
            target_lufs=options.target_lufs,
            open_output=session.open_output,
        )
        self.live_input = LiveInput(player.input, session.open_output, places.latencies_file)
        self.looper = self.jam.looper = Looper(self.jam, player, ports.analysis, session.next_id)
        self.jam_recorder = JamRecorder(self.jam, player, session.recording)
        self.jam_controls = JamControls(self.jam, clock)
        self.jam_follower = JamFollower(self.jam, player, clock.now_s)
        self.jam_keeper = JamKeeper(self.jam, ports, session.next_id, places.jam_folder)
        self.jam_takes = JamTakes(
            self.jam,
            self.jam_recorder,
            self.jam_keeper,
            auditions=session.auditions,
            jobs=ports.library,
            next_id=session.next_id,
        )

    def begin(self) -> None:
        """Begin the session, and have the jam as it was left."""
        self.session.begin()
        self.jam_keeper.begin()

    def close(self) -> None:
        """Close the session and the jam."""
        self.jam_controls.close()
        self.jam.close()
        self.jam_keeper.close()
        self.session.close()

    def finish_jobs(self) -> None:
        """Drop the jobs that wait, but have those done that keep what a person made or did."""
        self._analysis_jobs.clear()
        self._library_jobs.finish(*WRITING_JOBS, WriteScoreJob, PaceJob, WriteJamJob, WriteTakeJob)
