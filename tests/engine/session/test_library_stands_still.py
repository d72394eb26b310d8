# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops are made and come to be played while the library's process answers nothing: its disk stands still."""

from __future__ import annotations

import numpy as np

from app.paths import RESOURCES
from engine.dsp.peaks import peak_pyramid
from engine.dsp.spectrogram import spectrogram_image
from engine.generators.service import GenerateJob
from engine.library.starters import load_starters
from engine.session.job_queue import JobQueue
from engine.session.options import Places, StudioOptions
from engine.session.ports import Ports
from engine.session.session import Session
from engine.session.up_next import LOOPS_AHEAD
from engine.values import Clip, ClipResult, LoopFindings
from engine.worker.jobs import DrawJob, FindJob, Found, Measured, MeasureJob, Pictures
from engine.worker.library_jobs import ListJob
from tests.engine.session.ports import DeafPlayer, ManualClock, SlowGenerators, SlowProcess

BEEP = Clip(np.full((4096, 2), 0.1, dtype=np.float32), 48_000)


def test_a_library_that_answers_nothing_holds_up_no_loop() -> None:
    clock = ManualClock()
    generator = SlowGenerators()
    analysis, library = (SlowProcess(name) for name in ("analysis", "library"))
    options = StudioOptions("house", library_folder="/library")
    queues = JobQueue(analysis, clock), JobQueue(library, clock)
    session = Session(options, Places(str(RESOURCES / "starters")), Ports(DeafPlayer(), generator, *queues, clock))
    starter = load_starters(RESOURCES / "starters")[0]
    findings = LoopFindings(starter.recipe.algorithm, (starter.recipe.loop,), starter.recipe.facts)
    session.takes.open(options.library_folder)
    session.running.begin()
    session.generation.begin(options)
    while generator.sent or analysis.sent:
        if generator.sent:
            asked = generator.sent.pop(0)
            assert isinstance(asked, GenerateJob)
            job_id = asked.request.job_id
            generator.received.emit(ClipResult(job_id, starter.clip, starter.recipe.facts, 1, {}))
            continue
        job = analysis.sent.pop(0)
        if isinstance(job, FindJob):
            analysis.received.emit(Found(job.job_id, findings, -16.0))
        elif isinstance(job, MeasureJob):
            analysis.received.emit(Measured(job.job_id, -16.0))
        else:
            assert isinstance(job, DrawJob)
            analysis.received.emit(Pictures(job.job_id, peak_pyramid(BEEP), spectrogram_image(BEEP)))
    assert session.up_next.n_ahead == LOOPS_AHEAD
    assert [type(job) for job in library.sent] == [ListJob], "it answered nothing, and nobody waited for it"
