# SPDX-License-Identifier: GPL-3.0-or-later
"""Words after a verb are read as people write them: switches, numbers, names of files."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from app.control.words import absolute, found_file, from_here, is_off, is_same, new_file, number, switch
from engine.errors import (
    CannotRead,
    CannotWrite,
    FileMissing,
    NameTaken,
    NeedsWords,
    NotAbsolute,
    OutOfRange,
    UnknownFormat,
    WrongKind,
)

WAV = (".wav",)


@pytest.mark.parametrize("otherwise", [True, False])
def test_a_switch_is_what_was_said_else_the_other_way_round(otherwise: bool) -> None:
    assert switch("pause", (), otherwise) is otherwise
    assert switch("pause", ("ON",), otherwise) is True
    assert switch("pause", ("off",), otherwise) is False
    assert (is_off(("Off",)), is_off(()), is_off(("/tmp/off",))) == (True, False, False)
    assert is_off(("stop",))
    with pytest.raises(WrongKind, match="pause is “perhaps so”, and must be on or off"):
        switch("pause", ("perhaps", "so"), otherwise)


def test_a_number_has_a_point_or_a_comma_and_bounds() -> None:
    assert number("sleep", ("2,5",), 1.0, 9.0) == number("sleep", ("2.5",), 1.0, 9.0) == 2.5
    with pytest.raises(NeedsWords, match="“sleep” needs more: a number from 1 to 9"):
        number("sleep", (), 1.0, 9.0)
    for text in ("ten", "nan", "inf", "", "1 2", "0x1"):
        with pytest.raises(WrongKind, match="must be a number"):
            number("sleep", (text,), 1.0, 9.0)
    for text in ("0", "9.01", "-3", "1e300"):
        with pytest.raises(OutOfRange, match="must be from 1 to 9"):
            number("sleep", (text,), 1.0, 9.0)


def test_a_new_file_has_a_whole_name_that_is_free_in_a_folder_that_takes_it(tmp_path: Path) -> None:
    free, taken, dangling = tmp_path / "a b.WAV", tmp_path / "taken.wav", tmp_path / "link.wav"
    taken.touch()
    dangling.symlink_to(tmp_path / "nowhere")
    assert new_file(str(free), WAV) == str(free)
    for path, kind in (
        ("a.wav", NotAbsolute),
        (str(tmp_path / "a.mp3"), UnknownFormat),
        (str(tmp_path), UnknownFormat),
        (str(taken), NameTaken),
        (str(dangling), NameTaken),
        (str(tmp_path / "none" / "a.wav"), CannotWrite),
        (str(taken / "a.wav"), CannotWrite),
        ("/dev/full/a.wav", CannotWrite),
        (str(tmp_path / ("a" * 300 + ".wav")), CannotWrite),
        ("/dev/full", UnknownFormat),
    ):
        with pytest.raises(kind):
            new_file(path, WAV)


@pytest.mark.skipif(os.getuid() == 0, reason="root may write and read everywhere")
def test_a_folder_without_rights_is_told_of(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)
    with pytest.raises(CannotWrite, match="cannot be written to"):
        new_file(str(shut / "a.wav"), WAV)
    shut.chmod(0o000)
    with pytest.raises(CannotWrite, match="Permission denied"):
        new_file(str(shut / "a.wav"), WAV)
    with pytest.raises(CannotRead, match="Permission denied"):
        found_file(str(shut / "a.wav"))


def test_sounds_are_there_by_their_whole_names(tmp_path: Path) -> None:
    assert found_file(str(tmp_path)) == str(tmp_path)
    with pytest.raises(NotAbsolute):
        found_file("song.wav")
    for path in (tmp_path / "gone.wav", tmp_path / "gone" / "x.wav"):
        with pytest.raises(FileMissing):
            found_file(str(path))
    with pytest.raises(CannotRead, match="too long"):
        found_file("/" + "a" * 300)
    with pytest.raises(NotAbsolute):
        absolute("~/a.wav")


def test_paths_are_the_same_as_they_are_written() -> None:
    assert is_same("/a//b.wav", "/a/b.wav")
    assert is_same("", "")
    assert not is_same("/a/b.wav", "")
    assert not is_same("", ".")
    assert not is_same("/a/b.wav", "/a/c.wav")


def test_a_socket_is_a_sound_that_is_there(tmp_path: Path) -> None:
    # What it holds is judged by whoever reads it.
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "s"))
        assert found_file(str(tmp_path / "s"))


@pytest.mark.parametrize("name", ["a\0b.wav", "half \ud800.wav"])
def test_what_no_path_can_hold_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotRead, match="no path can hold"):
        found_file(f"{tmp_path}/{name}")
    with pytest.raises(CannotWrite, match="no path can hold"):
        new_file(f"{tmp_path}/{name}", WAV)


def test_a_file_named_from_here_has_its_whole_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/anna")
    said = [from_here(one) for one in ("a.wav", "link/a.wav", "there/../a.wav", "~/a.wav", "/b/a.wav")]
    assert said == [f"{tmp_path}/a.wav", f"{tmp_path}/link/a.wav", f"{tmp_path}/a.wav", "/home/anna/a.wav", "/b/a.wav"]
