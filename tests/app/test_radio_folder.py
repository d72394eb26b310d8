# SPDX-License-Identifier: GPL-3.0-or-later
"""Two radios of one data folder do not write into the same files."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from app.main import main
from app.radio_folder import RadioFolder
from engine.broadcast.air_log import AirLog
from engine.values.radio import AirPiece


def test_each_radio_counts_for_itself_and_goes_on_where_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    first, second = RadioFolder(), RadioFolder()
    assert not first.is_another
    assert second.is_another
    assert (first.path.name, second.path.name) == ("radio", "radio 2")
    assert first.votes_file.parent == first.path
    logs = [AirLog(one.path) for one in (first, second)]
    for number, (log, n_pieces) in enumerate(zip(logs, (1, 3), strict=True)):
        for piece in range(n_pieces):
            log.expect(piece, AirPiece("a", key=f"{number} {piece}"))
            log.go_to(piece)
    first.close()
    second.close()
    for folder, n_pieces in ((RadioFolder(), 1), (RadioFolder(), 3)):
        log = AirLog(folder.path)
        log.expect(0, AirPiece("b", key="another"))
        log.go_to(0)
        assert log.encoded is not None
        assert log.encoded.number == n_pieces + 1


def test_a_radio_that_is_refused_leaves_its_folder_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["radio", "rain", "--port", str(taken.getsockname()[1])]) == 1
    assert "another program listens there" in capsys.readouterr().err
    folder = RadioFolder()
    assert not folder.is_another
    folder.close()
