# SPDX-License-Identifier: GPL-3.0-or-later
"""Real cases are excerpts of music that Debian carries, recorded or written as MIDI, unpacked into the cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import soxr

from engine.values import Clip, FloatArray
from tests.benchmarks.loopcases.cases import Case, MaterialMissing, Split, at_peak, cache_folder, case_rng, rms
from tests.benchmarks.loopcases.synth import render

PACKAGES = {
    "lmms-common": "8 MB: short drum and bass loops",
    "warzone2100-music": "86 MB: electronic and orchestral game music",
    "frozen-bubble-data": "22 MB: tracker-like game music",
    "asc-music": "10 MB: industrial game music",
    "openttd-openmsx": "0.1 MB: some thirty MIDI compositions, from ragtime to rock",
}
"""Debian packages of freely licensed music, and what is in them."""

EXCERPT_S = 30.0

_GLOBS = {
    "warzone2100-music": "usr/share/games/warzone2100/music/**/*.opus",
    "frozen-bubble-data": "usr/share/games/frozen-bubble/snd/*zik*.ogg",
    "asc-music": "usr/share/games/asc/music/*.mp3",
    "openttd-openmsx": "usr/share/games/openttd/baseset/openmsx/*.mid",
}
_OTHER_VERSIONS = "_enhanced"  # of pieces that are there already: the two splits must not share a piece
_MIDI_RATE = 44_100
_QUIET_DB = -50.0
_TRIES = 20


def real_case(split: Split, index: int) -> Case:
    """Return 30 s from somewhere in a piece; consecutive indices alternate between the pieces."""
    pieces = recordings(split) + compositions(split)
    rng = case_rng("real", split, index)
    # Recordings twice as often as compositions played by a synth.
    order = np.random.default_rng(7).permutation(len(pieces))
    path = pieces[int(order[index % len(pieces)])]
    for _ in range(_TRIES):
        clip, first_s = excerpt(path, EXCERPT_S, rng)
        if _sounds_throughout(clip):
            break
    return Case(f"real-{split}-{index:03d}", "real", clip, None, f"{path.stem} from {first_s:.1f} s")


def excerpt(path: Path, duration_s: float, rng: np.random.Generator) -> tuple[Clip, float]:
    """Return ``duration_s`` (or all, if it is shorter) from a random place of a piece, and that place in seconds."""
    path = _as_audio(path)
    with soundfile.SoundFile(path) as file:
        n = min(file.frames, round(duration_s * file.samplerate))
        # Not the very start and end, which fade, where there is room.
        margin = min(4 * file.samplerate, (file.frames - n) // 4)
        first = int(rng.integers(margin, max(margin, file.frames - n - margin) + 1))
        file.seek(first)
        samples = file.read(n, dtype="float32", always_2d=True)
        clip = Clip(at_peak(samples[:, :2], min(0.95, max(0.1, float(np.abs(samples).max())))), file.samplerate)
    return clip, first / clip.sample_rate


def recordings(split: Split) -> list[Path]:
    """Return the recorded pieces of one split; the splits share none."""
    found = [path for name in _GLOBS if name != "openttd-openmsx" for path in _pieces(name)]
    return _half(found, split)


def compositions(split: Split) -> list[Path]:
    """Return the MIDI compositions of one split."""
    return _half(_pieces("openttd-openmsx"), split)


@cache
def drum_loops(split: Split) -> list[FloatArray]:
    """Return LMMS' drum and bass loops of one split, at 44.1 kHz, stereo, each at the same loudness."""
    folder = unpacked("lmms-common") / "usr/share/lmms/samples"
    paths = sorted([*(folder / "beats").glob("*.ogg"), *(folder / "bassloops").glob("*.ogg")])
    loops = []
    for path in _half(paths, split):
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        samples = np.asarray(soxr.resample(samples, rate, _MIDI_RATE), dtype=np.float32)
        samples = np.repeat(samples, 2, axis=1) if samples.shape[1] == 1 else samples[:, :2]
        loops.append(samples * np.float32(0.1 / rms(samples)))
    return loops


def unpacked(package: str) -> Path:
    """Return the folder of a Debian package's files, downloaded and unpacked on the first call.

    Raises
    ------
    MaterialMissing
        It cannot be had here.
    """
    folder = cache_folder() / "debian" / package
    if folder.exists():
        return folder
    way_out = f"run this on Debian or Ubuntu with a network, or unpack the package {package} into {folder}"
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise MaterialMissing(f"The music in the Debian package {package} is missing: {way_out}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        # Run where apt may write, and read its lists only.
        got = subprocess.run(["apt-get", "download", package], cwd=scratch, check=False, capture_output=True, text=True)
        archives = list(Path(scratch).glob("*.deb"))
        if got.returncode or not archives:
            raise MaterialMissing(f"The Debian package {package} could not be downloaded: {way_out}")
        content = Path(scratch) / "content"
        subprocess.run(["dpkg-deb", "-x", str(archives[0]), str(content)], check=True, capture_output=True)
        content.replace(folder)
    return folder


@cache
def _pieces(package: str) -> list[Path]:
    found = sorted(unpacked(package).glob(_GLOBS[package]), key=lambda path: path.name)
    return [path for path in found if _OTHER_VERSIONS not in path.stem]


def _half(paths: list[Path], split: Split) -> list[Path]:
    return paths[0 if split == "dev" else 1 :: 2]


def _as_audio(path: Path) -> Path:
    """Return ``path`` itself, or the FLAC into which the MIDI file was rendered."""
    if path.suffix != ".mid":
        return path
    rendered = cache_folder() / "rendered" / f"{path.stem}.flac"
    if not rendered.exists():
        rendered.parent.mkdir(exist_ok=True)
        part = rendered.with_name(f"{path.stem}.{os.getpid()}.part")
        samples = at_peak(render(path, _MIDI_RATE), 0.9)
        soundfile.write(part, samples, _MIDI_RATE, format="FLAC", subtype="PCM_16")
        part.replace(rendered)
    return rendered


def _sounds_throughout(clip: Clip) -> bool:
    second = clip.sample_rate
    levels = [rms(clip.samples[at : at + second]) for at in range(0, clip.n_samples - second + 1, second)]
    return 20 * float(np.log10(min(levels))) > _QUIET_DB
