# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of HLS, judged line by line and by the ears of a player (libav's)."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from engine.broadcast.hls import HlsFolder
from engine.broadcast.playlist import PLAYLIST
from engine.values import FloatArray
from tests.engine.broadcast.streams import RATE, decoded

PIECE = RATE // 4


@dataclass
class Listed:
    """A segment as a playlist names it; ``seconds`` is None while it grows."""

    number: int
    name: str
    head: str
    seconds: float | None
    begins_s: float
    parts: list[tuple[str, float]]
    breaks: bool


def listed_in(text: str) -> list[Listed]:
    """Return the segments of a playlist, which keeps to all rules of RFC 8216bis that bind one of a live stream."""
    lines = text.split("\n")
    assert lines[0] == "#EXTM3U"
    assert lines[-1] == "", "the last line is whole"
    once = {"VERSION", "TARGETDURATION", "PART-INF", "SERVER-CONTROL", "MEDIA-SEQUENCE", "DISCONTINUITY-SEQUENCE"}
    once |= {"INDEPENDENT-SEGMENTS"}
    said: dict[str, str] = {}
    found: list[Listed] = []
    head, growing = "", Listed(0, "", "", None, 0.0, [], breaks=False)
    seconds: float | None = None
    for line in lines[1:-1]:
        match = re.fullmatch(r"#EXT(?:-X-)?(?P<tag>[A-Z-]+)(?::(?P<value>.+))?", line)
        tag, value = (match["tag"], match["value"] or "") if match else ("", line)
        if tag in once:
            assert tag not in said, f"{tag} stands once"
            assert not found, f"{tag} stands before the segments"
            said[tag] = value
        elif tag == "DISCONTINUITY":
            growing.breaks = True
        elif tag == "MAP":
            [head] = _matched(r'URI="([^"]+)"', value)
        elif tag == "PROGRAM-DATE-TIME":
            growing.begins_s = datetime.fromisoformat(value).timestamp()
        elif tag == "PART":
            length, name = _matched(r'DURATION=([\d.]+),URI="([^"]+)",INDEPENDENT=YES', value)
            growing.parts.append((name, float(length)))
        elif tag == "INF":
            seconds = float(value.removesuffix(","))
        else:
            assert match is None, f"{line} is no tag of a live playlist"
            assert seconds is not None
            growing.name, growing.seconds, growing.head = value, seconds, head
            growing.number = int(said["MEDIA-SEQUENCE"]) + len(found)
            found.append(growing)
            growing, seconds = Listed(0, "", "", None, 0.0, [], breaks=False), None
    if growing.parts:
        growing.head, growing.number = head, int(said["MEDIA-SEQUENCE"]) + len(found)
        found.append(growing)
    assert said.keys() == once
    _keeps_to_its_bounds(said, found)
    return found


def _keeps_to_its_bounds(said: dict[str, str], found: list[Listed]) -> None:
    target, part_target = int(said["TARGETDURATION"]), float(said["PART-INF"].removeprefix("PART-TARGET="))
    control = {name: float(value) for name, value in (one.split("=") for one in said["SERVER-CONTROL"].split(","))}
    assert int(said["VERSION"]) >= 6, "a map of segments that are no pictures"
    assert control["HOLD-BACK"] >= 3 * target
    assert control["PART-HOLD-BACK"] >= 3 * part_target
    for at, one in enumerate(found):
        lengths = [length for _name, length in one.parts]
        assert one.head
        assert one.begins_s
        assert all(0.85 * part_target <= length <= part_target for length in lengths)
        if one.seconds is not None:
            assert round(one.seconds) <= target
            assert not lengths or abs(sum(lengths) - one.seconds) < 1e-4
        else:
            assert one is found[-1]
        if at and not one.breaks:
            assert found[at - 1].head == one.head
            assert abs(found[at - 1].begins_s + (found[at - 1].seconds or 0.0) - one.begins_s) < 2e-3
    # Parts are named until three target durations before the end, at least.
    from_end_s = 0.0
    for one in reversed(found):
        assert one.parts or from_end_s >= 3 * target
        from_end_s += one.seconds or sum(length for _name, length in one.parts)


def listed(folder: Path) -> list[Listed]:
    """Return what the playlist of a folder names: all of it is there, and parts make up their segment."""
    found = listed_in((folder / PLAYLIST).read_text())
    for one in found:
        assert (folder / one.head).stat().st_size > 0
        parts = [(folder / name).read_bytes() for name, _length in one.parts]
        if one.seconds is not None:
            content = (folder / one.name).read_bytes()
            assert not parts or b"".join(parts) == content
    return found


def heard(folder: Path, segments: list[Listed]) -> FloatArray:
    """Return what a player hears of segments, one after the other, none of which breaks the stream but the first."""
    parts = [(folder / one.name).read_bytes() for one in segments if one.seconds is not None]
    return decoded((folder / segments[0].head).read_bytes() + b"".join(parts))[0]


def sweep(seconds: float) -> FloatArray:
    """Return a stereo sound that is at no two moments the same: from 200 Hz up by 20 Hz a second."""
    times = np.arange(round(seconds * RATE)) / RATE
    waves = [np.sin(2 * np.pi * (base + 10.0 * times) * times) for base in (200.0, 500.0)]
    return (0.3 * np.stack(waves, axis=1)).astype(np.float32)


def feed(folder: HlsFolder, sound: FloatArray, *, begin: int = 0) -> None:
    """Feed a folder a sound in pieces, as fast as it takes them."""
    for at in range(0, len(sound), PIECE):
        piece = sound[at : at + PIECE]
        while folder._waiting.full():
            time.sleep(0.005)
        folder.feed(begin + at + len(piece), piece)


class Clock:
    """A clock of the wall that goes on by a piece's length each time it is asked, or stands."""

    def __init__(self, now_s: float | None = None, *, step_s: float = 0.25) -> None:
        self.now_s, self.step_s = time.time() if now_s is None else now_s, step_s

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


def _matched(pattern: str, value: str) -> tuple[str, ...]:
    """Return the groups of a pattern that a tag's value has to match."""
    found = re.fullmatch(pattern, value)
    assert found is not None, value
    return found.groups()
