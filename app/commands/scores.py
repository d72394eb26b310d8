# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes what a generator tells of a clip besides its sound: the notes as MIDI, and the parts as stems."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.output_files import refuse_to_replace
from engine.errors import NotTaken
from engine.library.unwritten import make_folder

if TYPE_CHECKING:
    from engine.generators.base import Generator
    from engine.values import ClipResult, Recipe


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


def write_score(arguments: argparse.Namespace, made: ClipResult, recipe: Recipe) -> dict[str, object]:
    """Write what was asked for, and return its names, ready for JSON. Raises FileExists, IsInput, CannotWrite."""
    from engine.library.carried import midi_texts
    from engine.library.midifile import write_midi

    stems = stem_paths(arguments, made)
    # The clip's own file is being written: none of these may have its name.
    refuse_to_replace(list(stems), force=arguments.force, may_ask=False, inputs=[arguments.output])
    written: dict[str, object] = {}
    if arguments.stems is not None:
        _write_stems(Path(arguments.stems), stems, made, recipe)
        written["stems"] = [str(path) for path in stems]
    if arguments.midi is not None and made.score is not None:
        write_midi(arguments.midi, made.score, texts=midi_texts(recipe))
        written["midi"] = arguments.midi
    return written


def stem_paths(arguments: argparse.Namespace, made: ClipResult) -> dict[Path, str]:
    """Return where each stem goes, with its name."""
    if arguments.stems is None:
        return {}
    from engine.library.stems import stem_files

    return stem_files(Path(arguments.stems), made.stems)


def _write_stems(folder: Path, stems: dict[Path, str], made: ClipResult, recipe: Recipe) -> None:
    from engine.library.carried import Made, said_of
    from engine.library.stems import write_stem

    make_folder(folder)
    for path, name in stems.items():
        clip = made.stems[name]
        said = said_of(recipe, Made(is_clip=True, part=name))
        write_stem(path, clip.samples, clip.sample_rate, is_loop=clip.wraps, metadata=said)
