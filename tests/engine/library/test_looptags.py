# SPDX-License-Identifier: GPL-3.0-or-later
"""Loop tags are read as others write them, and written so that nothing else in the file changes."""

from __future__ import annotations

import io
import os
import re
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC, Picture
from mutagen.id3 import ID3, TIT2, TXXX
from mutagen.ogg import OggPage
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from engine.errors import CannotWrite, NoLoopTags, NotAudio, OutOfRange, UnknownChoice, UnknownFormat
from engine.library.aiffloops import put_aiff_loop, read_aiff_loops
from engine.library.audiofile import read_clip, write_clip, writing_audio
from engine.library.iff import Form
from engine.library.looptags import read_loop_tags, read_tags, write_loop_tags
from engine.values import LoopRegion
from tests.engine.library.making import files_limited_to, noise, noise_clip
from tests.engine.library.mutating import encoded

TAGGED = [
    ("wav", "WAV", "PCM_24", 44_100),
    ("wav", "WAVEX", "FLOAT", 48_000),
    ("wav", "RF64", "PCM_16", 96_000),
    ("aiff", "AIFF", "PCM_24", 44_100),
    ("flac", "FLAC", "PCM_16", 44_100),
    ("ogg", "OGG", "VORBIS", 44_100),
    ("opus", "OGG", "OPUS", 48_000),
    ("opus", "OGG", "OPUS", 24_000),
    ("mp3", "MP3", "MPEG_LAYER_III", 44_100),
    ("mp3", "MP3", "MPEG_LAYER_III", 22_050),
]
REGION = LoopRegion(1_234, 23_456)
every_format = pytest.mark.parametrize("kind", TAGGED, ids=lambda kind: "-".join(map(str, kind)))


def sound(folder: Path, kind: tuple[str, str, str, int]) -> Path:
    ending, container, encoding, sample_rate = kind
    path = folder / f"sound.{ending}"
    path.write_bytes(encoded(container, encoding, sample_rate, 2, n_samples=30_000))
    return path


def audio_bytes(path: Path) -> bytes:
    """Return the file's encoded audio, without what is told about it."""
    content = path.read_bytes()
    if path.suffix in {".wav", ".aiff"}:
        form = Form(io.BytesIO(content))
        chunk = next(chunk for chunk in form.chunks() if chunk.name in {b"data", b"SSND"})
        return content[chunk.start : chunk.start + chunk.n_bytes]
    if path.suffix == ".flac":
        place, is_last = 4, False
        while not is_last:
            is_last = bool(content[place] & 0x80)
            place += 4 + int.from_bytes(content[place + 1 : place + 4], "big")
        return content[place:]
    if path.suffix == ".mp3":
        return content[ID3(path).size if content.startswith(b"ID3") else 0 :]
    handle = io.BytesIO(content)
    packets = []
    while handle.tell() < len(content):
        packets += OggPage(handle).packets
    # Without the comments, and whatever page they end on.
    return b"".join(packet for packet in packets if not packet.startswith((b"\x03vorbis", b"OpusTags")))


@every_format
def test_only_the_tag_is_new(tmp_path: Path, kind: tuple[str, str, str, int]) -> None:
    source = sound(tmp_path, kind)
    before, samples, audio = source.read_bytes(), read_clip(source).samples, audio_bytes(source)
    assert read_loop_tags(source) == ()
    target = tmp_path / f"target.{kind[0].upper()}"
    write_loop_tags(source, target, REGION)
    assert read_loop_tags(target) == (REGION,)
    assert np.array_equal(read_clip(target).samples, samples)
    assert audio_bytes(target.rename(target.with_suffix(source.suffix))) == audio
    assert source.read_bytes() == before


@every_format
def test_a_new_tag_replaces_the_old_ones(tmp_path: Path, kind: tuple[str, str, str, int]) -> None:
    path = sound(tmp_path, kind)
    samples = read_clip(path).samples
    for names in (("LOOPSTART", "LOOPLENGTH"), ("LOOP_START", "LOOP_END"), ("loopstart", "LoopEnd")):
        region = LoopRegion(500 + 2 * len(names[1]), 29_000)
        write_loop_tags(path, path, region, names=names)
        assert read_loop_tags(path) == (region,)
    n_bytes = path.stat().st_size
    for start in (2_000, 22_000):
        write_loop_tags(path, path, LoopRegion(start, 25_000))
    assert read_loop_tags(path) == (LoopRegion(22_000, 25_000),)
    assert abs(path.stat().st_size - n_bytes) < 16, "it does not grow with every tag"
    assert np.array_equal(read_clip(path).samples, samples)


@pytest.mark.parametrize("whole", [LoopRegion(0, 30_000), LoopRegion(29_999, 30_000), LoopRegion(0, 1)])
@every_format
def test_the_ends_of_the_sound(tmp_path: Path, kind: tuple[str, str, str, int], whole: LoopRegion) -> None:
    path = sound(tmp_path, kind)
    write_loop_tags(path, path, whole)
    assert read_loop_tags(path) == (whole,)
    # A loop that ends beyond the sound is taken to its end, and told; one that starts there is left out, and told.
    shorter = read_tags(path, n_samples=29_999)
    assert shorter.loops == (
        (LoopRegion(whole.loop_start, min(whole.loop_end, 29_999)),) if whole.loop_start < 29_999 else ()
    )
    assert bool(shorter.notes) == (whole.loop_end == 30_000)
    with pytest.raises(OutOfRange, match="30000"):
        write_loop_tags(path, path, LoopRegion(0, 30_001))


# --- as others write them ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comments", "region"),
    [
        ({"LOOPSTART": "100", "LOOPLENGTH": "900"}, (100, 1000)),
        ({"loopstart": "100", "LoopLength": " 900 "}, (100, 1000)),
        ({"LOOP_START": "100", "LOOP_LENGTH": "900"}, (100, 1000)),
        ({"LOOP_START": "100", "LOOP_END": "1000"}, (100, 1000)),
        ({"LOOPSTART": "0", "LOOPEND": "30000"}, (0, 30_000)),
        ({"Loop-Start": "+1", "LOOP END": "2"}, (1, 2)),
        ({"LOOPSTART": "100", "LOOPEND": "1000", "LOOPLENGTH": "900"}, (100, 1000)),
        ({"LOOPSTART": "100"}, (100, 30_000)),
        ({"LOOP_BEGIN": "100", "LOOP_STOP": "1000"}, (100, 1000)),
        ({"LOOPS": "100", "LOOPE": "1000"}, (100, 1000)),
        ({"loop.in": "100", "loop.out": "1000"}, (100, 1000)),
        ({"LOOPSTART": "0.1", "LOOPEND": "0.5"}, (4_410, 22_050)),
        ({"LOOPSTART": "0,1", "LOOPLENGTH": "0,4"}, (4_410, 22_050)),
        ({"LOOPSTART": "0:00.100", "LOOPEND": "0:00.5"}, (4_410, 22_050)),
        ({"LOOPSTART": "0:0:0.1", "LOOPEND": "500 ms"}, (4_410, 22_050)),
        ({"LOOPSTART": "0", "LOOPEND": "0.5"}, (0, 22_050)),
        ({"LOOPSTART": "441", "LOOPEND": "0.5 s"}, (441, 22_050)),
        ({"LOOPSTART": "100.0", "LOOPEND": "1000.0"}, (100, 1000)),
        ({"LOOPSTART": "100", "LOOPEND": "30001"}, (100, 30_000)),
        ({"LOOPSTART": "30000"}, None),
        ({"LOOPSTART": "30001", "LOOPEND": "30002"}, None),
        ({"LOOPLENGTH": "100"}, None),
        ({"LOOPSTART": "1000", "LOOPEND": "1000"}, None),
        ({"LOOPSTART": "1000", "LOOPEND": "999"}, None),
        ({"LOOPSTART": "1000", "LOOPLENGTH": "0"}, None),
        ({"LOOPSTART": "1000", "LOOPLENGTH": "29001"}, (1000, 30_000)),
        ({"LOOPSTART": "-1", "LOOPLENGTH": "900"}, None),
        ({"LOOPSTART": "1:30", "LOOPLENGTH": "900"}, None),
        ({"LOOPSTART": "1e3", "LOOPLENGTH": "nan"}, None),
        ({"LOOPSTART": "", "LOOPLENGTH": "9" * 5000}, None),
        ({"LOOPSTART": "１００", "LOOPLENGTH": "900"}, None),
    ],
)
@pytest.mark.parametrize("ending", ["flac", "ogg", "mp3"])
def test_comments(tmp_path: Path, ending: str, comments: dict[str, str], region: tuple[int, int] | None) -> None:
    path = sound(tmp_path, next(kind for kind in TAGGED if kind[0] == ending))
    if ending == "mp3":
        tags = ID3()
        for name, text in comments.items():
            tags.add(TXXX(encoding=3, desc=name, text=[text]))
        tags.save(path)
    else:
        file = FLAC(path) if ending == "flac" else OggVorbis(path)
        for name, text in comments.items():
            file[name] = text
        file.save()
    tags_read = read_tags(path)
    assert tags_read.loops == (() if region is None else (LoopRegion(*region),))
    assert region is not None or tags_read.notes, "what is not taken is told"


def test_two_tags_that_disagree_are_two_regions(tmp_path: Path) -> None:
    path = sound(tmp_path, ("flac", "FLAC", "PCM_16", 44_100))
    file = FLAC(path)
    file.update({"LOOPSTART": "100", "LOOPLENGTH": "900", "LOOPEND": "900"})
    file.save()
    assert read_loop_tags(path) == (LoopRegion(100, 1000), LoopRegion(100, 900))


def test_opus_counts_at_48_khz(tmp_path: Path) -> None:
    path = sound(tmp_path, ("opus", "OGG", "OPUS", 24_000))
    write_loop_tags(path, path, REGION)
    tags = OggOpus(path)
    assert (tags["LOOPSTART"], tags["LOOPLENGTH"]) == ([str(2 * REGION.loop_start)], [str(2 * REGION.n_samples)])


def test_the_loops_of_an_aiff_file(tmp_path: Path) -> None:
    path = sound(tmp_path, ("aiff", "AIFF", "PCM_24", 44_100))
    markers = [(3, 50, b"verse"), (7, 1_000, b"beg loop"), (8, 2_000, b"end loop"), (9, 2_500, b"x")]
    mark = struct.pack(">H", len(markers))
    for number, place, name in markers:
        text = bytes([len(name)]) + name
        mark += struct.pack(">hI", number, place) + text + b"\0" * (len(text) % 2)
    inst = struct.pack(">6bh3h3h", 61, 2, 10, 100, 1, 127, -3, 1, 7, 8, 1, 8, 9)
    with path.open("r+b") as handle:
        form = Form(handle)
        form.put(b"MARK", mark)
        form.put(b"INST", inst)
        assert read_aiff_loops(handle) == (LoopRegion(1_000, 2_000), LoopRegion(2_000, 2_500))
        put_aiff_loop(handle, REGION)
        # The sustain loop is new; the release loop, its markers, the others and the note are not.
        assert read_aiff_loops(handle) == (REGION, LoopRegion(2_000, 2_500))
        assert b"verse" in (Form(handle).body(b"MARK") or b"")
        assert (Form(handle).body(b"INST") or b"")[:8] == inst[:8]
    assert len(read_clip(path).samples) == 30_000


# --- what stays -------------------------------------------------------------------------------------------------------


def test_other_tags_stay(tmp_path: Path) -> None:
    flac = sound(tmp_path, ("flac", "FLAC", "PCM_16", 44_100))
    file = FLAC(flac)
    file.update({"TITLE": "Señor", "ARTIST": ["one", "two"]})
    picture = Picture()
    picture.data = bytes(range(256)) * 40
    file.add_picture(picture)
    file.save()
    write_loop_tags(flac, flac, REGION)
    file = FLAC(flac)
    assert (file["title"], file["artist"]) == (["Señor"], ["one", "two"])
    assert file.pictures[0].data == picture.data

    for version in (3, 4):
        mp3 = sound(tmp_path, ("mp3", "MP3", "MPEG_LAYER_III", 44_100))
        tags = ID3()
        tags.add(TIT2(encoding=1, text=["Señor"]))
        tags.add(TXXX(encoding=1, desc="mood", text=["calm"]))
        tags.save(mp3, v2_version=version)
        write_loop_tags(mp3, mp3, REGION)
        tags = ID3(mp3)
        assert tags.version[:2] == (2, version)
        assert (tags["TIT2"].text, tags["TXXX:mood"].text) == (["Señor"], ["calm"])


def test_other_chunks_stay(tmp_path: Path) -> None:
    path = sound(tmp_path, ("wav", "WAV", "PCM_16", 44_100))
    old = struct.pack("<9I", 9, 8, 7, 64, 5, 0, 0, 2, 4) + struct.pack("<6I", 1, 0, 5, 9, 0, 0) * 2 + b"abcd"
    with path.open("r+b") as handle:
        for name, body in ((b"smpl", old), (b"LIST", b"INFOINAM\5\0\0\0song\0\0"), (b"cue ", bytes(4))):
            Form(handle).put(name, body)
        data = path.read_bytes()
    assert read_loop_tags(path) == (LoopRegion(5, 10),)
    write_loop_tags(path, path, REGION)
    with path.open("rb") as handle:
        form = Form(handle)
        assert form.body(b"LIST") == b"INFOINAM\5\0\0\0song\0\0"
        assert form.body(b"cue ") == bytes(4)
        body = form.body(b"smpl") or b""
    smpl = struct.unpack_from("<15I", body)
    assert smpl[:9] == (9, 8, 7, 64, 5, 0, 0, 1, 4), "the note and its tuning stay"
    assert body[60:] == b"abcd", "what only its sampler knows stays"
    assert smpl[9:] == (0, 0, REGION.loop_start, REGION.loop_end - 1, 0, 0)
    assert path.read_bytes()[: data.index(b"smpl")][8:] == data[: data.index(b"smpl")][8:]


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFF0])
def test_a_wav_from_a_pipe_is_tagged_behind_its_samples(tmp_path: Path, size: int) -> None:
    path = sound(tmp_path, ("wav", "WAV", "PCM_16", 44_100))
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, 4, size)
    struct.pack_into("<I", content, content.index(b"data") + 4, size)
    path.write_bytes(content)
    samples = read_clip(path).samples
    write_loop_tags(path, path, REGION)
    assert read_loop_tags(path) == (REGION,)
    assert np.array_equal(read_clip(path).samples, samples)


# --- what cannot be ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("container", ["CAF", "AU", "W64"])
def test_formats_without_loop_tags(tmp_path: Path, container: str) -> None:
    path = tmp_path / f"sound.{container.lower()}"
    path.write_bytes(encoded(container, "PCM_16", 44_100, 2))
    assert read_loop_tags(path) == ()
    with pytest.raises(NoLoopTags, match=re.escape(f"({container})")):
        write_loop_tags(path, path, LoopRegion(0, 10))


def test_what_is_asked_for_must_make_sense(tmp_path: Path) -> None:
    path = sound(tmp_path, ("flac", "FLAC", "PCM_16", 44_100))
    for names in (("", "LOOPEND"), ("LOOP=START", "LOOPEND"), ("LOOPSTART", "né"), ("loop", "LOOP")):
        with pytest.raises(UnknownChoice):
            write_loop_tags(path, path, REGION, names=names)
    with pytest.raises(UnknownFormat, match=r"\.flac"):
        write_loop_tags(path, tmp_path / "target.mp3", REGION)
    assert [entry.name for entry in tmp_path.iterdir()] == ["sound.flac"]


@every_format
def test_a_full_disk_leaves_the_file(tmp_path: Path, kind: tuple[str, str, str, int]) -> None:
    path = sound(tmp_path, kind)
    before = path.read_bytes()
    # The copy does not fit, or does, but not the tag; Opus has room for it in what was padded.
    for n_bytes in (1000, len(before) + 5)[: 1 if kind[0] == "opus" else 2]:
        with files_limited_to(n_bytes), pytest.raises(CannotWrite, match="File too large"):
            write_loop_tags(path, path, REGION)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == [path.name]  # noqa: PTH208 - hidden ones too


# --- the writer -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_channels", [1, 2, 3, 6, 8])
@pytest.mark.parametrize("ending", [".wav", ".flac", ".ogg"])
def test_the_writer_tags_up_to_eight_channels(tmp_path: Path, ending: str, n_channels: int) -> None:
    path = tmp_path / f"loop{ending}"
    samples = noise(30_000, n_channels)
    with writing_audio(path, 48_000, n_channels, loop_region=REGION) as out:
        out.write(samples)
    assert read_loop_tags(path) == (REGION,)
    clip = read_clip(path, max_channels=8)
    assert clip.samples.shape == samples.shape
    if ending != ".ogg":
        assert np.abs(clip.samples - samples).max() <= 2**-24


def test_a_clip_has_no_loop(tmp_path: Path) -> None:
    for ending in (".wav", ".flac", ".ogg"):
        write_clip(tmp_path / f"clip{ending}", noise_clip())
        assert read_loop_tags(tmp_path / f"clip{ending}") == ()
    assert soundfile.info(tmp_path / "clip.wav").frames == 1000


# --- M4A, which others decode -----------------------------------------------------------------------------------------


def atom(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def m4a(comments: dict[str, bytes]) -> bytes:
    """Return the atoms of an M4A file of 30,000 samples at 44.1 kHz, without its audio (ISO/IEC 14496-12 and -14)."""
    free = [
        atom(
            b"----",
            atom(b"mean", bytes(4), b"com.apple.iTunes"),
            atom(b"name", bytes(4), name.encode()),
            atom(b"data", struct.pack(">II", 1, 0), text),
        )
        for name, text in comments.items()
    ]
    handler = atom(b"hdlr", bytes(8), b"mdirappl", bytes(9))
    meta = atom(b"meta", bytes(4), handler, atom(b"ilst", *free))
    mp4a = atom(b"mp4a", bytes(6), struct.pack(">H8xHHII", 1, 2, 16, 0, 44_100 << 16), atom(b"free"))
    media = atom(
        b"mdia",
        atom(b"mdhd", bytes(12), struct.pack(">II", 44_100, 30_000), bytes(4)),
        atom(b"hdlr", bytes(8), b"soun", bytes(13)),
        atom(b"minf", atom(b"stbl", atom(b"stsd", bytes(4), struct.pack(">I", 1), mp4a))),
    )
    return atom(b"ftyp", b"M4A ", bytes(4)) + atom(b"moov", atom(b"trak", media), atom(b"udta", meta))


@pytest.mark.parametrize(
    ("comments", "regions"),
    [
        ({"LOOPSTART": b"100", "LOOPLENGTH": b"900"}, (LoopRegion(100, 1000),)),
        ({"LOOP_START": b"100", "LOOP_END": b"30000", "other": b"\xff"}, (LoopRegion(100, 30_000),)),
        ({"LOOPSTART": b"100", "LOOPLENGTH": b"29901"}, (LoopRegion(100, 30_000),)),
        ({"LOOPSTART": b"\xff", "LOOPLENGTH": b"900"}, ()),
        ({}, ()),
    ],
)
def test_m4a(tmp_path: Path, comments: dict[str, bytes], regions: tuple[LoopRegion, ...]) -> None:
    path = tmp_path / "sound.m4a"
    path.write_bytes(m4a(comments))
    assert read_loop_tags(path) == regions
    with pytest.raises(NoLoopTags, match="MP4"):
        write_loop_tags(path, path, LoopRegion(0, 10))
    with pytest.raises(NotAudio):
        read_clip(path)
