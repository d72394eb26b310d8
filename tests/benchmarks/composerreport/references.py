# SPDX-License-Identifier: GPL-3.0-or-later
"""The references are music that people wrote, measured as the composer's is: what is not here is said, not fetched.

Three kinds: *GM*, compositions in General MIDI (Debian's openttd-openmsx, GPL) played by FluidSynth; *games*, recorded
music of two games; *Wesnoth*, orchestral music (Debian's wesnoth-1.16-music).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import soxr

from engine.values import Clip
from tests.benchmarks.composerreport import keys, midi, rhythm
from tests.benchmarks.composerreport.measured import HEARD_RATE, Sound, heard, sound_of
from tests.benchmarks.composerreport.notes import chroma_of
from tests.benchmarks.loopcases.cases import DoubleArray, MaterialMissing, cache_folder
from tests.benchmarks.loopcases.real import compositions, excerpt, recordings

Kind = Literal["GM", "games", "Wesnoth"]
KINDS: tuple[Kind, ...] = ("GM", "games", "Wesnoth")

ELECTRONIC = frozenset({
    "lofi", "boom bap", "trap", "house", "deep house", "techno", "minimal", "trance", "drum and bass", "jungle",
    "dubstep", "ambient", "drone", "synthwave", "vaporwave", "chillwave", "synthpop", "italo disco", "chiptune",
})  # fmt: skip
"""Style words whose spectrum is held against recorded electronic music."""

ORCHESTRAL = frozenset({"baroque", "cinematic", "horror", "waltz", "minimalism"})
"""Style words whose spectrum is held against an orchestra, where one is here."""

_WESNOTH = "usr/share/games/wesnoth/*/data/core/music/*.ogg"
_PACKAGE = "wesnoth-1.16-music"
_EXCERPT_S = 12.0
_RATE = 44_100


@dataclass(slots=True)
class References:
    """References are what was measured of each kind of music, and what could not be.

    Attributes
    ----------
    bar_likeness, timing_memory
        Of the drums of GM compositions, as they are written.
    keys_agree, keys_n
        In how many GM excerpts the key that is heard is that of the notes.
    """

    sounds: dict[Kind, list[Sound]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    bar_likeness: list[float] = field(default_factory=list)
    timing_memory: list[float] = field(default_factory=list)
    keys_agree: int = 0
    keys_n: int = 0

    def thirds_db(self, word: str) -> DoubleArray | None:
        """Return the third octaves that a style should have: of its own kind of music, or of any that is here."""
        wanted: Kind = "games" if word in ELECTRONIC else "Wesnoth" if word in ORCHESTRAL else "GM"
        some = next((self.sounds[kind] for kind in (wanted, "GM", "games") if self.sounds.get(kind)), [])
        return np.median([one.colour.thirds_db for one in some], axis=0) if some else None


def references(*, most: int) -> References:
    """Measure at most ``most`` pieces of each kind."""
    out = References()
    for kind in KINDS:
        try:
            out.sounds[kind] = [_measured(path, out) for path in _spread(_pieces(kind), most)]
        except MaterialMissing as missing:
            out.missing.append(f"{kind}: {missing}")
    return out


def _pieces(kind: Kind) -> list[Path]:
    if kind == "GM":
        if shutil.which("fluidsynth") is None:
            raise MaterialMissing("not here: apt install fluidsynth timgm6mb-soundfont")
        return sorted([*compositions("dev"), *compositions("held_out")])
    if kind == "games":
        return sorted([*recordings("dev"), *recordings("held_out")])
    # Installed, or unpacked where the loop finder's benchmark keeps its music.
    for root in (Path("/"), cache_folder() / "debian" / _PACKAGE):
        if found := sorted(root.glob(_WESNOTH)):
            return found
    raise MaterialMissing(f"not here: apt install {_PACKAGE}")


def _spread(paths: list[Path], most: int) -> list[Path]:
    return paths if len(paths) <= most else [paths[i * len(paths) // most] for i in range(most)]


def _measured(path: Path, out: References) -> Sound:
    # From somewhere within it, but always the same place.
    clip, first_s = excerpt(path, _EXCERPT_S, np.random.default_rng(len(path.stem)))
    samples = clip.samples if clip.samples.shape[1] == 2 else np.repeat(clip.samples, 2, axis=1)
    if clip.sample_rate != _RATE:
        samples = np.asarray(soxr.resample(samples, clip.sample_rate, _RATE), dtype=np.float32)
    mono = heard(samples, _RATE)
    if path.suffix == ".mid":
        _on_notes(path, mono, first_s, out)
    return sound_of(Clip(samples, _RATE).samples, _RATE, mono)


def _on_notes(
    path: Path, mono: np.ndarray[tuple[int, ...], np.dtype[np.float32]], first_s: float, out: References
) -> None:
    try:
        piece = midi.song(path)
    except MaterialMissing as missing:
        if str(missing) not in out.missing:
            out.missing.append(str(missing))
        return
    likeness = rhythm.bar_likeness(piece.strokes, piece.beats_per_bar, piece.n_bars + 1)
    memory = rhythm.timing_memory(piece.strokes, piece.beats_per_bar)
    out.bar_likeness += [likeness] if np.isfinite(likeness) else []
    out.timing_memory += [memory] if np.isfinite(memory) else []
    written = chroma_of(piece.notes, first_s, first_s + mono.size / HEARD_RATE)
    out.keys_n += 1
    out.keys_agree += keys.named(written, "albrecht") == keys.named(keys.heard_chroma(mono), "albrecht")
