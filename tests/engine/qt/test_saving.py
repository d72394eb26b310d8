# SPDX-License-Identifier: GPL-3.0-or-later
"""SALVA with notes and parts, by the real processes: the loop is written, then its clip is composed again."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtTest import QSignalSpy

from engine.library.audiofile import read_clip
from engine.session.ports import PART_MAKER
from tests.engine.qt.conftest import Listener

pytestmark = pytest.mark.gui


class Asking(QObject):
    """This object asks as the window does, from its thread."""

    save_wanted = Signal(str, bool, bool)


@pytest.mark.soak
def test_a_part_of_a_loop_is_saved_with_its_notes_and_parts(studio: Listener, tmp_path: Path) -> None:
    saving, asking = studio.engine.saving, Asking()
    progress, written = QSignalSpy(saving.progressed), QSignalSpy(saving.score_saved)
    asking.save_wanted.connect(saving.save)
    region = studio.region(0.125, 0.3)
    studio.region_wanted.emit(region)
    studio.until(lambda: studio.view.region == region, "it plays")
    asking.save_wanted.emit(str(tmp_path / "loop.wav"), True, True)
    studio.until(lambda: written.count() or studio.failures, "all is written")
    assert studio.failures == []
    told = [progress.at(at)[1] for at in range(progress.count())]
    assert told[-1] is None
    assert any(one is not None and one.fraction for one in told)
    studio.until(lambda: PART_MAKER not in studio.engine.process_ids(), "its process ends")
    loop = read_clip(tmp_path / "loop.wav")
    parts = [read_clip(one).samples.astype(np.float64) for one in (tmp_path / "loop stems").glob("*.wav")]
    assert len(parts) > 2
    assert 20.0 * np.log10(np.abs(np.sum(parts, axis=0) - loop.samples).max()) < -90.0
    notes = mido.MidiFile(tmp_path / "loop.mid")
    assert notes.length == pytest.approx(loop.duration_s, abs=0.002)
    assert sum(one.type == "note_on" for track in notes.tracks for one in track) > 10
    assert studio.lines[-2:] == [f"Saved {tmp_path / 'loop.mid'}", f"Saved the parts in {tmp_path / 'loop stems'}"]
