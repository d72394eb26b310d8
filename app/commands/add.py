# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``add`` brings sounds into the library, where the studio plays them as it plays what it made.

A sound comes in at the studio's rate, in two channels and as loud as all others. It plays the loop that its tags name,
else the one that is found. A sound that is there already is told, and not added again unless that is forced.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from app import paths, streams
from app.commands import dry_run, endings, terminal
from app.commands.loop_arguments import look
from app.commands.loop_files import Entry, Files, add_file_arguments
from app.commands.numbers import format_time
from app.engine_settings import metric_weights
from engine.values import Algorithm, LoopSearch, Mark, Take


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_file_arguments(parser)
    parser.add_argument(
        "--library", metavar="FOLDER", help="the library's folder (default: the studio's own, as its settings say)"
    )
    parser.add_argument(
        "-f", "--force", action="store_true", help="add a sound that is in the library already once more"
    )
    dry_run.add_dry_run_argument(parser)
    parser.add_argument("--json", action="store_true", help="print what was added, one JSON object a file")


def run(arguments: argparse.Namespace) -> int:
    """Add the sounds. Raises StudioError; a sound that fails is told, adds nothing, and the others go on."""
    from engine.library.carried import carried_by
    from engine.library.filerecipe import FILE, known_facts, recipe_of_file
    from engine.library.importing import import_sound
    from engine.library.indexed_folder import TAKES_NAME
    from engine.library.takes import TakeLibrary
    from engine.library.twice import KnownSounds
    from engine.library.unwritten import make_folder

    settings = terminal.own_settings()
    files = Files(arguments)
    folder = arguments.library or settings.data_folder or str(paths.data_folder())
    takes = Path(folder) / TAKES_NAME
    if dry_run.is_on():
        make_folder(takes)
    # Nothing is in a library that would only now be made.
    is_there = takes.exists() or not dry_run.is_on()
    with TakeLibrary(Path(folder), make=True) if is_there else nullcontext() as library:
        known = None if library is None else KnownSounds(library, FILE)

        def add(entry: Entry) -> None:
            files.show("reading")
            with streams.without_libraries_words():
                new = import_sound(entry.path)
            for note in new.notes:
                files.tell(f"infiniloop: {entry.path}: {note}")
            there = None if arguments.force or known is None else known.find(new.clip)
            if there is not None:
                _tell(arguments, files, entry, there, new.clip.sample_rate, is_new=False)
                return
            carried = carried_by(entry.path)
            search = LoopSearch(
                Algorithm(settings.algorithm),
                min(settings.min_loop_s, new.clip.duration_s),
                max(settings.max_loop_s, settings.min_loop_s) if settings.max_loop_s else None,
                facts=known_facts(new, carried),
                tagged=new.loops,
                marked=new.marks,
                overlap_ms=settings.overlap_ms,
                weights=metric_weights(settings),
            )
            recipe = recipe_of_file(entry.stem, new, look(new.clip, search, files.show), carried)
            dry_run.about(f"a take called “{recipe.title}”", title=recipe.title)
            dry_run.stop(takes)
            assert library is not None
            assert known is not None
            files.show("writing")
            with endings.held():
                # What a person brought is not removed for want of room.
                take = library.mark(library.add(new.clip, recipe, new.metadata).take_id, Mark.ADDED)
            known.note(take)
            _tell(arguments, files, entry, take, new.clip.sample_rate)

        return files.each(add)


def _tell(
    arguments: argparse.Namespace, files: Files, entry: Entry, take: Take, sample_rate: int, *, is_new: bool = True
) -> None:
    loop = take.recipe.loop
    if arguments.json:
        terminal.print_json(
            {
                "file": entry.path,
                "added": is_new,
                "take": take.take_id,
                "output": take.audio_path,
                "title": take.recipe.title,
                "sample_rate": sample_rate,
                "loop_start": loop.region.loop_start,
                "loop_end": loop.region.loop_end,
                "score": loop.score,
                "origin": str(loop.origin),
            }
        )
        sys.stdout.flush()
    elif not is_new:
        title = take.recipe.title
        files.tell(f"{entry.path}: already in the library as “{title}”, not added again (--force adds it)")
    else:
        start, end = (format_time(at, sample_rate) for at in (loop.region.loop_start, loop.region.loop_end))
        files.tell(f"{entry.path}: in the library as “{take.recipe.title}”, loop {start}–{end}")
