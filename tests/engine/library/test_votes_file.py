# SPDX-License-Identifier: GPL-3.0-or-later
"""Votes are kept by station, and a file that is damaged is no longer one that counts, nor one that is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.library.votes_file import read_votes, write_votes


def test_votes_are_kept_by_station(tmp_path: Path) -> None:
    path = tmp_path / "not there yet" / "votes.json"
    assert read_votes(path) == {}
    write_votes(path, "calm", {"rain ☔": 1.1})
    write_votes(path, "day", {"night": 0.5})
    write_votes(path, "calm", {"rain ☔": 1.21})
    assert read_votes(path) == {"calm": {"rain ☔": 1.21}, "day": {"night": 0.5}}


DAMAGED = ("", "{", "[]", "null", "[" * 100_000, '{"calm": {"\\ud800": 2.0}}', f'{{"calm": {{"rain": 1{"0" * 5000}}}}}')


@pytest.mark.parametrize("content", DAMAGED, ids=lambda one: one[:20])
def test_a_damaged_file_is_set_aside(content: str, tmp_path: Path, expected_logs: list[str]) -> None:
    expected_logs.append("is damaged, and votes begin anew")
    path = tmp_path / "votes.json"
    path.write_text(content, encoding="utf-8")
    write_votes(path, "calm", {"rain": 2.0})
    assert read_votes(path) == {"calm": {"rain": 2.0}}
    assert (tmp_path / "votes (damaged).json").read_text(encoding="utf-8") == content


def test_a_file_that_cannot_be_read_or_written_ends_nothing(tmp_path: Path, expected_logs: list[str]) -> None:
    expected_logs += ["cannot be read, and no vote counts", "the votes are not kept"]
    (tmp_path / "votes.json").mkdir()
    write_votes(tmp_path / "votes.json", "calm", {"rain": 2.0})
    assert (tmp_path / "votes.json").is_dir()
