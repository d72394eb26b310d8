# SPDX-License-Identifier: GPL-3.0-or-later
"""This module chooses what the composer plays with: the synthesised instruments, or sampled ones where there are any.

To add a SoundFont that is found by itself: a line in ``KNOWN``, and a package in ``resources/setup/apt.txt`` if it is
to come with the studio.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from engine.errors import SoundFontBad, StudioError
from engine.generators.composer.declared import DRUMS, SOUNDFONT, SOUNDS
from engine.generators.composer.drums import PIECES, Strike
from engine.generators.composer.instruments import INSTRUMENTS, Instrument
from engine.generators.composer.one_shots import OneShots, installed_one_shots, own_one_shots
from engine.generators.composer.sampled import sampled_instrument, sampled_piece
from engine.generators.composer.soundfont import SoundFont, library_version
from engine.values import Parameters

FOLDERS = ("/usr/local/share/sounds", "/usr/share/sounds", "/usr/share/soundfonts")
"""Folders in which SoundFonts are looked for, and in their folders sf2 and sf3."""

KNOWN = (
    "FluidR3_GM.sf2",
    "MuseScore_General.sf3",
    "FluidR3Mono_GM.sf3",
    "MuseScore_General_Lite.sf3",
    "GeneralUser-GS.sf2",
)
"""Names of SoundFonts that sound better than what is synthesised, the best first."""

POOR = ("TimGM6mb.sf2", "default-GM.sf3", "default-GM.sf2")
"""Names of SoundFonts that are played where sampled instruments are asked for and there is no better one."""


class Sounds:
    """A set of sounds gives instruments and drum pieces by name.

    Parameters
    ----------
    font
        Where the sampled ones are from, or None for the synthesised ones alone.
    one_shots
        Where recorded strokes of drums are from, or None.
    problem
        Why a SoundFont that was asked for is not played, or None.
    """

    def __init__(
        self,
        font: SoundFont | None = None,
        one_shots: OneShots | None = None,
        problem: SoundFontBad | None = None,
    ) -> None:
        self.font, self.one_shots = font, one_shots
        of_drums = one_shots.problems if one_shots is not None else ()
        self.problems: tuple[StudioError | str, ...] = (*((problem,) if problem is not None else ()), *of_drums)

    @property
    def versions(self) -> dict[str, str]:
        """Return what recipes tell of the set."""
        drums = {"drums": self.one_shots.label} if self.one_shots is not None and self.one_shots.label else {}
        if self.font is None:
            return {"instruments": "synthesised", **drums}
        return {"instruments": self.font.label, "fluidsynth": library_version(), **drums}

    def instrument(self, name: str) -> Instrument:
        """Return the instrument called ``name``."""
        one = INSTRUMENTS[name]
        return one if self.font is None else sampled_instrument(self.font, one)

    def strike(self, piece: str, kit: str) -> Strike:
        """Return how a piece of a kit is struck."""
        one = PIECES[piece].render
        if self.font is not None:
            one = sampled_piece(self.font, kit, piece, one)
        return one if self.one_shots is None else self.one_shots.strike(kit, piece, one)


SYNTHESISED = Sounds()
"""The instruments that need nothing."""


def sounds_for(parameters: Parameters, sample_rate: int) -> Sounds:
    """Return the set that these parameters of the composer choose; the synthesised one where another is not there."""
    wanted = parameters.text(SOUNDS.name) or SOUNDS.default_text
    chosen = parameters.text(SOUNDFONT.name)
    own = parameters.text(DRUMS.name)
    if wanted == "synthesised":
        # A person's own drums are meant, whatever the instruments are.
        return Sounds(one_shots=own_one_shots(_path(own))) if own else SYNTHESISED
    names = (*KNOWN, *POOR) if wanted == "sampled" else KNOWN
    path = _path(chosen) if chosen else next(_found(names), None)
    drums = own_one_shots(_path(own)) if own else installed_one_shots()
    if path is None:
        return SYNTHESISED if drums is None else Sounds(one_shots=drums)
    try:
        return Sounds(_opened(path, sample_rate), drums)
    except SoundFontBad as problem:
        return Sounds(one_shots=drums, problem=problem)


def _path(chosen: str) -> Path:
    try:
        return Path(chosen).expanduser()
    except RuntimeError:  # “~name” where there is no such user
        return Path(chosen)


def _found(names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        for folder in FOLDERS:
            for place in (Path(folder) / name[-3:], Path(folder)):
                if (place / name).is_file():
                    yield place / name


def _opened(path: Path, sample_rate: int) -> SoundFont:
    """Return the open SoundFont of that file. Raises SoundFontBad."""
    try:
        state = path.stat()
    except OSError as error:
        raise SoundFontBad(path=path, detail=error.strerror or "it cannot be read") from None
    return _open(path, sample_rate, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=1)
def _open(path: Path, sample_rate: int, _n_bytes: int, _changed_ns: int) -> SoundFont:
    # What was written since is another file, and opened anew.
    return SoundFont(path, sample_rate)
