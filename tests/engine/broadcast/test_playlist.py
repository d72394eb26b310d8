# SPDX-License-Identifier: GPL-3.0-or-later
"""A playlist keeps to the rules of HLS, and is read again as it was written, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.broadcast.playlist import (
    LISTED,
    LISTED_WITH_PARTS,
    PARTS_A_SEGMENT,
    Playlist,
    Segment,
    is_of_stream,
    read_playlist,
)
from tests.engine.broadcast.playing_hls import listed_in

PART_S = 44 * 1024 / 44_100


def grown(n_parts: int, *, run: str = "19a0b0c0d0e", before: Playlist | None = None) -> Playlist:
    """Return a playlist after so many parts of a run."""
    playlist, begins_s = before or Playlist(100), 1.8e9
    segment: Segment | None = None
    for part in range(n_parts):
        segment = segment or Segment(run, playlist.next_number, begins_s, breaks=part == 0)
        segment = segment.with_part(PART_S)
        begins_s += PART_S
        if len(segment.part_lengths_s) == PARTS_A_SEGMENT:
            segment = segment.whole()
        playlist = playlist.with_segment(segment)
        segment = None if segment.whole_s is not None else segment
    return playlist


@given(st.integers(0, 60), st.integers(1, 30))
def test_it_keeps_to_the_rules_and_is_read_as_it_was_written(n_before: int, n_parts: int) -> None:
    before = grown(n_before, run="19a0b0c0d0d")
    if before.segments and before.segments[-1].whole_s is None:
        before = before.with_segment(before.segments[-1].whole())
    playlist = grown(n_parts, before=before)

    found = listed_in(playlist.text())
    again = read_playlist(playlist.text())

    assert len(found) == len(playlist.segments) <= LISTED
    assert [one.number for one in found] == [one.number for one in playlist.segments]
    assert found[-1].number == 100 + -(-n_before // 4) + -(-n_parts // 4) - 1
    assert {name for one in found for name in (one.name, one.head, *dict(one.parts)) if name} == playlist.names
    assert playlist.n_breaks + sum(one.breaks for one in found) == 1 + (n_before > 0)
    assert again.text() == playlist.text()
    assert (again.next_number, again.n_breaks) == (playlist.next_number, playlist.n_breaks)
    assert all(is_of_stream(name) for name in playlist.names)


def test_parts_are_named_of_the_last_segments() -> None:
    found = listed_in(grown(40).text())
    assert [len(one.parts) for one in found] == [0] * (LISTED - LISTED_WITH_PARTS) + [4] * LISTED_WITH_PARTS


def test_one_with_no_segments_keeps_its_numbers() -> None:
    empty = replace(grown(13).less(99), next_number=104)
    assert read_playlist(empty.text()) == Playlist(104, 1)
    assert listed_in(empty.text()) == []


@given(st.data())
def test_what_was_cut_off_or_changed_is_refused_or_read_as_something_whole(data: st.DataObject) -> None:
    text = grown(18).text()
    at = data.draw(st.integers(0, len(text) - 1))
    other = (
        text[:at]
        + data.draw(st.sampled_from(["", "\n", "#", "9", "/", "é"]))
        + text[at + data.draw(st.integers(0, 9)) :]
    )
    try:
        playlist = read_playlist(other)
    except ValueError:
        return
    assert all(is_of_stream(name) for name in playlist.names)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "stream.m3u8.part", "../stream.m3u8", "a/19a0b0c0d0e.mp4", "on-air.json", "19a0b0c0d0e-1.m4s\n"],
)
def test_other_names_are_none_of_the_streams(name: str) -> None:
    assert not is_of_stream(name)
