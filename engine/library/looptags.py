# SPDX-License-Identifier: GPL-3.0-or-later
"""Loop tags mark the loop in a file that games and samplers repeat.

| format | where | a loop's end |
|---|---|---|
| WAV, RF64 | ``smpl`` chunk | the last sample that is played |
| AIFF | ``INST`` and ``MARK`` chunks | half open |
| FLAC, OGG, Opus, MP3, M4A (read only), ID3 in WAV and AIFF | comments as in ``engine.library.tagvalues`` | half open |

``LOOPSTART`` comes with ``LOOPLENGTH`` (RPG Maker) or with ``LOOPEND``. ``LOOP_END`` is the first sample that is
**not** played: PyMusicLooper 3.6 writes and plays it so (``playback_audio[loop_start:loop_end]``), SDL_mixer too. Opus
counts samples at 48 kHz, whatever the rate of what was encoded (RFC 7845). An MP3's samples are those that are left
when the encoder's delay is cut off. Beside loops, places and regions may be marked: ``engine.library.marks``.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import soundfile

from engine.errors import CannotRead, CannotWrite, NoLoopTags, NotAudio, OutOfRange, UnknownChoice, WrongEnding
from engine.library.aiffloops import put_aiff_loop, read_aiff_loops, read_aiff_marks
from engine.library.atomic import replacing
from engine.library.comments import (
    Commented,
    id3_texts,
    id3_without,
    may_be_name,
    mp4_length,
    read_comments,
    write_comments,
)
from engine.library.iff import Form
from engine.library.marks import Mark, read_cues, regions_of
from engine.library.smpl import FORWARD, put_smpl, read_smpl
from engine.library.soundfiles import AudioPath, decoder_of, decoding, opened
from engine.library.tagvalues import is_loop_name, regions_in
from engine.values import LoopRegion

_log = logging.getLogger(__name__)

TAG_NAMES = ("LOOPSTART", "LOOPLENGTH")

_WAV = ("WAV", "WAVEX", "RF64")
_WRITABLE = (Commented.FLAC, Commented.VORBIS, Commented.OPUS, Commented.MP3)
_OPUS_RATE = 48_000  # Hz
_ANY_NUMBER_OF_CHANNELS = 1024
_COPIED_BYTES = 2**20
_ID3_CHUNKS = (b"id3 ", b"ID3 ")
_MAX_ID3_BYTES = 2**25


@dataclass(frozen=True, slots=True)
class LoopTags:
    """The loops that a file is tagged with, in samples of what is decoded from it.

    Attributes
    ----------
    loops
        Tagged as loops.
    marks
        Regions that are marked: with a length, or between two places.
    notes
        Sentences for a person: what was corrected, and what could not be taken.
    """

    loops: tuple[LoopRegion, ...] = ()
    marks: tuple[LoopRegion, ...] = ()
    notes: tuple[str, ...] = ()


def read_loop_tags(path: AudioPath, *, n_samples: int | None = None) -> tuple[LoopRegion, ...]:
    """Return the loop regions that a file is tagged with, as in ``read_tags``."""
    return read_tags(path, n_samples=n_samples).loops


def read_tags(path: AudioPath, *, n_samples: int | None = None) -> LoopTags:
    """Return what a file's tags say of its loops; no tags are no error.

    A region that ends beyond the sound is taken to its end, and one that starts there is left out; both are told.

    Parameters
    ----------
    n_samples
        Length of the sound, where known (``open_sound`` finds it out); without it the header is believed.

    Raises
    ------
    FileMissing, CannotRead, NotAudio
    """
    facts = _facts(path)
    limit = facts.n_samples if n_samples is None else n_samples
    notes: list[str] = []
    with opened(path) as handle:
        try:
            tagged = _tagged(handle, facts, limit, notes)
            marks = regions_of(_marks(handle, facts), limit)
        except ValueError as error:
            _log.debug("the loop tags of %s are damaged: %s", path, error)
            return LoopTags(notes=("The loop tags are damaged.",))
        except OSError as error:
            raise CannotRead(path=str(path), detail=error.strerror or str(error)) from error
    scaled = dict.fromkeys(_scaled(region, facts.tag_rate, facts.sample_rate) for region in tagged)
    loops = tuple(within for region in scaled if region is not None and (within := _within(region, limit, notes)))
    within_marks = dict.fromkeys(_within(region, limit, []) for region in marks)
    return LoopTags(
        tuple(dict.fromkeys(loops)), tuple(one for one in within_marks if one and one not in loops), tuple(notes)
    )


def _within(region: LoopRegion, n_samples: int, notes: list[str]) -> LoopRegion | None:
    """Return the part of a region within so many samples; add a note where that is not all of it."""
    if region.loop_end <= n_samples:
        return region
    if region.loop_start >= n_samples:
        notes.append(f"A tagged loop starts at {region.loop_start}, after the sound’s {n_samples} samples: left out.")
        return None
    beyond = region.loop_end - n_samples
    notes.append(f"A tagged loop ends {beyond} sample{'s'[: beyond != 1]} after the sound: it is taken to the end.")
    return LoopRegion(region.loop_start, n_samples)


def write_loop_tags(
    source: AudioPath, target: AudioPath, region: LoopRegion, *, names: tuple[str, str] = TAG_NAMES
) -> None:
    """Write a copy of an audio file that is tagged with ``region`` alone; sound and other tags stay as they are.

    Parameters
    ----------
    source, target
        May be the same; ``target`` appears whole or not at all. Their endings are the same.
    region
        In samples of what is decoded from ``source``; must lie within them.
    names
        Of the two comments, for formats with comments. The second holds the length if its name has "LEN" in it or
        "OFFSET", otherwise the end (half open), as in PyMusicLooper.

    Raises
    ------
    FileMissing, CannotRead, NotAudio
        Of ``source``.
    NoLoopTags
        Its format has none.
    OutOfRange, UnknownChoice, WrongEnding
        ``region`` lies beyond the sound, a name cannot be one, ``target`` has the ending of another format.
    CannotWrite
    """
    _check_names(names)
    facts = _facts(source)
    if facts.comments not in _WRITABLE and not _has_chunks(facts):
        raise NoLoopTags(path=str(source), format=facts.format, choices="WAV, FLAC, OGG, MP3, AIFF")
    ending = Path(source).suffix
    if Path(target).suffix.lower() != ending.lower():
        raise WrongEnding(path=str(target), choices=ending)
    if region.loop_end > facts.n_samples:
        raise OutOfRange(name="the end of the loop", value=region.loop_end, low=1, high=facts.n_samples)
    tagged = _scaled(region, facts.sample_rate, facts.tag_rate) or region
    with opened(source) as original, replacing(target) as copy:
        shutil.copyfileobj(original, copy, _COPIED_BYTES)
        try:
            tag_handle(copy, facts.comments, tagged, facts.sample_rate, names=names)
        except ValueError as error:
            raise CannotWrite(path=str(target), detail=str(error)) from error
        copy.flush()
        _check_copy(copy, facts, target)


def tag_handle(
    handle: BinaryIO,
    comments: Commented | None,
    region: LoopRegion,
    sample_rate: int,
    *,
    names: tuple[str, str] = TAG_NAMES,
) -> None:
    """Tag an open file in place; ``comments`` is its kind if it has comments, None for WAV and AIFF.

    Raises ValueError for files whose tags are damaged or cannot reach so far.
    """
    handle.seek(0)
    if comments is not None:
        second = region.n_samples if _is_length(names[1]) else region.loop_end
        added = {names[0]: str(region.loop_start), names[1]: str(second)}
        new = {name.upper() for name in names}
        write_comments(handle, comments, added, lambda name: is_loop_name(name) or name.upper() in new)
    else:
        _forget_id3_loops(handle)
        handle.seek(0)
        if handle.read(4) == b"FORM":
            put_aiff_loop(handle, region)
        else:
            put_smpl(handle, region, sample_rate)


def _forget_id3_loops(handle: BinaryIO) -> None:
    """Take the loops out of the ID3 tags in the chunks of a WAV or AIFF file: one loop is enough."""
    form = Form(handle)
    for name in _ID3_CHUNKS:
        body = form.body(name, limit=_MAX_ID3_BYTES)
        if body is None or len(body) == _MAX_ID3_BYTES:
            continue
        new = id3_without(body, is_loop_name)
        if new is not None:
            form.put(name, new)


# --- formats ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts of a file's headers. ``format`` is libsndfile's name, ``comments`` how comments are kept, or None."""

    format: str
    comments: Commented | None
    sample_rate: int
    n_samples: int

    @property
    def tag_rate(self) -> int:
        """Return the sample rate in Hz that loop tags count in."""
        return _OPUS_RATE if self.comments is Commented.OPUS else self.sample_rate


def _facts(path: AudioPath) -> _Facts:
    try:
        with decoding(path, _ANY_NUMBER_OF_CHANNELS) as file:
            name = file.subtype if file.format == "OGG" else file.format
            comments = Commented(name) if name in set(Commented) else None
            return _Facts(file.format, comments, file.samplerate, file.frames)
    except NotAudio:
        with opened(path) as handle:  # what libsndfile cannot decode may still be tagged
            if handle.read(8)[4:] != b"ftyp":
                raise
            handle.seek(0)
            with contextlib.suppress(ValueError):
                return _Facts("MP4", Commented.MP4, *mp4_length(handle))
        raise


def _tagged(handle: BinaryIO, facts: _Facts, n_samples: int, notes: list[str]) -> list[LoopRegion]:
    """Return regions as tagged, at the tags' rate; add notes. Raises ValueError for damaged tags."""
    tag_samples = round(n_samples * facts.tag_rate / facts.sample_rate)
    if facts.comments is not None:
        regions, odd = regions_in(read_comments(handle, facts.comments), facts.tag_rate, tag_samples)
        notes += odd
        return regions
    if not _has_chunks(facts):
        return []
    loops: list[LoopRegion] = []
    if facts.format == "AIFF":
        loops += read_aiff_loops(handle)
    else:
        for loop in read_smpl(handle):
            if loop.kind == FORWARD:
                loops.append(loop.region)
            else:
                notes.append("A loop of the smpl chunk plays backwards or to and fro: left out.")
    regions, odd = regions_in(_id3_in_chunks(handle), facts.tag_rate, tag_samples)
    notes += odd
    return loops + regions


def _marks(handle: BinaryIO, facts: _Facts) -> tuple[Mark, ...]:
    if not _has_chunks(facts):
        return ()
    return read_aiff_marks(handle) if facts.format == "AIFF" else read_cues(handle)


def _id3_in_chunks(handle: BinaryIO) -> dict[str, str]:
    """Return the texts of the ID3 tags that a WAV or AIFF file holds as chunks."""
    form = Form(handle)
    bodies = (form.body(name, limit=_MAX_ID3_BYTES) for name in _ID3_CHUNKS)
    return {name: text for body in bodies if body is not None for name, text in id3_texts(body).items()}


def _has_chunks(facts: _Facts) -> bool:
    return facts.format in {*_WAV, "AIFF"}


def _check_names(names: tuple[str, str]) -> None:
    for name in names:
        if not may_be_name(name):
            raise UnknownChoice(name="tag name", value=name, choices="letters, digits and _")
    if names[0].upper() == names[1].upper():
        raise UnknownChoice(name="second tag name", value=names[1], choices="LOOPLENGTH, LOOPEND, LOOP_END")


def _check_copy(copy: BinaryIO, facts: _Facts, target: AudioPath) -> None:
    """Raise CannotWrite unless the tagged copy has as many samples: the chunks of a damaged file may mislead."""
    copy.seek(0)
    os.lseek(copy.fileno(), 0, os.SEEK_SET)
    try:
        with decoder_of(copy) as file:
            # The length of an MP3 that does not state it is a guess, from the file's size.
            whole = file.frames == facts.n_samples or facts.comments is Commented.MP3
    except soundfile.LibsndfileError:
        whole = False
    if not whole:
        raise CannotWrite(path=str(target), detail="the file is damaged, and would be more so with a tag")


def _is_length(name: str) -> bool:
    return "LEN" in name.upper() or "OFFSET" in name.upper()


def _scaled(region: LoopRegion, from_rate: int, to_rate: int) -> LoopRegion | None:
    """Return the same time at another sample rate, to the nearest sample; None if nothing is left of it."""
    start, end = (round(place * to_rate / from_rate) for place in (region.loop_start, region.loop_end))
    return LoopRegion(start, end) if start < end else None
