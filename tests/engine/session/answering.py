# SPDX-License-Identifier: GPL-3.0-or-later
"""This module answers what a session asks of its generators and its worker, until it asks for nothing more."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.dsp.peaks import peak_pyramid
from engine.dsp.spectrogram import spectrogram_image
from engine.generators.jobs import CancelJob
from engine.values import Clip, ClipRequest, ClipResult, LoopFindings
from engine.worker.jobs import DrawJob, FindJob, Found, Judged, JudgeJob, Measured, MeasureJob, Pictures, ScoreJob, run
from tests.engine.session.ports import SlowGenerators, SlowProcess
from tests.starters import shipped

BEEP = Clip(np.full((4096, 2), 0.1, dtype=np.float32), 48_000)


def answer_all(generator: SlowGenerators, analysis: SlowProcess) -> list[ClipRequest]:
    """Answer each clip that is not cancelled by a starter; return the requests."""
    starter = shipped()[0]
    findings = LoopFindings(starter.recipe.algorithm, (starter.recipe.loop,), starter.recipe.facts)
    requests = []
    while generator.sent or analysis.sent:
        if generator.sent:
            asked: Any = generator.sent.pop(0)
            cancelled = {one.job_id for one in generator.sent if isinstance(one, CancelJob)}
            if isinstance(asked, CancelJob) or asked.request.job_id in cancelled:
                continue
            requests.append(asked.request)
            generator.received.emit(ClipResult(asked.request.job_id, starter.clip, starter.recipe.facts, 1, {}))
            continue
        job = analysis.sent.pop(0)
        if isinstance(job, FindJob):
            analysis.received.emit(Found(job.job_id, findings, -16.0))
        elif isinstance(job, JudgeJob):
            analysis.received.emit(Judged(job.job_id, None))
        elif isinstance(job, MeasureJob):
            analysis.received.emit(Measured(job.job_id, -16.0))
        elif isinstance(job, ScoreJob):
            analysis.received.emit(run(job))
        else:
            assert isinstance(job, DrawJob), job
            analysis.received.emit(Pictures(job.job_id, peak_pyramid(BEEP), spectrogram_image(BEEP)))
    return requests
