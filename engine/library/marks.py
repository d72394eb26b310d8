# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks are places in a file, WAV cue points and labelled regions, and the regions that they make.

Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF): a ``cue `` chunk holds points,
``ltxt`` in a ``LIST`` of the kind ``adtl`` gives a point a length, ``labl`` a name. AIFF's markers are alike but for
lengths, see ``engine.library.aiffloops``.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from engine.library.iff import Form
from engine.values import LoopRegion

MAX_REGIONS = 64
"""Number of regions that are made of one file's marks at most."""

# name, position, chunk, chunk's start, block's start, sample's place
_CUE = struct.Struct("<2I4s3I")
_LTXT = struct.Struct("<2I")  # cue point's name, length in samples; then purpose, country, language, text
_LABL = struct.Struct("<I")
_MAX_BYTES = 2**22
_BEGIN_WORDS, _END_WORDS = ("start", "begin", "beg", "in"), ("end", "stop", "out")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark is a place in samples, with its name and, for a region, its length (0 for a mere place)."""

    place: int
    label: str = ""
    n_samples: int = 0


def read_cues(wav: BinaryIO) -> tuple[Mark, ...]:
    """Return the cue points and labelled regions of a WAV or RF64 file, in order. Raises ValueError if it is none."""
    form = Form(wav)
    body = form.body(b"cue ", limit=_MAX_BYTES) or b""
    n_cues = struct.unpack_from("<I", body)[0] if len(body) >= 4 else 0
    n_cues = min(n_cues, (len(body) - 4) // _CUE.size) if n_cues else 0
    cues = [_CUE.unpack_from(body, 4 + i * _CUE.size) for i in range(n_cues)]
    labels: dict[int, str] = {}
    lengths: dict[int, int] = {}
    for name, text in _associated(form):
        if name == b"ltxt" and len(text) >= _LTXT.size:
            cue, n_samples = _LTXT.unpack_from(text)
            lengths[cue] = n_samples
        elif name == b"labl" and len(text) >= _LABL.size:
            labels[_LABL.unpack_from(text)[0]] = text[_LABL.size :].split(b"\0")[0].decode(errors="replace")
    # The sample's place is what counts; some programs fill in the position alone.
    return tuple(
        Mark(row[5] or row[1], labels.get(row[0], ""), lengths.get(row[0], 0)) for row in cues if row[2] != b"slnt"
    )


def regions_of(marks: Iterable[Mark], n_samples: int) -> tuple[LoopRegion, ...]:
    """Return the regions that marks make in a sound of so many samples.

    Those with a length; of mere places, a pair whose names say that a loop starts and ends there, or else the stretches
    from each to the next and, where there is but one, from it to the end.
    """
    marks = list(marks)
    regions = [LoopRegion(one.place, one.place + one.n_samples) for one in marks if one.n_samples > 0]
    places = sorted({one.place for one in marks if one.n_samples == 0 and one.place < n_samples})
    named = _named_pairs([one for one in marks if one.n_samples == 0])
    if named:
        regions += named
    elif len(places) == 1 and not regions:
        regions.append(LoopRegion(places[0], n_samples))
    else:
        regions += [LoopRegion(start, end) for start, end in itertools.pairwise(places)]
    return tuple(dict.fromkeys(regions))[:MAX_REGIONS]


def _named_pairs(marks: list[Mark]) -> list[LoopRegion]:
    looping = [(one.place, one.label.lower()) for one in marks if "loop" in one.label.lower()]
    starts = sorted(place for place, label in looping if _says(label, _BEGIN_WORDS))
    ends = sorted(place for place, label in looping if _says(label, _END_WORDS))
    pairs = ((start, next((end for end in ends if end > start), None)) for start in starts)
    return [LoopRegion(start, end) for start, end in pairs if end is not None]


def _says(label: str, words: tuple[str, ...]) -> bool:
    rest = label.replace("loop", " ")
    return any(word in "".join(c if c.isalpha() else " " for c in rest).split() for word in words)


def _associated(form: Form) -> Iterable[tuple[bytes, bytes]]:
    """Return the parts of every associated data list."""
    for body in form.bodies(b"LIST", limit=_MAX_BYTES):
        place = 4
        while body[:4] == b"adtl" and place + 8 <= len(body):
            name, n_bytes = struct.unpack_from("<4sI", body, place)
            yield name, body[place + 8 : place + 8 + n_bytes]
            place += 8 + n_bytes + n_bytes % 2
