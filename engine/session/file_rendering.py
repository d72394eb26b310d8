# SPDX-License-Identifier: GPL-3.0-or-later
"""This module renders the session into a file that says how the same music is made again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from engine.library.audiofile import writing_audio
from engine.library.carried import said_of_mix
from engine.session.baking import LoopInHand
from engine.session.options import Happening, StudioOptions
from engine.session.render_order import SeededMaker, order_as_dict
from engine.session.rendering import Make, render_music
from engine.values import Lead, MixKind, MixRecipe, leads_within
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.mixes import named_as


def render_file(
    options: StudioOptions,
    file: str,
    *,
    n_samples: int,
    make: Make,
    on_made: Callable[[LoopInHand], None] = lambda _: None,
    on_happening: Callable[[Happening], None] = lambda _: None,
    seeds: Sequence[int | None] = (),
    again: MixRecipe | None = None,
) -> Generator[float, None, None]:
    """Make music by the studio's own rules and write it to ``file``, stereo at ``STUDIO_SAMPLE_RATE``.

    Needs no application, no process and no device. See ``engine.session.rendering.render_music`` for the parameters.
    ``seeds`` are those of the first clips, where other ones are not to be chosen; the file says by its recipe how the
    same music is made again. ``again`` is the mix that is: its loops' names are kept.

    Yields
    ------
    float
        Fraction done, in (0, 1]. Each yield is a cancel point: of what is closed before its end no file is left.

    Raises
    ------
    StudioError
        The first clip could not be made, or the file not be written; then no file is left.
    """
    leads: list[Lead] = []
    maker = SeededMaker(make, seeds)
    with writing_audio(file, STUDIO_SAMPLE_RATE, 2, n_samples=n_samples) as out:
        yield from render_music(
            options,
            maker.make,
            total_samples=n_samples,
            write=out.write,
            on_made=on_made,
            on_happening=on_happening,
            leads=leads,
        )
        order = order_as_dict(options, maker.seeds)
        heard = named_as(leads_within(leads, 0, n_samples), () if again is None else again.leads)
        out.metadata = said_of_mix(MixRecipe(MixKind.RENDERED, STUDIO_SAMPLE_RATE, n_samples, heard, order=order))
