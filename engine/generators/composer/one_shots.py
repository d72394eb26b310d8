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

from engine.dsp.mixdown import PLAYED_CHANNELS
from engine.errors import StudioError
from engine.generators.composer.drums import KITS, PIECES, Kit, Strike
from engine.generators.composer.grooves import RESOURCES
from engine.generators.composer.kit import USUAL_FORCE
from engine.generators.composer.sampled import VARIATION_CENTS, levelled
from engine.library import toml_text
from engine.library.audiofile import read_clip
from engine.library.soundfiles import decoding, list_sounds
from engine.values import FloatArray

LIST = RESOURCES / "one_shots.toml"
EVERY = "every"
"""Name of what is played in all kits that have nothing of their own."""
LONGEST_S = 6.0
"""Seconds of a one-shot that are played."""

_BEGINS, _BEFORE = 0.01, 16  # of the peak, where the stroke begins; samples that are kept before it
_FADE_S = 0.01
_SOFTER_OCTAVES, _OPEN_HZ = 2.5, 18_000.0  # of a low-pass, from the hardest stroke that a file is played for to none
_LAYER = re.compile(r"(?P<piece>.+?)[-_ ]?(?P<layer>\d+)?")

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

    def __init__(self, name: str, files: Files, sample_rate: int, problems: tuple[StudioError | str, ...] = ()) -> None:
        self._files, self._sample_rate = files, sample_rate
        self.problems = problems
        paths = {path for some in files.values() for path in some}
        self.label = f"{name} ({len(paths)} files, {sum(path.stat().st_size for path in paths)} bytes)"

    def strike(self, kit: str, piece: str, otherwise: Strike) -> Strike:
        """Return how a piece of a kit is struck: as its files have it, or ``otherwise`` where there are none."""
        paths = self._files.get((kit, piece)) or self._files.get((EVERY, piece))
        if not paths:
            return otherwise

        def strike(dials: Kit, rng: np.random.Generator, sample_rate: int, force: float = USUAL_FORCE, /) -> FloatArray:
            ratio = 2.0 ** (float(rng.uniform(-VARIATION_CENTS, VARIATION_CENTS)) / 1200.0)
            place = min(force, 1.0 - 1e-9) * len(paths)
            try:
                recorded = _recorded(paths[int(place)], paths[int(place)].stat().st_mtime_ns)
            except (StudioError, OSError):
                # It was taken away since, or is damaged further on.
                return otherwise(dials, rng, sample_rate, force)
            return levelled(_played(recorded, ratio, sample_rate, softer=1.0 - place % 1.0), sample_rate)

        return strike


def installed_one_shots(sample_rate: int, listed_in: Path = LIST) -> OneShots | None:
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
                return OneShots(name, files, sample_rate)
    return None


def own_one_shots(folder: Path, sample_rate: int) -> OneShots:
    """Return the one-shots in a person's folder; what cannot be played is told by ``problems``."""
    problems: list[StudioError | str] = []
    found: dict[tuple[str, str], list[tuple[int, Path]]] = {}
    try:
        paths = list_sounds(folder, recursive=True)
    except StudioError as error:
        return OneShots(folder.name, {}, sample_rate, (error,))
    for path in paths:
        kit = EVERY if path.parent == folder else path.parent.name.lower()
        said = _LAYER.fullmatch(path.stem.lower())
        piece = said["piece"].replace(" ", "_").replace("-", "_") if said else ""
        if kit not in (EVERY, *KITS):
            problems.append(f"“{path}”: there is no kit “{kit}”; the kits are {', '.join(KITS)}.")
        elif piece not in PIECES:
            problems.append(f"“{path}”: there is no drum “{piece}”; the drums are {', '.join(PIECES)}.")
        else:
            try:
                with decoding(path, PLAYED_CHANNELS):
                    pass
            except StudioError as error:
                problems.append(error)
            else:
                found.setdefault((kit, piece), []).append((int((said and said["layer"]) or 0), path))
    files = {which: tuple(path for _layer, path in sorted(some)) for which, some in found.items()}
    return OneShots(folder.name, files, sample_rate, tuple(problems))


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
    """Return a stroke in mono from where it begins, and its sample rate."""
    clip = read_clip(path)
    mono = clip.samples.mean(axis=1)[: round(LONGEST_S * clip.sample_rate)]
    loud = np.flatnonzero(np.abs(mono) > _BEGINS * np.abs(mono).max(initial=0.0))
    stroke = np.array(mono[max(0, int(loud[0]) - _BEFORE) :] if loud.size else mono, dtype=np.float32)
    n_fade = min(stroke.size, round(_FADE_S * clip.sample_rate))
    stroke[stroke.size - n_fade :] *= np.linspace(1.0, 0.0, n_fade, dtype=np.float32)
    return stroke, clip.sample_rate


def _played(recorded: tuple[FloatArray, int], ratio: float, sample_rate: int, *, softer: float) -> FloatArray:
    """Return a stroke at the rate of the mix, a little higher or lower; a softer one is duller."""
    import soxr
    from scipy.signal import butter, lfilter

    wave, rate = recorded
    wave = soxr.resample(wave, rate * ratio, sample_rate)
    corner_hz = min(_OPEN_HZ * 2.0 ** (-_SOFTER_OCTAVES * softer), 0.45 * sample_rate)
    return np.asarray(lfilter(*butter(1, corner_hz, fs=sample_rate), wave), dtype=np.float32)
