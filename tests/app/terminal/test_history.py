# SPDX-License-Identifier: GPL-3.0-or-later
"""The history is remembered for its user alone, is bounded, and is done without where it cannot be kept."""

from __future__ import annotations

from pathlib import Path

from app.terminal.history import MOST_LINES, History


def test_it_is_gone_through_and_what_was_being_typed_comes_back(tmp_path: Path) -> None:
    history = History(tmp_path / "history")
    assert history.back("typed") == "typed"
    assert history.forth("typed") == "typed"
    for line in ("start rain", "next", "next", "save a.wav"):
        history.add(line)
    assert history.lines == ["start rain", "next", "save a.wav"], "said again at once, it is kept once"
    assert [history.back("sa") for _ in range(4)] == ["save a.wav", "next", "start rain", "start rain"]
    assert [history.forth("start rain") for _ in range(3)] == ["next", "save a.wav", "sa"]
    assert history.forth("sa and more") == "sa and more", "at its end nothing is taken away"
    assert history.latest("sta") == "start rain"
    assert history.latest("x") == ""


def test_it_is_there_the_next_time_for_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history"
    History(path).add("start “rain” – 日本")
    assert path.stat().st_mode & 0o777 == 0o600
    assert History(path).lines == ["start “rain” – 日本"]
    path.write_bytes(b"\xff\xfe\n\n  \nnext\n")
    assert History(path).lines[-1] == "next"


def test_it_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "history"
    history = History(path)
    for n in range(2 * MOST_LINES + 10):
        history.add(f"line {n}")
    assert len(history.lines) < 2 * MOST_LINES
    kept = path.read_text(encoding="utf-8").splitlines()
    assert len(kept) < 2 * MOST_LINES
    assert kept[-1] == f"line {2 * MOST_LINES + 9}"
    assert path.stat().st_mode & 0o777 == 0o600, "it stays its user's alone"
    assert History(path).lines[0] == f"line {MOST_LINES + 10}"


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    history = History(tmp_path / "file" / "history")
    history.add("next")
    assert history.back("") == "next"
    folder = History(tmp_path)
    folder.add("next")
    assert folder.lines == ["next"]
