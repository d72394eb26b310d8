# SPDX-License-Identifier: GPL-3.0-or-later
"""A sound is dropped on the real engine: it plays, is kept when it is liked, and is known when it comes again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtTest import QSignalSpy

from engine.library.metadata import kept_metadata
from engine.values import FAVOURITE, Mark
from tests.engine.qt.conftest import Listener
from tests.engine.session.bringing import write_beat

pytestmark = pytest.mark.gui


class Dropping(QObject):
    """This object drops as the window does, from its thread."""

    bring_wanted = Signal(object)


@pytest.mark.soak
def test_a_dropped_sound_plays_is_kept_when_liked_and_known_again(studio: Listener, tmp_path: Path) -> None:
    engine, dropping = studio.engine, Dropping()
    dropping.bring_wanted.connect(engine.bringing.bring)
    told = QSignalSpy(engine.bringing.changed)
    one, other = (write_beat(tmp_path / f"{name}.wav", bpm) for name, bpm in (("one", 120.0), ("other", 126.0)))
    dropping.bring_wanted.emit((one,))
    studio.until(lambda: studio.view.recipe.title == "one", "it plays")
    studio.until_it_plays()
    assert told.at(0)[0].progress is not None
    assert told.at(told.count() - 1)[0].progress is None
    assert studio.view.recipe.generator == "file"
    assert len(studio.view.candidates) > 1
    studio.until(lambda: studio.transport.is_unkept, "it is known not to be kept")
    studio.favourite_wanted.emit(True)
    studio.until(lambda: studio.takes and studio.takes[0].marks, "it is kept")
    (take,) = (one for one in studio.takes if one.recipe.generator == "file")
    assert (take.rating, take.marks) == (FAVOURITE, frozenset({Mark.ADDED}))
    assert kept_metadata(take.audio_path).texts == {}
    # In the bar of the one that plays comes the next, and then the first again, as the take that it is now.
    dropping.bring_wanted.emit((other,))
    studio.until(lambda: studio.view.recipe.title == "other", "the other comes in")
    dropping.bring_wanted.emit((one,))
    studio.until(lambda: studio.view.recipe.title == "one", "the first comes back")
    studio.until(lambda: studio.transport.is_favourite, "it is the take")
    assert "“one” is in the library already" in studio.lines
    assert sum(one.recipe.generator == "file" for one in studio.takes) == 1
    assert studio.failures == []
