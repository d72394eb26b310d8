# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam that was left is never written over by one that is not all there: while it is read, shaped, or damaged."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import CannotWrite, JamElsewhere, JamSetAside, LoopsLost, StudioError
from engine.library.jam_folder import PROJECT, read_project
from engine.session.jam.autosave import AFTER_S, AGAIN_S, JamKeeper
from engine.session.jam.jam import Jam
from engine.session.jam.keeping import open_project
from engine.session.ports import Ports
from engine.session.rendering import ImmediateJobs, done_at_once
from engine.values.asked import content_hash
from engine.values.jam import LayerName
from engine.values.jam_project import JamProject
from engine.worker.jam_jobs import ShapeJob
from tests.engine.session.jam.jamming import TARGET_LUFS, Stage
from tests.engine.session.ports import ManualClock

DRUMS, BASS = LayerName.DRUMS, LayerName.BASS


class LateJobs(ImmediateJobs):
    """These jobs are done as a test says so, those of the kinds that it names."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, Callable[[Any], None]]] = []
        self.late: tuple[type, ...] = ()

    def submit(self, job: Any, answer: Callable[[Any], None], **_how: bool) -> None:
        if isinstance(job, self.late):
            self.waiting.append((job, answer))
        else:
            answer(done_at_once(job))

    def deliver(self) -> None:
        waiting, self.waiting = self.waiting, []
        for job, answer in waiting:
            answer(done_at_once(job))


class Kept:
    """A jam, and its keeper on a folder."""

    def __init__(self, folder: Path) -> None:
        stage = Stage()
        self.analysis, self.library, self.clock = LateJobs(), LateJobs(), ManualClock()
        self.failed: list[StudioError] = []
        ports = Ports(stage.player, stage.generator, self.analysis, self.library, self.clock)
        next_id = itertools.count(1).__next__
        self.jam = Jam(ports, next_id, lambda: stage.settings, target_lufs=TARGET_LUFS)
        self.jam.failed.connect(self.failed.append)
        self.keeper = JamKeeper(self.jam, ports, next_id, str(folder))
        self.keeper.failed.connect(self.failed.append)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a jam that was left with drums, which lie in a slot too."""
    one = Kept(tmp_path / "jam")
    one.jam.set_bars(1)
    one.jam.make(DRUMS)
    one.jam.slots.assign(DRUMS, 3)
    one.keeper.close()
    return tmp_path / "jam"


def drums_of(folder: Path) -> tuple[bool, set[int]]:
    layer = read_project(folder).layers[DRUMS]
    return layer.playing is not None, set(layer.slots)


def test_who_leaves_before_the_loops_are_there_finds_them_again(folder: Path) -> None:
    one = Kept(folder)
    one.analysis.late = (ShapeJob,)
    one.keeper.begin()
    one.jam.set_key("A minor")
    one.keeper.close()
    assert drums_of(folder) == (True, {3})
    one.analysis.deliver()
    assert one.jam.layers[DRUMS].playing is not None
    assert one.jam.layers[DRUMS].slot(3) is not None


def test_what_cannot_be_shaped_is_kept_on_until_it_is_taken_away(folder: Path) -> None:
    one = Kept(folder)
    one.analysis.late = (ShapeJob,)
    one.keeper.begin()
    one.clock.pass_s(2 * AFTER_S)
    assert drums_of(folder) == (True, {3})
    one.jam.silence(DRUMS)
    one.jam.slots.assign(DRUMS, 3)
    one.clock.pass_s(2 * AFTER_S)
    assert drums_of(folder) == (False, set())
    one.analysis.deliver()
    assert one.jam.layers[DRUMS].playing is None


def test_loops_of_a_jam_that_was_left_for_another_do_not_come_there(folder: Path) -> None:
    one = Kept(folder)
    one.analysis.late = (ShapeJob,)
    one.keeper.begin()
    open_project(one.jam, JamProject(one.jam.groove, 4, one.jam.swap_at, 10.0, {}))
    one.analysis.deliver()
    assert one.jam.layers[DRUMS].playing is None
    assert one.jam.layers[DRUMS].slot(3) is None


def test_nothing_is_written_before_what_was_left_has_been_read(folder: Path) -> None:
    before = (folder / PROJECT).read_bytes()
    one = Kept(folder)
    one.library.late = (object,)
    one.keeper.begin()
    one.jam.set_key("A minor")
    one.clock.pass_s(2 * AFTER_S)
    one.keeper.close()
    assert len(one.library.waiting) == 1
    assert (folder / PROJECT).read_bytes() == before


@pytest.mark.parametrize("text", ["{", '{"format": 99}'])
def test_a_jam_that_cannot_be_read_is_set_aside_and_told(folder: Path, text: str) -> None:
    (folder / PROJECT).write_text(text)
    (folder.parent / "jam unread 1").mkdir()
    loops = {one.name for one in (folder / "loops").iterdir()}
    one = Kept(folder)
    one.keeper.begin()
    one.jam.set_key("A minor")
    one.clock.pass_s(2 * AFTER_S)
    aside = folder.parent / "jam unread 2"
    assert [type(error) for error in one.failed] == [JamSetAside]
    assert str(aside) in str(one.failed[0])
    assert {one.name for one in (aside / "loops").iterdir()} == loops
    assert (aside / PROJECT).read_text() == text
    assert read_project(folder).groove.key == "A minor"


def test_an_empty_folder_is_a_new_jam(tmp_path: Path) -> None:
    (tmp_path / "jam" / "loops").mkdir(parents=True)
    one = Kept(tmp_path / "jam")
    one.keeper.begin()
    one.jam.set_key("A minor")
    one.clock.pass_s(2 * AFTER_S)
    assert one.failed == []
    assert read_project(tmp_path / "jam").groove == one.jam.groove


def test_what_cannot_be_written_is_told_once_and_written_when_it_can_be(folder: Path) -> None:
    one = Kept(folder)
    one.keeper.begin()
    (folder / "loops").rename(folder / "there")
    (folder / "loops").write_text("in the way")
    for key in ("A minor", "E minor", "G major"):
        one.jam.set_key(key)
        one.clock.pass_s(2 * AGAIN_S)
    assert [type(error) for error in one.failed] == [CannotWrite]
    assert '"key": ""' in (folder / PROJECT).read_text(), "what was kept before stays"
    (folder / "loops").unlink()
    (folder / "there").rename(folder / "loops")
    one.clock.pass_s(2 * AGAIN_S)
    assert read_project(folder).groove.key == "G major"
    (folder / PROJECT).unlink()
    one.keeper.close()
    assert not (folder / PROJECT).exists(), "nothing has changed since"


def test_a_jam_comes_back_without_loops_that_are_lost_and_what_was_kept_stays(folder: Path) -> None:
    two = Kept(folder)
    two.keeper.begin()
    two.jam.set_bars(2)
    two.jam.make(BASS)
    two.keeper.close()
    before, playing = (folder / PROJECT).read_bytes(), two.jam.layers[BASS].playing
    assert playing is not None
    bass_file = folder / "loops" / f"{content_hash(playing.clip)[:16]}.wav"
    damaged = bass_file.read_bytes()[:20]
    bass_file.write_bytes(damaged)
    one = Kept(folder)
    one.keeper.begin()
    one.clock.pass_s(2 * AFTER_S)
    aside = folder.parent / "jam unread 1"
    assert [type(error) for error in one.failed] == [LoopsLost]
    assert str(aside / "loops" / bass_file.name) in str(one.failed[0])
    assert one.jam.layers[DRUMS].playing is not None
    assert one.jam.layers[BASS].playing is None
    assert drums_of(folder) == (True, {3})
    assert (aside / PROJECT).read_bytes() == before
    assert (aside / "loops" / bass_file.name).read_bytes() == damaged


def test_a_jam_opened_without_a_lost_loop_can_be_kept_there_and_the_damaged_file_stays(folder: Path) -> None:
    (only,) = (folder / "loops").iterdir()
    only.write_bytes(b"RIFF")
    one = Kept(folder.parent / "own")
    one.keeper.open(str(folder))
    one.keeper.keep(str(folder))
    assert [type(error) for error in one.failed] == [LoopsLost]
    assert "2 of its loops" in str(one.failed[0])
    assert drums_of(folder) == (False, set())
    assert only.read_bytes() == b"RIFF"


def test_two_studios_keep_a_jam_each(folder: Path) -> None:
    first, second = Kept(folder), Kept(folder)
    first.keeper.begin()
    second.keeper.begin()
    beside = folder.with_name("jam 2")
    (told,) = second.failed
    assert isinstance(told, JamElsewhere)
    assert told.fields["path"] == str(beside)
    assert second.jam.layers[DRUMS].playing is None
    second.jam.set_bars(1)
    second.jam.make(BASS)
    second.clock.pass_s(2 * AFTER_S)
    first.jam.set_key("A minor")
    first.clock.pass_s(2 * AFTER_S)
    second.keeper.close()
    first.keeper.close()
    assert drums_of(folder) == (True, {3})
    assert read_project(folder).groove.key == "A minor"
    assert read_project(folder).layers[BASS].playing is None
    assert read_project(beside).layers[BASS].playing is not None
    # Each is there again, in its order.
    again, other = Kept(folder), Kept(folder)
    again.keeper.begin()
    other.keeper.begin()
    assert again.jam.layers[DRUMS].playing is not None
    assert other.jam.layers[BASS].playing is not None
    again.keeper.close()
    other.keeper.close()


def test_a_jam_that_was_set_aside_leaves_its_folder_to_its_studio(folder: Path) -> None:
    (folder / PROJECT).write_text("{")
    first, second = Kept(folder), Kept(folder)
    first.keeper.begin()
    second.keeper.begin()
    first.keeper.close()
    second.keeper.close()
    assert [type(one) for one in first.failed] == [JamSetAside]
    assert [type(one) for one in second.failed] == [JamElsewhere]
