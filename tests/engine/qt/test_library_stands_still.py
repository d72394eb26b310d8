# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops are made and come to be played while the library's process answers nothing: its disk stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from app.paths import RESOURCES
from engine.dsp.peaks import peak_pyramid
from engine.dsp.spectrogram import spectrogram_image
from engine.generators.service import GenerateJob
from engine.library.starters import load_starters
from engine.qt.conductor import Conductor
from engine.qt.links import ChildLink
from engine.qt.options import Places, StudioOptions
from engine.qt.succession import LOOPS_AHEAD
from engine.values import Clip, ClipResult, LoopFindings
from engine.worker.jobs import DrawJob, FindJob, Found, Pictures
from engine.worker.library_jobs import ListJob

pytestmark = pytest.mark.gui

BEEP = Clip(np.full((4096, 2), 0.1, dtype=np.float32), 48_000)


@pytest.fixture
def conductor(qapp: QObject, tmp_path: Path) -> Iterator[Conductor]:
    """None of its processes is started: what they are sent waits, and a test answers in their place."""
    options = StudioOptions("house", library_folder=str(tmp_path / "library"))
    conductor = Conductor(options, Places(str(RESOURCES / "starters")))
    yield conductor
    conductor.close()
    conductor.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def link(conductor: Conductor, name: str) -> ChildLink:
    (found,) = (one for one in conductor._links if isinstance(one, ChildLink) and one.name == name)
    return found


def test_a_library_that_answers_nothing_holds_up_no_loop(conductor: Conductor) -> None:
    generator, analysis, library = (link(conductor, name) for name in ("generator", "analysis", "library"))
    starter = load_starters(RESOURCES / "starters")[0]
    findings = LoopFindings(starter.recipe.algorithm, (starter.recipe.loop,), starter.recipe.facts)
    conductor._shelf.open(conductor._options.library_folder)
    conductor._make()
    while generator._held or analysis._held:
        if generator._held:
            asked = generator._held.pop(0)
            assert isinstance(asked, GenerateJob)
            job_id = asked.request.job_id
            generator.received.emit(ClipResult(job_id, starter.clip, starter.recipe.facts, 1, {}))
            continue
        job = analysis._held.pop(0)
        if isinstance(job, FindJob):
            analysis.received.emit(Found(job.job_id, findings, -16.0))
        else:
            assert isinstance(job, DrawJob)
            analysis.received.emit(Pictures(job.job_id, peak_pyramid(BEEP), spectrogram_image(BEEP)))
    assert conductor._succession.n_ahead == LOOPS_AHEAD
    assert [type(job) for job in library._held] == [ListJob], "it answered nothing, and nobody waited for it"
