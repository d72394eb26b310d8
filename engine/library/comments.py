# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads and writes comments of audio files, names with a text each; it alone knows mutagen."""

from __future__ import annotations

import contextlib
import io
import struct
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, BinaryIO

_ID3_VERSION = 3  # of new tags: 2.3 is read by more programs than 2.4
_ID3_KEPT_VERSION = 4
_PRINTABLE = range(0x20, 0x7E)


class Commented(StrEnum):
    """The formats that have comments."""

    FLAC = "FLAC"
    VORBIS = "VORBIS"
    OPUS = "OPUS"
    MP3 = "MP3"
    MP4 = "MP4"


def read_comments(handle: BinaryIO, kind: Commented) -> dict[str, str]:
    """Return every comment, the first text of each name. ``handle`` is at the start. Raises ValueError for damage."""
    with telling():
        if kind is Commented.MP3:
            return _texts(_id3(handle))
        tags = _file(handle, kind).tags or {}
        if kind is Commented.MP4:
            texts = {name: values for name, values in tags.items() if name.startswith("----:") and values}
            return {
                name.rpartition(":")[2]: bytes(values[0]).decode(errors="replace") for name, values in texts.items()
            }
        return {name: values[0] for name, values in tags.items() if values}


def write_comments(handle: BinaryIO, kind: Commented, added: Mapping[str, str], dropped: Callable[[str], bool]) -> None:
    """Add comments in place of those whose names are ``dropped``; other tags and the audio stay as they are.

    ``handle``, open for reading and writing, is at the start. Raises ValueError for damaged comments, and OSError.
    """
    with telling():
        if kind is Commented.MP3:
            _write_id3(handle, added, dropped)
            return
        file = _file(handle, kind)
        if file.tags is None:
            file.add_tags()
        for name in [name for name in dict(file.tags) if dropped(name)]:
            del file.tags[name]
        for name, text in added.items():
            file.tags[name] = text
        handle.seek(0)
        file.save(handle)


def id3_texts(body: bytes) -> dict[str, str]:
    """Return the texts that the ID3 tag in a chunk names, none where it is damaged."""
    try:
        with telling():
            return _texts(_id3(io.BytesIO(body)))
    except ValueError:
        return {}


def id3_without(body: bytes, dropped: Callable[[str], bool]) -> bytes | None:
    """Return the ID3 tag in a chunk without the texts whose names are ``dropped``; None where it has none of them.

    As long as it was, where that is long enough: padded.
    """
    if not any(dropped(name) for name in id3_texts(body)):
        return None
    handle = io.BytesIO(body)
    with telling():
        _write_id3(handle, {}, dropped)
    return handle.getvalue()


def mp4_length(handle: BinaryIO) -> tuple[int, int]:
    """Return the sample rate in Hz and the number of samples of an MP4 audio file. Raises ValueError if it is none."""
    with telling():
        info = _file(handle, Commented.MP4).info
        return int(info.sample_rate), round(info.length * info.sample_rate)


def may_be_name(name: str) -> bool:
    """Return whether a comment's name fits every format: printable ASCII without "=" and "~" (Vorbis I, 5.2.2)."""
    return bool(name) and all(ord(letter) in _PRINTABLE and letter != "=" for letter in name)


def possible_name(name: str) -> str:
    """Return the nearest name that a comment can have; empty where that would say nothing."""
    if may_be_name(name):
        return name
    plain = (letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    made = "".join(letter if may_be_name(letter) else "_" for letter in plain)
    return made if any(letter.isalnum() for letter in made) else ""


def _file(handle: BinaryIO, kind: Commented) -> Any:
    from mutagen.flac import FLAC
    from mutagen.mp4 import MP4
    from mutagen.oggopus import OggOpus
    from mutagen.oggvorbis import OggVorbis

    kinds: dict[Commented, Any] = {
        Commented.FLAC: FLAC,
        Commented.VORBIS: OggVorbis,
        Commented.OPUS: OggOpus,
        Commented.MP4: MP4,
    }
    return kinds[kind](handle)


def _id3(handle: BinaryIO) -> Any:
    """Return the ID3 tag, empty without one, as version 2.4 if it is that already and else as 2.3."""
    from mutagen.id3 import ID3, ID3NoHeaderError

    try:
        tags = ID3(handle)
        if tags.version[:2] == (2, _ID3_KEPT_VERSION):
            return tags
        handle.seek(0)
        return ID3(handle, v2_version=_ID3_VERSION)
    except ID3NoHeaderError:
        return ID3()


def _texts(tags: Any) -> dict[str, str]:
    return {frame.desc: str(frame.text[0]) for frame in tags.getall("TXXX") if frame.text}


def _write_id3(handle: BinaryIO, added: Mapping[str, str], dropped: Callable[[str], bool]) -> None:
    from mutagen.id3 import TXXX, Encoding

    tags = _id3(handle)
    for frame in tags.getall("TXXX"):
        if dropped(frame.desc):
            del tags[frame.HashKey]
    for name, text in added.items():
        tags.add(TXXX(encoding=Encoding.LATIN1, desc=name, text=[text]))
    is_kept = tags.version[:2] == (2, _ID3_KEPT_VERSION) and tags.size > 0
    handle.seek(0)
    tags.save(handle, v2_version=_ID3_KEPT_VERSION if is_kept else _ID3_VERSION)


@contextlib.contextmanager
def telling() -> Iterator[None]:
    """Turn what mutagen raises for damaged files, its own errors and others, into ValueError."""
    from mutagen import MutagenError

    try:
        yield
    except MutagenError as error:
        if isinstance(error.__context__, OSError):
            raise error.__context__ from None  # a full disk is no damaged file
        raise ValueError(str(error)) from error
    except (LookupError, TypeError, AttributeError, ArithmeticError, EOFError, struct.error) as error:
        raise ValueError(repr(error)) from error
