# SPDX-License-Identifier: GPL-3.0-or-later
"""The last request is what is done, whatever was on its way."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QMetaObject, Qt

from engine.library.audiofile import read_clip
from engine.session import history
from engine.session.options import StudioOptions
from engine.values import Entry
from tests.engine.qt.conftest import Listener, Opened
from tests.engine.qt.test_transport import with_no_generator


@pytest.mark.soak
def test_the_loop_that_was_set_aside_is_saved(studio: Listener, tmp_path: Path) -> None:
    studio.change(entry=Entry.NOW)
    studio.start()
    studio.until_takeover()
    heard, length = studio.view.loop_id, studio.view.region.n_samples
    QMetaObject.invokeMethod(studio.engine.saving, "set_aside", Qt.ConnectionType.QueuedConnection)
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


@pytest.mark.soak
def test_a_take_that_is_chosen_while_the_music_is_paused_is_heard(studio: Listener) -> None:
    studio.start()
    first = studio.until_takeover()
    studio.until(lambda: first.recipe in [one.recipe for one in studio.takes], "the take is kept")
    take = next(one for one in studio.takes if one.recipe == first.recipe)
    studio.pause_wanted.emit(True)
    studio.until(lambda: studio.transport.is_paused, "it stands still")
    studio.take_wanted.emit(take.take_id)
    assert studio.until_takeover().recipe == take.recipe
    studio.until(lambda: not studio.transport.is_paused, "the buttons know")


@pytest.mark.soak
def test_next_is_next_while_an_earlier_take_is_being_brought_back(
    studio: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT_CLIPS", 0)
    studio.change(entry=Entry.NOW)
    studio.start()
    studio.until_takeover()
    studio.until(lambda: len(studio.takes) > 2, "others are ready and kept")
    first = studio.view.loop_id
    studio.next_wanted.emit()
    second = studio.until_takeover()
    studio.until(lambda: studio.transport.has_previous and studio.transport.has_next, "both ways are open")
    # The library answers only when the music has gone on.
    library = studio.process("library").pid
    os.kill(library, signal.SIGSTOP)
    studio.previous_wanted.emit()
    studio.next_wanted.emit()
    third = studio.until_takeover()
    os.kill(library, signal.SIGCONT)
    assert len({first, second.loop_id, third.loop_id}) == 3
    studio.save_wanted.emit(str(Path(studio.options.library_folder) / "later.wav"))
    studio.until(lambda: studio.saved, "what was asked of the library before is answered")
    studio.until_it_plays()
    assert studio.view.loop_id == third.loop_id, "nobody goes back any more"


def test_what_comes_in_does_not_come_after_itself(opened: Opened, options: StudioOptions, tmp_path: Path) -> None:
    with opened(with_no_generator(options, tmp_path / "bin")) as studio:
        studio.speed_wanted.emit(2.0)
        studio.change(entry=Entry.NOW, overlap_ms=5000.0)
        studio.start()
        studio.next_wanted.emit()
        studio.until(lambda: studio.snapshots[-1].endless.incoming_id is not None, "it comes in")
        studio.next_wanted.emit()

        def told() -> list[str]:
            return [line for line in studio.lines if "Nothing new is ready" in line]

        studio.until(lambda: len(told()) == 2, "another is told")
        assert len(set(told())) == 2, "another starter comes after it, not the same again"
