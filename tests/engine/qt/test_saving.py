# SPDX-License-Identifier: GPL-3.0-or-later
"""SALVA writes the loop that was heard when it was pressed, however long its name takes to choose."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMetaObject, Qt

from engine.library.audiofile import read_clip
from engine.values import Entry
from tests.engine.qt.conftest import Listener


def test_the_loop_that_was_set_aside_is_saved(studio: Listener, tmp_path: Path) -> None:
    studio.change(entry=Entry.NOW)
    studio.start()
    studio.until_takeover()
    heard, length = studio.view.loop_id, studio.view.region.n_samples
    QMetaObject.invokeMethod(studio.engine.conductor, "set_aside", Qt.ConnectionType.QueuedConnection)
    studio.next_wanted.emit()
    other = studio.until_takeover()
    assert other.loop_id != heard
    region = studio.region(0.1, 0.6)
    studio.region_wanted.emit(region)
    studio.until(lambda: studio.view.region == region, "another length plays")
    for name, n_samples in (("before.wav", length), ("now.wav", studio.view.region.n_samples)):
        studio.save_wanted.emit(str(tmp_path / name))
        studio.until(lambda name=name: str(tmp_path / name) in studio.saved, "it is saved")  # type: ignore[misc]
        assert read_clip(str(tmp_path / name)).n_samples == n_samples
