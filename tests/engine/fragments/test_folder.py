# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots take turns, each replaced at once; what is frozen stays; a start goes on where the last one was ended."""

from __future__ import annotations

import errno
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import (
    AllSlotsFrozen,
    AudioFileError,
    CannotRead,
    CannotWrite,
    DiskFull,
    FragmentsBusy,
    OutOfRange,
    SlotFrozen,
)
from engine.fragments.folder import HIDDEN, SlotFolder, next_in
from engine.library import atomic
from engine.library.carried import Carried, recipe_of
from engine.library.recipefile import parse
from engine.values import Clip
from engine.values.fragments import FragmentSlot
from tests.engine.fragments.making import RATE, a_clip, a_fragment, assert_whole, rotate, whole


@pytest.fixture
def slots(tmp_path: Path) -> Iterator[SlotFolder]:
    folder = SlotFolder(tmp_path / "slots", 3)
    yield folder
    folder.close()


def put(folder: SlotFolder, number: int) -> FragmentSlot:
    return folder.put(a_fragment(number / 2**15), f"output{number:03}.wav")


def levels(folder: SlotFolder) -> list[int]:
    return [whole(folder.path_of(one.number)) if one.is_filled else 0 for one in folder.slots()]


def test_slots_take_turns_and_the_archive_keeps_all(slots: SlotFolder) -> None:
    rotate(slots, 1, 5)
    assert levels(slots) == [4, 5, 3]
    assert slots.next_slot == 3
    assert assert_whole(slots.folder)[1] == [1, 2, 3, 4, 5]
    second = slots.slot(2)
    assert (second.prompt, second.archived, second.duration_s) == ("5", "output005.wav", 400 / RATE)
    info = soundfile.info(second.path)
    assert (info.subtype, info.channels, info.samplerate) == ("PCM_16", 2, RATE)
    assert len(second.peaks) == 96


def test_what_was_delivered_is_kept_bit_for_bit_with_its_recipe_inside_and_beside(slots: SlotFolder) -> None:
    samples = np.random.default_rng(1).normal(0.0, 1.0, (500, 1)).astype(np.float32)
    fragment = a_fragment(prompt="a gong")
    name = slots.archive.keep(Clip(samples, 22_050), fragment.recipe)
    path = slots.folder / "archive" / name
    kept, rate = soundfile.read(path, dtype="float32", always_2d=True)
    np.testing.assert_array_equal(kept, samples)
    assert rate == 22_050
    inside = recipe_of(path)
    assert isinstance(inside, Carried)
    assert inside.recipe == fragment.recipe == parse(path.with_suffix(".json").read_text(encoding="utf-8")).recipe
    slot = slots.put(fragment, name)
    carried = recipe_of(slot.path)
    assert isinstance(carried, Carried)
    assert (carried.recipe.prompt, carried.made.is_clip) == ("a gong", False)


def test_a_file_in_the_archive_is_never_replaced(slots: SlotFolder) -> None:
    archive = slots.folder / "archive"
    (archive / "output001.wav").write_bytes(b"another's")
    (archive / "output002.json").write_bytes(b"another's")
    assert slots.archive.keep(a_clip(), a_fragment().recipe) == "output003.wav"
    assert (archive / "output001.wav").read_bytes() == (archive / "output002.json").read_bytes() == b"another's"
    assert not (archive / "output002.wav").exists()


def test_beyond_three_digits_numbers_go_on(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "output999.wav").touch()
    folder = SlotFolder(tmp_path, 1)
    assert folder.archive.keep(a_clip(), a_fragment().recipe) == "output1000.wav"
    folder.close()


def test_what_is_frozen_is_left_out(slots: SlotFolder) -> None:
    rotate(slots, 1, 3)
    slots.freeze(2)
    rotate(slots, 4, 3)
    assert levels(slots) == [6, 2, 5]
    with pytest.raises(SlotFrozen, match="Slot 2 is frozen: release it first"):
        slots.put(a_fragment(), "", 2)
    with pytest.raises(SlotFrozen):
        slots.clear(2)
    slots.freeze(1)
    slots.freeze(3)
    assert slots.next_slot is None
    with pytest.raises(AllSlotsFrozen, match="All 3 slots are frozen: release one"):
        slots.put(a_fragment(), "")
    slots.freeze(2, is_frozen=False)
    rotate(slots, 7, 2)
    assert levels(slots) == [6, 8, 5]


def test_one_that_is_meant_for_a_slot_leaves_the_circle_where_it_is(slots: SlotFolder) -> None:
    rotate(slots, 1, 1)
    slots.put(a_fragment(9 / 2**15), "", 3)
    assert slots.next_slot == 2
    slots.put(a_fragment(8 / 2**15), "", 2)
    assert slots.next_slot == 3, "it was its turn"
    assert levels(slots) == [1, 8, 9]


def test_a_cleared_slot_is_empty_and_its_turn_stays(slots: SlotFolder) -> None:
    rotate(slots, 1, 4)
    slots.set_prompt(1, "sea")
    slots.clear(1)
    slots.clear(1)
    one = slots.slot(1)
    assert (one.is_filled, one.prompt, one.own_prompt, one.peaks, one.written_s) == (False, "", "sea", (), None)
    assert (slots.next_slot, slots.next_empty()) == (2, 1)
    assert (slots.folder / "archive" / "output004.wav").exists()


def test_a_start_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    folder = SlotFolder(tmp_path, 3)
    rotate(folder, 1, 4)
    folder.freeze(2)
    folder.set_prompt(3, "rain")
    before = folder.slots()
    folder.close()
    assert next_in(tmp_path, 3) == 3
    folder = SlotFolder(tmp_path, 3)
    assert folder.slots() == before
    assert folder.next_slot == 3
    rotate(folder, 5, 1)
    assert levels(folder) == [4, 2, 5]
    assert folder.slot(3).archived == "output005.wav"
    folder.clear(3)
    folder.close()
    folder = SlotFolder(tmp_path, 3)
    assert folder.next_slot == 1
    folder.close()


def test_fewer_slots_leave_the_other_files_alone(tmp_path: Path) -> None:
    folder = SlotFolder(tmp_path, 4)
    rotate(folder, 1, 3)
    folder.close()
    folder = SlotFolder(tmp_path, 2)
    assert folder.next_slot == 1
    rotate(folder, 5, 2)
    assert levels(folder) == [5, 6]
    assert whole(tmp_path / "output03.wav") == 3
    folder.close()
    for n_slots in (0, 100):
        with pytest.raises(OutOfRange):
            SlotFolder(tmp_path, n_slots)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"fragments": 1, "next": "x"}', b"\xff\xfe", None])
def test_a_damaged_state_is_made_up_for_by_the_folder(tmp_path: Path, damage: bytes | None) -> None:
    folder = SlotFolder(tmp_path, 3)
    rotate(folder, 1, 4)
    state = tmp_path / HIDDEN / "state.json"
    folder.close()
    for age, number in enumerate((2, 3, 1)):
        os.utime(tmp_path / f"output0{number}.wav", (1_000_000 + age, 1_000_000 + age))
    state.unlink() if damage is None else state.write_bytes(damage)
    folder = SlotFolder(tmp_path, 3)
    assert folder.next_slot == 2, "the oldest"
    assert [one.prompt for one in folder.slots()] == ["4", "2", "3"], "as the recipes inside say"
    folder.close()


@pytest.mark.parametrize(
    "slot",
    [{"peaks": [1.0]}, {"own_prompt": 3}, {"is_frozen": 1}, {"size": "x"}, {"duration_s": "x"}, {"peaks": "ab"}, 5],
)
def test_a_state_with_odd_slots_is_none(tmp_path: Path, slot: object) -> None:
    (tmp_path / HIDDEN).mkdir()
    said = {"fragments": 1, "next": 2, "writing": None, "before": None, "slots": {"1": slot}}
    (tmp_path / HIDDEN / "state.json").write_text(json.dumps(said), encoding="utf-8")
    folder = SlotFolder(tmp_path, 3)
    assert folder.next_slot == 1
    folder.close()


def test_files_of_others_in_slots_are_told_as_far_as_they_can_be(slots: SlotFolder) -> None:
    slots.path_of(1).write_bytes(b"no sound")
    soundfile.write(slots.path_of(2), np.full((80, 1), 0.5), RATE)
    first, second, _ = slots.slots()
    assert (first.is_filled, first.prompt, first.peaks) == (True, "", ())
    assert (second.is_filled, second.duration_s, second.peaks[0]) == (True, 0.01, 0.5)


def test_a_folder_in_a_slots_place_is_passed_by(slots: SlotFolder) -> None:
    put(slots, 1)
    slots.path_of(2).mkdir()
    assert [one.is_blocked for one in slots.slots()] == [False, True, False]
    assert put(slots, 2).number == 3
    with pytest.raises(CannotWrite, match=r"output02\.wav"):
        slots.place_for(2)
    for number in (1, 3):
        slots.freeze(number)
    assert slots.next_slot is None
    with pytest.raises(CannotWrite, match=r"output02\.wav"):
        slots.place_for()
    slots.path_of(2).rmdir()
    assert slots.place_for() == slots.next_empty() == 2


def test_what_is_no_file_in_a_slot_is_never_read(slots: SlotFolder) -> None:
    slots.path_of(1).symlink_to("/dev/zero")
    os.mkfifo(slots.path_of(2))
    for number in (1, 2):
        assert not slots.slot(number).is_filled
        with pytest.raises(CannotRead, match=r"output0\d\.wav.*it is not a regular file"):
            slots.opened(number)
    slots.path_of(3).write_text("no sound")
    with pytest.raises(AudioFileError) as refused, slots.quietly(3) as path:
        raise AudioFileError(path=str(path), detail="it is no sound")
    assert "output03.wav" in str(refused.value), "by the name that a person knows"
    assert put(slots, 1).number == 1
    assert put(slots, 2).number == 2
    assert slots.path_of(1).is_file()
    assert slots.path_of(2).is_file()


def test_two_stations_at_a_folder_are_one_too_many(tmp_path: Path) -> None:
    first = SlotFolder(tmp_path, 3)
    with pytest.raises(FragmentsBusy, match="Another station writes fragments into"):
        SlotFolder(tmp_path, 3)
    code = "import sys; from engine.fragments.folder import SlotFolder; SlotFolder(sys.argv[1], 3)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert "FragmentsBusy" in done.stderr
    first.close()
    SlotFolder(tmp_path, 3).close()


def test_it_is_taken_once_for_each_that_is_written(slots: SlotFolder) -> None:
    assert not slots.take(1), "it is empty"
    rotate(slots, 1, 3)
    assert [slots.take(1), slots.take(1)] == [True, False]
    assert [one.is_taken for one in slots.slots()] == [True, False, False]
    rotate(slots, 4, 1)
    assert slots.take(1)


def test_our_own_reading_is_by_another_name(slots: SlotFolder) -> None:
    rotate(slots, 1, 1)
    with slots.opened(1) as handle:
        assert handle.read(4) == b"RIFF"
    assert list((slots.folder / HIDDEN).glob("reading-*")) == []
    with pytest.raises(CannotRead, match="the slot is empty"):
        slots.opened(2)


def test_a_full_disk_leaves_everything_as_it_was(slots: SlotFolder) -> None:
    rotate(slots, 1, 2)
    before, entries = slots.slots(), sorted(slots.folder.rglob("output*"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    large = a_clip(n_samples=40_000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(CannotWrite):
            slots.archive.keep(large, a_fragment().recipe)
        with pytest.raises(CannotWrite):
            slots.put(a_fragment(n_samples=40_000), "output003.wav")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert slots.slots() == before
    assert slots.next_slot == 3
    assert sorted(slots.folder.rglob("output*")) == entries
    rotate(slots, 3, 1)
    assert assert_whole(slots.folder) == ([1, 2, 3], [1, 2, 3])


def test_a_disk_that_is_full_for_the_state_alone(slots: SlotFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    rotate(slots, 1, 2)
    real = atomic.write_bytes

    def full(path: Path, content: bytes) -> None:
        raise DiskFull(path=str(path), detail=os.strerror(errno.ENOSPC))

    monkeypatch.setattr("engine.fragments.kept.write_bytes", full)
    with pytest.raises(DiskFull):
        slots.put(a_fragment(), "")
    with pytest.raises(DiskFull):
        slots.freeze(1)
    monkeypatch.setattr("engine.fragments.kept.write_bytes", real)
    assert levels(slots) == [1, 2, 0]
    assert not slots.slot(1).is_frozen
    assert slots.next_slot == 3


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite):
        SlotFolder(tmp_path / "file", 3)
    folder = SlotFolder(tmp_path / "slots", 1)
    folder.path_of(1).mkdir()
    (folder.path_of(1) / "x").touch()
    with pytest.raises(CannotWrite):
        folder.put(a_fragment(), "")
    folder.close()
