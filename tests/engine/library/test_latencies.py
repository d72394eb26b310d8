# SPDX-License-Identifier: GPL-3.0-or-later
"""Latencies are kept by pairs of devices; a file that is damaged holds none, and is written anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import CannotWrite
from engine.library.latencies import MOST_PAIRS, DevicePair, KeptTrip, keep_trip, kept_trips, trip_between
from engine.values.inputs import RoundTrip

PAIR = DevicePair("USB DAC", "Gitarre — Büro", 60, 40)
KEPT = KeptTrip(PAIR, RoundTrip(0.1234, -0.0021, 0.0003, 5), "2026-12-01")


def test_what_is_kept_is_read_and_the_latest_of_a_pair_counts(tmp_path: Path) -> None:
    path = tmp_path / "new" / "latencies.json"
    assert trip_between(path, PAIR) is None
    other = replace(KEPT, pair=replace(PAIR, output_ms=20))
    for one in (KEPT, other, replace(KEPT, trip=replace(KEPT.trip, late_s=0.004))):
        keep_trip(path, one)
    assert trip_between(path, PAIR) == replace(KEPT.trip, late_s=0.004)
    assert trip_between(path, other.pair) == KEPT.trip
    assert len(kept_trips(path)) == 2


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 2, "pairs": []}', '{"format": 1, "pairs": [{}]}', "[" * 9999]
)
def test_a_damaged_file_holds_none_and_is_written_anew(content: str, tmp_path: Path) -> None:
    path = tmp_path / "latencies.json"
    path.write_text(content, encoding="utf-8")
    assert kept_trips(path) == ()
    keep_trip(path, KEPT)
    assert kept_trips(path) == (KEPT,)


def test_the_oldest_pair_goes_where_there_are_too_many(tmp_path: Path) -> None:
    path = tmp_path / "latencies.json"
    for number in range(MOST_PAIRS + 1):
        keep_trip(path, replace(KEPT, pair=replace(PAIR, output=str(number))))
    kept = kept_trips(path)
    assert len(kept) == MOST_PAIRS
    assert kept[0].pair.output == "1"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CannotWrite):
        keep_trip(tmp_path / "file" / "latencies.json", KEPT)
