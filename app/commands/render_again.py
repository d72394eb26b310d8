# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes a render again as a whole, by the order in its file, and says how like the first one it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import terminal
from app.commands.output_files import refuse_to_replace
from app.commands.render import Maker
from engine.errors import AudioFileError, StudioError, UnknownFormat
from engine.units import amplitude_to_db

if TYPE_CHECKING:
    from engine.values import MixRecipe

_PIECE_SAMPLES = 1 << 18


def render_again(arguments: argparse.Namespace, mix: MixRecipe, same_db: float) -> int:
    """Render a mix again. Raises StudioError."""
    from engine.library.audiofile import WRITTEN_FORMATS
    from engine.session.file_rendering import render_file
    from engine.session.render_order import RenderOrder, order_of

    target = Path(arguments.output)
    if target.suffix.lower() not in WRITTEN_FORMATS:
        raise UnknownFormat(path=str(target), choices=", ".join(WRITTEN_FORMATS))
    order = order_of(mix, terminal.own_generator_settings())
    if not isinstance(order, RenderOrder):
        raise AudioFileError(path=arguments.file, detail=f"{order}; --loop N makes one of its loops")
    refuse_to_replace([target], force=arguments.force, may_ask=True, inputs=[arguments.file])
    maker = Maker(terminal.ProgressLine())
    music = render_file(
        order.options,
        str(target),
        n_samples=mix.n_samples,
        make=maker.make,
        on_made=maker.note,
        on_happening=maker.tell,
        seeds=order.seeds,
        again=mix,
    )
    maker.finish(music)
    print(f"{target}: {likeness(Path(arguments.file), target, same_db)}", file=sys.stderr)
    if arguments.json:
        terminal.print_json({"file": arguments.file, "outputs": [str(target)], "loops": maker.made})
    return 0


def likeness(old: Path, new: Path, same_db: float) -> str:
    """Return in words how like the new file is to the old one. Files of any length are compared piece by piece.

    ``same_db`` is the largest difference that counts as none, dBFS.
    """
    import numpy as np

    from engine.library.sound_folders import is_midi_name
    from engine.library.soundfiles import MAX_CHANNELS, open_sound

    if is_midi_name(old):
        return f"made again by the recipe of {old}"
    try:
        with open_sound(old, max_channels=MAX_CHANNELS) as was, open_sound(new, max_channels=MAX_CHANNELS) as now:
            lasts = was.n_samples, now.n_samples
            if lasts[0] != lasts[1] or (was.sample_rate, was.n_channels) != (now.sample_rate, now.n_channels):
                was_s, now_s = lasts[0] / was.sample_rate, lasts[1] / now.sample_rate
                return f"made again; {now_s:.2f} s where {old} has {was_s:.2f} s"
            apart = 0.0
            for at in range(0, lasts[0], _PIECE_SAMPLES):
                n = min(_PIECE_SAMPLES, lasts[0] - at)
                apart = max(apart, float(np.abs(was.read(at, n) - now.read(at, n)).max(initial=0.0)))
    except StudioError as error:
        return f"made again; it cannot be compared: {error}"
    apart_db = amplitude_to_db(apart)
    same = "the same as" if apart_db <= same_db else "made again, but not the same as"
    return f"{same} {old} (they differ by {apart_db:.0f} dBFS at most)"
