# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes what a generator tells of a clip besides its sound: the notes as MIDI, and the parts as stems."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from app.commands.output_files import refuse_to_replace
from engine.errors import NotTaken, cannot_write
from engine.generators.base import Generator
from engine.values import ClipResult, LoopRegion

STEM_BITS = "32f"
"""Bits of a sample in stems: floats, so that the sum of the files is the clip."""


def add_score_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--midi`` and ``--stems``."""
    parser.add_argument(
        "--midi", metavar="FILE", help="also write the notes, as a .mid file with a track for each part and the drums"
    )
    parser.add_argument(
        "--stems",
        metavar="DIR",
        help="also write the parts into this folder, each as a .wav file as long as the clip, which they sum to",
    )


def refuse_what_is_not_told(arguments: argparse.Namespace, generator: Generator) -> None:
    """Refuse, before anything is made, what cannot be written. Raises NotTaken, UnknownFormat, FileExists."""
    from engine.library.midifile import refuse_other_endings

    if arguments.stems is not None and not generator.capabilities().takes.stems:
        raise NotTaken(generator=generator.title, name="request for stems", value=arguments.stems)
    if arguments.midi is None:
        return
    if not generator.capabilities().tells.score:
        raise NotTaken(generator=generator.title, name="request for MIDI", value=arguments.midi)
    refuse_other_endings(arguments.midi)


def write_score(arguments: argparse.Namespace, made: ClipResult) -> dict[str, object]:
    """Write what was asked for, and return its names, ready for JSON. Raises FileExists, IsInput, CannotWrite."""
    from engine.library.midifile import write_midi

    stems = stem_paths(arguments, made)
    # The clip's own file is being written: none of these may have its name.
    refuse_to_replace(list(stems), force=arguments.force, may_ask=False, inputs=[arguments.output])
    written: dict[str, object] = {}
    if arguments.stems is not None:
        _write_stems(Path(arguments.stems), stems, made)
        written["stems"] = [str(path) for path in stems]
    if arguments.midi is not None and made.score is not None:
        write_midi(arguments.midi, made.score)
        written["midi"] = arguments.midi
    return written


def stem_paths(arguments: argparse.Namespace, made: ClipResult) -> dict[Path, str]:
    """Return where each stem goes, by letters, digits and blanks of its name, with a number where two are alike."""
    if arguments.stems is None:
        return {}
    from engine.library.names import fitting

    paths: dict[Path, str] = {}
    for name in made.stems:
        plain = re.sub(r"[^\w \-]", "", name).strip() or "stem"
        path, number = Path(arguments.stems) / fitting(plain, ".wav"), 1
        while path in paths:
            number += 1
            path = path.with_name(fitting(plain, f" ({number}).wav"))
        paths[path] = name
    return paths


def _write_stems(folder: Path, stems: dict[Path, str], made: ClipResult) -> None:
    from engine.library.audiofile import writing_audio

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    for path, name in stems.items():
        clip = made.stems[name]
        region = LoopRegion(0, clip.n_samples) if clip.wraps else None
        with writing_audio(
            path, clip.sample_rate, clip.n_channels, bits=STEM_BITS, n_samples=clip.n_samples, loop_region=region
        ) as out:
            out.write(clip.samples)
