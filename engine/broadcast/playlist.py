# SPDX-License-Identifier: GPL-3.0-or-later
"""A playlist of HLS says which segments of the stream there are, and is all that a radio knows of its earlier runs.

The format is RFC 8216bis with its parts (low latency), as far as files that any web server serves can have them:
without what a server would have to hold back until it is there (blocking reload, and hints of what comes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

PLAYLIST = "stream.m3u8"
"""Name of the playlist's file."""
PARTS_A_SEGMENT = 4
TARGET_S = 4
"""Seconds of a segment, to the nearest whole one."""
PART_TARGET_S = 1.05
"""Longest part, seconds: one second and the frame of the codec in which it ends."""
LISTED = 10
"""Number of segments that the playlist names."""
LISTED_WITH_PARTS = 5
"""Number of segments, the last ones, whose parts it names, too: three of them whole, one that grows, one cut short."""
_HOLD_BACK_S = 3 * TARGET_S
_PART_HOLD_BACK_S = 4 * PART_TARGET_S
"""How far behind a player of parts stays, seconds: as far as who hears the stream by plain HTTP."""
_NAMES = re.compile(r"(?P<run>[0-9a-f]{8,16})(?:\.mp4|-(?P<number>\d{1,18})(?:\.\d)?\.m4s)")
_HEAD = re.compile(
    r"#EXT-X-MEDIA-SEQUENCE:(?P<number>\d{1,18})\n#EXT-X-DISCONTINUITY-SEQUENCE:(?P<n_breaks>\d{1,18})\n"
)
_ENTRY = re.compile(
    r"(?P<breaks>#EXT-X-DISCONTINUITY\n)?(?:#EXT-X-MAP:URI=\"[^\"\n]*\"\n)?"
    r"#EXT-X-PROGRAM-DATE-TIME:(?P<begins>[^\n]+)\n"
    r"(?P<parts>(?:#EXT-X-PART:[^\n]*\n)*)"
    r"(?:#EXTINF:(?P<length_s>[\d.]+),\n(?P<name>[^#\n]+)\n)?"
)
_PART = re.compile(r"DURATION=(?P<length_s>[\d.]+),URI=\"(?P<name>[^\"]+)\"")


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of the stream, or as much of one as there is.

    Attributes
    ----------
    run
        Name of the encoder's run that it is of: no two ever have the same, and so no two files.
    number
        Counted from the first segment that there was, over all runs.
    begins_s
        When its first sample was encoded, seconds since 1970.
    breaks
        Whether it begins a run: what is before it does not go on in it.
    part_lengths_s
        Seconds of each part; of one that an earlier run made, as far as they are known.
    whole_s
        Its seconds, once it is whole.
    """

    run: str
    number: int
    begins_s: float
    breaks: bool = False
    part_lengths_s: tuple[float, ...] = ()
    whole_s: float | None = None

    @property
    def name(self) -> str:
        """Return the name of its file."""
        return f"{self.run}-{self.number}.m4s"

    @property
    def head_name(self) -> str:
        """Return the name of the file that a decoder has to know first."""
        return f"{self.run}.mp4"

    def part_name(self, part: int) -> str:
        """Return the name of the file of its part of this number."""
        return f"{self.run}-{self.number}.{part}.m4s"

    @property
    def length_s(self) -> float:
        return sum(self.part_lengths_s) if self.whole_s is None else self.whole_s

    def with_part(self, length_s: float) -> Segment:
        """Return it with one more part."""
        return replace(self, part_lengths_s=(*self.part_lengths_s, length_s))

    def whole(self) -> Segment:
        """Return it ended."""
        return replace(self, whole_s=self.length_s)


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist names the last segments; the last of them may grow yet.

    Attributes
    ----------
    next_number
        Of the segment that follows those that are whole.
    n_breaks
        Number of breaks before the first segment that is named.
    """

    next_number: int
    n_breaks: int = 0
    segments: tuple[Segment, ...] = field(default=())

    def with_segment(self, segment: Segment) -> Playlist:
        """Return it with a segment that follows, or that replaces the last one, as it has grown."""
        kept = tuple(one for one in self.segments if one.number < segment.number)
        number = segment.number if segment.whole_s is None else segment.number + 1
        return Playlist(number, self.n_breaks, (*kept, segment)).less(len(kept) + 1 - LISTED)

    def less(self, n_first: int) -> Playlist:
        """Return it without its first segments."""
        gone = self.segments[: max(n_first, 0)]
        n_breaks = self.n_breaks + sum(one.breaks for one in gone)
        return replace(self, n_breaks=n_breaks, segments=self.segments[len(gone) :])

    @property
    def names(self) -> frozenset[str]:
        """Return the names of all files that it names."""
        names = {one.head_name for one in self.segments} | {
            one.name for one in self.segments if one.whole_s is not None
        }
        return frozenset(names.union(*(set(self._part_names(one)) for one in self.segments)))

    def text(self) -> str:
        """Return it as players read it."""
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:6",
            f"#EXT-X-TARGETDURATION:{TARGET_S}",
            f"#EXT-X-SERVER-CONTROL:HOLD-BACK={_HOLD_BACK_S:.1f},PART-HOLD-BACK={_PART_HOLD_BACK_S:.2f}",
            f"#EXT-X-PART-INF:PART-TARGET={PART_TARGET_S}",
            f"#EXT-X-MEDIA-SEQUENCE:{self.segments[0].number if self.segments else self.next_number}",
            f"#EXT-X-DISCONTINUITY-SEQUENCE:{self.n_breaks}",
            "#EXT-X-INDEPENDENT-SEGMENTS",
        ]
        head = ""
        for one in self.segments:
            if one.breaks:
                lines.append("#EXT-X-DISCONTINUITY")
            if one.head_name != head:
                head = one.head_name
                lines.append(f'#EXT-X-MAP:URI="{head}"')
            begins = datetime.fromtimestamp(one.begins_s, UTC).replace(tzinfo=None)
            lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{begins.isoformat(timespec='milliseconds')}Z")
            lines += [
                f'#EXT-X-PART:DURATION={length_s:.5f},URI="{name}",INDEPENDENT=YES'
                for name, length_s in zip(self._part_names(one), one.part_lengths_s, strict=False)
            ]
            if one.whole_s is not None:
                lines += [f"#EXTINF:{one.whole_s:.5f},", one.name]
        return "\n".join(lines) + "\n"

    def _part_names(self, segment: Segment) -> Iterator[str]:
        if segment.number > self.segments[-1].number - LISTED_WITH_PARTS:
            yield from (segment.part_name(part) for part in range(len(segment.part_lengths_s)))


def is_of_stream(name: str) -> bool:
    """Return whether a file of this name is one of those that make up the stream, of whatever run."""
    return name == PLAYLIST or _NAMES.fullmatch(name) is not None


def read_playlist(text: str) -> Playlist:
    """Return the playlist that was written as this text. Raises ValueError."""
    head = _HEAD.search(text)
    if head is None or not text.endswith("\n"):
        raise ValueError("it is no whole playlist")
    first = int(head["number"])
    entries = list(_ENTRY.finditer(text, head.end()))
    segments = [_segment_of(entry, first + at) for at, entry in enumerate(entries)]
    whole = [one.whole_s is not None for one in segments]
    if not all(whole[:-1]):
        raise ValueError("one of its segments has no end")
    return Playlist(first + sum(whole), int(head["n_breaks"]), tuple(segments))


def _segment_of(entry: re.Match[str], number: int) -> Segment:
    parts: Sequence[re.Match[str]] = list(_PART.finditer(entry["parts"]))
    name = entry["name"] or (parts[0]["name"] if parts else "")
    named = _NAMES.fullmatch(name)
    if named is None or named["number"] != str(number):
        raise ValueError(f"segment {number} has no name of ours")
    return Segment(
        named["run"],
        number,
        datetime.fromisoformat(entry["begins"]).timestamp(),
        entry["breaks"] is not None,
        tuple(float(one["length_s"]) for one in parts),
        None if entry["length_s"] is None else float(entry["length_s"]),
    )
