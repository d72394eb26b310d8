# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads titles, names and pictures of audio files, in whatever way a format keeps them, with mutagen.

They go by their Vorbis comments' names here (TITLE, ARTIST, ALBUM…). Sources: id3.org, ID3 tag version 2.3.0 and
2.4.0; Microsoft and IBM, RIFF (``LIST`` of ``INFO``); Apple, AIFF 1.3 (``NAME``, ``AUTH``, ``(c) ``, ``ANNO``).
"""

from __future__ import annotations

import base64
import binascii
import io
import logging
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from engine.library.comments import Commented, possible_name, telling
from engine.library.iff import Form

Texts = dict[str, tuple[str, ...]]
"""Texts by upper-case name, one or more each."""

_log = logging.getLogger(__name__)

_ID3_NAMES = {
    "TIT2": "TITLE",
    "TIT3": "SUBTITLE",
    "TPE1": "ARTIST",
    "TPE2": "ALBUMARTIST",
    "TPE3": "CONDUCTOR",
    "TPE4": "REMIXER",
    "TALB": "ALBUM",
    "TCOM": "COMPOSER",
    "TEXT": "LYRICIST",
    "TCON": "GENRE",
    "TDRC": "DATE",
    "TRCK": "TRACKNUMBER",
    "TPOS": "DISCNUMBER",
    "TCOP": "COPYRIGHT",
    "TPUB": "PUBLISHER",
    "TBPM": "BPM",
    "TKEY": "INITIALKEY",
    "TSRC": "ISRC",
    "TLAN": "LANGUAGE",
    "TIT1": "GROUPING",
    "TMOO": "MOOD",
}
_ID3_FRAMES = {name: frame for frame, name in _ID3_NAMES.items()}
_INFO_NAMES = {
    b"INAM": "TITLE",
    b"IART": "ARTIST",
    b"IPRD": "ALBUM",
    b"ICRD": "DATE",
    b"IGNR": "GENRE",
    b"ICMT": "COMMENT",
    b"ICOP": "COPYRIGHT",
    b"ITRK": "TRACKNUMBER",
    b"IPRT": "TRACKNUMBER",
    b"IMUS": "COMPOSER",
    b"IKEY": "KEYWORDS",
    b"ISBJ": "SUBJECT",
}
_INFO_CHUNKS = {name: chunk for chunk, name in reversed(_INFO_NAMES.items())}
_AIFF_NAMES = {b"NAME": "TITLE", b"AUTH": "ARTIST", b"(c) ": "COPYRIGHT", b"ANNO": "COMMENT"}
_ID3_CHUNKS = (b"id3 ", b"ID3 ")
_PICTURE = "METADATA_BLOCK_PICTURE"
_MAX_BYTES = 2**26
_MAX_FLAC_BYTES = 2**24 - 1
"""Number of bytes that a block of metadata in FLAC may have."""
_APE_NAMES = {"YEAR": "DATE", "TRACK": "TRACKNUMBER", "DISC": "DISCNUMBER", "ALBUM ARTIST": "ALBUMARTIST"}
_MAX_PICTURE_KIND = 20
_ANY_PICTURE = "image/"
_ERRORS = (LookupError, TypeError, AttributeError, ArithmeticError, EOFError, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a file; ``kind`` is 3 for the front cover, as in ID3. Sizes in pixels are 0 where unknown."""

    data: bytes
    mime: str
    kind: int = 3
    description: str = ""
    width: int = 0
    height: int = 0
    depth: int = 0


def read_texts(handle: BinaryIO, kind: Commented | None) -> tuple[Texts, tuple[Picture, ...]]:
    """Return the texts and pictures of an open file. ``kind`` is how it keeps comments; None is WAV or AIFF.

    Tags that are damaged count as none.
    """
    from mutagen import MutagenError

    handle.seek(0)
    try:
        match kind:
            case None:
                return _of_chunks(handle)
            case Commented.MP3:
                texts, pictures = _of_id3(handle)
                return {**_of_ape(handle), **texts}, pictures
            case Commented.MP4:
                return {}, ()
            case _:
                return _of_comments(handle, kind)
    except (MutagenError, *_ERRORS) as error:
        _log.debug("damaged tags: %r", error)
        return {}, ()


def put_texts(
    handle: BinaryIO, kind: Commented | None, texts: Mapping[str, Sequence[str]], pictures: Sequence[Picture]
) -> tuple[str, ...]:
    """Give a new file its texts and pictures; ``kind`` is as in ``read_texts``, None being WAV.

    Returns what the format has no room for and is left out, in words. Raises ValueError.
    """
    handle.seek(0)
    if kind is None:
        form = Form(handle)
        info = _info_of(texts)
        if info:
            form.put(b"LIST", b"INFO" + info)
        form.put(b"id3 ", _id3_of(texts, pictures))
        return ()
    with telling():
        return _put_comments(handle, kind, texts, pictures)


def _put_comments(
    handle: BinaryIO, kind: Commented, texts: Mapping[str, Sequence[str]], pictures: Sequence[Picture]
) -> tuple[str, ...]:
    left_out = []
    file = _opened(handle, kind)
    if file.tags is None:
        file.add_tags()
    named: Texts = {}
    for given, values in texts.items():
        name = possible_name(given)
        if kind is Commented.FLAC and sum(len(value.encode()) for value in values) > _MAX_FLAC_BYTES // 2:
            left_out.append(f"its text {name} is left out, as it is too long for FLAC")
        elif name:
            named[name] = (*named.get(name, ()), *values)
    for name, values in named.items():
        file.tags[name] = list(values)
    made = [_flac_picture(picture) for picture in pictures]
    if kind is Commented.FLAC:
        for picture in made:
            if len(picture.write()) > _MAX_FLAC_BYTES:
                n_mb = len(picture.data) / 1e6
                left_out.append(f"its picture of {n_mb:.1f} MB is left out, as FLAC holds at most 16.7 MB")
            else:
                file.add_picture(picture)
    elif made:
        file.tags[_PICTURE] = [base64.b64encode(picture.write()).decode("ascii") for picture in made]
    handle.seek(0)
    file.save(handle)
    return tuple(left_out)


def on_one_line(text: str) -> str:
    """Return a text with a space for every control character and half surrogate, which no tag and no line can hold."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " for letter in text)


# --- comments of FLAC, Vorbis, Opus -----------------------------------------------------------------------------------


def _of_comments(handle: BinaryIO, kind: Commented) -> tuple[Texts, tuple[Picture, ...]]:
    from mutagen.flac import Picture as FlacPicture

    file = _opened(handle, kind)
    texts: Texts = {}
    for name, values in (file.tags or {}).items():
        texts[name.upper()] = (*texts.get(name.upper(), ()), *map(str, values))
    pictures = list(getattr(file, "pictures", ()))
    for text in texts.pop(_PICTURE, ()):
        try:
            pictures.append(FlacPicture(base64.b64decode(text)))
        except (binascii.Error, *_ERRORS) as error:
            _log.debug("a damaged picture: %r", error)
    return texts, tuple(
        Picture(one.data, one.mime, int(one.type), one.desc, one.width, one.height, one.depth) for one in pictures
    )


def _opened(handle: BinaryIO, kind: Commented) -> Any:
    from mutagen.flac import FLAC
    from mutagen.oggopus import OggOpus
    from mutagen.oggvorbis import OggVorbis

    kinds: dict[Commented, Any] = {Commented.FLAC: FLAC, Commented.VORBIS: OggVorbis, Commented.OPUS: OggOpus}
    return kinds[kind](handle)


def _flac_picture(picture: Picture) -> Any:
    from mutagen.flac import Picture as FlacPicture

    made = FlacPicture()
    made.data, made.mime, made.type, made.desc = picture.data, picture.mime, picture.kind, picture.description
    made.width, made.height, made.depth = picture.width, picture.height, picture.depth
    return made


# --- ID3 --------------------------------------------------------------------------------------------------------------


def _of_id3(handle: BinaryIO) -> tuple[Texts, tuple[Picture, ...]]:
    from mutagen.id3 import ID3, ID3NoHeaderError

    try:
        tags = ID3(handle)  # as version 2.4, whatever it is
    except ID3NoHeaderError:
        return {}, ()
    texts: Texts = {}
    for frame in tags.values():
        if frame.FrameID == "TXXX":
            name = frame.desc.upper()
        elif frame.FrameID == "COMM":
            name = "COMMENT" if not frame.desc else ""
        else:
            name = _ID3_NAMES.get(frame.FrameID, "")
        if name:
            values = frame.genres if frame.FrameID == "TCON" else frame.text
            texts[name] = (*texts.get(name, ()), *(str(value) for value in values))
    return texts, tuple(
        Picture(frame.data, frame.mime, int(frame.type), frame.desc) for frame in tags.getall("APIC") if frame.data
    )


def _of_ape(handle: BinaryIO) -> Texts:
    """Return the texts of an APEv2 tag, which some programs give an MP3 file beside ID3 or in its place."""
    from mutagen import MutagenError
    from mutagen.apev2 import APETextValue, APEv2

    handle.seek(0)
    try:
        tags = APEv2(handle)
    except (MutagenError, *_ERRORS) as error:
        _log.debug("no APEv2 tag: %r", error)
        return {}
    return {
        _APE_NAMES.get(name.upper(), name.upper()): tuple(value)
        for name, value in tags.items()
        if isinstance(value, APETextValue)
    }


def _id3_of(texts: Mapping[str, Sequence[str]], pictures: Sequence[Picture]) -> bytes:
    """Return a tag of version 2.3, which more programs read than 2.4."""
    from mutagen import id3

    tags = id3.ID3()
    for name, values in texts.items():
        text = list(values)
        if name == "COMMENT":
            tags.add(id3.COMM(encoding=id3.Encoding.UTF16, lang="XXX", desc="", text=text))
        elif name in _ID3_FRAMES:
            tags.add(getattr(id3, _ID3_FRAMES[name])(encoding=id3.Encoding.UTF16, text=text))
        else:
            # Half as long, and read at once: the recipe of hours of music is a quarter of a million letters.
            is_plain = all(one.isascii() for one in (name, *text))
            encoding = id3.Encoding.LATIN1 if is_plain else id3.Encoding.UTF16
            tags.add(id3.TXXX(encoding=encoding, desc=name, text=text))
    taken: set[str] = set()
    for one in pictures:
        plain = description = one.description.replace("\0", " ")
        while description in taken:  # two of one description would be one
            description = f"{plain} {len(taken)}".strip()
        taken.add(description)
        mime = one.mime if one.mime.isascii() and one.mime.isprintable() and one.mime else _ANY_PICTURE
        kind = one.kind if 0 <= one.kind <= _MAX_PICTURE_KIND else 0
        tags.add(id3.APIC(encoding=id3.Encoding.UTF16, mime=mime, type=kind, desc=description, data=one.data))
    tags.update_to_v23()
    sink = io.BytesIO()
    tags.save(sink, v2_version=3, padding=lambda _: 0)
    return sink.getvalue()


# --- chunks of WAV and AIFF -------------------------------------------------------------------------------------------


def _of_chunks(handle: BinaryIO) -> tuple[Texts, tuple[Picture, ...]]:
    form = Form(handle)
    is_aiff = form.kind == b"FORM"
    found: list[tuple[str, str]] = []
    tag: bytes | None = None
    for chunk in list(form.chunks()):
        if chunk.name not in {*_ID3_CHUNKS, *_AIFF_NAMES, b"LIST"} or chunk.n_bytes > _MAX_BYTES:
            continue
        handle.seek(chunk.start)
        body = handle.read(chunk.n_bytes)
        if chunk.name in _ID3_CHUNKS:
            tag = tag or body
        elif is_aiff and chunk.name in _AIFF_NAMES:
            found.append((_AIFF_NAMES[chunk.name], _text_of(body)))
        elif not is_aiff and chunk.name == b"LIST" and body[:4] == b"INFO":
            found += _of_info(body[4:])
    texts: Texts = {}
    for name, text in found:
        if text and text not in texts.get(name, ()):
            texts[name] = (*texts.get(name, ()), text)
    if tag is None:
        return texts, ()
    id3_texts, pictures = _of_id3(io.BytesIO(tag))
    # ID3 knows no limit of letters and no doubt about their encoding.
    return {**texts, **id3_texts}, pictures


def _of_info(body: bytes) -> Iterable[tuple[str, str]]:
    place = 0
    while place + 8 <= len(body):
        name, n_bytes = struct.unpack_from("<4sI", body, place)
        place += 8
        if name in _INFO_NAMES:
            yield _INFO_NAMES[name], _text_of(body[place : place + n_bytes])
        place += n_bytes + n_bytes % 2


def _info_of(texts: Mapping[str, Sequence[str]]) -> bytes:
    body = b""
    for name, values in texts.items():
        if name in _INFO_CHUNKS:
            text = "; ".join(values).encode() + b"\0"
            body += struct.pack("<4sI", _INFO_CHUNKS[name], len(text)) + text + b"\0" * (len(text) % 2)
    return body


def _text_of(body: bytes) -> str:
    """Return the text of an unstated encoding: UTF-8 if it can be that, else Windows' of Western Europe."""
    body = body.partition(b"\0")[0]
    try:
        return body.decode().strip()
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace").strip()
