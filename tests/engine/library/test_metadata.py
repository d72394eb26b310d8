# SPDX-License-Identifier: GPL-3.0-or-later
"""A file made of another one keeps its texts and pictures, but for those no longer true, between any two formats."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC
from mutagen.flac import Picture as FlacPicture
from mutagen.id3 import APIC, COMM, ID3, TALB, TBPM, TIT2, TPE1, TXXX
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

from engine.library.audiofile import writing_audio
from engine.library.iff import Form
from engine.library.looptags import read_loop_tags
from engine.library.metadata import Metadata, kept_metadata
from engine.library.soundfiles import open_sound
from engine.values import FloatArray, LoopRegion
from tests.engine.library.making import noise
from tests.engine.library.mutating import encoded

COVER = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 300
TEXTS = {"TITLE": ("Señor, мир",), "ARTIST": ("one", "two"), "ALBUM": ("A",), "COMMENT": ("c",), "BPM": ("120",)}
MOOD = {**TEXTS, "MOOD_OF_MINE": ("calm",)}


def made_of(source: Path, target: Path, samples: FloatArray, rate: int = 44_100, *, loop: bool = False) -> Metadata:
    """Return what the target says, written with what is kept of the source."""
    region = LoopRegion(0, len(samples)) if loop else None
    kept = kept_metadata(source)
    with writing_audio(target, rate, samples.shape[1], loop_region=region, metadata=kept) as out:
        out.write(samples)
    return kept_metadata(target)


def tagged(folder: Path, ending: str) -> Path:
    """Make a file that says a lot, some of it soon untrue."""
    path = folder / f"source.{ending}"
    if ending in {"flac", "ogg"}:
        kind = ("FLAC", "PCM_16") if ending == "flac" else ("OGG", "VORBIS")
        path.write_bytes(encoded(*kind, 44_100, 2))
        file: Any = FLAC(path) if ending == "flac" else OggVorbis(path)
        untrue = {"LOOPSTART": "5", "LOOPLENGTH": "9", "REPLAYGAIN_TRACK_GAIN": "-3 dB", "LENGTH": "99", "ENCODER": "x"}
        for name, values in {**MOOD, **{name: (text,) for name, text in untrue.items()}}.items():
            file[name.lower()] = list(values)
        picture = FlacPicture()
        picture.data, picture.mime, picture.type, picture.desc = COVER, "image/png", 3, "front"
        if ending == "flac":
            file.add_picture(picture)
        else:
            import base64

            file["METADATA_BLOCK_PICTURE"] = base64.b64encode(picture.write()).decode()
        file.save()
        return path
    tags = ID3()
    frames = (TIT2, TEXTS["TITLE"]), (TPE1, TEXTS["ARTIST"]), (TALB, TEXTS["ALBUM"]), (TBPM, TEXTS["BPM"])
    for kind_of_frame, values in frames:
        tags.add(kind_of_frame(encoding=3, text=list(values)))
    tags.add(COMM(encoding=3, lang="eng", desc="", text=["c"]))
    for name, text in (("mood_of_mine", "calm"), ("LOOPSTART", "5"), ("replaygain_track_gain", "-3 dB")):
        tags.add(TXXX(encoding=3, desc=name, text=[text]))
    tags.add(APIC(encoding=3, mime="image/png", type=3, desc="front", data=COVER))
    if ending == "mp3":
        path.write_bytes(encoded("MP3", "MPEG_LAYER_III", 44_100, 2))
        tags.save(path)
        return path
    sink = io.BytesIO()
    tags.save(sink)
    path.write_bytes(encoded("AIFF" if ending == "aiff" else "WAV", "PCM_16", 44_100, 2))
    with path.open("r+b") as handle:
        Form(handle).put(b"ID3 " if ending == "aiff" else b"id3 ", sink.getvalue())
    return path


@pytest.mark.parametrize("to", ["wav", "flac", "ogg"])
@pytest.mark.parametrize("ending", ["wav", "aiff", "flac", "ogg", "mp3"])
def test_what_stays_true_is_kept_from_any_format_to_any(tmp_path: Path, ending: str, to: str) -> None:
    source, target = tagged(tmp_path, ending), tmp_path / f"target.{to}"
    samples = noise(3000, 2)
    kept = made_of(source, target, samples, loop=True)
    own = {name: tuple(values) for name, values in kept.texts.items()}
    # Of ID3 version 2.3, two artists are one text.
    assert own == {**MOOD, "ARTIST": ("one/two",) if to == "wav" else MOOD["ARTIST"]}
    assert [(one.data, one.mime, one.kind, one.description) for one in kept.pictures] == [
        (COVER, "image/png", 3, "front")
    ]
    assert read_loop_tags(target) == (LoopRegion(0, 3000),)
    assert b"-3 dB" not in target.read_bytes()
    with open_sound(target, whole=True) as sound:
        assert sound.n_samples == 3000


def test_other_programs_see_the_title_and_the_cover_of_a_wav(tmp_path: Path) -> None:
    made_of(tagged(tmp_path, "flac"), tmp_path / "target.wav", noise(3001, 1))
    tags: Any = WAVE(tmp_path / "target.wav").tags
    assert tags["TIT2"].text == ["Señor, мир"]
    assert tags.getall("APIC")[0].data == COVER
    with soundfile.SoundFile(tmp_path / "target.wav") as file:
        assert (file.title, file.album, file.comment) == ("Señor, мир", "A", "c")


def test_the_info_list_of_a_wav(tmp_path: Path) -> None:
    source = tmp_path / "source.wav"
    with soundfile.SoundFile(source, "w", 44_100, 1, "PCM_24") as file:
        file.title, file.artist, file.album, file.software = "song", "somebody", "record", "x"
        file.write(noise(3001, 1))
    kept = made_of(source, tmp_path / "target.flac", noise(10, 1))
    assert kept.texts == {"TITLE": ("song",), "ARTIST": ("somebody",), "ALBUM": ("record",)}


def test_the_note_and_its_tuning_are_kept_and_the_loops_are_not(tmp_path: Path) -> None:
    source, target = tmp_path / "source.wav", tmp_path / "target.wav"
    source.write_bytes(encoded("WAV", "PCM_16", 44_100, 2))
    smpl = struct.pack("<9I", 1, 2, 22_676, 67, 0x4000_0000, 0, 0, 1, 0) + struct.pack("<6I", 0, 0, 5, 9, 0, 0)
    with source.open("r+b") as handle:
        Form(handle).put(b"smpl", smpl)
        Form(handle).put(b"inst", bytes([67, 3, 0, 0, 127, 1, 127]))
        Form(handle).put(b"cue ", bytes(4))
    for loop in (True, False):
        made_of(source, target, noise(3000, 2), 48_000, loop=loop)
        with target.open("rb") as handle:
            fields = struct.unpack_from("<9I", Form(handle).body(b"smpl") or b"")
            assert Form(handle).body(b"inst") == bytes([67, 3, 0, 0, 127, 1, 127])
            assert Form(handle).body(b"cue ") is None
        assert fields[:7] == (1, 2, round(1e9 / 48_000), 67, 0x4000_0000, 0, 0)
        assert read_loop_tags(target) == ((LoopRegion(0, 3000),) if loop else ())


@pytest.mark.parametrize("mask", [0x3F, 0x60F])
def test_six_channels_stay_the_same_six(tmp_path: Path, mask: int) -> None:
    source, samples = tmp_path / "source.wav", noise(3000, 6)
    soundfile.write(source, samples, 48_000, format="WAVEX", subtype="PCM_24")
    with source.open("r+b") as handle:
        fmt = Form(handle).body(b"fmt ") or b""
        Form(handle).put(b"fmt ", fmt[:20] + struct.pack("<I", mask) + fmt[24:])
    for ending in ("wav", "flac"):
        kept = made_of(source, tmp_path / f"target.{ending}", samples, 48_000)
        assert kept.channel_mask == mask
        with open_sound(tmp_path / f"target.{ending}") as sound:
            assert np.abs(sound.read(0, 3000) - samples).max() <= 2**-24
    assert made_of(tmp_path / "target.flac", tmp_path / "again.wav", samples, 48_000).channel_mask == mask


def test_vorbis_has_its_channels_in_an_order_of_its_own(tmp_path: Path) -> None:
    samples = np.zeros((30_000, 6), np.float32)
    t = np.arange(30_000) / 48_000
    samples[:, 2] = 0.5 * np.sin(2 * np.pi * 300 * t)  # the centre
    with writing_audio(tmp_path / "sound.ogg", 48_000, 6) as out:
        out.write(samples)
    raw, _ = soundfile.read(tmp_path / "sound.ogg")
    assert int(np.argmax(np.abs(raw).sum(axis=0))) == 1, "Vorbis: left, centre, right"
    with open_sound(tmp_path / "sound.ogg") as sound:
        assert int(np.argmax(np.abs(sound.read(0, 30_000)).sum(axis=0))) == 2
    assert kept_metadata(tmp_path / "sound.ogg").channel_mask == 0x3F


def test_a_loop_says_its_tempo_and_its_bars(tmp_path: Path) -> None:
    metadata = Metadata().with_loop(8 * 48_000, 48_000, 120.0, 4)
    for ending in ("wav", "flac", "ogg"):
        path = tmp_path / f"loop.{ending}"
        with writing_audio(path, 48_000, 1, metadata=metadata) as out:
            out.write(noise(1000, 1))
        assert kept_metadata(path).texts["BPM"] == ("120",)
    with (tmp_path / "loop.wav").open("rb") as handle:
        acid = struct.unpack("<IHHfIHHf", Form(handle).body(b"acid") or b"")
    assert acid[4:] == (16, 4, 4, 120.0)
    assert FLAC(tmp_path / "loop.flac")["bars"] == ["4"]
    assert Metadata().with_loop(48_000, 48_000, None, None) == Metadata()
    assert Metadata().with_loop(50_000, 48_000, 100.0, None).rhythm is None, "no whole beats"


@pytest.mark.parametrize("ending", ["wav", "aiff", "flac", "ogg", "mp3"])
def test_damaged_tags_count_as_none(tmp_path: Path, ending: str) -> None:
    content = tagged(tmp_path, ending).read_bytes()
    rng = np.random.default_rng(7)
    path = tmp_path / f"damaged.{ending}"
    for _ in range(30):
        damaged = bytearray(content)
        for at in rng.integers(12, min(len(content), 2000), 20):
            damaged[at] = int(rng.integers(0, 256))
        path.write_bytes(damaged)
        try:
            with open_sound(path):
                pass
        except Exception:  # noqa: BLE001 - no sound at all: nothing is made of it
            continue
        kept_metadata(path)
