# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``video`` makes a video of a sound, to share where only videos can be: its waveform moves past."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from app.commands import endings, terminal
from app.commands.loading import load_qt
from app.commands.output_files import add_force_argument, refuse_to_replace
from engine.errors import WrongEnding

ENDING = ".mp4"
SIZES = ("1080p", "720p", "square", "tall")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a sound: a recording, a jam, anything that can be read")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the .mp4 file to write")
    parser.add_argument("--size", choices=SIZES, default=SIZES[0], help="of the picture (default 1080p)")
    parser.add_argument("--title", metavar="TEXT", help="what is written on it (default: the file's name)")
    parser.add_argument("--progress", action="store_true", help="print which part is done, from 0 to 1, a line each")
    add_force_argument(parser)
    parser.add_argument("--json", action="store_true", help="print what was made as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Make the video. Raises StudioError; then no file is left."""
    load_qt()
    from app.video_backdrop import backdrop
    from engine.recording.video import FRAMES_PER_SECOND, SIZES, ffmpeg, write_video

    target = Path(arguments.output)
    if target.suffix.lower() != ENDING:
        raise WrongEnding(path=str(target), choices=ENDING)
    refuse_to_replace([target], force=arguments.force, may_ask=True, inputs=[arguments.file])
    ffmpeg()
    size = SIZES[arguments.size]
    title = Path(arguments.file).stem if arguments.title is None else arguments.title
    line, shown = terminal.ProgressLine(), -1
    wave = None
    with endings.held(), contextlib.closing(write_video(arguments.file, str(target), backdrop(size, title))) as making:
        while wave is None:
            endings.checkpoint()
            try:
                done = next(making)
            except StopIteration as end:
                wave = end.value
                break
            if int(100 * done) != shown:
                shown = int(100 * done)
                line.show(f"drawing {shown} %")
                if arguments.progress:
                    print(f"{done:.2f}", flush=True)
    line.clear()
    if arguments.json:
        terminal.print_json(
            {
                "file": arguments.file,
                "output": str(target),
                "sample_rate": wave.sample_rate,
                "n_samples": wave.n_samples,
                "n_frames": wave.n_frames,
                "frames_per_second": FRAMES_PER_SECOND,
                "width": size[0],
                "height": size[1],
            }
        )
    else:
        print(f"{target}: {wave.n_samples / wave.sample_rate:.1f} s", file=sys.stderr)
    return 0
