# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes the disk ring's last minutes as FLAC, and a cue sheet beside it that names each loop."""

from __future__ import annotations

from pathlib import Path

from engine.errors import NothingHeard, WrongEnding
from engine.library.atomic import replacing
from engine.library.audiofile import writing_audio
from engine.library.carried import said_of_mix
from engine.recording.cuesheet import WasHeard, cue_sheet
from engine.recording.ring import RingReader
from engine.tape import TAPE_CHANNELS
from engine.units import samples_to_seconds
from engine.values import MixKind, MixRecipe, leads_within
from engine.values.mixes import kind_of

ENDING = ".flac"
CUE_ENDING = ".cue"

_PIECE_FRAMES = 1 << 17


def keep(heard: WasHeard, path: str) -> float:
    """Write what was heard to ``path``, and its cue sheet; return the seconds written. The ring may go on meanwhile.

    Both files appear whole or not at all, in place of any before; the FLAC's tags hold the cue sheet too, and the
    recipe. What was overwritten since ``heard`` was told is left out.

    Parameters
    ----------
    path
        Must end in .flac; the cue sheet's ends in .cue instead.

    Raises
    ------
    WrongEnding, CannotWrite
    CannotRead
        The ring is gone, or was overwritten faster than it could be read.
    NothingHeard
        There is nothing of it.
    """
    target = Path(path)
    if target.suffix.lower() != ENDING:
        raise WrongEnding(path=path, choices=ENDING)
    with RingReader(Path(heard.ring_path)) as ring:
        first = max(heard.first, ring.oldest)
        if first >= heard.end:
            raise NothingHeard
        leads = leads_within(heard.leads, first, heard.end)
        sheet = cue_sheet(target.name, ring.sample_rate, leads)
        kind = kind_of(leads, MixKind.HEARD)
        said = said_of_mix(MixRecipe(kind, ring.sample_rate, heard.end - first, leads))
        with (
            # Around the other: it takes its place only after that has taken its own.
            replacing(target.with_suffix(CUE_ENDING)) as cue,
            writing_audio(target, ring.sample_rate, TAPE_CHANNELS, metadata=said.with_texts(CUESHEET=sheet)) as audio,
        ):
            cue.write(sheet.encode())
            for start in range(first, heard.end, _PIECE_FRAMES):
                audio.write(ring.read(start, min(start + _PIECE_FRAMES, heard.end)))
        return samples_to_seconds(heard.end - first, ring.sample_rate)
