# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags that a format cannot hold as they are cost none of the other tags."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC
from mutagen.flac import Picture as FlacPicture
from mutagen.id3 import APIC, ID3, TIT2, TXXX
from mutagen.wave import WAVE

from engine.library.audiofile import writing_audio
from engine.library.comments import possible_name
from engine.library.iff import Form
from engine.library.metadata import kept_metadata
from engine.library.smpl import read_smpl
from engine.library.soundfiles import open_sound
from tests.engine.library.making import noise
from tests.engine.library.mutating import encoded

SAMPLES = noise(3000, 2)


def mp3(folder: Path, *frames: Any) -> Path:
    path = folder / "source.mp3"
    path.write_bytes(encoded("MP3", "MPEG_LAYER_III", 44_100, 2))
    if frames:
        tags = ID3()
        for frame in frames:
            tags.add(frame)
        tags.save(path)
    return path


def flac(folder: Path, pictures: tuple[FlacPicture, ...] = (), **texts: str) -> Path:
    path = folder / "source.flac"
    path.write_bytes(encoded("FLAC", "PCM_16", 44_100, 2))
    file: Any = FLAC(path)
    for name, text in texts.items():
        file[name] = text
    for picture in pictures:
        file.add_picture(picture)
    file.save()
    return path


def picture(mime: str = "image/png", kind: int = 3, description: str = "", data: bytes = b"\x89PNG") -> FlacPicture:
    made = FlacPicture()
    made.mime, made.type, made.desc, made.data = mime, kind, description, data
    return made


def made_of(source: Path, target: Path) -> tuple[str, ...]:
    """Return what is left out of a file, in words."""
    with writing_audio(target, 44_100, 2, metadata=kept_metadata(source)) as out:
        out.write(SAMPLES)
    return out.left_out


@pytest.mark.parametrize(
    ("name", "possible"),
    [("MOOD", "MOOD"), ("GRÖSSE", "GROSSE"), ("A=B", "A_B"), ("A~\nB", "A__B"), ("日本", ""), ("=", ""), ("", "")],
)
def test_names_that_comments_can_have(name: str, possible: str) -> None:
    assert possible_name(name) == possible


@pytest.mark.parametrize("ending", ["flac", "ogg"])
def test_a_name_that_a_comment_cannot_have_is_changed_or_left_out(tmp_path: Path, ending: str) -> None:
    frames = [TXXX(encoding=3, desc=name, text=[text]) for name, text in (("Größe", "5"), ("a=b", "6"), ("日本", "7"))]
    source, target = mp3(tmp_path, TIT2(encoding=3, text=["Tïtle"]), *frames), tmp_path / f"target.{ending}"
    assert made_of(source, target) == ()
    assert kept_metadata(target).texts == {"TITLE": ("Tïtle",), "GROSSE": ("5",), "A_B": ("6",)}


@pytest.mark.soak
def test_a_picture_or_a_text_that_is_too_large_for_flac_is_left_out_and_told(tmp_path: Path) -> None:
    data = b"\x89PNG" + bytes(17_000_000)
    small = APIC(encoding=3, mime="image/png", type=4, desc="y", data=b"\x89PNG")
    frames = TIT2(encoding=3, text=["T"]), APIC(encoding=3, mime="image/png", type=3, desc="x", data=data), small
    source = mp3(tmp_path, *frames, TXXX(encoding=3, desc="long", text=["日" * 2_900_000]))
    left_out = made_of(source, tmp_path / "target.flac")
    assert left_out == (
        "its text LONG is left out, as it is too long for FLAC",
        "its picture of 17.0 MB is left out, as FLAC holds at most 16.7 MB",
    )
    kept = kept_metadata(tmp_path / "target.flac")
    assert kept.texts == {"TITLE": ("T",)}
    assert [one.data for one in kept.pictures] == [b"\x89PNG"]
    assert made_of(source, tmp_path / "target.wav") == ()
    assert kept_metadata(tmp_path / "target.wav").pictures[0].data == data


@pytest.mark.parametrize(
    ("given", "mime", "kind"),
    [
        (picture(mime="image/日本"), "image/", 3),
        (picture(mime=""), "image/", 3),
        (picture(mime="a\0b"), "image/", 3),
        (picture(kind=300), "image/png", 0),
        (picture(kind=21), "image/png", 0),
        (picture(kind=20), "image/png", 20),
    ],
)
def test_odd_pictures_become_such_as_id3_has(tmp_path: Path, given: FlacPicture, mime: str, kind: int) -> None:
    made_of(flac(tmp_path, (given,), title="T"), tmp_path / "target.wav")
    tags: Any = WAVE(tmp_path / "target.wav").tags
    assert tags["TIT2"].text == ["T"]
    (made,) = tags.getall("APIC")
    assert (made.mime, made.type, made.data) == (mime, kind, b"\x89PNG")


def test_pictures_of_one_description_are_all_kept(tmp_path: Path) -> None:
    names = "a", "a", "", "", "a\0b"
    pictures = tuple(picture(description=name, data=b"%d" % i) for i, name in enumerate(names))
    made_of(flac(tmp_path, pictures), tmp_path / "target.wav")
    kept = kept_metadata(tmp_path / "target.wav").pictures
    assert sorted(one.data for one in kept) == [b"0", b"1", b"2", b"3", b"4"]


def test_titles_of_an_ape_tag_are_kept_and_id3_goes_before(tmp_path: Path) -> None:
    for frames, title in (((), "ape"), ((TIT2(encoding=3, text=["id3"]),), "id3")):
        source = mp3(tmp_path, *frames)
        tags = APEv2()
        tags["Title"], tags["Artist"], tags["Year"], tags["Track"] = "ape", ["one", "two"], "1999", "3/9"
        tags.save(source)
        made_of(source, tmp_path / "target.flac")
        assert kept_metadata(tmp_path / "target.flac").texts == {
            "TITLE": (title,), "ARTIST": ("one", "two"), "DATE": ("1999",), "TRACKNUMBER": ("3/9",)
        }  # fmt: skip


@pytest.mark.parametrize(
    "mask", ["-3", "0x300000000", "0", "x", "9" * 5000, "0xFFFFFFFFFFFFFFFFFF", "-0x1", "0x100000000"]
)
def test_a_channel_mask_that_cannot_be_is_none(tmp_path: Path, mask: str) -> None:
    source = flac(tmp_path, title="T", waveformatextensible_channel_mask=mask)
    assert kept_metadata(source).channel_mask is None
    for ending in ("wav", "flac"):
        made_of(source, tmp_path / f"target.{ending}")
        assert kept_metadata(tmp_path / f"target.{ending}").texts["TITLE"] == ("T",)


@pytest.mark.parametrize(
    ("note", "detune", "smpl_note", "fraction"),
    [(48, 0, 48, 0), (48, -25, 48, 2**30), (48, 10, 47, round(0.9 * 2**32)), (0, 0, 0, 0), (127, -50, 127, 2**31)],
)
def test_the_note_and_the_tuning_of_an_aiff_become_those_of_a_wav(
    tmp_path: Path, note: int, detune: int, smpl_note: int, fraction: int
) -> None:
    source, target = tmp_path / "source.aiff", tmp_path / "target.wav"
    source.write_bytes(encoded("AIFF", "PCM_24", 44_100, 2))
    with source.open("r+b") as handle:
        Form(handle).put(b"INST", struct.pack(">6bh3h3h", note, detune, 1, 126, 2, 125, -6, *bytes(6)))
    made_of(source, target)
    with target.open("rb") as handle:
        fields = struct.unpack("<9I", Form(handle).body(b"smpl") or b"")
        inst = Form(handle).body(b"inst") or b""
        assert read_smpl(handle) == ()
    assert fields == (0, 0, round(1e9 / 44_100), smpl_note, fraction, 0, 0, 0, 0)
    assert struct.unpack("<B6b", inst) == (note, detune, -6, 1, 126, 2, 125)
    with open_sound(target, whole=True) as sound:
        assert sound.n_samples == 3000


def test_an_aiff_instrument_that_makes_no_sense_is_none(tmp_path: Path) -> None:
    source = tmp_path / "source.aiff"
    source.write_bytes(encoded("AIFF", "PCM_24", 44_100, 2))
    for body in (b"", bytes(3), struct.pack(">6bh3h3h", -1, *bytes(12))):
        with source.open("r+b") as handle:
            Form(handle).put(b"INST", body)
        kept = kept_metadata(source)
        assert (kept.sampler, kept.instrument) == (None, None)
