# SPDX-License-Identifier: GPL-3.0-or-later
"""This program reads damaged audio files, in a process of its own, as readers may die.

``python -m tests.engine.library.mutating FOLDER FIRST COUNT`` prints the number of each file before it reads it, and
ends with "done" and the most memory it used, in MiB. A number always makes the same file.
"""

from __future__ import annotations

import faulthandler
import io
import struct
import sys
from pathlib import Path

import numpy as np
import soundfile

from engine.errors import StudioError
from engine.library import soundfiles
from engine.library.audiofile import read_clip
from engine.library.looptags import read_loop_tags, write_loop_tags
from engine.library.soundfiles import open_sound
from engine.values import LoopRegion
from tests.memory import peak_mib

LIMIT_S = 60.0
"""Seconds after which a file that is still being read counts as a hang."""

N_SAMPLES = 6_000
MEMORY_BYTES = soundfiles.MEMORY_BYTES

# ending, libsndfile's format and encoding, Hz, channels
KINDS = [
    ("wav", "WAV", "PCM_16", 44_100, 2),
    ("wav", "WAV", "PCM_24", 48_000, 8),
    ("wav", "WAV", "PCM_U8", 8_000, 1),
    ("wav", "WAV", "FLOAT", 192_000, 2),
    ("wav", "WAV", "DOUBLE", 96_000, 1),
    ("wav", "WAV", "ULAW", 8_000, 1),
    ("wav", "WAV", "IMA_ADPCM", 22_050, 2),
    ("wav", "WAV", "MS_ADPCM", 22_050, 2),
    ("wav", "WAV", "GSM610", 8_000, 1),
    ("wav", "WAV", "G721_32", 8_000, 1),
    ("wav", "WAV", "NMS_ADPCM_16", 8_000, 1),
    ("wav", "WAVEX", "PCM_24", 48_000, 6),
    ("wav", "RF64", "PCM_24", 44_100, 2),
    ("w64", "W64", "PCM_16", 44_100, 2),
    ("flac", "FLAC", "PCM_16", 44_100, 2),
    ("flac", "FLAC", "PCM_24", 192_000, 8),
    ("ogg", "OGG", "VORBIS", 44_100, 2),
    ("ogg", "OGG", "VORBIS", 48_000, 8),
    ("opus", "OGG", "OPUS", 48_000, 2),
    ("opus", "OGG", "OPUS", 24_000, 1),
    ("mp3", "MP3", "MPEG_LAYER_III", 44_100, 2),
    ("mp3", "MP3", "MPEG_LAYER_III", 16_000, 1),
    ("aiff", "AIFF", "PCM_24", 44_100, 2),
    ("aiff", "AIFF", "IMA_ADPCM", 44_100, 1),
    ("aiff", "AIFF", "DWVW_16", 44_100, 1),
    ("caf", "CAF", "PCM_24", 44_100, 2),
    ("caf", "CAF", "ALAC_16", 44_100, 2),
    ("au", "AU", "PCM_16", 44_100, 2),
    ("au", "AU", "G721_32", 8_000, 1),
    ("voc", "VOC", "PCM_16", 44_100, 2),
    ("paf", "PAF", "PCM_24", 44_100, 2),
    ("svx", "SVX", "PCM_16", 22_050, 1),
    ("sph", "NIST", "PCM_16", 16_000, 1),
    ("sf", "IRCAM", "FLOAT", 44_100, 2),
    ("mat", "MAT4", "PCM_16", 44_100, 2),
    ("mat", "MAT5", "FLOAT", 44_100, 2),
    ("pvf", "PVF", "PCM_16", 44_100, 2),
    ("xi", "XI", "DPCM_16", 44_100, 1),
    ("htk", "HTK", "PCM_16", 16_000, 1),
    ("avr", "AVR", "PCM_16", 44_100, 2),
    ("wve", "WVE", "ALAW", 8_000, 1),
    ("mpc2k", "MPC2K", "PCM_16", 44_100, 2),
]


def tone(sample_rate: int, n_samples: int, n_channels: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return a tone that rises from channel to channel, with some noise: something to encode."""
    t = np.arange(n_samples)[:, None] / sample_rate
    waves = 0.4 * np.sin(2 * np.pi * (200 + 100 * np.arange(n_channels)) * t)
    return (waves + np.random.default_rng(5).uniform(-0.1, 0.1, waves.shape)).astype(np.float32)


def encoded(kind: str, encoding: str, sample_rate: int, n_channels: int, n_samples: int = N_SAMPLES) -> bytes:
    """Return a sound file of a format."""
    sink = io.BytesIO()
    with soundfile.SoundFile(sink, "w", sample_rate, n_channels, encoding, format=kind) as file:
        samples = tone(sample_rate, n_samples, n_channels)
        for start in range(0, n_samples, 4096):
            file.write(samples[start : start + 4096])
    return sink.getvalue()


def whole_files(folder: Path) -> list[tuple[str, bytes]]:
    """Return endings and contents of sound files, some with loop tags."""
    files = []
    for ending, kind, encoding, sample_rate, n_channels in KINDS:
        content = encoded(kind, encoding, sample_rate, n_channels)
        files.append((ending, content))
        if ending in {"wav", "flac", "ogg", "opus", "mp3", "aiff"}:
            path = folder / f"whole.{ending}"
            path.write_bytes(content)
            write_loop_tags(path, path, LoopRegion(1000, 5000))
            files.append((ending, path.read_bytes()))
            path.unlink()
    return files


def mutated(content: bytes, rng: np.random.Generator) -> bytes:
    """Return a file's bytes damaged in one to four ways."""
    damaged = bytearray(content)
    for _ in range(int(rng.integers(1, 5))):
        n_bytes = len(damaged)
        if n_bytes < 16:
            break
        head = int(rng.integers(0, min(n_bytes - 8, 300)))  # where the headers are
        place = int(rng.integers(0, n_bytes - 8))
        match int(rng.integers(0, 9)):
            case 0:  # flipped bits
                for bit in rng.integers(0, n_bytes * 8, int(rng.integers(1, 20))):
                    damaged[bit // 8] ^= 1 << (bit % 8)
            case 1:  # flipped bits in the header
                for bit in rng.integers(0, min(n_bytes, 300) * 8, int(rng.integers(1, 8))):
                    damaged[bit // 8] ^= 1 << (bit % 8)
            case 2:
                del damaged[place:]
            case 3:  # a header that lies
                lie = int(rng.choice([0, 1, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1_000_000_000]))
                struct.pack_into(str(rng.choice(["<I", ">I"])), damaged, head, lie)
            case 4:
                damaged[head] = int(rng.integers(0, 256))
            case 5:
                del damaged[place : place + int(rng.integers(1, 500))]
            case 6:
                damaged[place:place] = rng.bytes(int(rng.integers(1, 500)))
            case 7:
                n_zeros = int(rng.integers(1, min(2000, n_bytes - place)))
                damaged[place : place + n_zeros] = bytes(n_zeros)
            case _:
                damaged[place:place] = damaged[head : head + 200]
    return bytes(damaged)


def examine(path: Path, rng: np.random.Generator) -> None:
    """Read a file in every way; only a StudioError may come of it."""
    try:
        n_read = 0
        with open_sound(path) as sound:
            while n_read < sound.n_samples:
                n_samples = min(65_536, sound.n_samples - n_read)
                part = sound.read(n_read, n_samples)
                assert part.shape == (n_samples, sound.n_channels)
                assert part.dtype == np.float32
                if n_read == 0:
                    start = part.copy()
                n_read += n_samples
            for first in rng.integers(0, sound.n_samples, 3):
                assert len(sound.read(int(first), 1)) == 1
            assert np.array_equal(sound.read(0, len(start)), start, equal_nan=True)
            n_channels = sound.n_channels
        clip = read_clip(path, max_channels=8)
        assert clip.samples.shape == (n_read, n_channels)
    except StudioError:
        pass
    try:
        for region in read_loop_tags(path):
            write_loop_tags(path, path, region)
        write_loop_tags(path, path, LoopRegion(0, 1))
    except StudioError:
        pass


def tell(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main(folder: Path, first: int, count: int) -> None:
    files = whole_files(folder)
    for number in range(first, first + count):
        rng = np.random.default_rng(number)
        ending, content = files[number % len(files)]
        # Every other round, each file counts as a long one: read from its place, or from disk.
        soundfiles.MEMORY_BYTES = (MEMORY_BYTES, 4096)[number // len(files) % 2]
        path = folder / f"file.{ending}"
        path.write_bytes(mutated(content, rng))
        tell(str(number))
        faulthandler.dump_traceback_later(LIMIT_S, exit=True)
        examine(path, rng)
        faulthandler.cancel_dump_traceback_later()
        path.unlink()
    tell(f"done {round(peak_mib())}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
