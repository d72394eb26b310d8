# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``tag`` writes a sound's loop into its tags, and leaves its audio as it is, bit for bit.

A ``smpl`` chunk in WAV, a marker in AIFF, LOOPSTART and LOOPLENGTH in FLAC, OGG and MP3: what games and players read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.commands import terminal
from app.commands.loop_arguments import Choice, add_choice_arguments, check_choice, choose
from app.commands.loop_files import Entry, Files, add_file_arguments
from app.commands.loop_points import LoopPoints
from app.commands.output_files import Output, add_output_arguments


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_file_arguments(parser)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("-o", "--output", metavar="OUT", help="a copy to tag; a folder for several sounds")
    where.add_argument("--in-place", action="store_true", help="tag the files themselves")
    parser.add_argument(
        "--names",
        nargs=2,
        metavar=("START", "END"),
        help="of the comments (LOOPSTART LOOPLENGTH); the second holds the length if LEN or OFFSET is in its name",
    )
    parser.add_argument(
        "--points",
        metavar="TEXT",
        help="take the loops from a text file, as “export --points” prints it: for copies of the files it names",
    )
    parser.add_argument("--json", action="store_true", help="print what was written, one JSON object a file")
    add_output_arguments(parser, formats=None)
    add_choice_arguments(parser)
    parser.set_defaults(refuse=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Tag the sounds. Raises StudioError; a sound that fails is left as it was."""
    check_choice(arguments)
    if arguments.points is not None and (arguments.loop is not None or arguments.tagged):
        arguments.refuse("--points says which loop to take: leave out --loop and --tagged")
    points = None if arguments.points is None else LoopPoints(arguments.points)
    files = Files(arguments)
    read = [] if arguments.points is None else [arguments.points]
    output = None if arguments.in_place else Output(arguments, files, arguments.output, None, also_read=read)

    def tag(entry: Entry) -> None:
        from engine.library.looptags import TAG_NAMES, write_loop_tags
        from engine.library.room import refuse_beyond_free

        files.show("reading")
        source = Path(entry.path)
        target = source if output is None else output.place(entry, "")
        with files.sound(entry, whole=True) as sound:
            if points is None:
                choice = choose(arguments, sound, entry.path, files.show)
            else:
                choice = Choice(points.region_of(entry, sound, arguments.candidate))
            rate = sound.sample_rate
        refuse_beyond_free([(target, source.stat().st_size)])
        write_loop_tags(source, target, choice.region, names=tuple(arguments.names or TAG_NAMES))
        if arguments.json:
            terminal.print_json({"file": entry.path, "output": str(target), "sample_rate": rate, **choice.as_dict()})
        else:
            region = choice.region
            print(f"{target}: samples {region.loop_start} to {region.loop_end} ({choice.describe(rate)})")
        sys.stdout.flush()

    return files.each(tag)
