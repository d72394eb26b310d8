# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays drums from one-shots, recorded strokes in files, behind the same call as the synthesised ones.

A person's own folder has ``PIECE.wav`` for every kit, or ``KIT/PIECE.wav`` for one kit; ``snare-1.wav`` and
``snare-2.wav`` are the same drum struck softly and harder, as many as there are. What packages bring under other names
is listed in ``resources/one_shots.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from engine.errors import AudioFileError, FileMissing, StudioError
from engine.generators.composer.drums import KITS, PIECES, Kit, Strike
from engine.generators.composer.grooves import RESOURCES
from engine.generators.composer.kit import FORCE_LAYERS, USUAL_FORCE, layer_of_force
from engine.generators.composer.sampled import VARIATION_CENTS, levelled
from engine.library import toml_text
from engine.values import FloatArray

LIST = RESOURCES / "one_shots.toml"
EVERY = "every"
"""Name of what is played in all kits that have nothing of their own."""
LONGEST_S, LONGEST_SILENCE_S = 4.0, 2.0
"""Seconds of a one-shot that are played, and seconds of silence that it may begin with."""
MOST_FILES, MOST_TOLD = 500, 4
"""Numbers of files that a folder of drums may have, and of its faults that are told one by one."""

NO_KIT = "no kit is called like its folder"
NO_DRUM = "no drum is called so"
SILENT = "it is silent"
NOTHING_THERE = "there are no drums in it"
TOO_MANY = "it has too many sounds for a folder of drums"
MORE = "more of its sounds cannot be played as drums"
UNREADABLE = "it cannot be read"

_BEGINS, _BEFORE, _LEAST_SAMPLES = 0.01, 16, 64  # of the peak, where the stroke begins; samples that are kept before it
_FADE_S = 0.01
_SOFTER_OCTAVES, _OPEN_HZ = 2.5, 18_000.0  # of a low-pass, for the softest stroke that has no file of its own
_NAME = re.compile(r"(?P<piece>.+?)[-_ ]?(?P<layer>\d+)?")

Files = Mapping[tuple[str, str], tuple[Path, ...]]
"""Files from the softest stroke to the hardest, by kit and piece."""


class OneShots:
    """One-shots give the strokes of those drums of which there are files.

    Parameters
    ----------
    name
        What the recipe calls them.
    problems
        Why some of the files are not played.
    """

    def __init__(self, name: str, files: Files, problems: tuple[StudioError, ...] = ()) -> None:
        self._files = files
        self.problems = problems
        paths = {path for some in files.values() for path in some}
        # Nothing is played of a folder without drums, and the recipe tells of none.
        self.label = f"{name} ({len(paths)} files, {sum(map(_size, paths))} bytes)" if paths else ""

    def strike(self, kit: str, piece: str, otherwise: Strike) -> Strike:
        """Return how a piece of a kit is struck: as its files have it, or ``otherwise`` where there are none."""
        paths = self._files.get((kit, piece)) or self._files.get((EVERY, piece))
        if not paths:
            return otherwise

        def strike(dials: Kit, rng: np.random.Generator, sample_rate: int, force: float = USUAL_FORCE, /) -> FloatArray:
            ratio = 2.0 ** (float(rng.uniform(-VARIATION_CENTS, VARIATION_CENTS)) / 1200.0)
            at, softer = _file_for(force, len(paths))
            try:
                recorded = _recorded(paths[at], paths[at].stat().st_mtime_ns)
            except (StudioError, OSError):
                # It was taken away or written anew since.
                return otherwise(dials, rng, sample_rate, force)
            return levelled(_played(recorded, ratio, sample_rate, softer=softer), sample_rate)

        return strike


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _file_for(force: float, n_files: int) -> tuple[int, float]:
    """Return which of some files, softest first, has a stroke, and by how much it is softer than that file, 0 to 1."""
    hardest = len(FORCE_LAYERS) - 1
    ranks = [int(rank / hardest * (n_files - 1) + 0.5) for rank in range(hardest + 1)]
    rank = layer_of_force(force)
    sharing = max(other for other in range(hardest + 1) if ranks[other] == ranks[rank])
    return ranks[rank], (sharing - rank) / hardest


def installed_one_shots(listed_in: Path = LIST) -> OneShots | None:
    """Return the one-shots of the first package that is there, of those that a file lists."""
    for name, listed in _listed(listed_in).items():
        for folder in map(Path, listed["folders"]):
            files = {
                (kit, piece): tuple(folder / one for one in names)
                for kit, pieces in listed.items()
                if kit != "folders"
                for piece, names in pieces.items()
                if all((folder / one).is_file() for one in names)
            }
            if files:
                return OneShots(name, files)
    return None


def own_one_shots(folder: Path) -> OneShots:
    """Return the one-shots in a person's folder; what cannot be played is told by ``problems``."""
    # Not at the top: the window reads prompts, and loads no decoder for it.
    from engine.library.sound_folders import list_sounds

    closed: list[Path] = []
    try:
        inside = [one for one in sorted(folder.iterdir()) if one.is_dir() and not one.name.startswith(".")]
        listed = [(EVERY, path) for path in list_sounds(folder)]
        for one in inside[:MOST_FILES]:
            try:
                listed += [(one.name.lower(), path) for path in list_sounds(one)]
            except StudioError:
                closed.append(one)
        stamp = tuple((kit, path, path.stat().st_mtime_ns) for kit, path in listed)
    except FileNotFoundError:
        return OneShots(folder.name, {}, (FileMissing(path=folder),))
    except OSError as error:
        return OneShots(folder.name, {}, (AudioFileError(path=folder, detail=error.strerror or UNREADABLE),))
    except StudioError as error:
        return OneShots(folder.name, {}, (error,))
    if len(stamp) > MOST_FILES or not (stamp or closed):
        return OneShots(folder.name, {}, (AudioFileError(path=folder, detail=TOO_MANY if stamp else NOTHING_THERE),))
    return _own(folder, stamp, tuple(closed))


@lru_cache(maxsize=2)
def _own(folder: Path, stamp: tuple[tuple[str, Path, int], ...], closed: tuple[Path, ...]) -> OneShots:
    """Return the one-shots of files, each with the kit that its folder names and the time it was written.

    ``closed`` are folders that may not be looked into.
    """
    problems: list[StudioError] = [AudioFileError(path=one, detail=UNREADABLE) for one in closed]
    found: dict[tuple[str, str], list[tuple[int, Path]]] = {}
    for kit, path, changed_ns in stamp:
        try:
            piece, layer = _drum_of(kit, path)
            _recorded(path, changed_ns)
        except AudioFileError as error:
            problems.append(error)
        except (StudioError, OSError):
            problems.append(AudioFileError(path=path, detail=UNREADABLE))
        else:
            found.setdefault((kit, piece), []).append((layer, path))
    if len(problems) > MOST_TOLD:
        problems = [*problems[:MOST_TOLD], AudioFileError(path=folder, detail=MORE)]
    files = {which: tuple(path for _layer, path in sorted(some)) for which, some in found.items()}
    return OneShots(folder.name, files, tuple(problems))


def _drum_of(kit: str, path: Path) -> tuple[str, int]:
    """Return the drum that a file is called after, and the number behind it. Raises AudioFileError."""
    if kit not in (EVERY, *KITS):
        raise AudioFileError(path=path, detail=NO_KIT)
    name = _NAME.fullmatch(path.stem.lower())
    piece = name["piece"].replace(" ", "_").replace("-", "_") if name else ""
    if name is None or piece not in PIECES:
        raise AudioFileError(path=path, detail=NO_DRUM)
    return piece, int(name["layer"] or 0)


@lru_cache(maxsize=4)
def _listed(path: Path) -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return the packages that are listed. Raises WrongValueError where the list is wrong."""
    listed = toml_text.parsed(path.read_text(encoding="utf-8"))
    for name, tables in listed.items():
        toml_text.known("kit", tables.keys() - {"folders"}, (EVERY, *KITS), toml_text.Place(name))
        for kit, pieces in tables.items():
            if kit != "folders":
                toml_text.known("piece", pieces, PIECES, toml_text.Place(f"{name}.{kit}"))
    return listed


@lru_cache(maxsize=256)
def _recorded(path: Path, _changed_ns: int) -> tuple[FloatArray, int]:
    """Return a stroke in mono from where it begins, and its sample rate.

    Raises AudioFileError where it is silent or no sound; others as ``soundfiles.decoding``.
    """
    from engine.library.soundfiles import MAX_CHANNELS, decoding

    with decoding(path, MAX_CHANNELS) as file:
        rate = file.samplerate
        # Whatever else there is of it is not even read.
        some = file.read(round((LONGEST_S + LONGEST_SILENCE_S) * rate), dtype="float32", always_2d=True)
    sides = np.nan_to_num(some, posinf=0.0, neginf=0.0)
    mono = sides.mean(axis=1)
    if np.square(mono).sum() < 0.01 * np.square(sides).mean(axis=1).sum():
        # Its sides cancel out: one of them is the drum.
        mono = sides[:, 0]
    loud = np.flatnonzero(np.abs(mono) > max(1e-4, _BEGINS * float(np.abs(mono).max(initial=0.0))))
    if not loud.size:
        raise AudioFileError(path=path, detail=SILENT)
    first = max(0, int(loud[0]) - _BEFORE)
    stroke = np.array(mono[first : first + round(LONGEST_S * rate)], dtype=np.float32)
    n_fade = min(stroke.size, round(_FADE_S * rate))
    stroke[stroke.size - n_fade :] *= np.linspace(1.0, 0.0, n_fade, dtype=np.float32)
    return stroke, rate


def _played(recorded: tuple[FloatArray, int], ratio: float, sample_rate: int, *, softer: float) -> FloatArray:
    """Return a stroke at the rate of the mix, a little higher or lower; a softer one is duller."""
    import soxr
    from scipy.signal import butter, lfilter

    wave, rate = recorded
    # From a few samples a resampler may make none.
    wave = soxr.resample(np.pad(wave, (0, _LEAST_SAMPLES)), rate * ratio, sample_rate)
    corner_hz = min(_OPEN_HZ * 2.0 ** (-_SOFTER_OCTAVES * softer), 0.45 * sample_rate)
    return np.asarray(lfilter(*butter(1, corner_hz, fs=sample_rate), wave), dtype=np.float32)
