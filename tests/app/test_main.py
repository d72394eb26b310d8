# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests raise unforeseen errors: each is told in one sentence too, with its traceback in the log."""

from __future__ import annotations

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
