# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests raise unforeseen errors: each is told in one sentence too, with its traceback in the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import main, paths
from app.commands import devices


def test_the_unforeseen_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_arguments: object) -> int:
        raise ZeroDivisionError("who would have thought")

    monkeypatch.setattr(devices, "run", fail)
    assert main.main(["devices"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1
    assert "who would have thought" in told.err
    assert str(paths.log_file()) in told.err
    assert "Traceback" in paths.log_file().read_text(encoding="utf-8")


def test_a_sound_or_a_folder_in_the_place_of_a_command_opens_the_studio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Music").mkdir()
    for names in (("Music",), ("gone.FLAC", "b.wav"), (str(tmp_path / "x.bin"),)):
        assert main.with_studio(names) == ["studio", *names]
    for line in ((), ("analyze", "a.wav"), ("--help",), ("genrate", "a.wav"), ("studio", "a.wav")):
        assert main.with_studio(line) == line


def test_a_sound_that_is_not_there_is_told_and_a_misspelt_command_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["gone.flac"]) == 1
    assert capsys.readouterr().err == "infiniloop: There is no file “gone.flac”: check the name.\n"
    with pytest.raises(SystemExit):
        main.main(["genrate"])
    assert "invalid choice: 'genrate'" in capsys.readouterr().err
